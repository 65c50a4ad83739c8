"""Uploaded files at local URLs: those that a person selected in a form of the workbench."""

from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from workbench.uploads import find

_OWN_NAMES = ("127.0.0.1", "localhost")


class Files:
    """``/files/<token>/<name>``: an uploaded file. They are not listed, and a token cannot be guessed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The file as a download, or 404; also 404 for a foreign host name of this machine (DNS rebinding)."""
        if request.host.lower().partition(":")[0] not in _OWN_NAMES:
            raise web.HTTPNotFound
        found = find(self._folder, request.match_info["token"], request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        headers = {
            "Content-Type": found.media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        }
        return web.FileResponse(found.path, headers=headers)
