"""Checks the text of the code against the release of the SDK that it is written for."""

from collections.abc import Iterator, Sequence

from autohive_integrations_sdk.contracts import Pin, of_releases
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from workbench.catalog.auth_shape import platform_shape
from workbench.catalog.code.fetch_uses import FETCH_PARAMETERS
from workbench.catalog.code.module_facts import CodeReads, FetchSlip, ModuleFacts, ReadSource
from workbench.catalog.code.module_walk import SDK_PACKAGE
from workbench.catalog.config.document import NAME as CONFIG
from workbench.catalog.contracts import installed_release
from workbench.catalog.findings.check_registry import finding
from workbench.catalog.packages.requirements import Requirements
from workbench.domain import AuthShape, Contract, ContractVersion, Finding, Integration, ShapeRule
from workbench.jsondoc.source_map import SourceMap

_SINCE = {
    "ActionResult": ContractVersion.V1,
    "ActionError": ContractVersion.V1,
    "FetchResponse": ContractVersion.V2,
}
"""The release line that each name came with."""

_OLDEST_SUPPORTED = Version("1.1")
_MEANS = {
    ContractVersion.V0_1: "fetch returns the parsed body, and a handler returns any JSON value",
    ContractVersion.V1: "fetch returns the parsed body, and a handler returns ActionResult or ActionError",
    ContractVersion.V2: "fetch returns a FetchResponse, and a handler returns ActionResult or ActionError",
}
_OF_STATUS = ("status_code", "code", "status_int")
_INSTEAD = {
    "json": "Use {data}: the body is parsed already",
    "text": "Use {data}: the body is read already, and JSON is parsed",
    "content": "Use {data}: the body is read already, and JSON is parsed",
    "body": "Use {data}: the body is read already, and JSON is parsed",
    "read": "Use {data}: the body is read already, and JSON is parsed",
    "ok": "Remove it: fetch raises HTTPError for a status of 400 and above",
    "raise_for_status": "Remove it: fetch raises HTTPError for a status of 400 and above",
    "status_code": "Remove it: fetch raises HTTPError for a status of 400 and above, and returns the body otherwise",
}
_ORDER = list(ContractVersion)
_ENVELOPE = ("auth_type", "credentials")


def check_contract(
    integration: Integration, modules: Sequence[ModuleFacts], reads: CodeReads, requirements: Requirements
) -> Iterator[Finding]:
    """Code that the contract of ``integration`` does not allow."""
    yield from _installed(integration, requirements)
    yield from _unsupported(requirements)
    for module in modules:
        yield from _imports(integration, module)
        yield from _fetches(integration, module)
        yield from _results(integration, module)
    yield from _auth(integration, reads)


def check_fields(integration: Integration, positions: SourceMap) -> Iterator[Finding]:
    """Rules of ``auth.fields`` that an envelope breaks, under a release that holds the envelope itself against them."""
    contract, fields = integration.contract, integration.auth.fields
    whole = contract.version is ContractVersion.V1 or contract.release == "2.0.0"
    if not whole or not isinstance(fields, dict) or platform_shape(integration).shape is not AuthShape.ENVELOPE:
        return
    required, closed = fields.get("required"), fields.get("additionalProperties") is False
    names = [name for name in required if name not in _ENVELOPE] if isinstance(required, list) else []
    keyword = "required" if names else "additionalProperties" if closed else ""
    if keyword:
        pointer = f"/auth/fields/{keyword}"
        line, column = positions.nearest(pointer) or (1, 1)
        words = {"keyword": keyword, "release": contract.release or contract.version, "reason": contract.reason}
        yield finding("auth-fields-envelope", CONFIG, line, column, pointer=pointer, **words)


def _installed(integration: Integration, requirements: Requirements) -> Iterator[Finding]:
    installed, pin = installed_release(integration.root), requirements.pin
    if installed is None or pin is None:
        return
    try:
        allows = SpecifierSet(pin.specifier).contains(installed, prereleases=True)
    except InvalidSpecifier:
        return
    if not allows:
        words = {"installed": installed, "pin": pin.specifier}
        yield finding("contract-installed", pin.file, pin.line, 1, **words)


