"""The checks of what the platform's own validator asks for before an integration is published."""

from workbench.schema import Check

PUBLICATION_CHECKS: tuple[Check, ...] = (
    Check(
        "icon-absent",
        "note",
        "The folder has no icon.",
        "Add an icon.svg, or an icon.png of 512 by 512 pixels.",
        "The platform shows the icon in its list of integrations.",
    ),
    Check(
        "icon-size",
        "note",
        "{name} has {width} by {height} pixels.",
        "Save it with 512 by 512 pixels, or use an SVG.",
        "The platform asks for 512 by 512 pixels. PNG, JPEG and GIF files are measured.",
    ),
    Check(
        "icon-not-square",
        "note",
        "{name} is {width} wide and {height} high.",
        "Make it square.",
        "The platform shows a square of 512 by 512 pixels, into which an SVG is scaled.",
    ),
    Check(
        "readme-missing",
        "note",
        "The folder has no README.md.",
        "Add a README.md: what the integration does, how to connect, and what each action needs.",
        "People who review or change the integration read it first.",
    ),
    Check(
        "tests-missing",
        "note",
        "The folder has no tests.",
        "Add a test file, such as tests/test_actions.py.",
        "Test files are called `test_….py` or `…_test.py` and stand in the folder or in `tests/`.",
    ),
)
"""What the platform asks for before an integration is published."""
