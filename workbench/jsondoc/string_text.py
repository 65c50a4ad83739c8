"""The text of a JSON string."""

import json


def unescaped(text: str) -> str:
    """What stands between the quotes of a JSON string, without its escapes; as it is where it is cut."""
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
