"""All households as lists put them in order and narrow them, kept in memory: any first page of them at once.

Few of many may be what a filter leaves, and they may stand at the end of an order: to find a page of them in the books
means to look at everybody. Here an order is the places of all, a filter one byte for each, and a page is picked in a
few milliseconds, all of them in some hundredths of a second. For a million people they take thirty megabytes, of which
only what was asked for is there. Nothing of it is written down and no write waits for it: whoever asks, what the
journal brought meanwhile is looked at first (``roll_news.py``), from whichever process it came.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import chain, compress, count, islice
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING

from gridworker.app.household.filter import HouseholdFilter, Part, part_of, parts
from gridworker.app.household.order import DOOR, NEWEST, PEOPLE, VISITED, Order, both_ways, by_age, ordered, orders
from gridworker.app.household.roll_news import Changed, changed_since, follows_from
from gridworker.app.long_sort import ID, in_parts
from gridworker.app.session import Session
from gridworker.store.queries import households, news

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

PLACE = "I"
"""The place of a household among all by their ids takes 32 bits."""

_AT_ONCE = 20_000
"""So many are placed or picked in one go, then other threads have their turn."""

_FEW_IN = 20
"""Where fewer than one in so many are left, they are looked for by themselves: twice as fast."""

MOVED = 20
"""Of so many the new places in the order of last visits are looked for; of more it is read anew when asked for."""

_DOORS, _ALL = Order(DOOR), HouseholdFilter()


def everything() -> list[Order | Part]:
    """All orders and all filters that can be asked for, in the order in which they are best read.

    The doors are there, since the page shows them. With the filters any order begins at once, whatever it is narrowed
    to; they are read in a third of the time that the orders take. Of these the first page of the households of most
    people takes longest where nothing is known.
    """
    by_need = sorted(orders(), key=lambda one: one.by != PEOPLE)
    return [*(one for one in by_need if one.by == DOOR), *parts(), *(one for one in by_need if one.by != DOOR)]


class Roll:
    """What was read of all households; it answers for the state of the books that a connection sees, or not at all."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = Lock()
        self._day: date | None = None
        self._link = -1
        self._ids: array[int] = array(ID)
        self._orders: dict[Order, array[int]] = {}
        self._parts: dict[Part, bytearray] = {}
        self._rare: dict[Part, set[int]] = {}

    # ------------------------------------------------------------------------------------------------------- asking

    def first(
        self, connection: "Connection", limit: int, order: Order, wanted: HouseholdFilter
    ) -> tuple[int, ...] | None:
        """The first so many, fewer where fewer are left; None where that is not known without reading."""
        with self._lock:
            if not self._answers(connection, order, wanted):
                return None
            return tuple(islice(chain.from_iterable(self._lots(order, wanted)), limit))

    def whole(self, connection: "Connection", order: Order, wanted: HouseholdFilter = _ALL) -> "array[int] | None":
        """All that are left, in order; what is not known of the filters is read. None where the order is not known."""
        if not self.knows(connection, order):
            return None
        for part in wanted.parts():
            self.read(connection, part)
        with self._lock:
            if not self._answers(connection, order, wanted):
                return None
            found = array(ID)
            for lot in self._lots(order, wanted):
                found.extend(lot)
            return found

    def knows(self, connection: "Connection", what: Order | Part) -> bool:
        """Whether an order or one part of a filter is known."""
        with self._lock:
            return self._is_current(connection) and self._has(what)

    def left(self, connection: "Connection", part: Part, among: Collection[int] | None) -> set[int] | None:
        """Those of some households, or of all, whom one part of a filter leaves; None where it is not known.

        Asked of all it is read, and known to who asks next; before all of them are known by their ids, if it is rare.
        """
        with self._lock:
            current = self._is_current(connection)
            known = self._known(part, among) if current else None
            ids = self._ids
        if known is not None or not current or among is not None:
            return known
        return self._read_part(connection, part, ids)

    def _known(self, part: Part, among: Collection[int] | None) -> set[int] | None:
        if part in self._parts:
            ids, marks = self._ids, self._parts[part]
            if among is None:
                return set(compress(ids, marks))
            return {home for home in among if (place := _place(ids, home)) is not None and marks[place]}
        rare = self._rare.get(part)
        return rare if rare is None or among is None else rare.intersection(among)

    # ------------------------------------------------------------------------------------------------------- reading

    def read(self, connection: "Connection", what: Order | Part) -> None:
        """Read an order or one part of a filter, if it is not known. Others may ask for what is known meanwhile."""
        if self.knows(connection, what):
            return
        if isinstance(what, Order):
            doors = self.whole(connection, _DOORS)
            if doors is None:
                doors = ordered(connection, None, _DOORS, self._session.today())
            up, turned = both_ways(connection, what.by, self._session.today(), doors)
            self.keep(connection, Order(what.by), up)
            self.keep(connection, Order(what.by, True), turned)
            return
        with self._lock:
            ids = self._ids if self._is_current(connection) else None
        if ids:
            self._read_part(connection, what, ids)

    def _read_part(self, connection: "Connection", part: Part, ids: "array[int]") -> set[int]:
        """Whom it leaves of all: a byte for each, or where their ids are not known yet the few themselves."""
        left = part_of(self._session, connection, part)(None)
        marks = _marked(ids, left)
        with self._lock:
            if self._is_current(connection) and self._ids is ids:
                if ids:
                    self._parts[part] = marks
                elif len(left) <= _AT_ONCE:
                    self._rare[part] = left
        return left

    def keep(self, connection: "Connection", order: Order, whole: "array[int]") -> None:
        """Remember all households in an order that was read on this connection."""
        with self._lock:
            ids = self._ids if self._is_current(connection) else None
        if ids is None:
            return
        ids = ids or array(ID, chain.from_iterable(by_age(connection, oldest_first=True)))
        places = array(PLACE)
        for lot in in_parts(whole, _AT_ONCE):
            places.extend(map(partial(bisect_left, ids), lot))
        with self._lock:
            if self._is_current(connection) and len(ids) == len(places):
                self._ids = self._ids or ids
                self._orders[order] = places

    def _forget(self) -> None:
        self._ids = array(ID)
        self._orders, self._parts, self._rare = {}, {}, {}

    def _answers(self, connection: "Connection", order: Order, wanted: HouseholdFilter) -> bool:
        if wanted.building or not self._is_current(connection):
            return False
        return self._has(order) and all(map(self._has, wanted.parts()))

    def _has(self, what: Order | Part) -> bool:
        if isinstance(what, Part):
            return what in self._parts
        return what in self._orders or (what.by == NEWEST and bool(self._ids))

    def _lots(self, order: Order, wanted: HouseholdFilter) -> Iterator[Iterable[int]]:
        """The ids of those whom every part of a filter leaves, as far as they are asked for."""
        whole: Sequence[int] = self._orders.get(order, ())
        if order.by == NEWEST:
            whole = range(len(self._ids)) if order.down else range(len(self._ids) - 1, -1, -1)
        for lot in _left(whole, [self._parts[part] for part in wanted.parts()]):
            yield map(self._ids.__getitem__, lot)

    # ----------------------------------------------------------------------------------------------------- freshness

    def _is_current(self, connection: "Connection") -> bool:
        """Whether it speaks of what this connection sees. It is brought up to that first; what is old is dropped."""
        newest, today = news.newest(connection), self._session.today()
        if newest < self._link:  # somebody who sees more has brought it up to that
            return False
        if self._day != today or (newest > self._link and not self._ids):  # of nobody, no change tells what is new
            self._forget()
        elif newest > self._link:
            self._take_in(connection, changed_since(connection, self._link))
        self._link, self._day = newest, today
        return True

    def _take_in(self, connection: "Connection", changed: Changed | None) -> None:
        if changed is None:
            self._forget()
            return
        for order in [one for one in self._orders if one.by in changed.orders]:
            del self._orders[order]
        for part in [one for one in self._parts if follows_from(one) & changed.kinds]:
            self._look_again(connection, part, changed)
        self._move_visited(connection, changed.visited)

    def _look_again(self, connection: "Connection", part: Part, changed: Changed) -> None:
        """Ask a filter about the households that changed; where it may be others too, it is dropped."""
        if part.is_of_all or follows_from(part) & changed.unclear:
            del self._parts[part]
            return
        left = part_of(self._session, connection, part)(changed.homes)
        for home in changed.homes:
            if (place := _place(self._ids, home)) is not None:
                self._parts[part][place] = home in left

    def _move_visited(self, connection: "Connection", homes: Collection[int]) -> None:
        """Put households that were called on where they belong now in the order of last visits."""
        places = [place for home in homes if (place := _place(self._ids, home)) is not None]
        for order in [one for one in self._orders if one.by == VISITED and places]:
            whole = self._orders.pop(order)
            if len(places) > MOVED or _DOORS not in self._orders:
                continue
            for place in places:
                whole.remove(place)
            when, door = _by_visit(connection, self._ids, down=order.down), self._orders[_DOORS].index
            for place in places:
                alike = bisect_left(whole, when(place), key=when), bisect_right(whole, when(place), key=when)
                whole.insert(bisect_left(whole, door(place), *alike, key=door), place)
            self._orders[order] = whole


