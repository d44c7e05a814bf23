"""Records of any kind by name, for the generic register page and for scripts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.entry.entry_rules import by_number, closed_of_child, doubts, owned, refuse_unfit, standing
from gridworker.app.entry.numbers import numbered
from gridworker.app.entry.references import refuse_absent
from gridworker.app.entry.refusals import refuse_rested_on, resting_words
from gridworker.app.entry.reserved import refuse_going, refuse_new, refuse_reserved
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.household.one_head import led_by
from gridworker.app.ledger.handed_out import marks, of_the_day, put_to_the_day, too_many_today
from gridworker.app.office_rules import OfficeRules
from gridworker.app.register.children import RESIDENT, child_covered, child_history
from gridworker.app.session import Session
from gridworker.app.undoing import undo_batch, undo_last
from gridworker.app.words.called import households_called
from gridworker.domain.masking import HIDDEN, is_masked, masked
from gridworker.errors import Denied, NotFound
from gridworker.record import Value
from gridworker.store import records
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.record import Kind, Record, Spec
    from gridworker.store.engine.database import Connection
    from gridworker.store.history import Event
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.undo import Undone


@dataclass(frozen=True, slots=True)
class Found:
    """One record: its id, what it is called, its values by field name."""

    id: int
    caption: str
    values: Mapping[str, Value]
    batch: int = 0
    """The act that has just saved it, for ``undo_batch``; 0 where it was only read."""


class Records(Service):
    """List, show, save, remove, history, undo: for every kind from its declaration."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @staticmethod
    @free("what the program knows, no record")
    def kinds() -> "list[Kind]":
        """All kinds, in the order of their numbers."""
        from gridworker import discover

        return [record.kind for record in discover.kinds().values()]

    @needs(Action.READ, of="kind")
    def page(
        self, kind: str, *, after: int = 0, limit: int = 200, where: Mapping[str, Value] | None = None
    ) -> list[Found]:
        """The next records of a kind above an id. Raises NotFound for an unknown kind or field."""
        record = records.kind_named(kind)
        with self._session.store.db.read() as connection:
            rows = records.page(connection, kind, after=after, limit=limit, where=where)
        return self._found(record, dict(rows))

    @needs(Action.READ, of="kind")
    def show(self, kind: str, id_: int) -> Found:
        """One record. Raises NotFound."""
        record = records.kind_named(kind)
        values = self._session.store.get(kind, id_)
        if values is None:
            raise NotFound("There is no record {id} of kind “{kind}” here.", id=id_, kind=kind)
        return self._found(record, {id_: values})[0]

    @needs(Action.READ, of="kind")
    def several(self, kind: str, ids: Collection[int]) -> dict[int, Found]:
        """Some records by id, read at once; those not there are left out. Raises NotFound for an unknown kind."""
        record = records.kind_named(kind)
        with self._session.store.db.read() as connection:
            known = records.get_many(connection, kind, ids)
        return {one.id: one for one in self._found(record, {id_: known[id_] for id_ in ids if id_ in known})}

    @needs(Action.CHANGE, of="kind")
    def save(self, kind: str, values: Mapping[str, object], id_: int | None = None, *, finishes: str = "") -> Found:
        """Save the named fields of a new or an existing record. Raises StoreBusy, Invalid, NotFound, Problem.

        ``finishes`` is the draft it came from.
        """
        self._session.require_writer()  # before the checks: a window that only shows would check masked values
        record = records.kind_named(kind)
        if id_ is None:
            self.require(Action.CREATE, self.matter(kind))
            refuse_new(record)
            values = owned(self._session, kind, numbered(self._session, kind, values))
        checked = record.checked(values, partial=id_ is not None)
        new_id = self._session.new_id() if id_ is None else id_
        before = {} if id_ is None else self._kept(kind, id_)
        refuse_reserved(record, checked, before)
        if id_ is not None:
            record.checked({**standing(record, before), **checked}, partial=True)
        refuse_absent(self._session, record, checked, before)
        refuse_unfit(self._session, record, id_, checked, before)
        if kind == "resident":
            checked |= by_number(checked, before, closed_of_child(self._session, id_, {**before, **checked}))
        beside = led_by(self._session, checked, before) if kind == "household_member" else []
        change = Change(kind, new_id, checked, create=id_ is None)
        written = _act(kind, checked, new=id_ is None)
        commit = self._session.write([change, *beside], written, dropping(finishes, self._session.who))
        [found] = self._found(record, {new_id: self._session.store.get(kind, new_id) or {}})
        return replace(found, batch=commit.batch)

    def _kept(self, kind: str, id_: int) -> Mapping[str, Value]:
        """What a record holds, in clear: a number that this person sees covered would be no number to its rules."""
        self.show(kind, id_)
        return self._session.store.get(kind, id_) or {}

    @needs(Action.READ, of="kind")
    def doubts(self, kind: str, id_: int) -> tuple[str, ...]:
        """What looks wrong about a record and stops nobody, in words (domain.md 2.6)."""
        return doubts(self._session, kind, self._session.store.get(kind, id_) or {})

    @needs(Action.DELETE, of="kind")
    def remove(self, kind: str, id_: int) -> "Commit":
        """Delete a record; it stays in the history and can be brought back. Raises NotFound.

        Raises Problem for a place with something in it, and for what services of their own write.
        """
        record = records.kind_named(kind)
        values = self.show(kind, id_).values
        refuse_going(record)
        refuse_rested_on(self._session.store, record, id_, values)
        return self._session.write([Change(kind, id_, alive=False)], "delete")

    @needs(Action.READ, of="kind")
    def resting_on(self, kind: str, id_: int) -> str:
        """What refers to a record, in words: it stays where that is deleted, and refers to nothing then."""
        return resting_words(self._session.store, records.kind_named(kind).kind.name, id_)

    @needs(Action.DELETE, of="kind")
    def bring_back(self, kind: str, id_: int) -> "Commit":
        """Undo a deletion, whoever made it. Raises NotFound, Problem for what services of their own write."""
        refuse_new(records.kind_named(kind))
        return self._session.write([Change(kind, id_, alive=True)], "restore")

    @needs(Action.READ, of="kind")
    def history(self, kind: str, id_: int) -> "list[Event]":
        """All that happened to a record, newest first. Raises NotFound."""
        from gridworker.store.history import history

        records.kind_named(kind)
        with self._session.store.cursor() as cursor:
            events = history(cursor, id_, kind)
        if not events:
            raise NotFound("There is no record {id} of kind “{kind}” here.", id=id_, kind=kind)
        events = events if self._shows(kind) else [self._covered(kind, event) for event in events]
        specs = records.kind_named(kind).kind.specs
        return child_history(self._session, specs, id_, events) if kind == RESIDENT else events

    @needs(Action.READ, of="kind")
    def history_lines(self, kind: str, id_: int) -> list[str]:
        """The same in words. Raises NotFound."""
        from gridworker.app.register.history_words import history_lines

        return history_lines(self._session, kind, self.history(kind, id_))

    @free("it only writes the audit")
    def note_shown(self, kind: str, shown: Collection[int], *, one: bool = False) -> None:
        """Put on record that values which pages mask were shown in clear, as scripts need them.

        Raises Denied for more than a laptop gives out in a day without a code: such a list is an export, and so are its
        records ``one`` by one.
        """
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.meta import Meta

        if not shown or not self._shows(kind) or not any(map(is_masked, records.kind_named(kind).kind.specs.values())):
            return
        new = marks(kind, shown)
        self._refuse_above_cap(len(shown), new)

        def beside(connection: "Connection", _commit: "Commit") -> None:
            put_to_the_day(self._session, Meta(raw_cursor(connection)), new)

        record = next(iter(shown)) if one else None
        self._session.note("reveal", beside, kind=kind, record=record, count=len(shown))

    def _refuse_above_cap(self, count: int, new: frozenset[str]) -> None:
        cap, day = OfficeRules(self._session).export_cap(), of_the_day(self._session, new)
        if self._session.is_office or max(count, day) <= cap:
            return
        if count <= cap:
            raise too_many_today(cap, day)
        raise Denied(
            "These are {count} records in clear; up to {cap} leave a laptop without a code from the office. "
            "Export them as a ledger, with the code: gridworker roster export.",
            count=count, cap=cap,
        )  # fmt: skip

    @staticmethod
    @free("words")
    def act_words(act: str) -> str:
        """What an act of the journal is called."""
        from gridworker.domain.codes_office import AUDIT_ACTION

        return AUDIT_ACTION.label(act)

    @free("asked for what the act touched")
    def undo(self) -> "Undone":
        """Take back the last act of this person. Raises NotFound where there is none, Denied where they may no more."""
        return self._undone(undo_last(self._session))

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def undo_batch(self, no: int) -> "Undone":
        """Take back a whole act by its number in the journal. Raises Denied for who may not write what it touched."""
        return self._undone(undo_batch(self._session, no))

    def _undone(self, undone: "Undone") -> "Undone":
        """What had followed a record that was one with another goes its own way again."""
        if self._session.is_office and undone.act == "same":
            from gridworker.app.exchange.following import part_again

            part_again(self._session)
        return undone

    @staticmethod
    @free("what the program knows, no record")
    def kind(name: str) -> "type[Record]":
        """The class of a kind, with its labels, code lists and checks. Raises NotFound."""
        return records.kind_named(name)

    def _found(self, record: "type[Record]", rows: Mapping[int, Mapping[str, Value]]) -> list[Found]:
        """Records as this person may see them: what pages mask stays masked for who may not show it in clear.

        Of children under 14 nothing is seen here that a form does not show.
        """
        if not self._shows(record.kind.name):
            rows = {
                id_: {name: _cover(record.kind.specs[name], value) for name, value in values.items()}
                for id_, values in rows.items()
            }
        if record.kind.name == RESIDENT:
            specs = record.kind.specs
            rows = {id_: child_covered(self._session, specs, id_, values) for id_, values in rows.items()}
        found = [Found(id_, record.caption(values), values) for id_, values in rows.items()]
        if record.kind.name != "household":
            return found
        unnamed = [one.id for one in found if not one.caption]
        called = households_called(self._session.store, unnamed, heads=self.may(Action.READ, self.matter("resident")))
        return [one if one.caption else replace(one, caption=called.get(one.id, "")) for one in found]

    def _shows(self, kind: str) -> bool:
        """Whether values come in clear: not to who may not see them so, nor where it could not be put on record."""
        return not self._session.read_only and self.may(Action.REVEAL, self.matter(kind))

    @staticmethod
    def _covered(kind: str, event: "Event") -> "Event":
        specs = records.kind_named(kind).kind.specs
        changes = tuple(
            replace(
                change,
                before=tuple(_cover(specs.get(change.field), value) for value in change.before),
                after=_cover(specs.get(change.field), change.after),
            )
            if change.field != "alive"
            else change
            for change in event.changes
        )
        return replace(event, changes=changes)


def _cover(spec: "Spec | None", value: Value) -> Value:
    """A value as pages show it; of a field of a newer version nobody knows yet whether it may be seen."""
    if value is None:
        return None
    if spec is None:
        return HIDDEN
    return masked(spec, value) if is_masked(spec) else value


def _act(kind: str, values: Mapping[str, Value], *, new: bool) -> str:
    """The act by its name in the audit: who may do what, and what holds for everybody, are told apart from the rest."""
    if kind == "staff" and (new or values.keys() & {"role", "active"}):
        return "role"
    if kind == "community":
        return "settings"
    return "create" if new else "edit"
