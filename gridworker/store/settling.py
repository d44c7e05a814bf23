"""What follows from erasures inside the transaction that takes them in: readings made anew, values blanked everywhere.

Not part of the merge, which does its work as if an erasure were an edit: what differs is settled here by definition,
for the few records that have an erasure, so that all others pay nothing for it.
"""

from typing import TYPE_CHECKING

from gridworker.store import forgetting
from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.intake import Taken
from gridworker.store.log.blanking import blanked
from gridworker.store.log.derive import MERGED, of_records
from gridworker.store.log.heads import Packed
from gridworker.store.log.log import Log, Standing, chunks, id_list, ops_on
from gridworker.store.log.op import OpRow
from gridworker.store.log.verdicts import Verdicts
from gridworker.store.relink import relink
from gridworker.store.tables.projection import Places, Projection

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Settling:
    """What follows from erasures in the transaction that is open, once its ops are logged."""

    def __init__(self, connection: "Connection", taken: Taken) -> None:
        self._connection = connection
        self._cursor = raw_cursor(connection)
        self._log = Log(self._cursor)
        self._taken = taken
        self._records = frozenset(taken.erased)
        self._rows = self._log.rows(ops_on(self._cursor, self._records))
        self._erased = self._log.erasures(self._records)

    def read_anew(self) -> None:
        """Heads, what is awaited and rows of these records, by their definition; before the index is refreshed."""
        edits: dict[int, list[int]] = {record: [] for record in self._records}
        judged = Verdicts(self._cursor).judged(self._rows)
        for row in self._rows.values():
            if row.what in MERGED and row.clk not in judged:
                edits[row.record].append(row.clk)
        found = list(of_records(self._log, sorted(edits.items())))
        for part in chunks(sorted(self._records)):
            for name in ("head", "awaited"):
                self._cursor.execute(
                    f"DELETE FROM {name} WHERE record IN (SELECT value FROM json_each(?))", (id_list(part),)
                )
        kinds = {one.record: one.kind for one in found}
        heads: dict[int, Packed] = {one.record: one.packed for one in found}
        self._log.save_heads(Standing(kinds, heads))
        self._log.change_awaited((), (place for one in found for place in one.awaited))
        created = {record: kind for record, kind in kinds.items() if kind}
        Projection(self._cursor).reread(created, Places(kinds, heads, self._log.awaited()))
        for record, kind in created.items():
            self._taken.altered[kind].add(record)
            self._taken.to_index.named[kind].add(record)
            self._taken.to_index.told[kind].add(record)
        self._taken.to_index.erased = True
        self._taken.contested |= created.keys()

    def blank(self, key: bytes) -> None:
        """Take the values out of everything that holds them; after the link is closed and the index refreshed."""
        changed = {}
        gone: dict[int, list[OpRow]] = {}
        for clk, row in self._rows.items():
            bare = blanked(row, self._erased[row.record])
            if bare is not row:
                changed[clk] = bare.vals
                gone.setdefault(row.record, []).append(row)
        relink(self._cursor, key, (), changed)
        forgetting.forget(self._cursor, self._erased, [row for rows in gone.values() for row in rows])
        self._cursor.executemany(
            "INSERT OR IGNORE INTO unredacted (record) VALUES (?)", [(record,) for record in sorted(self._records)]
        )
