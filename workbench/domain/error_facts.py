"""What an exception says of itself: the line that raised it, and the key or the variable that it did not find."""

from workbench.domain.run import ErrorInfo


def raising_line(error: ErrorInfo) -> str:
    """The text of the integration's line that raised; empty where it is not known."""
    frame = error.frames[-1] if error.frames else None
    lines = frame.source.splitlines() if frame else []
    at = frame.line - frame.source_line if frame and frame.source_line else 0
    return lines[at].strip() if 0 <= at < len(lines) else ""


def missing_key(error: ErrorInfo) -> str:
    """The key of a ``KeyError``; empty for any other error."""
    if error.type.rpartition(".")[2] != "KeyError":
        return ""
    text = error.message.removeprefix("KeyError: ").strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def missing_variable(error: ErrorInfo) -> str:
    """The name that a subscript of ``os.environ`` did not find; empty for any other error."""
    return missing_key(error) if "environ" in raising_line(error) else ""
