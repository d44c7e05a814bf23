"""Registers as they were sorted last, brought up to what the journal brought of their kind.

Hundreds of thousands of doors are not put in order in less than a second. They are while nobody does anything, and
whoever turns to another order, or back to one, does not wait for it. Large ones are kept beside the books too, so that
the next start need not read them.
"""

from array import array
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app import kept
from gridworker.app.few_bytes import packed_numbers, unpacked_numbers
from gridworker.app.long_sort import ID
from gridworker.app.register.register_seats import MOST, Sorting, Values, reseated
from gridworker.store.log.op import What
from gridworker.store.queries import news
from gridworker.store.records import kind_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection

    Seating = Callable[[], tuple[Values, Sorting]]


KEPT = 8
"""Orders that are kept in memory: all a register has. Each takes eight bytes a record."""

WORTH_KEEPING = 5_000
"""Fewer records are sorted in two hundredths of a second, and nothing is kept beside the books."""

VERSION = 1
"""Of what an order is kept as, and of what values are sorted by: raised with either."""

_TOLD = frozenset({What.CREATE, What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE})
"""What an op of these sorts does, it does to its own record alone."""

_CLOCKS = "clock_correction"
"""Such a record may show other values of many others: of several the later one is shown (store/intake/choosing.py)."""


class Sorted(NamedTuple):
    """A register, the field it is sorted by, whether it is turned round, and the language of its words."""

    kind: str
    field: str
    down: bool
    language: str

    @property
    def name(self) -> str:
        """What it is kept under."""
        return f"sorted {self.kind} {self.field} {self.down:d} {self.language}"


class KeptSorts:
    """What was sorted, each with the link of the journal up to which it is known to be so."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[Sorted, tuple[int, array[int]]] = {}
        self._beside: dict[Sorted, int] = {}

    def get(self, connection: "Connection", wanted: Sorted, seating: "Seating") -> "array[int] | None":
        """The ids in that order, as this connection sees the books; None where it has to be read.

        ``seating``: what tells where a record belongs, for those that came since.
        """
        newest = news.newest(connection)
        with self._lock:
            known = self._kept.get(wanted) or self._taken_up(connection, wanted)
        if known is None or newest < known[0]:
            return None
        link, ids = known
        changed = _changed(connection, wanted.kind, link) if newest > link else set[int]()
        if changed is None or len(changed) > MOST or (changed and not wanted.field):
            return None
        if changed:
            ids = reseated(ids, changed, *seating())
        self._put(wanted, newest, ids)
        return ids

    def keep(self, connection: "Connection", wanted: Sorted, ids: "array[int]") -> None:
        """Remember an order that was read on this connection."""
        self._put(wanted, news.newest(connection), ids)

    def keep_beside(self, session: "Session", wanted: Sorted) -> None:
        """Keep an order that is in memory for the next start, where it is long and much has come since it was kept."""
        with self._lock:
            link, ids = self._kept.get(wanted, (-1, array(ID)))
            before = self._beside.get(wanted)
        if len(ids) < WORTH_KEEPING or (before is not None and link - before <= kept.LAG):
            return
        if kept.keep(session, wanted.name, VERSION, kept.Kept(link, packed_numbers(ids))):
            with self._lock:
                self._beside[wanted] = link

    def _taken_up(self, connection: "Connection", wanted: Sorted) -> "tuple[int, array[int]] | None":
        """What is kept beside the books."""
        found = kept.read_kept(connection, wanted.name, VERSION)
        if found is None:
            return None
        self._beside[wanted] = found.link
        return found.link, unpacked_numbers(found.body, ID)

    def _put(self, wanted: Sorted, link: int, ids: "array[int]") -> None:
        with self._lock:
            self._kept.pop(wanted, None)  # what was asked for last goes last
            self._kept[wanted] = link, ids
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]


def _changed(connection: "Connection", kind: str, link: int) -> set[int] | None:
    """The records of a kind that may stand elsewhere than at a link of the journal; None where that is not known."""
    came = news.since(connection, link)
    of_it, clocks = (kind_named(name).kind.number for name in (kind, _CLOCKS))
    if came is None or any(one.kind == clocks or one.what not in _TOLD for one in came):
        return None
    return {one.record for one in came if one.kind == of_it}
