"""The inputs of one handler as a form: its schema, its addresses, what it reads, and its one rendering."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from workbench import forms
from workbench.domain import ABSENT, JSON, Absent, ErrorCode, Run, Side, ValidationError
from workbench.echo_address import follow_echo
from workbench.forms.jsontext import dumps
from workbench.schema import diagnose
from workbench.web.services.app_context import app_context
from workbench.web.ui.file_fields import Pairs
from workbench.web.ui.handlers import Handler

PREFIX = "inputs"
OPERATION = f"{PREFIX}.op"
"""The name that a button of the form posts; a button that runs has another."""


@dataclass(frozen=True, slots=True)
class FormTarget:
    """Where the form's own buttons post to, where it posts itself for a preview, and where its editor asks.

    ``serves_files``: a file can be given a URL of this machine. ``held`` is what the page keeps of secrets, at first
    the inputs of the run that the form was filled from: secrets left unchanged are taken from it. ``mask`` takes the
    secrets out of a value before it is shown.
    """

    edit: str
    preview: str
    completions: str
    serves_files: bool = False
    held: forms.HeldSecrets = field(default_factory=forms.HeldSecrets)
    mask: Callable[[JSON], JSON] = lambda value: value


@dataclass(frozen=True, slots=True)
class Payload:
    """What the inputs send as they stand; secrets are masked in all that it says."""

    reading: forms.FormData
    mask: Callable[[JSON], JSON] = lambda value: value

    @property
    def json(self) -> str:
        """The value as indented JSON; empty where there is none."""
        return "" if self.reading.value is ABSENT else dumps(self.mask(self.reading.value), indent=2)

    @property
    def python(self) -> str:
        """The value as a Python expression; empty where there is none."""
        return "" if self.reading.value is ABSENT else forms.python_text(self.mask(self.reading.value))

    @property
    def blocked(self) -> bool:
        """Whether the inputs cannot be sent as they stand."""
        return self.reading.value is ABSENT or bool(self.reading.errors)

    @property
    def reason(self) -> str:
        """Why they cannot, in a sentence."""
        number = len(self.reading.errors)
        if not number:
            return "There is no value to send."
        return f"{number} {'error keeps' if number == 1 else 'errors keep'} this from being sent."


@dataclass(frozen=True, slots=True)
class InputsForm:
    """The rendered form; ``mode`` says whether it is edited by fields or as JSON text."""

    markup: Markup
    mode: forms.Mode
    payload: Payload
    held: forms.HeldSecrets | None = None


def load(handler: Handler, run: Run, target: FormTarget) -> InputsForm:
    """The inputs of an earlier run, with its errors at their fields."""
    found = [error for error in run.outcome.errors if error.where == "input"]
    return fill(handler, run.request.inputs, target, found)


def fill(handler: Handler, value: JSON, target: FormTarget, errors: Iterable[ValidationError] = ()) -> InputsForm:
    """A form with ``value``, and ``errors`` at their fields."""
    opened = forms.open_form(
        schema_of(handler),
        value,
        prefix=PREFIX,
        errors=errors,
        edit_url=target.edit,
        preview_url=target.preview,
        serves_files=target.serves_files,
        complete_url=target.completions,
        masks_secrets=True,
    )
    return form_of(opened, target)


def reset(handler: Handler, target: FormTarget) -> InputsForm:
    """A new form: the declared defaults and nothing else."""
    return form_of(edit(handler, [(OPERATION, forms.RESET)], target), target)


def read(handler: Handler, pairs: Pairs, target: FormTarget) -> Payload:
    """What the posted ``pairs`` say, without a rendering."""
    return Payload(forms.read(schema_of(handler), pairs, prefix=PREFIX, held=target.held), target.mask)


def edit(handler: Handler, pairs: Pairs, target: FormTarget, errors: Iterable[ValidationError] = ()) -> forms.Edit:
    """The form as posted, after the operation of the button that posted it, with ``errors`` at their fields."""
    return forms.edit(
        schema_of(handler),
        pairs,
        prefix=PREFIX,
        errors=errors,
        edit_url=target.edit,
        preview_url=target.preview,
        held=target.held,
        serves_files=target.serves_files,
        complete_url=target.completions,
    )


def form_of(made: forms.Edit, target: FormTarget) -> InputsForm:
    """The inputs form of what the forms package made."""
    return InputsForm(made.markup, made.mode, Payload(made.reading, target.mask), made.held)


def errors_of(handler: Handler, value: JSON | Absent) -> list[ValidationError]:
    """The errors of ``value`` against the input schema."""
    if value is ABSENT:
        return []
    return [replace(each, where=Side.INPUT) for each in diagnose(schema_of(handler), value).errors]


def expired_secrets(reading: forms.FormData) -> list[ValidationError]:
    """The secrets that were left unchanged although the run that held them has expired."""
    message = "This secret has expired with its run. Type it again."
    return [
        ValidationError(Side.INPUT, pointer, "", "masked", message, code=ErrorCode.OTHER)
        for pointer in reading.unchanged
    ]


def schema_of(handler: Handler) -> JSON:
    """The schema of the inputs, named so, with the echo server as it is; what declares none takes an object."""
    schema: JSON = {"type": "object"} if handler.input_schema is None else handler.input_schema
    schema = follow_echo(schema, app_context().config.echo_url)
    return {"title": "Inputs", **schema} if isinstance(schema, dict) else schema
