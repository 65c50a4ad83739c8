"""Flask apps of tests that share their routes and templates: an app of its own costs more than most tests of a page."""

import copy
import functools
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

_OWN = (
    "config",
    "extensions",
    "before_request_funcs",
    "after_request_funcs",
    "template_context_processors",
    "view_functions",
    "_urls",
)
"""What ``create_app`` changes for one workbench, or what one remembers."""


def shared_pages(pages_app: Callable[[], Flask], compiled: Path) -> Callable[[], Flask]:
    """``pages_app`` that makes routes and templates once. The apps that it gives must get no further routes.

    ``compiled`` is the folder in which the test processes share their compiled templates.
    """
    first: list[Flask] = []

    def pages() -> Flask:
        if not first:
            first.append(pages_app())
            first[0].jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
            assets = first[0].jinja_env.globals["assets"]
            for name in ("scripts", "styles"):  # no file below static/ changes while the tests run
                setattr(assets, name, functools.cache(getattr(assets, name)))
        app = copy.copy(first[0])
        for name in _OWN:
            setattr(app, name, _copy(getattr(app, name)))
        return app

    return pages


def _copy[T](value: T) -> T:
    """A copy whose lists are copies too; the functions in them are the same."""
    own = copy.copy(value)
    if isinstance(own, dict):
        own.update({key: _copy(inner) for key, inner in own.items() if isinstance(inner, dict | list)})
    return own
