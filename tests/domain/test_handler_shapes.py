"""What the parent and the worker believe of handlers is what the SDK does."""

import inspect

import autohive_integrations_sdk as sdk
import pytest

from workbench.domain import Kind


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.REQUEST])
def test_the_sdk_has_that_class_method_and_decorator(kind: Kind) -> None:
    shape = kind.handler
    method = getattr(sdk, shape.base).__dict__[shape.method]
    assert tuple(inspect.signature(method).parameters) == ("self", *shape.parameters)
    assert inspect.iscoroutinefunction(method)
    assert callable(getattr(sdk.Integration, shape.decorator))


def test_every_handler_class_of_the_sdk_has_a_kind() -> None:
    bases = {name for name in sdk.__all__ if name.endswith("Handler") and inspect.isclass(getattr(sdk, name))}
    assert bases == {kind.handler.base for kind in Kind}


def test_a_signature_is_ready_to_be_copied() -> None:
    assert Kind.TRIGGER.handler.signature == "async def poll(self, inputs, last_poll_ts, context)"
