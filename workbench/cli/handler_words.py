"""The arguments ``[PATH] [HANDLER]`` of the commands that run one handler."""

from pathlib import Path

import click


def path_and_name(words: tuple[str, ...], kind: str | None) -> tuple[Path, str]:
    """The folder of the integration and the handler's name, as the help of ``workbench run`` has it."""
    if len(words) > 2:
        raise click.UsageError(f"Expected at most PATH and HANDLER, but got {len(words)} arguments.")
    if len(words) == 2:
        return Path(words[0]), words[1]
    if not words:
        return Path(), ""
    [word] = words
    is_path = "/" in word or word in (".", "..") or kind == "account" or not Path("config.json").is_file()
    return (Path(word), "") if is_path else (Path(), word)
