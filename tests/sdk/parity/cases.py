"""Runs every case against whichever SDK this interpreter has, and prints what it did as one JSON object.

``python cases.py CONTRACT SHAPE`` (0.1, 1 or 2; flat or envelope) runs handlers in the form that the contract asks, and
hands them their auth in that shape.
"""

import asyncio
import contextlib
import io
import json

import case_fetch  # noqa: F401 - its cases register
import case_integration  # noqa: F401 - its cases register
from harness import CASES, autohive_integrations_sdk, sdk, shown


def public():
    """The public names that integrations can import, from the package and from the core file."""
    standard = {
        "ABC",
        "Any",
        "ClassVar",
        "Dict",
        "Enum",
        "Generic",
        "List",
        "Optional",
        "Path",
        "T",
        "Type",
        "TypeVar",
        "Union",
    }
    standard |= {
        "Draft7Validator",
        "abstractmethod",
        "asdict",
        "dataclass",
        "field",
        "json",
        "jsonX",
        "os",
        "sys",
        "timedelta",
    }
    standard |= {"urlencode", "validate"}
    return {
        module.__name__: sorted(name for name in dir(module) if not name.startswith("_") and name not in standard)
        for module in (autohive_integrations_sdk, sdk)
    }


async def main():
    outcomes = {}
    for name, (run, printed) in CASES.items():
        output = io.StringIO()
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                outcomes[name] = shown(await run())
        except Exception as error:
            outcomes[name] = shown(error)
        if printed:
            outcomes[name] = [outcomes[name], "s3cret" in output.getvalue(), bool(output.getvalue())]
    return {"outcomes": outcomes, "public": public()}


print(json.dumps(asyncio.run(main())))
