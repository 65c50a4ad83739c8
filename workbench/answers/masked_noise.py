"""Masked secrets of recorded requests as noise: whatever stands in their place is accepted."""

from collections.abc import Iterator

from workbench.answers.masks import MASK
from workbench.answers.request_values import request_values
from workbench.domain import Exchange, Noise, NoiseKind


def masked_noise(exchange: Exchange) -> Iterator[Noise]:
    """A noise for each value of the request's path, query and body that holds a masked secret."""
    for place, where, value in request_values(exchange.request):
        if isinstance(value, str) and MASK.search(value):
            yield Noise(place, where, NoiseKind.ANY, exchange.id)
