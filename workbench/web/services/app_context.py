"""``AppContext``: the services of the views, made once in ``create_app`` and reached through the app."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import abort, current_app

from workbench.catalog import Catalog, auth_shape
from workbench.domain import Integration, ShapeDecision
from workbench.events.inherited_secrets import with_inherited
from workbench.events.secret_names import BY_NAME
from workbench.events.secrets import rules_of, run_secrets
from workbench.history import HistoryArchive
from workbench.local_state import LocalState
from workbench.profiles import ProfileStore
from workbench.runner import Runner
from workbench.store import Store
from workbench.uploads import Uploads
from workbench.web.services.answer_files import AnswerFiles
from workbench.web.services.config_writes import ConfigWrites
from workbench.web.services.drafts import Drafts
from workbench.web.services.fuzz_sessions import FuzzSessions
from workbench.web.services.import_checks import ImportChecks
from workbench.web.services.installs import Installs
from workbench.web.services.request_files import RequestFiles
from workbench.web.services.reruns import Reruns
from workbench.web.services.rule_writes import RuleWrites
from workbench.web.services.schema_cache import SchemaCache
from workbench.web.services.shared_drawings import SharedDrawings
from workbench.web.services.test_results import TestResults
from workbench.web.services.test_saves import TestSaves
from workbench.web.services.vault import Vault

_KEY = "workbench"


def _print(text: str) -> None:
    print(text, flush=True)


@dataclass(frozen=True, slots=True)
class WebConfig:
    """The settings and services that ``create_app`` takes.

    ``token`` is the first launch token; ``host`` and ``port`` are what the server is bound to; ``session_path`` is the
    secret path below which the pages are served (:mod:`workbench.web.security.session_path`); ``echo_url`` is the echo
    server's address, empty where there is none, and ``uploads`` stores files that it serves. ``profiles`` are the
    credentials, by default in memory only, ``installs`` the installations of requirements, ``fuzz`` the replays of
    variants, ``tests`` the results of recorded tests, ``saves`` tests that are being written, ``local_state`` what this
    machine remembers for the pages, ``archive`` the history of runs, None where there is none. ``announce`` gets lines
    for the person at the terminal (a new launch link, say) and must not write them elsewhere.
    """

    catalog: Catalog
    store: Store
    runner: Runner
    token: str
    host: str = "127.0.0.1"
    port: int = 8770
    session_path: str = ""
    echo_url: str = ""
    uploads: Uploads | None = None
    profiles: ProfileStore = field(default_factory=ProfileStore)
    installs: Installs = field(default_factory=Installs)
    fuzz: FuzzSessions = field(default_factory=FuzzSessions)
    tests: TestResults = field(default_factory=TestResults)
    saves: TestSaves = field(default_factory=TestSaves)
    local_state: LocalState = field(default_factory=LocalState)
    archive: HistoryArchive | None = None
    announce: Callable[[str], None] = _print

    @property
    def url(self) -> str:
        """The address that people open, with the secret path."""
        name = "127.0.0.1" if self.host in ("0.0.0.0", "") else self.host  # noqa: S104 - not bound here
        name = "::1" if name == "::" else name
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}{self.session_path}"

    def launch_link(self, token: str, page: str = "/") -> str:
        """The link to ``page`` that signs in the first browser that opens it."""
        return f"{self.url}{page}?token={token}"


@dataclass(frozen=True, slots=True)
class AppContext:
    """The objects of one app.

    ``vault`` has the profiles of each integration; ``import_checks`` holds the last import of each integration,
    ``schemas`` are those that forms were rendered from, ``drafts`` credentials that were typed and not saved,
    ``writes`` the last changes of ``config.json``, ``drawings`` what pages that follow a run share,
    ``reruns`` which runs were made again after a save, ``answer_files`` archives that run forms were given,
    ``rule_writes`` the last changes of rules in ``workbench.toml``, ``request_files`` files for resent requests.
    """

    config: WebConfig
    vault: Vault
    import_checks: ImportChecks
    schemas: SchemaCache = field(default_factory=SchemaCache)
    drafts: Drafts = field(default_factory=Drafts)
    drawings: SharedDrawings = field(default_factory=SharedDrawings)
    writes: ConfigWrites = field(default_factory=ConfigWrites)
    reruns: Reruns = field(default_factory=Reruns)
    rule_writes: RuleWrites = field(default_factory=RuleWrites)
    answer_files: AnswerFiles = field(default_factory=AnswerFiles)
    request_files: RequestFiles = field(default_factory=RequestFiles)

    @property
    def catalog(self) -> Catalog:
        """The integrations on disk."""
        return self.config.catalog

    @property
    def store(self) -> Store:
        """The runs."""
        return self.config.store

    @property
    def runner(self) -> Runner:
        """Starts runs."""
        return self.config.runner

    @property
    def fuzz(self) -> FuzzSessions:
        """Replays variants of runs."""
        return self.config.fuzz

    def secrets(self, integration: Integration) -> dict[str, str]:
        """The secrets that runs of an integration get, by the names shown in their place on pages."""
        saved = self.vault.get(integration.id)
        own = run_secrets(integration.auth.fields, saved)
        return with_inherited(own, self.store.environ, rules_of(saved, BY_NAME))

    def auth_shape(self, integration: Integration) -> ShapeDecision:
        """The shape of ``context.auth`` in runs of an integration, and why."""
        return auth_shape(integration, self.vault.get(integration.id), self.catalog.reads(integration))

    def integration_or_404(self, integration_id: str) -> Integration:
        """The integration with this id; ends the request with 404 if there is none."""
        found = self.catalog.get(integration_id)
        if found is None:
            abort(404, "No open folder contains this integration. It may have been moved or closed.")
        return found


def app_context() -> AppContext:
    """The context of the app that serves this request."""
    return cast(AppContext, current_app.extensions[_KEY])


def install(extensions: dict[str, object], context: AppContext) -> None:
    """Store the context with its app."""
    extensions[_KEY] = context
