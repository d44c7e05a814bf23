"""What a person did, turned into ops: only what differs from the store, each naming what it replaces."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from gridworker import discover
from gridworker.errors import NotFound, Problem
from gridworker.record import ALIVE, Kind, Value
from gridworker.store.clock import EPOCH, Clock, ms_of
from gridworker.store.heads import Packed, heads_of
from gridworker.store.log import Cursor, Log, id_list, is_created
from gridworker.store.op import Edit, OpRow, What, pack_create, pack_edits

AUDIT = "audit_event"


@dataclass(frozen=True, slots=True)
class Change:
    """One record as a person wants it: a new one, some fields of one, or its deletion or return."""

    kind: str
    record: int
    values: Mapping[str, Value] = field(default_factory=dict)
    create: bool = False
    alive: bool | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, by whom, and what the audit says of it. Names of acts are fixed words, never data."""

    name: str
    who: int
    purpose: str = ""
    detail: str = ""
    kind: str = ""
    record: int | None = None
    count: int | None = None
    undoes: int | None = None
    resolve: bool = False
    """The edits settle conflicts: they replace all heads."""
    always: bool = False
    """Write the audit row even where nothing changed (unlock, reveal, export)."""

    @staticmethod
    def note(name: str, who: int, **audit: object) -> "Act":
        """An act that changes nothing and is only put on record."""
        return Act(name=f"note:{name}", who=who, always=True, **audit)  # type: ignore[arg-type]


class OpWriter:
    """Makes ops inside an open transaction."""

    def __init__(self, cursor: Cursor, clock: Clock, author: int) -> None:
        self._cursor = cursor
        self._clock = clock
        self._author = author

    def rows(self, changes: Sequence[Change], act: Act) -> list[OpRow]:
        """The ops for changes; an empty list where nothing differs. Raises NotFound, Problem (conflict waiting)."""
        combined = _combined(changes)
        made = [self._creation(change) for change in combined if change.create]
        existing = [change for change in combined if not change.create]
        if existing:
            heads = Log(self._cursor).heads({change.record for change in existing})
            stored = self._stored(existing)
            for change in existing:
                made += self._edits(change, heads.get(change.record), stored, resolve=act.resolve)
        return made

    def audit(self, act: Act, rows: Sequence[OpRow], device: int) -> list[OpRow]:
        """The audit row of an act, itself an op."""
        kind = discover.kinds()[AUDIT].kind
        clk = self._clock.next()
        one = rows[0] if len({row.record for row in rows}) == 1 else None
        known = discover.by_number()
        values: dict[str, Value] = {
            "at": (EPOCH + timedelta(milliseconds=ms_of(clk))).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "staff_id": act.who,
            "device": device,
            "action": act.name.removeprefix("note:"),
            "record_kind": act.kind or (known[one.kind].kind.name if one and one.kind in known else None),
            "record": act.record or (one.record if one else None),
            "count": act.count if act.count is not None else len(rows),
            "purpose": act.purpose or None,
            "detail": act.detail or None,
        }
        return [self._row(clk, kind, clk, What.CREATE, pack_create(_numbered(kind, values)))]

    def _creation(self, change: Change) -> OpRow:
        kind = _kind(change.kind)
        return self._row(change.record, kind, change.record, What.CREATE, pack_create(_numbered(kind, change.values)))

    def _stored(self, changes: Sequence[Change]) -> dict[int, dict[str, Value]]:
        by_kind: dict[str, list[int]] = defaultdict(list)
        for change in changes:
            by_kind[change.kind].append(change.record)
        stored: dict[int, dict[str, Value]] = {}
        for name, ids in by_kind.items():
            columns = tuple(_kind(name).specs)
            self._cursor.execute(
                f"SELECT id, {', '.join(columns)} FROM {name} WHERE id IN (SELECT value FROM json_each(?))",
                (id_list(ids),),
            )
            stored.update((row[0], dict(zip(columns, row[1:], strict=True))) for row in self._cursor.fetchall())
        return stored

    def _edits(
        self, change: Change, packed: Packed | None, stored: Mapping[int, Mapping[str, Value]], *, resolve: bool
    ) -> list[OpRow]:
        if packed is None or not is_created(packed):
            raise NotFound("This record is not here.")
        kind = _kind(change.kind)
        if change.alive is not None:
            return self._existence(change, kind, packed, here=change.record in stored)
        before = stored.get(change.record)
        if before is None:
            raise NotFound("This record has been deleted. Bring it back first.")
        edits = []
        for name, value in change.values.items():
            number = kind.specs[name].number
            heads = heads_of(packed, change.record, number)
            if len(heads) > 1 and not resolve and before[name] != value:
                raise Problem(
                    "Two people changed “{field}” differently. Settle that first.", field=kind.specs[name].label
                )
            if before[name] != value or (resolve and len(heads) > 1):
                edits.append(Edit(number, value, tuple(heads)))
        if not edits:
            return []
        clk = self._clock.next()
        what = What.RESOLVE if resolve else What.EDIT
        return [self._row(clk, kind, change.record, what, pack_edits(change.record, edits))]

    def _existence(self, change: Change, kind: Kind, packed: Packed, *, here: bool) -> list[OpRow]:
        """A deletion says what it saw; a return replaces every deletion. Both also settle a deletion in conflict."""
        heads = tuple(heads_of(packed, change.record, ALIVE))
        if bool(change.alive) == here and not self._is_contested(change.record):
            return []
        clk = self._clock.next()
        edit = Edit(ALIVE, int(bool(change.alive)), heads)
        if change.alive:
            return [self._row(clk, kind, change.record, What.RESTORE, pack_edits(change.record, [edit]))]
        seen = {head for number in packed if number > ALIVE for head in heads_of(packed, change.record, number)}
        return [self._row(clk, kind, change.record, What.DELETE, pack_edits(change.record, [edit], seen))]

    def _is_contested(self, record: int) -> bool:
        self._cursor.execute("SELECT 1 FROM conflict WHERE record = ? AND field = ?", (record, ALIVE))
        return self._cursor.fetchone() is not None

    def _row(self, clk: int, kind: Kind, record: int, what: What, vals: bytes) -> OpRow:
        return OpRow(clk, kind.number, record, int(what), self._author, vals)


def _combined(changes: Sequence[Change]) -> list[Change]:
    """One change a record: two ops of one act must not stand beside each other as if their authors were two."""
    found: dict[tuple[int, bool], Change] = {}
    for change in changes:
        key = (change.record, change.alive is not None)
        before = found.get(key)
        if before is not None:
            change = replace(change, values={**before.values, **change.values}, create=before.create or change.create)  # noqa: PLW2901
        found[key] = change
    return list(found.values())


def _kind(name: str) -> Kind:
    record = discover.kinds().get(name)
    if record is None:
        raise NotFound("There is no kind of record called {kind}.", kind=name)
    return record.kind


def _numbered(kind: Kind, values: Mapping[str, Value]) -> dict[int, Value]:
    return {kind.specs[name].number: value for name, value in values.items()}
