"""Letting go, on a laptop, of values that were replaced and that the office has in its backup (sync.md 4)."""

from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.session import Session

if TYPE_CHECKING:
    from gridworker.store.erasure.compaction import Compacted


class Compacting(Service):
    """Compacts the log of a laptop."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.CHANGE, Matter.STORE)
    def run(self) -> "Compacted":
        """Do it now. Raises Denied at the office, StoreBusy."""
        from gridworker.store.erasure.compaction import compact
        from gridworker.store.tables.changes import COMPACT, Act

        self._session.require_writer()
        return compact(self._session.store, Act.note(COMPACT, self._session.who))

    @needs(Action.CHANGE, Matter.STORE)
    def run_if_due(self) -> None:
        """The same, once every few hundred links of the journal: it reads all of them."""
        from gridworker.store.erasure.compaction import is_due

        if not self._session.is_office and is_due(self._session.store):
            self.run()
