"""Tables of many small cases in one test: an item of pytest for each takes longer than the case."""

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

type Test = Callable[..., None]


def each_case(names: str | Sequence[str], rows: Iterable[Any]) -> Callable[[Test], Test]:
    """Call the test for each row, as ``pytest.mark.parametrize`` does, but in one item: fixtures are made once.

    All rows are tried; what fails has a note with its row.
    """
    arguments = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    table = [row if len(arguments) > 1 else (row,) for row in rows]
    assert table, "a table without cases holds nothing"

    def decorate(test: Test) -> Test:
        signature = inspect.signature(test)
        fixtures = [parameter for name, parameter in signature.parameters.items() if name not in arguments]

        @functools.wraps(test)
        def all_cases(**made: Any) -> None:
            failures = []
            for row in table:
                try:
                    test(**dict(zip(arguments, row, strict=True)), **made)
                except Exception as error:
                    error.add_note(f"In the case {dict(zip(arguments, row, strict=True))!r:.500}")
                    failures.append(error)
            if len(failures) == 1:
                raise failures[0]
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(table)} cases failed.", failures)

        all_cases.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return all_cases

    return decorate
