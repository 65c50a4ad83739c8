"""Long ways to a mark, folded: levels that only lead on become one line above what stands around the mark."""

from dataclasses import replace

from workbench.web.ui.json_tree import Node


def fold_chain(root: Node, kept: int) -> Node:
    """The tree from the level on that is ``kept`` levels above its first mark; ``above`` counts the levels over it.

    A tree whose levels fork on the way to marks is folded down to the fork.
    """
    node, above = root, 0
    while (inner := _only_way(node)) is not None and _levels_to_mark(node) > kept:
        node, above = inner, above + 1
    return replace(node, above=above, last=True) if above > 1 else root


def _only_way(node: Node) -> Node | None:
    """The child through which all marks are reached; None at a mark, at a fork and at the end."""
    ways = [child for child in node.children if isinstance(child, Node) and (child.hit or _leads_on(child))]
    return ways[0] if len(ways) == 1 and not node.hit and not ways[0].hit else None


def _leads_on(node: Node) -> bool:
    return any(isinstance(child, Node) and (child.hit or _leads_on(child)) for child in node.children)


def _levels_to_mark(node: Node) -> int:
    """How many levels lie between the node and the nearest mark below it."""
    level, found = [node], 0
    while level and not any(each.hit for each in level):
        level = [child for each in level for child in each.children if isinstance(child, Node)]
        found += 1
    return found
