"""What all pages of an integration share: its URLs, the navigation, and whether its auth is filled in."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from flask import abort, make_response, render_template, request, url_for

from workbench.answer_rules import read_answer_settings
from workbench.catalog.workbench_toml import read_workbench_toml
from workbench.domain import JSON, Auth, Finding, Integration, Kind, Severity, credential_values, without_ignored
from workbench.explain import contract_facts
from workbench.explain.auth_shape import sentence
from workbench.explain.contract_facts import ContractFacts
from workbench.explain.statuses import status_word, word_of_state
from workbench.history import HistoryArchive
from workbench.schema import diagnose
from workbench.store import Store
from workbench.testing.replays import ReplayState
from workbench.web.services.app_context import app_context
from workbench.web.ui import config_state, navigation
from workbench.web.ui.folder_labels import folder_labels
from workbench.web.ui.handlers import Handler, find, handlers
from workbench.web.ui.navigation import AuthChip, Item, Navigation

_ROUTES = {Kind.ACTION: "actions", Kind.TRIGGER: "triggers", Kind.ACCOUNT: "account"}


def url_of(integration: Integration, handler: Handler, view: str = "show", **query: str) -> str:
    """The URL of a handler's page, or of another of its views."""
    name = {} if handler.kind is Kind.ACCOUNT else {"name": handler.name}
    values: dict[str, Any] = {"integration_id": integration.id, **name, **query}
    return url_for(f"{_ROUTES[handler.kind]}.{view}", **values)


def handler_or_404(integration_id: str, kind: Kind, name: str) -> tuple[Integration, Handler]:
    """The handler named ``name``; ends the request with a 404 where ``config.json`` declares none."""
    integration = app_context().integration_or_404(integration_id)
    handler = find(integration, kind, name)
    if handler is None and not integration.readable:
        _abort_unreadable(integration)
    if handler is None:
        abort(404, f"config.json of {integration.title} does not declare this {kind}.")
    return integration, handler


def _abort_unreadable(integration: Integration) -> NoReturn:
    """End the request with a 409 page that loads itself again once ``config.json`` has changed."""
    words = config_state.words(integration)
    if "HX-Request" in request.headers:
        abort(409, words)
    page = render_template("ui/unreadable.html", integration=integration, nav=navigate(integration), words=words)
    abort(make_response(page, 409))


type _LastStatus = Mapping[tuple[str, str], tuple[str, str]]
"""The last outcome of each handler: ``(kind, name)`` to the word and the tone of its dot."""


def groups_of(integration: Integration, current: Handler | None = None) -> tuple[navigation.Group, ...]:
    """The integration's handlers with the outcome of their last runs."""
    last = last_status(app_context().store, integration.id, app_context().config.archive)
    return navigation.groups(integration, lambda handler: url_of(integration, handler), last, current)


def last_status(
    store: Store, integration_id: str, archive: HistoryArchive | None = None
) -> dict[tuple[str, str], tuple[str, str]]:
    """The last outcome of each handler of an integration: ``(kind, name)`` to the word and the tone of its dot."""
    last: dict[tuple[str, str], tuple[str, str]] = {}
    for run in store.list(integration_id=integration_id, limit=500):
        key = (run.request.kind.value, run.request.name)
        if key not in last and not run.request.pasted:
            word = status_word(run)
            last[key] = (word.text, word.tone)
    for entry in archive.latest(integration_id) if archive else ():
        word = word_of_state(entry.summary.state)
        last.setdefault((entry.kind.value, entry.name), (word.text, word.tone))
    return last


def navigate(
    integration: Integration,
    current: Handler | None = None,
    page: str = "",
) -> Navigation:
    """The left pane and the crumbs of the page that ``current`` or the title ``page`` names."""
    overview = url_for("integrations.show", integration_id=integration.id)
    auth, last = auth_chip(integration), last_status(app_context().store, integration.id, app_context().config.archive)
    here = (current.name or "(empty name)") if current else page
    steps = ((integration.name, overview if here else ""), *(((here, ""),) if here else ()))
    return Navigation(
        overview=Item(integration.title, overview, current=not here),
        groups=navigation.groups(integration, lambda handler: url_of(integration, handler), last, current),
        setup=(
            *_setup(integration, current, page, auth, last),
            _findings(without_ignored(app_context().import_checks.checked(integration).findings), overview),
        ),
        crumbs=steps,
        url=url_of(integration, current) if current else overview,
        auth=auth,
        contract=_contract(integration),
        config=config_state.of(integration),
        folder=folder_of(integration.id),
    )


