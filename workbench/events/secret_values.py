"""Names of secrets in URLs and bodies, and what of the value that such a name has is the secret.

The name alone is enough for ``password``. Others may hold something else: ``token`` is a secret where its value is long
and no ordinary word, ``session_id`` where it looks random, ``code`` where it is one of OAuth. What would be masked by
accident elsewhere, such as a digit or a word, is masked in its own place only.
"""

import re
from collections.abc import Iterator
from typing import Final

from workbench.events.secret_names import is_trivial
from workbench.events.secret_shapes import SHORTEST_RANDOM, is_random, random_parts

SHORTEST: Final = 8
"""Characters of the shortest value that is masked outside of its own place."""

_CODE: Final = "t?otp|passcode|pin|(?:mfa|t?otp|one[_-]?time|two[_-]?factor|verification|backup|recovery)[_-]?code"
"""Codes that a person reads and types."""
_WHOSE: Final = (
    "account|admin|app|confirm|current|database|db|encrypted|ftp|h323|host|login|mail|meeting|new|old|one[_-]?time|proxy"
    "|pstn|repeat|root|sftp|smtp|ssh|user"
)
"""What stands before ``password``."""
NAME: Final = (
    r"(?:access|refresh|id|auth|oauth|authenticity|session|bearer|api|secret|security|private|csrf|xsrf|bot)[_-]?token"
    r"|(?:app|bot|client|customer|long[_-]?lived|page|tenant|user)[_-]?(?:access|refresh)[_-]?token"
    r"|(?:access|oauth)[_-]?token[_-]?secret|code[_-]?verifier|device[_-]?code|id[_-]?token[_-]?hint|_?[cx]srf|_token"
    r"|csrfmiddlewaretoken|__requestverificationtoken|x-(?:amz|goog)-(?:signature|security-token)"
    r"|(?:client|app|api|consumer|shared|signing|webhook)[_-]?secret|client[_-]?assertion|jsessionid|phpsessid"
    r"|(?:x[_-]|h)?api[_-]?key|(?:secret|shared|private|signing|account|subscription|master)[_-]?(?:access[_-]?)?key"
    r"|private[_-]?key[_-]?data"
    rf"|(?:{_WHOSE})?[_-]?password|password[_-]?confirmation|passwd|passphrase|{_CODE}"
)
"""Names that hold secrets wherever they stand."""
_VAGUE: Final = (
    r"token|jwt|secret|(?:oauth_)?signature|sig|assertion|saml[_-]?response|temp[_-]?auth"
    r"|(?:actor|admin|app|confirmation|deploy|identity|invit(?:e|ation)|link|login|mfa|password[_-]?reset|registration"
    r"|reset|runners?|service|sso|subject|temp|trigger|upload|user|verif(?:y|ication))[_-]?token|(?:app(?:lication)?|auth|encryption|hmac|license|sentry|server)[_-]?key"
)
_SESSION: Final = r"_?sid|session[_-]?id"
_HEADER: Final = r"(?:proxy-)?authorization|(?:set-)?cookie"
"""Headers as members: a batch has those of each request."""
_ADDRESS: Final = r"upload[_-]?ur[il]|(?:pre)?signed[_-]?ur[il]|response[_-]?ur[il]"
"""Addresses that open without a login."""
MEMBER: Final = rf"{NAME}|{_VAGUE}|{_SESSION}|{_HEADER}|{_ADDRESS}|code"
PARAMETER: Final = rf"{NAME}|{_VAGUE}|{_SESSION}|code|pwd|(?:key|upload[_-]?id)(?==[^&\s]{{{SHORTEST_RANDOM}}})"
ELEMENT: Final = rf"{NAME}|{_SESSION}|{_HEADER}|{_ADDRESS}|token"
FIRST: Final = "(?=[abcdehijklmnoprstuvwx_])"
"""Any first letter of these names: most places are left behind sooner with it."""

