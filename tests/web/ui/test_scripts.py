"""The script that a page loads in place of our modules. That it runs is seen by every browser test."""

import re

import pytest

from workbench.resources import static_dir
from workbench.web.ui.scripts import join_modules

LIBRARY = {
    "text-parts": '// Parts.\n\nconst own = 1;\n\nexport const first = own;\nexport const last = () => "import x";\n'
}


def test_a_module_gets_what_it_imports_and_keeps_its_own_names():
    script = join_modules(
        {"one": 'import { first, last } from "./lib/text-parts.js";\n\nconst own = first;\n'}, LIBRARY
    )
    assert script == (
        "const lib_text_parts = (() => {\n"
        '// Parts.\n\nconst own = 1;\n\nconst first = own;\nconst last = () => "import x";\n\n'
        "return { first, last };\n})();\n"
        "try {\nconst { first, last } = lib_text_parts;\n\nconst own = first;\n\n"
        "} catch (error) { reportError(error); }"
    )


@pytest.mark.parametrize(
    "line",
    [
        'import first from "./lib/text-parts.js";',
        'import "./lib/text-parts.js";',
        'import { first } from "./other.js";',
        "export const first = 1;",
    ],
)
def test_another_form_of_import_or_export_is_an_error_and_no_broken_script(line):
    with pytest.raises(ValueError, match=re.escape(line)):
        join_modules({"one": f"{line}\n"}, LIBRARY)


def test_a_library_that_imports_is_an_error():
    with pytest.raises(ValueError, match="import"):
        join_modules({}, {"one": 'import { first } from "./text-parts.js";\n'} | LIBRARY)


def test_all_of_ours_can_be_joined():
    def texts(folder):
        return {path.stem: path.read_text("utf-8") for path in (static_dir() / folder).glob("*.js")}

    script = join_modules(texts("js"), texts("js/lib"))
    assert script.count("reportError(error)") == len(texts("js"))
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
