"""What asks for visits, read once and brought up to what a connection sees; kept beside the books for the next start.

Among a million people seventy thousand households are due within two weeks. To find them takes two seconds, at every
start and after every save; whom a save bears on is told by the journal, and about those few the rules are asked.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain, islice
from threading import Lock
from typing import TYPE_CHECKING

import msgpack

from gridworker import discover
from gridworker.app import kept
from gridworker.app.due.cases import RETURNS_WITHIN
from gridworker.app.few_bytes import packed_numbers, unpacked_numbers
from gridworker.app.long_sort import ID
from gridworker.app.session import Session
from gridworker.app.today.round import (
    Asks,
    Elsewhere,
    ahead_of,
    asks_of,
    is_by,
    read_asks,
    read_matters,
    read_usual,
)
from gridworker.domain.visit_regular import Regular
from gridworker.store.queries import household_news, news
from gridworker.store.queries.ever_named import ever_named
from gridworker.store.queries.open_issues import leaving
from gridworker.store.worked_out import WorkedOut

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

VERSION = 3
"""Of what asks for visits, and how it is kept: raised with either, and with a rule of domain/visit_due.py."""

HORIZON = timedelta(days=7)
"""For so long after the week it is known what asks for visits: nobody reads all of it anew because a week begins."""

MOST = 1_000
"""About more households the rules are not asked one by one: all is read anew, which takes no longer."""

FEW = 4
"""Of more households each is asked for by its hash."""

WORTH_KEEPING = 5_000
"""Of fewer who are due all is read in a tenth of a second, and nothing is kept beside the books."""

_NAME = "due"
_KINDS = frozenset({"household", "household_member", "care_membership", "visit"})
"""From which a visit follows, beside issues and doors."""


@dataclass(frozen=True)
class Known:
    """What asks for visits until a day, by the books at a link as a day sees them.

    ``coming``: households of which a day says something else though nothing is written, by that day as it was known
    when all was read; ``touched``: those written to since, of which it was not.
    """

    asks: Asks
    link: int
    day: date
    until: date
    coming: Mapping[str, list[int]]
    touched: frozenset[int] = field(default_factory=frozenset)

    @property
    def count(self) -> int:
        """How many households are due by then."""
        return sum(map(len, self.asks.values()))

    def turned(self, today: date) -> set[int]:
        """The households of which today may say something else."""
        if today == self.day:
            return set()
        low, high = self.day.isoformat(), today.isoformat()
        return {home for day, homes in self.coming.items() if low < day <= high for home in homes} | self.touched

    def with_asks(self, changed: set[int], asks: Mapping[int, tuple[Regular, ...]]) -> Asks:
        """What asks for visits, with that of some households in place of what it was."""
        found = dict(self.asks)  # a copy: to hash them all again takes as long as the rest
        touched = _naming(self.asks, changed)
        for visits in touched:
            found[visits] = array(ID, [household for household in self.asks[visits] if household not in changed])
        come: dict[tuple[Regular, ...], list[int]] = {}
        for household, visits in asks.items():
            if is_by(visits, self.until):
                come.setdefault(visits, []).append(household)
        found.update((visits, array(ID, [*found.get(visits, ()), *several])) for visits, several in come.items())
        for visits in touched:
            if not found[visits]:
                del found[visits]
        return found

    def packed(self) -> bytes:
        """What is kept of it: a list for each thing a visit is told by, which are soon unpacked again."""
        each = [one for visits in self.asks for one in visits]
        days = [one.on.toordinal() for one in each], [one.since.toordinal() for one in each]
        weights = [one.weight for one in each]
        sizes = [(len(visits), len(alike)) for visits, alike in self.asks.items()]
        homes = packed_numbers(array(ID, chain.from_iterable(self.asks.values())))
        told = (self.day.isoformat(), self.until.isoformat(), dict(self.coming))
        body: bytes = msgpack.packb((*told, *days, weights, sizes, homes))
        return body

    @classmethod
    def unpacked(cls, link: int, body: bytes) -> "Known":
        """What ``packed`` made."""
        day, until, coming, on, since, weights, sizes, homes = msgpack.unpackb(body)
        asks, whole, at = Asks(), unpacked_numbers(homes, ID), 0
        days = {one: date.fromordinal(one) for one in {*on, *since}}
        each = map(Regular, map(days.__getitem__, on), map(days.__getitem__, since), weights)
        for visits, count in sizes:
            several = (next(each),) if visits == 1 else tuple(islice(each, visits))
            asks[several] = whole[at : at + count]
            at += count
        return cls(asks, link, date.fromisoformat(day), date.fromisoformat(until), coming)


def _naming(asks: Asks, households: set[int]) -> list[tuple[Regular, ...]]:
    """Where one of some households is. A few are looked for in the bytes as they lie: a save is of one or two."""
    places: Iterable[tuple[Regular, ...]] = asks
    if len(households) <= FEW:
        few = [array(ID, [household]).tobytes() for household in households]
        places = {visits: None for one in few for visits, alike in asks.items() if one in alike.tobytes()}
    return [visits for visits in places if not households.isdisjoint(asks[visits])]


class DueBook:
    """What asks for visits in a store; each who asks has it as their own connection sees the books."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = Lock()
        self._known: Known | None = None
        self._mac = b""
        self._kept_at: tuple[int, date] | None = None

    def asks(self, connection: "Connection") -> Asks:
        """What asks for visits this week, or tomorrow, and some time after it."""
        newest, today = news.newest(connection), self._session.today()
        with self._lock:
            if self._known is not None and newest < self._known.link:  # somebody who sees more has brought it up
                return read_asks(connection, ahead_of(today))
            if self._known is None:
                self._take_up(connection)
            known = self._known
            if known is not None and (known.link, known.day) != (newest, today):
                known = self._brought_up(connection, known, newest, today)
            self._known = known = known or self._read(connection, newest, today)
            self._mac = _mac(connection, newest)
            return known.asks

    @property
    def is_known(self) -> bool:
        """Whether it is in memory, if not of the newest link."""
        return self._known is not None

    def is_of(self, link: int) -> bool:
        """Whether it is in memory, and of a link or later."""
        known = self._known
        return known is not None and known.link >= link

    def days_ahead(self, connection: "Connection", days: int) -> Iterator[tuple[date, Asks]]:
        """What asks for visits today and on the days after it, if nothing is written; none where it is not much."""
        self.asks(connection)
        with self._lock:
            known = self._known
        if known is None or known.link != news.newest(connection) or known.count < WORTH_KEEPING:
            return
        for _ in range(days):
            yield known.day, known.asks
            known = self._brought_up(connection, known, known.link, known.day + timedelta(days=1))
            if known is None:
                return

    def keep(self) -> None:
        """Keep it beside the books, where that is much and much has come since, or another day."""
        with self._lock:
            known, before = self._known, self._kept_at
        if known is None or known.count < WORTH_KEEPING:
            return
        if before is not None and known.link - before[0] <= kept.LAG and known.day == before[1]:
            return
        if known.touched:
            with self._session.store.db.read() as connection:
                if news.newest(connection) != known.link:
                    return  # somebody writes: another time
                known = replace(known, coming=_coming(connection, known.day, known.until), touched=frozenset())
        if kept.keep(self._session, _NAME, VERSION, kept.Kept(known.link, known.packed())):
            with self._lock:
                self._kept_at = known.link, known.day

    def _take_up(self, connection: "Connection") -> None:
        """What is kept beside the books."""
        found = kept.read_kept(connection, _NAME, VERSION)
        if found is not None:
            self._known = Known.unpacked(found.link, found.body)
            self._mac, self._kept_at = _mac(connection, found.link), (found.link, self._known.day)

    def _brought_up(self, connection: "Connection", known: Known, newest: int, today: date) -> Known | None:
        """The same with what came since, and what the days did; None where that is not known, or too much."""
        if _mac(connection, known.link) != self._mac or not known.day <= today:
            return None
        if ahead_of(today).until > known.until:
            return None
        written = written_to(connection, known.link) if newest > known.link else set[int]()
        if written is None:
            return None
        touched = known.touched | written
        changed = written | replace(known, touched=touched).turned(today)
        if len(changed) > MOST:
            return None
        asks = asks_of(connection, changed, today, read_matters(connection, today, changed)) if changed else {}
        return replace(known, asks=known.with_asks(changed, asks), link=newest, day=today, touched=touched)

    def _read(self, connection: "Connection", newest: int, today: date) -> Known:
        ahead, db = ahead_of(today, HORIZON), self._session.store.db
        with (
            db.meanwhile(lambda other: read_matters(other, today)) as matters,
            db.meanwhile(lambda other: read_usual(other, ahead)) as usual,
        ):
            asks = read_asks(connection, ahead, Elsewhere(matters, usual))
        return Known(asks, newest, today, ahead.until, _coming(connection, today, ahead.until))


