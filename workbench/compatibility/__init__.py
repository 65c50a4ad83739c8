"""Two versions of an integration compared: what each change of a schema means for its users.

Draft 7 as the SDK enforces it, so ``format`` decides nothing.
"""

from workbench.compatibility.changes import Change as Change
from workbench.compatibility.changes import ChangeKind as ChangeKind
from workbench.compatibility.changes import Comparison as Comparison
from workbench.compatibility.changes import Part as Part
from workbench.compatibility.changes import Side as Side
from workbench.compatibility.changes import Verdict as Verdict
from workbench.compatibility.config_changes import compare as compare
from workbench.compatibility.previous_config import PreviousConfigError as PreviousConfigError
from workbench.compatibility.previous_config import previous_config as previous_config
from workbench.compatibility.schema_changes import SchemaChange as SchemaChange
from workbench.compatibility.schema_changes import schema_changes as schema_changes
from workbench.compatibility.schema_effect import schema_effect as schema_effect
from workbench.compatibility.version_bump import Bump as Bump
from workbench.compatibility.version_bump import VersionBump as VersionBump
