"""The checks of a folder's files and requirements, and those that import: code, severity, message and fix of each.

Those of ``config.json`` are in :data:`workbench.schema.CHECKS`, those of the code in ``source_codes``.
"""

from workbench.schema import Check

_SDK = "autohive-integrations-sdk"
_INSTALL = "workbench install"

FILE_CHECKS: tuple[Check, ...] = (
    Check(
        "config-file-missing",
        "error",
        "There is no config.json.",
        "Add a config.json to the folder; step 2 of the guide shows one.",
        "The folder has no `config.json`, or a symbolic link that points to nothing.",
        former=("config-no-file",),
    ),
    Check(
        "file-unreadable",
        "error",
        "{message}",
        "Check the file's permissions.",
        "The system does not allow reading `config.json`, `requirements.txt` or a module.",
    ),
    Check(
        "file-not-a-file",
        "error",
        "{message}",
        "Replace it with a file.",
        "A folder, a pipe or a device has the name of a file. It is not opened.",
    ),
    Check(
        "file-not-utf-8",
        "error",
        "{message}",
        "Save the file as UTF-8.",
        "`config.json` and modules are read as UTF-8, whatever the locale.",
    ),
    Check(
        "file-too-large",
        "error",
        "{message}",
        "Reduce the size of the file.",
        "`config.json` can have up to 8 MiB, any other file up to 4 MiB.",
    ),
    Check(
        "file-outside",
        "error",
        "{message}",
        "Move the file into the folder.",
        "Files outside the folder are not read: no `..`, no absolute path, no symbolic link to another place.",
    ),
    Check(
        "folder-outside",
        "error",
        "The folder {name} is a symbolic link to a place outside the opened folder, so it was not read.",
        "Open the target of the link by its own path.",
        "Integrations outside the opened folder are not read.",
    ),
    Check(
        "config-bom",
        "warning",
        "config.json starts with a byte order mark.",
        "Save the file as UTF-8 without a byte order mark.",
        "JSON does not allow a byte order mark (RFC 8259, section 8.1). Many JSON readers reject it.",
    ),
    Check(
        "config-empty",
        "error",
        "config.json is empty.",
        "Write a config.json; step 2 of the guide shows one.",
        "The file has no text, or only white space.",
    ),
    Check(
        "config-syntax",
        "error",
        "config.json is not valid JSON: {reason} at line {at_line}, column {at_column}.",
        "Fix the syntax at this place or just before it.",
        "The text is not valid JSON.",
    ),
    Check(
        "config-limit-exceeded",
        "error",
        "config.json cannot be read: it {what}.",
        "Reduce nesting below 500 levels, and numbers below 4,300 digits.",
        "The file has hundreds of levels of nesting, or a number with thousands of digits.",
        former=("config-unbearable",),
    ),
    Check(
        "config-duplicate-key",
        "error",
        "Duplicate key {name}: only the last value is used.",
        "Rename or remove one of the two.",
        "One object has the same key twice. JSON readers use one value and ignore the other without a message.",
        former=("config-duplicate",),
    ),
    Check(
        "config-invalid-number",
        "error",
        "{name} is not a valid JSON number, so it is read as null.",
        "Write a finite number or null.",
        "`NaN` and `Infinity` are not JSON, and 1e999 is larger than a number can be.",
        former=("config-not-a-number",),
    ),
    Check(
        "config-lone-surrogate",
        "warning",
        "config.json contains half of a \\u surrogate pair, which is not a character. It is shown as \ufffd.",
        "Write the character itself, or both halves of the pair.",
        "Text with half of a surrogate pair cannot be encoded as UTF-8, so it cannot be sent.",
        former=("config-surrogate",),
    ),
    Check(
        "entry-point-missing",
        "error",
        "The entry_point {name} does not exist.",
        "Set entry_point to the Python file in this folder that calls Integration.load().",
        "`entry_point` names a file that is not in the folder.",
    ),
    Check(
        "entry-point-outside",
        "error",
        "The entry_point {name} is outside the integration's folder.",
        "Set entry_point to the Python file in this folder that calls Integration.load().",
        "No `..`, no absolute path, no symbolic link to another place.",
    ),
    Check(
        "entry-point-not-python",
        "error",
        "The entry_point {name} does not end in .py.",
        "Set entry_point to the Python file in this folder that calls Integration.load().",
        "The entry point is imported as Python.",
    ),
    Check(
        "entry-point-not-a-file",
        "error",
        "The entry_point {name} is a folder.",
        "Set entry_point to the Python file in this folder that calls Integration.load().",
        "A package cannot be the entry point. Use one of its modules.",
    ),
    Check(
        "icon-missing",
        "warning",
        "The icon {name} does not exist.",
        "Add icon.svg or icon.png to the folder.",
        "`icon` names a file that is not in the folder.",
    ),
    Check(
        "icon-outside",
        "warning",
        "The icon {name} is outside the integration's folder.",
        "Add icon.svg or icon.png to the folder.",
        "No `..`, no absolute path, no symbolic link to another place.",
    ),
    Check(
        "icon-type",
        "warning",
        "The icon {name} is not an image file. Supported types: {types}.",
        "Add icon.svg or icon.png to the folder.",
        "The icon must be an image that browsers support.",
    ),
)
"""Files: whether they exist and can be read."""

