"""How often a household is called on: the policies V1 to V7 as data (domain.md 4.2). The office may replace them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from gridworker.text import Label


class Policy(NamedTuple):
    """A visit policy. Of any ``door_of`` visits in a row at least ``door_needed`` are at the door.

    ``weight`` times days overdue is the place in Today (ui/ux.md 4a); ``word`` is the cadence as a chip prints it.
    """

    code: str
    interval_days: int
    grace_days: int
    weight: int
    word: Label
    door_needed: int = 0
    door_of: int = 1


WEEKLY, MONTHLY, QUARTERLY, USUAL, TENANT, MERCHANT, URGENT, RETURN = "V1", "V2", "V3", "V4", "V5", "V6", "V7", "R"
FIRST_VISIT_DAYS = 15
"""A new tenant is welcomed within this many days (V5)."""
RETRY_DAYS = 2
"""After an attempt that met nobody the next one is so many days later, unless a date was agreed (ui/ux.md 4d)."""

POLICIES: Mapping[str, Policy] = MappingProxyType({
    policy.code: policy
    for policy in (
        Policy(URGENT, 1, 0, 6, Label("After an urgent issue"), door_needed=1),
        Policy(WEEKLY, 7, 2, 5, Label("Weekly"), door_needed=2, door_of=4),
        Policy(RETURN, 3, 0, 4, Label("Return visit")),
        Policy(MONTHLY, 30, 5, 3, Label("Monthly"), door_needed=1, door_of=2),
        Policy(QUARTERLY, 90, 15, 2, Label("Quarterly")),
        Policy(MERCHANT, 180, 15, 2, Label("Shop visit"), door_needed=1),
        Policy(TENANT, 90, 15, 1, Label("Rented flat, quarterly")),
        Policy(USUAL, 180, 30, 1, Label("Twice a year")),
    )
})  # fmt: skip
