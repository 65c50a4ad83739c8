"""Where a worker imports from that knows its run before it imports anything of others."""

import json
import sys
import sysconfig
from dataclasses import dataclass

import workbench.events.exchange_parts  # noqa: F401 - with it all that sends events is imported, which nothing may replace
from workbench.domain import REIMPORTED, Dependencies
from workbench.worker.sdk import replace_sdk


def forget_replaced(dependencies: Dependencies) -> None:
    """Take what ``dependencies/`` replaces, and what can be imported again, out of the imported modules."""
    replaced = {one.name for one in dependencies.replaced} & REIMPORTED
    for name in [name for name in sys.modules if name.partition(".")[0] in replaced]:
        del sys.modules[name]


@dataclass(frozen=True, slots=True)
class ImportPath:
    """The folders that come before the environment's, and the one with the SDK and its release; empty for ours."""

    folders: tuple[str, ...] = ()
    sdk: str = ""
    sdk_release: str = ""

    @classmethod
    def parse(cls, text: str) -> "ImportPath":
        """The path as the runner writes it, in JSON."""
        given = json.loads(text)
        return cls(tuple(given["folders"]), given["sdk"], given["sdk_release"])

    def install(self) -> None:
        """Import from these folders from here on: after the standard library, before what is installed."""
        if not self.folders:
            return  # without a question to sysconfig, which reads its own file for an answer
        installed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        place = next((place for place, path in enumerate(sys.path) if path in installed), len(sys.path))
        sys.path[place:place] = self.folders
        if self.sdk:
            replace_sdk(self.sdk)
