"""Many followers of one view: it is drawn once for each pace, and nobody gets an older drawing than was asked for."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from workbench.web.services.shared_drawings import Drawing, SharedDrawings


def test_followers_share_a_drawing_of_what_they_wait_for() -> None:
    drawn: list[int] = []
    together = Barrier(8)
    drawing = Drawing(str.__add__, interval=0.0, rest=0.0)

    def follow(number: int) -> str | None:
        together.wait()
        return drawing.draw(5, lambda: 7, lambda: drawn.append(7) or "of version 7")

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(follow, range(8))) == {"of version 7"}
    assert drawn == [7]
    assert drawing.draw(7, lambda: 9, lambda: "of version 9") == "of version 7"
    assert drawing.draw(8, lambda: 9, lambda: "of version 9") == "of version 9"


def test_changes_are_worked_out_once() -> None:
    compared: list[str] = []
    drawing = Drawing(lambda old, new: compared.append(old) or f"{old} to {new}")
    assert [drawing.changes("a", "b") for _ in range(3)] == ["a to b"] * 3
    assert drawing.changes("b", "c") == "b to c"
    assert compared == ["a", "b"]


def test_a_drawing_goes_with_its_last_follower() -> None:
    shared = SharedDrawings()
    with shared.follow("view", str.__add__) as first:
        with shared.follow("view", str.__add__) as second, shared.follow("other", str.__add__) as other:
            assert first is second
            assert other is not first
        with shared.follow("view", str.__add__) as third:
            assert third is first
    with shared.follow("view", str.__add__) as later:
        assert later is not first
