"""The secret path of ``workbench serve``: one for each user and port, the same after a restart.

So that a page that is open, or a bookmark, works again once its browser has signed in.
"""

import base64
import hashlib
import hmac
import secrets
from pathlib import Path

from workbench.profiles.private_folder import PrivateFolder, ProfilesError

_KEY = "key"
_BYTES = 32
_CHARACTERS = 16
"""Of six bits each: 96 bits."""


def session_path(port: int, folder: Path | None = None) -> str:
    """``/w-…``, from a key that only this user can read; one for this start alone where there cannot be a key."""
    digest = hmac.digest(_stored_key(folder or _default_folder()), str(port).encode(), hashlib.sha256)
    return f"/w-{base64.urlsafe_b64encode(digest).decode()[:_CHARACTERS]}"


def _stored_key(path: Path) -> bytes:
    folder, fresh = PrivateFolder(path), secrets.token_bytes(_BYTES)
    try:
        known = folder.read(_KEY)
        if known is None or len(known) != _BYTES:
            folder.write(_KEY, fresh)
            return fresh
    except ProfilesError:
        return fresh
    return known


def _default_folder() -> Path:
    import platformdirs  # not needed where a folder is given

    return platformdirs.user_config_path("autohive-workbench") / "session"
