"""The three sections of rows on the auth page, and what in each is a secret."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.domain import JSON, Credentials, EnvironmentVariable
from workbench.events.connection_strings import passwords_in
from workbench.events.secret_names import BY_DEFAULT, BY_NAME, SecretRules, is_secret
from workbench.events.secrets import MAX_DEPTH, holds_secret, is_secret_variable, is_shallow
from workbench.jsondoc.strict import JsonError, loads
from workbench.web.auth import value_rows
from workbench.web.auth.value_rows import AS_TYPED, Empty, RowsReading, Secrecy, ValueRow
from workbench.web.ui.file_fields import Pairs

_PROBE = "a value that is long enough to be a secret"


class SectionName(StrEnum):
    """The prefix of a section's controls."""

    CREDENTIALS = "extra"
    METADATA = "metadata"
    ENVIRONMENT = "environment"

    @property
    def has_json(self) -> bool:
        """Whether values are JSON; environment variables are text."""
        return self is not SectionName.ENVIRONMENT


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one section as read; ``json_error`` is about a pasted JSON object."""

    name: SectionName
    reading: RowsReading
    json_error: str = ""

    @property
    def has_errors(self) -> bool:
        """Whether something in it keeps the profile from being saved."""
        return bool(self.json_error) or self.reading.has_errors


def is_write_only(section: SectionName, name: str, value: JSON, rules: SecretRules) -> bool:
    """Whether ``value`` may not be in a page. ``rules`` has the corrections."""
    if section is SectionName.ENVIRONMENT:
        text = value if isinstance(value, str) else ""
        return bool(text) and (is_secret_variable(EnvironmentVariable(name, text), rules) or bool(passwords_in(text)))
    return holds_secret(name, None, value, _rules(section, rules))


def is_secret_by_name(section: SectionName, name: str, schema: JSON = None) -> bool:
    """Whether a value called ``name`` is a secret by default."""
    if section is SectionName.ENVIRONMENT:
        return True
    return is_secret(name, schema, _PROBE, _rules(section, BY_DEFAULT), inherited=False)


def _rules(section: SectionName, rules: SecretRules) -> SecretRules:
    return replace(rules, unknown=BY_NAME.unknown) if section is SectionName.METADATA else rules


def values_of(section: SectionName, credentials: Credentials, declares: Callable[[str], bool]) -> dict[str, JSON]:
    """The values of a profile that the section shows; declared credentials have fields of their own."""
    if section is SectionName.ENVIRONMENT:
        return {one.name: one.value for one in credentials.environment}
    values = credentials.metadata if section is SectionName.METADATA else credentials.values
    if not isinstance(values, dict):
        return {}
    if section is SectionName.METADATA:
        return values
    return {name: value for name, value in values.items() if not declares(name)}


def secrecy_of(name: str, credentials: Credentials) -> Secrecy:
    """What a person said of the values called ``name``."""
    if name in credentials.secret_names:
        return Secrecy.SECRET
    return Secrecy.PUBLIC if name in credentials.public_names else Secrecy.BY_NAME


def load(section: SectionName, values: Mapping[str, JSON], credentials: Credentials) -> Section:
    """The section of a profile's ``values``."""
    rows = tuple(
        value_rows.row_of(section, str(index), name, value, secrecy_of(name, credentials), has_null=section.has_json)
        for index, (name, value) in enumerate(values.items())
    )
    return Section(section, RowsReading(rows, dict(values), {row.token: values[row.name] for row in rows}))


def parse(
    section: SectionName, pairs: Pairs, stored: Mapping[str, JSON], declares: Callable[[str], bool], operation: str
) -> Section:
    """The section as posted, after the operation of a button (``section.verb:argument``) where it is one of its own."""
    rows = value_rows.parse(pairs, section)
    text = dict(pairs).get(f"{section}.json", "")
    added, error = _pasted(section, text, rows) if text.strip() else (rows, "")
    owner, _, rest = operation.partition(".")
    verb, _, argument = rest.partition(":")

    def error_of(name: str, value: JSON) -> str:
        if section is SectionName.CREDENTIALS and declares(name):
            return f"“{name}” is declared in auth.fields. Fill in its field above, and remove the row."
        if section is SectionName.ENVIRONMENT and isinstance(value, str | None):
            return EnvironmentVariable(name, value).error or ""
        return ""

    changed = value_rows.apply(added, verb, argument) if owner == section else added
    return Section(section, _with_blank_rows(changed, value_rows.read(changed, stored, error_of)), error)


def _with_blank_rows(rows: tuple[ValueRow, ...], reading: RowsReading) -> RowsReading:
    """The reading with the blank rows that were just added, so that they are shown."""
    by_token = {row.token: row for row in reading.rows}
    return replace(reading, rows=tuple(by_token.get(row.token, row) for row in rows))


def _pasted(section: SectionName, text: str, rows: tuple[ValueRow, ...]) -> tuple[tuple[ValueRow, ...], str]:
    """The rows with the properties of a JSON object, in place of those of the same name; or why there are none."""
    try:
        values = loads(text)
    except JsonError as error:
        return rows, f"The pasted text is not JSON: line {error.line}, column {error.column}. Paste it again."
    if not is_shallow(values):
        return rows, f"The pasted text is nested too deep. Reduce nesting below {MAX_DEPTH} levels."
    if not isinstance(values, dict):
        return rows, 'The pasted text is not a JSON object. Paste one such as {"name": "value"}.'
    if not section.has_json and not all(isinstance(value, str) for value in values.values()):
        return rows, "Values of environment variables are strings. Paste an object of strings."
    made = list(rows)
    for name, value in values.items():
        place = next((index for index, row in enumerate(made) if row.name == name), len(made))
        old = made[place] if place < len(made) else ValueRow(value_rows.fresh_token(made))
        made[place : place + 1] = [
            replace(
                value_rows.row_of(section, old.token, name, value, old.secrecy, has_null=section.has_json), stored=""
            )
        ]
    return tuple(made), ""


def shown(section: Section, rules: SecretRules, held: dict[str, JSON]) -> Section:
    """The section for a page: what is secret is taken out of the rows and put into ``held``, by the row's key."""
    return replace(
        section,
        reading=replace(section.reading, rows=tuple(_hide(section, row, rules, held) for row in section.reading.rows)),
    )


def _hide(section: Section, row: ValueRow, rules: SecretRules, held: dict[str, JSON]) -> ValueRow:
    if row.token in section.reading.by_token:
        value = section.reading.by_token[row.token]
        if not is_write_only(section.name, row.name, value, rules):
            return row
        key = f"{section.name}#{row.token}"
        held[key] = value
        return replace(row, text="", empty=Empty.UNCHANGED, stored=key)
    secret = row.secrecy is Secrecy.SECRET or (
        row.secrecy is Secrecy.BY_NAME and is_secret_by_name(section.name, row.name)
    )
    if row.text and secret:
        key = f"{section.name}#{row.token}{AS_TYPED}"
        held[key] = row.text
        return replace(row, text="", empty=Empty.UNCHANGED, stored=key)
    return row
