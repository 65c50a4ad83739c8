"""``FormState``: the request pane of one handler, from the posted pairs or an earlier run to its view."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import request, url_for

from workbench import forms
from workbench.catalog.sdk_choices import SdkChoiceError, choose_sdk
from workbench.domain import ABSENT, JSON, Absent, Integration, Kind, Run, Status, ValidationError
from workbench.domain.masked_text import has_mask, without_masked
from workbench.events.redactor import Redactor
from workbench.events.secrets import passwords_of
from workbench.explain.run_summary import has_succeeded
from workbench.history import EntryFilter
from workbench.web.run_form import answer_choice, answer_sources, inputs_form, inputs_menu
from workbench.web.run_form.inputs_form import FormTarget, InputsForm, Payload, schema_of
from workbench.web.run_form.request_view import LastRun, RequestView, Urls, contracts, profiles, sdks
from workbench.web.run_form.run_settings import RunSettings
from workbench.web.run_form.secret_restore import Masks
from workbench.web.runs.fixes import fix_pages
from workbench.web.services.app_context import app_context
from workbench.web.ui import handler_pages
from workbench.web.ui.file_fields import Pairs, posted_pairs
from workbench.web.ui.handlers import Handler

_LOOKED_AT = 20
"""Runs of the history among which the last poll that succeeded is looked for."""
_OUTDATED = (
    "config.json changed after this form was loaded. Your entries are preserved: in their fields, as JSON, or below "
    "“Not declared in the schema” or “No longer in the schema”. Check them."
)


@dataclass(frozen=True, slots=True)
class FormState:
    """What the request pane of one handler holds.

    ``pairs`` are the posted fields; a form that was not posted has none and is filled from the run ``loaded``, or, in
    a new form, from the defaults; ``saved`` are inputs that take their place. ``notice`` is a sentence above the
    fields, ``note`` one that says what was done; ``is_outdated`` says that ``config.json`` changed since
    the form was rendered, ``upload_error`` why a file was not accepted, ``answers_error`` why one with answers was not.
    """

    integration: Integration
    handler: Handler
    settings: RunSettings
    target: FormTarget
    pairs: Pairs | None = None
    loaded: Run | None = None
    notice: str = ""
    is_outdated: bool = False
    upload_error: str = ""
    answers_error: str = ""
    saved: JSON | Absent = ABSENT
    note: str = ""

    @property
    def outdated(self) -> str:
        """The sentence for a form that is older than its schema; empty for any other."""
        return _OUTDATED if self.is_outdated else ""

    def payload(self) -> Payload:
        """What the posted fields say, without a rendering."""
        return inputs_form.read(self.handler, self._fields(), self.target)

    def edit(self) -> forms.Edit:
        """The form after the operation of the button that posted it."""
        return inputs_form.edit(self.handler, self.pairs or [], self.target)

    def inputs(self, errors: Iterable[ValidationError] = ()) -> InputsForm:
        """The rendered form with ``errors`` at their fields."""
        if self.pairs is not None:
            return inputs_form.form_of(inputs_form.edit(self.handler, self._fields(), self.target, errors), self.target)
        if self.saved is not ABSENT:
            return inputs_form.fill(self.handler, self.saved, self.target)
        if self.loaded is not None:
            return inputs_form.load(self.handler, self.loaded, self.target)
        return inputs_form.reset(self.handler, self.target)

    def view(self, inputs: InputsForm, notice: str = "") -> RequestView:
        """All that the pane prints."""
        known = app_context().vault.profiles
        last = last_run(self.integration, self.handler)
        show, run, form, rerun = (
            handler_pages.url_of(self.integration, self.handler, view) for view in ("show", "run", "form", "rerun")
        )
        preview, rules = (
            url_for(view, integration_id=self.integration.id) for view in ("rules.preview", "rule_list.index")
        )
        urls = Urls(show, run, form, preview, rerun, rules)
        return RequestView(
            self.handler,
            inputs,
            self.settings,
            urls,
            contracts(self.integration.contract, self.settings.contract),
            sdks(self.integration, self.settings.sdk),
            answer_choice.answer_choice(self.integration, self.handler, self.settings, self.answers_error, last),
            notice or self.notice,
            self._last_poll(),
            app_context().schemas.add(schema_of(self.handler)),
            self._masks().as_text() if self.settings.from_run else "",
            profiles(
                known.names(self.integration.root), self.settings.profile or known.selected(self.integration.root)
            ),
            self._held(inputs),
            LastRun(last.id, int(last.created_at * 1000)) if last else None,
            inputs_menu.menu_of(self.integration, self.handler),
            self.note,
        )

    def _held(self, inputs: InputsForm) -> str:
        """The token of what the page keeps of secrets; empty where the run that filled the form has it all."""
        if inputs.held is None or inputs.held == self.target.held:
            return request.form.get("held", "")
        return app_context().drafts.put(self.integration.id, inputs.held)

    def resolved(self, payload: Payload) -> tuple[JSON | Absent, list[ValidationError]]:
        """The inputs with the secrets that the page showed masked, and an error for each that has expired."""
        value, from_run = payload.reading.value, self.settings.from_run
        if not from_run or value is ABSENT or payload.blocked:
            return value, []
        inputs, found = self._masks().restored(value)
        expired = self.run(from_run) is None
        return inputs, found + (inputs_form.expired_secrets(payload.reading) if expired else [])

    def resolved_settings(self) -> RunSettings:
        """The settings with the time of the last poll in place of the empty one, as the platform would send it."""
        typed = self.settings.last_poll_ts
        since = "" if self.settings.is_first_poll else typed or self._last_poll()
        return replace(self.settings, last_poll_ts=since)

    def _last_poll(self) -> str:
        """When the trigger was polled last with success, as a timestamp; empty where it was not."""
        if self.handler.kind is not Kind.TRIGGER:
            return ""
        runs = app_context().store.list(
            integration_id=self.integration.id, kind=self.handler.kind, name=self.handler.name
        )
        polled = [run.created_at for run in runs if run.outcome.status is Status.SUCCEEDED and not run.request.pasted]
        if not polled and (archive := app_context().config.archive):
            wanted = EntryFilter(self.integration.id, self.handler.kind, self.handler.name)
            kept = archive.recent(wanted, _LOOKED_AT)
            polled = [entry.created_at for entry in kept if has_succeeded(entry.summary.state) and not entry.pasted]
        return str(int(polled[0])) if polled else ""

    def error(self) -> str:
        """What is wrong with the settings, in a sentence; empty where nothing is."""
        name = self.settings.profile
        if name and app_context().vault.profiles.find(self.integration.root, name) is None:
            return f"There is no profile “{name}” any more. Choose another one."
        try:
            choose_sdk(self.integration, self.settings.sdk)
        except SdkChoiceError as error:
            return str(error)
        return self.settings.error() or self.answers_message()

    def answers_message(self) -> str:
        """What is wrong with the answers or a rule, in a sentence; empty where nothing is."""
        return self.answers_error or answer_choice.answer_error(self.integration, self.handler, self.settings)

    def run(self, run_id: str, *, reveal: bool = False) -> Run | None:
        """A run of this handler, None where it has expired or is another handler's."""
        return run_of(self.integration, self.handler, run_id, reveal=reveal)

    def _masks(self) -> Masks:
        """The masks of the run that filled the form; of an expired one as the form itself names them."""
        shown, raw = self.run(self.settings.from_run), self.run(self.settings.from_run, reveal=True)
        if shown is None or raw is None:
            return Masks.parse(self.settings.masks)
        return Masks.of(shown.request.inputs, raw.request.inputs)

    def _fields(self) -> Pairs:
        """The posted pairs without the operation of a button."""
        return [(name, text) for name, text in self.pairs or [] if name != inputs_form.OPERATION]


