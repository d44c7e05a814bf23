"""What a laptop would hand over now, and when bundles last went: counted once until something is written."""

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from gridworker.app.exchange.views import Pending, Trip
from gridworker.store.log.clock import moment_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from gridworker.app.session import Session
    from gridworker.sync.outgoing import Outgoing


class ToHandOver:
    """The count, kept: the sidebar and a page both ask for it after each save, in threads of their own."""

    def __init__(
        self, session: "Session", outgoing: "Callable[[], Outgoing]", trips: "Callable[[], Sequence[Trip]]"
    ) -> None:
        self._session, self._outgoing, self._trips = session, outgoing, trips
        self._counting = Lock()
        self._kept: tuple[int, Pending] | None = None
        """What was found last, and how much had been written before."""

    def pending(self) -> Pending:
        """As it stands; a window that only reads does not hear of what another one writes, and counts each time."""
        with self._counting:
            writes = self._session.store.db.writes
            if self._kept is None or self._kept[0] != writes or self._session.read_only:
                self._kept = writes, self._count()
            return self._kept[1]

    def _count(self) -> Pending:
        from gridworker.sync.counts import waiting_of
        from gridworker.sync.files.attaching import waiting

        trips = self._trips()
        sent = [trip for trip in trips if trip.outgoing]
        with self._session.store.cursor() as cursor:
            counts, oldest = waiting_of(cursor, self._outgoing().rows)
        with self._session.store.db.read() as connection:
            files, size = waiting(connection)
        return Pending(
            sum(counts.values()),
            counts,
            sent[0].at if sent else None,
            trips[0].at if trips else None,
            moment_of(oldest) if oldest is not None else None,
            files,
            size,
        )
