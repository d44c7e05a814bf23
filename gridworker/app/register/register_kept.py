"""Registers as they were sorted last, kept in memory until the journal brings a record of their kind.

Hundreds of thousands of doors are not put in order in less than a second. They are while nobody does anything, and
whoever turns to another order, or back to one, does not wait for it.
"""

from array import array
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.log.op import What
from gridworker.store.queries import news
from gridworker.store.records import kind_named

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection


KEPT = 8
"""Orders that are kept: all a register has. Each takes eight bytes a record."""

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


class KeptSorts:
    """What was sorted, each with the link of the journal up to which it is known to be so."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[Sorted, tuple[int, array[int]]] = {}

    def get(self, connection: "Connection", wanted: Sorted) -> "array[int] | None":
        """The ids in that order, as this connection sees the books; None where it has to be read."""
        newest = news.newest(connection)
        with self._lock:
            link, ids = self._kept.get(wanted, (-1, None))
        if ids is None or newest < link:
            return None
        came = news.since(connection, link) if newest > link else []
        of_it = {kind_named(kind).kind.number for kind in (wanted.kind, _CLOCKS)}
        if came is None or any(one.kind in of_it or one.what not in _TOLD for one in came):
            return None
        self._put(wanted, newest, ids)
        return ids

    def keep(self, connection: "Connection", wanted: Sorted, ids: "array[int]") -> None:
        """Remember an order that was read on this connection."""
        self._put(wanted, news.newest(connection), ids)

    def _put(self, wanted: Sorted, link: int, ids: "array[int]") -> None:
        with self._lock:
            self._kept.pop(wanted, None)  # what was asked for last goes last
            self._kept[wanted] = link, ids
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
