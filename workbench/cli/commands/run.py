"""``workbench run``: its options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli.handler_words import path_and_name
from workbench.cli.options import CommandOptions
from workbench.cli.parameter_types import Inputs, JsonDocument, Lines, Megabytes, OneOf, SavedName

if TYPE_CHECKING:
    from workbench.domain import JSON, AuthShape, ContractVersion, Kind

option = CommandOptions("run")


@click.command()
@click.argument("words", metavar="[PATH] [HANDLER]", nargs=-1)
@option(
    "--kind",
    type=OneOf("Kind", "request"),
    help="Type of HANDLER. Default: the action with this name, or else the trigger.",
)
@option(
    "--inputs",
    type=Inputs(),
    default="{}",
    show_default=True,
    help="Inputs of the handler. NAME: those in tests/inputs/HANDLER/NAME.json of the integration.",
)
@option(
    "--auth",
    type=JsonDocument(),
    default="{}",
    show_default=True,
    help="Credentials: those that auth.fields declares, and any others.",
)
@option(
    "--auth-shape",
    type=OneOf("AuthShape"),
    help="How the handler receives them: all in one object, or in an envelope with auth_type and credentials. "
    "Default: as the platform does, or as the code reads them.",
)
@option(
    "--auth-type",
    default="",
    metavar="TYPE",
    help="auth_type of the envelope: PlatformOauth2, PlatformTeams, ApiKey, Basic, Custom or another, such as "
    "StorefrontPrivate. Default: from config.json.",
)
@option("--metadata", type=JsonDocument(), default="{}", show_default=True, help="context.metadata, an object.")
@option.environment
@option(
    "--profile",
    default="",
    metavar="NAME",
    help="Saved profile of the Auth page: credentials, metadata and environment. Options above replace its values.",
)
@option("--contract", type=OneOf("ContractVersion"), help="SDK contract. Default: from requirements.txt.")
@option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Time limit of the run.",
)
@option(
    "--retries",
    "max_retries",
    type=click.IntRange(0, 10),
    metavar="N",
    help="Retries of context.fetch after a connection that fails or times out. Default: the SDK's, 3.",
)
@option(
    "--fetch-timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Timeout of each attempt of context.fetch. Default: the SDK's, 30.",
)
@option(
    "--memory",
    type=Megabytes(),
    help="Memory that the worker may use. Default: no limit.",
)
@option("--cpu", type=click.IntRange(1), metavar="SECONDS", help="Processor time of the worker. Default: no limit.")
@option(
    "--sdk",
    default="ours",
    show_default=True,
    metavar="SDK",
    help="SDK that the integration imports: ours (the workbench's), vendored (the one in dependencies/), a published "
    "release such as 2.0.1 (installed into a cache when it is first used), or both: ours, then the vendored or pinned "
    "one, and whether they agree.",
)
@option(
    "--answers",
    default="",
    metavar="live|FILE|RUN",
    help="Where HTTP answers come from: live (the network), the file of a recording or of an HTTP archive (HAR, as "
    "browsers and proxies export it), or the number of an earlier run. Default: what [answers] in workbench.toml "
    "says, else live.",
)
@option(
    "--rule",
    "rules",
    type=Lines("RULE"),
    multiple=True,
    help='Rule that changes answers, as "workbench run --help" lists them. Can be repeated; the first rule that '
    "matches a request applies. Rules in workbench.toml come after these.",
)
@option("--no-rules", is_flag=True, help="Ignore the rules and [answers] of workbench.toml.")
@option(
    "--unmatched",
    type=click.Choice(["fail", "closest", "live"]),
    help="What a request without a recorded answer gets: an error (default), the closest answer, or the network's.",
)
@option("--history", default="", metavar="URL", help="Database of earlier runs for --answers RUN, as for serve.")
@option("--last-poll-ts", metavar="TEXT", help="Time of the previous poll, for triggers.")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@option(
    "--watch",
    is_flag=True,
    help="Run again each time a file of the integration is saved, and print what differs. Ctrl+C ends it.",
)
@option(
    "--watch-answers",
    type=click.Choice(["recording", "live", "live-with-effects"]),
    default="recording",
    show_default=True,
    help="Answers of the runs that follow a save: those that the first run got; live, where only GET and HEAD are sent "
    "and other requests get a 403; or live with all requests.",
)
@option("--strict", is_flag=True, help="Exit with 1 if the run succeeded with warnings.")
@option(
    "--otlp",
    default="",
    metavar="URL",
    help="Send the run, masked, as an OpenTelemetry trace to this collector, such as http://127.0.0.1:4318.",
)
@option("--reveal", is_flag=True, help="Print secrets instead of their names.")
@option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='Also write the run, masked, as one HTML file to share; "workbench open" reads it.',
)
def run(
    words: tuple[str, ...],
    kind: Kind | None,
    inputs: JSON | SavedName,
    auth: JSON,
    auth_shape: AuthShape | None,
    auth_type: str,
    metadata: JSON,
    env: tuple[str, ...],
    env_files: tuple[Path, ...],
    profile: str,
    sdk: str,
    contract: ContractVersion | None,
    answers: str,
    rules: tuple[str, ...],
    no_rules: bool,
    unmatched: str | None,
    history: str,
    timeout: float,
    max_retries: int | None,
    fetch_timeout: float | None,
    memory: int | None,
    cpu: int | None,
    last_poll_ts: str | None,
    form: str,
    watch: bool,
    watch_answers: str,
    strict: bool,
    reveal: bool,
    report: Path | None = None,
    otlp: str = "",
    save_as: str = "",
    replace_existing: bool = False,
) -> None:
    """Run one action or trigger and print what happened.

    PATH is the integration's folder, HANDLER the name of the action or trigger in config.json.

    With one argument: if the current folder has a config.json, the argument is HANDLER and PATH is the current
    folder; otherwise it is PATH. An argument with a slash (./one), "." and ".." are always PATH.

    JSON is given as text, as @FILE, or as - for standard input; inputs also by the name under which they were saved.
    Secrets are masked unless --reveal.

    \b
    Rules, one per line; TARGET is [METHOD] HOST[/PATH][?QUERY], * for any part, as in GET a.example/v1/*?page=2:
      forward    TARGET BASE_URL
      respond    TARGET STATUS [BODY] [header=NAME:VALUE]...
      fail       TARGET [dns|refused|reset|tls|timeout]
      delay      TARGET SECONDS
      truncate   TARGET BYTES
      replace    TARGET POINTER null|nothing|other-type|empty-array|long-text|value=JSON
      rate-limit TARGET [SECONDS [date]]
    At the end of each: nth=N for the nth such request only, after=N for all after the first N, name=TEXT.

    \b
    Examples:
      workbench run samples/api-fetch call_api --inputs '{"url": "http://127.0.0.1:8771/test"}'
      cd samples/rss-reader && workbench run get_feed --inputs '{"feed_url": "http://127.0.0.1:8771/feed.xml"}'
      workbench run . get_page --rule "forward api.example.com http://127.0.0.1:8812"
      workbench run . get_page --answers 17 --rule "respond GET api.example.com/v1/* 429 nth=1"

    \b
    Exit codes:
      0  the run succeeded (there may be warnings, such as an error in the returned data)
      1  any other outcome of the integration, or a result too large to be stored; with --sdk both also if the SDKs
         disagree
      2  the run could not start
    """
    path, name = path_and_name(words, kind)
    from workbench.cli.answer_options import AnswerOptions
    from workbench.cli.credential_options import credentials_of
    from workbench.cli.execution.run import OutputOptions, RunOptions, execute  # imports the catalog and the runner
    from workbench.domain import OnUnmatched, ResourceLimits

    options = RunOptions(
        path=path,
        name=name,
        kind=kind,
        inputs=inputs,
        credentials=credentials_of(auth, auth_shape, auth_type, metadata, env, env_files),
        profile=profile,
        sdk=sdk,
        contract=contract,
        answers=AnswerOptions(answers, rules, OnUnmatched(unmatched) if unmatched else None, history, not no_rules),
        timeout=timeout,
        last_poll_ts=last_poll_ts,
        max_retries=max_retries,
        fetch_timeout=fetch_timeout,
        resources=ResourceLimits(memory, cpu),
    )
    output = OutputOptions(
        form=form,
        watch_answers=watch_answers if watch else "",
        strict=strict,
        reveal=reveal,
        report=report,
        otlp=otlp,
        save_as=save_as,
        replace_existing=replace_existing,
    )
    sys.exit(execute(options, output))
