"""Cases of loading, actions, polling triggers and connected accounts."""

import json
import sys

from harness import ACTION, CONFIG, CONTRACT, FOLDER, TRIGGER, auth, case, context, handler, load, result, sdk


def action_case(name, answer, inputs=None, given=None, document=CONFIG):
    async def run():
        integration = load(document)
        integration.action("a")(handler(answer))
        return await integration.execute_action("a", {"q": 1} if inputs is None else inputs, context(given))

    case(f"action: {name}", run)


action_case("valid", result({"r": 1}))
action_case("valid with more", result({"r": 1, "more": [1, {"x": None}]}))
action_case("cost", result({"r": 1}, 0.5))
action_case("wrong input", result({"r": 1}), {"q": "x"})
action_case("missing input", result({"r": 1}), {})
action_case("wrong output", result({"r": "x"}))
action_case("output None", result(None))
action_case("raises", ZeroDivisionError("boom"))
action_case("raises HTTPError", sdk.HTTPError(404, "nf", {"a": 1}))
action_case("raises RateLimitError", sdk.RateLimitError(3, 429, "slow", "d"))
action_case("raises ValidationError", sdk.ValidationError("mine"))
action_case("auth missing", result({"r": 1}), given=auth())
action_case("auth flat", result({"r": 1}), given={"k": "s"})
action_case("auth envelope", result({"r": 1}), given={"auth_type": "Custom", "credentials": {"k": "s"}})
action_case("inputs before auth", result({"r": 1}), {}, given=auth())
action_case("integer as float", result({"r": 1.0}), {"q": 2.0})
action_case("boolean is no integer", result({"r": 1}), {"q": True})
action_case(
    "tuple is no array",
    result({"r": 1}),
    document=CONFIG | {"actions": {"a": ACTION | {"output_schema": {"type": "array"}}}},
)
action_case(
    "no schema to break",
    result({"anything": 1}),
    {},
    document=CONFIG | {"actions": {"a": {"description": "d", "input_schema": {}, "output_schema": {}}}},
)
action_case(
    "format is no assertion",
    result({"r": 1}),
    {"q": "no mail"},
    document=CONFIG | {"actions": {"a": ACTION | {"input_schema": {"properties": {"q": {"format": "email"}}}}}},
)
for name, schema, value in [
    ("required false, reached", {"required": False}, {}),
    ("required false, not reached", {"required": False}, "text"),
    ("unknown type", {"type": "strng"}, "x"),
    ("broken pattern", {"pattern": "("}, "x"),
    ("reference to nowhere", {"$ref": "#/definitions/gone"}, 1),
    ("mixed paths", {"anyOf": [{"items": {"type": "null"}}, {"type": "null"}]}, [1, 2]),
    ("false", False, 1),
    ("oneOf", {"oneOf": [{"type": "string"}, {"type": "integer"}]}, [1]),
    ("oneOf twice", {"oneOf": [{"type": "number"}, {"type": "integer"}]}, 1),
    ("pattern", {"pattern": "^a$"}, "b"),
    ("reference", {"$ref": "#/properties/other"}, "x"),
]:
    properties = {"v": schema, "other": {"type": "integer"}}
    entry = ACTION | {"input_schema": {"type": "object", "properties": properties}}
    action_case(f"schema: {name}", result({"r": 1}), {"v": value}, document=CONFIG | {"actions": {"a": entry}})
if CONTRACT != "0.1":
    action_case("plain value", {"r": 1})
    action_case("cost is not checked", result({"r": 1}, "much"))
if CONTRACT == "2":
    action_case("ActionError", sdk.ActionError("no", 0.1))


async def unregistered():
    return await load().execute_action("a", {"q": 1}, context())


async def undeclared():
    load().action("zz")(handler(1))


async def replaced():
    integration = load()
    integration.action("a")(handler(result({"r": 1})))
    integration.action("a")(handler(result({"r": 2})))
    return [sorted(integration._action_handlers), await integration.execute_action("a", {"q": 1}, context())]


async def returns_the_class():
    made = handler(1)
    return load().action("a")(made) is made


