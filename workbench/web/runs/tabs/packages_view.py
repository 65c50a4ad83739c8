"""The packages that a run imported, with their releases: those of ``dependencies/`` first."""

from dataclasses import dataclass

from workbench.domain import PackagePlace, Run
from workbench.explain import dependencies
from workbench.explain.text import count


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package. ``instead_of`` is the release of the environment that it replaces, empty where there is none."""

    name: str
    release: str
    place: str
    instead_of: str


@dataclass(frozen=True, slots=True)
class PackagesView:
    """The table, and its line when it is folded."""

    rows: tuple[PackageRow, ...]
    summary: str


def packages_view(run: Run) -> PackagesView | None:
    """The packages; None where none are known."""
    packages = run.outcome.packages
    if not packages:
        return None
    replaced = {one.name: one.environment for one in run.request.dependencies.replaced}
    rows = tuple(
        PackageRow(
            one.name,
            one.release,
            dependencies.PLACE_WORDS[one.place],
            "" if one.place is PackagePlace.ENVIRONMENT else replaced.get(one.name, ""),
        )
        for one in sorted(packages, key=lambda one: (one.place is PackagePlace.ENVIRONMENT, one.name))
    )
    vendored = len(dependencies.vendored(run.outcome))
    summary = f"{count(len(rows), 'imported package')}, {vendored} from dependencies/"
    sdk = f"SDK {run.outcome.sdk_version} ({dependencies.SDK_WORDS[run.request.sdk.source]})"
    return PackagesView(rows, f"{sdk} · {summary}")
