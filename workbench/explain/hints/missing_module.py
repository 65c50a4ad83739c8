"""An import that failed, held against the requirements: which of them brings the module, and what to install."""

import re
from dataclasses import replace

from workbench.domain import Dependency, DependencyState, ErrorInfo, Run
from workbench.domain.module_names import bringing, package_of
from workbench.explain import dependencies
from workbench.explain.hints.evidence import Hint, HintAction, hint, raised_at
from workbench.explain.text import prose, shorten

_MISSING = re.compile(r"No module named '(?P<module>[^']+)'")
_NAME = re.compile(r"cannot import name '(?P<name>[^']+)' from '(?P<module>[^']+)'")


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """The requirement to install, or to add, where a module was not found."""
    if error.type == "ModuleNotFoundError" and (match := _MISSING.search(error.message)) is not None:
        return _of_module(run, error, match["module"])
    if error.type == "ImportError" and (match := _NAME.search(error.message)) is not None:
        found = _requirement(run, match["module"])
        if found is not None and found.state is DependencyState.DIFFERS:
            return _install(run, error, match["module"], found)
    return None


def _of_module(run: Run, error: ErrorInfo, module: str) -> Hint:
    found = _requirement(run, module)
    if found is not None and not found.is_met:
        return _install(run, error, module, found)
    where = raised_at(run, error)
    if found is not None and found.release:
        cause = prose("`{}` cannot be imported: `{}` {} does not contain it", module, found.name, found.release)
        return hint(
            cause, prose("Check the name of the module, or require another release of `{}`.", found.name), where
        )
    if unmet := run.request.dependencies.unmet:
        cause = prose(
            "`{}` cannot be imported, and requirements are not installed: {}", module, dependencies.listed(unmet)
        )
        return replace(
            hint(cause, prose("Install the requirements with `workbench install`; one of them may contain it."), where),
            action=HintAction.INSTALL,
        )
    package, top = package_of(module), module.partition(".")[0]
    cause = prose("`{}` cannot be imported: no line of requirements.txt brings it", shorten(module, 80))
    if package == top:
        return hint(
            cause,
            prose("Add the package that contains `{}` to requirements.txt, or check the module's name.", top),
            where,
        )
    return hint(cause, prose("Add `{}` to requirements.txt, then install it with `workbench install`.", package), where)


def _install(run: Run, error: ErrorInfo, module: str, found: Dependency) -> Hint:
    cause = prose(
        "`{}` cannot be imported: {} requires `{}`, but {}",
        module,
        found.file,
        shorten(found.text, 80),
        dependencies.situation(found),
    )
    return replace(
        hint(cause, prose("Install the requirements with `workbench install`."), raised_at(run, error)),
        action=HintAction.INSTALL,
    )


def _requirement(run: Run, module: str) -> Dependency | None:
    """The requirement that brings the module, as far as names tell; of several lines one that is not met."""
    known = sorted(run.request.dependencies.requirements, key=lambda one: one.is_met)
    name = bringing(module, (one.name for one in known))
    return next((one for one in known if name and one.name == name), None)