def _unsupported(requirements: Requirements) -> Iterator[Finding]:
    """A pin that allows only releases that are no longer supported."""
    pin = requirements.pin
    release = _version(pin.release) if pin else None
    if pin and release and release < _OLDEST_SUPPORTED:
        version = _of_pin(pin)
        words = {"pin": pin.specifier, "version": version, "means": _MEANS[version]}
        yield finding("contract-unsupported", pin.file, pin.line, 1, **words)


def _of_pin(pin: Pin) -> ContractVersion:
    contract = of_releases((), pin)
    return contract.version if contract else ContractVersion.V2


def _version(release: str) -> Version | None:
    try:
        return Version(release)
    except InvalidVersion:
        return None


def _imports(integration: Integration, module: ModuleFacts) -> Iterator[Finding]:
    contract = integration.contract
    for each in module.imports:
        since = _SINCE.get(each.name) if each.module.partition(".")[0] == SDK_PACKAGE and not each.guarded else None
        if since and _ORDER.index(contract.version) < _ORDER.index(since):
            words = {"name": each.name, "version": contract.version, "reason": contract.reason}
            yield finding("contract-import", module.path, each.name_line, each.name_column, **words)


def _results(integration: Integration, module: ModuleFacts) -> Iterator[Finding]:
    """The first return of each action handler that is certainly not an ``ActionResult``."""
    contract = integration.contract
    if contract.version is ContractVersion.V0_1:
        return
    for each in module.bare_returns:
        words = {"what": each.what, "version": contract.version, "reason": contract.reason}
        yield finding("contract-result", module.path, each.line, each.column, **words)


def _fetches(integration: Integration, module: ModuleFacts) -> Iterator[Finding]:
    """Wrong uses, in each function, of names that hold only results of ``fetch``."""
    contract = integration.contract
    for slip in module.fetch_slips:
        yield _slip(slip, module.path, contract)
    wraps = contract.version is ContractVersion.V2
    for each in module.fetch_uses:
        if each.as_response is not wraps:
            gives = "a FetchResponse" if wraps else "the parsed body"
            instead = f"{each.name}.data" if wraps else f"{each.name} itself"
            words = {"name": each.name, "use": each.use, "gives": gives, "instead": instead}
            words |= {"version": contract.version, "reason": contract.reason}
            yield finding("contract-fetch", module.path, each.line, each.column, **words)


def _slip(slip: FetchSlip, path: str, contract: Contract) -> Finding:
    """What works under no release: an attribute of the result, or a keyword of the call."""
    if slip.is_keyword:
        words = {"name": slip.name, "parameters": ", ".join(FETCH_PARAMETERS)}
        return finding("fetch-keyword", path, slip.line, slip.column, **words)
    of = slip.of or "the result"
    data = f"{of}.data" if contract.returns_fetch_response else f"{of} itself"
    has = "a FetchResponse with status, headers and data" if contract.returns_fetch_response else "the parsed body"
    instead = _INSTEAD.get(slip.name, "").format(data=data, of=of)
    if slip.name in _OF_STATUS and contract.returns_fetch_response:
        instead = f"Use {of}.status"
    words = {"use": f"{slip.of or 'fetch(…)'}.{slip.name}", "name": slip.name, "has": has, "version": contract.version}
    words["instead"] = instead or f"The body, already parsed, is {data}"
    return finding("fetch-attribute", path, slip.line, slip.column, **words)


def _auth(integration: Integration, reads: CodeReads) -> Iterator[Finding]:
    """The first read of ``context.auth`` in another shape than the platform hands over, where no line reads that."""
    if not integration.auth.type and not isinstance(integration.auth.fields, dict):
        return
    given = platform_shape(integration)
    only = reads.only_shape
    if only is None or only.shape is given.shape:
        return
    source = ReadSource.AUTH if only.shape is AuthShape.FLAT else ReadSource.CREDENTIALS
    name = next((read.name for read in reads.of(source)), "…")
    by_platform = given.reason.rule is ShapeRule.PLATFORM
    contract = integration.contract
    of_contract = f"contract {contract.version}: {contract.reason}"
    reason = "the platform makes these credentials" if by_platform else of_contract
    yield finding(f"auth-read-{only.shape}", only.path, only.line, only.column, name=f'"{name}"', reason=reason)
