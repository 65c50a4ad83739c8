"""The version that changes ask for."""

import pytest

from tests.case_tables import each_case
from workbench.compatibility import Bump, VersionBump


@each_case(
    ("old", "bump", "needed"),
    [
        ("1.2.3", Bump.MAJOR, "2.0.0"),
        ("1.2.3", Bump.MINOR, "1.3.0"),
        ("1.2.3", Bump.NONE, "1.2.3"),
        ("0.4", Bump.MAJOR, "1.0.0"),
        ("v3", Bump.MINOR, "3.1.0"),
        ("1.2.3-beta.1", Bump.MAJOR, "2.0.0"),
        ("", Bump.MAJOR, None),
        ("soon", Bump.MINOR, None),
        ("1.2.3.4", Bump.MINOR, None),
        ("9" * 5000, Bump.MAJOR, None),
    ],
)
def test_the_needed_version(old: str, bump: Bump, needed: str | None) -> None:
    assert VersionBump(old, old, bump).needed == needed


@pytest.mark.parametrize(
    ("new", "enough"),
    [("2.0.0", True), ("2.1", True), ("10.0.0", True), ("1.9.9", False), ("1.2.3", False), ("", False)],
)
def test_whether_the_new_version_is_enough(new: str, enough: bool) -> None:
    assert VersionBump("1.2.3", new, Bump.MAJOR).is_enough is enough
