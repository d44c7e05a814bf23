"""The first page of the list of households, before all of them are put in order.

Read from the beginning of an order, lot by lot, as far as the page needs; what a filter leaves of a lot is asked of its
households alone. Where a few lots do not fill a page, whoever asks waits for the whole list.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.household.beginning import ALL_OF_IT, Beginning, beginning, led_by, narrowed_doors
from gridworker.app.household.filter import ANY_CARE, OF_ALL, HouseholdFilter, Known, narrowed, unvisited_since
from gridworker.app.household.filtered_order import at_doors, lots_of_some
from gridworker.app.household.order import CARE, DOOR, NAME, NEWEST, PEOPLE, SOME, Order, by_age, ordered
from gridworker.app.session import Session
from gridworker.store.engine.connection import scanning
from gridworker.store.queries import household_filters, household_firsts

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the beginning of an order is read, before all that a filter leaves are put in order instead."""

    lots: int = 5
    """Lots that are looked through: fewer than a hundred and sixty buildings."""
    lots_promised: int = 20
    """More where those promise a page within so many."""
    tried: int = 500
    one_in: int = 20
    """After so many households a filter that has left less than a twentieth of a page is not waited for: the other lots
    have hardly more than twenty times as many."""
    lots_of_few: int = 12
    """Lots of few households that are looked through: fewer than a thousand buildings, in their indexes."""
    few: int = 20_000
    """So many of a care group are looked at without a walk among all."""
    few_by_name: int = 10_000
    """The same where their names have to be spelled."""
    few_in_order: int = 2_000
    """The same where the walk meets with them in their order."""
    before: int = 25_000
    """So many of the care groups before the chosen one are asked whether they are in that one too."""
    some: int = SOME
    """So many are asked one by one for what they are sorted by."""

    def few_by(self, order: str) -> int:
        """How many are few in an order."""
        if order == NAME:
            return self.few_by_name
        return self.few_in_order if order in {DOOR, NEWEST, CARE} else self.few


PATIENCE = Patience()

_MOST = Order(PEOPLE, down=True)
"""Its beginning takes a look at each household, the filter's or not."""

OFTEN = frozenset({"", "phone", "consent"})
"""What many lack, and nothing."""


class Looking(NamedTuple):
    """What page is looked for; ``known`` knows filters that were read before."""

    session: Session
    connection: "Connection"
    limit: int
    order: Order
    wanted: HouseholdFilter
    known: Known

    @property
    def today(self) -> date:
        """The day it is."""
        return self.session.today()

    @property
    def group(self) -> str:
        """The care group that all must be in; '' where it may be any or none."""
        return "" if self.wanted.care == ANY_CARE else self.wanted.care

    def left(self, among: Collection[int] | None = None, wanted: HouseholdFilter | None = None) -> set[int]:
        """Whom the filter leaves of some households, or of all."""
        return narrowed(self.session, self.connection, wanted or self.wanted, among, self.known) or set()


def first_page(page: Looking) -> tuple[int, ...]:
    """The first so many, or all where there are fewer; none where they are not known sooner than all."""
    _, connection, limit, order, wanted, _ = page
    if wanted.building or wanted.missing in OF_ALL:  # those of one building are there at once
        return ()
    few = _few(page, PATIENCE.few_by(order.by))
    if few is not None:
        return _first_of(lots_of_some(connection, few, order, page.today), limit)
    if _is_rare(page):
        return _of_all(page)
    begun = _begun(page)
    found, seen = list[int](), 0
    for looked, lot in zip(count(1), begun.lots, strict=False):
        left = set(lot) if wanted.is_empty else page.left(lot)
        found += begun.left(lot, left)
        seen += len(lot)
        if len(found) >= limit:
            return tuple(found[:limit])
        rare = looked >= PATIENCE.lots and len(found) * PATIENCE.lots_promised < looked * limit
        if rare or (seen >= PATIENCE.tried and len(found) * PATIENCE.one_in < limit):
            return _of_all(page)
    return tuple(found) if begun.whole else _of_all(page)


