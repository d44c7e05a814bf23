"""What went and came, bundle by bundle, and what never came.

A bundle's number counts in one stream only: from one life of a device to one life of another (sync.md 4, 5).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker.app.exchange.views import FORMER, LATER, Missing, Trip
from gridworker.store.log.clock import EPOCH, MAX_INCARNATION, OFFICE
from gridworker.store.meta import Meta
from gridworker.store.streams import Exchange as Tables

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.streams import BundleRow

MANY = 1000
"""Bundles that are looked at for what is missing."""

_Place: TypeAlias = tuple[int, int, int, str, int]
"""Where a bundle that never came belongs: laptop, life of the office, number, time, life of the sender if no time."""


@dataclass
class _Came:
    """What came, by the ends and the number of each; and when what never came was written, as later ones tell."""

    ends: set[tuple[tuple[int, int], int]] = field(default_factory=set)
    times: set[tuple[int, int, int, str]] = field(default_factory=set)
    told: dict[tuple[tuple[int, int], int], str] = field(default_factory=dict)

    @staticmethod
    def of(rows: "Iterable[BundleRow]") -> "_Came":
        from gridworker.sync.format.header import kept_header

        found = _Came()
        for row in rows:
            if row.outgoing:
                continue
            header = kept_header(row.header)
            ends = header.sender, header.recipient
            found.ends.add((ends, row.n))
            found.times.add((row.peer, min(ends), row.n, header.time))
            found.told.update({(ends, handed.n): handed.time for handed in header.recent})
        return found

    def missing(self, trip: Trip) -> tuple[int, ...]:
        """What is missing before a bundle still. A copied laptop names what came from its twin: told by the time."""
        return tuple(n for n in trip.missing if (trip.ends, n) not in self.ends and not self._from_twin(trip, n))

    def _from_twin(self, trip: Trip, n: int) -> bool:
        """The office is the lower end: the numbers of both twins are those of one stream to it, or from it."""
        return (trip.peer, min(trip.ends), n, self.told.get((trip.ends, n), "")) in self.times


def trip_of(row: "BundleRow", session: "Session") -> Trip:
    """A bundle as people see it."""
    from gridworker.sync.format.header import kept_header
    from gridworker.sync.summary import Summary

    summary, header, own = Summary.parse(row.summary), kept_header(row.header), session.store.identity.device
    return Trip(
        row.hash.hex(), row.path, bool(row.outgoing), row.peer, row.n, EPOCH + timedelta(milliseconds=row.at),
        header.time, row.state, summary.counts, summary.ops, summary.aside, summary.missing,
        summary.gap, summary.forked, row.batch, summary.off, summary.ahead, (header.sender, header.recipient),
        session.is_office and not row.outgoing and header.recipient > own, summary.work, summary.erased,
        summary.forgotten,
    )  # fmt: skip


def trips(session: "Session", limit: int, *, outgoing: bool | None = None) -> list[Trip]:
    """Bundles sent and received, or one of the two, those that went or came last first."""
    with session.store.cursor() as cursor:
        rows = Tables(cursor).bundles(outgoing=outgoing, limit=limit)
    came = _Came.of(rows)
    found = [trip_of(row, session) for row in rows]
    return [replace(trip, missing=came.missing(trip)) if trip.missing else trip for trip in found]


def missing(session: "Session") -> list[Missing]:
    """Bundles that never came, oldest first: whose, which number, and written when, where that is known.

    What was in one came with the next of the same peer before which nothing lies open. Which one is the next is told by
    the order in which they came: the clocks of both ends may stand or jump back. What was covered so and went from, or
    to, a life that ended with a restore is named no longer: it may well have come, to a store that has forgotten it.
    """
    return list(_Gone.of(session).named.values())


def still_missing(session: "Session") -> Mapping[str, tuple[int, ...]]:
    """By the hash of a bundle that came: the numbers before it that the same list names."""
    gone = _Gone.of(session)
    return {bundle: tuple(n for n, place in places if place in gone.named) for bundle, places in gone.before.items()}


@dataclass(frozen=True, slots=True)
class _Gone:
    """What never came, by its place among all that were written; ``before``: number and place, by the next bundle."""

    named: Mapping[_Place, Missing]
    before: Mapping[str, Sequence[tuple[int, _Place]]]

    @staticmethod
    def of(session: "Session") -> "_Gone":
        """Look through what came."""
        with session.store.cursor() as cursor:
            rows = Tables(cursor).bundles(outgoing=False, limit=MANY)
            office = session.store.identity.device if session.is_office else Meta(cursor).number("office_device")
        came = _Came.of(rows)
        lives = _Lives(session.is_office, {} if session.is_office else {OFFICE: session.store.identity.device})
        found: dict[_Place, tuple[_Life, Missing]] = {}
        before: dict[str, list[tuple[int, _Place]]] = {}
        open_ends: set[int] = set()
        for row in reversed(rows):
            trip = trip_of(row, session)
            life = lives.of(trip)
            if trip.gap:
                open_ends.add(life.laptop)
            elif not trip.elsewhere:
                open_ends.discard(life.laptop)
            for n in came.missing(trip):
                time = came.told.get((trip.ends, n))
                one = Missing(life.laptop, n, datetime.fromisoformat(time) if time else None, covered=True)
                place = (life.laptop, life.of_office, n, time or "", 0 if time else trip.ends[0])
                found[place] = life, replace(one, office=_of_office(life.of_office, office))
                before.setdefault(trip.hash, []).append((n, place))
        told = {
            place: (life, replace(one, covered=life.laptop not in open_ends))
            for place, (life, one) in sorted(found.items())
        }
        named = {
            place: one
            for place, (life, one) in told.items()
            if not (one.covered and (one.office == FORMER or lives.ended(life)))
        }
        return _Gone(named, before)


class _Life(NamedTuple):
    """Of which stream a bundle is; ``may_forget``: numbers before it may have come to the life this one follows."""

    laptop: int
    of_laptop: int
    of_office: int
    may_forget: bool


@dataclass
class _Lives:
    """The lives of laptops as they came; the one that began last is at work. ``newest``: by laptop, as far as known."""

    is_office: bool
    newest: dict[int, int]
    seen: set[int] = field(default_factory=set)

    def of(self, trip: Trip) -> _Life:
        """The next in the order in which they came."""
        sender, recipient = trip.ends
        if not self.is_office:
            may_forget = recipient not in self.seen and bool(recipient & MAX_INCARNATION)
            self.seen.add(recipient)
            return _Life(OFFICE, recipient, sender, may_forget)
        if sender not in self.seen:
            self.seen.add(sender)
            self.newest[trip.peer] = sender
        return _Life(trip.peer, sender, recipient, may_forget=False)

    def ended(self, life: _Life) -> bool:
        """Whether what went in a life is of one that was set back since, or was."""
        return life.may_forget or self.newest.get(life.laptop) != life.of_laptop


def _of_office(life: int, present: int) -> str:
    if life == present:
        return ""
    return FORMER if life < present else LATER
