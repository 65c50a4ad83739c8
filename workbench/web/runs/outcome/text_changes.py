"""What changed from one text to the next, by lines: much less than the text where lines are added at its end."""

type Change = list[int] | str
"""Lines of the old text (the first one's number, how many), or lines that are new."""


def text_changes(old: str, new: str) -> list[Change]:
    """What to put together, line by line, to make ``new`` of ``old``."""
    before = old.split("\n")
    places = {line: number for number, line in reversed(list(enumerate(before)))}
    found: list[Change] = []
    fresh: list[str] = []
    for line in new.split("\n"):
        last = found[-1] if found and not fresh else None
        if isinstance(last, list) and sum(last) < len(before) and before[sum(last)] == line:
            last[1] += 1
        elif (place := places.get(line)) is not None and line:
            if fresh:
                found.append("\n".join(fresh))
                fresh = []
            found.append([place, 1])
        else:
            fresh.append(line)
    return [*found, "\n".join(fresh)] if fresh else found
