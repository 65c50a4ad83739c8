"""The sections of rows as the page prints them."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.web.auth.code_names import CodeName, missing
from workbench.web.auth.sections import Section, SectionName, is_secret_by_name
from workbench.web.auth.value_rows import Empty, Secrecy, ValueRow
from workbench.web.ui.widgets import Option

_NO_VALUE = "There is no value."
_TITLES = {
    SectionName.CREDENTIALS: "Other credentials",
    SectionName.METADATA: "context.metadata",
    SectionName.ENVIRONMENT: "Environment",
}
_HELP = {
    SectionName.CREDENTIALS: "",
    SectionName.METADATA: "The platform passes this object to the handler beside the credentials.",
    SectionName.ENVIRONMENT: "Set for each run with this profile, over the variables that the workbench was started "
    "with.",
}
_NOUNS = {
    SectionName.CREDENTIALS: "credential",
    SectionName.METADATA: "property",
    SectionName.ENVIRONMENT: "variable",
}


@dataclass(frozen=True, slots=True)
class RowView:
    """One row. ``start`` begins the names of its controls; ``mark`` is a word about where it is declared."""

    row: ValueRow
    start: str
    is_secret: bool
    empties: tuple[Option, ...]
    secrecies: tuple[Option, ...]
    mark: str = ""

    @property
    def label(self) -> str:
        """What the row is called."""
        return self.row.name or "new row"

    @property
    def is_unchanged(self) -> bool:
        """Whether a stored value is used that the page does not have."""
        return self.row.empty is Empty.UNCHANGED


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section: its rows, and the names that the code reads: ``offers`` have no row, ``inherited`` need none.

    ``focus`` is the token of the row that was just added.
    """

    name: SectionName
    title: str
    help: str
    noun: str
    rows: tuple[RowView, ...]
    offers: tuple[CodeName, ...]
    inherited: tuple[CodeName, ...]
    json_error: str = ""
    focus: str = ""

    @property
    def has_json(self) -> bool:
        """Whether values may be JSON."""
        return self.name.has_json

    @property
    def offer_text(self) -> str:
        """What the offers are."""
        return "Read by the code and not set:" if self.name is SectionName.ENVIRONMENT else "Read by the code:"


def section_view(
    section: Section,
    names: Sequence[CodeName],
    others: Sequence[str],
    mark: str,
    *,
    show_blank: bool,
    was_added: bool = False,
) -> SectionView:
    """The view of a section that has no secrets any more.

    ``others`` are names that have a field elsewhere; ``mark`` stands beside each row; ``show_blank`` says that rows
    without a value are errors, ``was_added`` that the last row is new.
    """
    present = [row.name for row in section.reading.rows]
    return SectionView(
        section.name,
        _TITLES[section.name],
        _HELP[section.name],
        _NOUNS[section.name],
        tuple(_row(section.name, row, mark, show_blank=show_blank) for row in section.reading.rows),
        missing(names, [*present, *others]),
        tuple(one for one in names if one.is_inherited and one.name not in present),
        section.json_error,
        section.reading.rows[-1].token if was_added and section.reading.rows else "",
    )


def _row(section: SectionName, row: ValueRow, mark: str, *, show_blank: bool) -> RowView:
    is_shown = bool(row.text) and not row.error and row.secrecy is Secrecy.BY_NAME
    by_name = not is_shown and is_secret_by_name(section, row.name)
    if row.error.startswith(_NO_VALUE) and not show_blank:
        row = ValueRow(row.token, row.name, row.text, row.is_json, row.empty, row.stored, row.secrecy)
    is_secret = row.secrecy is Secrecy.SECRET or (row.secrecy is Secrecy.BY_NAME and by_name)
    return RowView(
        row,
        f"{section}.{row.token}",
        is_secret,
        _empties(section, row),
        secrecy_options(row.secrecy, by_name if row.name else None),
        mark,
    )


def secrecy_options(chosen: Secrecy, by_name: bool | None) -> tuple[Option, ...]:
    """What a person can say of a value; ``by_name`` is None where it has no name yet."""
    default = "Secret: by its name" if by_name is None else f"Secret: {'yes' if by_name else 'no'} (default)"
    words = {
        Secrecy.BY_NAME: default,
        Secrecy.SECRET: "Secret: yes",
        Secrecy.PUBLIC: "Secret: no",
    }
    return tuple(Option(secrecy, text, secrecy is chosen) for secrecy, text in words.items())


def _empties(section: SectionName, row: ValueRow) -> tuple[Option, ...]:
    first = (Empty.UNCHANGED, "unchanged") if row.stored else (Empty.NOTHING, "no value yet")
    choices = [first, (Empty.TEXT, 'send ""')]
    if section is SectionName.ENVIRONMENT:
        choices = [first, (Empty.TEXT, 'set to ""'), (Empty.TAKEN_OUT, "take out")]
    return tuple(Option(value, text, value is row.empty) for value, text in choices)
