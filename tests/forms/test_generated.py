"""Values that hypothesis-jsonschema makes of real input schemas come back as the same JSON text."""

import json
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema

from workbench import forms
from workbench.domain import JSON

CORPUS = Path(__file__).parents[1] / "corpus"
SCHEMAS: list[JSON] = [
    action["input_schema"]
    for path in sorted(CORPUS.glob("*/config.json"))
    for action in json.loads(path.read_text("utf-8"))["actions"].values()
]


def test_values_made_for_real_schemas_come_back(submit: Callable[..., list[tuple[str, str]]]) -> None:
    @settings(suppress_health_check=list(HealthCheck), derandomize=True)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        schema = data.draw(st.sampled_from(SCHEMAS))
        value = data.draw(from_schema(schema))
        reading = forms.read(schema, submit(forms.open_form(schema, value).markup))
        assert json.dumps(reading.value) == json.dumps(value)
        assert reading.errors == ()

    holds()
