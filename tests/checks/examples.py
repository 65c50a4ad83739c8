"""A small broken integration for every code: what differs from a sound one, and where the finding stands."""

import copy
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONFIG: dict[str, Any] = {
    "name": "weather",
    "version": "1.0.0",
    "description": "Tells the weather.",
    "entry_point": "weather.py",
    "auth": {"type": "custom", "fields": {"type": "object", "properties": {"api_key": {"type": "string"}}}},
    "actions": {
        "today": {
            "description": "The weather of today.",
            "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
            "output_schema": {"type": "object", "properties": {"warm": {"type": "boolean"}}},
        }
    },
    "display_name": "weather",
}
CODE = """\
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration

weather = Integration.load()


@weather.action("today")
class Today(ActionHandler):  # of a city
    async def execute(self, inputs, context):
        return ActionResult(data={"warm": True})
"""
REQUIREMENTS = "autohive-integrations-sdk~=2.0.1\n"
ACCOUNT = """
@weather.connected_account()
class Account(ConnectedAccountHandler):
    async def get_account_info(self, context):
        return ConnectedAccountInfo()
"""
TRIGGER = {
    "description": "New warnings.",
    "polling_interval": "5m",
    "input_schema": {"type": "object", "properties": {}},
    "output_schema": {"type": "object", "properties": {"text": {"type": "string"}}},
}
POLLER = """
from autohive_integrations_sdk import PollingTriggerHandler

@weather.polling_trigger("warnings")
class Warnings(PollingTriggerHandler):
    async def poll(self, inputs, last_poll_ts, context):
        return []
"""
GONE = object()


@dataclass(frozen=True)
class Example:
    """An integration with one error.

    ``config`` maps JSON Pointers to values (``GONE`` deletes), or is the file's text; ``files`` maps names to contents
    (None leaves one out); ``prepare`` does what neither can. ``also`` are codes that the same error brings with it.
    ``shown`` tells what shows it: the ``text``, an ``import``, or either.
    """

    code: str
    place: str
    config: Any = field(default_factory=dict)
    files: dict[str, str | bytes | None] = field(default_factory=dict)
    prepare: Callable[[Path], object] | None = None
    also: tuple[str, ...] = ()
    shown: str = "either"

    @property
    def is_of_code(self) -> bool:
        """Whether an import has to do with it: the finding is about code, or comes of importing."""
        return self.shown != "either" or self.code.startswith(("handler-", "account-", "contract-", "source-"))

    def build(self, root: Path) -> None:
        """Write the folder."""
        root.mkdir()
        for name, content in {
            "config.json": self._config(),
            "weather.py": CODE,
            "requirements.txt": REQUIREMENTS,
            "README.md": "# Weather\n",
            "icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
            "tests/test_weather.py": "",
            **self.files,
        }.items():
            if content is not None:
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if self.prepare:
            self.prepare(root)

    def _config(self) -> str | bytes:
        if not isinstance(self.config, dict):
            return self.config
        config = copy.deepcopy(CONFIG)
        for pointer, value in self.config.items():
            *way, name = pointer[1:].split("/")
            holder = config
            for step in way:
                holder = holder.setdefault(step, {})
            if value is GONE:
                del holder[name]
            else:
                holder[name] = dict(value) if isinstance(value, dict) else value
        return json.dumps(config, indent=2)


def _socket(root: Path) -> None:
    here = Path.cwd()
    os.chdir(root)  # the path of a socket has 108 bytes at most
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("requirements.txt")
    os.chdir(here)


def _link_out(root: Path) -> None:
    outside = root.parent.parent / "outside.txt"
    outside.write_text(REQUIREMENTS)
    (root / "requirements.txt").symlink_to(outside)


def _folder_out(root: Path) -> None:
    elsewhere = root.parent.parent / "elsewhere"
    root.rename(elsewhere)
    root.symlink_to(elsewhere)


def _large(root: Path) -> None:
    os.truncate(root / "requirements.txt", 5 * 1024 * 1024)


def _nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(depth):
        schema = {"items": schema}
    return schema


