"""A wrapper takes what its original takes."""

from functools import partial
from inspect import signature
from typing import Any

import pytest

from workbench.worker.capture.same_parameters import wrapper_of

TEXT = """
def call({parameters}):
    _seen.append(({given}))
    return _original({arguments})
"""


def plain(self: Any, url: str, method: str = "GET", body: Any = None) -> Any:
    return self, url, method, body


def mixed(first: Any, /, second: Any, *rest: Any, alone: int, other: int = 2, **more: Any) -> Any:
    return first, second, rest, alone, other, more


def by_keyword(*, alone: int = 1) -> Any:
    return alone


def reserved(_seen: Any, last: Any = 0) -> Any:
    return _seen, last


def test_a_call_reaches_the_original_as_it_was_made() -> None:
    for original, args, options in (
        (plain, (1, "u"), {}),
        (plain, (1,), {"body": b"b", "url": "u"}),
        (mixed, (1, 2, 3, 4), {"alone": 5, "extra": 6}),
        (mixed, (1,), {"second": 2, "alone": 5, "first": 7}),
        (by_keyword, (), {"alone": 3}),
        (reserved, (1,), {"last": 2}),
        (partial(plain, 1), ("u",), {}),
        (max, (1, 2), {}),
    ):
        seen: list[Any] = []
        call = wrapper_of(original, TEXT, {"_seen": seen, "_original": original})
        assert call(*args, **options) == original(*args, **options), original
        ((given, named),) = seen
        assert original(*given, **named) == original(*args, **options)
        if original in (plain, mixed, by_keyword):
            assert signature(call) == signature(original)


def test_arguments_that_are_missing_are_named_as_by_the_original() -> None:
    call = wrapper_of(plain, TEXT, {"_seen": [], "_original": plain})
    with pytest.raises(TypeError, match=r"^plain\(\) missing 1 required positional argument: 'url'$"):
        call(1)