IGNORE_CHECKS: tuple[Check, ...] = (
    Check(
        "ignore-invalid",
        "warning",
        "{message}",
        'Write `# workbench: ignore CODE reason` beside the line, or `CODE = "reason"` under `[check.ignore]` in '
        "workbench.toml.",
        "A finding is ignored by its code and a reason.",
    ),
    Check(
        "ignore-unused",
        "note",
        "{name} is ignored here, but there is no such finding.",
        "Remove it.",
        "What was ignored is fixed, or stands elsewhere now.",
    ),
    Check(
        "toml-invalid",
        "warning",
        "{message}",
        "Fix workbench.toml at this place.",
        "The file is not TOML, or has a table that nothing reads.",
    ),
)
"""What ``workbench.toml`` and comments ignore."""

REQUIREMENTS_CHECKS: tuple[Check, ...] = (
    Check(
        "requirements-missing",
        "warning",
        "There is no requirements.txt.",
        f"Add one with the line {_SDK}~=2.0.1 and every other package that the handlers import, one per line.",
        "The file lists what to install, and which release of the SDK the handlers are written for.",
    ),
    Check(
        "requirements-no-sdk",
        "warning",
        f"requirements.txt does not name {_SDK}, so the release that the handlers are written for is unknown.",
        f"Add the line {_SDK}~=2.0.1.",
        "Releases 0.1, 1 and 2 of the SDK differ in what `fetch` and handlers return.",
    ),
    Check(
        "requirements-joined",
        "error",
        "Two requirements are on one line: {first} and {second}.",
        "Write each requirement on its own line.",
        "A line break is missing, so pip cannot read the line.",
        former=("requirements-glued",),
    ),
    Check(
        "requirements-invalid",
        "error",
        "Invalid requirement {text}: pip cannot read this line.",
        "Write the requirement as name==version.",
        "The line is neither a requirement (PEP 508) nor a pip option.",
        former=("requirements-unparsable",),
    ),
    Check(
        "requirements-include",
        "error",
        "{file} includes {name}, but it is not read: {reason}.",
        "Correct the path in that line, or remove the line.",
        "pip reads the files named by `-r` and `-c`. Here they are read from the integration's folder only.",
    ),
    Check(
        "requirements-url",
        "note",
        "{file} includes requirements from a URL, which are not read here.",
        "Copy that file into the folder and include it by its path.",
        "pip downloads what `-r` names. The check reads files of the folder only.",
    ),
    Check(
        "requirements-encoding",
        "error",
        "{file} cannot be decoded as {encoding}.",
        "Save the file as UTF-8.",
        "As for pip, a byte order mark decides, else a `coding:` comment in the first two lines, else it is UTF-8.",
    ),
    Check(
        "requirements-import",
        "warning",
        "The code imports {name}, but requirements.txt does not list it.",
        "Add the package that provides {name} to requirements.txt, so that it is installed with the integration.",
        "The package may be installed here for another reason. Imports inside a `try` are ignored.",
    ),
    Check(
        "requirements-not-installed",
        "warning",
        "{file} requires {wanted}, but {found}.",
        f"Press “Install requirements” on the integration's page, or run `{_INSTALL}` in its folder.",
        "Looked for first in `dependencies/`, then in the workbench's own environment.",
    ),
    Check(
        "requirements-incomplete",
        "warning",
        "{needed}.",
        f"Press “Install requirements” on the integration's page, or run `{_INSTALL}` in its folder.",
        "A package that is installed for a requirement needs another one, as its `METADATA` says.",
    ),
)
"""``requirements.txt``."""

LOAD_CHECKS: tuple[Check, ...] = (
    Check(
        "load-error",
        "error",
        "{module} cannot be imported: {error}.",
        "Fix this line. No handler can run until the code can be imported.",
        "The code raises an exception while it is imported.",
    ),
    Check(
        "load-module-missing",
        "error",
        "{name} is imported but not installed{though}.",
        f"Add its package to requirements.txt if it is not there, then run `{_INSTALL}` in the integration's folder.",
        "An import does not find its module. Imports inside a `try` are ignored.",
    ),
    Check(
        "load-hidden",
        "error",
        "{message}",
        "Rename the file.",
        "A file of the folder hides a module of Python or of a package that the SDK needs, so nothing can be imported.",
    ),
    Check(
        "load-variable-missing",
        "error",
        "The environment variable {name}, which the code reads while it is imported, is not set.",
        "Set it on the Auth page, with --env {name}=VALUE, or in the terminal that starts the workbench.",
        "A subscript of `os.environ` fails while the code is imported. A handler that reads it fails alone.",
    ),
    Check(
        "load-no-integration",
        "error",
        "{module} does not create an Integration object.",
        "Add a line such as `my_integration = Integration.load()`.",
        "Handlers are registered with the object that `Integration.load()` returns.",
    ),
    Check(
        "load-exited",
        "error",
        "{message}",
        "Remove this line. A module must only define handlers, and not end the process.",
        "The code ends its own process (`sys.exit`, `os._exit`) or crashes while it is imported.",
        former=("load-ended",),
    ),
    Check(
        "load-timeout",
        "error",
        "The import of {module} did not finish within {seconds} s.",
        "Move slow code into the handlers, or allow more time with --timeout.",
        "The code waits, loops or computes while it is imported. The place is the line that was running.",
        former=("load-hangs",),
    ),
    Check(
        "load-request",
        "warning",
        "A request is sent while the code is imported: {method} to {host}.",
        "Send it from a handler. The platform imports an integration more often than it calls it.",
        "Recorded while the module was imported. Every import waits for the request and fails with it.",
        former=("load-exchange",),
    ),
    Check(
        "load-background",
        "warning",
        "The import starts a {kind} that still runs after it{name}.",
        "Start it in a handler and wait for it there. The platform imports an integration more often than it calls it.",
        "A thread or a task that the module itself starts. It goes on beside each handler and ends with its process.",
    ),
)
"""Checks that need an import of the code."""
