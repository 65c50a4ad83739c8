"""The time limits of the runner, and how much it stores."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunnerLimits:
    """Seconds, except where another unit is named.

    A run that is stopped is asked for its place in the code (``locate``), then cancelled, then killed after ``cancel``.
    ``finish`` is the time for what follows the handler: conversion, validation and transfer of its value; a run with a
    longer time limit has that. ``leave`` is the time of a worker to end after its verdict, ``boot`` to start, ``drain``
    that of pipes which another process still holds open. ``queued`` is a number of runs; ``raw_output`` is in bytes,
    for each of stdout and stderr.
    """

    queued: int = 100
    locate: float = 0.5
    cancel: float = 1.5
    finish: float = 30.0
    leave: float = 3.0
    boot: float = 30.0
    drain: float = 0.25
    raw_output: int = 1024 * 1024
