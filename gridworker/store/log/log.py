"""The append-only log: looking ops up, appending them, and the heads and awaited ops beside them.

Everything here runs inside a transaction that the store opened, on the driver's own cursor: one merge is some ten
statements over tens of thousands of rows.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice, repeat
from typing import Any, NamedTuple, TypeVar

import msgpack

from gridworker.store.engine.cursor import Cursor as Cursor
from gridworker.store.engine.rows import insert_columns, insert_rows
from gridworker.store.log.clock import TICK, newest_of
from gridworker.store.log.heads import Awaited, Packed
from gridworker.store.log.op import Author, OpRow, What
from gridworker.store.log.sheaves import SELECT, Held, Sheaves, fetch_ops

CHUNK = 20_000

_INSERT = "INSERT INTO op (clk, kind, record, what, author, vals) VALUES ({})"
_LOG = _INSERT.format("?,?,?,?,?,?")
_CREATE = _INSERT.format(f"?1,?2,?1,{int(What.CREATE)},?3,?4")

_CREATE_ALIKE = (
    "INSERT INTO op (clk, kind, record, what, author, vals) "
    f"SELECT value, ?2, value, {int(What.CREATE)}, ?3, ?4 + key FROM json_each(?1)"
)

_HEAD = "INSERT OR REPLACE INTO head (record, kind, k) VALUES (?,?,?)"

_Item = TypeVar("_Item")


class Columns(NamedTuple):
    """Ops side by side, ascending by clk: a tenth of the time that a loop over rows takes."""

    clk: Sequence[int]
    kind: Sequence[int]
    record: Sequence[int]
    what: Sequence[int]
    author: Sequence[int]
    vals: Sequence[bytes]

    @staticmethod
    def of(rows: Iterable[tuple[Any, ...]]) -> "Columns":
        """The columns of rows."""
        return Columns._make(zip(*rows, strict=True)) if rows else Columns((), (), (), (), (), ())


class Standing(NamedTuple):
    """What is known of records before a batch: kinds (0: edited, but not created yet) and packed heads."""

    kinds: dict[int, int]
    heads: dict[int, Packed]

    def only(self, records: Collection[int], fresh: Collection[int]) -> "Standing":
        """That of some records, and of ``fresh`` ones, which have no edits yet."""
        if len(records) == len(self.heads) and not fresh:
            return self
        heads = {record: self.heads[record] for record in records}
        return Standing({record: self.kinds[record] for record in heads}, {**heads, **{one: {} for one in fresh}})


FEW_AWAITED = 5000
"""Places waited for that are read whole."""

MANY_ASKED, LITTLE = 1000, 8
"""So many clks are looked for at once by what lies between them, where that is an eighth of them or less."""


def id_list(ids: Iterable[int]) -> str:
    """Ids as the one parameter of ``IN (SELECT value FROM json_each(?))``."""
    return f"[{','.join(map(str, ids))}]"


def chunks(items: Iterable[_Item], size: int = CHUNK) -> Iterator[list[_Item]]:
    """``items`` in lists of at most ``size``."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