def open_form(integration: Integration, handler: Handler) -> tuple[FormState, Run | None]:
    """The state of a page that is opened, and the run that it shows: the one that the URL names, or the last one."""
    run, notice = shown_run(integration, handler)
    loaded = None if "new" in request.args else run
    settings = RunSettings.of_run(run, loaded=loaded is not None)
    if loaded is not None:
        settings = answer_choice.with_answers(settings, _made_by_hand(loaded))
    if loaded:
        loaded, notice = fix_pages.run_with_fix(loaded, notice)
    return FormState(integration, handler, settings, _target(integration, handler), None, loaded, notice), run


def read_form(integration: Integration, handler: Handler, *, uploads: bool = True) -> FormState:
    """The state that was posted, as the schema of now takes it; ``uploads`` are only accepted where it says so."""
    settings, answers_error = _with_answers_file(integration, RunSettings.parse(request.form))
    pairs, upload_error = posted_pairs(
        request, app_context().config.uploads if uploads else None, other=answer_sources.UPLOAD
    )
    target = _target(integration, handler, settings.from_run)
    state = FormState(integration, handler, settings, target, pairs, answers_error=answers_error)
    digest = request.form.get("schema") or request.form.get("drawn", "")  # ``drawn``: the field's name before
    old, schema = app_context().schemas.get(digest), schema_of(handler)
    migrated = None if old is None or old == schema else forms.migrate_pairs(old, schema, pairs)
    if migrated is not None:
        state = replace(state, pairs=migrated, is_outdated=True)
    return replace(state, upload_error=upload_error)


