"""The checks of the code, and of the release that it is written for: code, severity, message and fix of each."""

from workbench.schema import Check

_SDK = "autohive-integrations-sdk"
_INSTALL = "workbench install"

CODE_CHECKS: tuple[Check, ...] = (
    Check(
        "source-invalid",
        "error",
        "{module} is not valid Python: {reason}.",
        "Fix the file. Its handlers are not registered until it can be imported.",
        "A module of the integration has a syntax error.",
        former=("source-unparsable",),
    ),
    Check(
        "module-hides-library",
        "warning",
        "{module} hides {hidden}: an import of that gets this file.",
        "Rename the file.",
        "The integration's folder comes first on the path, so this can fail before any of its code runs. Then an "
        "import and a run fail here, too.",
    ),
    Check(
        "handler-missing",
        "error",
        "No handler is registered for the {what} {name}.",
        "Add a class with @….{decorator}({quoted}) to the entry point or to a module that it imports.",
        "`config.json` declares it, but no code handles it.",
    ),
    Check(
        "handler-undeclared",
        "error",
        "A handler is registered for the {what} {name}, but config.json does not declare it. The SDK raises an error.",
        "Declare {name} under {member}, or correct the name.",
        "The code registers a name that is not in `config.json`. `Integration.load()` succeeds, and the "
        "decorator raises an error.",
    ),
    Check(
        "handler-duplicate",
        "warning",
        "The {what} {name} has another handler at {other}. The SDK uses the later one.",
        "Rename or remove one of them.",
        "Two classes are registered for one name, often after copying code.",
        former=("handler-twice",),
    ),
    Check(
        "handler-name-dynamic",
        "note",
        "The name of a handler's {what} is computed at run time, so it cannot be compared with config.json.",
        "Write the name as a string to check it without importing the code.",
        "Reported only when the code is not imported. An import shows the names.",
        former=("handler-computed",),
    ),
    Check(
        "handler-method",
        "error",
        "The handler of the {handler} cannot be called: {reason}.",
        "Write `async def {method}({parameters})` in a class that inherits from {base}.",
        "The decorator is not on a class, the method is missing, or it takes other parameters than the SDK passes.",
    ),
    Check(
        "handler-not-async",
        "warning",
        "{method} of the {handler} is a plain def, but the SDK awaits its result.",
        "Write `async def {method}({parameters})`.",
        "Every call fails unless the method returns an awaitable.",
    ),
    Check(
        "account-missing",
        "error",
        "config.json declares a connected account, but no handler is registered for it.",
        "Add a class with @….connected_account(), or set supports_connected_account to false.",
        "`supports_connected_account` is true, but no code handles it.",
    ),
    Check(
        "account-undeclared",
        "warning",
        "A handler is registered for the connected account, but config.json does not declare it.",
        'Add "supports_connected_account": true to config.json.',
        "The platform requests the connected account only if `config.json` declares it.",
    ),
    Check(
        "input-undeclared",
        "warning",
        "The handler of {action} needs the input {name}, but its input_schema does not declare it.",
        "Declare it under properties and required, or read it with inputs.get(…).",
        "A subscript of the inputs fails with a KeyError, in the handler or in a function that it hands them to. What "
        "is read by `get`, tested by `in` or within a `try`, or may have been added before, is not reported.",
    ),
    Check(
        "input-unused",
        "warning",
        "The action {action} declares the input {name}, but no line of the code names it.",
        "Read it in the handler, or remove it from the schema.",
        "Only for handlers that take their inputs key by key and never hand on all of them.",
    ),
    Check(
        "result-property-missing",
        "error",
        "{where} of the result has no {name}, which the output_schema requires.",
        "Return it, or remove it from required.",
        "Only results that are written out in the code are compared: an `ActionResult` with a dict, directly, by a "
        "name that is assigned once, or by a function of the same module.",
    ),
    Check(
        "result-type",
        "error",
        "{where} of the result must be {expected}, but is {actual} here.",
        "Return a value of this type, or allow the other type in the output_schema.",
        "Only results that are written out in the code are compared: an `ActionResult` with a dict, directly, by a "
        "name that is assigned once, or by a function of the same module.",
    ),
)
"""Code against ``config.json``."""

