"""The pieces that lists of households are made of, and how they are brought up to what a connection sees.

Each has a link of the journal and a day of which it speaks. What the journal brought since is looked at
(``roll_news.py``), from whichever process it came, and what the days do that went by; of the households that may have
changed a filter is asked again, and in an order they are looked for by halves (``roll_seats.py``). A piece of which
that is not known, or takes as long as to read it anew, is dropped.
"""

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gridworker.app.household.filter import Part, part_of, unvisited_since
from gridworker.app.household.order import CARE, DOOR, NEWEST, PEOPLE, VISITED, Order
from gridworker.app.household.roll_heads import brought_up
from gridworker.app.household.roll_homes import Homes
from gridworker.app.household.roll_kept import HEAD, Coming, Kept, Standing, code_of, rule_of
from gridworker.app.household.roll_news import CARED, CONSENT, MEMBER, Changed, changed_since, follows_from
from gridworker.app.household.roll_seats import FEW, Seats, called_between, reseated
from gridworker.app.session import Session
from gridworker.store.queries import households, news
from gridworker.store.worked_out import WorkedOut

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

MOVED = 2_000
"""Of so many the new places in an order are looked for, in a third of a second; of more it is read anew."""

FEW_IN_HEAD = 40
"""For so many at most it is told whether they belong in the beginning of an order."""

LAG, DAYS, HORIZON = 100, 7, timedelta(days=40)
"""What is kept is kept anew after so many links or days; for so long it is worked out what days do by themselves."""

_BY_DAY = frozenset({MEMBER, CARED, CONSENT})
"""The kinds that say something else from a day on though nothing is written."""

_ORDERS_BY_DAY = {PEOPLE: frozenset({MEMBER}), CARE: frozenset({MEMBER, CARED})}
_BORN = Part("missing", "identity")
"""Asks whether somebody is still to be born: read anew each day, from an index of those who look wrong."""


@dataclass
class Piece:
    """An order or a filter in memory, by which link and day, and by which it is kept beside the books."""

    body: "array[int] | bytearray"
    link: int
    day: date
    kept: Standing | None = None
    is_new: bool = True
    """Whether the body is another one than what is kept."""