def _dist_info(name: str, version: str) -> dict[str, str | bytes | None]:
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    return {f"dependencies/{name}-{version}.dist-info/METADATA": metadata}


INPUT = "/actions/today/input_schema"
OUTPUT = "/actions/today/output_schema"
NEWS = "/polling_triggers/warnings"
POLLS = {"files": {"weather.py": CODE + POLLER}}
OLD = "autohive-integrations-sdk==0.1.2  # workbench: ignore contract-unsupported The code is old, too.\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (256).to_bytes(4) + (512).to_bytes(4)
FETCH = CODE.replace("{", "{{").replace("}", "}}").replace("True", '(await context.fetch("http://x"{0})){1}')
BARE = CODE.replace("ActionHandler, ActionResult", "ActionHandler").replace(
    'ActionResult(data={"warm": True})', '{"warm": True}'
)

SOUND = Example("sound", "")
"""What the others differ from."""

EXAMPLES: tuple[Example, ...] = (
    # Files
    Example(
        "config-file-missing",
        "config.json:1:1",
        files={"config.json": None},
        prepare=lambda root: (root / "config.json").symlink_to("nowhere.json"),
    ),
    Example("file-unreadable", "requirements.txt:1:1", files={"requirements.txt": None}, prepare=_socket),
    Example(
        "file-not-a-file",
        "requirements.txt:1:1",
        files={"requirements.txt": None},
        prepare=lambda root: (root / "requirements.txt").mkdir(),
    ),
    Example("file-not-utf-8", "config.json:3:1", b'{"name": "weather",\n\n"description": "caf\xe9"}'),
    Example("file-too-large", "requirements.txt:1:1", prepare=_large),
    Example("file-outside", "requirements.txt:1:1", files={"requirements.txt": None}, prepare=_link_out),
    Example("folder-outside", ".", prepare=_folder_out),
    Example("config-bom", "config.json:1:1", b"\xef\xbb\xbf" + json.dumps(CONFIG, indent=2).encode()),
    Example("config-empty", "config.json:1:1", " \n"),
    Example("config-syntax", "config.json:2:12", '{"name": "weather",\n "version" 1}'),
    Example("config-limit-exceeded", "config.json:1:1", "[" * 200_000),
    Example("config-duplicate-key", "config.json:2:1", json.dumps(CONFIG)[:-1] + ',\n"version": "1.0.0"}'),
    Example("config-invalid-number", "config.json:2:9", json.dumps(CONFIG)[:-1] + ',\n"size": 1e999}'),
    Example("config-lone-surrogate", "config.json:2:7", json.dumps(CONFIG)[:-1] + ',\n"x": "\\ud83d"}'),
    Example("entry-point-missing", "config.json:5:3", files={"weather.py": None}),
    Example("entry-point-outside", "config.json:5:3", {"/entry_point": "../weather.py"}),
    Example("entry-point-not-python", "config.json:5:3", {"/entry_point": "weather.txt"}, {"weather.txt": CODE}),
    Example("entry-point-not-a-file", "config.json:5:3", {"/entry_point": "sub"}, {"sub/weather.py": CODE}),
    Example("icon-missing", "config.json:39:3", {"/icon": "sun.svg"}),
    Example("icon-outside", "config.json:39:3", {"/icon": "../sun.svg"}),
    Example("icon-type", "config.json:39:3", {"/icon": "weather.py"}),
    # config.json
    Example("config-not-an-object", "config.json:1:1", "[]"),
    Example("config-property-missing", "config.json:1:1", {"/version": GONE}),
    Example("config-type", "config.json:4:3", {"/description": 7}),
    Example("config-unknown-property", "config.json:39:3", {"/iconn": "icon.svg"}),
    Example("config-no-handlers", "config.json:1:1", {"/actions": GONE}, {"weather.py": CODE.split("\n\n\n")[0]}),
    Example("description-missing", "config.json:19:7", {"/actions/today/description": ""}),
    Example("version-not-semver", "config.json:3:3", {"/version": "1.0"}),
    Example("auth-type-missing", "config.json:6:3", {"/auth/type": GONE}),
    Example("auth-type-unknown", "config.json:7:5", {"/auth/type": "kerberos"}),
    Example("auth-fields-missing", "config.json:6:3", {"/auth/fields": GONE}),
    Example("auth-fields-shape", "config.json:9:7", {"/auth/fields": {"type": "array"}}),
    Example("auth-provider-missing", "config.json:6:3", {"/auth": {"type": "platform"}}),
    Example("entry-property-missing", "config.json:18:5", {INPUT: GONE}),
    Example("display-name-missing", "config.json:1:1", {"/display_name": GONE}),
    Example("output-unchecked", "config.json:28:7", {OUTPUT: {"type": "object"}}),
    Example("schema-invalid", "config.json:21:9", {INPUT + "/type": "strng"}),
    Example("schema-required-boolean", "config.json:25:13", {INPUT + "/properties/city/required": True}),
    Example("schema-too-deep", "config.json:20:7", {INPUT: _nested(600)}),
    Example("schema-ref-remote", "config.json:21:9", {INPUT: {"$ref": "http://127.0.0.1:9/schema"}}),
    Example("schema-ref-not-found", "config.json:21:9", {INPUT: {"$ref": "#/definitions/city"}}),
    Example("schema-ref-circular", "config.json:21:9", {INPUT: {"$ref": "#"}}),
    Example(
        "schema-ref-siblings",
        "config.json:22:9",
        {INPUT: {"$ref": "#/definitions/x", "minimum": 1, "definitions": {"x": {}}}},
    ),
    Example("schema-pattern-slow", "config.json:25:13", {INPUT + "/properties/city/pattern": "(a+)+$"}),
    Example("schema-nullable", "config.json:25:13", {INPUT + "/properties/city/nullable": True}),
    Example("schema-ignored-keyword", "config.json:25:13", {INPUT + "/properties/city/min_length": 1}),
    Example("schema-required-unknown", "config.json:28:11", {INPUT + "/required": ["town"]}),
    Example("schema-default-invalid", "config.json:25:13", {INPUT + "/properties/city/default": 5}),
    Example("schema-enum-invalid", "config.json:27:15", {INPUT + "/properties/city/enum": ["Oslo", 5]}),
    Example(
        "schema-empty-range",
        "config.json:25:13",
        {INPUT + "/properties/city/minLength": 5, INPUT + "/properties/city/maxLength": 1},
    ),
    Example(
        "schema-unsatisfiable",
        "config.json:31:15",
        {INPUT + "/additionalProperties": False, INPUT + "/allOf": [{"required": ["zip"]}]},
    ),
    Example(
        "schema-closed",
        "config.json:31:13",
        {INPUT + "/additionalProperties": False, INPUT + "/if": {}, INPUT + "/then": {"required": ["zip"]}},
    ),
    Example(
        "schema-multiple-of-decimal",
        "config.json:25:13",
        {INPUT + "/properties/city/multipleOf": 0.01},
    ),
    Example("interval-missing", "config.json:40:5", {NEWS: TRIGGER, NEWS + "/polling_interval": GONE}, **POLLS),
    Example("interval-invalid", "config.json:42:7", {NEWS: TRIGGER, NEWS + "/polling_interval": "often"}, **POLLS),
    Example(
        "trigger-output-shape", "config.json:47:7", {NEWS: TRIGGER, NEWS + "/output_schema": {"type": "array"}}, **POLLS
    ),
    # requirements.txt
    Example("requirements-missing", "requirements.txt:1:1", files={"requirements.txt": None}),
    Example("requirements-no-sdk", "requirements.txt:1:1", files={"requirements.txt": "aiohttp\n"}),
    Example(
        "requirements-joined",
        "requirements.txt:2:1",
        files={"requirements.txt": "# what we need\naiohttp>=3autohive-integrations-sdk~=2.0.1\n"},
    ),
    Example("requirements-invalid", "requirements.txt:2:1", files={"requirements.txt": REQUIREMENTS + "== what?\n"}),
    Example(
        "requirements-include", "requirements.txt:2:1", files={"requirements.txt": REQUIREMENTS + "-r ../more.txt\n"}
    ),
    Example(
        "requirements-url",
        "requirements.txt:2:1",
        files={"requirements.txt": REQUIREMENTS + "-r https://example.com/requirements.txt\n"},
    ),
    Example(
        "requirements-encoding",
        "requirements.txt:1:1",
        files={"requirements.txt": b"# caf\xe9\n" + REQUIREMENTS.encode()},
    ),
    Example(
        "requirements-import",
        "weather.py:11:5",
        files={"weather.py": CODE + "def soon():\n    import nowhere_to_be_found\n"},
    ),
    Example(
        "requirements-not-installed",
        "requirements.txt:2:1",
        files={"requirements.txt": REQUIREMENTS + "nowhere-to-be-found>=2\n"},
    ),
    Example(
        "requirements-incomplete",
        "requirements.txt:2:1",
        files={
            "requirements.txt": REQUIREMENTS + "parts\n",
            "dependencies/parts-1.0.dist-info/METADATA": "Name: parts\nRequires-Dist: nowhere-to-be-found>=2\n\nText",
        },
    ),
    # Code
    Example("source-invalid", "weather.py:10:5", files={"weather.py": CODE + "def (:\n"}),
    Example("module-hides-library", "colorsys.py:1:1", files={"colorsys.py": ""}),
    Example("handler-missing", "config.json:18:5", files={"weather.py": CODE.split("\n\n\n")[0]}),
    Example(
        "handler-undeclared",
        "weather.py:10:2",
        files={"weather.py": CODE + '@weather.action("tomorrow")\nclass Tomorrow(Today):\n    pass\n'},
    ),
    Example(
        "handler-duplicate",
        "weather.py:10:2",
        files={"weather.py": CODE + '@weather.action("today")\nclass Again(Today):\n    pass\n'},
    ),
    Example(
        "handler-name-dynamic",
        "weather.py:6:2",
        files={"weather.py": CODE.replace('"today"', '"to" + "day"')},
        shown="text",
    ),
    Example(
        "handler-method",
        "weather.py:6:2",
        files={"weather.py": CODE.replace("self, inputs, context", "self, inputs")},
        shown="import",
    ),
    Example(
        "handler-not-async", "weather.py:6:2", files={"weather.py": CODE.replace("async def", "def")}, shown="import"
    ),
    Example("account-missing", "config.json:39:3", {"/supports_connected_account": True}),
    Example(
        "account-undeclared",
        "weather.py:11:2",
        files={"weather.py": "from autohive_integrations_sdk import *\n" + CODE.partition("\n")[2] + ACCOUNT},
    ),
    Example("input-undeclared", "weather.py:9:48", files={"weather.py": CODE.replace("True", 'bool(inputs["town"])')}),
    Example("input-unused", "config.json:23:11", files={"weather.py": CODE.replace("city", "town")}),
    Example(
        "result-property-missing",
        "weather.py:9:34",
        {OUTPUT + "/required": ["warm"]},
        files={"weather.py": CODE.replace('"warm"', '"hot"')},
    ),
    Example("result-type", "weather.py:9:43", files={"weather.py": CODE.replace("True", '"yes"')}),
    # The SDK's release
    Example("fetch-attribute", "weather.py:9:77", files={"weather.py": FETCH.format("", ".ok")}),
    Example("fetch-keyword", "weather.py:9:76", files={"weather.py": FETCH.format(", verify=1", "")}),
    Example("contract-import", "weather.py:1:54", files={"requirements.txt": OLD}),
    Example("contract-result", "weather.py:9:9", files={"weather.py": BARE}),
    Example(
        "contract-fetch",
        "weather.py:10:40",
        files={
            "weather.py": CODE.replace(
                "        return ActionResult(data={",
                '        body = await context.fetch("http://x")\n        return ActionResult(data={"x": body["x"], ',
            )
        },
    ),
    Example(
        "auth-fields-envelope",
        "config.json:15:7",
        {"/auth/fields/required": ["api_key"]},
        files={"requirements.txt": "autohive-integrations-sdk~=1.1.1\n"},
    ),
    Example(
        "auth-read-envelope",
        "weather.py:9:22",
        files={
            "weather.py": CODE.replace(
                'ActionResult(data={"warm": True})', '{"x": context.auth["credentials"]["api_key"]}'
            ).replace(", ActionResult", ""),
            "requirements.txt": OLD,
        },
    ),
    Example(
        "auth-read-flat",
        "weather.py:9:40",
        files={"weather.py": CODE.replace('{"warm": True}', '{"x": context.auth["api_key"]}')},
    ),
    Example(
        "contract-unsupported",
        "requirements.txt:1:1",
        files={
            "weather.py": BARE,
            "requirements.txt": OLD.partition("#")[0],
        },
    ),
    Example("contract-installed", "requirements.txt:1:1", files=_dist_info("autohive_integrations_sdk", "2.9.9")),
    # Importing
    Example("load-error", "weather.py:11:5", files={"weather.py": CODE + "if True:\n    1 / 0\n"}, shown="import"),
    Example(
        "load-module-missing",
        "weather.py:10:1",
        files={
            "weather.py": CODE + "import nowhere_to_be_found\n",
            "requirements.txt": REQUIREMENTS + "nowhere-to-be-found\n",
        },
        also=("requirements-not-installed",),
        shown="import",
    ),
    Example(
        "load-hidden",
        "calendar.py:1:1",
        files={"calendar.py": "EVENTS = []\n"},
        also=("module-hides-library",),
        shown="import",
    ),
    Example(
        "load-variable-missing",
        "weather.py:11:1",
        files={"weather.py": CODE + 'import os\nKEY = os.environ["A_VARIABLE_THAT_NOBODY_SETS"]\n'},
        shown="import",
    ),
    Example(
        "load-no-integration",
        "weather.py:1:1",
        files={"weather.py": CODE + "del weather\n"},
        shown="import",
    ),
    Example("load-exited", "weather.py:10:1", files={"weather.py": CODE + "raise SystemExit(3)\n"}, shown="import"),
    Example(
        "load-request",
        "weather.py:14:5",
        files={
            "weather.py": CODE
            + "import asyncio, aiohttp, contextlib\n\nasync def go():\n  async with aiohttp.ClientSession() as http:\n"
            "    await http.get('http://127.0.0.1:9/secret?key=1')\n\n"
            "with contextlib.suppress(aiohttp.ClientError):\n  asyncio.run(go())\n"
        },
        shown="import",
    ),
    Example(
        "load-background",
        "weather.py:14:1",
        files={
            "weather.py": CODE
            + "import threading, time\n\ndef refresh(): time.sleep(60)\n\n"
            + "threading.Thread(target=refresh, daemon=True).start()\n"
        },
        shown="import",
    ),
    Example(
        "load-timeout", "weather.py:11:1", files={"weather.py": CODE + "import time\ntime.sleep(600)\n"}, shown="import"
    ),
    # Publishing
    Example("icon-absent", "config.json:1:1", files={"icon.svg": None}),
    Example("icon-size", "icon.png:1:1", files={"icon.svg": None, "icon.png": PNG}),
    Example("icon-not-square", "icon.svg:1:1", files={"icon.svg": '<svg viewBox="0 0 32 16"/>'}),
    Example("readme-missing", "config.json:1:1", files={"README.md": None}),
    Example("tests-missing", "config.json:1:1", files={"tests/test_weather.py": None}),
    # Ignored findings
    Example("ignore-invalid", "weather.py:10:1", files={"weather.py": CODE + "# workbench: ignore handler-missing\n"}),
    Example("ignore-unused", "weather.py:10:1", files={"weather.py": CODE + "# workbench: ignore tests-missing No.\n"}),
    Example("toml-invalid", "workbench.toml:2:1", files={"workbench.toml": "[check]\nx\n"}),
)
