"""``workbench check``: findings for people and for machines, and the exit code."""

import json
from pathlib import Path


def test_a_clean_integration(workbench, integration: Path) -> None:
    (integration / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    done = workbench("check", integration)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 integration checked: 0 errors" in done.stdout


def test_errors_have_a_place_and_exit_with_1(workbench, integration: Path) -> None:
    (integration / "one.py").unlink()
    done = workbench("check", integration)
    assert done.returncode == 1
    assert f"{integration}/config.json:" in done.stdout
    assert "There is no file 'one.py'" in done.stdout


def test_a_broken_config_is_a_finding(workbench, integration: Path) -> None:
    (integration / "config.json").write_text('{"name": "one",\n  oops}')
    done = workbench("check", integration, "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    finding = document["integrations"][0]["findings"][0]
    assert (finding["severity"], finding["path"], finding["line"]) == ("error", "config.json", 2)
    assert document["errors"] >= 1


def test_sarif(workbench, integration: Path) -> None:
    (integration / "one.py").unlink()
    done = workbench("check", integration, "--format", "sarif")
    document = json.loads(done.stdout)
    assert (done.returncode, document["version"]) == (1, "2.1.0")
    run = document["runs"][0]
    result = next(one for one in run["results"] if one["level"] == "error")
    assert result["ruleId"] in [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == (integration / "config.json").as_uri()
    assert place["region"]["startLine"] > 0


def test_nothing_to_check(workbench, tmp_path: Path) -> None:
    for arguments in (["check"], ["check", tmp_path / "nowhere"], ["check", tmp_path]):
        done = workbench(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr


def test_the_real_ones_can_be_checked(workbench, corpus: list[Path]) -> None:
    done = workbench("check", corpus[0].parent, "--format", "json")
    document = json.loads(done.stdout)
    assert len(document["integrations"]) == 41
    assert done.returncode == 1
