"""The import of a profile's values: from text, a file, the folder's ``.env`` or the environment, by a shown mapping."""

from dataclasses import dataclass

from flask import render_template, request, url_for

from workbench.catalog.files.file_reader import UnreadableError, read_text
from workbench.domain import EnvironmentVariable, Integration
from workbench.profiles.env_file import LARGEST, EnvFile, read_env_text
from workbench.web.auth import declared_fields, env_mapping, sections
from workbench.web.auth.auth_state import AuthState
from workbench.web.auth.code_names import names_in_code
from workbench.web.auth.env_mapping import NOWHERE, Import, Target, TargetKind, Targets
from workbench.web.auth.sections import SectionName
from workbench.web.services.app_context import app_context
from workbench.web.ui.handler_pages import navigate
from workbench.web.ui.widgets import Option

FOLDER_FILE = ".env"
_WORDS = {
    TargetKind.NOTHING: "not imported",
    TargetKind.CREDENTIAL: "credential {}",
    TargetKind.METADATA: "context.metadata {}",
    TargetKind.VARIABLE: "environment variable {}",
}


class VariablesError(ValueError):
    """There is nothing to import; the message says why."""


@dataclass(frozen=True, slots=True)
class MappingRow:
    """A variable, how long its value is, and what it can fill."""

    name: str
    length: int
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class MappingView:
    """The mapping before it is applied to ``profile``. ``token`` is where the values are, ``draft`` the form's."""

    profile: str
    token: str
    draft: str
    rows: tuple[MappingRow, ...]
    note: str = ""
    cancel_url: str = ""


def has_folder_file(integration: Integration) -> bool:
    """Whether the integration's folder has a ``.env``."""
    return (integration.root / FOLDER_FILE).is_file()


def find(state: AuthState, source: str) -> tuple[Import, bool]:
    """What the ``source`` has (``environment``, ``folder``, else what was posted), and whether all of it is offered.

    Of the environment only that is offered which fits a name. Raises :class:`VariablesError`.
    """
    if source == "environment":
        variables = [EnvironmentVariable(name, value) for name, value in app_context().store.environ.items()]
        targets = targets_of(state.integration)
        fitting = env_mapping.guess(variables, targets, others=False)
        chosen = tuple(one for one, target in zip(variables, fitting, strict=True) if target is not NOWHERE)
        if not chosen:
            raise VariablesError("No variable of the environment has the name of a field or of a variable in the code.")
        return Import(state.profile, chosen), False
    found = _read(state.integration) if source == "folder" else read_env_text(_posted_text())
    if not found.variables:
        raise VariablesError("There are no variables to import. Write lines such as NAME=value.")
    return Import(state.profile, found.variables, found.invalid_lines), True


def page(state: AuthState, found: Import, *, others: bool) -> str:
    """The page with the mapping, to be edited and applied."""
    integration, drafts = state.integration, app_context().drafts
    targets = targets_of(integration)
    guesses = env_mapping.guess(found.variables, targets, others=others)
    rows = tuple(
        MappingRow(variable.name, len(variable.value or ""), _options(targets, variable.name, guess))
        for variable, guess in zip(found.variables, guesses, strict=True)
    )
    draft = drafts.put(integration.id, state.draft())
    query = {"integration_id": integration.id, "profile": state.saved_name, "draft": draft}
    view = MappingView(
        state.saved_name,
        drafts.put(integration.id, found),
        draft,
        rows,
        _note(found.invalid_lines),
        url_for("auth.show", **query),  # type: ignore[arg-type]  # the values are texts
    )
    nav = navigate(integration, page="Auth")
    return render_template("auth/import.html", integration=integration, nav=nav, mapping=view)


def targets_of(integration: Integration) -> Targets:
    """The names that the integration declares or that its code reads."""
    names = names_in_code(integration)
    declared = declared_fields.types(integration)
    credentials = dict.fromkeys((*declared, *(one.name for one in names[SectionName.CREDENTIALS])))
    return Targets(
        tuple(credentials),
        tuple(one.name for one in names[SectionName.METADATA]),
        frozenset(one.name for one in names[SectionName.ENVIRONMENT]),
        declared,
    )


def example(integration: Integration) -> str:
    """A ``.env.example``: the names of all that a profile may have, without a value."""
    names, saved = names_in_code(integration), app_context().vault.get(integration.id)
    places = {one.name: one.place for section in names.values() for one in section}
    own = sections.values_of(SectionName.CREDENTIALS, saved, lambda name: False)
    targets = targets_of(integration)
    lines = [f"# Credentials and environment variables of {_one_line(integration.title)}. Values are left out."]
    for name in dict.fromkeys((*targets.credentials, *own)):
        lines += _entry(_variable_name(name), f"credential {name}", places.get(name, ""))
    for name in dict.fromkeys((*targets.metadata, *(saved.metadata if isinstance(saved.metadata, dict) else ()))):
        lines += _entry(_variable_name(name), f"context.metadata {name}", places.get(name, ""))
    for name in dict.fromkeys((*sorted(targets.variables), *(one.name for one in saved.environment))):
        lines += _entry(name, "environment variable", places.get(name, ""))
    return "\n".join(lines) + "\n"


def _entry(variable: str, what: str, place: str) -> list[str]:
    return ["", f"# {_one_line(what)}{f', read by {_one_line(place)}' if place else ''}", f"{variable}="]


def _variable_name(name: str) -> str:
    made = "".join(char if char.isascii() and char.isalnum() else "_" for char in name).upper().strip("_")
    return made if made and not made[0].isdigit() else f"_{made}"


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _options(targets: Targets, variable: str, chosen: Target) -> tuple[Option, ...]:
    found = dict.fromkeys((*targets.options(variable), chosen))
    return tuple(Option(one.option, _WORDS[one.kind].format(one.name), one == chosen) for one in found)


def _note(invalid: tuple[int, ...]) -> str:
    if not invalid:
        return ""
    lines = ", ".join(map(str, invalid[:10]))
    return f"Not an assignment, so left out: line{'s' if len(invalid) > 1 else ''} {lines}."


def _posted_text() -> str:
    file = request.files.get("import.file")
    if file and file.filename:
        file.seek(0)
        data: bytes = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise VariablesError("The file is larger than 1 MiB. Choose a smaller one.")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise VariablesError("The file is not UTF-8. Save it as UTF-8.") from None
    return request.form.get("import.text", "")[:LARGEST]


def _read(integration: Integration) -> EnvFile:
    try:
        return read_env_text(read_text(integration.root, FOLDER_FILE, most=LARGEST).text)
    except UnreadableError as error:
        raise VariablesError(str(error)) from error
