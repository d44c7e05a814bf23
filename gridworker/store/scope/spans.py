"""At the office: what each laptop was told to hold, from which scope number on, and until which (sync.md 6).

A laptop's ops carry the number of the scope it had taken in when it wrote them, so the office can tell an edit made
before the laptop knew that a record had left from one made after. Entries are numbered by the stream too: what a laptop
has not confirmed up to there is told it again.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from gridworker.store.log.log import Cursor, chunks, id_list

Turns: TypeAlias = tuple[tuple[int, int | None], ...]
"""(scope number it entered with, scope number it left with or None), in turn."""


class Shift(NamedTuple):
    """How a reply changes what a laptop holds. ``deferred`` is held and did not fit: it goes whole with a later one."""

    opened: Collection[int] = ()
    closed: Collection[int] = ()
    unknown: Collection[int] = ()
    """What leaves though nobody remembers that it entered: an office that was restored."""
    deferred: Collection[int] = ()
    grids: tuple[int, ...] | None = None
    """The laptop's grids where they are others than before."""

    @property
    def is_new_scope(self) -> bool:
        """Whether it makes a scope with a number of its own."""
        return bool(self.opened or self.closed or self.unknown) or self.grids is not None


NO_SHIFT = Shift()


class Spans:
    """What one laptop holds, on a cursor of the caller's transaction."""

    def __init__(self, cursor: Cursor, laptop: int) -> None:
        self._cursor = cursor
        self._laptop = laptop

    def held(self) -> dict[int, int]:
        """By record that it holds now: the stream number of its entry; 0 for what it made itself and never lost."""
        self._cursor.execute("SELECT record, entered FROM span WHERE peer = ? AND until IS NULL", (self._laptop,))
        return dict(self._cursor.fetchall())

    def left_since(self, number: int) -> dict[int, int]:
        """By record that left after a stream number, though it may have come back: the number of its last exit."""
        self._cursor.execute(
            "SELECT record, max(gone) FROM span WHERE peer = ? AND gone > ? GROUP BY record", (self._laptop, number)
        )
        return dict(self._cursor.fetchall())

    def known(self) -> set[int]:
        """Every record it was ever told of."""
        self._cursor.execute("SELECT DISTINCT record FROM span WHERE peer = ?", (self._laptop,))
        return {row[0] for row in self._cursor.fetchall()}

    def known_among(self, records: Iterable[int]) -> set[int]:
        """Those of some records that it was ever told of."""
        found = set[int]()
        for part in chunks(records):
            self._cursor.execute(
                "SELECT record FROM span WHERE peer = ? AND record IN (SELECT value FROM json_each(?))",
                (self._laptop, id_list(part)),
            )
            found.update(row[0] for row in self._cursor.fetchall())
        return found

    def turns_among(self, records: Collection[int]) -> dict[int, Turns]:
        """The turns of those of some records that ever left it."""
        turns: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
        for part in chunks(records):
            self._cursor.execute(
                "SELECT record, since, until FROM span WHERE peer = ? AND record IN (SELECT value FROM json_each(?)) "
                "ORDER BY record, since",
                (self._laptop, id_list(part)),
            )
            for record, since, until in self._cursor.fetchall():
                turns[record].append((since, until))
        return {record: tuple(found) for record, found in turns.items() if any(until for _, until in found)}

    def grids(self) -> list[tuple[int, tuple[int, ...]]]:
        """(scope number, the grids it had from then on), in turn."""
        self._cursor.execute("SELECT scope, grids FROM given WHERE peer = ? ORDER BY scope", (self._laptop,))
        return [(scope, tuple(json.loads(grids))) for scope, grids in self._cursor.fetchall()]

    def begin(self, scope: int, number: int, records: Iterable[int], grids: Collection[int]) -> None:
        """Forget all that was; a kit holds these records and grids."""
        for table in ("span", "given"):
            self._cursor.execute(f"DELETE FROM {table} WHERE peer = ?", (self._laptop,))
        self._open(records, scope, number)
        self._give(scope, grids)

    def begin_anew(self, number: int) -> None:
        """All that it holds is told once more, whole, with the reply that reaches stream number ``number``.

        For a laptop that lives more than one life: what one of them wrote was never told to the others.
        """
        self._cursor.execute("UPDATE span SET entered = ? WHERE peer = ? AND until IS NULL", (number, self._laptop))

    def made(self, records: Mapping[int, int], scope: int, number: int) -> None:
        """Records the laptop made itself, by the scope number it had then: it holds them, and need not be sent them.

        Where it has another ``scope`` by now it may have been told that they left, by an office that was set back since
        and does not remember: then they are told with the reply that reaches stream number ``number``.
        """
        known = self.known_among(records)
        self._cursor.executemany(
            "INSERT INTO span (peer, record, since, entered) VALUES (?,?,?,?)",
            [
                (self._laptop, record, since, 0 if since == scope else number)
                for record, since in records.items()
                if record not in known
            ],
        )

    def tell_whole(self, records: Iterable[int], number: int) -> None:
        """Some of what it holds is told once more, whole, with the reply that reaches stream number ``number``."""
        self._cursor.executemany(
            "UPDATE span SET entered = ? WHERE peer = ? AND record = ? AND until IS NULL",
            [(number, self._laptop, record) for record in records],
        )

    def unmade(self, records: Iterable[int]) -> None:
        """Forget records the laptop made that count for nothing now: what it writes about them waits like them."""
        self._cursor.executemany(
            "DELETE FROM span WHERE peer = ? AND record = ?", [(self._laptop, record) for record in records]
        )

    def shift(self, shift: Shift, scope: int, number: int) -> None:
        """Put on record what a reply that reaches stream number ``number`` says, as scope ``scope``."""
        self._cursor.executemany(
            "UPDATE span SET until = ?, gone = ? WHERE peer = ? AND record = ? AND until IS NULL",
            [(scope, number, self._laptop, record) for record in shift.closed],
        )
        self._cursor.executemany(
            "INSERT INTO span (peer, record, since, until, entered, gone) VALUES (?,?,0,?,0,?)",
            [(self._laptop, record, scope, number) for record in shift.unknown],
        )
        self._open(shift.opened, scope, number)
        self._cursor.executemany(
            "UPDATE span SET entered = ? WHERE peer = ? AND record = ? AND until IS NULL",
            [(number + 1, self._laptop, record) for record in shift.deferred],
        )
        if shift.grids is not None:
            self._give(scope, shift.grids)

    def _open(self, records: Iterable[int], scope: int, number: int) -> None:
        self._cursor.executemany(
            "INSERT INTO span (peer, record, since, entered) VALUES (?,?,?,?)",
            [(self._laptop, record, scope, number) for record in records],
        )

    def _give(self, scope: int, grids: Collection[int]) -> None:
        self._cursor.execute("INSERT INTO given VALUES (?,?,?)", (self._laptop, scope, json.dumps(list(grids))))


def was_held(turns: Turns, scope: int) -> bool:
    """Whether a record was a laptop's when it had taken in a scope: only what was written after its exit is not."""
    past = [(number, held) for since, until in turns for number, held in ((since, True), (until, False))
            if number is not None and number <= scope]  # fmt: skip
    return max(past)[1] if past else True


def turns_of_grids(given: Iterable[tuple[int, tuple[int, ...]]]) -> dict[int, Turns]:
    """The turns of grids from the lists a laptop was given, in turn."""
    turns: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    before: frozenset[int] = frozenset()
    for scope, listed in given:
        for grid in before.difference(listed):
            turns[grid][-1] = (turns[grid][-1][0], scope)
        for grid in set(listed) - before:
            turns[grid].append((scope, None))
        before = frozenset(listed)
    return {grid: tuple(found) for grid, found in turns.items()}