def _begun(page: Looking) -> Beginning:
    if page.order.by == DOOR and not page.wanted.is_empty:
        return narrowed_doors(page.connection, down=page.order.down)
    since = unvisited_since(page.wanted.unvisited, page.today)
    return beginning(page.connection, page.order, page.today, unvisited=since, group=page.group)


def _is_rare(page: Looking) -> bool:
    """Whether a filter leaves few of those an order begins with, by some of them: where the beginning is long to read.

    Who has most people is looked for among all, and who is in the first care group from door to door. Those of one
    group are counted as soon.
    """
    if page.wanted.is_empty or (page.order != _MOST and page.order.by != CARE):
        return False
    if page.group:
        return page.order == _MOST or (not page.order.down and _are_many_before(page))
    if page.order == _MOST:
        lot: Collection[int] = next(by_age(page.connection, oldest_first=False), [])
    else:
        group = next(household_firsts.care_groups(page.connection, page.today, down=page.order.down), "")
        lot = household_firsts.in_group(page.connection, group, page.today, PATIENCE.tried)
    return len(page.left(lot)) * PATIENCE.one_in < len(lot)


def _are_many_before(page: Looking) -> bool:
    """Whether many are in the care groups before the one that all must be in: they are asked for that one first."""
    left = PATIENCE.before
    for group in household_firsts.care_groups(page.connection, page.today, down=False):
        if group >= page.group or left < 0:
            break
        left -= household_firsts.group_size(page.connection, group, page.today, left + 1)
    return left < 0


def _of_all(page: Looking) -> tuple[int, ...]:
    """The first of all that a filter leaves: what they are sorted by is read of these, doors as the page needs them."""
    _, connection, limit, order, wanted, _ = page
    if wanted.is_empty:
        return ()
    # Who is in care is called on, and few lack much: hardly any of a group would be left.
    if order.by == CARE and not page.group and not wanted.unvisited and wanted.missing in OFTEN:
        found = _first_of(_by_group(page), limit)
        if found:
            return found
    with scanning(connection):
        left = page.left()
        if len(left) <= limit:
            return tuple(ordered(connection, left, order, page.today))
        if order.by == NAME and len(left) > PATIENCE.some:  # to spell all names takes as long as all else
            return ()
        return _first_of(lots_of_some(connection, left, order, page.today), limit)


def _by_group(page: Looking) -> Iterator[list[int]]:
    """What a filter leaves of one care group after the other, as long as none is too large to be asked one by one.

    Who is in no group comes behind all of these, and need not be looked at for a page of them. It ends where the next
    group, if it is like those before it, would not fill the page.
    """
    connection, today, seen, kept = page.connection, page.today, 0, 0
    for group in household_firsts.care_groups(connection, today, down=page.order.down):
        size = household_firsts.group_size(connection, group, today, PATIENCE.some + 1)
        if size > PATIENCE.some or kept * (seen + size) < page.limit * seen:
            return
        members = household_firsts.in_group(connection, group, today, ALL_OF_IT)
        led = set(led_by(connection, group, today, page.left(members)))
        yield from at_doors(connection, led)
        seen, kept = seen + size, kept + len(led)


def _first_of(lots: Iterator[list[int]], limit: int) -> tuple[int, ...]:
    """Nothing where they are less than a page: all of them are put in order as soon."""
    found: list[int] = []
    for lot in islice(lots, PATIENCE.lots_of_few):
        found += lot
        if len(found) >= limit:
            return tuple(found[:limit])
    return ()


def _few(page: Looking, most: int) -> set[int] | None:
    """What is left of a care group that is not large; None where none is chosen or many are in it."""
    connection, group, today = page.connection, page.group, page.today
    if not group or household_firsts.group_size(connection, group, today, most + 1) > most:
        return None
    rest = replace(page.wanted, care="")
    cared = household_filters.in_care(connection, group, today)
    return cared if rest.is_empty else page.left(cared, rest)
