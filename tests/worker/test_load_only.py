"""A run that loads only: the handlers are looked at, and nothing of the integration is called."""

import pytest

from workbench.domain import Kind, Status
from workbench.events import HandlerStarted, IntegrationLoaded

CONFIG = {
    "actions": {name: {"description": "goes", "input_schema": {}} for name in ("go", "stay")},
    "polling_triggers": {"news": {"description": "new", "polling_interval": "5m", "input_schema": {}}},
    "supports_connected_account": True,
}
HEAD = "from autohive_integrations_sdk import *\nimport functools\nprobe = Integration.load()\n"


def test_it_tells_every_handler_with_its_place_and_calls_none(integration, run) -> None:
    files = {
        "more.py": "from probe import *\n\n@probe.polling_trigger('news')\n@probe.action('stay')\nclass N:\n  x = 1\n"
    }
    code = HEAD + (
        "@probe.action('go')\nclass Go(ActionHandler):\n  async def execute(self, inputs, context): return 1\n"
        "@probe.connected_account()\nclass A(ConnectedAccountHandler):\n  async def get_account_info(self, _): 0\n"
        "import more\n"
    )
    seen = run(integration(code=code, files=files, config=CONFIG, load_only=True, name=""))
    assert (seen.finished.status, seen.finished.error, seen.code) == (Status.SUCCEEDED, None, 0)
    assert not seen.all(HandlerStarted)
    found = seen.outcome.registered
    assert found is not None
    assert [(one.kind, one.name, one.place.file.rpartition("/")[2], one.place.line, one.flaw) for one in found] == [
        (Kind.ACTION, "go", "probe.py", 4, ""),
        (Kind.ACTION, "stay", "more.py", 3, "no-method"),
        (Kind.TRIGGER, "news", "more.py", 3, "no-method"),
        (Kind.ACCOUNT, "", "probe.py", 7, ""),
    ]


@pytest.mark.parametrize(
    ("definition", "flaw"),
    [
        ("async def execute(self, inputs, context): pass", ""),
        ("async def execute(self, *args): pass", ""),
        ("async def execute(self, inputs, context, more=None): pass", ""),
        ("async def execute(self, inputs): pass", "parameters"),
        ("async def execute(inputs, context): pass", "parameters"),
        ("async def execute(self, inputs, context, more): pass", "parameters"),
        ("def execute(self, inputs, context): return {}", "not-async"),
        ("async def execute(self, inputs, context): yield {}", "generator"),
        ("def execute(self, inputs, context) -> 'Awaitable[int]': return self.go()", ""),
        ("execute = functools.partialmethod(lambda self, a, b, c: None, 1)", ""),
        ("execute = 7", "no-method"),
        ("async def run(self, inputs, context): pass", "no-method"),
    ],
)
def test_what_cannot_be_called_says_why(integration, run, definition: str, flaw: str) -> None:
    code = HEAD + f"@probe.action('go')\nclass Go(ActionHandler):\n  {definition}\n"
    (found,) = run(integration(code=code, load_only=True)).outcome.registered
    assert found.flaw == flaw


def test_what_is_no_class(integration, run) -> None:
    code = HEAD + "@probe.action('go')\nasync def go(inputs, context): pass\n"
    (found,) = run(integration(code=code, load_only=True)).outcome.registered
    assert (found.flaw, found.place.line, found.place.function) == ("no-class", 4, "go")


def test_a_hostile_class_is_told_all_the_same(integration, run) -> None:
    code = HEAD + (
        "class Meta(type):\n  def __getattribute__(cls, name): raise RuntimeError('no')\n"
        "probe._action_handlers['go'] = Meta('Go', (), {})\n"
    )
    seen = run(integration(code=code, load_only=True))
    assert seen.finished.status is Status.SUCCEEDED
    assert [one.name for one in seen.outcome.registered or ()] == ["go"]


def test_a_run_that_calls_a_handler_does_not_look_at_all_of_them(integration, run) -> None:
    assert run(integration()).one(IntegrationLoaded).handlers is None
