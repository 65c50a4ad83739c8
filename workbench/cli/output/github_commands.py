"""Workflow commands of GitHub Actions, which mark lines of a pull request."""

import os

from workbench.explain.terminal_text import visible


def default_form() -> str:
    """The output format where none is chosen: ``github`` in GitHub Actions, else ``text``."""
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def command(kind: str, file: str, line: int | None, column: int | None, title: str, text: str) -> str:
    """The command ``error``, ``warning`` or ``notice`` for a place in a file."""
    place = {"file": file, "line": line, "col": column, "title": title}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in place.items() if value is not None)
    return f"::{kind} {properties}::{_data(visible(text))}"


def _data(text: str) -> str:
    """The text of a command, with what would end it escaped as GitHub's toolkit does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
