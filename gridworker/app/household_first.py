"""The first page of the list of households, before all of them are put in order.

Read from the beginning of an order, lot by lot, as far as the page needs; what a filter leaves of a lot is asked of its
households alone. Where a few lots do not fill a page, whoever asks waits for the whole list.
"""

from collections.abc import Iterator, Mapping
from itertools import count, islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.app.household_beginning import beginning
from gridworker.app.household_few import lots_of_some
from gridworker.app.household_filter import ANY_CARE, OF_ALL, HouseholdFilter, narrowed
from gridworker.app.household_order import DOOR, NEWEST, Order
from gridworker.app.session import Session
from gridworker.store.queries import household_firsts

if TYPE_CHECKING:
    from gridworker.store.database import Connection

LOTS = 5
"""Lots that are looked through: fewer than a hundred and sixty buildings."""

_TRIED, _AHEAD = 500, 20
"""After so many households a filter that has left less than a twentieth of a page is not waited for: the other lots
have hardly more than twenty times as many."""

FEW: Mapping[str, int] = MappingProxyType({DOOR: 2_000, NEWEST: 2_000})
_FEW = 10_000
"""So many of a care group are looked at without a walk among all, by order: where the walk meets with them in their
order, fewer."""

LOTS_OF_FEW = 12
"""Lots of these that are looked through: fewer than a thousand buildings, in their indexes."""


def first_page(
    session: Session, connection: "Connection", limit: int, order: Order, wanted: HouseholdFilter
) -> tuple[int, ...]:
    """The first so many, or all where there are fewer; none where they are not known sooner than all."""
    if wanted.building or wanted.missing in OF_ALL:  # those of one building are there at once
        return ()
    few = _few(session, connection, wanted, FEW.get(order.by, _FEW))
    if few is not None:
        return _first_of(lots_of_some(connection, few, order, session.today()), limit)
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


def _first_of(lots: Iterator[list[int]], limit: int) -> tuple[int, ...]:
    """Nothing where they are less than a page: all of them are put in order as soon."""
    found: list[int] = []
    for lot in islice(lots, LOTS_OF_FEW):
        found += lot
        if len(found) >= limit:
            return tuple(found[:limit])
    return ()


def _few(session: Session, connection: "Connection", wanted: HouseholdFilter, most: int) -> set[int] | None:
    """What is left of a care group that is not large; None where none is chosen or many are in it."""
    if wanted.care in {"", ANY_CARE}:
        return None
    group, today = wanted.care, session.today()
    if household_firsts.group_size(connection, group, today, most + 1) > most:
        return None
    return narrowed(session, connection, wanted, household_firsts.in_group(connection, group, today, most + 1))
