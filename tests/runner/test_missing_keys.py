"""A KeyError of what the handler got is explained by what the object is, wherever the code reads it."""

from typing import Any

import pytest

from workbench.domain import AuthShape, ContractVersion, KeySource, Run
from workbench.explain import hints
from workbench.explain.text import plain

AUTH = {"auth": {"api_key": "k1", "user_name": "ada"}}
INPUTS: dict[str, Any] = {
    "inputs": {"url": "u", "address": {"street": "s"}, "items": [{"sku": 1}]},
    "input_schema": {
        "type": "object",
        "properties": {"limit": {"type": "integer"}, "address": {"properties": {"zip": {"type": "string"}}}},
    },
}
BEFORE = """
class Client:
    def __init__(self, settings, context=None):
        self.settings = settings
        self.context = context

    def region(self):
        return self.settings["region"]

    def of_context(self):
        return self.context.auth["region"]

def pick(config):
    return config["region"]

def by_pop(config):
    return config.pop("region")

def by_name(config, name):
    return (
        config
        [name]
    )
"""


def found(run: Run) -> tuple[KeySource, str, str] | None:
    error = run.outcome.error
    while error is not None:
        if error.missing is not None:
            return error.missing.source, error.missing.key, error.missing.pointer
        error = error.causes[0] if error.causes else None
    return None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return context.auth['region']", (KeySource.AUTH, "region", "")),
        ("return pick(context.auth)", (KeySource.AUTH, "region", "")),
        ("return pick(dict(context.auth))", (KeySource.AUTH, "region", "")),
        ("return by_pop(context.auth)", (KeySource.AUTH, "region", "")),
        ("return by_name(context.auth, 'region')", (KeySource.AUTH, "region", "")),
        ("return Client(context.auth).region()", (KeySource.AUTH, "region", "")),
        ("return Client(None, context).of_context()", (KeySource.AUTH, "region", "")),
        ("return pick(inputs)", (KeySource.INPUTS, "region", "")),
        ("return pick(inputs['address'])", (KeySource.INPUTS, "region", "/address")),
        ("return [pick(item) for item in inputs['items']]", (KeySource.INPUTS, "region", "/items/0")),
        ("return context.metadata['region']", (KeySource.METADATA, "region", "")),
        ("try:\n    pick(inputs)\nexcept KeyError as error:\n    raise RuntimeError('no region') from error",
         (KeySource.INPUTS, "region", "")),
        ("return pick({'other': 1})", None),
        ("return {}['region']", None),
        ("data = {'a': inputs}\nreturn data['region']", None),
        ("raise KeyError('region')", None),
        ("return inputs[7]", None),
    ],
)  # fmt: skip
def test_the_object_that_lacks_the_key_is_known(do_run: Any, body: str, expected: Any) -> None:
    assert found(do_run(body, before=BEFORE, **AUTH, **INPUTS)) == expected


def test_credentials_in_the_envelope_are_known(do_run: Any) -> None:
    run = do_run(
        "return pick(context.auth.get('credentials', {}))", before=BEFORE, **AUTH, auth_shape=AuthShape.ENVELOPE
    )
    assert found(run) == (KeySource.CREDENTIALS, "region", "")


def hint_of(run: Run) -> str:
    hint = hints.recognise(run)
    return plain(hint.cause_sentence + hint.fix) if hint else ""


@pytest.mark.parametrize(
    ("body", "more", "said"),
    [
        ("return pick(inputs)", {}, "inputs has no key region; the keys are url, address, items"),
        ("return inputs['limit']", {}, "It is optional in input_schema: read it with .get, or list it in required."),
        ("return inputs['address']['zip']", {}, "/address of the inputs has no key zip; the keys are street"),
        ("return inputs['Url']", {}, "Read url, or give Url."),
        ("return context.metadata['team']", {}, "context.metadata has no key team; it is empty"),
        ("return pick(context.auth)", {}, "credential region was not given; auth.fields declares api_key, user_name"),
        ("data = context.auth\nreturn [data['api_key']]", {"auth_shape": AuthShape.ENVELOPE},
         'The handler reads context.auth["api_key"], but the auth came as an envelope'),
        ("auth = Client(context.auth)\nreturn auth.settings['credentials']", {}, "but the auth came flat"),
    ],
)  # fmt: skip
def test_the_hint_names_the_key_and_the_object(do_run: Any, body: str, more: dict[str, Any], said: str) -> None:
    assert said in hint_of(do_run(body, before=BEFORE, **AUTH, **INPUTS, **more))


EMPTY = """
async def serve(status, body):
    async def answer(reader, writer):
        await reader.readuntil(b"\\r\\n\\r\\n")
        head = f"HTTP/1.1 {status} X\\r\\nContent-Length: {len(body)}\\r\\nContent-Type: application/json\\r\\n\\r\\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/items"
"""


@pytest.mark.parametrize(
    ("status", "content", "contract", "read", "said"),
    [
        (204, b"", ContractVersion.V0_1, "body['id']", "(exchange 1) responded HTTP 204 with no body, so fetch"),
        (200, b"null", ContractVersion.V2, "body.data.get('id')", "responded HTTP 200 with null, so response.data"),
        (200, b"{}", ContractVersion.V0_1, "None['id']", ""),
    ],
)  # fmt: skip
def test_an_empty_body_is_named_with_its_exchange(
    do_run: Any, status: int, content: bytes, contract: ContractVersion, read: str, said: str
) -> None:
    body = f"body = await context.fetch(await serve({status}, {content!r}))\nreturn {read}"
    words = hint_of(do_run(body, before=EMPTY, contract=contract))
    assert said in words
    assert bool(said) == ("exchange 1" in words)


def test_a_plain_def_is_told_to_become_async(make_request: Any, runner: Any) -> None:
    request = make_request("response = context.fetch('http://127.0.0.1:9/')\nreturn response['id']")
    path = request.root / "one.py"
    path.write_text(path.read_text().replace("async def execute", "def execute"))
    words = hint_of(runner.wait(runner.submit(request).id, 60))
    assert "The handler is a plain def, which cannot await context.fetch(…)" in words
    assert "Write async def execute(self, inputs, context)" in words
