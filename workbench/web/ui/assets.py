"""Our own stylesheets and scripts: listed from the folder, and addressed by their hash, so that browsers keep them."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Response, abort, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

_FIRST = "layers.css"
"""Declares the order of the layers, so it stands before all other stylesheets."""


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

    def serve(self, filename: str) -> AnyResponse:
        """The file, or a 404. One that is asked for by its hash may be kept for ever, any other is asked for again."""
        path = safe_join(str(self._root), filename)
        if path is None or "\0" in path or not (file := Path(path)).is_file():
            abort(404, "File not found.")
        data = file.read_bytes()
        response = Response(data, content_type=_media_type(file))
        response.set_etag(hashlib.sha256(data).hexdigest()[:16])
        kept = "private, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        response.headers["Cache-Control"] = kept
        return response.make_conditional(request)

    def styles(self) -> list[Asset]:
        """Every stylesheet, the layers' order first."""
        names = sorted(path.name for path in (self._root / "css").glob("*.css"))
        return [self.get(f"css/{name}") for name in sorted(names, key=lambda name: name != _FIRST)]

    def scripts(self) -> list[Asset]:
        """htmx, then every script of ours."""
        own = sorted(path.name for path in (self._root / "js").glob("*.js"))
        return [self.get(path) for path in ("vendor/htmx.min.js", *(f"js/{n}" for n in own))]


def _media_type(file: Path) -> str:
    media = mimetypes.types_map.get(file.suffix.lower(), "application/octet-stream")
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
