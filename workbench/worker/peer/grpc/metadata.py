"""Metadata of gRPC as its calls give them, made of the headers of an exchange."""

import base64
from typing import NamedTuple

from workbench.domain import Headers


class Metadatum(NamedTuple):
    """A pair of metadata as grpc has it."""

    key: str
    value: str | bytes


def metadata_of(headers: Headers) -> tuple[Metadatum, ...]:
    """Headers as the metadata that they were: values of names that end in ``-bin`` are bytes."""
    return tuple(Metadatum(name, _bytes_of(value) if name.endswith("-bin") else value) for name, value in headers)


def _bytes_of(value: str) -> bytes:
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except ValueError:  # of a rule, or where a secret was masked
        return value.encode()
