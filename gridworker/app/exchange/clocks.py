"""Clocks that are wrong: what is known of them, and the office's corrections (sync.md 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.session import Session
from gridworker.errors import Denied, NotFound, Problem
from gridworker.store import records
from gridworker.store.log.clock import EPOCH
from gridworker.store.streams import Exchange as Tables
from gridworker.store.tables.changes import Change
from gridworker.text import ngettext

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.intake.transaction import Commit

KIND = "clock_correction"
FIELDS = ("since", "until", "seconds")
_BEGINNING = "2020-01-01T00:00:00Z"
"""No clock in a log shows less: what is wrong by more is held up there."""
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_YEAR = 365 * _DAY
_NEAR = 10 * _MINUTE
"""So far apart two clocks may be that are right (sync/drift.py)."""


@dataclass(frozen=True, slots=True)
class Off:
    """A clock that is wrong: whose, by how many seconds at least (more than 0: ahead), and a bundle that told so."""

    laptop: int
    seconds: int
    at: datetime
    written: str

    @property
    def words(self) -> str:
        """By how much, as people say it."""
        return off_words(self.seconds)

    @property
    def is_over(self) -> bool:
        """Whether it was ahead and is right again: who wrote and who read that bundle had the same time, near enough.

        Its ids only ever go up, so what a laptop writes bears the wrong time until the office corrects that.
        """
        apart = abs((datetime.fromisoformat(self.written) - self.at).total_seconds())
        return apart < self.seconds - _NEAR


class Clocks(Service):
    """Which clocks are wrong, and by how much; corrections."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.DEVICES)
    def off(self) -> dict[int, Off]:
        """At the office, by laptop: clocks that its newest bundle shows to be wrong."""
        from gridworker.app.exchange.exchange import Exchange

        found: dict[int, Off] = {}
        seen: set[int] = set()
        for trip in Exchange(self._session).trips(1000):
            if not trip.outgoing and trip.peer not in seen:
                seen.add(trip.peer)
                if trip.off:
                    found[trip.peer] = Off(trip.peer, trip.off, trip.at, trip.written)
        return found

    @needs(Action.READ, Matter.DEVICES)
    def own(self) -> Off | None:
        """On a laptop: whether the newest reply of the office showed its own clock to be wrong."""
        from gridworker.sync.format.header import kept_header
        from gridworker.sync.summary import Summary

        if self._session.is_office:
            return None
        with self._session.store.cursor() as cursor:
            newest = Tables(cursor).bundles(outgoing=False, limit=1)
        off = Summary.parse(newest[0].summary).off if newest else 0
        if not off:
            return None
        at = EPOCH + timedelta(milliseconds=newest[0].at)
        return Off(self._session.store.identity.laptop, off, at, kept_header(newest[0].header).time)

    @needs(Action.READ, Matter.DEVICES)
    def corrections(self, laptop: int | None = None) -> list[tuple[int, Mapping[str, "Value"]]]:
        """(id, values) of the corrections, of one laptop or all."""
        with self._session.store.db.read() as connection:
            found = records.page(connection, KIND, limit=10_000)
        return [(id_, values) for id_, values in found if laptop in (None, values["laptop"])]

    @needs(Action.READ, Matter.DEVICES)
    def suggestion(self, laptop: int) -> dict[str, "Value"]:
        """What a correction of a laptop's clock would say, for a person to look at. Raises NotFound."""
        off = self.off().get(laptop)
        if off is None:
            raise NotFound("Nothing says that the clock of laptop {number} is wrong.", number=laptop)
        if off.seconds > 0:  # whatever is later than now is wrong
            return {"since": off.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "until": None, "seconds": -off.seconds}
        return {"since": _BEGINNING, "until": max(off.written, _BEGINNING), "seconds": -off.seconds}

    @needs(Action.CHANGE, Matter.DEVICES)
    def correct(self, laptop: int, values: Mapping[str, object]) -> "Commit":
        """Say by how much a laptop's clock was wrong, and over which stretch of the time it showed.

        Everybody hears of it with the next replies. Which value of a conflict is shown, and the order of histories,
        follow it; nothing else changes, and undo takes it back. Raises Denied, NotFound, Invalid, Problem.
        """
        from gridworker.app.exchange.devices import Devices

        if not self._session.is_office:
            raise Denied("Only the office does this.")
        if laptop not in {one.number for one in Devices(self._session).laptops()}:
            raise NotFound("There is no laptop {name}.", name=laptop)
        checked = records.kind_named(KIND).checked({**values, "laptop": laptop})
        since, until = str(checked["since"]), str(checked.get("until") or "")
        if until and until < since:
            raise Problem("The end of the stretch is before its beginning.")
        if not checked["seconds"]:
            raise Problem("Say by how much the clock was wrong.")
        change = Change(KIND, self._session.new_id(), checked, create=True)
        return self._session.write([change], "create")


def off_words(seconds: int) -> str:
    """By how much a clock is wrong: "2 days ahead", "3 hours behind"."""
    size = abs(seconds)
    return _ahead(size) if seconds > 0 else _behind(size)


def _ahead(size: int) -> str:
    if size >= _YEAR:
        return ngettext("{count} year ahead", "{count} years ahead", size // _YEAR).format(count=size // _YEAR)
    if size >= _DAY:
        return ngettext("{count} day ahead", "{count} days ahead", size // _DAY).format(count=size // _DAY)
    if size >= _HOUR:
        return ngettext("{count} hour ahead", "{count} hours ahead", size // _HOUR).format(count=size // _HOUR)
    count = size // _MINUTE
    return ngettext("{count} minute ahead", "{count} minutes ahead", count).format(count=count)


def _behind(size: int) -> str:
    if size >= _YEAR:
        return ngettext("{count} year behind", "{count} years behind", size // _YEAR).format(count=size // _YEAR)
    if size >= _DAY:
        return ngettext("{count} day behind", "{count} days behind", size // _DAY).format(count=size // _DAY)
    if size >= _HOUR:
        return ngettext("{count} hour behind", "{count} hours behind", size // _HOUR).format(count=size // _HOUR)
    count = size // _MINUTE
    return ngettext("{count} minute behind", "{count} minutes behind", count).format(count=count)