def _with_answers_file(integration: Integration, settings: RunSettings) -> tuple[RunSettings, str]:
    """The settings with the file of answers that was posted, where one was; and why it was not accepted."""
    file = request.files.get(answer_sources.UPLOAD)
    if file is None or not file.filename:
        return settings, ""
    try:
        return replace(settings, answers=answer_sources.store_upload(integration, file)), ""
    except answer_sources.AnswerError as error:
        return settings, str(error)


def shown_run(integration: Integration, handler: Handler) -> tuple[Run | None, str]:
    """The run that the URL names, or else the last one of this handler; and what there is to say about it."""
    if asked := request.args.get("run", ""):
        if run := run_of(integration, handler, asked):
            return run, _secrets_missing(run)
        return None, f"Run {asked[:40]} not found: it was deleted, or belongs to another workbench."
    run = last_run(integration, handler)
    return run, _secrets_missing(run) if run else ""


def _made_by_hand(run: Run) -> Run:
    """The run that a person made, of which ``run`` is a rerun after a save: its answers are those of the form."""
    return app_context().store.get(app_context().reruns.first(run.id)) or run


def _secrets_missing(run: Run) -> str:
    """What to say of a run whose inputs had secrets that the history does not keep; empty for any other."""
    kept = app_context().store.get(run.id)
    if app_context().store.holds(run.id) or kept is None or not has_mask(kept.request.inputs):
        return ""
    return f"Run {run.id} is from the history, which keeps no secrets. Fill in those of its inputs."


def last_run(integration: Integration, handler: Handler) -> Run | None:
    """The last run of the handler that was not pasted, from the history where none is in memory."""
    runs = app_context().store.list(integration_id=integration.id, kind=handler.kind, name=handler.name)
    if (found := next((run for run in runs if not run.request.pasted), None)) is not None:
        return found
    archive = app_context().config.archive
    kept = archive.latest(integration.id) if archive else ()
    own = (entry for entry in kept if (entry.kind, entry.name) == (handler.kind, handler.name))
    return next((run for entry in own if (run := run_of(integration, handler, str(entry.id)))), None)


def run_of(integration: Integration, handler: Handler, run_id: str, *, reveal: bool = False) -> Run | None:
    """A run of this handler, None where it has expired or is another handler's."""
    run = app_context().store.get(run_id, reveal=reveal)
    own = (integration.id, handler.kind, handler.name)
    if run is None or (run.request.integration_id, run.request.kind, run.request.name) != own:
        return None
    return run if app_context().store.holds(run_id) else _without_secrets(run)


def _without_secrets(run: Run) -> Run:
    """A run of the history, without the inputs that had secrets, which it does not keep: a form asks for them."""
    return replace(run, request=replace(run.request, inputs=without_masked(run.request.inputs)))


def _target(integration: Integration, handler: Handler, from_run: str = "") -> FormTarget:
    """Where the handler's form posts to, and the secrets that it may leave unchanged and must not show."""
    run = run_of(integration, handler, from_run, reveal=True) if from_run else None
    credentials = app_context().secrets(integration)

    def mask(value: JSON) -> JSON:
        return Redactor(credentials | passwords_of(handler.input_schema, value)).json(value)

    views = ("form", "payload", "completions")
    edit, preview, completions = (handler_pages.url_of(integration, handler, view) for view in views)
    posted = app_context().drafts.get(integration.id, request.form.get("held", ""), forms.HeldSecrets)
    held = posted or forms.HeldSecrets(run.request.inputs if run else ABSENT)
    return FormTarget(edit, preview, completions, app_context().config.uploads is not None, held, mask)
