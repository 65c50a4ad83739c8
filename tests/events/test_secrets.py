"""Which values are secrets."""

import json

import pytest

from tests.case_tables import each_case
from workbench.domain import Credentials, EnvironmentVariable
from workbench.events.inherited_secrets import inherited_secrets
from workbench.events.secret_names import BY_DEFAULT, BY_NAME
from workbench.events.secrets import (
    environment_secrets,
    masked_auth,
    masked_environment,
    masked_metadata,
    passwords_of,
    run_secrets,
    secrets_of,
)

SECRET_NAMES = """
    api_key apiKey APIKEY access_token refresh_token client_secret clientSecret password passwd
    aws_access_key_id authorization bearer private_key service_role_secret content_api_key session_id cookie
    credentials xyz webhook_url token
"""

PLAIN_NAMES = """
    user_name username userName email domain url api_url region aws_region host client_id account_id
    token_type token_url expires_in scope scopes workspace subdomain organization auth_type
"""


def fields(**properties: object) -> object:
    return {"type": "object", "properties": properties}


@each_case(
    "name",
    SECRET_NAMES.split(),
)
def test_a_secret_by_its_name(name: str) -> None:
    assert secrets_of(None, {name: "value-1"}) == {name: "value-1"}
    assert secrets_of(fields(**{name: {"type": "string"}}), {name: "value-1"}) == {name: "value-1"}


@each_case(
    "name",
    PLAIN_NAMES.split(),
)
def test_no_secret_by_its_name(name: str) -> None:
    assert secrets_of(None, {name: "value-1"}) == {}


@each_case(
    ("schema", "secret"),
    [
        ({"type": "string", "format": "password"}, True),
        ({"type": "string", "label": "API Key"}, True),
        ({"type": "string", "title": "Access token"}, True),
        ({"type": "string", "format": "text", "label": "Bearer token"}, True),
        ({"type": "string"}, True),
        ({"type": "string", "format": "text"}, False),
        ({"type": "string", "format": "uri"}, False),
        ({"type": "string", "label": "User name"}, False),
        ({"type": "string", "enum": ["eu", "us"]}, False),
        ({"type": "string", "enum": ["eu", "us"], "label": "Kind of token"}, False),
        ({"type": "string", "enum": ["eu", "us"], "format": "password"}, True),
        ("not a schema", True),
        (None, True),
    ],
)
def test_what_the_schema_says(schema: object, secret: bool) -> None:
    assert bool(secrets_of(fields(thing=schema), {"thing": "value-1"})) is secret


def test_a_password_is_a_secret_whatever_its_name() -> None:
    assert secrets_of(fields(user_name={"format": "password"}), {"user_name": "ada"}) == {"user_name": "ada"}


def test_numbers_and_booleans() -> None:
    assert secrets_of(None, {"pin": 123456, "port": 8080, "count": 3, "token": True, "secret": None}) == {
        "pin": "123456"
    }


def test_nested_values() -> None:
    auth = {"oauth": {"client_secret": "one-1", "client_id": "two-2"}, "tokens": ["three-3", {"x": "four-4"}]}
    assert secrets_of(None, auth) == {"client_secret": "one-1", "tokens": "three-3", "x": "four-4"}


def test_one_name_for_two_values() -> None:
    found = secrets_of(None, {"a": {"key": "one-1"}, "b": {"key": "two-2"}, "keys": ["three-3", "four-4"]})
    assert sorted(found.values()) == ["four-4", "one-1", "three-3", "two-2"]
    assert found["key"] == "one-1"
    assert found["b.key"] == "two-2"


def test_names_of_many_values_are_short_and_differ() -> None:
    values = [f"value-{number}" for number in range(2_000)]
    found = secrets_of(None, {"key": [*values, *values], "key'5": "value-of-that-name"})
    assert sorted(found.values()) == sorted([*values, "value-of-that-name"])
    assert " ".join(list(found)[:5]) == "key key' key'' key''' key'4"
    assert max(map(len, found)) <= len("key.key'2000")


def test_an_envelope() -> None:
    envelope = {"auth_type": "PlatformOauth2", "credentials": {"access_token": "ya29.x", "token_type": "Bearer"}}
    assert secrets_of(None, envelope) == {"access_token": "ya29.x"}
    assert masked_auth(None, envelope) == {
        "auth_type": "PlatformOauth2",
        "credentials": {"access_token": "‹access_token›", "token_type": "Bearer"},
    }


def test_masked_auth_hides_short_values_too() -> None:
    assert masked_auth(None, {"pin": 7, "key": "x", "user": "ada", "empty_key": ""}) == {
        "pin": "‹pin›",
        "key": "‹key›",
        "user": "ada",
        "empty_key": "",
    }


def test_what_is_inside_a_secret() -> None:
    pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n"
    account = json.dumps({"private_key": pem, "client_email": "a@example.org"})
    found = secrets_of(None, {"service_account_key": account})
    assert {account, pem, "MIIEvQIBADANBgkq"} <= set(found.values())
    assert "a@example.org" not in found.values()


def test_a_password_in_an_url() -> None:
    found = secrets_of(None, {"url": "https://ada:p%40ss-word@example.org/x"})
    assert set(found.values()) == {"p@ss-word"}
    assert secrets_of(None, {"url": "https://[broken@"}) == {}


