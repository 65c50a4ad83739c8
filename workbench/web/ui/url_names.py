"""Names out of ``config.json`` as a segment of a URL: any string at all, the readable ones as they are.

``..``, an empty name, a slash or half a surrogate pair cannot stand in a path; such names travel as ``~`` and the
base64 of their UTF-8.
"""

import base64
import binascii
from urllib.parse import quote

from werkzeug.routing import BaseConverter, ValidationError

_MARK = "~"


class NameConverter(BaseConverter):
    """``<name:…>`` in a route."""

    part_isolating = True
    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The name as ``config.json`` has it. No route matches where the segment is not the one that we would write."""
        if not value.startswith(_MARK):
            return value
        try:
            raw = base64.urlsafe_b64decode(value[1:] + "=" * (-len(value[1:]) % 4))
            return raw.decode("utf-8", "surrogatepass")
        except (binascii.Error, UnicodeError, ValueError) as error:
            raise ValidationError from error

    def to_url(self, value: str) -> str:
        """The segment of a name."""
        if _is_plain(value):
            return quote(value, safe="")
        return _MARK + base64.urlsafe_b64encode(value.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _is_plain(name: str) -> bool:
    if name in ("", ".", "..") or name.startswith(_MARK) or "/" in name or "\\" in name:
        return False
    return name.isprintable() and not any("\ud800" <= character <= "\udfff" for character in name)
