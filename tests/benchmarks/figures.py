"""Figures and how they are taken: medians of interleaved rounds."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure. ``ok`` tells whether it is within its target; None has no target."""

    name: str
    value: float
    unit: str
    target: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the target is met."""
        return self.target is None or self.value <= self.target


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(value: Sequence[float], floor: Sequence[float]) -> float:
    """Median against median."""
    return statistics.median(value) / statistics.median(floor)


def added(times: Sequence[float], more: Sequence[float]) -> list[float]:
    """Both, of each round."""
    return [sum(both) for both in zip(times, more, strict=True)]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which so large a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
