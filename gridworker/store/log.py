"""The append-only log: looking ops up, appending them, and the heads and awaited ops beside them.

Everything here runs inside a transaction that the store opened, on the driver's own cursor: one merge is some ten
statements over tens of thousands of rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

import msgpack

from gridworker.store.clock import device_of
from gridworker.store.heads import MISSING, Packed
from gridworker.store.op import Author, OpRow, What

CHUNK = 20_000


class Cursor(Protocol):
    """What is used of a database cursor."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any: ...  # noqa: D102
    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any: ...  # noqa: D102
    def fetchall(self) -> list[Any]: ...  # noqa: D102
    def fetchone(self) -> Any: ...  # noqa: D102


def id_list(ids: Iterable[int]) -> str:
    """Ids as the one parameter of ``IN (SELECT value FROM json_each(?))``."""
    return f"[{','.join(map(str, ids))}]"


def chunks(ids: Iterable[int], size: int = CHUNK) -> Iterator[list[int]]:
    """``ids`` in lists of at most ``size``."""
    rest = iter(ids)
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
                "SELECT clk, kind, record, what, author, vals FROM op WHERE clk IN (SELECT value FROM json_each(?))",
                (id_list(part),),
            )
            found.update((row[0], OpRow(*row)) for row in self._cursor.fetchall())
        return found

    def present(self, clks: Iterable[int]) -> set[int]:
        """Those of the clks that are in the log."""
        found: set[int] = set()
        for part in chunks(clks):
            self._cursor.execute("SELECT clk FROM op WHERE clk IN (SELECT value FROM json_each(?))", (id_list(part),))
            found.update(row[0] for row in self._cursor.fetchall())
        return found

    def has(self, clk: int) -> bool:
        """Whether one op is in the log."""
        self._cursor.execute("SELECT 1 FROM op WHERE clk = ?", (clk,))
        return self._cursor.fetchone() is not None

    def maybe_known(self, rows: Sequence[OpRow]) -> list[int]:
        """The clks that need a look-up: those not above everything logged from their device."""
        newest = self.newest()
        return [row.clk for row in rows if row.clk <= newest.get(device_of(row.clk), -1)]

    def newest(self) -> dict[int, int]:
        """The highest clk logged per device."""
        self._cursor.execute("SELECT device, clk FROM newest")
        return dict(self._cursor.fetchall())

    def append(self, rows: Sequence[OpRow]) -> None:
        """Log ops that are not here yet. ``author`` in them is the number from ``authors``."""
        self._cursor.executemany("INSERT INTO op (clk, kind, record, what, author, vals) VALUES (?,?,?,?,?,?)", rows)
        newest: dict[int, int] = {}
        for row in rows:
            device = device_of(row.clk)
            newest[device] = max(newest.get(device, 0), row.clk)
        self._cursor.executemany(
            "INSERT INTO newest VALUES (?,?) ON CONFLICT (device) DO UPDATE SET clk = max(clk, excluded.clk)",
            list(newest.items()),
        )

    def authors(self, authors: Sequence[Author]) -> list[int]:
        """Our numbers for authors, minted where they are new."""
        self._cursor.execute("SELECT who, scope, no FROM author")
        known = {Author(who, scope): no for who, scope, no in self._cursor.fetchall()}
        for author in authors:
            if author not in known:
                known[author] = len(known) + 1
                self._cursor.execute("INSERT INTO author (no, who, scope) VALUES (?,?,?)", (known[author], *author))
        return [known[author] for author in authors]

    def author_table(self) -> dict[int, Author]:
        """All authors by our number."""
        self._cursor.execute("SELECT no, who, scope FROM author")
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
        unedited = self.present(record for record in wanted if record not in found)
        found.update((record, {}) for record in unedited)
        return found

    def save_heads(self, heads: Iterable[tuple[int, int, Packed]]) -> None:
        """Store packed heads by (record, kind, heads); an empty one needs no row."""
        rows, empty = [], []
        for record, kind, packed in heads:
            if packed:
                rows.append((record, kind, msgpack.packb(packed)))
            else:
                empty.append((record,))
        self._cursor.executemany("INSERT OR REPLACE INTO head (record, kind, k) VALUES (?,?,?)", rows)
        self._cursor.executemany("DELETE FROM head WHERE record = ?", empty)

    def awaited(self) -> set[tuple[int, int]]:
        """All (clk, field) that some op names and that are not here. Small: it empties as bundles come in."""
        self._cursor.execute("SELECT clk, field FROM awaited")
        return set(self._cursor.fetchall())

    def change_awaited(self, came: Iterable[tuple[int, int]], new: Iterable[tuple[int, int]]) -> None:
        """Store what a merge found."""
        self._cursor.executemany("DELETE FROM awaited WHERE clk = ? AND field = ?", list(came))
        self._cursor.executemany("INSERT OR IGNORE INTO awaited VALUES (?,?)", list(new))

    def created(self, kind: int, what: int = What.CREATE) -> Iterator[list[OpRow]]:
        """All creating ops of a kind in chunks, in the order of their clks."""
        last = -1
        while True:
            self._cursor.execute(
                "SELECT clk, kind, record, what, author, vals FROM op WHERE clk > ? AND kind = ? AND what = ? "
                "ORDER BY clk LIMIT ?",
                (last, kind, what, CHUNK),
            )
            rows = [OpRow(*row) for row in self._cursor.fetchall()]
            if not rows:
                return
            last = rows[-1].clk
            yield rows


def unpack_heads(k: bytes) -> Packed:
    """Heads as they are stored."""
    packed: Packed = msgpack.unpackb(k, strict_map_key=False)
    return packed


def is_created(packed: Packed | None) -> bool:
    """Whether the creating op of a record is here."""
    return packed is not None and MISSING not in packed
