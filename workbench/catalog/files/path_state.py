"""The state of a path, so that a later process can tell whether it still is the same."""

import hashlib
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from workbench.catalog.files.file_reader import MAX_CONFIG, Signature, signature

_MAX_NAMES = 20_000


@dataclass(frozen=True, slots=True)
class PathState:
    """A path with its signature and a digest of its content: of a folder, its names and kinds.

    The digest is empty where only the signature counts: for what is not there, what a link leads to, and what is large.
    """

    path: str
    signature: Signature
    digest: str = ""

    @classmethod
    def of(cls, path: Path) -> "PathState":
        """The state of a path now."""
        text, seen = str(path), signature(path)
        return cls(text, seen, _digest(text, seen))

    def now(self) -> "PathState | None":
        """The state now if the path is the same as it was, by its content where its signature differs; else None."""
        seen = signature(Path(self.path))
        if seen == self.signature:
            return self
        if not self.digest or seen is None or _digest(self.path, seen) != self.digest:
            return None
        return PathState(self.path, seen, self.digest)


@lru_cache(maxsize=256)
def _digest(path: str, seen: Signature) -> str:
    if seen is None or os.path.realpath(path) != path:
        return ""
    try:
        facts = os.lstat(path)
        if stat.S_ISDIR(facts.st_mode):
            with os.scandir(path) as entries:
                kinds = [(entry.name, entry.is_dir(), entry.is_symlink()) for entry in islice(entries, _MAX_NAMES)]
            content = repr(sorted(kinds)).encode("utf-8", "surrogateescape")
        elif stat.S_ISREG(facts.st_mode) and facts.st_size <= MAX_CONFIG:
            content = Path(path).read_bytes()
        else:
            return ""
    except OSError:
        return ""
    return f"{stat.S_IFMT(facts.st_mode)}-{hashlib.blake2b(content, digest_size=16).hexdigest()}"
