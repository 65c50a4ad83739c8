"""The search for reference cycles, paused while many values are made that hold none."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def no_collection() -> Iterator[None]:
    """Pause the search: a document or a tree has no cycle, and its many values would start it again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def promote() -> None:
    """Move all objects to the oldest generation, at no cost: a large document that stays is not visited thrice."""
    gc.freeze()
    gc.unfreeze()