CONTRACT_CHECKS: tuple[Check, ...] = (
    Check(
        "contract-import",
        "error",
        "{name} is imported from the SDK, but release line {version} does not have it ({reason}).",
        f"Pin {_SDK}~=2.0.1 in requirements.txt, or write the handlers for release line {{version}}.",
        "`ActionResult` and `ActionError` exist since release 1, `FetchResponse` since release 2.",
    ),
    Check(
        "contract-result",
        "warning",
        "The handler returns {what}, but release line {version} accepts only ActionResult or ActionError ({reason}).",
        "Return ActionResult(data=…), or pin the release that the handlers are written for.",
        "Since release 1 a handler returns `ActionResult` or `ActionError`. A plain dict is an invalid output.",
    ),
    Check(
        "contract-fetch",
        "warning",
        "{name} is the result of fetch and is used as {use}, but fetch returns {gives} in release line {version} "
        "({reason}).",
        "Use {instead}, or pin the release that the handlers are written for.",
        "In releases 0.1 and 1 fetch returns the parsed body, in release 2 a `FetchResponse` with `status`, "
        "`headers` and `data`.",
    ),
    Check(
        "fetch-attribute",
        "error",
        "{use}: the result of fetch has no {name} under any release of the SDK. In release line {version} it is {has}.",
        "{instead}.",
        "Attributes such as `status_code`, `json()` and `text` belong to other HTTP libraries.",
    ),
    Check(
        "fetch-keyword",
        "error",
        "context.fetch has no parameter {name}, so the call raises a TypeError.",
        "Use one of {parameters}.",
        "The parameters of `fetch` are the same in every release.",
    ),
    Check(
        "auth-read-flat",
        "warning",
        "context.auth has no {name}: it is an envelope with auth_type and credentials ({reason}).",
        'Use context.auth["credentials"][{name}], or support both: context.auth.get("credentials", context.auth).',
        'The platform passes `{"auth_type", "credentials": {…}}`: its own credentials always, custom ones under '
        "contracts 1 and 2. No line of the code reads that.",
        former=("contract-auth",),
    ),
    Check(
        "auth-read-envelope",
        "warning",
        'context.auth has no "credentials": it holds the fields themselves ({reason}).',
        'Use context.auth[{name}], or support both: context.auth.get("credentials", context.auth).',
        "The platform passes custom credentials without an envelope under contract 0.1. No line of the code reads "
        "them so.",
    ),
    Check(
        "auth-fields-envelope",
        "warning",
        "{keyword} of auth.fields rejects the envelope: release {release} of the SDK validates context.auth itself "
        "({reason}).",
        "Remove {keyword} and check the credentials in the handler, or move to release 2.0.1, which validates "
        "credentials.",
        "Releases before 2.0.1 validate `context.auth` as it is, and the platform passes "
        '`{"auth_type", "credentials": {…}}`. Here both shapes are accepted.',
    ),
    Check(
        "contract-installed",
        "warning",
        "dependencies/ contains version {installed} of the SDK, but requirements.txt pins {pin}.",
        f"Run `{_INSTALL}` in the integration's folder, which replaces dependencies/ as a whole.",
        "The platform installs another release than the one that runs here.",
    ),
    Check(
        "contract-unsupported",
        "warning",
        "The pin {pin} allows no release of the SDK from 1.1 on, and older ones are no longer supported. It means "
        "contract {version}: {means}.",
        f"Pin {_SDK}~=2.0.1 and write the handlers for contract 2.",
        "Releases below 1.1 get no more fixes. The integration still runs here under the contract of its pin.",
    ),
)
"""Code against the release of the SDK that it is written for."""