def _place(ids: "array[int]", home: int) -> int | None:
    place = bisect_left(ids, home)
    return place if place < len(ids) and ids[place] == home else None


def _marked(ids: "array[int]", homes: Collection[int]) -> bytearray:
    """A byte for each household: 1 for these. Many are not looked for one by one."""
    if len(homes) * _FEW_IN > len(ids):
        return bytearray(b"".join(bytes(map(homes.__contains__, lot)) for lot in in_parts(ids, _AT_ONCE)))
    left = bytearray(len(ids))
    for home in homes:
        if (place := _place(ids, home)) is not None:
            left[place] = 1
    return left


def _left(whole: Sequence[int], filters: Sequence[bytearray]) -> Iterator[Iterable[int]]:
    """The places of an order that all filters leave, lot by lot, until there are no more."""
    if not filters:
        yield from in_parts(whole, _AT_ONCE)
        return
    all_of_them = _in_all(filters)
    more = all_of_them.count(1)
    if not more:
        return
    few = set(compress(count(), all_of_them)) if more * _FEW_IN < len(all_of_them) else None
    for lot in in_parts(whole, _AT_ONCE):
        if not more:
            return
        chosen = list(compress(lot, _marks(all_of_them, lot)) if few is None else filter(few.__contains__, lot))
        more -= len(chosen)
        yield chosen


def _marks(left: bytes | bytearray, lot: Sequence[int]) -> Iterable[int]:
    """What stands at some places; taken all at once, in half the time."""
    return itemgetter(*lot)(left) if len(lot) > 1 else map(left.__getitem__, lot)


def _in_all(filters: Sequence[bytearray]) -> bytes | bytearray:
    """Where all of some are 1: as numbers of that many bytes, in one go."""
    if len(filters) == 1:
        return filters[0]
    both = int.from_bytes(filters[0])
    for one in filters[1:]:
        both &= int.from_bytes(one)
    return both.to_bytes(len(filters[0]))


def _by_visit(connection: "Connection", ids: "array[int]", *, down: bool) -> Callable[[int], tuple[object, ...]]:
    """What tells where a household stands by its last visit, as ``household_order.ordered`` puts them.

    Turned round, the later of two moments is the one whose first differing character is greater; never comes last.
    """

    def when(place: int) -> tuple[object, ...]:
        at = households.visited_of_some(connection, [ids[place]]).get(ids[place], "")
        if not down:
            return (at,)
        return (*(-ord(one) for one in at), 1) if at else (2,)

    return when
