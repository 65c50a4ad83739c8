"""The middle pane: what will be run, with what, and where its buttons lead."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain import FETCH_RETRIES, FETCH_TIMEOUT, Contract, ContractVersion
from workbench.forms import AS_FORM, AS_JSON
from workbench.web.run_form.inputs_form import InputsForm
from workbench.web.run_form.run_settings import RunSettings
from workbench.web.ui.handlers import Handler
from workbench.web.ui.widgets import Option


@dataclass(frozen=True, slots=True)
class Tab:
    """A way to edit the inputs, and the form's operation that switches to it."""

    mode: str
    text: str
    operation: str


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the pane posts to; ``page`` is the page itself."""

    page: str
    runs: str
    form: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """All that the pane prints. ``previous_poll`` is when the trigger was polled last, as a timestamp.

    ``schema_digest`` names the schema that the form was rendered from; ``masks`` says where secrets of the run that
    filled it are masked. ``fetch_retries`` and ``fetch_timeout`` are the SDK's defaults, ``profiles`` those to choose
    from.
    """

    handler: Handler
    inputs: InputsForm
    settings: RunSettings
    urls: Urls
    contracts: tuple[Option, ...]
    notice: str = ""
    previous_poll: str = ""
    schema_digest: str = ""
    masks: str = ""
    profiles: tuple[Option, ...] = ()

    tabs: tuple[Tab, ...] = (Tab("form", "Form", AS_FORM), Tab("json", "JSON", AS_JSON))

    fetch_retries: str = str(FETCH_RETRIES)
    fetch_timeout: str = f"{FETCH_TIMEOUT:g}"

    @property
    def fetch_label(self) -> str:
        """What ``fetch`` does in this run: ``3 retries, 30 s``."""
        retries = self.settings.retries or self.fetch_retries
        seconds = self.settings.fetch_timeout or self.fetch_timeout
        return f"{retries} {'retry' if retries == '1' else 'retries'}, {seconds} s"

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


def contracts(own: Contract, chosen: str) -> tuple[Option, ...]:
    """The integration's own contract, then each by its number."""
    first = Option("", f"contract {own.version} (this integration's)", chosen not in tuple(ContractVersion))
    return (first, *(Option(version, f"contract {version}", version == chosen) for version in ContractVersion))
