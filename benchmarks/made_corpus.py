"""A corpus of made integrations with code of real size: the same 100 folders each time.

Entry points have 300 to 6,000 lines, most of them fewer than 1,000; a third has a package ``actions``.
Each integration has 15 actions, and reads its credentials in one of the ways that real code does.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

COUNT = 100
ACTIONS = 15

_FEWEST_LINES, _MOST_LINES = 300, 6_000
_PINS = ("autohive-integrations-sdk~=2.0.1", "autohive-integrations-sdk~=1.0.2", "autohive-integrations-sdk==0.1.2")
_FIELDS = ("name", "email", "status", "owner_id", "page_size", "cursor", "tags", "due_date", "amount", "currency")
_NOUNS = ("contact", "deal", "ticket", "invoice", "project", "message", "event", "file", "order", "user")

_HEAD = '''"""Connects to the API of {title}."""

from typing import Any, Dict, List, Optional

import json
import os
import time
from datetime import datetime, timedelta

from autohive_integrations_sdk import {names}
'''

_CLIENT = '''
BASE_URL = "https://api.{name}.example/v2"
DEFAULT_PAGE_SIZE = 50
MAX_RETRIES = 3
FIELDS = {fields}


def get_headers(context: ExecutionContext) -> Dict[str, str]:
    """The headers of every request."""
    {credential}
    return {{"Authorization": f"Bearer {{token}}", "Content-Type": "application/json"}}


def parse_date(value: Optional[str]) -> Optional[str]:
    """An ISO date, or None."""
    if not value:
        return None
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).isoformat()
    except (ValueError, AttributeError) as e:
        print(f"Invalid date {{value}}: {{e}}")
        return None

'''
_CREDENTIALS = (
    'token = context.auth.get("credentials", {}).get("api_token", "")',
    'token = context.auth["credentials"]["access_token"]',
    'token = context.auth.get("api_key") or os.environ.get("API_KEY", "")',
    'credentials = context.auth.get("credentials", context.auth)\n    token = credentials["api_key"]',
)

_ACTION = '''

@{variable}.action("{action}")
class {cls}(ActionHandler):
    """Handles {action}."""

    async def execute(self, inputs: Dict[str, Any], context: ExecutionContext):
        try:
            headers = get_headers(context)
            payload: Dict[str, Any] = {{}}
            params = {{"limit": inputs.get("page_size", DEFAULT_PAGE_SIZE)}}
            results: List[Dict[str, Any]] = []
{blocks}
            return {result}
        except Exception as e:
            return {error}
'''

_BLOCK = """
            # {noun}: {number}
            if inputs.get("{field}") is not None:
                payload["{field}"] = inputs["{field}"]
            if "{other}" in inputs and inputs["{other}"]:
                params["{other}"] = str(inputs["{other}"]).strip().lower()
            response_{number} = await context.fetch(
                f"{{BASE_URL}}/{noun}s/{{inputs.get('{field}', '')}}/items",
                method="GET" if {number} % 2 else "POST",
                headers=headers,
                params=params,
                json=payload,
            )
            data_{number} = getattr(response_{number}, "data", response_{number}) or {{}}
            for item in data_{number}.get("items", []):
                results.append(
                    {{
                        "id": item.get("id"),
                        "{field}": item.get("attributes", {{}}).get("{field}"),
                        "{other}": item.get("attributes", {{}}).get("{other}") or "unknown",
                        "created_at": parse_date(item.get("created_at")),
                        "url": f"https://app.example/{noun}s/{{item.get('id')}}?page={number}",
                    }}
                )
            if not results and data_{number}.get("error"):
                raise ValueError(f"{noun} failed: {{data_{number}['error']}}")
            next_cursor = data_{number}.get("meta", {{}}).get("next_cursor")
            if next_cursor and len(results) < params["limit"]:
                params["cursor"] = next_cursor
