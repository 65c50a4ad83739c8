"""Where the templates and the static files are: inside the package in a wheel, at the top of a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates_dir() -> Path:
    """The folder of Jinja templates."""
    return _find("templates")


def static_dir() -> Path:
    """The folder of CSS, JavaScript and vendored files."""
    return _find("static")


def _find(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
