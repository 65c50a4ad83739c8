"""A run as one file to send: what stands in it, what does not, and the way back."""

import base64
import re
from pathlib import Path
from typing import Any

import pytest

from tests.history.conftest import made_run
from workbench.catalog import Catalog
from workbench.cli.shared_run import keep
from workbench.domain import MaskedText, Returned, SecretName, Status
from workbench.explain import run_summary
from workbench.history import History, HistoryArchive
from workbench.recordings.files import recording_file
from workbench.testing.replays import ReplayResult, ReplayState
from workbench.web.runs.share.results_page import results_page
from workbench.web.runs.share.share_page import share_page
from workbench.web.runs.share.shared_file import SharedFileError, read_shared

HOSTILE = '<script>alert(1)</script></template><img src=x onerror="alert(2)">'


def shared(tmp_path: Path, **more: Any) -> Path:
    path = tmp_path / "run.html"
    path.write_bytes(share_page(made_run(**more), HOSTILE, "1.0"))
    return path


def test_the_run_inside_is_the_run(tmp_path: Path) -> None:
    assert read_shared(shared(tmp_path, inputs={"city": "Ōtaki"})) == made_run(inputs={"city": "Ōtaki"})


def test_no_script_runs_and_nothing_is_loaded(tmp_path: Path) -> None:
    values = {"result": {HOSTILE: HOSTILE}, "name": HOSTILE, "inputs": {HOSTILE: [HOSTILE]}}
    text = shared(tmp_path, **values).read_text()
    assert HOSTILE not in text
    assert "<script" not in text
    assert "<img" not in text
    assert not re.search(r"<[^>]*\b(?:src|href)=", text)
    assert "default-src 'none'" in text
    assert read_shared(tmp_path / "run.html").request.inputs == {HOSTILE: [HOSTILE]}


def test_what_was_masked_is_said_and_stays_masked(tmp_path: Path) -> None:
    key = MaskedText.whole("api_key")
    text = shared(tmp_path, auth={"api_key": key}, inputs={"key": key}, secrets=(SecretName("api_key"),)).read_text()
    assert "Masked: api_key." in text
    assert '<span class="masked" title="masked">api_key</span>' in text
    assert read_shared(tmp_path / "run.html").request.inputs == {"key": key}


def test_a_large_result_is_printed_in_part_and_is_whole_inside(tmp_path: Path) -> None:
    result = {"rows": [{"id": number, "text": f"row {number} of many"} for number in range(50_000)]}
    path = shared(tmp_path, returned=Returned("dict", result), result=result)
    assert path.stat().st_size < 5_000_000
    assert "Result: the first 262 kB of" in path.read_text()
    assert read_shared(path).outcome.result == result


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no run in it"),
        (b"<html>no run</html>", "has no run in it"),
        (b'<template id="workbench-run">AAAA</template>', "cannot be read"),
        (b'<template id="workbench-run">A</template>', "cannot be read"),
        (b'<template id="workbench-run"></template>', "cannot be read"),
        (b'<template id="workbench-run">' + base64.b64encode(b"\xff" * 99) + b"</template>", "newer version"),
    ],
)
def test_a_file_without_a_readable_run_says_so(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "run.html"
    path.write_bytes(content)
    with pytest.raises(SharedFileError, match=words):
        read_shared(path)
    with pytest.raises(SharedFileError, match="cannot be read"):
        read_shared(tmp_path / "none.html")


def test_a_run_of_somebody_leads_into_no_other_folder(tmp_path: Path) -> None:
    run = read_shared(shared(tmp_path, root=Path("/etc"), status=Status.SUCCEEDED))
    archive = HistoryArchive(History.open(f"sqlite:///{tmp_path}/history.sqlite"), run_summary.summarize)
    kept = archive.get(keep(run, Catalog(), archive))
    assert kept is not None
    assert kept.request.root == Path("etc")
    assert kept.outcome == run.outcome
    archive.close()


def test_results_of_tests_are_one_file_with_what_failed_first(tmp_path: Path) -> None:
    passed = ReplayResult(recording_file(tmp_path, "read", "good"), ReplayState.PASSED, 0.1)
    broken = ReplayResult(recording_file(tmp_path, "read", "bad"), ReplayState.UNTESTED, 0.2, reason=HOSTILE)
    text = results_page([passed, broken], 0.3, 0.0, "1.0").decode()
    assert text.index("read/bad") < text.index("read/good")
    assert "1 passed, 1 could not run in 300 ms" in text
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
