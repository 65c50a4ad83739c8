"""Our own stylesheets and scripts, listed from the folder; their URLs hold a hash, so browsers can cache them.

A page loads all stylesheets as one, and all scripts: a hundred requests a page cost more than what is in them.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import request, send_from_directory
from werkzeug.wrappers import Response

from workbench.web.ui.scripts import join_modules

_FIRST = "layers.css"
"""Declares the order of the layers, so it stands before all other stylesheets."""
_STYLES = "all.css"
_SCRIPTS = "all.js"


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
        if filename == _STYLES:
            response = self._whole(self.styles(), "text/css", "\n".join(map(self._text, self._sheets())))
        elif filename == _SCRIPTS:
            script = join_modules(self._named_texts("js"), self._named_texts("js/lib"))
            response = self._whole(self.scripts(), "text/javascript", script)
        else:
            response = send_from_directory(self._root, filename)
        caching = "private, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        response.headers["Cache-Control"] = caching
        return response

    def styles(self) -> Asset:
        """Every stylesheet as one, the layers' order first."""
        return self._together(_STYLES, self._sheets())

    def scripts(self) -> Asset:
        """Every script of ours as one module."""
        return self._together(_SCRIPTS, [*self._folder("js", ".js"), *self._folder("js/lib", ".js")])

    def _sheets(self) -> list[Asset]:
        return sorted(self._folder("css", ".css"), key=lambda asset: (asset.path != f"css/{_FIRST}", asset.path))

    def _named_texts(self, folder: str) -> dict[str, str]:
        """The scripts of a folder by their names."""
        return {PurePosixPath(asset.path).stem: self._text(asset) for asset in self._folder(folder, ".js")}

    def _text(self, asset: Asset) -> str:
        return (self._root / asset.path).read_text("utf-8")

    @staticmethod
    def _together(path: str, parts: list[Asset]) -> Asset:
        versions = "".join(part.version for part in parts)
        return Asset(path, hashlib.sha256(versions.encode()).hexdigest()[:12])

    @staticmethod
    def _whole(asset: Asset, media_type: str, text: str) -> Response:
        response = Response(text, mimetype=media_type)
        response.set_etag(asset.version)
        return response.make_conditional(request)

    def _folder(self, name: str, suffix: str) -> list[Asset]:
        """The files of a folder by name, without a path object for each of the hundred: every page asks for them."""
        with os.scandir(self._root / name) as entries:
            found = [
                self._version(f"{name}/{entry.name}", entry.stat()) for entry in entries if entry.name.endswith(suffix)
            ]
        return sorted(found, key=lambda asset: asset.path)
