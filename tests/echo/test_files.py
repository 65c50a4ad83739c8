"""Files of this machine at URLs of this machine: the folder that stores them, and the server that gives them."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from workbench import uploads
from workbench.echo import in_thread
from workbench.uploads import UploadError, Uploads


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that both sides know."""
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def origin(folder: Path) -> Iterator[str]:
    """An echo server that serves the folder."""
    with in_thread(files=folder) as url:
        yield url


@pytest.fixture
def files(folder: Path, origin: str) -> Uploads:
    """The side that takes files."""
    return Uploads(folder, origin)


async def fetched(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, dict(response.headers), await response.read()


@pytest.mark.parametrize("name", ["picture.png", "ä b&c;d.html", "100%.txt", "'\".bin", "a" * 200 + ".pdf"])
async def test_a_file_comes_back_as_it_is_under_its_name_and_type(files: Uploads, name: str) -> None:
    url = files.put(name, "image/png", bytes(range(256)))
    status, headers, body = await fetched(url)
    assert (status, headers["Content-Type"], body) == (200, "image/png", bytes(range(256)))
    assert urlsplit(url).path.count("/") == 3
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "sandbox" in headers["Content-Security-Policy"]


async def test_a_url_cannot_be_guessed_and_nothing_is_listed(files: Uploads, origin: str, folder: Path) -> None:
    url = files.put("a.txt", "text/plain", b"one")
    other = files.put("a.txt", "text/plain", b"one")
    assert url != other
    token = url.split("/")[-2]
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", token)
    for path in (
        "/files", "/files/", f"/files/{token}", f"/files/{token}/", f"/files/{token}/b.txt", f"/files/{'x' * 32}/a.txt",
        f"/files/{token}.json/a.txt", f"/files/..%2f{folder.name}%2f{token}/a.txt", f"/files/%2e%2e/{token}",
    ):  # fmt: skip
        assert (await fetched(f"{origin}{path}"))[0] == 404, path
    assert "files" not in (await fetched(f"{origin}/"))[2].decode()


async def test_another_name_for_this_machine_finds_nothing(files: Uploads) -> None:
    url = files.put("a.txt", "text/plain", b"one")
    assert (await fetched(url, Host="rebound.example.com"))[0] == 404
    assert (await fetched(url.replace("127.0.0.1", "localhost")))[0] == 200


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\Users\\ada\\passwd", "/etc/passwd", "..\\passwd"])
async def test_no_path_of_a_client_is_followed(files: Uploads, folder: Path, name: str) -> None:
    url = files.put(name, "text/plain", b"mine")
    assert url.endswith("/passwd")
    assert (await fetched(url))[2] == b"mine"
    assert not list(folder.glob("*passwd*"))


@pytest.mark.parametrize("name", ["", ".", "..", "\x00\n", "a/"])
async def test_a_file_without_a_name_gets_one(files: Uploads, name: str) -> None:
    assert files.put(name, "", b"").endswith("/file")


@pytest.mark.parametrize("said", ["", "nonsense", "text/html\r\nSet-Cookie: a=b", "text/html; charset=utf-8", "/"])
async def test_a_type_that_is_none_is_said_to_be_bytes(files: Uploads, said: str) -> None:
    _, headers, _ = await fetched(files.put("a", said, b"<script>"))
    assert headers["Content-Type"] == "application/octet-stream"
    assert "Set-Cookie" not in headers


async def test_only_reading_is_possible(files: Uploads) -> None:
    url = files.put("a.txt", "text/plain", b"one")
    async with aiohttp.ClientSession() as session:
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            async with session.request(method, url, data=b"two") as response:
                assert response.status == 405
    assert (await fetched(url))[2] == b"one"


def test_there_is_room_for_so_much(files: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 10 * 1024 * 1024)
    with pytest.raises(UploadError, match=r"big\.bin is larger than 10 MiB\. Choose a smaller file, or give a URL\."):
        files.put("big.bin", "", bytes(10 * 1024 * 1024 + 1))
    monkeypatch.setattr(uploads, "ROOM", 100)
    files.put("a", "", bytes(60))
    with pytest.raises(UploadError, match="no room for b"):
        files.put("b", "", bytes(41))
    files.put("c", "", bytes(40))
    monkeypatch.setattr(uploads, "ROOM", 10**9)
    monkeypatch.setattr(uploads, "MOST", 2)
    with pytest.raises(UploadError, match="no room for d"):
        files.put("d", "", b"")


def test_a_folder_that_is_gone_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match=r"could not be stored \(No such file or directory\)\. Give a URL instead\."):
        Uploads(tmp_path / "gone", "http://x").put("a", "", b"")


async def test_an_echo_server_without_a_shelf_serves_none(echo: str) -> None:
    assert (await fetched(f"{echo}/files/{'x' * 32}/a.txt"))[0] == 404
