"""Every finding about a folder beyond what its ``config.json`` says: its code, how bad it is, its words, what to do.

The rest of the table is :data:`workbench.schema.CHECKS`. Codes are stable: they are written to SARIF and may stand in
somebody's list of known findings.
"""

from workbench.schema import Check

_SDK = "autohive-integrations-sdk"
_INSTALL = "pip install -r requirements.txt --target dependencies"

FILE_CHECKS: tuple[Check, ...] = (
    Check(
        "config-no-file",
        "error",
        "There is no config.json.",
        "Add a config.json to the folder, as the guide's step 2 shows.",
        "A folder without the file is no integration; a link that leads nowhere counts as none.",
    ),
    Check(
        "file-unreadable",
        "error",
        "{message}",
        "Make it a file that you may read.",
        "The system refused to open `config.json`, `requirements.txt` or a module.",
    ),
    Check(
        "file-not-a-file",
        "error",
        "{message}",
        "Put a file in its place.",
        "There is a folder, a pipe or a device where a file should be; it is not opened.",
    ),
    Check(
        "file-not-utf-8",
        "error",
        "{message}",
        "Save the file as UTF-8.",
        "All files of an integration are read as UTF-8, whatever the locale says.",
    ),
    Check(
        "file-too-large",
        "error",
        "{message}",
        "Take out of the file what does not belong there.",
        "`config.json` may have 8 MiB, any other file 4.",
    ),
    Check(
        "file-outside",
        "error",
        "{message}",
        "Put the file itself into the folder.",
        "Nothing outside the folder is read: no `..`, no absolute path, no link that leads out.",
    ),
    Check(
        "folder-outside",
        "error",
        "The folder {name} is a link that leads out of the one that was opened, so it was not read.",
        "Open the folder that it leads to by its own path.",
        "A folder of integrations does not speak for what lies elsewhere.",
    ),
    Check(
        "config-bom",
        "warning",
        "config.json begins with a byte order mark.",
        "Save it as UTF-8 without one.",
        "JSON has no byte order mark (RFC 8259, section 8.1); many readers refuse it.",
    ),
    Check(
        "config-empty",
        "error",
        "config.json is empty.",
        "Write a config.json as the guide's step 2 shows.",
        "The file has no text, or nothing but white space.",
    ),
    Check(
        "config-syntax",
        "error",
        "config.json is not JSON: {reason} in line {at_line}, column {at_column}.",
        "Mend that place; the fault is there or just before it.",
        "The text does not parse.",
    ),
    Check(
        "config-unbearable",
        "error",
        "config.json {what} to be read.",
        "Make it simpler.",
        "Nested hundreds of levels deep, or a number with thousands of digits.",
    ),
    Check(
        "config-duplicate",
        "error",
        "{name} is written twice; only the last one counts.",
        "Rename or remove one of them.",
        "The same name twice in one object: readers silently keep one.",
    ),
    Check(
        "config-not-a-number",
        "error",
        "{name} is no number that JSON knows; it is read as null.",
        "Write a number or null.",
        "NaN and Infinity are Python's; 1e999 is beyond what a number can hold.",
    ),
    Check(
        "config-surrogate",
        "warning",
        "config.json holds half of a \\u surrogate pair, which is no character; it is shown as \ufffd.",
        "Write the character itself, or both halves.",
        "Such text has no UTF-8 form and cannot be sent.",
    ),
    Check(
        "entry-point-missing",
        "error",
        "There is no file {name}, which entry_point names.",
        "Name the Python file in this folder that calls Integration.load().",
        "The file that `entry_point` names is not in the folder.",
    ),
    Check(
        "entry-point-outside",
        "error",
        "entry_point {name} leads out of the integration's folder.",
        "Name the Python file in this folder that calls Integration.load().",
        "No `..`, no absolute path, no link that leads out.",
    ),
    Check(
        "entry-point-not-python",
        "error",
        "entry_point {name} does not end in .py.",
        "Name the Python file in this folder that calls Integration.load().",
        "The entry point is imported as Python.",
    ),
    Check(
        "entry-point-not-a-file",
        "error",
        "entry_point {name} is a folder.",
        "Name the Python file in this folder that calls Integration.load().",
        "A package cannot be the entry point; one of its modules can.",
    ),
    Check(
        "icon-missing",
        "warning",
        "There is no icon {name}.",
        "Put icon.svg or icon.png into the folder itself.",
        "`icon` names a file that is not there.",
    ),
    Check(
        "icon-outside",
        "warning",
        "The icon {name} leads out of the integration's folder.",
        "Put icon.svg or icon.png into the folder itself.",
        "No `..`, no absolute path, no link that leads out.",
    ),
    Check(
        "icon-type",
        "warning",
        "The icon {name} is none of {types}.",
        "Put icon.svg or icon.png into the folder itself.",
        "An icon is a picture that browsers draw.",
    ),
)
"""What is wrong with files before anyone asks what they mean."""