@each_case(
    ("text", "masked"),
    [
        ("postgres://u:p4ss@h/db", "postgres://u:‹url password›@h/db"),
        ("postgres://u:a/b#c@h/db", "postgres://u:‹url password›@h/db"),
        ("https://h:8080/users/@me", "https://h:8080/users/@me"),
        ("https://h/?region=eu&api_key=k-1#top", "https://h/?region=eu&api_key=‹url password›#top"),
        ("host=h user=u password='a b' dbname=d", "host=h user=u password='‹url password›' dbname=d"),
        ("Server=h;Uid=u;Pwd=p;", "Server=h;Uid=u;Pwd=‹url password›;"),
        ("redis://:p@h:1/0", "redis://:‹url password›@h:1/0"),
        ("https://h/a?b=c", "https://h/a?b=c"),
    ],
)
def test_passwords_in_connection_strings_are_masked(text: str, masked: str) -> None:
    assert masked_auth(None, {"url": text}) == {"url": masked}
    assert bool(secrets_of(None, {"url": text})) is (text != masked)


def test_a_correction_goes_before_the_rules() -> None:
    auth = {
        "bundle_alias": "acme",
        "user": "ada",
        "pin": 1234,
        "url": "https://u:p-1234@h",
        "nested": {"alias": "b-12"},
    }
    rules = BY_DEFAULT.corrected(frozenset({"user"}), frozenset({"bundle_alias", "pin", "alias"}))
    assert secrets_of(None, auth, rules) == {"user": "ada", "url password": "p-1234"}
    assert masked_auth(None, auth, rules) == {
        "bundle_alias": "acme",
        "user": "‹user›",
        "pin": 1234,
        "url": "https://u:‹url password›@h",
        "nested": {"alias": "b-12"},
    }


def test_metadata_has_the_secrets_that_its_names_say() -> None:
    metadata = {"dc": "us21", "api_key": "k-1234", "login": {"token": "t-1234", "team": "red"}}
    assert masked_metadata(metadata) == {
        "dc": "us21",
        "api_key": "‹api_key›",
        "login": {"token": "‹token›", "team": "red"},
    }
    assert run_secrets(None, Credentials(metadata=metadata)) == {"api_key": "k-1234", "token": "t-1234"}


def test_what_is_set_in_the_environment_is_a_secret() -> None:
    given = {"DEVELOPER": "d-1234", "DEBUG": "true", "TOKEN": "1", "PORT": "8080", "DSN": "pg://u:p-1234@h"}
    variables = tuple(EnvironmentVariable(*one) for one in (*given.items(), ("GONE", None)))
    assert environment_secrets(variables) == {
        "DEVELOPER": "d-1234",
        "TOKEN": "1",
        "DSN": given["DSN"],
        "DSN password": "p-1234",
    }
    public = BY_DEFAULT.corrected(frozenset(), frozenset({"DEVELOPER", "DSN"}))
    assert {one.name: one.value for one in masked_environment(variables, public)} == {
        "DEVELOPER": "d-1234",
        "DEBUG": "true",
        "TOKEN": "‹TOKEN›",
        "PORT": "8080",
        "DSN": "pg://u:‹DSN password›@h",
        "GONE": None,
    }


def test_what_is_nested_deeper_than_can_be_judged_is_a_secret() -> None:
    value: object = {"host": "inner-1234"}
    for _ in range(5_000):
        value = [value]
    assert secrets_of(None, {"host": value}) == {"host": "inner-1234"}
    assert "inner-1234" not in repr(masked_auth(None, {"host": value}))


@pytest.mark.parametrize(
    "auth",
    [None, [], "text", 5, {"a": None}, {"credentials": "x-1234"}, {"": "value-1"}, {"key": '{"a":' * 100_000}],
    ids=["null", "array", "string", "number", "null inside", "credentials", "no name", "deep JSON"],
)
def test_any_auth_is_survived(auth: object) -> None:
    secrets_of({"properties": 5, "items": []}, auth)
    masked_auth(None, auth)


def test_inputs_have_passwords_only() -> None:
    schema = fields(
        login={"format": "password"},
        key={"type": "string"},
        more={"type": "array", "items": fields(p={"format": "password"})},
    )
    inputs = {"login": "one-1", "key": "two-2", "more": [{"p": "three-3"}]}
    assert passwords_of(schema, inputs) == {"login": "one-1", "p": "three-3"}


def test_inherited_variables_are_secrets_by_their_names() -> None:
    secret = {"ADWORDS_DEVELOPER_TOKEN": "value-1-x", "AWS_SECRET_ACCESS_KEY": "value-2-x", "apikey": "value-3-x",
              "DB_PASSWORD": "value-4-x", "GITHUB_PAT": "value-5-x"}  # fmt: skip
    plain = {"PATH": "/usr/bin:/bin", "SHORT_TOKEN": "abc", "SSH_KEY": "/home/ada/.ssh/id", "PWD": "home-of-ada",
             "TOKENIZER": "sentence-piece", "HOME": "/home/ada", "KEYBOARD": "de-latin1-nodeadkeys",
             "DEBUG_TOKEN": "production"}  # fmt: skip
    url = {"DATABASE_URL": "postgres://ada:value-6-x@db/x"}
    assert inherited_secrets(secret | plain | url) == secret | {"DATABASE_URL password": "value-6-x"}
    corrected = BY_NAME.corrected(frozenset({"HOME"}), frozenset(secret))
    assert inherited_secrets(secret | plain, corrected) == {"HOME": "/home/ada"}
