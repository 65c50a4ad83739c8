"""The results of tests as one HTML file."""

from collections.abc import Sequence
from datetime import UTC, datetime

from workbench.explain.text import span
from workbench.testing.replays import ReplayResult, ReplayState
from workbench.testing.report import REPLAY_WORDS, failure_report, summary
from workbench.web.runs.share.documents import style, templates


def results_page(results: Sequence[ReplayResult], seconds: float, now: float, version: str) -> bytes:
    """The file: a summary, then each test, those that did not pass first; ``now`` is in seconds since the epoch."""
    ordered = sorted(results, key=lambda one: one.state is ReplayState.PASSED)
    page = templates().get_template("runs/share/tests.html")
    return page.render(
        version=version,
        style=style(),
        summary=summary(results, seconds),
        made=datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        tests=[
            {
                "name": f"{one.file.root.name} {one.file.label}",
                "tone": REPLAY_WORDS[one.state].tone,
                "word": REPLAY_WORDS[one.state].text,
                "took": span(one.seconds),
                "lines": told.lines if (told := failure_report(one)) else (),
            }
            for one in ordered
        ],
    ).encode("utf-8", "replace")
