"""Our own stylesheets and scripts, listed from the folder; their URLs hold a hash, so browsers can cache them.

A page loads all stylesheets as one: fifty requests a page cost the browser more than the styles in them.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import request, send_from_directory
from werkzeug.wrappers import Response

_FIRST = "layers.css"
"""Declares the order of the layers, so it stands before all other stylesheets."""
_ALL = "all.css"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file below ``static/``: its path there, and the beginning of the hash of its content."""

    path: str
    version: str


class Assets:
    """The files below ``static/``. A file that is edited gets a new version at once; an unchanged one is not read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: dict[str, tuple[int, int, str]] = {}

    def get(self, path: str) -> Asset:
        """The asset at ``path``. Raises :class:`OSError` where there is none."""
        stat = (self._root / path).stat()
        mark = (stat.st_mtime_ns, stat.st_size)
        known = self._seen.get(path)
        if known is None or known[:2] != mark:
            digest = hashlib.sha256((self._root / path).read_bytes()).hexdigest()[:12]
            known = self._seen[path] = (*mark, digest)
        return Asset(path, known[2])

    def serve(self, filename: str) -> Response:
        """The file, or a 404. A URL with the file's hash may be cached for a year, any other is checked each time."""
        response = self._all_styles() if filename == _ALL else send_from_directory(self._root, filename)
        caching = "private, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        response.headers["Cache-Control"] = caching
        return response

    def styles(self) -> Asset:
        """Every stylesheet as one, the layers' order first."""
        versions = "".join(asset.version for asset in self._sheets())
        return Asset(_ALL, hashlib.sha256(versions.encode()).hexdigest()[:12])

    def _sheets(self) -> list[Asset]:
        names = sorted(path.name for path in (self._root / "css").glob("*.css"))
        return [self.get(f"css/{name}") for name in sorted(names, key=lambda name: name != _FIRST)]

    def _all_styles(self) -> Response:
        text = "\n".join((self._root / sheet.path).read_text("utf-8") for sheet in self._sheets())
        response = Response(text, mimetype="text/css")
        response.set_etag(self.styles().version)
        return response.make_conditional(request)

    def scripts(self) -> list[Asset]:
        """htmx, then every script of ours."""
        own = sorted(path.name for path in (self._root / "js").glob("*.js"))
        return [self.get(path) for path in ("vendor/htmx.min.js", *(f"js/{n}" for n in own))]
