"""What the worker costs: the way to the handler's first line."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Figure
from workbench.domain import AuthShape, Contract, ContractVersion, Kind, RunRequest
from workbench.events import Assign, FrameReader, HandlerReturned, encode

CONFIG = {
    "name": "probe",
    "version": "1.0.0",
    "description": "tells when its handler began",
    "entry_point": "probe.py",
    "actions": {"go": {"description": "goes", "input_schema": {"type": "object"}, "output_schema": {"type": "object"}}},
}
CODE = """
import time
from autohive_integrations_sdk import ActionHandler, Integration

probe = Integration.load()

@probe.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
        return {"at": time.monotonic()}
"""


def first_line(root: Path) -> float:
    """Seconds from the assignment of a run, to a spare that is warm, to the first line of its handler."""
    contract = Contract(ContractVersion.V0_1)
    request = RunRequest("probe", root, "probe.py", Kind.ACTION, "go", contract, {}, {}, AuthShape.FLAT)
    events_read, events_write = os.pipe()
    control_read, control_write = os.pipe()
    command = [sys.executable, "-P", "-m", "workbench.worker", str(events_write), str(control_read)]
    worker = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, pass_fds=(events_write, control_read), start_new_session=True
    )
    os.close(events_write)
    os.close(control_read)
    reader, events = FrameReader(), list[object]()
    while not events:
        events += reader.feed(os.read(events_read, 1 << 16))
    time.sleep(0.1)
    asked = time.monotonic()
    os.write(control_write, encode(Assign(request)))
    while data := os.read(events_read, 1 << 16):
        events += reader.feed(data)
    worker.wait()
    os.close(events_read)
    os.close(control_write)
    (answer,) = [event for event in events if isinstance(event, HandlerReturned)]
    return answer.returned.value["at"] - asked  # type: ignore[index,call-overload,operator]  # CODE makes it


def run() -> list[Figure]:
    """The figures of the worker."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "config.json").write_text(json.dumps(CONFIG))
        (root / "probe.py").write_text(CODE)
        start = statistics.median(first_line(root) for _ in range(9)) * 1000
    return [Figure("assignment to the handler's first line, warm spare", f"{start:.1f} ms", "≤ 10 ms", start <= 10)]
