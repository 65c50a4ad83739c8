"""The credentials, metadata and environment variables of the commands' options."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.cli.failure import CannotRun
from workbench.domain import JSON, AuthShape, Credentials, EnvironmentVariable
from workbench.profiles import SavedProfiles, messages
from workbench.profiles.env_file import LARGEST, read_env_text


def credentials_of(
    auth: JSON,
    auth_shape: AuthShape | None,
    auth_type: str,
    metadata: JSON,
    env: Sequence[str],
    env_files: Sequence[Path],
) -> Credentials:
    """What the options give. Raises :class:`CannotRun` for metadata that is no object and variables without a value."""
    if not isinstance(metadata, dict):
        raise CannotRun("--metadata must be a JSON object: context.metadata is a dict.")
    return Credentials(auth, auth_shape, auth_type, metadata, environment_of(env, env_files))


def with_profile(root: Path, name: str, given: Credentials) -> Credentials:
    """The saved profile of the integration in ``root``, each of its values replaced by what the options give.

    Raises :class:`CannotRun`.
    """
    saved = SavedProfiles().read(root)
    if saved.error is not None:
        raise CannotRun(messages.trouble(saved.error))
    profile = saved.get(name)
    if profile is None:
        names = ", ".join(one.name for one in saved.profiles) or "none"
        raise CannotRun(
            f"{root} has no saved profile {name!r}. It has: {names}. To save one, select “Remember on this machine” on "
            "the integration's Auth page."
        )
    kept = profile.credentials
    variables = {one.name: one for one in (*kept.environment, *given.environment)}
    return replace(
        kept,
        values=_merge(kept.values, given.values),
        shape=given.shape or kept.shape,
        auth_type=given.auth_type or kept.auth_type,
        metadata=_merge(kept.metadata, given.metadata),
        environment=tuple(variables.values()),
    )


def _merge(kept: JSON, given: JSON) -> JSON:
    """Both objects as one; what is not an object goes before what was kept."""
    if isinstance(kept, dict) and isinstance(given, dict):
        return kept | given
    return given or kept


def environment_of(env: Sequence[str], env_files: Sequence[Path]) -> tuple[EnvironmentVariable, ...]:
    """The variables of the files, then those of ``--env``; each name once, the last value counts."""
    given = [*(variable for path in env_files for variable in _of_file(path)), *map(_of_option, env)]
    for variable in given:
        if variable.error is not None:
            raise CannotRun(variable.error)
    return tuple({variable.name: variable for variable in given}.values())


def _of_option(text: str) -> EnvironmentVariable:
    name, equals, value = text.partition("=")
    if equals:
        return EnvironmentVariable(name, value)
    if name not in os.environ:
        raise CannotRun(f"--env {name}: the current environment has no variable {name}. Write --env {name}=VALUE.")
    return EnvironmentVariable(name, os.environ[name])


def _of_file(path: Path) -> Iterator[EnvironmentVariable]:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise CannotRun(f"--env-file {path} cannot be read: {error.strerror or error}.") from error
    if len(data) > LARGEST:
        raise CannotRun(f"--env-file {path} is larger than 1 MiB.")
    try:
        found = read_env_text(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CannotRun(f"--env-file {path} is not UTF-8. Save it as UTF-8.") from error
    if found.invalid_lines:
        raise CannotRun(f"{path}:{found.invalid_lines[0]} is not an assignment. Write NAME=VALUE.")
    return iter(found.variables)
