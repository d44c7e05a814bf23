"""The office's verdicts on ops (sync.md 4): which count, which stay in the history and count for nothing.

A verdict is an op of the office that names the clk of another. A *judged* op is a head nowhere, what it says it
replaced is a head again, and whoever names it waits for it no longer. That is a function of the set of ops, like all
else: it does not matter whether the verdict or the op came first, or whether the op comes once more.

``vals`` of a verdict: ``[0, ruling, clk, 1, note, earlier]``: what it rules about which op, why, and the verdicts on
the same op that it replaces. Of several that stand beside each other the one with the highest clk counts.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.log import Columns, Cursor, Log, chunks, id_list
from gridworker.store.log.op import Edit, OpRow, What, pack_edits, unpack_edits

_RULING, _NOTE = 0, 1


class Ruling(IntEnum):
    """What the office ruled about an op."""

    REFUSED = 0
    """It counts for nothing."""
    ACCEPTED = 1
    """It counts for nothing itself: an op of the office with the same values stands for it."""
    VOUCHED = 2
    """It counts as if its author had been entitled to it. A creation can only be accepted so: it is its own id."""
    WAITING = 3
    """It was taken in and counts for nothing until the office rules on it: what it hangs on was set aside since."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict. ``op`` is its own clk, ``on`` that of the op it judges."""

    op: int
    on: int
    record: int
    kind: int
    ruling: Ruling
    note: str = ""
    replaces: tuple[int, ...] = ()

    def row(self, author: int) -> OpRow:
        """The op that it is."""
        edits = [Edit(_RULING, int(self.ruling), (self.on,)), Edit(_NOTE, self.note or None, self.replaces)]
        return OpRow(self.op, self.kind, self.record, int(What.VERDICT), author, pack_edits(self.record, edits))

    @classmethod
    def of(cls, row: OpRow) -> "Verdict | None":
        """Read one. None for what binds nobody: not the office's, or of a sort that this version does not know."""
        if laptop_of(row.clk) != OFFICE:
            return None
        edits = {edit.field: edit for edit in unpack_edits(row.record, row.vals)}
        ruling, note = edits.get(_RULING), edits.get(_NOTE)
        if ruling is None or len(ruling.over) != 1 or ruling.value not in set(Ruling):
            return None
        text = str(note.value or "") if note else ""
        rules = Ruling(int(str(ruling.value)))
        return cls(row.clk, ruling.over[0], row.record, row.kind, rules, text, note.over if note else ())


def standing(verdicts: Iterable[Verdict]) -> dict[int, Verdict]:
    """By the clk of the op it judges: the verdict that counts."""
    by_op: dict[int, dict[int, Verdict]] = defaultdict(dict)
    for verdict in verdicts:
        by_op[verdict.on][verdict.op] = verdict
    found = {}
    for on, listed in by_op.items():
        replaced = {clk for verdict in listed.values() for clk in verdict.replaces if clk != verdict.op}
        found[on] = listed[max(listed.keys() - replaced, default=max(listed))]
    return found


class Met(NamedTuple):
    """What a lot has to do with verdicts. ``ruled``: its ops that are not merged one by one, for a verdict names them.

    ``records``: those to be read anew from their ops, with the kind they are said to be of.
    """

    ruled: Collection[int]
    records: Mapping[int, int]


