"""Where secrets stand in a header, a URL or a body, by the names that hold them.

A body is JSON, a form, multipart, XML, HTML or GraphQL; what is cut or a mixture of them is read all the same.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Final
from urllib.parse import unquote_plus

from workbench.events.secret_names import is_trivial
from workbench.jsondoc.string_text import unescaped

SHORTEST = 8
"""Characters of the shortest value that is masked outside of its own place."""

_HEADER = re.compile(
    r"(?:proxy-)?authorization|(?:set-)?cookie|.*token|.*[-_]secret|.*[-_]password"
    r"|(?:.*[-_])?(?:[a-z]*api|app|application|auth|access|secret|private|master|functions|subscription)[-_]?key",
    re.IGNORECASE,
)
_LINKS: Final = frozenset(("location", "content-location", "link", "refresh", "referer"))
"""Headers whose values are URLs."""
_NAME = (
    r"(?:access|refresh|id|auth|oauth|authenticity|session|bearer|api|secret|security|private|csrf|xsrf|bot)[_-]?token"
    r"|(?:access|oauth)[_-]?token[_-]?secret|code[_-]?verifier|device[_-]?code"
    r"|csrfmiddlewaretoken|__requestverificationtoken|x-(?:amz|goog)-(?:signature|security-token)"
    r"|(?:client|app|api|consumer|shared|signing|webhook)[_-]?secret|client[_-]?assertion"
    r"|(?:x[_-])?api[_-]?key|(?:secret|private|signing|account|subscription|master)[_-]?(?:access[_-]?)?key"
    r"|(?:new|old|current|user)?[_-]?password|passwd|passphrase"
)
_VAGUE = r"token|jwt|secret|(?:oauth_)?signature|sig|assertion"
"""Names that may hold something else: their values are secrets where they are long and no ordinary words."""
_FIRST = "(?=[abcdijmnoprstuwx_])"
"""Any first letter of these names: most places are left behind sooner with it."""
_ANY = rf"{_NAME}|{_VAGUE}"
_IN_JSON = re.compile(rf'"{_FIRST}({_ANY})"\s*:\s*"([^"\\]*+(?:\\.[^"\\]*+)*+)', re.IGNORECASE)
_IN_STRING = re.compile(rf'\\"{_FIRST}({_ANY})\\"\s*:\s*\\"((?:[^"\\]|\\[^"\\]|\\\\(?:\\")?)*+)', re.IGNORECASE)
"""JSON that stands in a string of JSON, as in a message of a WebSocket or in a queue."""
_IN_FORM = re.compile(
    rf"""(?:\A|[?&;#]){_FIRST}({_ANY})=((?:[^&\s#"\\<]|\\(?!")|"(?![\s,:>/\]}}]|\Z)|<(?!/))*+)""", re.IGNORECASE
)
"""A parameter of a form or of a URL, which may stand in a string of JSON or in an element."""
_IN_ELEMENT = re.compile(
    rf"<(?:[\w.-]+:)?{_FIRST}({_NAME})(?:\s[^<>]*)?>(?:<!\[CDATA\[)?([^<\]]++(?:\](?!\]>)[^<\]]*+)*+)", re.IGNORECASE
)
_IN_ATTRIBUTE = re.compile(rf"""\s{_FIRST}({_NAME})\s*=\s*(?:"([^"<>]+)|'([^'<>]+))""", re.IGNORECASE)
_IN_INPUT = re.compile(
    rf"""<(?:input|meta)\b(?=[^<>]*\sname=["']?({_NAME})["'\s/>])[^<>]*?\s(?:value|content)=(?:"([^"<>]+)|'([^'<>]+))""",
    re.IGNORECASE,
)
_IN_PART = re.compile(
    rf"""name="?({_NAME})"?(?:;[^\r\n]{{0,400}})?(?:\r?\n[^\r\n]{{1,400}}){{0,6}}\r?\n\r?\n([^\r\n]+)""", re.IGNORECASE
)
_IN_GRAPHQL = re.compile(rf'[\s({{,]({_NAME})\s*:\s*\\"((?:[^"\\]|\\[^"\\]|\\\\(?:\\")?)*+)', re.IGNORECASE)
_IN_HOST = re.compile(r"""://[^\s/?#@:"'<>\\]*:([^\s/?#@"'<>\\]+)@""")
"""The password before the host of a URL."""
_IN_AUTHORIZATION = re.compile(r"""[\s,](signature|response|oauth_(?:token|signature))="?([^\s",]+)""", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9_-]*) +(?=\S)")
_ORDINARY = re.compile(
    r"true|false|null|none|undefined|bearer|basic|token|anonymous|public|default|deleted|[*xX•.]+"
    r"|v?[0-9]+(?:[.-][0-9]+)*|[0-9-]+T[0-9:.]+(?:Z|[+-][0-9:]+)?",
    re.IGNORECASE,
)
_ESCAPED = re.compile("%[0-9A-Fa-f]{2}")
_IS_VAGUE = re.compile(_VAGUE, re.IGNORECASE)

