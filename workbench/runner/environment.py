"""The environment of a worker: that of the workbench, without what the workbench and its tools have put there."""

import re
from collections.abc import Iterable, Mapping

from workbench.domain import EnvironmentVariable
from workbench.system import MARK, PORTABLE

_OURS = re.compile(
    "_?WORKBENCH_.*|AUTOHIVE_RUN_MARK"
    "|MAKEFLAGS|MAKELEVEL|MAKEOVERRIDES|MAKE_TERMERR|MAKE_TERMOUT|MFLAGS"
    "|PYTEST_CURRENT_TEST|PYTEST_VERSION|PYTEST_XDIST_.*|WERKZEUG_.*"
)
"""Options of our commands, which may hold tokens, and what ``make`` and test runners add: no terminal has them."""

_READ_AT_START = re.compile(
    "PYTHON.*|LD_.*|DYLD_.*|LANG|LANGUAGE|LC_.*|MALLOC_.*|GLIBC_TUNABLES|OPENSSL_CONF|SSL_CERT_(DIR|FILE)|AIOHTTP_.*"
)
"""What the interpreter, the system's loader, or a library that a spare has imported reads once, at its start."""


def inherited_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of ``environ`` that integrations see: what they would see if a terminal had started them."""
    return {name: value for name, value in environ.items() if not _OURS.fullmatch(name)}


def worker_environment(
    environ: Mapping[str, str], mark: str, variables: Iterable[EnvironmentVariable] = ()
) -> dict[str, str]:
    """What a worker is started with: the inherited environment, changed by the ``variables`` of its run."""
    environment = inherited_environment(environ)
    for variable in variables:
        if variable.value is None:
            environment.pop(variable.name, None)
        elif variable.error is None:
            environment[variable.name] = variable.value
    forced = {PORTABLE: "1"} if environ.get(PORTABLE) == "1" else {}
    return environment | forced | {MARK: mark}


def read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a process reads once, at its start: those of a fork are those of what it was forked from."""
    return {name: value for name, value in environment.items() if _READ_AT_START.fullmatch(name)}


def needs_own_start(variables: Iterable[EnvironmentVariable]) -> bool:
    """Whether some of the variables are read when a process starts, so that a spare is of no use."""
    return any(_READ_AT_START.fullmatch(variable.name) for variable in variables)
