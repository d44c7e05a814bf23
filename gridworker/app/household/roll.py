"""All households as lists put them in order and narrow them: any first page of them at once.

Few of many may be what a filter leaves, and they may stand at the end of an order: to find a page of them in the books
means to look at everybody. Here an order is the places of all, a filter one byte for each, and a page is picked in a
few milliseconds, all of them in some hundredths of a second. For a million people they take thirty megabytes, of which
only what was asked for is there. No write waits for it: whoever asks, what is known is brought up to what they see
first (``roll_pieces.py``).

Where there are many, each piece is kept beside the books (``roll_kept.py``), so that it is read once and not after
every start. Whoever asks for what is neither in memory nor kept there reads the books, and what they read stays.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, compress, islice
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING

from gridworker.app.household.filter import HouseholdFilter, Part, part_of, parts
from gridworker.app.household.order import DOOR, NEWEST, PEOPLE, Order, both_ways, by_age, ordered, orders
from gridworker.app.household.roll_homes import PLACE, Homes
from gridworker.app.household.roll_kept import HEAD, Coming, Keeping, Standing, code_of
from gridworker.app.household.roll_pieces import HORIZON, Pieces
from gridworker.app.long_sort import ID, in_parts
from gridworker.app.session import Session
from gridworker.store.queries import household_news

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

_AT_ONCE = 20_000
"""So many are placed in one go, then other threads have their turn."""

_PICKED = 1_000
"""So many of an order are looked through in one go: a page that a filter fills from its beginning takes no more."""

_FEW_IN = 20
"""Where fewer than one in so many are to be marked, they are looked for by themselves: twice as fast."""

WORTH_KEEPING = 20_000
"""Of fewer households everything is read in half a second, and nothing is kept beside the books."""

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
        self._pieces = Pieces(session)
        self._keeping = Keeping(session.store.db, session.folder.root)

    # ------------------------------------------------------------------------------------------------------- asking

    def first(
        self, connection: "Connection", limit: int, order: Order, wanted: HouseholdFilter
    ) -> tuple[int, ...] | None:
        """The first so many, fewer where fewer are left; None where that is not known without reading."""
        with self._lock:
            begun = self._pieces.beginning(connection, order, limit) if wanted == _ALL else None
            if begun is not None:
                return begun
            lots = self._lots(connection, order, wanted)
            return None if lots is None else tuple(islice(chain.from_iterable(lots), limit))

    def whole(self, connection: "Connection", order: Order, wanted: HouseholdFilter = _ALL) -> "array[int] | None":
        """All that are left, in order; what is not known of the filters is read. None where the order is not known."""
        if not self.knows(connection, order):
            return None
        for part in wanted.parts():
            self.read(connection, part)
        with self._lock:
            lots = self._lots(connection, order, wanted)
            if lots is None:
                return None
            found = array(ID)
            for lot in lots:
                found.extend(lot)
            return found

    def walked(self, connection: "Connection") -> Iterator[int] | None:
        """All households in walking order, one by one as they are asked for; None where that is not known."""
        with self._lock:
            lots = self._lots(connection, _DOORS, _ALL)
        return None if lots is None else chain.from_iterable(lots)

    def knows(self, connection: "Connection", what: Order | Part) -> bool:
        """Whether an order or one part of a filter is known."""
        with self._lock:
            return self._pieces.is_current(connection) and self._pieces.body(connection, what) is not None

    def left(self, connection: "Connection", part: Part, among: Collection[int] | None) -> set[int] | None:
        """Those of some households, or of all, whom one part of a filter leaves; None where it is not known.

        Asked of all it is read, and known to who asks next; before all of them are known by their ids, if it is rare.
        """
        with self._lock:
            current = self._pieces.is_current(connection)
            known = self._known(connection, part, among) if current else None
            homes = self._pieces.homes
        if known is not None or not current or among is not None:
            return known
        return self._read_part(connection, part, homes)

    def _known(self, connection: "Connection", part: Part, among: Collection[int] | None) -> set[int] | None:
        marks, homes = self._pieces.body(connection, part), self._pieces.homes
        if marks is not None and homes is not None:
            if among is None:
                return set(compress(homes.ids, marks))
            return {home for home in among if (place := homes.place(home)) is not None and marks[place]}
        rare = self._pieces.rare.get(part)
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
            homes = self._pieces.homes if self._pieces.is_current(connection) else None
        if homes is not None:
            self._read_part(connection, what, homes)

    def _read_part(self, connection: "Connection", part: Part, homes: Homes | None) -> set[int]:
        """Whom it leaves of all: a byte for each, or where their ids are not known yet the few themselves."""
        left = part_of(self._session, connection, part)(None)
        marks = _marked(homes, left) if homes is not None else bytearray()
        with self._lock:
            if self._pieces.is_current(connection) and self._pieces.homes is homes:
                if homes is None and len(left) <= _AT_ONCE:
                    self._pieces.rare[part] = left
                elif homes is not None and len(marks) == len(homes):
                    self._pieces.put(part, marks)
        return left

    def keep(self, connection: "Connection", order: Order, whole: "array[int]") -> None:
        """Remember all households in an order that was read on this connection."""
        with self._lock:
            if not self._pieces.is_current(connection):
                return
            homes = self._pieces.homes
        homes = homes or Homes(array(ID, chain.from_iterable(by_age(connection, oldest_first=True))))
        places = array(PLACE)
        for lot in in_parts(whole, _AT_ONCE):
            places.extend(place for home in lot if (place := homes.place(home)) is not None)
        with self._lock:
            if (
                self._pieces.is_current(connection)
                and self._pieces.homes in {None, homes}
                and homes.living == len(places)
            ):
                self._pieces.homes = homes
                if order.by != NEWEST:
                    self._pieces.put(order, places)

    # ------------------------------------------------------------------------------------------ beside the books

    def is_kept(self, connection: "Connection", what: Order | Part) -> bool:
        """Whether a piece is kept beside the books as it should be: it need not be in memory to be known."""
        with self._lock:
            if (
                not self._pieces.is_current(connection)
                or self._pieces.homes is None
                or self._pieces.get(what) is not None
            ):
                return False
            found = self._pieces.kept(connection).standing(what)
            return (
                found is not None
                and not self._pieces.is_old(found)
                and found.code == code_of(self._pieces.homes, found.size)
            )

    def keep_beside(self, connection: "Connection", what: Order | Part) -> None:
        """Keep what is in memory of a piece, and who it counts by, for the next start.

        It leaves the memory: whoever asks for it has it again in a few milliseconds.
        """
        if self._session.read_only:
            return
        with self._lock:
            known = self._pieces.is_current(connection) and self._pieces.body(connection, what) is not None
            homes, piece = self._pieces.homes, self._pieces.get(what)
            if not known or homes is None or piece is None or len(homes) < WORTH_KEEPING:
                return
            if piece.kept is not None and not self._pieces.is_old(piece.kept):
                return  # the little that came since is soon looked up again
            now = self._pieces.now(homes)
            body = piece.body[:] if isinstance(piece.body, array) else bytes(piece.body)
            head = array(ID, map(homes.ids.__getitem__, body[:HEAD])) if isinstance(what, Order) else None
        if not self._keep_homes(homes, now) or not self._keeping.keep(what, body if piece.is_new else None, now, head):
            return
        with self._lock:
            piece.kept, piece.is_new = now, piece.is_new and (piece.link, piece.day) != (now.link, now.day)
            if what != _DOORS:  # which the page shows all the time
                self._pieces.let_go(what)

    def _keep_homes(self, homes: Homes, now: Standing) -> bool:
        """Keep who is in the list, where others are or it is long ago; whether they are kept."""
        kept = self._pieces.homes_kept
        if kept is not None and kept.code == now.code and not self._pieces.is_old(kept):
            return True
        with self._lock:
            if self._pieces.homes is not homes or self._pieces.link != now.link:
                return False  # a piece that counts by others than these would not be believed
            ids = homes.ids + array(ID, sorted(homes.gone))
        if self._keeping.keep_homes(ids, homes, now):
            self._pieces.homes_kept = now
            return True
        return False

    def look_at_days(self, connection: "Connection") -> None:
        """Work out what the coming days do by themselves, where that was not done lately."""
        with self._lock:
            if not self._pieces.is_current(connection) or self._pieces.homes is None:
                return
            homes, now, kept = (
                self._pieces.homes,
                self._pieces.now(self._pieces.homes),
                self._pieces.what_comes(connection),
            )
        if kept is not None and not self._pieces.is_old(kept):
            return
        until = now.day + HORIZON
        coming = Coming(now.link, now.day, until, household_news.coming(connection, now.day, until))
        with self._lock:
            self._pieces.coming = coming
        if len(homes) >= WORTH_KEEPING and not self._session.read_only:
            self._keeping.keep_coming(coming)

    # -------------------------------------------------------------------------------------------------------- pages

    def _lots(self, connection: "Connection", order: Order, wanted: HouseholdFilter) -> Iterator[Iterable[int]] | None:
        """The ids of those whom every part of a filter leaves, as far as they are asked for; None where not known."""
        if wanted.building or not self._pieces.is_current(connection):
            return None
        whole, homes = self._pieces.body(connection, order), self._pieces.homes
        filters = [self._pieces.body(connection, part) for part in wanted.parts()]
        if homes is None or whole is None or any(body is None for body in filters):
            return None
        return (
            map(homes.ids.__getitem__, lot)
            for lot in _left(whole, [one for one in filters if isinstance(one, bytearray)])
        )


def _marked(homes: Homes, left: Collection[int]) -> bytearray:
    """A byte for each household: 1 for these. Many are not looked for one by one."""
    if len(left) * _FEW_IN > len(homes):
        marks = bytearray(b"".join(bytes(map(left.__contains__, lot)) for lot in in_parts(homes.ids, _AT_ONCE)))
    else:
        marks = bytearray(len(homes))
        for place in homes.places(left):
            marks[place] = 1
    for place in homes.gone:
        marks[place] = 0
    return marks


def _left(whole: Sequence[int], filters: Sequence[bytearray]) -> Iterator[Iterable[int]]:
    """The places of an order that all filters leave, lot by lot, until there are no more."""
    if not filters:
        yield from in_parts(whole, _AT_ONCE)
        return
    all_of_them = _in_all(filters)
    more = all_of_them.count(1)
    for lot in map(list, in_parts(whole, _PICKED)):
        if not more:
            return
        chosen = list(compress(lot, _marks(all_of_them, lot)))
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
