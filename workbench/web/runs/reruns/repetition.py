"""A run made once more: the inputs and settings of an earlier one, the code, credentials and saved rules of now."""

from dataclasses import replace

from flask import abort, url_for

from workbench.answer_rules import read_answer_settings, with_saved_rules
from workbench.answers.from_run import same_answers
from workbench.catalog.sdk_choices import contract_with
from workbench.catalog.workbench_toml import read_workbench_toml
from workbench.domain import JSON, Answers, Kind, OnUnmatched, Run, RunRequest
from workbench.domain.masked_text import has_mask
from workbench.web.runs.links import form_url
from workbench.web.services.app_context import app_context
from workbench.web.ui.handler_pages import handler_or_404
from workbench.web.ui.own_paths import own_path
from workbench.web.ui.run_requests import request_of, submit_or_503


def repeat_or_409(run: Run, inputs: JSON = None, on_unmatched: OnUnmatched | None = None) -> Run:
    """The new run, with ``inputs`` in place of those of ``run``, which has its secrets.

    ``on_unmatched`` is what requests without a recorded answer get, None for the same as before.

    Ends the request with a 409 where no handler was run.
    """
    asked = repeatable_or_409(run, inputs)
    if on_unmatched is not None:
        asked = replace(asked, answers=replace(asked.answers, on_unmatched=on_unmatched))
    made = submit_or_503(asked if inputs is None else replace(asked, inputs=inputs))
    app_context().writes.follow(run.request.root, made.id, run.id)
    return made


def repeatable_or_409(run: Run, inputs: JSON = None) -> RunRequest:
    """The request of ``run`` as it is made now; ends the request with a 409 where it cannot be repeated."""
    if run.request.pasted or run.request.load_only or run.request.kind is Kind.REQUEST:
        abort(409, "This run cannot be repeated: no handler was run.")
    if inputs is None and has_mask(run.request.inputs):
        abort(409, "The history keeps no secrets, and the inputs of this run have one. Open the form and fill it in.")
    return repeated(run)


def page_of(run: Run, here: str) -> str:
    """The page of a new run after the page ``here``: its own after that of another run, else that of its handler."""
    is_of_run = own_path(here, "").startswith(url_for("runs.index") + "/")
    return url_for("runs.show", run_id=run.id) if is_of_run else form_url(run)


def repeated(run: Run) -> RunRequest:
    """The request of ``run``, which has its secrets, as it is made now; ends the request with a 404 where it cannot be.

    A profile that is gone since is replaced by the selected one.
    """
    asked = run.request
    integration, handler = handler_or_404(asked.integration_id, asked.kind, asked.name)
    vault = app_context().vault
    known = vault.profiles.find(integration.root, asked.profile) if asked.profile else None
    profile = vault.profile(integration.id, asked.profile if known else "")
    own = asked.contract if asked.contract.is_chosen else integration.contract
    made = request_of(integration, handler, asked.inputs, profile, contract_with(asked.sdk, own), asked.timeout)
    return replace(
        made,
        last_poll_ts=asked.last_poll_ts,
        max_retries=asked.max_retries,
        fetch_timeout=asked.fetch_timeout,
        resources=asked.resources,
        sdk=asked.sdk,
        answers=with_rules_of_now(run, same_answers(run)),
    )


def with_rules_of_now(run: Run, answers: Answers) -> Answers:
    """The answers with the rules that ``workbench.toml`` has now; as they are where the run left that out.

    Ends the request with a 409 where the file cannot be read: without its rules, requests would go to the real host.
    """
    if answers.saved_rules is None:
        return answers
    settings = read_answer_settings(read_workbench_toml(run.request.root))
    if settings.errors:
        reasons = " ".join(map(str, settings.errors))
        abort(409, f"{reasons} Correct this, or run from the form, which can leave out workbench.toml.")
    return with_saved_rules(answers, settings)
