"""Our own stylesheets and scripts, listed from the folder; their URLs hold a hash, so browsers can cache them.

A page loads all stylesheets as one: fifty requests a page cost the browser more than the styles in them.
"""

import hashlib
import os
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
        return self._version(path, (self._root / path).stat())

    def _version(self, path: str, found: os.stat_result) -> Asset:
        mark = (found.st_mtime_ns, found.st_size)
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
        return sorted(self._folder("css", ".css"), key=lambda asset: (asset.path != f"css/{_FIRST}", asset.path))

    def _all_styles(self) -> Response:
        text = "\n".join((self._root / sheet.path).read_text("utf-8") for sheet in self._sheets())
        response = Response(text, mimetype="text/css")
        response.set_etag(self.styles().version)
        return response.make_conditional(request)

    def scripts(self) -> list[Asset]:
        """htmx, then every script of ours."""
        own = sorted(self._folder("js", ".js"), key=lambda asset: asset.path)
        return [self.get("vendor/htmx.min.js"), *own]

    def _folder(self, name: str, suffix: str) -> list[Asset]:
        """The files of a folder, without a path object for each of the hundred: every page asks for them."""
        with os.scandir(self._root / name) as entries:
            return [
                self._version(f"{name}/{entry.name}", entry.stat()) for entry in entries if entry.name.endswith(suffix)
            ]
