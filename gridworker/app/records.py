"""Records of any kind by name, for the generic register page and for scripts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.app.session import Session
from gridworker.errors import NotFound
from gridworker.record import Value
from gridworker.store import records
from gridworker.store.changes import Change

if TYPE_CHECKING:
    from gridworker.record import Kind, Record
    from gridworker.store.history import Event
    from gridworker.store.transaction import Commit
    from gridworker.store.undo import Undone


@dataclass(frozen=True, slots=True)
class Found:
    """One record: its id, what it is called, its values by field name."""

    id: int
    caption: str
    values: Mapping[str, Value]


class Records:
    """List, show, save, remove, history, undo: for every kind from its declaration."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @staticmethod
    def kinds() -> "list[Kind]":
        """All kinds, in the order of their numbers."""
        from gridworker import discover

        return [record.kind for record in discover.kinds().values()]

    def page(
        self, kind: str, *, after: int = 0, limit: int = 200, where: Mapping[str, Value] | None = None
    ) -> list[Found]:
        """The next records of a kind above an id. Raises NotFound for an unknown kind or field."""
        record = records.kind_named(kind)
        with self._session.store.db.read() as connection:
            rows = records.page(connection, kind, after=after, limit=limit, where=where)
        return [Found(id_, record.caption(values), values) for id_, values in rows]

    def show(self, kind: str, id_: int) -> Found:
        """One record. Raises NotFound."""
        record = records.kind_named(kind)
        values = self._session.store.get(kind, id_)
        if values is None:
            raise NotFound("There is no record {id} of kind “{kind}” here.", id=id_, kind=kind)
        return Found(id_, record.caption(values), values)

    def save(self, kind: str, values: Mapping[str, object], id_: int | None = None) -> Found:
        """Save the named fields of a new or an existing record. Raises Invalid, NotFound, Problem."""
        record = records.kind_named(kind)
        checked = record.checked(values, partial=id_ is not None)
        new_id = self._session.new_id() if id_ is None else id_
        if id_ is not None:
            record.checked({**self.show(kind, id_).values, **checked}, partial=True)
        self._session.write([Change(kind, new_id, checked, create=id_ is None)], "create" if id_ is None else "edit")
        return self.show(kind, new_id)

    def remove(self, kind: str, id_: int) -> "Commit":
        """Delete a record; it stays in the history and can be brought back. Raises NotFound."""
        self.show(kind, id_)
        return self._session.write([Change(kind, id_, alive=False)], "delete")

    def bring_back(self, kind: str, id_: int) -> "Commit":
        """Undo a deletion, whoever made it. Raises NotFound."""
        records.kind_named(kind)
        return self._session.write([Change(kind, id_, alive=True)], "restore")

    def history(self, kind: str, id_: int) -> "list[Event]":
        """All that happened to a record, newest first. Raises NotFound."""
        from gridworker.store.history import history

        records.kind_named(kind)
        with self._session.store.cursor() as cursor:
            events = history(cursor, id_)
        if not events:
            raise NotFound("There is no record {id} of kind “{kind}” here.", id=id_, kind=kind)
        return events

    def history_lines(self, kind: str, id_: int) -> list[str]:
        """The same in words. Raises NotFound."""
        from gridworker.app.history_words import history_lines

        return history_lines(self._session, kind, self.history(kind, id_))

    def note_shown(self, kind: str, count: int, id_: int | None = None) -> None:
        """Put on record that values which pages mask were shown in clear, as scripts need them."""
        from gridworker.domain.masking import is_masked

        if count and any(is_masked(spec) for spec in records.kind_named(kind).kind.specs.values()):
            self._session.note("reveal", kind=kind, record=id_, count=count)

    @staticmethod
    def act_words(act: str) -> str:
        """What an act of the journal is called."""
        from gridworker.domain.codes_office import AUDIT_ACTION

        return AUDIT_ACTION.label(act)

    def undo(self) -> "Undone":
        """Take back the last act of this person. Raises NotFound where there is none."""
        from gridworker.store.undo import undo_last

        self._session.require_writer()
        undone = undo_last(self._session.store, self._session.who)
        self._session.announce(undone.commit)
        return undone

    def undo_batch(self, no: int) -> "Undone":
        """Take back a whole import or bundle by its number in the journal."""
        from gridworker.store.undo import undo_batch

        self._session.require_writer()
        undone = undo_batch(self._session.store, no, self._session.who)
        self._session.announce(undone.commit)
        return undone

    @staticmethod
    def kind(name: str) -> "type[Record]":
        """The class of a kind, with its labels, code lists and checks. Raises NotFound."""
        return records.kind_named(name)
