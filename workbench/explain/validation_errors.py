"""What a fault of validation asks and what it found, in few words; for the headline, the list and the picture."""

from dataclasses import dataclass

from workbench.domain import ABSENT, JSON, Absent, Kind, Problem, Run
from workbench.explain.text import Part, Sentence, code, kind_of, sentence, value_text, wanted
from workbench.jsondoc import pointer as pointers
from workbench.schema import similar


@dataclass(frozen=True, slots=True)
class Judged:
    """The value that a problem's pointers lead into, and the schema that judged it. ``title`` names the value."""

    where: str
    title: str
    value: JSON
    schema: JSON

    @property
    def giver(self) -> str:
        """Who gave it, of outputs: ``The handler returned``, ``The poll returned``."""
        said = self.title.removeprefix("What ")
        return said[:1].upper() + said[1:]


def judged(run: Run, where: str) -> Judged:
    """The value and the schema for problems of ``where`` (``input``, ``auth`` or ``output``)."""
    request, returned = run.request, run.outcome.returned
    if where == "input":
        return Judged(where, "The inputs", request.inputs, request.input_schema)
    if where == "auth":
        return Judged(where, "The auth", request.auth_fields, request.auth_schema)
    title = "What the poll returned" if request.kind is Kind.TRIGGER else "What the handler returned"
    return Judged(where, title, returned.value if returned else None, request.output_schema)


def expectation(problem: Problem, schema: JSON) -> str:
    """What the schema wants at the problem's place, as a phrase after "wants"; empty where there is none short."""
    rule = pointers.resolve(schema, problem.schema_pointer)
    if problem.keyword == "type" and isinstance(rule, str | list):
        return wanted(rule)
    if problem.keyword == "const" and rule is not ABSENT:
        return value_text(rule)
    if problem.keyword == "enum" and isinstance(rule, list):
        return "one of " + ", ".join(value_text(item, 24) for item in rule[:5]) + (" …" if len(rule) > 5 else "")
    bounds = {
        "minimum": "at least", "maximum": "at most", "exclusiveMinimum": "more than", "exclusiveMaximum": "less than",
        "multipleOf": "a multiple of",
    }  # fmt: skip
    if problem.keyword in bounds and isinstance(rule, int | float):
        return f"{bounds[problem.keyword]} {rule}"
    return _measured(problem.keyword, rule)


def _measured(keyword: str, rule: JSON | Absent) -> str:
    sizes = {
        "minLength": ("at least", "characters"), "maxLength": ("at most", "characters"),
        "minItems": ("at least", "items"), "maxItems": ("at most", "items"),
        "minProperties": ("at least", "members"), "maxProperties": ("at most", "members"),
    }  # fmt: skip
    if keyword in sizes and isinstance(rule, int):
        bound, unit = sizes[keyword]
        return f"{bound} {rule} {unit if rule != 1 else unit.removesuffix('s')}"
    if keyword == "pattern" and isinstance(rule, str):
        return f"a text that matches {rule}"
    return f"a text of format {rule}" if keyword == "format" and isinstance(rule, str) else ""


def note(problem: Problem, of: Judged) -> str:
    """The few words that stand at the marked node: ``null, wants a string``."""
    if problem.in_schema:
        return "the schema is wrong here"
    value = pointers.resolve(of.value, problem.pointer)
    if value is ABSENT:
        return "required"
    wants = expectation(problem, of.schema)
    if problem.keyword == "additionalProperties":
        return "not declared"
    return f"{_short(value)}, wants {wants}" if wants else problem.keyword


def _short(value: JSON) -> str:
    return kind_of(value) if isinstance(value, dict | list | str) else value_text(value, 20)


def is_of_sdk(problem: Problem) -> bool:
    """Whether no schema asks for it: that a poll returns a list of records, each with ``id`` and ``data``."""
    return problem.where == "output" and bool(problem.keyword) and not problem.schema_pointer


def told(problem: Problem, of: Judged) -> Sentence:
    """The problem as one sentence with the value and the place in it."""
    if is_of_sdk(problem) or problem.in_schema:
        return _message(problem)
    place, value = _place(problem), pointers.resolve(of.value, problem.pointer)
    if problem.keyword == "required" or value is ABSENT:
        return sentence(place, " is missing; the schema requires it.", *_instead(problem, of))
    if problem.keyword == "additionalProperties":
        return sentence(place, " is not declared; the schema allows no other members.")
    if wants := expectation(problem, of.schema):
        return sentence(place, " is ", code(value_text(value)), f"; the schema wants {wants}.")
    return _message(problem)


def _message(problem: Problem) -> Sentence:
    """The diagnosis' own sentence, the place in it marked where it begins with it."""
    if problem.pointer and problem.message.startswith(problem.pointer):
        return sentence(code(problem.pointer), problem.message.removeprefix(problem.pointer))
    return sentence(problem.message)


def _place(problem: Problem) -> Part:
    return code(problem.pointer) if problem.pointer else Part("The whole value")


def headline(problem: Problem, of: Judged, more: int) -> Sentence:
    """The headline of a refused run: its first problem, told of the one who made it; ``more`` counts the others."""
    tail = f" And {more} more." if more else ""
    if problem.in_schema:
        return _message(problem) + sentence(tail)
    value = pointers.resolve(of.value, problem.pointer)
    wants = expectation(problem, of.schema)
    if of.where == "output":
        return _of_output(problem, of, value, wants) + sentence(tail)
    subject = "The inputs" if of.where == "input" else "The auth"
    if value is ABSENT:
        verb = "lack" if of.where == "input" else "lacks"
        return sentence(
            f"{subject} {verb} ", code(problem.pointer), "; the schema requires it.", *_instead(problem, of), tail
        )
    if wants:
        has = "have" if of.where == "input" else "has"
        at = (" for ", code(problem.pointer)) if problem.pointer else ()
        return sentence(f"{subject} {has} ", code(value_text(value)), *at, f"; the schema wants {wants}.", tail)
    return told(problem, of) + sentence(tail)


def _instead(problem: Problem, of: Judged) -> tuple[str | Part, ...]:
    """The undeclared member beside a missing one that was probably meant to be it."""
    around = pointers.resolve(of.value, pointers.parent(problem.pointer))
    holder = pointers.resolve(of.schema, pointers.parent(problem.schema_pointer))
    declared = holder.get("properties") if isinstance(holder, dict) else None
    if not isinstance(around, dict) or not isinstance(declared, dict):
        return ()
    meant = similar(pointers.split(problem.pointer)[-1], [name for name in around if name not in declared])
    return (" Was ", code(meant), " meant to be it?") if meant else ()


def _of_output(problem: Problem, of: Judged, value: JSON | Absent, wants: str) -> Sentence:
    if is_of_sdk(problem):
        return sentence(problem.message)
    if value is ABSENT:
        requires = "; the schema requires it."
        return sentence(of.giver, " nothing for ", code(problem.pointer), requires, *_instead(problem, of))
    if wants:
        at = (" for ", code(problem.pointer)) if problem.pointer else ()
        return sentence(of.giver, " ", code(value_text(value)), *at, f"; the schema wants {wants}.")
    if problem.keyword == "additionalProperties":
        return sentence(of.giver, " ", code(problem.pointer), ", which the schema does not declare.")
    return _message(problem)
