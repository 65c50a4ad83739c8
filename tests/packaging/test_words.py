"""The words that docs/glossary.md bans do not stand in what people read.

That is: string literals and docstrings of ``workbench`` and the SDK, templates, docs and samples. Identifiers in
backquotes, code in docs, and names in markup (classes, attributes, expressions) are not words that people read.
"""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BANNED = (
    r"faults?",
    r"refus(?:e|es|ed|al|als|ing)",
    r"mend(?:s|ed|ing)?",
    r"remed(?:y|ies)",
    r"anew",
    r"whoever",
    r"shall",
    r"is no JSON",
    r"of that name",
    r"not kept",
    r"at fault",
    r"(?:bring|brings|brought) (?:it )?back",
    r"(?:leave|leaves|left) (?:\w+ ){0,3}alone",
    r"told",
    r"judged?",
    r"says? (?:no|nothing)\b",
    r"no longer good",
    r"not in any more",
    r"makes no sense",
    r"not this way",
    r"slip of the pen",
    r"is sound",
    r"as one would",
    r"somebody",
    r"by chance",
)
"""Patterns of whole words, whatever their case; docs/glossary.md has what to say instead."""

BANNED_NAMES = (
    r"_?(?:asked|drawn|edited|happened|joined|kept|posted|ranked|told|wanted|worded)",
    r"(?:\w*_)?(?:faults?|mends?|remed(?:y|ies)|pictures?|problems?)",
    r"\w*(?:Fault|Mend|Remedy|Picture|Problem)",
)
"""Patterns of names of functions, classes and fields: participles, and words for what has another name."""

ALLOWED = {
    "docs/glossary.md": "it lists them",
    "CHANGELOG.md": "it may name what was renamed",
    "LICENSE": "a legal text",
}
"""Files that are not read, with the reason."""

ALLOWED_PHRASES = (
    "connection refused",  # the system's own message
    "ConnectionRefused",
    "|refused|",  # what a rule can do, in a list of such names
    "segmentation fault",
    "page fault",
)
"""Terms of others that hold a banned word."""

_PATTERN = rf"(?<![\w./-])(?:{'|'.join(BANNED).replace(' ', r'\s+')})(?![\w-])"
_CODE = re.compile(r"```.*?```|``[^`]*``|`[^`\n]*`|:\w+:`[^`]*`", re.DOTALL)
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_READ_ATTRIBUTE = re.compile(r"\b(?:title|aria-label|placeholder|alt|data-confirm)=\"([^\"]*)\"")
_WORD_STRING = re.compile(r"""(["'])((?:(?!\1).)* (?:(?!\1).)*)\1""")


def banned_in(text: str) -> list[str]:
    """What of ``text`` is banned, each with a little of what stands around it."""
    if not re.search(_PATTERN, text, re.IGNORECASE):
        return []
    for phrase in ALLOWED_PHRASES:
        text = re.sub(re.escape(phrase), lambda found: "_" * len(found[0]), text, flags=re.IGNORECASE)
    found = re.finditer(_PATTERN, text, re.IGNORECASE)
    return [" ".join(text[max(0, one.start() - 30) : one.end() + 30].split()) for one in found]


@functools.lru_cache(maxsize=1)
def nodes_of(path: Path) -> list[ast.AST]:
    """All nodes of a module: to parse all modules takes longer than to look at them."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def words_of_python(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals with a space, docstrings too, with their lines. Names, keys and values of enums have none."""
    for node in nodes_of(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            yield node.lineno, _CODE.sub(_blank, node.value)


def words_of_markdown(path: Path) -> Iterator[tuple[int, str]]:
    """The text without code, line by line."""
    text = _CODE.sub(_blank, path.read_text(encoding="utf-8"))
    yield from enumerate(re.sub(r"\]\([^)]*\)|<!--.*?-->", "]", text).splitlines(), 1)


def words_of_template(path: Path) -> Iterator[tuple[int, str]]:
    """The text between tags, the attributes that are read, and sentences in expressions, line by line."""
    text = path.read_text(encoding="utf-8")
    for expression in _JINJA.finditer(text):
        if not expression[0].startswith("{#"):
            for string in _WORD_STRING.finditer(expression[0]):
                yield text.count("\n", 0, expression.start()) + 1, string[2]
    text = _JINJA.sub(_blank, text)
    for attribute in _READ_ATTRIBUTE.finditer(text):
        yield text.count("\n", 0, attribute.start()) + 1, attribute[1]
    yield from enumerate(_TAG.sub(_blank, text).splitlines(), 1)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


READERS = {".py": words_of_python, ".md": words_of_markdown, ".html": words_of_template}
FILES = [
    path
    for folder in ("workbench", "sdk", "templates", "docs", "samples")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in READERS and path.is_file() and not {"dependencies", "__pycache__"} & set(path.parts)
] + sorted(ROOT.glob("*.md"))
MODULES = {path for path in FILES if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ("workbench", "sdk")}
READ = [path for path in FILES if path.relative_to(ROOT).as_posix() not in ALLOWED]


def test_no_banned_word_is_read_and_no_banned_name_given() -> None:
    """One test for all: as many tests as files would take more time to collect than to run."""
    found = []
    for path in READ:
        name = path.relative_to(ROOT).as_posix()
        words = ((line, shown) for line, text in READERS[path.suffix](path) for shown in banned_in(text))
        found += [f"{name}:{line}: {shown}" for line, shown in words]
        if path in MODULES:
            found += [f"{name}: {one}" for one in banned_names(path)]
    assert found == []


def names_of_python(path: Path) -> Iterator[str]:
    """The names that a module gives to functions, classes and fields."""
    for node in nodes_of(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        for field in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                yield field.target.id


def banned_names(path: Path) -> list[str]:
    """The banned ones among the names of a module."""
    return [name for name in names_of_python(path) if re.fullmatch("|".join(BANNED_NAMES), name)]


def test_no_template_style_sheet_or_script_has_a_banned_name() -> None:
    files = [path for folder in ("templates", "static") for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert [path.name for path in files if re.search(r"fault|mend|remedy|picture", path.stem)] == []


def test_the_patterns_of_names_find_names(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    module = "class Picture:\n    faults: int = 0\n\ndef kept(): ...\n\ndef default(asked): ...\n\nclass Default: ...\n"
    path.write_text(module)
    assert sorted(banned_names(path)) == ["Picture", "faults", "kept"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The schema says no.", 1),
        ("Mend the name; whoever wrote it is told.", 3),
        ("a default value and a recommended one", 0),
        ("Connection refused", 0),
        ("An amendment, faultless and foretold", 0),
        ("Leave the file\n    alone", 1),
    ],
)
def test_the_patterns_find_whole_words(text: str, count: int) -> None:
    assert len(banned_in(text)) == count


def test_code_in_a_text_is_not_read(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("The key `remedy` of a finding\n\n```\nmend anew\n```\nis told.\n")
    assert [line for line, text in words_of_markdown(page) if banned_in(text)] == [6]
    page = tmp_path / "page.html"
    page.write_text('<p class="fault" title="Start anew">{{ fault.mend }}{{ "told so" if x }} {# shall #}sound</p>\n')
    assert [shown for _, text in words_of_template(page) for shown in banned_in(text)] == ["told so", "Start anew"]
    page = tmp_path / "page.py"
    page.write_text('"""A module that is told."""\n\nX = "refused"\nY = f"{X} was refused"\n')
    assert [line for line, text in words_of_python(page) if banned_in(text)] == [1, 4]