class Pieces:
    """What is in memory, and what is kept beside the books as it is asked for. For one thread at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._day: date | None = None
        self.link = -1
        self._mac: bytes | None = b""
        self.homes: Homes | None = None
        self.homes_kept: Standing | None = None
        self.coming: Coming | None = None
        self.rare: dict[Part, set[int]] = {}
        """Few whom a filter leaves, while it is not known who is in the list."""
        self._pieces: dict[Order | Part, Piece] = {}
        self._rule = b""
        self._absent: set[Order | Part] = set()
        self._looked = False
        """Whether who was in the list was looked for beside the books, as they are now."""
        self._since: dict[int, Changed | None] = {}

    def get(self, what: Order | Part) -> Piece | None:
        """A piece that is in memory."""
        return self._pieces.get(what)

    def put(self, what: Order | Part, body: "array[int] | bytearray") -> None:
        """A piece that was read from the books as they are now."""
        self._pieces[what] = Piece(body, self.link, self._session.today())

    def let_go(self, what: Order | Part) -> None:
        """Forget a piece that is kept beside the books."""
        self._pieces.pop(what, None)
        self._absent.discard(what)

    def now(self, homes: Homes) -> Standing:
        """Of when the pieces speak that were brought up."""
        return Standing(self.link, self._session.today(), len(homes), code_of(homes, len(homes)))

    def kept(self, connection: "Connection") -> Kept:
        """What is kept beside the books."""
        if not self._rule:
            self._rule = rule_of(connection)
        return Kept(connection, self._rule)

    def is_old(self, kept: Standing | Coming) -> bool:
        """Whether something is to be kept anew: much has come since, or many days have gone by."""
        return self.link - kept.link > LAG or abs((self._session.today() - kept.day).days) > DAYS

    def body(self, connection: "Connection", what: Order | Part) -> "Sequence[int] | None":
        """An order or a filter as the books are now: from memory, or from beside them."""
        homes, today = self.homes, self._session.today()
        if homes is None:
            return None
        if isinstance(what, Order) and what.by == NEWEST:
            return homes.aged(oldest_first=what.down)
        piece = self._pieces.pop(what, None)
        if piece is None and what not in self._absent:
            piece = self._taken_up(connection, homes, what)
        if piece is None or piece.link > self.link or not self._bring_up(connection, homes, what, piece):
            return None
        piece.link, piece.day = self.link, today
        self._pieces[what] = piece
        return piece.body

    def _taken_up(self, connection: "Connection", homes: Homes, what: Order | Part) -> Piece | None:
        """What is kept beside the books of a piece."""
        kept = self.kept(connection).piece(what, homes)
        if kept is None:
            self._absent.add(what)
            return None
        return Piece(kept[0], kept[1].link, kept[1].day, kept[1], is_new=False)

    def is_current(self, connection: "Connection", *, whole: bool = True) -> bool:
        """Whether it speaks of what this connection sees. Who is in the list is brought up to that first.

        Unless it is ``whole``, they are not looked for where nobody has asked for them yet: that takes longer than a
        first page.
        """
        newest, today = news.newest(connection), self._session.today()
        if newest < self.link:  # somebody who sees more has brought it up to that
            return False
        if newest > self.link or self._day != today:
            self.rare = {}
            self._since = {}
            self._absent = set()
            if (WorkedOut(connection).link_code(self.link) if self.link > 0 else b"") != self._mac:
                self._forget()  # the journal was written anew: what it tells of the past is not what it was
            self.link, before = newest, self.link
            self._mac = WorkedOut(connection).link_code(newest)
            self._day = today
            self._looked = self.homes is not None
            if self.homes is not None and newest > before:
                self._take_in(connection, self.homes, before)
        if whole and not self._looked:
            self._looked = True
            self._take_up_homes(connection)
        return True

    def beginning(self, connection: "Connection", order: Order, limit: int) -> tuple[int, ...] | None:
        """The first so many of an order, from what is kept of its beginning, while all are not in memory.

        None where that is not told by it.
        """
        if limit > HEAD or self.homes is not None or not self.is_current(connection, whole=False):
            return None
        found = self.kept(connection).head(order)
        if found is None or found[1].link > self.link:
            return None
        head, standing = found
        changed = self._changed(connection, standing.link)
        asked = None if changed is None else changed.bears_on(order)
        by_day = self._turned(connection, order, standing.day)
        if asked is None or by_day is None or len(asked | by_day) > FEW_IN_HEAD:
            return None
        sure = brought_up(connection, order, head, asked | by_day, self._session.today())
        return tuple(sure[:limit]) if len(sure) >= limit else None

    def _take_up_homes(self, connection: "Connection") -> None:
        """Who was in the list, from beside the books, if it is known what came since."""
        kept = self.kept(connection)
        standing = kept.homes_standing()
        if standing is None or standing.link > self.link or self._changed(connection, standing.link) is None:
            return
        self.homes, self.homes_kept = kept.homes(), standing
        if self.homes is not None:
            self._take_in(connection, self.homes, standing.link)

    def _take_in(self, connection: "Connection", homes: Homes, link: int) -> None:
        """Take who came into the list or left it. Where everything may be different, all is forgotten."""
        changed = self._changed(connection, link)
        if changed is None or not len(homes):
            self._forget()
        elif changed.moved:
            living = {place.household for place in households.places(connection, changed.moved)}
            homes.take(changed.moved, living)

    def _forget(self) -> None:
        self.homes, self._pieces, self.coming, self.homes_kept = None, {}, None, None

    def _changed(self, connection: "Connection", link: int) -> Changed | None:
        """What came since a link, worked out once for all that speaks of that."""
        if link not in self._since:
            self._since[link] = changed_since(connection, link) if link < self.link else Changed()
        return self._since[link]

    def _bring_up(self, connection: "Connection", homes: Homes, what: Order | Part, piece: Piece) -> bool:
        """Ask again about the households that may have changed; False where that may be too many, or any."""
        changed = self._changed(connection, piece.link)
        asked = None if changed is None else changed.bears_on(what)
        by_day = self._turned(connection, what, piece.day)
        if asked is None or by_day is None:
            return False
        asked = asked | by_day
        if isinstance(what, Part) and isinstance(piece.body, bytearray):
            piece.body.extend(bytes(len(homes) - len(piece.body)))
            left = part_of(self._session, connection, what)(asked) if asked else set[int]()
            for home in asked:
                if (place := homes.place(home)) is not None:
                    piece.body[place] = home in left and place not in homes.gone
        elif isinstance(what, Order) and isinstance(piece.body, array) and asked:
            if len(asked) > MOVED:
                return False
            piece.body = self._reseated(connection, homes, what, piece.body, asked)
        piece.is_new = piece.is_new or bool(asked)
        return True

    def _reseated(
        self, connection: "Connection", homes: Homes, order: Order, whole: "array[int]", asked: Collection[int]
    ) -> "array[int]":
        moved = homes.places(asked)
        doors = self.body(connection, Order(DOOR)) if len(moved) > FEW and order.by != DOOR else None
        doors = doors if isinstance(doors, array) else None
        seats = Seats(connection, homes, order, self._session.today(), doors)
        return reseated(whole, moved, moved - homes.gone, seats)

    def _turned(self, connection: "Connection", what: Order | Part, since: date) -> set[int] | None:
        """The households of which another day says something else; None where that is not known."""
        today = self._session.today()
        if since == today:
            return set()
        if isinstance(what, Part) and what.name == "unvisited":
            return self._called_between(connection, what, since, today)
        follows = follows_from(what) if isinstance(what, Part) else _ORDERS_BY_DAY.get(what.by, frozenset())
        kinds = follows & _BY_DAY
        if not kinds:
            return set()
        coming = self.what_comes(connection)
        if coming is None or what == _BORN or not coming.day <= since < today <= coming.until:
            return None
        changed = self._changed(connection, coming.link)
        if changed is None or changed.unclear & kinds:
            return None
        return coming.between(kinds, since, today) | changed.homes

    def _called_between(self, connection: "Connection", part: Part, since: date, today: date) -> set[int] | None:
        """Those whose last visit was in time on a day and is not any more, from the order of visits."""
        visits = self.body(connection, Order(VISITED)) if since < today else None
        if visits is None or self.homes is None:
            return None
        moments = [unvisited_since(part.value, day) for day in (since, today)]
        return set(called_between(connection, self.homes, visits, moments[0], moments[1]))

    def what_comes(self, connection: "Connection") -> Coming | None:
        """What the coming days do by themselves; None where nobody has worked it out."""
        if self.coming is None:
            self.coming = self.kept(connection).coming()
        return self.coming if self.coming is not None and self.coming.link <= self.link else None
