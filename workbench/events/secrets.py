"""Which values of an auth document are secrets.

A field is secret where its ``format`` is ``password``, where its name or label has a word such as key, token or
secret, and by default: an unknown string counts as a secret. It is not where its name or label has a word such as user,
host or region, where its ``format`` is a plain one, where the schema lists its values, and where it is a number or a
boolean without such a name.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from workbench.domain import JSON, MaskedText

_SECRET_WORD = re.compile(
    "auth|authorization|bearer|cert|certificate|cookie|hmac|jwt|keys|otp|pass|passcode|passwd|pat|pin|private|pwd|salt"
    "|seed|session|sid|signature|webhook|.*key|.*(apikey|credential|passphrase|password|secret|token).*"
)
_QUALIFIER = re.compile(
    "algorithm|domain|endpoint|expir(y|es|ation)|host|in|issuer|lifetime|location|method|name|region|scopes?|type|ur[il]"
)
"""A last word that names a property of the secret rather than the secret: ``token_url``, ``token_type``."""
_PLAIN_WORD = re.compile(
    "account|address|client|company|country|customer|database|domain|e?mail|endpoint|env|environment|expires|host"
    "|hostname|id|instance|issuer|lang|language|locale|location|login|mode|name|org|organi[sz]ation|owner|path|phone"
    "|port|project|provider|realm|region|scheme|scopes?|server|shop|site|store|subdomain|team|tenant|timeout|timezone"
    "|type|ur[il]|user|username|version|workspace|zone"
)
_PLAIN_FORMAT = re.compile("date|date-time|(idn-)?email|(idn-)?hostname|ipv4|ipv6|text|time|uri|url|uuid")
_LONGEST_LINE_IGNORED = 15


def secrets_of(schema: JSON, auth: JSON) -> dict[str, str]:
    """The secrets among the values of ``auth``, by the field's name; nested ones too.

    ``schema`` is that of the fields, or None. Where two fields have one name, the later is named by its path.
    """
    found: dict[str, str] = {}
    for path, text in _walk(schema, _fields(auth), (), False):
        name = path[-1] if path[-1] not in found else ".".join(path)
        while name in found and found[name] != text:
            name += "'"
        found[name] = text
    return found


def masked_auth(schema: JSON, auth: JSON) -> JSON:
    """``auth`` with a :class:`MaskedText` (``‹name›``) in place of every secret value, however short."""
    if auth is not _fields(auth) and isinstance(auth, dict):
        return auth | {"credentials": _mask(schema, _fields(auth), (), False)}
    return _mask(schema, auth, (), False)


def passwords_of(schema: JSON, value: JSON) -> dict[str, str]:
    """The values of fields with ``format: password``, nested ones too; for inputs, where nothing else is a secret."""
    return {path[-1]: text for path, text in _walk_formats(schema, value, ()) if path}


def _fields(auth: JSON) -> JSON:
    """The fields, taken out of the envelope where there is one."""
    if isinstance(auth, dict) and isinstance(auth.get("credentials"), dict):
        return auth["credentials"]
    return auth


def _walk(schema: JSON, value: JSON, path: tuple[str, ...], inherited: bool) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each secret with its path. ``inherited`` is whether the name of a parent is one of a secret."""
    if isinstance(value, dict):
        for name, member in value.items():
            below = _member_schema(schema, name)
            yield from _walk(below, member, (*path, name), inherited or _names_secret(name, below))
    elif isinstance(value, list):
        for item in value:
            yield from _walk(_item_schema(schema), item, path, inherited)
    elif path and _is_secret(path[-1], schema, value, inherited):
        text = _as_text(value)
        yield path, text
        yield from _inside(path, text)
    elif path and isinstance(value, str) and (password := _password_in_url(value)):
        yield (*path, f"{path[-1]} password"), password


def _mask(schema: JSON, value: JSON, path: tuple[str, ...], inherited: bool) -> JSON:
    if isinstance(value, dict):
        return {
            name: _mask(below, member, (*path, name), inherited or _names_secret(name, below))
            for name, member in value.items()
            for below in (_member_schema(schema, name),)
        }
    if isinstance(value, list):
        return [_mask(_item_schema(schema), item, path, inherited) for item in value]
    if path and _as_text(value) and _is_secret(path[-1], schema, value, inherited):
        return MaskedText.whole(path[-1])
    return value


def _walk_formats(schema: JSON, value: JSON, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _walk_formats(_member_schema(schema, name), member, (*path, name))
    elif isinstance(value, list):
        for item in value:
            yield from _walk_formats(_item_schema(schema), item, path)
    elif isinstance(value, str) and value and _format(schema) == "password":
        yield path, value


def _is_secret(name: str, schema: JSON, value: JSON, inherited: bool) -> bool:
    if value is None or isinstance(value, bool):
        return False
    if inherited or _names_secret(name, schema):
        return True
    if isinstance(value, int | float) or _PLAIN_FORMAT.fullmatch(_format(schema)) or _member(schema, "enum"):
        return False
    return not any(_PLAIN_WORD.fullmatch(word) for word in (*_words(name), *_words(_label(schema))))


def _names_secret(name: str, schema: JSON) -> bool:
    if _format(schema) == "password":
        return True
    words = _words(name)
    if words and _QUALIFIER.fullmatch(words[-1]) and "webhook" not in words:
        return False
    return any(_SECRET_WORD.fullmatch(word) for word in (*words, *_words(_label(schema))))


def _format(schema: JSON) -> str:
    text = _member(schema, "format")
    return text if isinstance(text, str) else ""


def _label(schema: JSON) -> str:
    label = _member(schema, "label") or _member(schema, "title")
    return label if isinstance(label, str) else ""


def _words(text: str) -> list[str]:
    """``clientSecret``, ``client_secret`` and ``Client secret`` are all two words."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)]


def _inside(path: tuple[str, ...], text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a secret may be used by parts: the strings of a JSON document, the lines of a key file."""
    if text.lstrip().startswith("{"):
        try:
            document: JSON = json.loads(text)
        except ValueError:
            document = None
        yield from _walk(None, document, path, False)
    lines = text.splitlines()
    if len(lines) > 1:
        for number, line in enumerate(lines, 1):
            if len(line.strip()) > _LONGEST_LINE_IGNORED:
                yield (*path, f"{path[-1]} line {number}"), line.strip()


def _password_in_url(text: str) -> str | None:
    if "://" not in text or "@" not in text:
        return None
    try:
        password = urlsplit(text).password
    except ValueError:
        return None
    return unquote(password) if password else None


def _as_text(value: JSON) -> str:
    return value if isinstance(value, str) else "" if value is None or isinstance(value, bool) else json.dumps(value)


def _member(schema: JSON, name: str) -> JSON:
    return schema.get(name) if isinstance(schema, dict) else None


def _member_schema(schema: JSON, name: str) -> JSON:
    properties = _member(schema, "properties")
    return properties.get(name) if isinstance(properties, dict) else None


def _item_schema(schema: JSON) -> JSON:
    return _member(schema, "items")
