"""The inputs while they are edited, as a form or as JSON text: :mod:`workbench.forms` keeps them, this puts them up."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from flask import Request
from markupsafe import Markup

from workbench import forms
from workbench.domain import ABSENT, JSON, Absent, Problem, Run
from workbench.forms.controls import JSON_TEXT
from workbench.forms.draft import ROOT_ID
from workbench.forms.jsontext import dumps
from workbench.schema import diagnose
from workbench.shelf import Shelf
from workbench.web.picked import Pairs, with_files
from workbench.web.presenters.handlers import Handler

PREFIX = "inputs"
_TEXT_CONTROL = f'name="{PREFIX}.{ROOT_ID}{JSON_TEXT}"'
_OPERATION = f"{PREFIX}.op"


@dataclass(frozen=True, slots=True)
class Posts:
    """Where the form's own buttons post to, and where it posts itself for a preview.

    ``serves_files``: a file can be given a URL of this machine. ``previous`` are the inputs of the run that the form
    was filled from: secrets left unchanged are taken from it. ``mask`` takes the secrets out of a value before it is
    shown.
    """

    edit: str
    preview: str
    serves_files: bool = False
    previous: JSON | Absent = ABSENT
    mask: Callable[[JSON], JSON] = lambda value: value


@dataclass(frozen=True, slots=True)
class Draft:
    """The inputs as they stand on the page: their markup, their value (ABSENT where there is none), what blocks it."""

    markup: Markup
    reading: forms.Reading
    mask: Callable[[JSON], JSON] = lambda value: value

    @property
    def mode(self) -> str:
        """``json`` where all of it is edited as text, else ``form``."""
        return "json" if _TEXT_CONTROL in self.markup else "form"

    @property
    def payload(self) -> str:
        """What will be sent, as indented JSON, secrets masked; empty where there is no value."""
        return "" if self.reading.value is ABSENT else dumps(self.mask(self.reading.value), indent=2)

    @property
    def python(self) -> str:
        """The same as a Python expression."""
        return "" if self.reading.value is ABSENT else forms.python_text(self.mask(self.reading.value))

    @property
    def blocked(self) -> bool:
        """Whether the inputs cannot be sent as they stand."""
        return self.reading.value is ABSENT or bool(self.reading.problems)

    @property
    def trouble(self) -> str:
        """Why they cannot, in a sentence."""
        number = len(self.reading.problems)
        if not number:
            return "There is no value to send."
        return f"{number} {'problem keeps' if number == 1 else 'problems keep'} this from being sent."


def fresh(handler: Handler, posts: Posts) -> Draft:
    """A new form: the declared defaults and nothing else."""
    return edited(handler, [(_OPERATION, forms.RESET)], posts)


def of_run(handler: Handler, run: Run, posts: Posts) -> Draft:
    """The inputs of an earlier run, with what was found wrong with them at its place."""
    found = [problem for problem in run.outcome.problems if problem.where == "input"]
    value, schema = run.request.inputs, schema_of(handler)
    markup = forms.render(
        schema,
        value,
        prefix=PREFIX,
        problems=found,
        edit_url=posts.edit,
        preview_url=posts.preview,
        serves_files=posts.serves_files,
    )
    return Draft(markup, forms.Reading(value), posts.mask)


def posted(handler: Handler, pairs: Pairs, posts: Posts, problems: Iterable[Problem] = ()) -> Draft:
    """What was posted, nothing of it lost, with ``problems`` at their places."""
    kept = [(name, text) for name, text in pairs if name != _OPERATION]
    return draft_of(edit(handler, kept, posts, problems), posts)


def edited(handler: Handler, pairs: Pairs, posts: Posts) -> Draft:
    """What was posted, after the operation of the button that posted it."""
    return draft_of(edit(handler, pairs, posts), posts)


def edit(handler: Handler, pairs: Pairs, posts: Posts, problems: Iterable[Problem] = ()) -> forms.Edit:
    """The same with the one node that changed."""
    return forms.edit(
        schema_of(handler),
        pairs,
        prefix=PREFIX,
        problems=problems,
        edit_url=posts.edit,
        preview_url=posts.preview,
        previous=posts.previous,
        serves_files=posts.serves_files,
    )


def draft_of(made: forms.Edit, posts: Posts) -> Draft:
    """The draft after an edit."""
    return Draft(made.markup, made.reading, posts.mask)


def faults(handler: Handler, value: JSON | Absent) -> list[Problem]:
    """What the input schema says against ``value``."""
    if value is ABSENT:
        return []
    found = diagnose(schema_of(handler), value).faults
    return [Problem("input", each.pointer, each.schema_pointer, each.keyword, each.message) for each in found]


def wants_edit(posted: Container[str]) -> bool:
    """Whether the button that was pressed edits the form rather than sends it; ``posted`` are names."""
    return _OPERATION in posted


def missing(reading: forms.Reading) -> list[Problem]:
    """The secrets that were left unchanged although the page's run, which held them, is not kept any more."""
    words = "This secret is not kept any more. Type it again."
    return [Problem("input", pointer, "", "masked", words) for pointer in reading.unchanged]


def pairs_of(request: Request) -> Pairs:
    """What a request posts, in the order of the page, files as the form's own picker would have sent them."""
    return taken(request, None)[0]


def taken(request: Request, shelf: Shelf | None) -> tuple[Pairs, str]:
    """The same, files that ask for a URL put on the ``shelf``; and why one of them was not taken, where it was not."""
    pairs = list(request.form.items(multi=True))
    return with_files(pairs, request.files.items(multi=True), shelf)


def schema_of(handler: Handler) -> JSON:
    """The schema of the inputs, named so; what declares none takes an object."""
    schema: JSON = {"type": "object"} if handler.input_schema is None else handler.input_schema
    return {"title": "Inputs", **schema} if isinstance(schema, dict) else schema
