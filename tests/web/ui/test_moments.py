"""How long ago something was, in words; the script of the page has the same steps."""

import re
from pathlib import Path

from tests.case_tables import each_case
from workbench.web.ui import moments

SCRIPT = Path(__file__).parents[3] / "static" / "js" / "moments.js"


@each_case(
    ("seconds", "words"),
    [(-3, "just now"), (4.9, "just now"), (5, "5 s ago"), (59.9, "59 s ago"), (60, "1 min ago"), (3_599, "59 min ago"),
     (3_600, "1 h ago"), (86_399, "23 h ago"), (86_400, "yesterday"), (3 * 86_400, "3 days ago"), (31 * 86_400, "")],
)  # fmt: skip
def test_how_long_ago(seconds: float, words: str) -> None:
    assert moments.ago(seconds) == words


def test_a_date_stands_where_it_says_more_than_a_number_of_days() -> None:
    assert re.fullmatch(r"1970-01-0\d", moments.moment(86_400).relative)


def test_the_script_has_the_same_steps() -> None:
    steps = re.search(r"STEPS = (\[\[.*\]\])", SCRIPT.read_text("utf-8"))
    assert steps is not None
    assert steps[1] == str([list(step) for step in moments._STEPS]).replace("'", '"')
