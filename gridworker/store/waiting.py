"""Ops that were set aside and wait for the office's word: how many, the first of them, those of some bundles.

A laptop that went mad, or is in bad hands, can have hundreds of thousands set aside with bundles of a kilobyte: nothing
here reads more of them than it is asked for. ``Exchange`` has what a single op needs.
"""

import json
from collections.abc import Collection
from typing import NamedTuple

from gridworker.store.log.clock import DEVICE_BITS, INCARNATION_BITS
from gridworker.store.log.log import Cursor, chunks, id_list
from gridworker.store.log.op import What
from gridworker.store.streams import RETURNED, Aside, Exchange

_WAITS = "ruling IS NULL AND (reason <> ?1 OR clk NOT IN (SELECT clk FROM op))"
_FIELDS = ", ".join(Aside._fields)

START = (-1, b"")
"""Before the first of them."""


class Counted(NamedTuple):
    """How many ops of a bundle wait that do one thing and were set aside for one reason."""

    source: bytes
    reason: str
    what: int
    many: int


class Which(NamedTuple):
    """Which of them are meant: of these bundles, written by this laptop, set aside for this reason."""

    sources: Collection[bytes] | None = None
    laptop: int | None = None
    reason: str = ""


class Waiting:
    """What waits, on one cursor."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def counts(self) -> list[Counted]:
        """How many, by bundle, reason and what they do."""
        self._cursor.execute(
            f"SELECT source, reason, what, count(*) FROM aside WHERE {_WAITS} GROUP BY source, reason, what",
            (RETURNED,),
        )
        return [Counted(*row) for row in self._cursor.fetchall()]

    def first(self, source: bytes, most: int) -> list[Aside]:
        """At most so many of a bundle, as they were written."""
        self._cursor.execute(
            f"SELECT {_FIELDS} FROM aside WHERE {_WAITS} AND source = ?2 ORDER BY reason, what, clk LIMIT ?3",
            (RETURNED, source, most),
        )
        return sorted(Aside(*row) for row in self._cursor.fetchall())

    def of(self, which: Which) -> list[Aside]:
        """All that are meant, in the order they were written."""
        return self.portion(which, START, -1)

    def has(self, which: Which) -> bool:
        """Whether any is meant."""
        return bool(self.portion(which, START, 1))

    def portion(self, which: Which, after: tuple[int, bytes], most: int) -> list[Aside]:
        """At most so many of those that are meant (-1: all), behind a (clk, source), in the order they were written."""
        if not self._any():
            return []
        sources = None if which.sources is None else json.dumps([source.hex() for source in which.sources])
        self._cursor.execute(
            f"SELECT {_FIELDS} FROM aside WHERE {_WAITS} AND (clk, source) > (?2, ?3) AND (?4 = '' OR reason = ?4) "
            f"AND (?5 IS NULL OR (clk & {(1 << DEVICE_BITS) - 1}) >> {INCARNATION_BITS} = ?5) "
            "AND (?6 IS NULL OR lower(hex(source)) IN (SELECT value FROM json_each(?6))) ORDER BY clk, source LIMIT ?7",
            (RETURNED, *after, which.reason, which.laptop, sources, most),
        )
        return [Aside(*row) for row in self._cursor.fetchall()]

    def among(self, clks: Collection[int]) -> list[Aside]:
        """Those with one of these clks that wait or were ruled on."""
        self._cursor.execute(
            f"SELECT {_FIELDS} FROM aside WHERE (ruling IS NOT NULL OR {_WAITS}) "
            "AND clk IN (SELECT value FROM json_each(?2)) ORDER BY clk",
            (RETURNED, id_list(clks)),
        )
        return [Aside(*row) for row in self._cursor.fetchall()]

    def under(self, clks: Collection[int]) -> list[Aside]:
        """Those that wait under one of these clks."""
        if not self._any():
            return []
        found: list[Aside] = []
        for part in chunks(clks):
            self._cursor.execute(
                f"SELECT {_FIELDS} FROM aside WHERE {_WAITS} AND clk IN (SELECT value FROM json_each(?2))",
                (RETURNED, id_list(part)),
            )
            found += (Aside(*row) for row in self._cursor.fetchall())
        return found

    def wait_again(self, ops: Collection[Aside]) -> None:
        """Ops that were taken in wait for the office's word, whether or not it had ruled on them before."""
        self._cursor.executemany(
            "UPDATE aside SET ruling = NULL, written = NULL, reason = ? "
            "WHERE clk = ? AND vals = ? AND ruling IS NOT NULL",
            [(op.reason, op.clk, op.vals) for op in ops],  # what only bears the clk says something else
        )
        waiting = {(op.clk, op.vals) for op in self.under([op.clk for op in ops])}
        Exchange(self._cursor).set_aside(op for op in ops if (op.clk, op.vals) not in waiting)

    def unmade(self, records: Collection[int]) -> set[int]:
        """Those of some records whose creation waits. It costs as much as there are records, or less."""
        if not self._any():
            return set()
        # Named, for the planner does not know how few creations there may be among all that waits.
        which = f"SELECT record FROM aside INDEXED BY aside_unmade WHERE what = {int(What.CREATE)} AND {_WAITS}"
        self._cursor.execute(f"{which} LIMIT ?2", (RETURNED, len(records) + 1))
        rows = self._cursor.fetchall()
        if len(rows) <= len(records):
            return {row[0] for row in rows} & set(records)
        found: set[int] = set()
        for part in chunks(records):
            self._cursor.execute(f"{which} AND record IN (SELECT value FROM json_each(?2))", (RETURNED, id_list(part)))
            found.update(row[0] for row in self._cursor.fetchall())
        return found

    def _any(self) -> bool:
        """Whether anything does. Nearly always nothing does, and a bundle that comes asks several times."""
        self._cursor.execute("SELECT 1 FROM aside WHERE ruling IS NULL LIMIT 1")
        return self._cursor.fetchone() is not None
