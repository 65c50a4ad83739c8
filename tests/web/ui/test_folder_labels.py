"""What tells integrations of one title from each other."""

from pathlib import Path

from autohive_integrations_sdk import contracts

from workbench.domain import Integration
from workbench.web.ui.folder_labels import folder_labels, full_titles


def made(root: str, title: str) -> Integration:
    return Integration(root, Path(root), title, contracts.DEFAULT)


def test_the_end_of_the_path_is_as_long_as_it_has_to_be() -> None:
    shops = [made("/a/x/shop", "Shop"), made("/a/y/shop", "shop"), made("/b/shop-2", "Shop")]
    assert folder_labels([*shops, made("/a/x/till", "Till")]) == {
        "/a/x/shop": "x/shop",
        "/a/y/shop": "y/shop",
        "/b/shop-2": "shop-2",
    }


def test_a_folder_within_another_has_its_whole_path_at_most() -> None:
    assert folder_labels([made("/shop", "Shop"), made("/a/shop", "Shop")]) == {"/shop": "/shop", "/a/shop": "a/shop"}


def test_a_title_that_others_have_comes_with_the_folder() -> None:
    titles = full_titles([made("/a/shop", "Shop"), made("/b/shop", "Shop"), made("/b/till", "Till")])
    assert titles == {"/a/shop": "Shop (a/shop)", "/b/shop": "Shop (b/shop)", "/b/till": "Till"}