case("action: not registered", unregistered)
case("action: not declared", undeclared)
case("action: registered twice", replaced)
case("action: decorator returns the class", returns_the_class)


def load_case(name, document=None, raw=None):
    async def run():
        return load(document, raw).config

    case(f"load: {name}", run)


load_case("whole", CONFIG)
load_case("least", {"name": "n", "version": "1", "description": "d"})
load_case("UTF-8", raw='{"name": "żółw", "version": "1", "description": "d"}'.encode())
load_case("byte order mark", raw=b'\xef\xbb\xbf{"name": "n", "version": "1", "description": "d"}')
load_case("not UTF-8", raw=b'{"name": "\xe9"}')
load_case("broken", raw=b"{")
load_case("an array", raw=b"[]")
load_case("no name", {"version": "1"})
load_case("no version", {"name": "n"})
load_case("no description", {"name": "n", "version": "1"})
load_case(
    "no output schema",
    {"name": "n", "version": "1", "description": "d", "actions": {"a": {"description": "d", "input_schema": {}}}},
)
load_case("actions an array", {"name": "n", "version": "1", "description": "d", "actions": []})
load_case(
    "no interval", CONFIG | {"polling_triggers": {"t": {k: v for k, v in TRIGGER.items() if k != "polling_interval"}}}
)


async def missing():
    sdk.Integration.load(FOLDER / "nope.json")


case("load: missing file", missing)


async def from_caller():
    (FOLDER / "config.json").write_text(json.dumps(CONFIG | {"name": "beside"}))
    (FOLDER / "entry.py").write_text("from autohive_integrations_sdk import Integration\nentry = Integration.load()\n")
    sys.path.insert(0, str(FOLDER))
    import entry

    return entry.entry.config.name


case("load: found from its caller", from_caller)

for text in ["30s", "5m", "2h", "1d", " 5m", "5M", "1w", "", "m", "5", "1.5h", "-5m"]:

    async def interval(text=text):
        return sdk.Integration._parse_interval(text).total_seconds()

    case(f"interval: {text!r}", interval)


def poll_case(name, answer, inputs=None, given=None, document=CONFIG):
    async def run():
        integration = load(document)

        @integration.polling_trigger("t")
        class Poll(sdk.PollingTriggerHandler):
            async def poll(self, inputs, last_poll_ts, context):
                if isinstance(answer, BaseException):
                    raise answer
                return [{"id": last_poll_ts, "data": {"x": inputs["f"]}}] if answer == "echo" else answer

        return await integration.execute_polling_trigger(
            "t", {"f": 1} if inputs is None else inputs, "ts", context(given)
        )

    case(f"poll: {name}", run)


poll_case("nothing", [])
poll_case("echo", "echo")
poll_case("extra members", [{"id": 1, "data": {"x": 1}, "more": 1}])
poll_case("no id", [{"data": {"x": 1}}])
poll_case("no data", [{"id": 1}])
poll_case("wrong data", [{"id": 1, "data": {}}])
poll_case("None", None)
poll_case("no list", {})
poll_case("no dict", [5])
poll_case("raises", ZeroDivisionError("boom"))
poll_case("wrong inputs", [], {})
poll_case("wrong auth", [], given=auth())
poll_case("no auth fields", [], document={k: v for k, v in CONFIG.items() if k != "auth"})


async def poll_unregistered():
    return await load().execute_polling_trigger("t", {"f": 1}, None, context())


case("poll: not registered", poll_unregistered)

if CONTRACT != "0.1":
    for name, answer, given in [
        ("found", sdk.ConnectedAccountInfo(email="e"), None),
        ("a dict", {"email": "e"}, None),
        ("None", None, None),
        ("wrong auth", sdk.ConnectedAccountInfo(), auth()),
    ]:

        async def account(answer=answer, given=given):
            integration = load()

            @integration.connected_account()
            class Account(sdk.ConnectedAccountHandler):
                async def get_account_info(self, context):
                    return answer

            return await integration.get_connected_account(context(given))

        case(f"account: {name}", account)

    async def no_account():
        return await load().get_connected_account(context())

    case("account: not registered", no_account)
