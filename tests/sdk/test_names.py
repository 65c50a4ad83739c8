"""The table of public names in the contracts: each importable from both paths, of the shape that it states."""

import asyncio
import inspect
import logging
from datetime import timedelta
from enum import Enum

import autohive_integrations_sdk as package
import pytest
from autohive_integrations_sdk import integration as core
from packaging.version import Version

from tests.case_tables import each_case

FROM_PACKAGE = [
    "Integration",
    "ExecutionContext",
    "ActionHandler",
    "PollingTriggerHandler",
    "ConnectedAccountHandler",
    "ConnectedAccountInfo",
    "ValidationError",
    "ConfigurationError",
    "HTTPError",
    "RateLimitError",
    "ActionResult",
    "ActionError",
    "IntegrationResult",
    "ResultType",
    "FetchResponse",
    "AuthType",
    "__version__",
]
FROM_CORE = [*FROM_PACKAGE, "Parameter", "SchemaDefinition", "Action", "PollingTrigger", "IntegrationConfig"]


@each_case("name", FROM_PACKAGE)
def test_a_name_of_the_package_is_the_same_object_in_the_core_file(name: str) -> None:
    assert getattr(package, name) is getattr(core, name)
    assert name in package.__all__


@each_case("name", FROM_CORE)
def test_a_name_of_the_core_file_is_there(name: str) -> None:
    assert hasattr(core, name)
    assert name in core.__all__


def test_version_is_a_release_that_code_can_compare() -> None:
    assert Version("2.0.0") <= Version(package.__version__) < Version("3")


def test_AuthType_has_each_name_as_its_value() -> None:
    assert [member.value for member in package.AuthType] == [
        "PlatformOauth2",
        "PlatformTeams",
        "ApiKey",
        "Basic",
        "Custom",
    ]
    assert all(member.name == member.value == member for member in package.AuthType)
    assert issubclass(package.AuthType, Enum) and issubclass(package.AuthType, str)
    assert package.AuthType("ApiKey") is package.AuthType.ApiKey


def test_ResultType_has_the_values_of_the_table() -> None:
    assert {member.name: member.value for member in package.ResultType} == {
        "ACTION": "action",
        "ACTION_ERROR": "action_error",
        "CONNECTED_ACCOUNT": "connected_account",
        "ERROR": "error",
        "VALIDATION_ERROR": "validation_error",
    }


def test_ValidationError_takes_message_schema_inputs_source() -> None:
    error = package.ValidationError("m")
    assert (str(error), error.message, error.schema, error.inputs, error.source) == ("m", "m", None, None, "legacy")
    assert error.errors == ()
    error = package.ValidationError("m", {"type": "object"}, {"a": 1}, "auth")
    assert (error.schema, error.inputs, error.source) == ({"type": "object"}, {"a": 1}, "auth")


def test_HTTPError_takes_status_message_response_data() -> None:
    error = package.HTTPError(404, "gone", {"a": 1})
    assert (str(error), error.status, error.message, error.response_data) == ("HTTP 404: gone", 404, "gone", {"a": 1})
    assert package.HTTPError(500, "x").response_data is None


def test_RateLimitError_takes_retry_after_first_and_is_an_HTTPError() -> None:
    error = package.RateLimitError(7, 429, "slow down", "body")
    assert isinstance(error, package.HTTPError)
    assert (error.retry_after, error.status, error.message, error.response_data) == (7, 429, "slow down", "body")
    assert str(error) == "HTTP 429: slow down"


