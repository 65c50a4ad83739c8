"""Where secrets stand in a header, a URL or a body, by the names that hold them.

A body is JSON, a form, multipart, XML, HTML or GraphQL; what is cut or a mixture of them is read all the same.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Final
from urllib.parse import unquote, unquote_plus

from workbench.events.secret_shapes import is_random, shaped_places
from workbench.events.secret_values import (
    ELEMENT,
    FIRST,
    MEMBER,
    NAME,
    PARAMETER,
    Place,
    after_scheme,
    cookies,
    secret_parts,
)
from workbench.events.text_layers import fold
from workbench.jsondoc.string_text import unescaped

_HEADER = re.compile(
    r"(?:(?:proxy-)?authorization|x-[a-z-]*auth|(?:set-)?cookie|.*token|.*[-_]secret|.*[-_]password|.*session(?:-?id)?"
    r"|(?:.*[-_])?(?:[a-z]*api|app|application|auth|access|secret|private|master|functions|subscription)[-_]?key)"
    r"(?:-bin)?",  # bytes, in metadata of gRPC
    re.IGNORECASE,
)
_LINKS: Final = frozenset(("location", "content-location", "link", "refresh", "referer"))
"""Headers whose values are URLs, also relative ones."""
_IN_JSON = re.compile(rf'"{FIRST}({MEMBER})(?:"\s*:\s*"([^"\\]*+(?:\\.[^"\\]*+)*+)|s"\s*:\s*\[([^\[\]{{}}]*+))')
_ARRAY: Final = 3
"""The group with the items of an array, whose name is that of several."""
_ITEM = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"?')
_IN_STRING = re.compile(rf'\\"{FIRST}({MEMBER})\\"\s*:\s*\\"((?:[^"\\]|\\[^"\\]|\\\\(?:\\.|[^"\\]))*+)')
"""JSON that stands in a string of JSON, as in a message of a WebSocket or in a queue."""
_IN_FORM = re.compile(rf"""(?:\A|[?&;#]){FIRST}({PARAMETER})=((?:[^&\s#"\\<]|\\(?!")|"(?![\s,:>/\]}}]|\Z)|<(?!/))*+)""")
"""A parameter of a form or of a URL, which may stand in a string of JSON or in an element."""
_IN_ENCODED = re.compile(rf"""%(?:3f|26|23){FIRST}({PARAMETER})%3d((?:[^&\s#"\\<%]|%(?!26|23|22))++)""")
"""A parameter of a URL that is a parameter itself, as the page to go on to after a login."""
_IN_ADDRESS = re.compile(rf"""[?&]{FIRST}({PARAMETER})=(?!%[s(])([^&\s#"'<>\\()\[\]{{}}]++)""")
"""A parameter of a URL in a sentence, as in the message of an exception; none of a template in a line of code."""
_IN_ELEMENT = re.compile(rf"<(?:[\w.-]+:)?{FIRST}({ELEMENT})(?:\s[^<>]*)?>(?:<!\[cdata\[)?((?:[^<\]]++|\](?!\]>))++)")
_IN_ATTRIBUTE = re.compile(rf"""\s{FIRST}({ELEMENT})\s*=\s*(?:"([^"<>]+)|'([^'<>]+))""")
_IN_INPUT = re.compile(
    rf"""<(?:input|meta)\b(?=[^<>]*\sname=["']?({NAME})["'\s/>])[^<>]*?\s(?:value|content)=(?:"([^"<>]+)|'([^'<>]+))"""
)
_IN_PART = re.compile(
    rf"""name="?({PARAMETER})"?(?:;[^\r\n]{{0,400}})?(?:\r?\n[^\r\n]{{1,400}}){{0,6}}\r?\n\r?\n([^\r\n]+)"""
)
_IN_GRAPHQL = re.compile(rf'[\s({{,]({NAME})\s*:\s*\\"((?:[^"\\]|\\[^"\\]|\\\\(?:\\.|[^"\\]))*+)')
_IN_LINE = re.compile(r"(?:\A|[\r\n]|\\n)((?:proxy-)?authorization|(?:set-)?cookie|x-api-key): *([^\r\n\"]+)")
"""A header of a request within a body, as in a batch of them."""
_IN_SCRIPT = re.compile(r"""document\.(cookie)\s*=\s*["'`]([^"'`;\r\n]+)""")
_IN_HOST = re.compile(r"""://([^\s/?#@:"'<>\\]*)(?::([^\s/?#@"'<>\\]+))?@""")
"""The user and the password before the host of a URL."""
_IN_AUTHORIZATION = re.compile(
    r"""[\s,](signature|response|oauth_(?:token|signature)|(?!oauth_consumer_key)[a-z]+_(?:key|secret))="?([^\s",]+)""",
    re.IGNORECASE,
)
_ESCAPED = re.compile("%[0-9A-Fa-f]{2}")

type Plain = Callable[[str], tuple[str, ...]]


def header_places(name: str, value: str) -> Iterator[Place]:
    """The places of secrets in a header, each with what it is called. A scheme of Authorization is none."""
    lower = name.lower()
    if not value:
        return
    if _HEADER.fullmatch(name) is None:
        if lower in _LINKS or "://" in value or "eyJ" in value:
            yield from text_places(value)
    elif lower.endswith("cookie"):
        yield from cookies(value.partition(";")[0] if lower == "set-cookie" else value, 0)
    else:
        yield after_scheme(value) if is_authorization(name) else 0, len(value), name


def is_authorization(name: str) -> bool:
    """Whether a header has a scheme before its secret."""
    return name.lower().endswith(("authorization", "auth"))


def authorization_secrets(name: str, value: str) -> Iterator[tuple[str, str]]:
    """The parts of an Authorization header that are secrets by themselves, as a signature is."""
    for match in _IN_AUTHORIZATION.finditer(value):
        for part in dict.fromkeys(_of_url(match[2])):
            yield f"{name} {match[1]}", part


def text_places(text: str) -> Iterator[Place]:
    """The places of secrets in a URL or a body, also one that is cut, each with its name."""
    for start, end, name, _ in _found(text):
        yield start, end, name


def address_places(text: str) -> Iterator[Place]:
    """The places of secrets in the URLs that a message or a line of output has."""
    if "?" in text and "=" in text:
        for match in _IN_ADDRESS.finditer(fold(text)):
            yield from secret_parts(text[slice(*match.span(1))], text, *match.span(2))


def text_secrets(text: str) -> Iterator[tuple[str, str]]:
    """The same as names and values, as code has them: without the escapes of JSON, a URL or HTML."""
    for start, end, name, plain in _found(text):
        for value in dict.fromkeys(plain(text[start:end])):
            yield name, value


def _found(text: str) -> Iterator[tuple[int, int, str, Plain]]:
    folded = fold(text)
    for pattern, plain in _patterns(folded):
        for match in pattern.finditer(folded):
            name, is_array = text[slice(*match.span(1))], plain is _of_json and match.lastindex == _ARRAY
            whole = match.span(2 if match[2] else (match.lastindex or 2))
            spans = [item.span(1) for item in _ITEM.finditer(text, *whole)] if is_array else [whole]
            for start, end in spans:
                may_be_word = plain is _of_markup or is_array
                if start < end and not (may_be_word and _is_word_of_text(name, text[start:end])):
                    yield from ((*place, plain) for place in secret_parts(name, text, start, end))
    if "@" in text:
        for match in _IN_HOST.finditer(text):
            if is_random(match[1]):
                yield *match.span(1), "user of a URL", _of_url
            if match[2]:
                yield *match.span(2), "password", _of_url
    for place in shaped_places(text):
        yield *place, _of_json


def _is_word_of_text(name: str, value: str) -> bool:
    """Whether an element, attribute or item of an array called ``token`` is one of a text that was taken apart."""
    return name.lower() == "token" and not is_random(value, 20)


def _patterns(text: str) -> Iterator[tuple[re.Pattern[str], Plain]]:
    """Those that can find anything in a text of lower case: each takes time for every character of a large body.

    They have lower case only, since a search in any letter case takes three times as long.
    """
    yield _IN_JSON, _of_json
    yield _IN_FORM, _of_url
    if "%3d" in text:
        yield _IN_ENCODED, _of_encoded_url
    if '\\"' in text:
        yield _IN_STRING, _of_nested_json
        if "query" in text or "mutation" in text:
            yield _IN_GRAPHQL, _of_nested_json
    if "<" in text:
        yield from ((pattern, _of_markup) for pattern in (_IN_ELEMENT, _IN_ATTRIBUTE, _IN_INPUT))
    if "form-data" in text:
        yield _IN_PART, _of_part
    if "authorization:" in text or "cookie:" in text:
        yield _IN_LINE, _of_json
    if "document.cookie" in text:
        yield _IN_SCRIPT, _of_part


def _of_json(value: str) -> tuple[str, ...]:
    return (unescaped(value),)


def _of_nested_json(value: str) -> tuple[str, ...]:
    return (unescaped(unescaped(value)),)


def _of_url(value: str) -> tuple[str, ...]:
    plain = unquote_plus(value)
    return (plain,) if _ESCAPED.search(value) else (value.replace("\\/", "/"), plain)  # a plus may be one


def _of_encoded_url(value: str) -> tuple[str, ...]:
    return _of_url(unquote(value))


def _of_markup(value: str) -> tuple[str, ...]:
    return (unescape(value),)


def _of_part(value: str) -> tuple[str, ...]:
    return (value,)
