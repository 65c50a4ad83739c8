"""Files of this machine at URLs of this machine: what a person picked in a form of the workbench."""

from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from workbench.uploads import find

_OWN_NAMES = ("127.0.0.1", "localhost")


class Files:
    """``/files/<token>/<name>``: an uploaded file. Nothing lists them, nobody guesses a token."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The file as a download, as it is, or 404; nothing for a foreign name that points here (DNS rebinding)."""
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
