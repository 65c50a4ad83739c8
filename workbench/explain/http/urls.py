"""URLs of exchanges, taken apart without ever raising: they come from the wire, and anything may stand there."""

from workbench.domain.split_url import split_url

_LONGEST = 8_000


def host_and_path(url: str) -> tuple[str, str]:
    """The host with its port, and the path with its query; the host is empty where ``url`` is no URL that has one."""
    parts = split_url(url[:_LONGEST])
    if not parts.netloc:
        return "", url
    return parts.netloc.rpartition("@")[2], (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