REQUIREMENTS_CHECKS: tuple[Check, ...] = (
    Check(
        "requirements-missing",
        "warning",
        "There is no requirements.txt.",
        f"Add one with the line {_SDK}~=2.0.1 and what else the handlers import, one a line.",
        "The file says what has to be installed, and which release of the SDK the handlers were written for.",
    ),
    Check(
        "requirements-no-sdk",
        "warning",
        f"requirements.txt does not name {_SDK}, so nothing says which release the handlers were written for.",
        f"Add the line {_SDK}~=2.0.1.",
        "Releases 0.1, 1 and 2 of the SDK differ in what `fetch` gives and what handlers return.",
    ),
    Check(
        "requirements-glued",
        "error",
        "Two requirements are glued together: {first} and {second}.",
        "Put each on a line of its own.",
        "A newline was lost, so pip cannot read the line.",
    ),
    Check(
        "requirements-unparsable",
        "error",
        "pip cannot read the line {text}.",
        "Write name==version.",
        "A line that is neither a requirement (PEP 508) nor an option of pip.",
    ),
    Check(
        "requirements-import",
        "warning",
        "{name} is imported, and requirements.txt does not name it.",
        "Add the package that holds {name} to requirements.txt, so that it is installed with the integration.",
        "It may be there by chance today. Imports that a `try` guards are left alone.",
    ),
    Check(
        "requirements-not-installed",
        "warning",
        "requirements.txt asks for {wanted}, and {found}.",
        f"Run `{_INSTALL}` in the integration's folder.",
        "Looked for when the code is imported: in `dependencies/` first, then beside the workbench.",
    ),
)
"""What is wrong with ``requirements.txt``."""

CODE_CHECKS: tuple[Check, ...] = (
    Check(
        "source-unparsable",
        "error",
        "{module} is not Python: {reason}.",
        "Mend the file; its handlers cannot be registered until it loads.",
        "A module of the integration does not parse.",
    ),
    Check(
        "handler-missing",
        "error",
        "No handler is registered for the {what} {name}.",
        "Add a class with @….{decorator}({quoted}) to the entry point or to a module that it imports.",
        "`config.json` declares what no code answers.",
    ),
    Check(
        "handler-undeclared",
        "error",
        "A handler is registered for the {what} {name}, which config.json does not declare: the SDK refuses it.",
        "Declare {name} under {member}, or mend the name.",
        "The code registers what `config.json` does not have: `Integration.load()` goes well, the decorator raises.",
    ),
    Check(
        "handler-twice",
        "warning",
        "Another handler is registered for the {what} {name}, at {other}; the later one replaces the earlier.",
        "Rename one of them, or remove it.",
        "Two classes for one name, mostly left over from copying.",
    ),
    Check(
        "handler-computed",
        "note",
        "A handler's {what} is named at run time, so its name cannot be compared with config.json.",
        "Write the name as a string to have it checked without importing.",
        "Only seen where the code was not imported; an import shows the names.",
    ),
    Check(
        "handler-method",
        "error",
        "The handler of the {handler} cannot be called: {reason}.",
        "Write `async def {method}({parameters})` in a class that inherits from {base}.",
        "No class was decorated, it lacks the method, or the method takes other arguments than the SDK passes.",
    ),
    Check(
        "handler-not-async",
        "warning",
        "The {method} of the {handler} is a plain def; the SDK awaits what it gives.",
        "Write `async def {method}({parameters})`.",
        "Unless it returns an awaitable, every call fails.",
    ),
    Check(
        "account-missing",
        "error",
        "config.json says that a connected account is supported, and no handler is registered for it.",
        "Add a class with @….connected_account(), or say false.",
        "`supports_connected_account` is true and no code answers.",
    ),
    Check(
        "account-undeclared",
        "warning",
        "A connected account's handler is registered, and config.json does not say that it is supported.",
        'Add "supports_connected_account": true to config.json.',
        "The platform only asks where the config says so.",
    ),
)
"""Whether the code and ``config.json`` agree."""

