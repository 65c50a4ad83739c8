"""Made-up values in the place of masks, so that a handler gets credentials of the right form and none that works."""

from typing import Any, Final

from workbench.answers.masks import MASK, SecretFill
from workbench.domain import JSON
from workbench.schema import is_valid_within
from workbench.schema.pattern_text import text_for

_DEEPEST: Final = 100
_NUMBERS: Final = (83_021_746, 8_302, 83, 8, 0.5)
_FORMATS: Final = {
    "uri": "https://made-up.example/{}",
    "url": "https://made-up.example/{}",
    "email": "{}@made-up.example",
    "uuid": "8302174a-0000-4000-8000-000000000000",
    "hostname": "made-up.example",
    "date": "2001-02-03",
    "date-time": "2001-02-03T04:05:06Z",
}


def fill_masks(value: JSON, schema: JSON = None) -> JSON:
    """``value`` with made-up values in place of ``‹name›``, always the same for a name.

    What is masked as a whole is valid under its part of ``schema``, where such a value is found.
    """
    return _fill(value, schema, schema, 0)


def fill_text(text: str) -> str:
    """A text with made-up values in place of its masks."""
    return SecretFill().text(text)


def _fill(value: JSON, node: Any, root: JSON, depth: int) -> JSON:
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        properties = node.get("properties") if isinstance(node, dict) else None
        below = properties if isinstance(properties, dict) else {}
        return {name: _fill(inner, below.get(name), root, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        items = node.get("items") if isinstance(node, dict) else None
        return [_fill(inner, items, root, depth + 1) for inner in value]
    if not isinstance(value, str):
        return value
    whole = MASK.fullmatch(value)
    return fill_text(value) if whole is None else _valid(fill_text(value), node, root)


def _valid(plain: str, node: Any, root: JSON) -> JSON:
    if not isinstance(node, dict):
        return plain
    return next((one for one in _candidates(plain, node) if is_valid_within(root, node, one)), plain)


def _candidates(plain: str, node: dict[str, Any]) -> list[JSON]:
    """Values for a secret, those that look like one first."""
    shortest, longest = (_length(node, name) for name in ("minLength", "maxLength"))
    sized = plain.ljust(shortest or 0, "0")
    found: list[JSON] = [plain, sized, sized[:longest], *_NUMBERS]
    if isinstance(pattern := node.get("pattern"), str):
        found += [text for text in (text_for(pattern, shortest or 8, longest), text_for(pattern)) if text is not None]
    if isinstance(form := node.get("format"), str) and form in _FORMATS:
        found.append(_FORMATS[form].format(plain))
    for name in ("const", "default"):
        found += [node[name]] if name in node else []
    for name in ("enum", "examples"):
        found += node[name] if isinstance(node.get(name), list) else []
    return found


def _length(node: dict[str, Any], name: str) -> int | None:
    length = node.get(name)
    return length if isinstance(length, int) and not isinstance(length, bool) and 0 <= length <= 10_000 else None
