"""The keys that the modules of an integration read, followed through variables, functions and modules."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.catalog.code.meanings import Evaluator, Frame, Function, Instance
from workbench.catalog.code.module_facts import CodeReads, ModuleFacts, NameRead, ReadSource, ShapeRead
from workbench.catalog.code.values import ENVELOPE, Known, Text
from workbench.domain import AuthShape

_MOST_FRAMES = 32
"""Different sets of arguments with which one function is looked at."""
_MOST_STEPS = 20_000

_SOURCES = {
    Known.AUTH: ReadSource.AUTH,
    Known.CREDENTIALS: ReadSource.CREDENTIALS,
    Known.METADATA: ReadSource.METADATA,
    Known.ENVIRONMENT: ReadSource.ENVIRONMENT,
    Known.INPUTS: ReadSource.INPUTS,
}
_OF_THE_ENVELOPE = (ENVELOPE, "auth_type")


def code_reads(modules: Sequence[ModuleFacts]) -> CodeReads:
    """The reads of all ``modules``, the entry point first."""
    frames = _Frames(modules)
    frames.follow()
    order = {module.path: place for place, module in enumerate(modules)}
    reads = sorted(frames.reads(), key=lambda read: (order[read.path], read.line))
    names: dict[tuple[ReadSource, str, str, int], NameRead] = {}
    shapes: dict[AuthShape, ShapeRead] = {}
    for read in reads:
        if read.source is ReadSource.AUTH and read.name != "auth_type":
            shape = AuthShape.ENVELOPE if read.name == ENVELOPE else AuthShape.FLAT
            shapes.setdefault(shape, ShapeRead(shape, read.path, read.line, read.column))
        if read.source is not ReadSource.AUTH or read.name not in _OF_THE_ENVELOPE:
            key = read.source, read.name, read.path, read.line
            names[key] = min(names.get(key, read), read, key=lambda one: one.required)
    return CodeReads(tuple(names.values()), tuple(shapes.values()))


class _Frames:
    """Every function of the modules, with each set of arguments that it is called with."""

    def __init__(self, modules: Sequence[ModuleFacts]) -> None:
        self._modules = {module.path: module.code for module in modules}
        self._evaluator = Evaluator(self._modules)
        self._frames: dict[tuple[str, str], list[Frame]] = {}
        self._pending: deque[Frame] = deque()
        self._steps = 0

    def follow(self) -> None:
        """Enter what is called, until there are no other arguments and no other attributes of instances."""
        for path, code in self._modules.items():
            for name in code.functions:
                self._enter(self._evaluator.start(Function(path, name)))
        changed = True
        while changed and self._steps < _MOST_STEPS:
            changed = False
            while self._pending and self._steps < _MOST_STEPS:
                changed = self._look(self._pending.popleft()) or changed
            self._evaluator.forget_results()
            if changed:
                self._pending += [frame for frames in self._frames.values() for frame in frames]

    def reads(self) -> Iterator[NameRead]:
        """The reads of every frame."""
        for frame in (frame for frames in self._frames.values() for frame in frames):
            frame.found.clear()
            found = list(self._of(frame))
            asked = {(read.source, read.name) for read in found if not read.required}
            for read in found:
                guarded = read.required and (read.source, read.name) in asked
                yield replace(read, required=False) if guarded else read

    def _enter(self, frame: Frame) -> None:
        frames = self._frames.setdefault((frame.path, frame.code.name), [])
        if len(frames) < _MOST_FRAMES and not any(frame.arguments == other.arguments for other in frames):
            frames.append(frame)
            self._pending.append(frame)

    def _look(self, frame: Frame) -> bool:
        """Enter what a frame calls; whether it has stored an attribute that was not known."""
        self._steps += 1
        frame.found.clear()
        evaluator, stored = self._evaluator, False
        for call in frame.code.calls:
            for inner in evaluator.called(call, frame):
                self._enter(inner)
        for of, name, values in frame.code.stores:
            for owner in evaluator.meanings(of, frame):
                if isinstance(owner, Instance):
                    key = owner.path, owner.name, name
                    before = evaluator.stores.get(key, frozenset())
                    evaluator.stores[key] = before | evaluator.any_of(values, frame)
                    stored = stored or evaluator.stores[key] != before
        return stored

    def _of(self, frame: Frame) -> Iterator[NameRead]:
        evaluator = self._evaluator
        for read in frame.code.reads:
            sources = [_SOURCES[each] for each in evaluator.meanings(read.of, frame) if each in _SOURCES]
            for key in evaluator.meanings(read.key, frame) if sources else ():
                if isinstance(key, Text):
                    for source in sources:
                        yield NameRead(source, key.text, frame.path, read.line, read.required, read.column)
        for call in frame.code.calls:
            if call.arguments and Known.GETENV in evaluator.any_of(call.function, frame):
                for key in evaluator.any_of(call.arguments[0], frame):
                    if isinstance(key, Text):
                        place = frame.path, call.line
                        yield NameRead(ReadSource.ENVIRONMENT, key.text, *place, required=False, column=call.column)
