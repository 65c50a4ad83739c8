"""Paths of this server that a request names: where a page stands, where to go back to."""

import re

_PATH = re.compile(r"/(?![/\\])[\w\-.~%/?=&+]*\Z", re.ASCII)
_LONGEST = 2_000


def own_path(here: str, default: str) -> str:
    """``here`` where it is a path of this server and nothing else, since it comes from a request."""
    return here if len(here) < _LONGEST and _PATH.match(here) else default
