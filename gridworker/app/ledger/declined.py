"""Whoever said no to being kept is in no ledger that leaves: of their home only the door and how many live there.

That is who refused, or withdrew what they agreed to (domain.md, decision 4; PIPL 15, 47).
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridworker.store.queries.consents import Declined
    from gridworker.store.queries.ledgers import Row

_TOLD: Mapping[str, Collection[str]] = MappingProxyType({
    "households": ("head", "phone", "residence", "arrangement", "remark"),
    "visits": ("head", "words"),
    "issues": ("head",),
    "disputes": ("head",),
    "requests": ("received_by", "materials"),
    "needs": ("answer",),
})  # fmt: skip
"""By ledger, the columns of a household that is kept by its door alone."""


def without_declined(ledger: str, found: "list[Row]", no: "Declined") -> "list[Row]":
    """The rows without them. A row of a person is left out, of the others what says who it is."""
    if not no.residents and not no.households:
        return found
    if ledger == "residents":
        found = [row for row in found if row["id"] not in no.residents]
    for row in found:
        if row.get("head_id") in no.residents:
            row["head"] = None
        home = next((row[name] for name in ("home", "household_id", "household") if name in row), None)
        if home in no.households:
            row.update({name: None for name in _TOLD.get(ledger, ()) if name in row})
    return found
