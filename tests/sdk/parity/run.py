"""Runs the same cases against this SDK and the published releases, each in a throw-away environment, and compares.

``python tests/sdk/parity/run.py [RELEASE …]`` needs the package index. Every difference must be one that is meant, and
is listed below with its reason; one that is not, or one that is listed and gone, fails.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RELEASES = {
    "0.1.2": ("0.1", "flat"),
    "1.0.2": ("1", "flat"),
    "1.1.1": ("1", "flat"),
    "2.0.0": ("2", "flat"),
    "2.0.1": ("2", "envelope"),
}
"""Each release with the contract that it stands for, and the shape in which it is handed the auth."""

MEANT = {
    "action: schema: required false, reached": "an invalid schema is named, not a crash",
    "action: schema: unknown type": "an invalid schema is named, not a crash",
    "action: schema: broken pattern": "an invalid schema is named, not a crash",
    "action: schema: reference to nowhere": "an invalid schema is named, not a crash",
    "action: auth envelope": "auth is taken in both shapes under every contract",
    "action: auth missing": "what is wrong with the auth has the source auth",
    "action: auth flat": "auth is taken in both shapes under every contract",
    "load: found from its caller": "the config is found beside the file that calls",
    "load: byte order mark": "config.json is UTF-8, with or without its mark",
    "load: not UTF-8": "what is wrong with a config is a ConfigurationError",
    "load: an array": "what is wrong with a config is a ConfigurationError",
    "load: no name": "what is wrong with a config is a ConfigurationError",
    "load: no version": "what is wrong with a config is a ConfigurationError",
    "load: actions an array": "what is wrong with a config is a ConfigurationError",
    "load: no interval": "what is wrong with a config is a ConfigurationError",
    "load: no description": "an absent description is empty",
    "load: no output schema": "an absent schema allows anything",
    "interval: ''": "what is wrong with an interval is a ConfigurationError",
    "interval: 'm'": "what is wrong with an interval is a ConfigurationError",
    "interval: '5'": "what is wrong with an interval is a ConfigurationError",
    "interval: '1.5h'": "what is wrong with an interval is a ConfigurationError",
    "interval: '-5m'": "an interval lies above zero",
    "poll: None": "what is no list of records is a ValidationError",
    "poll: no list": "what is no list of records is a ValidationError",
    "poll: no dict": "what is no record is a ValidationError",
    "poll: no auth fields": "a trigger runs without auth.fields",
    "fetch: params after a fragment": "params go into the query, not into the fragment",
    "fetch: token flat": "the token is found in both shapes of auth",
    "fetch: token empty": "an empty token is not sent",
    "fetch: answer not UTF-8": "a body that is no text is text with marks, not a crash",
    "fetch: answer 500 printed": "bodies are not printed",
    "fetch: answer 429 date": "Retry-After may be a date",
    "fetch: dropped, params and data": "a retry sends the identical request",
    "fetch: dropped, settings in part": "settings that are left out have their defaults",
}
RAISED = "1.0 raises what contract 1 returns as a result"
"""Why release 1.0.2 differs wherever it raises a ValidationError: later releases of its line return it."""


def outcomes(python: str, contract: str, shape: str) -> dict[str, Any]:
    """What the cases did under an interpreter. Its traceback is not shown: it would quote other people's source."""
    command = [python, "-W", "ignore", str(HERE / "cases.py"), contract, shape]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE, timeout=300)
    if done.returncode:
        raise SystemExit(f"{python}: the cases did not run: {done.stderr.strip().splitlines()[-1:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def install(release: str, folder: Path) -> str:
    """A throw-away environment with a published release; the path of its interpreter."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    command = [
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        f"autohive-integrations-sdk=={release}",
    ]
    if subprocess.run(command, check=False, capture_output=True, timeout=300).returncode:
        raise SystemExit(f"autohive-integrations-sdk {release} cannot be installed: is the package index in reach?")
    return python


def reason_for(name: str, release: str, theirs: Any, ours: Any) -> str | None:
    """Why a case is meant to differ, or None."""
    both = isinstance(theirs, dict) and isinstance(ours, dict)
    if release == "1.0.2" and both and theirs.get("raised") == "ValidationError" and ours.get("type"):
        return RAISED
    return MEANT.get(name)


def compare(release: str, theirs: dict[str, Any], ours: dict[str, Any]) -> tuple[set[str], list[str]]:
    """The names that differ as meant, and what differs otherwise."""
    meant, wrong = set(), []
    for name, outcome in theirs["outcomes"].items():
        mine = ours["outcomes"].get(name)
        if outcome == mine:
            continue
        reason = reason_for(name, release, outcome, mine)
        if reason is None:
            wrong.append(f"{name}\n    published: {json.dumps(outcome)}\n    ours:      {json.dumps(mine)}")
        else:
            meant.add(name)
            print(f"  meant: {name} ({reason})")
    for module, names in theirs["public"].items():
        wrong += [f"{module} lacks {name}" for name in sorted(set(names) - set(ours["public"][module]))]
    return meant, wrong


def main(releases: list[str]) -> int:
    """Compare with each release; 1 where something differs that is not meant to."""
    failed, seen = False, set()
    with tempfile.TemporaryDirectory() as folder:
        for release in releases:
            form = RELEASES[release]
            theirs = outcomes(install(release, Path(folder) / release), *form)
            print(f"release {release} (contract {form[0]}, {form[1]} auth): {len(theirs['outcomes'])} cases")
            meant, wrong = compare(release, theirs, outcomes(sys.executable, *form))
            seen |= meant
            failed |= bool(wrong)
            for line in wrong:
                print(f"  DIFFERS: {line}")
    if set(releases) == set(RELEASES) and (gone := sorted(set(MEANT) - seen)):
        print(f"listed as meant, but no longer different: {', '.join(gone)}")
        failed = True
    print("parity fails" if failed else "parity holds")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or list(RELEASES)))
