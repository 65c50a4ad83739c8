"""Findings in the forms that continuous integration reads: workflow commands of GitHub Actions, and JUnit's XML."""

from collections.abc import Iterator
from xml.etree import ElementTree as Xml

from workbench.cli.output.check_report import CheckedIntegration, CheckReport, nearby, summary
from workbench.cli.output.github_commands import command
from workbench.domain import Finding, Severity, without_ignored
from workbench.explain.terminal_text import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_github(report: CheckReport) -> str:
    """A workflow command for each finding, which marks its line in the pull request; then the summary.

    What is ignored is counted only.
    """
    lines = [
        _command(checked, finding) for checked in report.integrations for finding in without_ignored(checked.findings)
    ]
    return "\n".join([*lines, summary(report)])


def as_junit(report: CheckReport) -> str:
    """A suite for each integration, with a case for each finding; one that passes where there is none.

    Errors are failures, what is ignored is skipped, and the words of warnings and notes are the output of their case.
    """
    suites = Xml.Element("testsuites", name="workbench check")
    for checked in report.integrations:
        cases = [_case(checked, finding) for finding in checked.findings] or [_passed(checked)]
        numbers = {"failures": "failure", "skipped": "skipped"}
        counts = {name: str(sum(case.find(tag) is not None for case in cases)) for name, tag in numbers.items()}
        name = visible(checked.integration.name)
        attributes = {"name": name, "tests": str(len(cases)), "errors": "0", **counts}
        suite = Xml.SubElement(suites, "testsuite", attributes)
        suite.extend(cases)
    for reason in report.unchecked:
        attributes = {"name": "unchecked", "tests": "1", "errors": "1", "failures": "0", "skipped": "0"}
        suite = Xml.SubElement(suites, "testsuite", attributes)
        case = Xml.SubElement(suite, "testcase", classname="workbench", name="unchecked")
        Xml.SubElement(case, "error", message=visible(reason))
    Xml.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(suites, encoding="unicode")


def _command(checked: CheckedIntegration, finding: Finding) -> str:
    file = nearby(checked.integration.root / finding.path).as_posix()
    kind, words = _COMMANDS[finding.severity], " ".join(_words(finding))
    return command(kind, file, finding.line, finding.column, finding.code, words)


def _words(finding: Finding) -> Iterator[str]:
    yield from filter(None, (visible(finding.message), visible(finding.fix)))


def _case(checked: CheckedIntegration, finding: Finding) -> Xml.Element:
    place = visible(finding.place)
    case = Xml.Element("testcase", classname=visible(checked.integration.name), name=f"{finding.code} {place}")
    file = visible(str(nearby(checked.integration.root / finding.path)))
    words = "\n".join([*_words(finding), f"{file}:{finding.line or 1}"])
    if finding.ignored:
        Xml.SubElement(case, "skipped", message=visible(finding.ignored))
    elif finding.severity is Severity.ERROR:
        Xml.SubElement(case, "failure", type=finding.code, message=visible(finding.message)).text = words
    else:
        Xml.SubElement(case, "system-out").text = f"{finding.severity}: {words}"
    return case


def _passed(checked: CheckedIntegration) -> Xml.Element:
    return Xml.Element("testcase", classname=visible(checked.integration.name), name="no findings")
