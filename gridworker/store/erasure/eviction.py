"""Removing records that a laptop no longer holds: all that is here of them, as if they had never come.

No deletion: nothing is said of the records, the office and other laptops keep them, and where they come again later
they come whole. What must be in before that - the laptop's own work on them confirmed and backed up - is for the
caller to see to (sync.md 6).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.attached import Files
from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.intake import Intake, Taken
from gridworker.store.log.log import Cursor, chunks, id_list, ops_on
from gridworker.store.reissue import naming
from gridworker.store.relink import relink

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Beside, Store
    from gridworker.store.tables.changes import Act


def evict(store: "Store", records: Collection[int], act: "Act", beside: "Beside | None" = None) -> "Commit":
    """Drop ops, heads, rows and index entries of records in one transaction, with an audit row for ``act``.

    ``beside`` writes in the same transaction and is told what was shown before. Raises StoreDamaged where the journal
    does not fit the log; nothing was changed then. The mark outside is raised with ``lives.raise_mark``.
    """
    shown: Mapping[str, frozenset[int]] = {}

    def drop(connection: "Connection", commit: "Commit") -> None:
        nonlocal shown
        shown = _drop(store, connection, records)
        if beside is not None:
            beside(connection, _with(commit, shown))

    count = len(records) if act.count is None else act.count
    return _with(store.write([], replace(act, count=count, always=True), drop), shown)


def _drop(store: "Store", connection: "Connection", records: Collection[int]) -> Mapping[str, frozenset[int]]:
    from gridworker.store.search import search

    cursor = raw_cursor(connection)
    clks = ops_on(cursor, records)
    Files(cursor).release(records)
    shown: dict[str, set[int]] = {}
    for part in chunks(sorted(records)):
        for name in discover.kinds():
            cursor.execute(
                f'DELETE FROM "{name}" WHERE id IN (SELECT value FROM json_each(?)) RETURNING id', (id_list(part),)
            )
            shown.setdefault(name, set()).update(row[0] for row in cursor.fetchall())
        for name in ("head", "awaited", "pending", "conflict", "ruling", "judged"):
            cursor.execute(f"DELETE FROM {name} WHERE record IN (SELECT value FROM json_each(?))", (id_list(part),))
    found = {name: frozenset(ids) for name, ids in shown.items() if ids}
    search.refresh(connection, found)  # while the ops are here: of a membership that is gone they say whose it was
    relink(cursor, store.chain_key, clks, {})
    _wait_for(cursor, clks)
    return MappingProxyType(found)


def _wait_for(cursor: Cursor, gone: Collection[int]) -> None:
    """Let what stays wait for what it names of the ops that are gone: never, but where copies of a laptop were at work.

    An op is known by its clk alone, and copies give one clk to two: what left may have stood for another that is named.
    """
    if left := naming(cursor, frozenset(gone)):
        Intake(cursor, Taken()).read_anew(left)


def _with(commit: "Commit", shown: Mapping[str, frozenset[int]]) -> "Commit":
    touched = {name: commit.touched.get(name, frozenset()) | shown.get(name, frozenset())
               for name in commit.touched.keys() | shown.keys()}  # fmt: skip
    return replace(commit, touched=MappingProxyType(touched))
