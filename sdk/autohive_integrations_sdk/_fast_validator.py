"""A fast check that says which data is certainly valid; jsonschema decides on the rest, and explains it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autohive_integrations_sdk import _check_code, _references
from autohive_integrations_sdk._schema_survey import LeftToJsonschema, Survey

type Accepts = Callable[[Any], bool]
"""Whether data is certainly valid. False only means that jsonschema must check it."""


def compile_validator(schema: Any) -> Accepts | None:
    """The check of a schema, or None where only jsonschema may decide.

    References that lead out of the schema are not followed, nor those whose work is not bounded.
    """
    if not isinstance(schema, (dict, bool)):
        return None
    try:
        survey = Survey(schema)
        if survey.references and not _references.are_bounded(schema, {"#", *survey.references}):
            return None
        return _check_code.compile_check(schema, survey)
    except (LeftToJsonschema, RecursionError):
        return None
