"""The request that replays a recording: its inputs, made-up secrets, and its exchanges as answers."""

from collections.abc import Mapping
from dataclasses import replace

from workbench.catalog import with_credentials
from workbench.catalog.code.module_facts import CodeReads
from workbench.domain import (
    JSON,
    Action,
    Answers,
    AnswerSource,
    AuthShape,
    Contract,
    Credentials,
    EnvironmentVariable,
    Integration,
    Kind,
    RunRequest,
    Trigger,
)
from workbench.recordings.made_up_secrets import fill_masks, fill_text
from workbench.recordings.recording import Given, Recording, RecordingError


def to_answers(recording: Recording, label: str = "") -> Answers:
    """The exchanges of a recording as the source of a run's answers; ``label`` says in few words which it is.

    They hold masks; a worker puts the run's own secrets in their place.
    """
    return Answers(
        AnswerSource.RECORDING,
        label or f"a recording of {recording.handler}",
        recorded=recording.exchanges,
        noise=recording.noise,
    )


def replay_request(
    recording: Recording,
    integration: Integration,
    reads: CodeReads,
    environ: Mapping[str, str],
    label: str = "",
    now: float = 0.0,
) -> RunRequest:
    """The request for a replay with the code and the schemas of now.

    ``reads`` are those of the code, ``environ`` is the environment that the run inherits, ``now`` is in seconds since
    the epoch. Raises
    :class:`RecordingError` where the handler does not exist any more.
    """
    handler = _declared(recording, integration)
    given, auth_schema = recording.given, integration.auth.fields
    contract = Contract(given.contract) if given.contract else integration.contract
    input_schema = handler.input_schema if handler else None
    request = RunRequest(
        integration_id=integration.id,
        root=integration.root,
        entry_point=integration.entry_point,
        kind=recording.kind,
        name=recording.handler,
        contract=contract,
        inputs=fill_masks(given.inputs, input_schema),
        timeout=given.timeout,
        last_poll_ts=given.last_poll_ts,
        input_schema=input_schema,
        output_schema=handler.output_schema if handler else None,
        auth_schema=auth_schema,
        max_retries=given.max_retries,
        fetch_timeout=given.fetch_timeout,
        dependencies=integration.dependencies,
        answers=to_answers(recording, label),
        clock_shift=recording.recorded_at - now if recording.has_clock else 0.0,
    )
    return with_credentials(request, integration, _credentials(given, integration), reads, environ)


def live_request(
    recording: Recording,
    integration: Integration,
    reads: CodeReads,
    environ: Mapping[str, str],
    given: Credentials,
) -> RunRequest:
    """The request that makes a recording again: its inputs, the network, and the ``given`` credentials.

    What these lack is taken from the recording. Raises :class:`RecordingError` where that is masked.
    """
    known = recording.given
    auth = known.auth | given.values if isinstance(known.auth, dict) and isinstance(given.values, dict) else known.auth
    inherited = tuple((name, value) for name, value in known.environment if value is None or name not in environ)
    own = {one.name for one in given.environment}
    variables = tuple(EnvironmentVariable(name, value) for name, value in inherited if name not in own)
    variable_values: JSON = [one.value for one in variables]
    parts: tuple[tuple[JSON, str], ...] = (
        (auth, "credentials"),
        (known.inputs, "inputs"),
        (variable_values, "environment variables"),
    )
    for value, noun in parts:
        if fill_masks(value) != value:
            raise RecordingError(
                f"Its {noun} have secrets, which no recording holds. Give them with --auth, --profile or --env; "
                "secrets among inputs need workbench record."
            )
    request = replace(
        replay_request(recording, integration, reads, environ), answers=Answers(), inputs=known.inputs, clock_shift=0.0
    )
    shape = AuthShape(known.auth_shape) if known.auth_shape in tuple(AuthShape) else None
    credentials = replace(
        given,
        values=auth,
        shape=given.shape or shape,
        auth_type=given.auth_type or known.auth_type,
        metadata=given.metadata or known.metadata,
        environment=(*variables, *given.environment),
        secret_names=given.secret_names | frozenset(known.secret_names),
        public_names=given.public_names | frozenset(known.public_names),
    )
    return with_credentials(request, integration, credentials, reads, environ)


def _credentials(given: Given, integration: Integration) -> Credentials:
    fields = integration.auth.fields
    auth = given.auth
    if isinstance(auth, dict) and isinstance(auth.get("credentials"), dict):
        filled = auth | {"credentials": fill_masks(auth["credentials"], fields)}
    else:
        filled = fill_masks(auth, fields)  # type: ignore[assignment]
    variables = tuple(
        EnvironmentVariable(name, None if value is None else fill_text(value)) for name, value in given.environment
    )
    return Credentials(
        values=filled,
        shape=AuthShape(given.auth_shape) if given.auth_shape in tuple(AuthShape) else None,
        auth_type=given.auth_type,
        metadata=fill_masks(given.metadata),
        environment=variables,
        secret_names=frozenset(given.secret_names),
        public_names=frozenset(given.public_names),
    )


def _declared(recording: Recording, integration: Integration) -> Action | Trigger | None:
    if recording.kind is Kind.ACCOUNT:
        return None
    is_trigger = recording.kind is Kind.TRIGGER
    found = integration.trigger(recording.handler) if is_trigger else integration.action(recording.handler)
    if found is None:
        noun = recording.kind.handler.noun
        raise RecordingError(
            f"config.json declares no {noun} {recording.handler!r}. Delete the recording, or rename it."
        )
    return found
