"""Secrets of a replay, of recordings by earlier versions too."""

import pytest

from tests.worker.peer.test_libraries import engine
from workbench.domain import Exchange, Request, Response

VALUE = "4f1d0c9be27a58836d40f7e19ac25b7390de"
UPLOAD = f"https://files.example.com/upload/v1/{VALUE}"


@pytest.mark.parametrize("shown", [VALUE, "‹upload_url›"])
def test_a_path_is_equal_though_its_secret_is_known_from_a_response_only(shown: str) -> None:
    """Recorded when such a URL was not masked yet, or masked as it is now."""
    url = UPLOAD.replace(VALUE, shown)
    body = f'{{"upload_url": "{url}"}}'.encode()
    asked = Exchange(
        1, 1, 1, "aiohttp", Request("GET", "https://api.example.com/url"), 0.0, 1.0, Response(200, body=body)
    )
    sent = Exchange(2, 2, 1, "aiohttp", Request("POST", url), 0.0, 1.0, Response(201))
    replay = engine((asked, sent))

    answer = replay.reply(asked.request).answer.response
    upload = answer.body.decode().split('"')[3]
    assert replay.reply(Request("POST", upload)).origin.recorded == 2
