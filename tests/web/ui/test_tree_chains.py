"""Levels that only lead to a mark are folded; a fork and the levels around a mark stay."""

from workbench.web.ui.json_tree import Mark, Node, grow
from workbench.web.ui.tree_chains import fold_chain

DEEP = {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}, "other": 2}}


def marked(*places: str) -> Node:
    return grow(DEEP, {place: Mark("here") for place in places})


def test_the_levels_above_are_counted() -> None:
    root = fold_chain(marked("/a/b/c/d/e/f"), 2)
    assert (root.pointer, root.above) == ("/a/b/c/d", 4)


def test_a_short_way_stays() -> None:
    assert fold_chain(marked("/a/b"), 2).above == 0
    assert fold_chain(grow(DEEP), 2) == grow(DEEP)


def test_it_ends_at_a_fork_of_two_marks() -> None:
    assert fold_chain(marked("/a/b/c/d/e/f", "/a/other"), 1).above == 0
    assert fold_chain(marked("/a/b/c/d/e/f", "/a/b/c/d/e"), 1).pointer == "/a/b/c/d"
