"""``workbench check``: what is wrong with integrations, without their code and then with it."""

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import FrameType

import click
from rich.console import Console

from workbench import catalog
from workbench.catalog import Catalog, CatalogError
from workbench.cli.checked import Checked, as_json, print_text
from workbench.cli.failure import CannotRun
from workbench.cli.inspection import load_all
from workbench.cli.sarif import as_sarif
from workbench.domain import Finding, Integration
from workbench.runner import failure_of_ours


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option(
    "--import/--no-import",
    "imports",
    default=True,
    show_default=True,
    help="Import the code too, in a process of its own for each integration. No handler is called.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=20.0,
    show_default=True,
    help="Seconds that an import may take.",
)
def check(paths: tuple[Path, ...], form: str, imports: bool, timeout: float) -> None:
    """Check the integrations at PATHS: their folders, or folders of such folders.

    Exits with 0 where there are no errors (warnings may be), 1 where there are, 2 where something could not be checked.
    """
    found, refused = _open(paths)
    with _interruptible():
        checked = _check(found, refused, timeout if imports else None)
    _show(checked, form)
    for words in refused:
        click.echo(f"Error: {words}", err=True)
    sys.exit(checked.exit_code)


def _open(paths: Sequence[Path]) -> tuple[tuple[Integration, ...], list[str]]:
    """The integrations, and why some paths hold none. Raises :class:`CannotRun` where there is nothing to check."""
    opened, refused = Catalog(), []
    for path in paths:
        try:
            opened.open(path)
        except CatalogError as error:
            refused.append(str(error))
    found = opened.integrations()
    if not found:
        raise CannotRun("\n".join(refused))
    return found, refused


def _check(found: Sequence[Integration], refused: list[str], timeout: float | None) -> Checked:
    """The check of each; without a ``timeout`` no import. What fails for a reason of ours is added to ``refused``."""
    if timeout is None:
        return Checked([(one, catalog.check(one)) for one in found], refused)
    with Console(stderr=True).status("Importing …"):
        outcomes = load_all([one for one in found if catalog.can_load(one)], timeout)
    checked: list[tuple[Integration, tuple[Finding, ...]]] = []
    for one in found:
        outcome = outcomes.get(one.id)
        if outcome and (failure := failure_of_ours(outcome)):
            refused.append(f"{one.root} could not be imported. {failure}")
            outcome = None
        checked.append((one, catalog.check(one, outcome, timeout=timeout)))
    return Checked(checked, refused, imported=True)


def _show(checked: Checked, form: str) -> None:
    if form == "text":
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a name may have characters that the terminal lacks
        print_text(checked, Console(highlight=False))
        return
    document = as_json(checked) if form == "json" else as_sarif(checked)
    sys.stdout.buffer.write(json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")
    sys.stdout.flush()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl+C and SIGTERM end the check, and every import with it. Raises :class:`CannotRun` then."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt as error:
        raise CannotRun("Interrupted before everything was checked.") from error