_IS_CODE = re.compile(_CODE, re.IGNORECASE)
_IS_VAGUE = re.compile(_VAGUE, re.IGNORECASE)
_IS_RANDOM = re.compile(rf"{_SESSION}|key|upload[_-]?id", re.IGNORECASE)
_IS_ADDRESS = re.compile(_ADDRESS, re.IGNORECASE)
_PIN = re.compile("[0-9]{4,8}")
_DIGIT = re.compile("[0-9]")
_OF_OAUTH = re.compile(r"""(?<![A-Za-z_])grant_type(?:\\*"|=)""")
"""What stands in a request beside the code that it exchanges for a token."""
_OF_REDIRECT = re.compile(r"[?&#](?:amp;)?(?:session_)?state=")
_SHORTEST_CODE = 16
_LONGEST_CODE = 200
"""Characters of the longest value that is a code: a longer one may be that of a program."""
_NEAR = 2000
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9_-]*) +(?=\S)")
_ORDINARY = re.compile(
    r"true|false|null|none|undefined|bearer|basic|token|anonymous|public|default|deleted|[*xX•.]+"
    r"|v?[0-9]+(?:[.-][0-9]+)*|[0-9-]+T[0-9:.]+(?:Z|[+-][0-9:]+)?",
    re.IGNORECASE,
)

type Place = tuple[int, int, str]
"""Start and end in a text, and the name of what stands there."""


def is_searchable(value: str) -> bool:
    """Whether a value can be masked in any text without a loss of ordinary words."""
    return len(value) >= SHORTEST and not is_trivial(value) and _ORDINARY.fullmatch(value) is None


def after_scheme(value: str) -> int:
    """Where in a value of Authorization its secret begins: after ``Bearer`` or another scheme."""
    scheme = _SCHEME.match(value)
    return scheme.end() if scheme else 0


def cookies(text: str, start: int) -> Iterator[Place]:
    """The values of ``a=1; b=2``, which stands at ``start``."""
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals and (bare := value.strip()):
            at = start + len(name) + 1 + len(value) - len(value.lstrip())
            yield at, at + len(bare), f"cookie {name.strip()}"
        start += len(part) + 1


def secret_parts(name: str, text: str, start: int, end: int) -> Iterator[Place]:
    """The secrets in ``text[start:end]``, the value that ``name`` has; none where it holds something else."""
    value, lower = text[start:end], name.lower()
    if lower == "jsessionid":  # stands before the parameters of a URL
        value = value.partition("?")[0]
        end = start + len(value)
    if lower.endswith("authorization"):
        secret = after_scheme(value)
        bare = value[secret:]
        if is_searchable(bare) and " " not in bare and (secret or _DIGIT.search(bare)):
            yield start + secret, end, name
    elif lower.endswith("cookie"):
        yield from cookies(value.partition(";")[0] if lower == "set-cookie" else value, start)
    elif _IS_ADDRESS.fullmatch(name):
        yield from ((first, last, name) for first, last in random_parts(text, start, end))
    elif _holds_secret(lower, value, text, start, end):
        yield start, end, name


def _holds_secret(name: str, value: str, text: str, start: int, end: int) -> bool:
    if name == "code":
        return _is_secret_code(value, text, start, end)
    if name == "pin":
        return _PIN.fullmatch(value) is not None
    if _IS_CODE.fullmatch(name):
        return " " not in value and (value.isupper() or _DIGIT.search(value) is not None)
    if _IS_RANDOM.fullmatch(name):
        return is_random(value)
    return _IS_VAGUE.fullmatch(name) is None or (is_searchable(value) and " " not in value)


def _is_secret_code(value: str, text: str, start: int, end: int) -> bool:
    """Whether a value is the code of a login or of a function, rather than that of a country or an error."""
    if not is_searchable(value) or " " in value or _DIGIT.search(value) is None:
        return False
    if len(value) <= _LONGEST_CODE and is_random(value):
        return True
    around = text[max(0, start - _NEAR) : end + _NEAR]
    if "grant_type" in around and _OF_OAUTH.search(around):
        return True
    return len(value) >= _SHORTEST_CODE and "state=" in around and _OF_REDIRECT.search(around) is not None
