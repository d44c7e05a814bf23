"""How the round of a day begins, in a few hundred numbers: for the first rows of the next start.

Among a million people it takes a tenth of a second to unpack who is due, and to tell who is first among them. Who is
looked at closely today and on the next days, and how many others are due, is worked out while nobody asks. It holds as
long as the journal brings nothing that bears on a visit, and the same households are passed over.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

import msgpack

from gridworker.app import kept
from gridworker.app.session import Session
from gridworker.app.today import due_book
from gridworker.app.today.due_book import DueBook, written_to
from gridworker.app.today.round import Begun, begin_round
from gridworker.app.today.urgent import Looking
from gridworker.store.queries import news

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

DAYS = 4
"""Days it is worked out for: a weekend, and the day after it."""

_NAME = "round"


class Brief:
    """What is kept of how rounds begin, in a store."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._book = session.shared(DueBook)
        self._kept_at: tuple[object, ...] | None = None

    def begun(self, connection: "Connection", passed_over: Collection[int], most: int) -> Begun | None:
        """How today's round begins where so many of a section are looked at; None where that is not known."""
        if self._book.is_known:
            return None  # what is in memory is brought up as soon, whatever came
        found = kept.read_kept(connection, _NAME, due_book.VERSION)
        if found is None or (news.newest(connection) > found.link and written_to(connection, found.link) != set()):
            return None
        many, without, days = msgpack.unpackb(found.body)
        today = self._session.today()
        begun = days.get(today.isoformat())
        if begun is None or many != most or without != sorted(passed_over):
            return None
        return _begun(today, *begun)

    def before(self, connection: "Connection", most: int) -> Begun | None:
        """How today's round began before very much came, while it takes seconds to tell how it does now.

        None where it takes no longer than a glance, or where nothing is known of before.
        """
        if self._book.is_of(news.newest(connection)):
            return None
        found = kept.read_kept(connection, _NAME, due_book.VERSION)
        if found is None or news.is_told(connection, found.link):
            return None
        many, _, days = msgpack.unpackb(found.body)
        begun = days.get(self._session.today().isoformat())
        return _begun(self._session.today(), *begun) if begun is not None and many == most else None

    def keep(self, passed_over: "Callable[[Connection], Collection[int]]", looking: Looking) -> None:
        """Keep how rounds begin now, if that is not kept."""
        with self._session.store.db.read() as connection:
            link, without = news.newest(connection), sorted(passed_over(connection))
            at = (link, self._session.today(), *without)
            if at == self._kept_at:
                return
            days = {
                day.isoformat(): _told(begin_round(connection, day, asks, set(without), looking))
                for day, asks in self._book.days_ahead(connection, DAYS)
            }
        body: bytes = msgpack.packb((looking.most, without, days))
        if days and kept.keep(self._session, _NAME, due_book.VERSION, kept.Kept(link, body)):
            self._kept_at = at


def _begun(today: date, chosen: Collection[int], others: Mapping[str, int]) -> Begun:
    return Begun(today, set(chosen), Counter({date.fromisoformat(day): count for day, count in others.items()}))


def _told(begun: Begun) -> tuple[list[int], dict[str, int]]:
    return sorted(begun.chosen), {day.isoformat(): count for day, count in begun.others.items()}
