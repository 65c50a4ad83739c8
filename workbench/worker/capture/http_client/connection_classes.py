"""Classes made from ``http.client.HTTPConnection``, by libraries, copies of them and integrations: they connect too."""

import http.client
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder

type Wrap = Callable[[Callable[..., None]], Callable[..., None]]


def hook_classes(patches: Patches, recorder: Recorder, wrap: Wrap) -> None:
    """Put ``wrap(original)`` in the place of the ``connect`` of each such class, now and when one is made."""

    base = http.client.HTTPConnection  # vcrpy puts a class of its own in its place

    def hook(kind: type) -> None:
        if isinstance(vars(kind).get("connect"), FunctionType):
            patches.replace(kind, "connect", wrap)

    def made(kind: type[Any], /, **options: Any) -> None:
        super(base, kind).__init_subclass__(**options)
        try:
            hook(kind)
        except Exception as error:
            recorder.failed(kind.__qualname__, error)

    for kind in _below(base):
        hook(kind)
    patches.define(base, "__init_subclass__", classmethod(made))


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    found: list[type[Any]] = kind.__subclasses__()
    for one in found:
        yield one
        yield from _below(one)
