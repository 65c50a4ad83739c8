"""Results as a JUnit XML file, which every build server reads.

It is valid under the schema of Jenkins, ``junit-10.xsd``: a case has no other attributes than are written here.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no form for."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was tested. ``failure`` says what was wrong, with ``details``; empty where it passed.

    ``is_error`` says that it could not be tested. ``group`` is its class name within the suite, ``seconds`` what it
    took.
    """

    name: str
    failure: str = ""
    details: str = ""
    is_error: bool = False
    group: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one group, such as an integration."""

    name: str
    cases: tuple[Case, ...]


def as_xml(suites: Sequence[Suite]) -> bytes:
    """The file."""
    root = ET.Element("testsuites")
    for suite in suites:
        errors = sum(bool(case.failure) and case.is_error for case in suite.cases)
        attributes = {
            "name": _text(suite.name),
            "tests": str(len(suite.cases)),
            "failures": str(sum(bool(case.failure) for case in suite.cases) - errors),
            "errors": str(errors),
            "time": f"{sum(case.seconds for case in suite.cases):.3f}",
        }
        group = ET.SubElement(root, "testsuite", attributes)
        for case in suite.cases:
            _add(group, suite, case)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _add(group: ET.Element, suite: Suite, case: Case) -> None:
    attributes = {"classname": _text(".".join(filter(None, (suite.name, case.group)))), "name": _text(case.name)}
    element = ET.SubElement(group, "testcase", attributes | {"time": f"{case.seconds:.3f}"})
    if case.failure:
        reason = ET.SubElement(element, "error" if case.is_error else "failure", {"message": _text(case.failure)})
        reason.text = _text(case.details or case.failure)


def _text(text: str) -> str:
    return _NO_XML.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
