"""Inputs under a name: loaded from their file into the form, and saved there without secrets."""

from dataclasses import replace

from flask import request

from workbench.catalog.saved_inputs import SavedInputsError, file_of, read_inputs, save_inputs
from workbench.domain import ABSENT
from workbench.domain.masked_text import has_mask, without_masked
from workbench.web.run_form.form_state import FormState
from workbench.web.run_form.inputs_menu import FIELD
from workbench.web.run_form.request_view import RequestView


def load(state: FormState) -> FormState:
    """The form with the saved inputs that the URL names in place of a run's; as it is where it names none."""
    name = request.args.get("inputs", "")
    if not name:
        return state
    try:
        value = read_inputs(state.integration.root, state.handler.name, name)
    except SavedInputsError as error:
        return replace(state, notice=str(error))
    settings = replace(state.settings, from_run="", masks="")
    note = f"Inputs loaded from {file_of(state.handler.name, name)}."
    return replace(state, loaded=None, saved=value, settings=settings, note=note)


def save(state: FormState) -> tuple[RequestView, int]:
    """Save the posted inputs without their secrets; the pane that says so, and its status."""
    payload = state.payload()
    value, errors = state.resolved(payload)
    if payload.blocked or value is ABSENT or errors or state.upload_error:
        why = state.upload_error or (errors[0].message if errors else "")
        return state.view(state.inputs(errors), why or f"Nothing was saved. {payload.reason}"), 422
    masked = state.target.mask(value)
    try:
        file = save_inputs(
            state.integration.root, state.handler.name, request.form.get(FIELD, "").strip(), without_masked(masked)
        )
    except SavedInputsError as error:
        return state.view(state.inputs(), str(error)), 422
    left_out = " Secrets were left out." if has_mask(masked) else ""
    said = replace(state, note=f"Inputs saved as {file}.{left_out}")
    return said.view(said.inputs()), 200
