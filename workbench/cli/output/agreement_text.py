"""Two runs with two SDKs as people read them in a terminal, or as one JSON document."""

import sys
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from workbench.cli.output.run_text import print_run
from workbench.domain import Run
from workbench.explain import agreement
from workbench.explain.documents.report import as_json, report
from workbench.explain.terminal_text import visible
from workbench.explain.text import plain


def show_both(first: Run, second: Run, form: str) -> None:
    """Print both runs and whether they agree."""
    found = agreement.differences(first, second)
    if form == "json":
        document: dict[str, Any] = {
            "agree": not found,
            "message": plain(agreement.tell(first, second)),
            "differences": [
                {"aspect": one.aspect, "place": one.place, "first": one.first, "second": one.second} for one in found
            ],
            "runs": [report(first), report(second)],
        }
        sys.stdout.buffer.write(as_json(document).encode() + b"\n")
        sys.stdout.flush()
        return
    console = Console(highlight=False)
    for run in (first, second):
        console.print(Text(f"{visible(agreement.sdk_name(run))}", style="bold"))
        print_run(run, console)
        console.print()
    console.print(Text(visible(plain(agreement.tell(first, second))), style="red" if found else "green"))
    if found:
        table = Table("aspect", "place", "first", "second", box=None, pad_edge=False, header_style="bold")
        for one in found:
            table.add_row(one.aspect, *(Text(visible(text)) for text in (one.place, one.first, one.second)))
        console.print(Padding(table, (1, 0, 0, 0), expand=False))