type Plain = Callable[[str], tuple[str, ...]]

type Place = tuple[int, int, str]
"""Start and end in a text, and the name of what stands there."""


def is_searchable(value: str) -> bool:
    """Whether a value can be masked in any text without a loss of ordinary words."""
    return len(value) >= SHORTEST and not is_trivial(value) and _ORDINARY.fullmatch(value) is None


def header_places(name: str, value: str) -> Iterator[Place]:
    """The places of secrets in a header, each with what it is called. A scheme of Authorization is none."""
    lower = name.lower()
    if not value:
        return
    if lower in _LINKS:
        yield from text_places(value)
    elif _HEADER.fullmatch(name) is None:
        return
    elif lower == "cookie":
        yield from _cookies(value, 0)
    elif lower == "set-cookie":
        yield from _cookies(value.partition(";")[0], 0)
    else:
        scheme = _SCHEME.match(value) if lower.endswith("authorization") else None
        yield scheme.end() if scheme else 0, len(value), name


def authorization_secrets(name: str, value: str) -> Iterator[tuple[str, str]]:
    """The parts of an Authorization header that are secrets by themselves, as a signature is."""
    for match in _IN_AUTHORIZATION.finditer(value):
        for part in dict.fromkeys(_of_url(match[2])):
            yield f"{name} {match[1]}", part


def text_places(text: str) -> Iterator[Place]:
    """The places of secrets in a URL or a body, also one that is cut, each with its name."""
    for start, end, name, _ in _found(text):
        yield start, end, name


def text_secrets(text: str) -> Iterator[tuple[str, str]]:
    """The same as names and values, as code has them: without the escapes of JSON, a URL or HTML."""
    for start, end, name, plain in _found(text):
        for value in dict.fromkeys(plain(text[start:end])):
            yield name, value


def _found(text: str) -> Iterator[tuple[int, int, str, Plain]]:
    for pattern, plain in _patterns(text):
        for match in pattern.finditer(text):
            group = 2 if match[2] else (match.lastindex or 2)
            name, value = match[1], match[group]
            if value and (_IS_VAGUE.fullmatch(name) is None or (is_searchable(value) and " " not in value)):
                yield *match.span(group), name, plain
    if "@" in text:
        for match in _IN_HOST.finditer(text):
            yield *match.span(1), "password", _of_url


def _patterns(text: str) -> Iterator[tuple[re.Pattern[str], Plain]]:
    """Those that can find anything: each takes time for every character of a large body."""
    yield _IN_JSON, _of_json
    yield _IN_FORM, _of_url
    if '\\"' in text:
        yield _IN_STRING, _of_nested_json
        if "query" in text or "mutation" in text:
            yield _IN_GRAPHQL, _of_nested_json
    if "<" in text:
        yield from ((pattern, _of_markup) for pattern in (_IN_ELEMENT, _IN_ATTRIBUTE, _IN_INPUT))
    if "form-data" in text:
        yield _IN_PART, _of_part


def _of_json(value: str) -> tuple[str, ...]:
    return (unescaped(value),)


def _of_nested_json(value: str) -> tuple[str, ...]:
    return (unescaped(unescaped(value)),)


def _of_url(value: str) -> tuple[str, ...]:
    plain = unquote_plus(value)
    return (plain,) if _ESCAPED.search(value) else (value.replace("\\/", "/"), plain)  # a plus may be one


def _of_markup(value: str) -> tuple[str, ...]:
    return (unescape(value),)


def _of_part(value: str) -> tuple[str, ...]:
    return (value,)


def _cookies(text: str, start: int) -> Iterator[Place]:
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals and (bare := value.strip()):
            at = start + len(name) + 1 + len(value) - len(value.lstrip())
            yield at, at + len(bare), f"cookie {name.strip()}"
        start += len(part) + 1