CONTRACT_CHECKS: tuple[Check, ...] = (
    Check(
        "contract-import",
        "error",
        "{name} is imported from the SDK, and release line {version} does not have it ({reason}).",
        f"Pin {_SDK}~=2.0.1 in requirements.txt, or write the handlers for release line {{version}}.",
        "`ActionResult` and `ActionError` came with release 1, `FetchResponse` with release 2.",
    ),
    Check(
        "contract-result",
        "warning",
        "The handler returns {what}, and release line {version} takes ActionResult or ActionError alone ({reason}).",
        "Write ActionResult(data=…), or pin the release that the handlers were written for.",
        "Since release 1 a handler returns `ActionResult` or `ActionError`; a bare dict is an invalid output.",
    ),
    Check(
        "contract-fetch",
        "warning",
        "{name} comes from fetch and is used as {use}; under release line {version} fetch gives {gives} ({reason}).",
        "Write {instead}, or pin the release that the handlers were written for.",
        "Releases 0.1 and 1 give the parsed body, release 2 a `FetchResponse` with `status`, `headers` and `data`.",
    ),
    Check(
        "contract-auth",
        "warning",
        "context.auth is asked for {name} directly; since 2.0.1 the fields are under credentials ({reason}).",
        'Write context.auth["credentials"][{name}], or read both: context.auth.get("credentials", context.auth).',
        'Release 2.0.1 hands over `{"auth_type", "credentials": {…}}`, the releases before it the fields themselves.',
    ),
    Check(
        "contract-installed",
        "warning",
        "dependencies/ holds the SDK's version {installed}, and requirements.txt pins {pin}.",
        f"Delete dependencies/ and run `{_INSTALL}`.",
        "What runs here is then not what the platform installs.",
    ),
)
"""Whether the code fits the release of the SDK that it was written for."""

LOAD_CHECKS: tuple[Check, ...] = (
    Check(
        "load-error",
        "error",
        "{module} cannot be imported: {error}.",
        "Mend that line; nothing of the integration can run before it loads.",
        "The code raised an exception while it was imported.",
    ),
    Check(
        "load-module-missing",
        "error",
        "{name} is imported and not installed{though}.",
        f"Name its package in requirements.txt, if it is not there, then run `{_INSTALL}` in the integration's folder.",
        "An import found no module. A name that a `try` guards is left alone.",
    ),
    Check(
        "load-no-integration",
        "error",
        "{module} makes no Integration object.",
        "Add a line such as `my_integration = Integration.load()` to it.",
        "Handlers register with the object that `Integration.load()` gives.",
    ),
    Check(
        "load-ended",
        "error",
        "{message}",
        "Take it out: a module defines handlers and then lets whoever imports it go on.",
        "The code ended its own process (`sys.exit`, `os._exit`) or crashed it while it was imported.",
    ),
    Check(
        "load-hangs",
        "error",
        "The import of {module} was not done after {seconds} s.",
        "Move what takes so long into the handlers; --timeout gives it more time.",
        "The code waits, loops or computes while it is imported. The place is the line where it stood.",
    ),
    Check(
        "load-exchange",
        "warning",
        "A request is sent while the code is imported: {method} to {host}.",
        "Send it from a handler: the platform imports an integration more often than it calls it.",
        "Seen on the wire while the module was imported; every import waits for it and fails with it.",
    ),
)
"""What only importing the code can show."""
