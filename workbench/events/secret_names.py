"""Whether one value is a secret, by its name, its schema and what the person says of it.

A value is secret where its ``format`` is ``password``, where its name or label has a word such as key, token or
secret, and by default: an unknown string counts as a secret. It is not where its name or label has a word such as user,
host or region, where its ``format`` is a plain one, where the schema lists its values, and where it is a number or a
boolean without such a name. What the person says of a name goes before all of these.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from workbench.domain import JSON

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
_TRIVIAL = re.compile(
    "true|false|yes|no|on|off|none|null|[0-9]{1,5}|debug|info|warning|error|default|auto|all|utf-?8|localhost"
    "|dev(elopment)?|test(ing)?|staging|prod(uction)?|sandbox|live|local|enabled|disabled",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SecretRules:
    """The rules for one kind of values. ``secret`` and ``public`` are names of which a person said what they are.

    ``unknown`` is whether a string is a secret whose name matches no rule.
    """

    unknown: bool = True
    secret: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()

    def corrected(self, secret: frozenset[str], public: frozenset[str]) -> "SecretRules":
        """The rules with what a person said besides."""
        return replace(self, secret=(self.secret | secret) - public, public=(self.public | public) - secret)

    def says_secret(self, name: str, schema: JSON) -> bool:
        """Whether ``name`` is one of a secret, so that everything below it is."""
        return name not in self.public and (name in self.secret or names_secret(name, schema))


BY_DEFAULT: Final = SecretRules()
"""For credentials: a string is a secret unless its name or schema speaks against it."""
BY_NAME: Final = SecretRules(unknown=False)
"""For metadata: only what a name says is a secret."""


def is_secret(name: str, schema: JSON, value: JSON, rules: SecretRules = BY_DEFAULT, *, inherited: bool) -> bool:
    """Whether a scalar is a secret. ``inherited`` is whether the name of a parent is one of a secret."""
    if value is None or isinstance(value, bool) or name in rules.public:
        return False
    if inherited or rules.says_secret(name, schema):
        return True
    if not rules.unknown or isinstance(value, int | float):
        return False
    if _PLAIN_FORMAT.fullmatch(format_of(schema)) or _member(schema, "enum"):
        return False
    return not any(_PLAIN_WORD.fullmatch(word) for word in (*_words(name), *_words(_label(schema))))


def names_secret(name: str, schema: JSON) -> bool:
    """Whether the name, the label or the format says that the value is a secret."""
    if format_of(schema) == "password":
        return True
    if _member(schema, "enum"):
        return False
    words = _words(name)
    if words and _QUALIFIER.fullmatch(words[-1]) and "webhook" not in words:
        return False
    return any(_SECRET_WORD.fullmatch(word) for word in (*words, *_words(_label(schema))))


def is_trivial(text: str) -> bool:
    """Whether a text is a switch, a short number or a usual setting, which would be masked all over a page."""
    return not text or _TRIVIAL.fullmatch(text) is not None


def format_of(schema: JSON) -> str:
    """The ``format`` of a schema; empty where there is none."""
    text = _member(schema, "format")
    return text if isinstance(text, str) else ""


def member_schema(schema: JSON, name: str) -> JSON:
    """The schema of the property ``name``, or None."""
    properties = _member(schema, "properties")
    return properties.get(name) if isinstance(properties, dict) else None


def item_schema(schema: JSON) -> JSON:
    """The schema of the items of an array, or None."""
    return _member(schema, "items")


def _label(schema: JSON) -> str:
    label = _member(schema, "label") or _member(schema, "title")
    return label if isinstance(label, str) else ""


def _words(text: str) -> list[str]:
    """``clientSecret``, ``client_secret`` and ``Client secret`` are all two words."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)]


def _member(schema: JSON, name: str) -> JSON:
    return schema.get(name) if isinstance(schema, dict) else None