class Log:
    """The tables op, head, awaited, author and newest."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def rows(self, clks: Iterable[int]) -> dict[int, OpRow]:
        """The ops with these clks, as far as they are here."""
        found: dict[int, OpRow] = {}
        for part in chunks(clks):
            self._cursor.execute(
                f"{SELECT} WHERE clk IN (SELECT value FROM json_each(?))",
                (id_list(part),),
            )
            found.update((row.clk, row) for row in fetch_ops(self._cursor))
        return found

    def columns(self, clks: Sequence[int]) -> Columns:
        """The ops with these clks, ascending, as far as they are here; side by side.

        What one device wrote mostly lies together, and is read as it lies: in half the time of looking each up.
        Raises TypeError, OverflowError for what are no clks.
        """
        wanted = array("q", clks)
        if not wanted:
            return Columns.of(())
        self._cursor.execute(
            f"{SELECT} WHERE clk BETWEEN ? AND ? ORDER BY clk LIMIT ?", (wanted[0], wanted[-1], len(wanted) + 1)
        )
        found = Columns.of(self._cursor.fetchall())
        if len(found.clk) == len(wanted) and array("q", found.clk) == wanted:
            return found._replace(vals=Sheaves(self._cursor).opened(found.vals))
        return Columns.of([row for _, row in sorted(self.rows(wanted).items())])

    def present(self, clks: Iterable[int]) -> set[int]:
        """Those of the clks that are in the log, or that a verdict names: nobody waits for what was judged."""
        found: set[int] = set()
        for part in chunks(clks):
            found |= self._present_in("op", part)
            self._cursor.execute("SELECT 1 FROM ruling LIMIT 1")
            if self._cursor.fetchone() is not None:
                found |= self._present_in("ruling", part)
        return found

    def _present_in(self, table: str, clks: Collection[int]) -> set[int]:
        if table == "op":
            clks = maybe_logged(self._cursor, clks)
        self._cursor.execute(f"SELECT clk FROM {table} WHERE clk IN (SELECT value FROM json_each(?))", (id_list(clks),))
        return {row[0] for row in self._cursor.fetchall()}

    def kinds(self, records: Iterable[int]) -> dict[int, int]:
        """The kind each record was created as, for those whose creating op is here and counts."""
        found: dict[int, int] = {}
        for part in chunks(records):
            self._cursor.execute(
                "SELECT clk, kind FROM op WHERE clk IN (SELECT value FROM json_each(?)) AND what = ? "
                "AND clk NOT IN (SELECT clk FROM judged)",
                (id_list(maybe_logged(self._cursor, part)), int(What.CREATE)),
            )
            found.update(self._cursor.fetchall())
        return found

    def kinds_of(self, clks: Iterable[int]) -> set[int]:
        """The kinds of the records that ops are of."""
        found: set[int] = set()
        for part in chunks(clks):
            self._cursor.execute(
                "SELECT DISTINCT kind FROM op WHERE clk IN (SELECT value FROM json_each(?))", (id_list(part),)
            )
            found.update(kind for (kind,) in self._cursor.fetchall())
        return found

    def maybe_known(self, clks: Sequence[int]) -> list[int]:
        """The clks, ascending, that need a look-up: those not above everything logged from their device."""
        newest = self.newest()
        if all(clks[0] > newest.get(device, -1) for device in newest_of(clks)):
            return []
        return [clk for clk in clks if clk <= newest.get(clk % TICK, -1)]

    def newest(self) -> dict[int, int]:
        """The highest clk logged per device."""
        self._cursor.execute("SELECT device, clk FROM newest")
        return dict(self._cursor.fetchall())

    def newest_by_scan(self) -> dict[int, int]:
        """The same, from every op."""
        self._cursor.execute(f"SELECT clk % {TICK}, max(clk) FROM op GROUP BY 1")
        return dict(self._cursor.fetchall())

    def append(self, ops: Columns) -> None:
        """Log ops that are not here yet, ascending. ``author`` in them is the number from ``authors``."""
        if ops.record == ops.clk and not any(ops.what):  # two values fewer to bind: a twelfth of the time
            with Sheaves(self._cursor).binding(ops.vals) as held:
                self._append_creations(ops, held)
        else:
            insert_columns(self._cursor, _LOG, ops)
        self.save_newest(newest_of(ops.clk))

    def _append_creations(self, ops: Columns, held: Held) -> None:
        """Those of one kind by one author all at once: the engine reads the clks in half the time they take to bind."""
        if isinstance(held, range) and len(set(ops.kind)) == len(set(ops.author)) == 1:
            self._cursor.execute(_CREATE_ALIKE, (id_list(ops.clk), ops.kind[0], ops.author[0], held[0]))
        else:
            insert_columns(self._cursor, _CREATE, (ops.clk, ops.kind, ops.author, held))

    def save_newest(self, newest: Mapping[int, int]) -> None:
        """Raise the highest clks per device."""
        self._cursor.executemany(
            "INSERT INTO newest VALUES (?,?) ON CONFLICT (device) DO UPDATE SET clk = max(clk, excluded.clk)",
            list(newest.items()),
        )

    def authors(self, authors: Sequence[Author]) -> list[int]:
        """Our numbers for authors, minted where they are new."""
        if len(authors) == 1 and (own := self._author_no(authors[0])) is not None:
            return [own]  # a save: there may be thousands, one for each scope somebody ever had
        known = {author: no for no, author in self.author_table().items()}
        for author in authors:
            if author not in known:
                known[author] = len(known) + 1
                self._cursor.execute("INSERT INTO author (no, who, scope) VALUES (?,?,?)", (known[author], *author))
        return [known[author] for author in authors]

    def _author_no(self, author: Author) -> int | None:
        self._cursor.execute("SELECT no FROM author WHERE who = ? AND scope = ?", author)
        found = self._cursor.fetchone()
        return found[0] if found else None

    def author_table(self) -> dict[int, Author]:
        """All authors by our number."""
        return self._authors_by_no("SELECT no, who, scope FROM author")

    def author_numbers(self, numbers: Iterable[int]) -> dict[int, Author]:
        """Some authors by our number."""
        return self._authors_by_no(
            "SELECT no, who, scope FROM author WHERE no IN (SELECT value FROM json_each(?))", id_list(numbers)
        )

    def _authors_by_no(self, select: str, *wanted: str) -> dict[int, Author]:
        self._cursor.execute(select, wanted)
        return {no: Author(who, scope) for no, who, scope in self._cursor.fetchall()}

    def heads(self, records: Iterable[int]) -> dict[int, Packed]:
        """Packed heads of records; an entry also for those without edits, none for those not created here."""
        found: dict[int, Packed] = {}
        wanted = list(records)
        for part in chunks(wanted):
            self._cursor.execute(
                "SELECT record, k FROM head WHERE record IN (SELECT value FROM json_each(?))", (id_list(part),)
            )
            found.update((record, unpack_heads(k)) for record, k in self._cursor.fetchall())
        found.update((record, {}) for record in self.kinds(record for record in wanted if record not in found))
        return found

    def standing(self, claimed: Mapping[int, tuple[str | None, Iterable[int]]]) -> Standing:
        """Kinds and heads of records, by the kind they are said to be of: its table (None: unknown here) and the ids.

        A record without edits is looked for in its table, which a merge reads anyway, and in the log only where it is
        not there: deleted, of another kind than was said, or not created.
        """
        standing = Standing({}, {})
        for number, (table, records) in claimed.items():
            for part in chunks(records):
                others = self._edited_or_not_in(table, part)
                edited = {record: (kind, unpack_heads(k)) for record, kind, k in others if k is not None}
                unknown = {record for record, _, k in others if k is None}
                created = self.kinds(unknown) if unknown else {}
                here = [record for record in part if record not in unknown or record in created]
                standing.kinds.update(zip(here, repeat(number)))
                standing.kinds.update(created)
                standing.heads.update((record, {}) for record in here)
                for record, (kind, packed) in edited.items():
                    standing.kinds[record], standing.heads[record] = kind, packed
        return standing

    def _edited_or_not_in(self, table: str | None, records: Iterable[int]) -> list[tuple[int, int, bytes | None]]:
        """Those that have heads, by (record, kind, packed), and those that are not in their table either."""
        join, missing = (f'LEFT JOIN "{table}" t ON t.id = j.value', "t.id IS NULL") if table else ("", "true")
        self._cursor.execute(
            f"SELECT j.value, h.kind, h.k FROM json_each(?) j LEFT JOIN head h ON h.record = j.value {join} "
            f"WHERE h.k IS NOT NULL OR {missing}",
            (id_list(records),),
        )
        found: list[tuple[int, int, bytes | None]] = self._cursor.fetchall()
        return found

    def save_heads(self, standing: Standing, but: Collection[int] = ()) -> None:
        """Store packed heads, those of the records in ``but`` left out."""
        heads = (
            {record: packed for record, packed in standing.heads.items() if record not in but}
            if but
            else standing.heads
        )
        kinds = map(standing.kinds.get, heads, repeat(0))
        packed = map(msgpack.Packer().pack, heads.values())
        insert_rows(self._cursor, _HEAD, list(zip(heads, kinds, packed, strict=True)))

    def replace_heads(
        self, records: Collection[int], standing: Standing, awaited: Collection[tuple[int, int, int]]
    ) -> None:
        """Store the heads of some records, and what they wait for, in place of all that was kept of them."""
        for name in ("head", "awaited"):
            self._cursor.execute(
                f"DELETE FROM {name} WHERE record IN (SELECT value FROM json_each(?))", (id_list(records),)
            )
        self.save_heads(standing)
        self.change_awaited((), awaited)

    def awaited(self) -> Awaited:
        """All that some op names and that is not here. Small: it empties as bundles come in."""
        self._cursor.execute("SELECT clk, record, field FROM awaited")
        return _by_clk(self._cursor.fetchall())

    def awaited_around(self, clks: Collection[int], records: Iterable[int]) -> Awaited:
        """What is awaited, as far as it concerns some ops and the records they are about.

        All of it, as long as that is little: only somebody who makes up names has thousands waited for.
        """
        self._cursor.execute(f"SELECT clk, record, field FROM awaited LIMIT {FEW_AWAITED + 1}")
        few = self._cursor.fetchall()
        if len(few) <= FEW_AWAITED:
            return _by_clk(few)
        met = self._awaited_where("clk", clks)
        around = {*records, *(record for _, record, _ in met)}
        met += self._awaited_where("clk", around)  # what waits for the creation of its record
        met += self._awaited_where("clk <> record AND record", around)
        return _by_clk(met)

    def _awaited_where(self, which: str, ids: Collection[int]) -> list[tuple[int, int, int]]:
        """What lies between these ids where that is little, else what is just of them."""
        if not ids:
            return []
        select = f"SELECT clk, record, field FROM awaited WHERE {which}"
        self._cursor.execute(f"{select} BETWEEN ? AND ? LIMIT {FEW_AWAITED + 1}", (min(ids), max(ids)))
        found: list[tuple[int, int, int]] = self._cursor.fetchall()
        if len(found) > FEW_AWAITED:
            self._cursor.execute(f"{select} IN (SELECT value FROM json_each(?))", (id_list(ids),))
            found = self._cursor.fetchall()
        return found

    def change_awaited(self, came: Iterable[int], new: Iterable[tuple[int, int, int]]) -> None:
        """Store what a merge found: clks that are here now, and (clk, record, field) that are not."""
        here = [(clk,) for clk in came]
        if here:  # nearly always there are none, and a statement takes its time all the same
            self._cursor.executemany("DELETE FROM awaited WHERE clk = ?", here)
        insert_rows(self._cursor, "INSERT INTO awaited (clk, record, field) VALUES (?,?,?)", sorted(new))

    def erasures(self, records: Collection[int]) -> dict[int, dict[int, set[int]]]:
        """By record and field, the clks of erasures; nearly always there is none, and that costs nothing."""
        found: dict[int, dict[int, set[int]]] = {}
        self._cursor.execute("SELECT 1 FROM erased LIMIT 1")
        if self._cursor.fetchone() is None:
            return found
        for part in chunks(records):
            self._cursor.execute(
                "SELECT record, field, clk FROM erased WHERE record IN (SELECT value FROM json_each(?))",
                (id_list(part),),
            )
            for record, field, clk in self._cursor.fetchall():
                found.setdefault(record, {}).setdefault(field, set()).add(clk)
        return found

    def count_erasures(self) -> int:
        """How many places of erasures are remembered: it only grows."""
        self._cursor.execute("SELECT count(*) FROM erased")
        count: int = self._cursor.fetchone()[0]
        return count

    def add_erasures(self, erasures: Iterable[tuple[int, int, int]]) -> None:
        """Remember erasures, by (record, field, clk)."""
        self._cursor.executemany("INSERT OR IGNORE INTO erased (record, field, clk) VALUES (?,?,?)", list(erasures))

    def ops(self, *, above: int = -1) -> Iterator[list[OpRow]]:
        """All ops in chunks, in the order of their clks."""
        while True:
            self._cursor.execute(
                f"{SELECT} WHERE clk > ? ORDER BY clk LIMIT ?",
                (above, CHUNK),
            )
            rows = fetch_ops(self._cursor)
            if not rows:
                return
            above = rows[-1].clk
            yield rows


def _by_clk(rows: Iterable[tuple[int, int, int]]) -> Awaited:
    found: Awaited = {}
    for clk, record, field in rows:
        found.setdefault(clk, set()).add((record, field))
    return found


def maybe_logged(cursor: Cursor, clks: Collection[int]) -> Collection[int]:
    """Those of some clks that may be in the log: without what somebody made up, where little else lies between."""
    if len(clks) < MANY_ASKED:
        return clks
    least = len(clks) // LITTLE
    cursor.execute("SELECT clk FROM op WHERE clk BETWEEN ? AND ? LIMIT ?", (min(clks), max(clks), least + 1))
    found = {row[0] for row in cursor.fetchall()}
    return clks if len(found) > least else found.intersection(clks)


def ops_on(cursor: Cursor, records: Collection[int]) -> list[int]:
    """The clks of all ops on records, of whatever sort, by a look at the whole log: it has no index by record."""
    cursor.execute("SELECT clk FROM op WHERE record IN (SELECT value FROM json_each(?))", (id_list(records),))
    return [row[0] for row in cursor.fetchall()]


def unpack_heads(k: bytes) -> Packed:
    """Heads as they are stored."""
    packed: Packed = msgpack.unpackb(k, strict_map_key=False)
    return packed
