"""All variants of a recorded run."""

from collections.abc import Iterator

from workbench.domain import Run
from workbench.fuzz.answer_changes import answer_variants
from workbench.fuzz.input_changes import input_variants
from workbench.fuzz.variants import Variant


def variants_of(recorded: Run) -> Iterator[Variant]:
    """The changes of the answers that the run got, then those of its inputs."""
    yield from answer_variants(recorded.request.answers.recorded or recorded.outcome.exchanges)
    yield from input_variants(recorded.request.input_schema, recorded.request.inputs)
