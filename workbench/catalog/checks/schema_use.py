"""Checks the code of action handlers against the schemas that their actions declare."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.catalog.code.handler_needs import handler_needs
from workbench.catalog.code.literal_values import Literal, LiteralArray, LiteralObject
from workbench.catalog.code.module_facts import CodeReads, ModuleFacts, ReadSource
from workbench.catalog.code.values import FunctionCode
from workbench.catalog.files.file_reader import MAX_SOURCE, UnreadableError, read_text
from workbench.catalog.findings.check_registry import finding
from workbench.domain import JSON, Action, ContractVersion, Finding, Integration, Kind
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.source_map import SourceMap
from workbench.schema.words import quote

_ANY_NAME = frozenset({"patternProperties", "propertyNames"})


def check_schema_use(
    integration: Integration, modules: Sequence[ModuleFacts], reads: CodeReads, positions: SourceMap
) -> Iterator[Finding]:
    """Results that are written out and break the output schema; inputs that only one of code and schema has."""
    actions = {action.name: action for action in integration.actions}
    for module in modules if integration.contract.version is not ContractVersion.V0_1 else ():
        for one in module.literal_results:
            if one.action in actions:
                for mismatch in _mismatches(one.data, actions[one.action].output_schema, ""):
                    yield mismatch.finding(module.path)
    yield from _undeclared(integration, modules)
    yield from _unused(integration, modules, list(_handlers(modules, actions)), reads, positions)


type _Handler = tuple[str, FunctionCode, Action]


def _handlers(modules: Sequence[ModuleFacts], actions: dict[str, Action]) -> Iterator[_Handler]:
    """The ``execute`` of each class that is registered for an action: module, function, action."""
    for module in modules:
        for one in module.registrations:
            function = module.code.functions.get(f"{one.owner}.{Kind.ACTION.handler.method}") if one.owner else None
            if one.kind is Kind.ACTION and function and one.name in actions:
                yield module.path, function, actions[one.name]


def _undeclared(integration: Integration, modules: Sequence[ModuleFacts]) -> Iterator[Finding]:
    """Inputs that a handler needs and that its schema does not have."""
    schemas = {(Kind.ACTION, one.name): one.input_schema for one in integration.actions}
    schemas |= {(Kind.TRIGGER, one.name): one.input_schema for one in integration.triggers}
    names = {key: _input_names(schema) for key, schema in schemas.items()}
    for need in handler_needs(modules):
        known, read = names.get((need.kind, need.name)), need.read
        if known is not None and read.name not in known:
            words = {"name": quote(read.name), "action": quote(need.name)}
            yield finding("input-undeclared", read.path, read.line, read.column, **words)


def _unused(
    integration: Integration,
    modules: Sequence[ModuleFacts],
    handlers: Sequence[_Handler],
    reads: CodeReads,
    positions: SourceMap,
) -> Iterator[Finding]:
    """Inputs that are declared for a handler which takes its inputs one by one, and that no line names."""
    known = {read.name for read in reads.of(ReadSource.INPUTS)}
    texts: list[str] | None = None
    for _, function, action in handlers:
        if not _is_taken_by_key(function):
            continue
        for name in _declared(action.input_schema):
            if name in known:
                continue
            texts = texts if texts is not None else _texts(integration, modules)
            if any(name in text for text in texts):
                continue
            pointer = pointers.build((Kind.ACTION.handler.section, action.name, "input_schema", "properties", name))
            line, column = positions.nearest(pointer) or (1, 1)
            words = {"name": quote(name), "action": quote(action.name)}
            yield finding("input-unused", "config.json", line, column, pointer=pointer, **words)


def _is_taken_by_key(function: FunctionCode) -> bool:
    """Whether the handler reads its inputs key by key, and never hands on all of them."""
    return "inputs" in function.known and function.input_uses == function.keyed_uses and not function.inputs_changed


def _texts(integration: Integration, modules: Sequence[ModuleFacts]) -> list[str]:
    found = []
    for module in modules:
        try:
            found.append(read_text(integration.root, module.path, most=MAX_SOURCE).text)
        except UnreadableError:
            found.append("")
    return found


def _declared(schema: JSON) -> tuple[str, ...]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return tuple(properties) if isinstance(properties, dict) else ()


def _input_names(schema: JSON) -> frozenset[str] | None:
    """All names that the schema says anything of, in any of its parts; None where others are described, too."""
    names: set[str] = set()
    pending: list[JSON] = [schema]
    while pending:
        part = pending.pop()
        if isinstance(part, list):
            pending += part
        elif isinstance(part, dict):
            if _ANY_NAME & part.keys() or isinstance(part.get("additionalProperties"), dict):
                return None
            names.update(_declared(part))
            required = part.get("required")
            names.update(each for each in required if isinstance(each, str)) if isinstance(required, list) else None
            pending += part.values()
    return frozenset(names)


@dataclass(frozen=True, slots=True)
class _Mismatch:
    """A place of a result that breaks the schema: of the wrong type, or without a required property."""

    at: Literal
    pointer: str
    name: str = ""
    expected: str = ""

    def finding(self, path: str) -> Finding:
        where = f"`{self.pointer}`" if self.pointer else "data"
        if self.name:
            words = {"where": where, "name": quote(self.name)}
            return finding("result-property-missing", path, self.at.line, self.at.column, **words)
        words = {"where": where, "expected": self.expected, "actual": self.at.type}
        return finding("result-type", path, self.at.line, self.at.column, **words)


def _mismatches(value: Literal, schema: JSON, pointer: str) -> Iterator[_Mismatch]:
    """What ``required``, ``type``, ``properties`` and ``items`` certainly reject."""
    if not isinstance(schema, dict) or "$ref" in schema:
        return
    types = schema.get("type")
    allowed: list[JSON] = [*types] if isinstance(types, list) else [types]
    if isinstance(types, str | list) and not (value.type in allowed or _is_number(value.type, allowed)):
        yield _Mismatch(value, pointer, expected=" or ".join(map(str, allowed)))
        return
    if isinstance(value, LiteralObject):
        yield from _of_object(value, schema, pointer)
    elif isinstance(value, LiteralArray) and isinstance(schema.get("items"), dict):
        for at, item in enumerate(value.items):
            if item is not None:
                yield from _mismatches(item, schema["items"], pointers.join(pointer, str(at)))


def _is_number(kind: str, allowed: list[JSON]) -> bool:
    """Whether a number is allowed; 1.0 is an integer, too."""
    return kind in ("integer", "number") and ("number" in allowed or "integer" in allowed)


def _of_object(value: LiteralObject, schema: dict[str, JSON], pointer: str) -> Iterator[_Mismatch]:
    properties, required = schema.get("properties"), schema.get("required")
    written = dict(value.properties)
    if isinstance(required, list) and not value.open:
        yield from (
            _Mismatch(value, pointer, name=each) for each in required if isinstance(each, str) and each not in written
        )
    for name, item in value.properties:
        if item is not None and isinstance(properties, dict) and name in properties:
            yield from _mismatches(item, properties[name], pointers.join(pointer, name))
