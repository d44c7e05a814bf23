"""Which numbers can be: asked of what a person or a ledger brings, never of what comes in a bundle."""

from collections.abc import Mapping

from gridworker.errors import Problem
from gridworker.record import Value


def outside(values: Mapping[str, Value], ranges: Mapping[str, tuple[int, int]]) -> dict[str, Problem]:
    """By field what is wrong with those values that lie outside their range, its ends included."""
    faults: dict[str, Problem] = {}
    for name, (least, most) in ranges.items():
        value = values.get(name)
        if isinstance(value, int) and not least <= value <= most:
            faults[name] = Problem("A number from {least} to {most}.", least=least, most=most)
    return faults
