"""What the HTML files to send have in common: their templates and their style."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workbench.resources import static_dir, templates_dir
from workbench.web.ui.masked_text import masked


@cache
def templates() -> Environment:
    """The templates, outside of any app."""
    made = Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["masked"] = masked
    return made


@cache
def style() -> str:
    """The colours and distances of the pages, and the style of this one."""
    files = static_dir() / "css" / "tokens.css", templates_dir() / "runs" / "share" / "page.css"
    return "\n".join(file.read_text(encoding="utf-8") for file in files)