def _mac(connection: "Connection", link: int) -> bytes:
    return WorkedOut(connection).link_code(link) or b""


def written_to(connection: "Connection", link: int) -> set[int] | None:
    """The households to which something was written that may bear on their visits; None where that is not known."""
    from gridworker.app.household import roll_news
    from gridworker.app.issue import issue_news

    changed, issues = roll_news.changed_since(connection, link), issue_news.changed_since(connection, link)
    if changed is None or issues is None or changed.unclear & _KINDS:
        return None
    named = ever_named(connection, discover.kinds()["issue"].kind, issues, {"household_id"})
    if named.keys() != issues:
        return None
    return changed.homes.union(*(fields["household_id"] for fields in named.values()))


def _coming(connection: "Connection", day: date, until: date) -> dict[str, list[int]]:
    """The households of which a day until another says something else though nothing is written, by that day."""
    found: dict[str, list[int]] = {}
    for kind, last, at, home in household_news.coming(connection, day, until):
        if kind in _KINDS:
            found.setdefault(_after(at, 1 if last else 0), []).append(home)
    since = [(one - RETURNS_WITHIN).isoformat() for one in (day, until)]
    for at, home in leaving(connection, *since):
        found.setdefault(_after(at, RETURNS_WITHIN.days + 1), []).append(home)
    return found


def _after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
