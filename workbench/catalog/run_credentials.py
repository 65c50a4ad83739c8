"""What a run gets besides its inputs, put into its request: by pages and commands alike."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from workbench.catalog.auth_shape import auth_shape
from workbench.catalog.code.module_facts import CodeReads, NameRead, ReadSource
from workbench.domain import (
    JSON,
    AuthShape,
    Credentials,
    Integration,
    ReadPlace,
    RunReads,
    RunRequest,
    credential_values,
)


def with_credentials(
    request: RunRequest,
    integration: Integration,
    credentials: Credentials,
    reads: CodeReads,
    environ: Mapping[str, str],
    profile: str = "",
) -> RunRequest:
    """``request`` with all that ``credentials`` hold, and what the code ``reads`` of it.

    ``environ`` is the environment that the run inherits, ``profile`` the name under which the credentials were saved.
    """
    decision = auth_shape(integration, credentials, reads, request.contract)
    return replace(
        request,
        auth=credentials.values,
        auth_shape=decision.shape,
        shape_reason=decision.reason,
        auth_type=credentials.auth_type or integration.auth.auth_type,
        metadata=credentials.metadata,
        environment=credentials.environment,
        secret_names=credentials.secret_names,
        public_names=credentials.public_names,
        profile=profile,
        reads=RunReads(
            _first(reads, AuthShape.FLAT, ReadSource.AUTH),
            _first(reads, AuthShape.ENVELOPE, ReadSource.CREDENTIALS),
            tuple(_absent(reads, decision.shape, credentials)),
            tuple(_not_in(credentials.metadata, reads.of(ReadSource.METADATA))),
            unset_variables(reads, credentials, environ),
        ),
    )


def unset_variables(reads: CodeReads, credentials: Credentials, environ: Mapping[str, str]) -> tuple[ReadPlace, ...]:
    """The environment variables that the code reads and that neither ``credentials`` nor ``environ`` set."""
    given = {variable.name: variable.value for variable in credentials.environment}
    return tuple(
        read
        for read in _places(reads.of(ReadSource.ENVIRONMENT))
        if (given[read.name] is None if read.name in given else read.name not in environ)
    )


def _first(reads: CodeReads, shape: AuthShape, source: ReadSource) -> ReadPlace | None:
    """The first read of that shape; its name is that of the key, of the first within the envelope."""
    found = next((each for each in reads.shapes if each.shape is shape), None)
    if found is None:
        return None
    names = [read.name for read in reads.of(source) if shape is AuthShape.ENVELOPE or read.line == found.line]
    return ReadPlace(names[0] if names else "credentials", found.path, found.line)


def _absent(reads: CodeReads, shape: AuthShape, credentials: Credentials) -> Iterator[ReadPlace]:
    source = ReadSource.CREDENTIALS if shape is AuthShape.ENVELOPE else ReadSource.AUTH
    return _not_in(credential_values(credentials.values), reads.of(source))


def _not_in(values: JSON, reads: Iterable[NameRead]) -> Iterator[ReadPlace]:
    """The first place of each name that ``values`` lack, or have empty."""
    given = values if isinstance(values, dict) else {}
    return (read for read in _places(reads) if given.get(read.name) in (None, ""))


def _places(reads: Iterable[NameRead]) -> Iterator[ReadPlace]:
    """The first place of each name."""
    seen: set[str] = set()
    for read in reads:
        if read.name not in seen:
            seen.add(read.name)
            yield ReadPlace(read.name, read.path, read.line)
