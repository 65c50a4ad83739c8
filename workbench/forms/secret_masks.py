"""The masks that stand for secrets in JSON text: ``‹secret 1›``."""

import re
from collections.abc import Mapping
from typing import Final

from workbench.domain import JSON

_MASK: Final = re.compile("‹secret [0-9]{1,6}›")


def mask_name(number: int) -> str:
    """The mask of the secret after ``number`` others."""
    return f"‹secret {number + 1}›"


def unmask(value: JSON, masks: Mapping[str, JSON]) -> JSON:
    """``value`` with what its masks stand for, wherever they stand."""
    if isinstance(value, dict):
        return {name: unmask(one, masks) for name, one in value.items()}
    if isinstance(value, list):
        return [unmask(one, masks) for one in value]
    return masks.get(value, value) if isinstance(value, str) else value


def expired_mask(value: JSON, masks: Mapping[str, JSON]) -> str:
    """The first mask in ``value`` that stands for nothing that the page still has; empty where there is none."""
    if isinstance(value, dict | list):
        inner = (expired_mask(one, masks) for one in (value.values() if isinstance(value, dict) else value))
        return next((found for found in inner if found), "")
    return value if isinstance(value, str) and _MASK.fullmatch(value) and value not in masks else ""
