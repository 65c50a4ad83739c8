"""The secrets among the environment variables that a worker inherits: nobody chose them for a run, so names decide."""

import re
from collections.abc import Mapping

from workbench.events.connection_strings import passwords_in
from workbench.events.secret_names import BY_NAME, SecretRules, is_trivial

_SECRET_NAME = re.compile(
    r"(?:.*_)?(?:\w*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE)|CREDENTIALS?|PWD|PAT)", re.IGNORECASE
)
_FOLDERS = ("PWD", "OLDPWD")
_PATH = ("/", "~/", "./")
_SHORTEST = 8
"""Characters; a shorter value would be masked in ordinary text, and is no token."""


def inherited_secrets(environ: Mapping[str, str], rules: SecretRules = BY_NAME) -> dict[str, str]:
    """The secrets among the values of ``environ`` and the passwords inside them, by name.

    A path is not one: the file that it leads to holds the secret.
    """
    found: dict[str, str] = {}
    for name, value in environ.items():
        if _is_secret(name, value, rules):
            found[name] = value
        elif name not in rules.public:
            passwords = (text for text in passwords_in(value) if len(text) >= _SHORTEST)
            found |= {f"{name} password": text for text in passwords}
    return found


def with_inherited(own: Mapping[str, str], environ: Mapping[str, str], rules: SecretRules) -> dict[str, str]:
    """``own`` secrets and those of ``environ``; one value is shown under its own name first."""
    inherited = inherited_secrets(environ, rules)
    return dict(own) | {name: value for name, value in inherited.items() if name not in own}


def _is_secret(name: str, value: str, rules: SecretRules) -> bool:
    if name in rules.public or name in rules.secret:
        return name in rules.secret
    if len(value) < _SHORTEST or is_trivial(value) or value.startswith(_PATH) or name in _FOLDERS:
        return False
    return _SECRET_NAME.fullmatch(name) is not None
