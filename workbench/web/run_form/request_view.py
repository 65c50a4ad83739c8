"""The middle pane: what will be run, with what, and where its buttons lead."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.catalog.sdk_choices import RELEASES
from workbench.domain import FETCH_RETRIES, FETCH_TIMEOUT, Contract, ContractVersion, Integration, SdkSource
from workbench.forms import AS_FORM, AS_JSON, FILL
from workbench.web.run_form.answer_choice import AnswerChoice
from workbench.web.run_form.inputs_form import InputsForm
from workbench.web.run_form.inputs_menu import InputsMenu
from workbench.web.run_form.run_settings import RunSettings
from workbench.web.ui.handlers import Handler
from workbench.web.ui.shown_fields import shown_fields
from workbench.web.ui.widgets import Option


@dataclass(frozen=True, slots=True)
class Tab:
    """A way to edit the inputs, and the form's operation that switches to it."""

    mode: str
    text: str
    operation: str


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the pane posts to; ``page`` is the page itself, ``rules`` shows what saving its rules changes.

    ``reruns`` waits for a save of a file, ``rule_list`` is the page of the integration's rules.
    """

    page: str
    runs: str
    form: str
    rules: str
    reruns: str
    rule_list: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of the handler: its id, and when it was accepted, in milliseconds since the epoch."""

    id: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class RequestView:
    """All that the pane prints. ``previous_poll`` is when the trigger was polled last, as a timestamp.

    ``schema_digest`` names the schema that the form was rendered from; ``masks`` says where secrets of the run that
    filled it are masked. ``fetch_retries`` and ``fetch_timeout`` are the SDK's defaults, ``profiles`` those to choose
    from. ``menu`` has the saved inputs; ``note`` says what was done with them.
    """

    handler: Handler
    inputs: InputsForm
    settings: RunSettings
    urls: Urls
    contracts: tuple[Option, ...]
    sdks: tuple[Option, ...]
    answers: AnswerChoice
    notice: str = ""
    previous_poll: str = ""
    schema_digest: str = ""
    masks: str = ""
    profiles: tuple[Option, ...] = ()
    held: str = ""
    last_run: LastRun | None = None
    menu: InputsMenu | None = None
    note: str = ""

    tabs: tuple[Tab, ...] = (Tab("form", "Form", AS_FORM), Tab("json", "JSON", AS_JSON))
    fill: str = FILL

    fetch_retries: str = str(FETCH_RETRIES)
    fetch_timeout: str = f"{FETCH_TIMEOUT:g}"

    @property
    def changed_settings(self) -> str:
        """The settings that are not the default: ``5 s, contract 2``; empty where all are."""
        settings, default = self.settings, RunSettings()
        parts = [f"{settings.timeout} s"] if settings.timeout != default.timeout else []
        parts += [f"contract {settings.contract}"] if settings.contract in tuple(ContractVersion) else []
        parts += [f"SDK {settings.sdk}"] if settings.sdk else []
        parts += [f"{settings.retries} {'retry' if settings.retries == '1' else 'retries'}"] if settings.retries else []
        parts += [f"fetch {settings.fetch_timeout} s"] if settings.fetch_timeout else []
        parts += [f"{settings.memory} MB"] if settings.memory else []
        parts += [f"{settings.cpu} s of processor time"] if settings.cpu else []
        return ", ".join(parts)

    @property
    def shows(self) -> tuple[Option, ...]:
        """Which fields of a long form can be shown."""
        return shown_fields(self.settings.show)

    @property
    def verb(self) -> str:
        """The word on the button."""
        return "Poll" if self.handler.kind == "trigger" else "Run"

    @property
    def is_trigger(self) -> bool:
        """Whether it asks for a ``last_poll_ts``."""
        return self.handler.kind == "trigger"

    @property
    def has_inputs(self) -> bool:
        """Whether there are inputs to edit; the connected account takes none."""
        return self.handler.kind != "account"


def profiles(names: Sequence[str], chosen: str) -> tuple[Option, ...]:
    """The profiles to choose from; none where there is but one."""
    return tuple(Option(name, f"profile {name}", name == chosen) for name in names) if len(names) > 1 else ()


def sdks(integration: Integration, chosen: str) -> tuple[Option, ...]:
    """The workbench's own SDK, the one in ``dependencies/`` where there is one, and the published releases."""
    vendored = integration.dependencies.sdk
    options = [("", "the workbench's own")]
    options += [(SdkSource.VENDORED.value, f"dependencies/ ({vendored})")] if vendored else []
    options += [(release, f"published {release}") for release in RELEASES]
    if chosen and chosen not in dict(options):
        options.append((chosen, chosen))
    return tuple(Option(value, text, value == chosen) for value, text in options)


def contracts(own: Contract, chosen: str) -> tuple[Option, ...]:
    """The integration's own contract, then each by its number."""
    first = Option("", f"contract {own.version} (this integration's)", chosen not in tuple(ContractVersion))
    return (first, *(Option(version, f"contract {version}", version == chosen) for version in ContractVersion))
