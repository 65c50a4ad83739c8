"""The Flask class of the pages: what Flask, werkzeug and Jinja compute again for each page is computed once."""

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import request
from flask.templating import Environment
from werkzeug.routing import Rule

from workbench.web.ui.error_pages import WorkbenchFlask

_MOST = 4_000
"""URLs that are remembered; they all go once there are more."""
_LONGEST = 200
_REMEMBERED = (str, int, type(None))
"""Types of URL values by which a URL is remembered: of these no two are equal that make different URLs."""


class LazyRule(Rule):
    """A rule of the URL map that learns how to build its URLs when a page first links there.

    Werkzeug compiles both builders of each rule as the map is made: nine tenths of the time of ``create_app``.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        """The builder of werkzeug, behind a function that compiles it at its first call."""
        compile_builder = super()._compile_builder
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(*rule: Rule, **values: object) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_builder(append_unknown))
            return compiled[0](*rule, **values)

        return build


class PageEnvironment(Environment):
    """Jinja's environment, whose globals are complete before the first template is loaded.

    Jinja copies the globals for each template that another includes, and copies a chain of maps ten times slower.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template."""
        return {**self.globals, **(d or {})}


class PageApp(WorkbenchFlask):
    """Flask that remembers the URLs of its pages: a page has 40 to 200 of them, most of them the same each time."""

    url_rule_class = LazyRule
    jinja_environment = PageEnvironment

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._urls: dict[tuple[object, ...], str] = {}

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The URL of an endpoint with these values, below the path that the request came in by."""
        if not all(type(value) in _REMEMBERED for value in values.values()):
            return super().url_for(endpoint, **values)
        key = request.script_root, request.blueprint, endpoint, *values.items()
        known = self._urls.get(key)
        if known is None:
            known = super().url_for(endpoint, **values)
            if len(known) <= _LONGEST:
                if len(self._urls) >= _MOST:
                    self._urls.clear()
                self._urls[key] = known
        return known
