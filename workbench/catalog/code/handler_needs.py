"""The inputs that each handler needs, followed from it through the functions that it calls."""

from collections.abc import Iterator, Sequence

from workbench.catalog.code.meanings import Evaluator, Frame, Function, Instance
from workbench.catalog.code.module_facts import HandlerNeed, ModuleFacts, NameRead, ReadSource, Registration
from workbench.catalog.code.values import Known, Text

_MOST_FRAMES = 200


def handler_needs(modules: Sequence[ModuleFacts]) -> tuple[HandlerNeed, ...]:
    """What the handlers read of their inputs by a subscript that nothing guards, as far as that is certain.

    A key that a handler asks for anywhere, or that something may have put into its inputs, is not needed.
    """
    evaluator = Evaluator({module.path: module.code for module in modules}, assumes_inputs=False)
    found: list[HandlerNeed] = []
    for one in (one for module in modules for one in module.registrations):
        if one.name and one.owner:
            found += [HandlerNeed(one.kind, one.name, read) for read in _Handler(evaluator, one).needs()]
    return tuple(found)


class _Handler:
    """The frames that a handler enters, and what they do with its inputs."""

    def __init__(self, evaluator: Evaluator, registration: Registration) -> None:
        self._evaluator = evaluator
        self._registration = registration
        self._needed: dict[tuple[str, str, int], NameRead] = {}
        self._known: set[str] = set()
        self._is_certain = True
        self._has_stored = False
        self._frames: list[Frame] = []

    def needs(self) -> Iterator[NameRead]:
        """The reads that need a key."""
        one = self._registration
        method = self._evaluator.method(one.path, one.owner, one.kind.handler.method)
        self._walk(method)
        if self._has_stored:  # now the attributes are known that it stores
            self._frames.clear()
            self._evaluator.forget_results()
            self._walk(method)
        if self._is_certain:
            yield from (read for read in self._needed.values() if read.name not in self._known)

    def _walk(self, method: Function | None) -> None:
        if method is None:
            return
        frame = self._evaluator.start(method)
        if len(frame.code.parameters) < 2:
            return
        given = {frame.code.parameters[1]: frozenset((Known.INPUTS,))}
        waiting = [(self._evaluator.start(method, given), False)]
        around = (each for each in self._evaluator.any_of(frame.code.decorators, frame) if isinstance(each, Function))
        waiting += [(self._evaluator.start(each), True) for each in around]
        while waiting:
            frame, is_guarded = waiting.pop()
            if any(_is_same(frame, other) for other in self._frames):
                continue
            if len(self._frames) >= _MOST_FRAMES:
                self._is_certain = False
                return
            self._frames.append(frame)
            self._look(frame, is_guarded=is_guarded)
            for call in frame.code.calls:
                waiting += [(each, is_guarded or call.guarded) for each in self._evaluator.called(call, frame)]

    def _look(self, frame: Frame, *, is_guarded: bool) -> None:
        evaluator = self._evaluator
        for of, name, values in frame.code.stores:
            for owner in evaluator.meanings(of, frame):
                if isinstance(owner, Instance):
                    place = owner.path, owner.name, name
                    before = evaluator.stores.get(place, frozenset())
                    evaluator.stores[place] = before | evaluator.any_of(values, frame)
                    self._has_stored |= evaluator.stores[place] != before
        for write in frame.code.writes:
            if Known.INPUTS in evaluator.meanings(write.of, frame):
                keys = evaluator.meanings(write.key, frame) if write.key is not None else frozenset()
                self._known |= {key.text for key in keys if isinstance(key, Text)}
                self._is_certain &= any(isinstance(key, Text) for key in keys)
        for read in frame.code.reads:
            if Known.INPUTS not in evaluator.meanings(read.of, frame):
                continue
            for key in evaluator.meanings(read.key, frame):
                if isinstance(key, Text) and read.required and read.alone and not is_guarded:
                    needed = NameRead(ReadSource.INPUTS, key.text, frame.path, read.line, True, read.column)
                    self._needed[key.text, frame.path, read.line] = needed
                elif isinstance(key, Text):
                    self._known.add(key.text)


def _is_same(one: Frame, other: Frame) -> bool:
    return (one.path, one.code.name, one.arguments) == (other.path, other.code.name, other.arguments)
