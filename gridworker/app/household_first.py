"""The first page of the list of households, before all of them are put in order.

Read from the beginning of an order, lot by lot, as far as the page needs; what a filter leaves of a lot is asked of its
households alone. Where a few lots do not fill a page, whoever asks waits for the whole list.
"""

from itertools import count
from typing import TYPE_CHECKING

from gridworker.app.household_beginning import beginning
from gridworker.app.household_filter import ANY_CARE, HouseholdFilter, narrowed
from gridworker.app.household_order import Order
from gridworker.app.session import Session
from gridworker.store.queries import household_firsts

if TYPE_CHECKING:
    from gridworker.store.database import Connection

LOTS = 5
"""Lots that are looked through: fewer than a hundred and sixty buildings."""

_TRIED, _AHEAD = 500, 10
"""After so many households a filter that has left less than a tenth of a page is not waited for: the other lots have
ten times as many at the most."""

FEW = 10_000
"""So many of a care group are put in order at once."""

_OF_ALL = frozenset({"number"})
"""What may be missing and is seen in all households together only."""


def first_page(
    session: Session, connection: "Connection", limit: int, order: Order, wanted: HouseholdFilter
) -> tuple[int, ...]:
    """The first so many, or all where there are fewer; none where they are not known sooner than all."""
    if wanted.building or wanted.missing in _OF_ALL or _are_few(session, connection, wanted):
        return ()  # those of one building, or of a small group, are there at once
    begun = beginning(connection, order, session.today())
    found, seen = list[int](), 0
    for looked, lot in zip(count(1), begun.lots, strict=False):
        left = narrowed(session, connection, wanted, lot) or set()
        found += [one for one in lot if one in left]
        seen += len(lot)
        if len(found) >= limit:
            return tuple(found[:limit])
        if looked == LOTS or (seen >= _TRIED and len(found) * _AHEAD < limit):
            return ()
    return tuple(found) if begun.whole else ()


def _are_few(session: Session, connection: "Connection", wanted: HouseholdFilter) -> bool:
    if wanted.care in {"", ANY_CARE}:
        return False
    return len(household_firsts.in_group(connection, wanted.care, session.today(), FEW + 1)) <= FEW
