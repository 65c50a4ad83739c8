"""What pages say of an integration in a few words: its kind of auth, and the tone of a finding."""

from collections.abc import Mapping
from types import MappingProxyType

from workbench.domain import Auth, Severity
from workbench.explain.text import count

SEVERITY_TONES: Mapping[Severity, str] = MappingProxyType(
    {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: ""}
)
"""The tone of each severity's pill and dot."""


def auth_label(auth: Auth) -> str:
    """The kind of auth in a few words: ``custom auth · 3 fields``, ``platform auth · github``, ``no auth``."""
    if auth.is_platform:
        return f"{auth.type} auth" + (f" · {auth.provider}" if auth.provider else "")
    properties = auth.fields.get("properties") if isinstance(auth.fields, dict) else None
    if not isinstance(properties, dict) or not properties:
        return "no auth"
    return f"{(auth.type or 'custom').lower()} auth · {count(len(properties), 'field')}"
