"""What a ValidationError holds, and whether data or schema is invalid."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from autohive_integrations_sdk import (
    ActionHandler,
    ConfigurationError,
    ExecutionContext,
    Integration,
    SchemaError,
    ValidationError,
)

Folder = Callable[..., Path]
Refuse = Callable[[Any, Any], ValidationError]


@pytest.fixture
def integration_of(folder: Folder, config: Any) -> Callable[[Any], Integration]:
    """An integration under contract 0.1 whose action takes what a schema allows, and returns its inputs."""

    def make(schema: Any, **members: Any) -> Integration:
        document = config.of_input({"properties": {"v": schema}}) | members
        integration = Integration.load(folder(document) / "config.json")
        integration.contract = "0.1"

        @integration.action("act")
        class Act(ActionHandler):
            async def execute(self, inputs: Any, context: Any) -> Any:
                return inputs

        return integration

    return make


@pytest.fixture
async def refuse(integration_of: Callable[[Any], Integration]) -> Any:
    """Holds a value against a schema that refuses it, and returns the error."""

    async def run(schema: Any, value: Any) -> ValidationError:
        with pytest.raises(ValidationError) as caught:
            await integration_of(schema).execute_action("act", {"v": value}, ExecutionContext())
        return caught.value

    return run


async def test_every_fault_is_carried_with_both_pointers_and_the_text_shows_them(refuse: Any) -> None:
    schema = {
        "type": "object",
        "properties": {
            "b": {"type": "array", "items": {"type": "object", "required": ["x", "y"]}},
            "a": {"type": "integer"},
        },
    }
    error = await refuse(schema, {"a": "s", "b": [{}, {"x": 1}]})
    assert [
        (violation.pointer, violation.schema_pointer, violation.keyword, violation.message)
        for violation in error.errors
    ] == [
        ("/v/a", "/properties/v/properties/a/type", "type", "'s' is not of type 'integer'"),
        ("/v/b/0", "/properties/v/properties/b/items/required", "required", "'x' is a required property"),
        ("/v/b/0", "/properties/v/properties/b/items/required", "required", "'y' is a required property"),
        ("/v/b/1", "/properties/v/properties/b/items/required", "required", "'y' is a required property"),
    ]
    for violation in error.errors:
        assert (
            violation.pointer in str(error)
            and violation.schema_pointer in str(error)
            and violation.message in str(error)
        )
    assert error.message == str(error)
    assert (error.inputs, error.source) == ({"v": {"a": "s", "b": [{}, {"x": 1}]}}, "input")
    assert error.schema == {"properties": {"v": schema}}
    assert "action 'act'" in error.message


async def test_paths_that_mix_names_and_indexes_are_sorted(refuse: Any) -> None:
    schema = {"additionalProperties": {"type": "string"}, "items": {"type": "string"}, "type": ["object", "array"]}
    wrong = {"anyOf": [{"items": {"type": "null"}}, {"type": "null"}]}
    error = await refuse(
        {"properties": {"list": schema, "dict": schema}}, {"list": [1, "x", 2], "dict": {"10": 1, "9": 2}}
    )
    assert [violation.pointer for violation in error.errors] == ["/v/dict/10", "/v/dict/9", "/v/list/0", "/v/list/2"]
    error = await refuse(wrong, list(range(12)))
    assert [violation.pointer for violation in error.errors[0].branches] == [
        "/v",
        *(f"/v/{index}" for index in range(12)),
    ]


async def test_names_and_indexes_at_the_same_depth_are_sorted() -> None:
    from autohive_integrations_sdk._schema import Checker

    with pytest.raises(ValidationError) as caught:
        Checker({"additionalProperties": {"type": "string"}}).check({"a": 1, 0: 1, "B": 1}, "output")
    assert [violation.pointer for violation in caught.value.errors] == ["/0", "/B", "/a"]


async def test_pointers_escape_their_names(refuse: Any) -> None:
    error = await refuse({"properties": {"a/b~c": {"type": "string"}}}, {"a/b~c": 1})
    assert error.errors[0].pointer == "/v/a~1b~0c"
    assert error.errors[0].schema_pointer == "/properties/v/properties/a~1b~0c/type"


async def test_branches_say_why_each_alternative_was_refused(refuse: Any) -> None:
    error = await refuse({"oneOf": [{"type": "string"}, {"properties": {"n": {"type": "integer"}}}]}, {"n": "x"})
    assert [(violation.pointer, violation.keyword) for violation in error.errors] == [("/v", "oneOf")]
    assert [(branch.pointer, branch.schema_pointer) for branch in error.errors[0].branches] == [
        ("/v", "/properties/v/oneOf/0/type"),
        ("/v/n", "/properties/v/oneOf/1/properties/n/type"),
    ]


async def test_a_schema_pointer_leads_through_references_to_where_the_keyword_stands(
    folder: Folder, config: Any
) -> None:
    schema = {
        "definitions": {"a/b": {"properties": {"n": {"type": "integer"}}}},
        "properties": {"v": {"$ref": "#/definitions/a~1b"}},
    }
    integration = Integration.load(folder(config.of_input(schema)) / "config.json")
    integration.contract = "0.1"
    integration.action("act")(type("Act", (ActionHandler,), {"execute": None}))
    with pytest.raises(ValidationError) as caught:
        await integration.execute_action("act", {"v": {"n": "x"}}, ExecutionContext())
    assert caught.value.errors[0].schema_pointer == "/definitions/a~1b/properties/n/type"


@pytest.mark.parametrize(
    ("schema", "value", "pointer", "schema_pointer"),
    [
        (False, 1, "", ""),
        ({"properties": {"a": False}}, {"a": 1}, "/a", "/properties/a"),
        ({"items": False}, [1], "/0", "/items"),
        ({"items": [True, False]}, [1, 2], "/1", "/items/1"),
        ({"allOf": [{"properties": {"a": {"then": False, "if": True}}}]}, {"a": 1}, "/a", "/allOf/0/properties/a/then"),
        ({"dependencies": {"a": False}}, {"a": 1}, "", "/dependencies/a"),
        ({"additionalProperties": {"items": False}}, {"a": [1]}, "/a/0", "/additionalProperties/items"),
        (
            {"properties": {"a": {"$ref": "#/definitions/no"}}, "definitions": {"no": False}},
            {"a": 1},
            "/a",
            "/definitions/no",
        ),
    ],
)
async def test_a_false_schema_is_named_with_both_places(
    schema: Any, value: Any, pointer: str, schema_pointer: str, refuse: Any
) -> None:
    from autohive_integrations_sdk._schema import Checker

    with pytest.raises(ValidationError) as caught:
        Checker(schema).check(value, "output")
    assert [(violation.pointer, violation.schema_pointer, violation.keyword) for violation in caught.value.errors] == [
        (pointer, schema_pointer, "false")
    ]


def test_additionalProperties_false_keeps_its_own_message() -> None:
    from autohive_integrations_sdk._schema import Checker

    with pytest.raises(ValidationError, match=r"'b' was unexpected.*/additionalProperties"):
        Checker({"properties": {"a": False}, "additionalProperties": False}).check({"b": 1}, "output")


async def test_a_long_list_of_faults_is_whole_in_errors_and_cut_in_the_text(refuse: Any) -> None:
    error = await refuse({"items": {"type": "string"}}, list(range(500)))
    assert len(error.errors) == 500
    assert "and 480 more" in error.message
    assert len(error.message.splitlines()) == 22


async def test_more_errors_than_anybody_reads_are_not_all_looked_for(refuse: Any) -> None:
    error = await refuse({"items": {"type": "string"}}, list(range(1500)))
    assert (len(error.errors), error.message.splitlines()[-1]) == (1000, "  and at least 981 more")
    assert (await refuse({"items": {"type": "string"}}, list(range(1000)))).message.endswith("  and 980 more")


async def test_a_long_value_is_cut_in_the_middle_so_that_the_reason_stays(refuse: Any) -> None:
    error = await refuse({"type": "string"}, list(range(5000)))
    assert len(error.errors[0].message) < 700
    assert error.errors[0].message.endswith("is not of type 'string'")


async def test_credentials_are_not_in_the_message(integration_of: Any) -> None:
    fields = {
        "properties": {"key": {"type": "string", "minLength": 50}, "mode": {"enum": ["a", "b"]}},
        "required": ["other"],
    }
    integration = integration_of({}, auth={"type": "custom", "fields": fields})
    with pytest.raises(ValidationError) as caught:
        await integration.execute_action("act", {}, ExecutionContext(auth={"key": "hunter2-hunter2", "mode": "sesame"}))
    assert "hunter2" not in str(caught.value) and "sesame" not in str(caught.value)
    assert [violation.message for violation in caught.value.errors] == [
        "'other' is a required property",
        "the value is too short",
        "the value is not one of ['a', 'b']",
    ]


@pytest.mark.parametrize(
    ("schema", "value", "places"),
    [
        ({"type": "object", "required": False}, {}, ["/required"]),
        ({"type": "object", "properties": {"k": {"required": True}}}, {"k": {}}, ["/properties/k/required"]),
        ({"type": "strng"}, "x", ["/type"]),
        ({"properties": []}, {}, ["/properties"]),
        ({"pattern": "("}, "x", ["/pattern"]),
        ({"minLength": "3"}, "x", ["/minLength"]),
        ({"items": 5}, [1], ["/items"]),
        ({"properties": {"a": None}}, {"a": 1}, ["/properties/a"]),
        ({"$ref": "#/definitions/gone"}, 1, ["/$ref"]),
        ({"$ref": "http://127.0.0.1:1/schema.json"}, 1, ["/$ref"]),
        ({"$ref": "file:///etc/hostname"}, 1, ["/$ref"]),
        ({"required": False, "minimum": "x"}, {}, ["/minimum", "/required"]),
    ],
    ids=str,
)
async def test_an_invalid_schema_is_named_as_the_schemas_fault(
    schema: Any, value: Any, places: list[str], refuse: Any
) -> None:
    error = await refuse(schema, value)
    assert isinstance(error, SchemaError) and isinstance(error, ConfigurationError)
    assert [violation.schema_pointer for violation in error.errors] == [f"/properties/v{place}" for place in places]
    assert "input schema of action 'act' in config.json is itself invalid" in error.message
    assert all(f"  /properties/v{place}: " in error.message for place in places)


@pytest.mark.filterwarnings("ignore:jsonschema.RefResolver is deprecated:DeprecationWarning")
def test_references_are_not_fetched_by_an_older_jsonschema_either(service: Any) -> None:
    import jsonschema
    from autohive_integrations_sdk._schema_errors import crash_error
    from autohive_integrations_sdk._validator import closed_resolver

    schema = {
        "properties": {"a": {"$ref": f"{service.url}/x.json"}, "b": {"$ref": "#/definitions/b"}},
        "definitions": {"b": {"type": "integer"}},
    }
    validator = jsonschema.Draft7Validator(schema, resolver=closed_resolver(schema))
    assert validator.is_valid({"b": 1}) and not validator.is_valid({"b": "x"})
    with pytest.raises(Exception, match="is not fetched") as caught:
        validator.is_valid({"a": 1})
    error = crash_error(caught.value, schema, {"a": 1}, "input", "")
    assert isinstance(error, SchemaError)
    assert [violation.schema_pointer for violation in error.errors] == ["/properties/a/$ref"]
    assert service.seen == []


async def test_an_invalid_schema_that_no_data_reaches_does_no_harm(integration_of: Any) -> None:
    schema = {"properties": {"token": {"type": "string", "required": False}}}
    assert await integration_of(schema).execute_action("act", {"v": {"token": "x"}}, ExecutionContext()) == {
        "v": {"token": "x"}
    }


async def test_an_invalid_schema_is_a_result_under_contract_2(integration_of: Any) -> None:
    integration = integration_of({"required": False})
    integration.contract = "2"
    result = await integration.execute_action("act", {"v": {}}, ExecutionContext())
    assert (result.type, result.result["source"]) == ("validation_error", "input")
    assert "/properties/v/required" in result.result["message"]


@pytest.mark.parametrize("kind", ["list", "dict"])
async def test_deep_data_is_an_error_that_says_so(kind: str, integration_of: Any, folder: Folder, config: Any) -> None:
    deep: Any = 1
    for _ in range(20_000):
        deep = [deep] if kind == "list" else {"n": deep}
    schema = {"items": {"$ref": "#"}, "additionalProperties": {"$ref": "#"}}
    integration = Integration.load(folder(config.of_input(schema)) / "config.json")
    integration.contract = "0.1"
    integration.action("act")(type("Act", (ActionHandler,), {"execute": None}))
    with pytest.raises(ValidationError, match=r"nested 2000[01] levels deep") as caught:
        await integration.execute_action("act", {"v": deep}, ExecutionContext())
    assert not isinstance(caught.value, SchemaError)


async def test_data_without_end_is_an_error_that_says_so() -> None:
    from autohive_integrations_sdk._schema import Checker

    endless: list[Any] = []
    endless += [endless, endless]
    with pytest.raises(ValidationError, match="the data is nested without end") as caught:
        Checker({"items": {"$ref": "#"}}).check(endless, "output")
    assert not isinstance(caught.value, SchemaError)


async def test_deep_data_under_a_schema_that_does_not_look_into_it_is_valid(integration_of: Any) -> None:
    deep: Any = 1
    for _ in range(20_000):
        deep = [deep]
    assert (await integration_of({"type": "array"}).execute_action("act", {"v": deep}, ExecutionContext()))["v"] is deep


async def test_a_deep_schema_is_an_error_that_says_so() -> None:
    from autohive_integrations_sdk._schema import Checker

    schema: Any = {"type": "string"}
    for _ in range(20_000):
        schema = {"allOf": [schema]}
    with pytest.raises(SchemaError, match="the schema is nested 40"):
        Checker(schema).check("x", "output")


async def test_a_reference_in_circles_is_the_schemas_fault(refuse: Any) -> None:
    error = await refuse({"allOf": [{"$ref": "#/properties/v"}]}, 1)
    assert isinstance(error, SchemaError)
    assert [violation.schema_pointer for violation in error.errors] == ["/properties/v/allOf/0/$ref"]


async def test_data_that_cannot_be_compared_is_not_blamed_on_the_schema(refuse: Any) -> None:
    error = await refuse({"minimum": 3}, 1j)
    assert not isinstance(error, SchemaError)
    assert "TypeError" in error.message


async def test_a_schema_that_is_changed_is_read_anew(integration_of: Any) -> None:
    integration = integration_of({"type": "string"})
    call = integration.execute_action
    schema = integration.config.actions["act"].input_schema["properties"]["v"]
    assert await call("act", {"v": "x"}, ExecutionContext()) == {"v": "x"}

    schema["type"] = "integer"
    with pytest.raises(ValidationError):
        await call("act", {"v": "x"}, ExecutionContext())
    schema.clear()
    schema["const"] = 1
    assert await call("act", {"v": 1}, ExecutionContext()) == {"v": 1}
    schema["const"] = True
    with pytest.raises(ValidationError):
        await call("act", {"v": 1}, ExecutionContext())
    integration.config.actions["act"].input_schema = {"required": ["w"]}
    with pytest.raises(ValidationError, match="'w' is a required property"):
        await call("act", {"v": 1}, ExecutionContext())


async def test_a_schema_is_compiled_once(integration_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from autohive_integrations_sdk import _schema

    made: list[Any] = []
    compile_validator = _schema._fast_validator.compile_validator
    monkeypatch.setattr(
        _schema._fast_validator, "compile_validator", lambda schema: made.append(schema) or compile_validator(schema)
    )
    integration = integration_of({"type": "string"})
    for _ in range(5):
        await integration.execute_action("act", {"v": "x"}, ExecutionContext())
    assert len(made) == 2  # the input schema and the output schema


async def test_inputs_are_checked_before_auth_as_in_every_release(integration_of: Any, config: Any) -> None:
    integration = integration_of({"type": "string"}, auth=config.auth)
    with pytest.raises(ValidationError) as caught:
        await integration.execute_action("act", {"v": 1}, ExecutionContext())
    assert caught.value.source == "input"


def test_importing_the_SDK_leaves_the_heavy_libraries_for_when_they_are_needed() -> None:
    code = (
        "import sys, autohive_integrations_sdk.integration as core; heavy = ('jsonschema', 'jsonschema_rs', 'aiohttp');"
        "print([name for name in heavy if name in sys.modules]); print(core.aiohttp.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\naiohttp\n"
