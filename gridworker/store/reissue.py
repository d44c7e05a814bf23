"""Letting go of an op that bears the clk of another (sync.md 5): the office has written it anew under a clk of its own.

Two ops cannot stand under one clk. Where this store has the one that lost, it leaves the log, the journal kept sound,
and its record is read anew; the one that won, which was set aside here, can then come in.

So is every record of which an op names the clk: somebody who had the one that won wrote over it, and that came in here
while the other stood in its place. Now it waits for what it names, as if it had come first.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgpack

from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.intake import Intake, Taken, by_name
from gridworker.store.log.log import id_list
from gridworker.store.log.op import What
from gridworker.store.relink import relink

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.intake.transaction import Commit
    from gridworker.store.log.log import Cursor
    from gridworker.store.log.op import OpRow
    from gridworker.store.store import Store
    from gridworker.store.tables.changes import Act

FEW = 8
"""Ops that are looked for one by one: the engine goes through 300,000 in 0.04 s for each, and here in 0.5 s for all."""
_CLKS = re.compile(rb"(?=(\xcf[\s\S]{8}|\xce[\s\S]{4}))")
"""Whatever may be a clk in msgpack; that of a clock that stood before 2020 is shorter."""


def let_go(store: "Store", lost: "Mapping[int, OpRow]", act: "Act") -> "Commit":
    """Take ops out of the log, by clk, and read anew what names them. Raises StoreDamaged; nothing was changed then."""
    shown: Mapping[str, Set[int]] = {}

    def drop(connection: "Connection", _commit: "Commit") -> None:
        nonlocal shown
        from gridworker.store.search import search

        cursor, taken = raw_cursor(connection), Taken()
        relink(cursor, store.chain_key, lost.keys(), {})
        Intake(cursor, taken).read_anew({**naming(cursor, lost), **{row.record: row.kind for row in lost.values()}})
        shown = by_name(taken.touched)
        search.refresh(connection, by_name(taken.touched))

    commit = store.write([], replace(act, count=len(lost), always=True), drop)
    touched = {name: commit.touched.get(name, frozenset()) | shown.get(name, frozenset())
               for name in commit.touched.keys() | shown.keys()}  # fmt: skip
    return replace(commit, touched=MappingProxyType(touched))


def naming(cursor: "Cursor", clks: Set[int] | Mapping[int, object]) -> dict[int, int]:
    """Records with ops that may name one of these ops, with the kind each is said to be of.

    By a look at the whole log: whatever has the clk among its values is taken for one that does. A clk in msgpack is
    nine bytes that hardly stand anywhere else, and a record is read anew in vain at the worst.
    """
    cursor.execute(
        "SELECT record, kind FROM op WHERE what <> ? AND record IN (SELECT value FROM json_each(?))",
        (int(What.CREATE), id_list(clks)),
    )
    found: dict[int, int] = dict(cursor.fetchall())
    packed = set(map(msgpack.packb, clks))
    if len(packed) > FEW:  # of two copies whose clock stood still every op there is may bear the clk of another
        cursor.execute("SELECT record, kind, vals FROM op WHERE what <> ?", (int(What.CREATE),))
        rows = iter(cursor.fetchone, None)
        found.update((record, kind) for record, kind, vals in rows if not packed.isdisjoint(_CLKS.findall(vals)))
        return found
    for clk in packed:
        cursor.execute("SELECT record, kind FROM op WHERE what <> ? AND instr(vals, ?)", (int(What.CREATE), clk))
        found.update(cursor.fetchall())
    return found
