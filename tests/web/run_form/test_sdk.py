"""The SDK of a run, chosen in the settings of the form, and the comparison of two."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

SDK = (Path(__file__).parents[2] / "installer" / "published_sdk.py").read_text()
ACTION = "/integrations/greeter/actions/greet"


def posted(page: str, **more: str) -> dict[str, str]:
    """What a browser would post of the form, its one required field filled."""
    form = BeautifulSoup(page, "html.parser").select_one("form#request")
    assert form is not None
    data = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        data[str(select["name"])] = str(chosen.get("value", "")) if chosen else ""
    return data | more


def test_an_sdk_is_chosen_and_two_are_compared(
    make_site: Callable[..., Any], write_integration: Callable[..., Path], config: dict[str, Any], tmp_path: Path
) -> None:
    del config["auth"]
    root = write_integration(tmp_path / "greeter", config)
    site = make_site(root)
    visitor = site.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    options = {one["value"]: one.text for one in BeautifulSoup(page, "html.parser").select("select[name=sdk] option")}
    assert list(options) == ["", "2.0.1", "2.0.0", "1.1.1", "1.0.2", "0.1.2"]
    refused = visitor.post(f"{ACTION}/runs", posted(page, sdk="vendored"))
    assert (refused.status_code, "dependencies/ contains no SDK" in refused.text) == (422, True)

    (root / "dependencies" / "autohive_integrations_sdk-0.1.2.dist-info").mkdir(parents=True)
    (root / "dependencies" / "autohive_integrations_sdk.py").write_text(SDK.replace("VERSION", "0.1.2"))
    page = visitor.get(f"{ACTION}?new=1").text
    assert 'value="vendored">dependencies/ (0.1.2)' in page
    answer = visitor.post(f"{ACTION}/runs", posted(page, both="1"))
    ids = re.fullmatch(r"/runs/(\w+)/agreement/(\w+)", answer.location)
    assert ids, answer.location
    for run_id in ids.groups():
        site.runner.wait(run_id, 90)
    part = visitor.get(answer.location, headers={"HX-Request": "true"}).text
    assert "SDK 0.1.2 (from dependencies/) disagree on status" in BeautifulSoup(part, "html.parser").text, part
    assert "hx-trigger" not in part
    shown = visitor.get(answer.location).text
    assert "greet with two SDKs" in shown
    other = visitor.get(f"/runs/{ids[2]}").text
    assert "SDK 0.1.2 (from dependencies/)" in other
    assert "cannot import name" in other
