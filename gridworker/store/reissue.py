"""Letting go of an op that bears the clk of another (sync.md 5): the office has written it anew under a clk of its own.

Two ops cannot stand under one clk. Where this store has the one that lost, it leaves the log, the journal kept sound,
and its record is read anew; the one that won, which was set aside here, can then come in.
"""

from collections.abc import Mapping, Set
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.store.database import raw_cursor
from gridworker.store.intake import Intake, Taken, by_name
from gridworker.store.relink import relink

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.changes import Act
    from gridworker.store.op import OpRow
    from gridworker.store.store import Store
    from gridworker.store.transaction import Commit


def let_go(store: "Store", lost: "Mapping[int, OpRow]", act: "Act") -> "Commit":
    """Take ops out of the log, by clk, and read their records anew. Raises StoreDamaged; nothing was changed then."""
    shown: Mapping[str, Set[int]] = {}

    def drop(connection: "Connection", _commit: "Commit") -> None:
        nonlocal shown
        from gridworker.store import search

        cursor, taken = raw_cursor(connection), Taken()
        relink(cursor, store.chain_key, lost.keys(), {})
        Intake(cursor, taken).read_anew({row.record: row.kind for row in lost.values()})
        shown = by_name(taken.touched)
        search.refresh(connection, by_name(taken.touched))

    commit = store.write([], replace(act, count=len(lost), always=True), drop)
    touched = {name: commit.touched.get(name, frozenset()) | shown.get(name, frozenset())
               for name in commit.touched.keys() | shown.keys()}  # fmt: skip
    return replace(commit, touched=MappingProxyType(touched))
