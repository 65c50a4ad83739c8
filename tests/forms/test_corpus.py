"""Every form of the corpus: blank ones invent nothing, each declared scalar has its control, values come back."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from workbench import forms
from workbench.domain import JSON

type Named = list[tuple[str, JSON]]
type Submit = Callable[..., list[tuple[str, str]]]


def declared_defaults(schema: JSON) -> JSON:
    assert isinstance(schema, dict)
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    return {name: part["default"] for name, part in properties.items() if isinstance(part, dict) and "default" in part}


def scalars(schema: JSON) -> Iterator[str]:
    """The labels of the declared scalars, nested ones too."""
    assert isinstance(schema, dict)
    for name, part in schema.get("properties", {}).items():
        if part.get("type") == "object":
            yield from scalars(part)
        elif part.get("type") in ("string", "integer", "number", "boolean"):
            yield str(part.get("label") or part.get("title") or name)


def test_untouched_forms_give_only_the_declared_defaults_and_every_scalar_has_a_labelled_control(
    corpus_inputs: Named,
    spread: Callable[[Named], Named],
    page: Callable[[str], Any],
    faults: Callable[[Any], list[str]],
) -> None:
    assert len(corpus_inputs) == 700
    for name, schema in spread(corpus_inputs):
        opened = page(forms.open_form(schema).markup)
        reading = forms.read(schema, opened.pairs())
        assert json.dumps(reading.value) == json.dumps(declared_defaults(schema)), name
        assert reading.errors == (), name
        assert faults(opened.soup) == [], name
        labels = [one.get_text() for one in opened.soup.find_all(["label", "legend"])]
        for label in scalars(schema):
            assert label in labels, f"{name}: {label}"
            labels.remove(label)


def test_an_empty_object_that_was_loaded_stays_empty(
    corpus_inputs: Named, spread: Callable[[Named], Named], submit: Submit
) -> None:
    for name, schema in spread(corpus_inputs):
        assert forms.read(schema, submit(forms.open_form(schema, {}).markup)).value == {}, name
