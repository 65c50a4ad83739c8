"""The editors that links open: known ones, own addresses, and what browsers would follow themselves."""

from pathlib import Path

import pytest

from tests.case_tables import each_case
from workbench.editors import EDITORS, EditorError, editor_of, find_editor


def test_each_known_editor_makes_a_link_of_its_own() -> None:
    urls = {editor.name: editor.url(Path("/home/é u/a b.py"), 12, 3) for editor in EDITORS}
    assert urls["vscode"] == "vscode://file/home/%C3%A9%20u/a%20b.py:12:3"
    assert urls["pycharm"] == "pycharm://open?file=/home/%C3%A9%20u/a%20b.py&line=12&column=3"
    assert len(set(urls.values())) == len(EDITORS)
    assert all("12" in url and "{" not in url for url in urls.values())


def test_an_address_of_ones_own_is_filled_in_once() -> None:
    editor = find_editor(" myeditor://open{path}?at={line} ")
    assert editor is not None
    assert editor.url(Path("/x/{line}.py"), 7) == "myeditor://open/x/%7Bline%7D.py?at=7"
    assert find_editor("none") is None


@each_case(
    ("text", "reason"),
    [
        ("", "is not a known editor"),
        ("notepad", "Use vscode"),
        ("javascript:alert('{path}')", "is an address for browsers"),
        ("JavaScript:{path}", "is an address for browsers"),
        ("https://evil.com/{path}", "is an address for browsers"),
        ("data:text/html,{path}", "is an address for browsers"),
        ("myeditor://open", r"needs \{path\}"),
        ("my editor://{path}", "is not a known editor"),
        ("myeditor://{path} x", "without blanks"),
        (f"myeditor://{{path}}{'x' * 300}", "needs"),
    ],
)
def test_other_texts_are_not_taken(text: str, reason: str) -> None:
    with pytest.raises(EditorError, match=reason):
        find_editor(text)


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vim"}, "vscode"),
        ({"VISUAL": "vim", "EDITOR": "/usr/local/bin/subl -w"}, "sublime"),
        ({"EDITOR": r"C:\Tools\Cursor.exe".replace("Cursor", "cursor")}, "cursor"),
        ({"EDITOR": "vim"}, ""),
        ({"EDITOR": " "}, ""),
        ({}, ""),
    ],
)
def test_the_environment_names_an_editor(environ: dict[str, str], name: str) -> None:
    editor = editor_of(environ)
    assert (editor.name if editor else "") == name
