"""From the value of ``config.json`` to the parts of an :class:`Integration`, whatever the value is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.catalog.findings.check_registry import finding
from workbench.domain import JSON, Action, Auth, Finding, Kind, Trigger
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.source_map import SourceMap
from workbench.jsondoc.types import type_phrase


@dataclass(slots=True)
class ConfigReader:
    """Reads properties of the expected type; one of another type is a finding and counts as absent."""

    config: dict[str, JSON]
    positions: SourceMap
    findings: list[Finding] = field(default_factory=list)

    def text(self, name: str, *, needed: bool = False) -> str:
        """A property that is a string; a ``needed`` one that is absent or empty is a finding."""
        value = self._text(self.config, name, "")
        if needed and self.config.get(name, "") == "":
            self._note("config-property-missing", pointers.join("", name), name=name)
        return value

    def flag(self, name: str) -> bool:
        """A property that is a boolean; false if it is absent."""
        value = self.config.get(name, False)
        if not isinstance(value, bool):
            self._wrong(pointers.join("", name), name, value, "a boolean")
        return value is True

    def auth(self) -> Auth:
        """The ``auth`` property. Provider and scopes are found at any place in it except ``fields``."""
        auth = self._object(self.config, "auth", "")
        fields = auth.get("fields")
        if fields is not None and not isinstance(fields, dict):
            self._wrong("/auth/fields", "auth.fields", fields, "a JSON Schema (an object)")
        return Auth(
            type=self._text(auth, "type", "/auth"),
            identifier=self._text(auth, "identifier", "/auth"),
            title=self._text(auth, "title", "/auth"),
            provider=next((found for found in _within(auth, "provider") if isinstance(found, str)), ""),
            scopes=next((_scopes(found) for name in ("scopes", "scope") for found in _within(auth, name)), ()),
            fields=fields if isinstance(fields, dict) else None,
            line=self._line("/auth"),
        )

    def actions(self) -> tuple[Action, ...]:
        """The entries of ``actions``; an entry that is not an object is listed by its name."""
        return tuple(
            Action(
                name=name,
                description=self._text(entry, "description", pointer),
                display_name=self._text(entry, "display_name", pointer),
                input_schema=self._schema(entry, "input_schema", pointer),
                output_schema=self._schema(entry, "output_schema", pointer),
                line=self._line(pointer),
            )
            for name, entry, pointer in self._entries("actions")
        )

    def triggers(self) -> tuple[Trigger, ...]:
        """The entries of ``polling_triggers``."""
        return tuple(
            Trigger(
                name=name,
                description=self._text(entry, "description", pointer),
                display_name=self._text(entry, "display_name", pointer),
                polling_interval=self._text(entry, "polling_interval", pointer),
                input_schema=self._schema(entry, "input_schema", pointer),
                output_schema=self._schema(entry, "output_schema", pointer),
                line=self._line(pointer),
            )
            for name, entry, pointer in self._entries(Kind.TRIGGER.handler.section)
        )

    def _entries(self, name: str) -> Iterator[tuple[str, dict[str, JSON], str]]:
        for entry_name, entry in self._object(self.config, name, "").items():
            pointer = pointers.join("", name, entry_name)
            if not isinstance(entry, dict):
                self._wrong(pointer, f"{name}.{entry_name}", entry, "an object")
                entry = {}
            yield entry_name, entry, pointer

    def _object(self, parent: dict[str, JSON], name: str, pointer: str) -> dict[str, JSON]:
        value = parent.get(name)
        if isinstance(value, dict):
            return value
        if name in parent and (name, value) != ("auth", None):  # null means no auth
            self._wrong(f"{pointer}/{name}", name, value, "an object")
        return {}

    def _text(self, parent: dict[str, JSON], name: str, pointer: str) -> str:
        value = parent.get(name, "")
        if isinstance(value, str):
            return value
        self._wrong(f"{pointer}/{name}", name, value, "a string")
        return ""

    def _schema(self, entry: dict[str, JSON], name: str, pointer: str) -> JSON:
        value = entry.get(name, {})
        if not isinstance(value, dict | bool):
            self._wrong(f"{pointer}/{name}", name, value, "a JSON Schema (an object)")
        return value

    def _wrong(self, pointer: str, name: str, value: JSON, expected: str) -> None:
        kind = type_phrase(value)
        self._note("config-type", pointer, name=name, actual=kind, expected=expected)

    def _note(self, code: str, pointer: str, **words: str) -> None:
        """Add a finding at the place of ``pointer``, or of the closest parent that is there."""
        line, column = self.positions.nearest(pointer) or (1, 1)
        self.findings.append(finding(code, "config.json", line, column, pointer=pointer, **words))

    def _line(self, pointer: str) -> int | None:
        place = self.positions.of(pointer)
        return place[0] if place else None


def _within(auth: dict[str, JSON], name: str) -> Iterator[JSON]:
    """The values with this key in ``auth`` itself, then in the objects in it."""
    for holder in (auth, *(value for key, value in auth.items() if key != "fields")):
        if isinstance(holder, dict) and holder.get(name) is not None:
            yield holder[name]


def _scopes(value: JSON) -> tuple[str, ...]:
    """The scopes of an array of strings, or of one string with spaces (RFC 6749, section 3.3)."""
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(scope for scope in value if isinstance(scope, str)) if isinstance(value, list) else ()