"""


def make_corpus(folder: Path, count: int = COUNT) -> Path:
    """Write the integrations below ``folder``; gives it back."""
    for number in range(count):
        _make(folder / f"made-{number:03}", number, _lines(number, count))
    return folder


def _lines(number: int, count: int) -> int:
    """The lines of an entry point: from few to many, and more of the small ones."""
    share = number / max(count - 1, 1)
    return round(_FEWEST_LINES * float((_MOST_LINES / _FEWEST_LINES) ** share**3))


def _make(root: Path, number: int, lines: int) -> None:
    name = f"made_{number:03}"
    release = number % len(_PINS)
    actions = [f"{_verb(place)}_{_NOUNS[place % len(_NOUNS)]}" for place in range(ACTIONS)]
    files = {
        "config.json": json.dumps(_config(name, number, actions), indent=2),
        "requirements.txt": f"{_PINS[release]}\n",
        **_code(name, number, lines, actions, plain=release == 2),
    }
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def _verb(place: int) -> str:
    return ("list", "get", "create")[place // 5]


def _code(name: str, number: int, lines: int, actions: list[str], *, plain: bool) -> dict[str, str]:
    """The modules by path: all in the entry point, or the handlers in a package."""
    imported = ["ActionHandler", "ExecutionContext", "Integration", *([] if plain else ["ActionError", "ActionResult"])]
    head = _HEAD.format(title=name, names=", ".join(sorted(imported)))
    client = _CLIENT.format(name=name, fields=_FIELDS, credential=_CREDENTIALS[number % len(_CREDENTIALS)])
    blocks = max(0, round((lines / ACTIONS - _ACTION.count("\n")) / _BLOCK.count("\n")))
    handlers = {action: _handler(name, action, blocks, number, plain=plain) for action in actions}
    load = f"\n{name} = Integration.load()\n"
    if number % 3:
        return {f"{name}.py": "".join((head, load, client, *handlers.values()))}
    modules = {
        f"actions/{noun}s.py": "".join(
            (head, f"from {name}_app import {name}, get_headers, parse_date, BASE_URL, DEFAULT_PAGE_SIZE\n", *texts)
        )
        for noun, texts in _by_noun(handlers)
    }
    imports = "".join(f"import actions.{noun}s\n" for noun, _ in _by_noun(handlers))
    return {
        f"{name}_app.py": head + load + client,
        f"{name}.py": f'"""The integration {name}."""\n\nfrom {name}_app import {name}\n{imports}',
        "actions/__init__.py": "",
        **modules,
    }


def _by_noun(handlers: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    for noun in _NOUNS:
        texts = [text for action, text in handlers.items() if action.endswith(f"_{noun}")]
        if texts:
            yield noun, texts


def _handler(variable: str, action: str, blocks: int, seed: int, *, plain: bool) -> str:
    noun = action.partition("_")[2]
    text = "".join(
        _BLOCK.format(
            noun=noun,
            number=number,
            field=_FIELDS[(seed + number) % len(_FIELDS)],
            other=_FIELDS[(seed + 3 * number + 1) % len(_FIELDS)],
        )
        for number in range(blocks)
    )
    result = '{"result": True, "items": results}'
    error = '{"result": False, "error": str(e)}'
    return _ACTION.format(
        variable=variable,
        action=action,
        cls="".join(map(str.title, action.split("_"))),
        blocks=text,
        result=result if plain else f"ActionResult(data={result})",
        error=error if plain else "ActionError(message=str(e))",
    )


def _config(name: str, number: int, actions: list[str]) -> dict[str, Any]:
    fields = {"api_key": _field("API key", "password"), "base_url": _field("Base URL", "text")}
    custom = {"type": "custom", "title": name, "fields": {"type": "object", "properties": fields}}
    platform = {"type": "platform", "provider": name, "scopes": ["read", "write"]}
    return {
        "name": name,
        "display_name": name.replace("_", " ").title(),
        "version": "1.0.0",
        "description": f"Works with the records of {name}.",
        "entry_point": f"{name}.py",
        "auth": custom if number % 2 else platform,
        "actions": {action: _action(action, place) for place, action in enumerate(actions)},
    }


def _field(label: str, kind: str) -> dict[str, Any]:
    return {"type": "string", "format": kind, "label": label, "help_text": f"The {label} of your account."}


def _action(action: str, place: int) -> dict[str, Any]:
    inputs = {
        field: {"type": kind, "description": f"The {field} of the {action.partition('_')[2]}."}
        for field, kind in zip(_FIELDS, _kinds(place), strict=True)
    }
    some = dict([*inputs.items()][:3])
    record = {"type": "object", "properties": {"id": {"type": "string"}, **some}, "required": ["id"]}
    return {
        "display_name": action.replace("_", " ").title(),
        "description": f"Runs {action} and gives what it found.",
        "input_schema": {"type": "object", "properties": inputs, "required": [_FIELDS[place % len(_FIELDS)]]},
        "output_schema": {
            "type": "object",
            "properties": {
                "result": {"type": "boolean"},
                "items": {"type": "array", "items": record},
                "error": {"type": "string"},
            },
        },
    }


def _kinds(place: int) -> list[str]:
    kinds = ["string", "string", "string", "integer", "integer", "string", "string", "string", "number", "string"]
    return kinds[place % 3 :] + kinds[: place % 3]
