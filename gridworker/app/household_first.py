"""The first page of the list of households, before all of them are put in order.

Read from the beginning of an order, lot by lot, as far as the page needs; what a filter leaves of a lot is asked of its
households alone. Where a few lots do not fill a page, whoever asks waits for the whole list.
"""

from itertools import count
from typing import TYPE_CHECKING

from gridworker.app.household_beginning import beginning
from gridworker.app.household_filter import HouseholdFilter, narrowed
from gridworker.app.household_order import Order
from gridworker.app.session import Session

if TYPE_CHECKING:
    from gridworker.store.database import Connection

LOTS = 5
"""Lots that are looked through: fewer than a hundred and sixty buildings."""

_OF_ALL = frozenset({"number"})
"""What may be missing and is seen in all households together only."""


def first_page(
    session: Session, connection: "Connection", limit: int, order: Order, wanted: HouseholdFilter
) -> tuple[int, ...]:
    """The first so many, or all where there are fewer; none where they are not known sooner than all."""
    begun = beginning(connection, order, session.today())
    if begun is None or wanted.building or wanted.missing in _OF_ALL:  # those of one building are there at once
        return ()
    found: list[int] = []
    for looked, lot in zip(count(1), begun.lots, strict=False):
        left = narrowed(session, connection, wanted, lot) or set()
        found += [one for one in lot if one in left]
        if len(found) >= limit:
            return tuple(found[:limit])
        if looked == LOTS:
            return ()
    return tuple(found) if begun.whole else ()
