"""Changes turned into ops: only what differs from the store, each naming what it replaces."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from gridworker import discover
from gridworker.errors import NotFound, Problem
from gridworker.record import ALIVE, Kind, Value
from gridworker.store.log.clock import Clock
from gridworker.store.log.heads import Packed, heads_of
from gridworker.store.log.log import Cursor, Log, Standing, chunks, id_list, unpack_heads
from gridworker.store.log.op import Edit, OpRow, What, pack_create, pack_edits, unpack_edits
from gridworker.store.tables.changes import Act, Change
from gridworker.store.tables.layout import table_named
from gridworker.store.tables.reading import all_heads, read


class OpWriter:
    """Makes ops inside an open transaction."""

    def __init__(self, cursor: Cursor, clock: Clock, author: int) -> None:
        self._cursor = cursor
        self._clock = clock
        self._author = author
        self.standing: Standing | None = None
        """The records edited, as they stood: what merges the ops in the same transaction need not read them again."""

    def edits(self, changes: Sequence[Change], act: Act) -> list[OpRow]:
        """The ops for changes of records that are here; none where nothing differs.

        Raises NotFound, Problem (conflict waiting, entries that stay as they were written).
        """
        _refuse_rewriting(changes, act)
        if not changes:
            return []
        before = _Before(self._cursor, changes)
        self.standing = before.standing
        return [row for change in changes for row in self._edits(change, before, resolve=act.resolve)]

    def creations(self, changes: Iterable[Change]) -> list[OpRow]:
        """The ops that make a few records; very many are made side by side (creations.py)."""
        made = ((change, table_named(change.kind).kind) for change in changes)
        return [
            self._row(
                change.record,
                kind,
                change.record,
                What.CREATE,
                pack_create({kind.specs[name].number: value for name, value in change.values.items()}),
            )
            for change, kind in made
        ]

    def _edits(self, change: Change, before: "_Before", *, resolve: bool) -> Iterator[OpRow]:
        kind = table_named(change.kind).kind
        if before.kinds.get(change.record) != kind.number:
            raise NotFound("This record is not here.")
        packed = before.heads[change.record]
        if change.erase:
            erasure = self._erasure(change, kind, packed, before)
            packed = {**packed, **dict.fromkeys(change.erase, erasure.clk)}
            yield erasure
        for row in self._values(change, kind, packed, before, resolve=resolve) if change.values else ():
            yield row
            if change.again or change.alive is not None or change.erase:  # what comes after it names it
                packed = {**packed, **{edit.field: row.clk for edit in unpack_edits(row.record, row.vals)}}
        if change.again:
            yield from self._again(change, kind, packed, before)
        if change.alive is not None or _stays_deleted(change, before):
            yield from self._existence(change, kind, packed, before)

    def _erasure(self, change: Change, kind: Kind, packed: Packed, before: "_Before") -> OpRow:
        """It names the heads as any edit does; what it takes the place of beside them is for blanking.py to say."""
        edits = [Edit(number, None, before.over(packed, change.record, number)) for number in change.erase]
        return self._row(self._clock.next(), kind, change.record, What.ERASE, pack_edits(change.record, edits))

    def _values(
        self, change: Change, kind: Kind, packed: Packed, before: "_Before", *, resolve: bool
    ) -> Iterator[OpRow]:
        stored = before.values.get(change.record)
        if stored is None:
            raise NotFound("This record has been deleted. Bring it back first.")
        edits = []
        for name, value in change.values.items():
            number = kind.specs[name].number
            heads = heads_of(packed, change.record, number)
            differs = (None if number in change.erase else stored[name]) != value
            if differs and (change.record, number) in before.conflicts and not (resolve or number in change.erase):
                raise Problem(
                    "Two people changed “{field}” differently. Settle that first.", field=kind.specs[name].label
                )
            if differs or (resolve and len(heads) > 1):
                edits.append(Edit(number, value, before.over(packed, change.record, number)))
        if edits:
            what = What.RESOLVE if resolve else What.EDIT
            yield self._row(self._clock.next(), kind, change.record, what, pack_edits(change.record, edits))

    def _again(self, change: Change, kind: Kind, packed: Packed, before: "_Before") -> Iterator[OpRow]:
        """The sides of a conflict written anew: each in place of all that stands, and beside the others.

        Existence comes last: what a deletion had seen it has seen of what was written anew for it, too.
        """
        anew: dict[int, frozenset[int]] = {}
        for number, sides in sorted(change.again.items(), reverse=True):
            over = before.over(packed, change.record, number)
            for side in sides:
                what = What.RESOLVE if number > ALIVE else What.RESTORE if side.value else What.DELETE
                clk, seen = self._clock.next(), side.seen
                if seen is not None:
                    seen = seen.union(one for one, ops in anew.items() if ops <= seen)
                anew[clk] = side.ops
                edit = Edit(number, side.value, over)
                vals = pack_edits(change.record, [edit], None if seen is None else _and_into(seen, side.into))
                yield self._row(clk, kind, change.record, what, vals)

    def _existence(self, change: Change, kind: Kind, packed: Packed, before: "_Before") -> Iterator[OpRow]:
        """A deletion says what it saw; a return replaces every deletion. Both also settle a deletion in conflict."""
        record = change.record
        is_as_wanted = change.alive == (record in before.shown) and (record, ALIVE) not in before.conflicts
        if is_as_wanted and not _stays_deleted(change, before):
            return
        edit = Edit(ALIVE, int(bool(change.alive)), tuple(heads_of(packed, record, ALIVE)))
        seen = {head for number in packed if number > ALIVE for head in heads_of(packed, record, number)}
        what = What.RESTORE if change.alive else What.DELETE
        vals = pack_edits(record, [edit], None if change.alive else _and_into(seen, change.into))
        yield self._row(self._clock.next(), kind, record, what, vals)

    def _row(self, clk: int, kind: Kind, record: int, what: What, vals: bytes) -> OpRow:
        return OpRow(clk, kind.number, record, int(what), self._author, vals)


def _and_into(seen: Collection[int], into: int) -> list[int]:
    """What a deletion had seen, with the record that its own is one with (op.into_in)."""
    return [*seen, into, into] if into else [*seen]


def _stays_deleted(change: Change, before: "_Before") -> bool:
    """Whether what is erased was deleted before: the deletion had not seen the erasure, and would be in conflict."""
    return bool(change.erase) and not change.alive and change.record not in before.shown and ALIVE not in change.again


@cache
def _settled(kind: str, names: tuple[str, ...]) -> str:
    """Reads packed heads and some values of a record, by its id."""
    columns = "".join(f', t."{name}"' for name in names)
    return (
        f'SELECT h.k{columns} FROM "{kind}" t LEFT JOIN head h ON h.record = t.id WHERE t.id = ?1 '
        "AND NOT EXISTS (SELECT 1 FROM conflict WHERE record = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM erased WHERE record = ?1)"
    )


class _Before:
    """The records of some changes as they are stored."""

    def __init__(self, cursor: Cursor, changes: Sequence[Change]) -> None:
        self._cursor = cursor
        self._log = Log(cursor)
        if len(changes) == 1 and self._is_settled(changes[0]):
            return
        by_kind: dict[str, list[int]] = defaultdict(list)
        for change in changes:
            by_kind[change.kind].append(change.record)
        records = {change.record for change in changes}
        self.standing = self._log.standing(
            {table_named(name).kind.number: (name, ids) for name, ids in by_kind.items()}
        )
        self.kinds, self.heads = self.standing
        self.conflicts = self._conflicts(records)
        """(record, field)"""
        self._erased = self._log.erasures(records)
        self.values = self._stored(by_kind)
        """By record, at least of the fields that change; of deleted ones, those that this act brings back."""
        self.shown = frozenset(self.values)
        self._add_returning({change.record for change in changes if change.alive or ALIVE in change.again} - self.shown)

    def _is_settled(self, change: Change) -> bool:
        """Read one record in one go, where it is shown and nothing about it is in conflict or erased: nearly always."""
        table, record, names = table_named(change.kind), change.record, tuple(change.values)
        self._cursor.execute(_settled(change.kind, names), (record,))
        found = self._cursor.fetchone()
        if found is None:
            return False
        k, *row = found
        self.standing = Standing({record: table.kind.number}, {record: unpack_heads(k) if k else {}})
        self.kinds, self.heads = self.standing
        self.conflicts, self._erased = set(), {}
        self.values = {record: dict(zip(names, row, strict=True))}
        self.shown = frozenset(self.values)
        return True

    def over(self, packed: Packed, record: int, number: int) -> tuple[int, ...]:
        """What an edit of a field names: the heads, and every erasure of it, for the value would go otherwise."""
        erasures = self._erased.get(record, {}).get(number, set())
        return tuple(sorted({*heads_of(packed, record, number), *erasures}))

    def _conflicts(self, records: Collection[int]) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        for part in chunks(records):
            self._cursor.execute(
                "SELECT record, field FROM conflict WHERE record IN (SELECT value FROM json_each(?))", (id_list(part),)
            )
            found.update(self._cursor.fetchall())
        return found

    def _stored(self, by_kind: Mapping[str, Iterable[int]]) -> dict[int, dict[str, Value]]:
        stored: dict[int, dict[str, Value]] = {}
        for name, ids in by_kind.items():
            table = table_named(name)
            for part in chunks(ids):
                self._cursor.execute(f"{table.select} WHERE id IN (SELECT value FROM json_each(?))", (id_list(part),))
                stored.update(map(table.named, self._cursor.fetchall()))
        return stored

    def _add_returning(self, records: Collection[int]) -> None:
        known = discover.by_number()
        here = {record: self.heads[record] for record in records if self.kinds.get(record) in known}
        ops = self._log.rows({clk for record, packed in here.items() for clk in all_heads(record, packed)})
        for record, packed in here.items():
            self.values[record] = read(record, packed, ops, known[self.kinds[record]].kind).row


def _refuse_rewriting(changes: Sequence[Change], act: Act) -> None:
    """Raise Problem where an append-only entry would be changed or deleted.

    Its own act may be undone, a conflict that came in settled, and a person's right to be forgotten goes before.
    """
    if act.resolve or act.undoes is not None:
        return
    for change in changes:
        kind = table_named(change.kind).kind
        if kind.append_only and not change.erase and (change.values or change.alive is False):
            raise Problem("“{kind}”: an entry stays as it was written. Add another one that says what is right.",
                          kind=kind.title)  # fmt: skip