def folder_of(integration_id: str) -> str:
    """The end of the folder's path where another integration has the same title; empty for any other."""
    return folder_labels(each.integration for each in app_context().catalog.outlines()).get(integration_id, "")


def _contract(integration: Integration) -> ContractFacts | None:
    if not integration.readable:
        return None
    return contract_facts.describe(integration.contract, app_context().auth_shape(integration))


def auth_chip(integration: Integration) -> AuthChip | None:
    """Whether what was saved satisfies the integration; None where it asks for nothing."""
    auth = integration.auth
    if not auth.is_platform and not isinstance(auth.fields, dict):
        return None
    url = url_for("auth.show", integration_id=integration.id)
    saved = app_context().vault.get(integration.id)
    decision = app_context().auth_shape(integration)
    text, tone = _filled_in(auth, saved.values)
    return AuthChip(text, tone, url, decision.shape, sentence(decision, integration.contract))


def _filled_in(auth: Auth, values: JSON) -> tuple[str, str]:
    """Whether ``values`` satisfy ``auth``, as a word and its tone."""
    if not values:
        optional = not auth.is_platform and diagnose(auth.fields, {}).valid
        return ("empty", "") if optional else ("not filled in", "warn")
    given = credential_values(values)
    has_token = isinstance(given, dict) and "access_token" in given
    valid = has_token if auth.is_platform else diagnose(auth.fields, given).valid
    return ("filled in", "ok") if valid else ("incomplete", "warn")


def _setup(
    integration: Integration, current: Handler | None, page: str, chip: AuthChip | None, last: _LastStatus
) -> list[Item]:
    if not integration.readable:
        return []
    auth = Item("Auth", url_for("auth.show", integration_id=integration.id), current=page == "Auth")
    if chip:
        auth = Item(auth.name, auth.url, chip.text, chip.tone, current=auth.current)
    accounts = [
        navigation.item(handler, lambda each: url_of(integration, each), last, current)
        for handler in handlers(integration, Kind.ACCOUNT)
    ]
    overview = url_for("integrations.show", integration_id=integration.id)
    rules = _rules(integration, page)
    return [auth, *accounts, _tests(integration, page), rules, _requirements(integration, f"{overview}#requirements")]


def _tests(integration: Integration, page: str) -> Item:
    """The recorded tests by their last results."""
    url = url_for("recorded_tests.index", integration_id=integration.id)
    found = app_context().config.tests.results(integration.id).values()
    failed = sum(one.state is not ReplayState.PASSED for one in found)
    state, tone = ("failed", "bad") if failed else ("passed", "ok") if found else ("", "")
    return Item("Tests", url, state, tone, str(failed or ""), current=page == "Tests")


def _rules(integration: Integration, page: str) -> Item:
    """The rules of answers in ``workbench.toml``."""
    url = url_for("rule_list.index", integration_id=integration.id)
    found = read_answer_settings(read_workbench_toml(integration.root))
    state, tone = ("errors", "bad") if found.errors else ("in use", "") if found.rules else ("", "")
    return Item("Rules", url, state, tone, str(len(found.rules) or ""), current=page == "Rules")


def _requirements(integration: Integration, url: str) -> Item:
    if integration.dependencies.unmet:
        return Item("Requirements", url, "not installed", "warn")
    return Item("Requirements", url, "installed" if integration.requirements else "none", "ok")


def _findings(findings: Sequence[Finding], overview: str) -> Item:
    found, url, number = {finding.severity for finding in findings}, f"{overview}#findings", str(len(findings))
    if Severity.ERROR in found:
        return Item("Findings", url, "errors", "bad", number)
    if Severity.WARNING in found:
        return Item("Findings", url, "warnings", "warn", number)
    return Item("Findings", url, "notes" if findings else "none", "ok", number if findings else "")
