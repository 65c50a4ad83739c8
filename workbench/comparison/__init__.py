"""Two runs compared, as values without words."""

from workbench.comparison.exchange_changes import ExchangePair, ExchangePart, PartChanges, exchange_pair
from workbench.comparison.output_changes import LineChange, OutputChanges
from workbench.comparison.run_changes import Comparison, ErrorChanges, compare
from workbench.comparison.value_changes import ValueChange, ValueChanges, value_changes

__all__ = [
    "Comparison",
    "ErrorChanges",
    "ExchangePair",
    "ExchangePart",
    "LineChange",
    "OutputChanges",
    "PartChanges",
    "ValueChange",
    "ValueChanges",
    "compare",
    "exchange_pair",
    "value_changes",
]
