"""A bundle is taken back as a whole, and brought back: both are acts like others, and nothing is removed by them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.session import Session
from gridworker.errors import NotFound, Problem
from gridworker.store.log.clock import EPOCH
from gridworker.store.streams import Exchange
from gridworker.store.undone import taken_back


@dataclass(frozen=True, slots=True)
class Back:
    """What it did: how many records it changed, and how much stays as it is, changed or used since."""

    records: int
    kept: int


def when_taken_back(session: Session, batch: int | None) -> datetime | None:
    """When what a link brought was taken back; None where it stands."""
    with session.store.cursor() as cursor:
        found = taken_back(cursor).get(batch or 0)
    return EPOCH + timedelta(milliseconds=found.at) if found else None


class BundlesBack(Service):
    """Taking bundles back and bringing them back, by their number in the journal or by their file."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def numbered(self, file: str) -> int:
        """The number in the journal of a bundle: of what is in the file, else of that which had its name.

        What is in it goes first: somebody may have given it the name of another. Raises NotFound.
        """
        digest, name = self._digest(Path(file)), Path(file).name
        with self._session.store.cursor() as cursor:
            exchange = Exchange(cursor)
            row = exchange.bundle(bytes.fromhex(digest)) if digest else None
            rows = [row] if row else [] if digest else exchange.bundles(outgoing=False, limit=None)
        found = next((row.batch for row in rows if (digest or row.path == name) and row.batch), None)
        if found is None:
            raise NotFound("No bundle {name} was taken in here.", name=name)
        return found

    def _digest(self, path: Path) -> str:
        """By what a bundle is known here; empty where there is no such file, or none that this computer can read."""
        from gridworker.sync.files.files import load_bundle
        from gridworker.sync.post import Post

        session = self._session
        try:
            return Post(session.store, session.folder, session.who).known_by(load_bundle(path))
        except Problem:
            return ""

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def take_back(self, batch: int) -> Back:
        """Undo all that a bundle brought; what others changed since stays. Raises NotFound where it is taken back."""
        if when_taken_back(self._session, batch) is not None:
            raise NotFound("This bundle was taken back already.")
        return self._undo(batch)

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def bring_back(self, batch: int) -> Back:
        """Undo that a bundle was taken back: its values stand again. Raises NotFound where it was not."""
        with self._session.store.cursor() as cursor:
            found = taken_back(cursor).get(batch)
        if found is None:
            raise NotFound("This bundle stands: it was not taken back.")
        return self._undo(found.no)

    def _undo(self, no: int) -> Back:
        from gridworker.store.undo import undo_batch

        self._session.require_writer()
        undone = undo_batch(self._session.store, no, self._session.who)
        self._session.announce(undone.commit)
        return Back(undone.commit.count - 1, undone.kept)  # without the row of the audit
