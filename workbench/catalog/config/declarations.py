"""What the text of a ``config.json`` declares, without its folder: for a version of it that is not on disk."""

from dataclasses import dataclass

from workbench.catalog.config.document import Document
from workbench.catalog.config.reader import ConfigReader
from workbench.domain import Action, Auth, Trigger
from workbench.jsondoc.source_map import SourceMap


@dataclass(frozen=True, slots=True)
class Declarations:
    """The parts of an integration as its ``config.json`` declares them; what has a wrong type counts as absent."""

    version: str
    auth: Auth
    actions: tuple[Action, ...]
    triggers: tuple[Trigger, ...]
    connected_account: bool
    positions: SourceMap


def declarations(document: Document) -> Declarations:
    """The declarations of a document; empty where it is not an object."""
    config = ConfigReader(document.value if isinstance(document.value, dict) else {}, document.positions)
    return Declarations(
        version=config.text("version"),
        auth=config.auth(),
        actions=config.actions(),
        triggers=config.triggers(),
        connected_account=config.flag("supports_connected_account"),
        positions=document.positions,
    )
