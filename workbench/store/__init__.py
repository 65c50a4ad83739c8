"""Runs and their events, bounded in memory, with subscriptions."""

from workbench.store.store import Limits, Store, UnknownRun
from workbench.store.subscription import Subscription, TooManySubscribers

__all__ = ["Limits", "Store", "Subscription", "TooManySubscribers", "UnknownRun"]
