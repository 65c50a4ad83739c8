"""Which fields of a long form are shown: the style sheet hides the others, and all of them are sent."""

from workbench.web.ui.widgets import Option

NAME = "show"
"""The name that the choice is posted under."""
_TEXTS = {"": "All fields", "required": "Required", "set": "With a value"}


def shown_fields(chosen: str) -> tuple[Option, ...]:
    """The choices, ``chosen`` selected."""
    return tuple(Option(value, text, value == chosen) for value, text in _TEXTS.items())
