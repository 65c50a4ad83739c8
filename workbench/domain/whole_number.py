"""Numbers in the texts of others: headers, forms, URLs."""

_DIGITS = 18
"""Digits of a number of 64 bits."""


def whole_number(text: str) -> int | None:
    """The number that a text of decimal digits is; None for any other text, and for one of more than 18 digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