@pytest.mark.parametrize(
    "error",
    [
        package.ValidationError("m"),
        package.ConfigurationError("m"),
        package.HTTPError(400, "m"),
        package.RateLimitError(1, 429, "m"),
        package.SchemaError("m"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_exception_has_the_message_that_the_guide_prints(error: Exception) -> None:
    assert error.message == "m"  # type: ignore[attr-defined]  # that it is there is what the test is about


def test_FetchResponse_is_a_dataclass_of_status_headers_data() -> None:
    response = package.FetchResponse(200, {"A": "b"}, [1])
    assert (response.status, response.headers, response.data) == (200, {"A": "b"}, [1])
    assert response == package.FetchResponse(status=200, headers={"A": "b"}, data=[1])


def test_ActionResult_and_ActionError_have_an_optional_cost() -> None:
    assert package.ActionResult(data=1) == package.ActionResult(1, None)
    assert package.ActionResult(1, cost_usd=0.5).cost_usd == 0.5
    assert package.ActionError("m") == package.ActionError(message="m", cost_usd=None)


def test_ConnectedAccountInfo_is_all_optional() -> None:
    info = package.ConnectedAccountInfo()
    names = ["email", "first_name", "last_name", "username", "user_id", "avatar_url", "organization"]
    assert list(vars(info)) == names
    assert set(vars(info).values()) == {None}


def test_IntegrationResult_is_version_type_result() -> None:
    result = package.IntegrationResult("1", package.ResultType.ACTION, package.ActionResult(1))
    assert (result.version, result.type, result.result.data) == ("1", "action", 1)  # type: ignore[union-attr]  # known


def test_Action_and_PollingTrigger_hold_what_config_declares() -> None:
    action = core.Action("a", "d", {"type": "object"}, {})
    trigger = core.PollingTrigger("t", "d", {}, {}, timedelta(minutes=5))
    assert (action.name, action.description, action.input_schema, action.output_schema) == (
        "a",
        "d",
        {"type": "object"},
        {},
    )
    assert trigger.polling_interval == timedelta(minutes=5)
    assert isinstance(action, core.SchemaDefinition) and isinstance(trigger, core.SchemaDefinition)


def test_IntegrationConfig_and_Parameter_have_their_fields() -> None:
    made = core.IntegrationConfig("n", "v", "d", {}, {}, {})
    assert list(vars(made)) == ["name", "version", "description", "auth", "actions", "polling_triggers"]
    assert core.Parameter("p", "string", "d") == core.Parameter("p", "string", "d", None, True, None)


async def test_ExecutionContext_has_its_attributes_and_a_session_only_inside() -> None:
    context = package.ExecutionContext()
    assert (context.auth, context.metadata) == ({}, {})
    assert context.config == {"max_retries": 3, "timeout": 30}
    assert isinstance(context.logger, logging.Logger)
    assert context._session is None
    async with context as entered:
        assert entered is context
        assert context._session is not None and not context._session.closed
        session = context._session
    assert session.closed and context._session is None


async def test_ExecutionContext_keeps_what_it_is_given() -> None:
    auth, settings, metadata, logger = {"k": "v"}, {"max_retries": 1, "timeout": 2}, {"m": 1}, logging.getLogger("x")
    context = package.ExecutionContext(auth, settings, metadata, logger)
    assert context.auth is auth and context.config is settings
    assert context.metadata is metadata and context.logger is logger
    assert package.ExecutionContext().auth is not package.ExecutionContext().auth


def test_fetch_has_the_parameters_of_the_table() -> None:
    parameters = list(inspect.signature(package.ExecutionContext.fetch).parameters.values())[1:]
    assert [(parameter.name, parameter.default) for parameter in parameters] == [
        ("url", inspect.Parameter.empty),
        ("method", "GET"),
        ("params", None),
        ("data", None),
        ("json", None),
        ("headers", None),
        ("content_type", None),
        ("timeout", None),
        ("retry_count", 0),
    ]


@pytest.mark.parametrize(
    ("base", "method", "parameters"),
    [
        (package.ActionHandler, "execute", ["self", "inputs", "context"]),
        (package.PollingTriggerHandler, "poll", ["self", "inputs", "last_poll_ts", "context"]),
        (package.ConnectedAccountHandler, "get_account_info", ["self", "context"]),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_a_handler_base_asks_for_one_coroutine(base: type, method: str, parameters: list[str]) -> None:
    assert base.__abstractmethods__ == {method}  # type: ignore[attr-defined]  # ABCs have it
    assert list(inspect.signature(getattr(base, method)).parameters) == parameters
    assert inspect.iscoroutinefunction(getattr(base, method))
    with pytest.raises(TypeError, match="abstract"):
        base()


@pytest.mark.parametrize("name", ["execute_action", "execute_polling_trigger", "get_connected_account"])
def test_the_calls_of_the_platform_are_coroutines(name: str) -> None:
    assert inspect.iscoroutinefunction(getattr(package.Integration, name))


def test_load_takes_an_optional_config_path() -> None:
    parameter = inspect.signature(package.Integration.load).parameters["config_path"]
    assert parameter.default is None


def test_names_that_tests_patch_are_in_the_core_file() -> None:
    assert core.asyncio is asyncio
    assert core.aiohttp.ClientSession.__name__ == "ClientSession"
    assert {"aiohttp", "asyncio", "logging", "Integration"} <= set(dir(core))
    with pytest.raises(AttributeError, match="no attribute 'unheard_of'"):
        _ = core.unheard_of