class Verdicts:
    """The tables ruling and judged on the cursor of an open transaction."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def meet(self, ops: Columns) -> Met | None:
        """Take in the verdicts of a lot that was just logged. None where it has nothing to do with any: nearly always.

        An op that a verdict names is left to the reading anew of its record where it counts, else it changes nothing.
        """
        came = int(What.VERDICT) in ops.what
        if not (came or self._any()):
            return None
        records = self._take([row for row in map(OpRow._make, zip(*ops, strict=True)) if row.what == What.VERDICT])
        ruled = self._named(ops.clk)
        if not (ruled or records):
            return None
        counting = ruled - self.judged(ruled)
        places = zip(ops.clk, ops.record, ops.kind, strict=True)
        return Met(ruled, {**records, **{record: kind for clk, record, kind in places if clk in counting}})

    def judged(self, clks: Iterable[int]) -> set[int]:
        """Those of some ops that count for nothing."""
        return self._among("judged", clks)

    def unmade(self, records: Collection[int]) -> set[int]:
        """Those of some records whose creation counts for nothing: they are nowhere, though it is in the log."""
        self._cursor.execute("SELECT 1 FROM judged LIMIT 1")
        if self._cursor.fetchone() is None:
            return set()
        found: set[int] = set()
        for part in chunks(records):
            self._cursor.execute(
                "SELECT clk FROM judged WHERE record = clk AND clk IN (SELECT value FROM json_each(?))",
                (id_list(part),),
            )
            found.update(row[0] for row in self._cursor.fetchall())
        return found

    def refused(self, records: Collection[int]) -> set[int]:
        """Those of some records whose creation the office refused: they do not come."""
        standing = self.standing(self.unmade(records))
        return {record for record, verdict in standing.items() if verdict.ruling is Ruling.REFUSED}

    def all_judged(self) -> set[int]:
        """Every op that counts for nothing."""
        self._cursor.execute("SELECT clk FROM judged")
        return {row[0] for row in self._cursor.fetchall()}

    def about(self, records: Iterable[int]) -> list[int]:
        """The clks of all verdicts on ops of some records."""
        if not self._any():
            return []
        self._cursor.execute(
            "SELECT verdict FROM ruling WHERE record IN (SELECT value FROM json_each(?))", (id_list(records),)
        )
        return [row[0] for row in self._cursor.fetchall()]

    def standing(self, clks: Iterable[int]) -> dict[int, Verdict]:
        """The verdicts that count on some ops, by the clk of the op."""
        found: list[int] = []
        for part in chunks(clks):
            self._cursor.execute(
                "SELECT verdict FROM ruling WHERE clk IN (SELECT value FROM json_each(?))", (id_list(part),)
            )
            found += (row[0] for row in self._cursor.fetchall())
        return standing(filter(None, map(Verdict.of, Log(self._cursor).rows(found).values())))

    def rebuild(self) -> None:
        """Read both tables anew from the log."""
        for name in ("ruling", "judged"):
            self._cursor.execute(f"DELETE FROM {name}")
        self._keep(self.by_scan())

    def by_scan(self) -> list[Verdict]:
        """All verdicts, from every op."""
        self._cursor.execute(
            "SELECT clk, kind, record, what, author, CAST(vals AS BLOB) FROM op WHERE what = ?", (int(What.VERDICT),)
        )
        return list(filter(None, map(Verdict.of, map(OpRow._make, self._cursor.fetchall()))))

    def faults(self) -> set[int]:
        """Records whose verdicts in the tables are not those of the log."""
        verdicts = self.by_scan()
        rulings = {(one.on, one.op, one.record) for one in verdicts}
        self._cursor.execute("SELECT clk, verdict, record FROM ruling")
        differ = {row[2] for row in rulings.symmetric_difference(self._cursor.fetchall())}
        judged = {(one.on, one.record, one.op) for one in _judging(standing(verdicts).values())}
        self._cursor.execute("SELECT clk, record, verdict FROM judged")
        return differ | {row[1] for row in judged.symmetric_difference(self._cursor.fetchall())}

    def _take(self, rows: Iterable[OpRow]) -> dict[int, int]:
        """Keep new verdicts. Returns the records they bear on, with the kind each is said to be of."""
        verdicts = list(filter(None, map(Verdict.of, rows)))
        if not verdicts:
            return {}
        self._keep(verdicts)
        named = [verdict.on for verdict in verdicts]
        records = {verdict.record: verdict.kind for verdict in verdicts}
        records.update((row.record, row.kind) for row in Log(self._cursor).rows(named).values())
        self._cursor.execute(
            "SELECT record FROM awaited WHERE clk IN (SELECT value FROM json_each(?))", (id_list(named),)
        )
        return {**{row[0]: 0 for row in self._cursor.fetchall()}, **records}

    def _keep(self, verdicts: Collection[Verdict]) -> None:
        self._cursor.executemany(
            "INSERT OR IGNORE INTO ruling (clk, verdict, record) VALUES (?,?,?)",
            [(verdict.on, verdict.op, verdict.record) for verdict in verdicts],
        )
        counting = self.standing({verdict.on for verdict in verdicts})
        self._cursor.executemany("DELETE FROM judged WHERE clk = ?", [(clk,) for clk in counting])
        self._cursor.executemany(
            "INSERT INTO judged (clk, record, verdict) VALUES (?,?,?)",
            [(verdict.on, verdict.record, verdict.op) for verdict in _judging(counting.values())],
        )

    def _named(self, clks: Iterable[int]) -> set[int]:
        return self._among("ruling", clks)

    def _among(self, table: str, clks: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for part in chunks(clks):
            self._cursor.execute(
                f"SELECT clk FROM {table} WHERE clk IN (SELECT value FROM json_each(?))", (id_list(part),)
            )
            found.update(row[0] for row in self._cursor.fetchall())
        return found

    def _any(self) -> bool:
        self._cursor.execute("SELECT 1 FROM ruling LIMIT 1")
        return self._cursor.fetchone() is not None


def _judging(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those by which an op counts for nothing."""
    return [verdict for verdict in verdicts if verdict.ruling is not Ruling.VOUCHED]


def words_on(
    rulings: Iterable[tuple[OpRow, Ruling]], before: Mapping[int, Verdict], new_id: Callable[[], int]
) -> list[OpRow]:
    """The ops by which the office, as author 0, rules on some ops, each in place of the word that stood ``before``."""
    return [
        Verdict(
            new_id(), row.clk, row.record, row.kind, ruling,
            replaces=(before[row.clk].op,) if row.clk in before else (),
        ).row(0)
        for row, ruling in rulings
    ]  # fmt: skip
