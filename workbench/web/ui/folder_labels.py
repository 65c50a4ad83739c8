"""What tells integrations of one title from each other: the end of each folder's path, as long as it has to be."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.domain import Integration


def folder_labels(integrations: Iterable[Integration]) -> Mapping[str, str]:
    """The end of the path by the integration's id; those that share their title with no other are not in it."""
    same: dict[str, list[Integration]] = {}
    for one in integrations:
        same.setdefault(one.title.casefold(), []).append(one)
    return {
        one.id: _shortest(one.root, [other.root for other in group if other is not one])
        for group in same.values()
        if len(group) > 1
        for one in group
    }


def full_titles(integrations: Iterable[Integration]) -> Mapping[str, str]:
    """The title by the integration's id, with the end of its path where another has the same: ``Shop (b/shop)``."""
    known = tuple(integrations)
    folders = folder_labels(known)
    return {one.id: f"{one.title} ({folders[one.id]})" if one.id in folders else one.title for one in known}


def _shortest(root: Path, others: Iterable[Path]) -> str:
    """The last parts of ``root`` that none of ``others`` ends with."""
    ends = [other.parts for other in others]
    for number in range(1, len(root.parts)):
        end = root.parts[-number:]
        if all(parts[-number:] != end for parts in ends):
            return "/".join(end)
    return str(root)
