"""Looking after the store itself: its digest, its self-check, its search index."""

from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.errors import DiskFull, StoreBusy, StoreDamaged

if TYPE_CHECKING:
    from collections.abc import Callable

    from gridworker.store.health.check import Fault


class CareOfStore(Service):
    """What an office runs to know that two devices agree, and that a store is sound."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_past_tidying = False

    @needs(Action.READ, Matter.STORE)
    def digest(self, grid: str | None = None) -> str:
        """SHA-256 over the visible records, or over those of one grid by name or number. Raises NotFound."""
        from gridworker.app.exchange.devices import Devices
        from gridworker.store.departed import Departed
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.health.digest import digest
        from gridworker.store.scope.scope import in_scope, with_merged

        with self._session.store.db.read() as connection:
            if grid is None:
                return digest(connection)
            wanted = Devices(self._session).grid(grid)
            self._session.require_grid(wanted)
            left = Departed(raw_cursor(connection)).all()
            return digest(connection, in_scope(connection, with_merged(connection, wanted), laptop=None) - left)

    @needs(Action.READ, Matter.STORE)
    def check(self) -> "list[Fault]":
        """Everything that can be checked; an empty list is a sound store. Takes a while on a large one.

        That another computer is at work as the office is among it, though nothing is wrong with the store then.
        """
        from gridworker.app.backup.self_check import SelfCheck
        from gridworker.app.exchange.other_office import other_office_words
        from gridworker.store.health.check import Fault

        other = other_office_words(self._session)
        found = SelfCheck(self._session).whole()
        return [*([Fault("office", other, serious=False)] if other else []), *found]

    @needs(Action.CHANGE, Matter.STORE)
    def mend_index(self) -> None:
        """Make the search index anew from the records; none of them changes. Raises StoreBusy in a read-only window."""
        from gridworker.store.health.search_check import mend

        self._session.require_writer()
        mend(self._session.store)

    @free("a search is owed to all in as short a time; no record changes")
    def tidy_index(self, goes_on: "Callable[[], bool]") -> None:
        """Put the parts of the search index together, as long as it ``goes_on``: while nobody works.

        What was done by then stays. A read-only window leaves it to the one that writes, and nothing is done where the
        disk is nearly full: the room is for what people write. What the file does not bear is not tried again: that it
        is damaged is said by the self-check, and a search is only slower.
        """
        from gridworker.app.kept import ROOM
        from gridworker.store.engine.diskspace import free_bytes
        from gridworker.store.search.parts import put_together

        session = self._session
        if session.read_only or self._is_past_tidying:
            return
        try:
            put_together(session.store.db, lambda: free_bytes(session.folder.root) >= ROOM and goes_on())
        except (DiskFull, StoreBusy, StoreDamaged):
            self._is_past_tidying = True
