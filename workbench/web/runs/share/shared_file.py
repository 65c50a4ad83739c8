"""The run inside a shared file: written into it as text, and read from a file whose author is not known."""

import base64
import binascii
import re
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Final

from workbench.domain import Run
from workbench.history import UnreadableRun, read_run, write_run

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a file that is read."""

_LARGEST_RUN: Final = 8 * 1024 * 1024
"""Bytes of a run inside a file: a larger one leaves its result out."""

_MOST: Final = 256 * 1024 * 1024
"""Bytes that a run may have once it is unpacked."""

_INSIDE: Final = re.compile(rb'<template id="workbench-run">([A-Za-z0-9+/=\s]*)</template>')


class SharedFileError(ValueError):
    """A file that holds no run, or one that cannot be read; the message says why."""


def inside(run: Run) -> tuple[str, bool]:
    """A masked run as text for a file, and whether its result had to be left out."""
    data, left_out = write_run(run), False
    if len(data) > _LARGEST_RUN and run.outcome.returned is not None:
        returned = replace(run.outcome.returned, value=None, lossy=())
        data, left_out = write_run(replace(run, outcome=replace(run.outcome, result=None, returned=returned))), True
    return "\n".join(textwrap.wrap(base64.b64encode(data).decode("ascii"), 120)), left_out


def read_shared(path: Path) -> Run:
    """The run in the file at ``path``, which is not trusted. Raises :class:`SharedFileError`."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise SharedFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) > LARGEST:
        raise SharedFileError(f"{path} is larger than {LARGEST // 1024**2} MiB. No shared run is that large.")
    found = _INSIDE.search(data)
    if found is None:
        raise SharedFileError(f"{path} has no run in it. It must be a file that “Share” or --report has written.")
    try:
        run = read_run(base64.b64decode(found[1]), most=_MOST)
    except (UnreadableRun, binascii.Error) as error:
        raise SharedFileError(f"The run in {path} cannot be read. {error}") from error
    return run
