"""Putting the parts of the index together while nobody works: each of them is asked for every term that is looked up.

What is written makes a part of its own, and the engine puts them together by sixteens alone (``_SETTINGS`` in
index.py), so that nobody who saves waits for it. After a large import there are some seventeen, and a search for a
name and a word takes half as long again as in one. Here all of them become one once those beside the largest have
grown to a good share of it: the index is written anew then, 9 MB for 100,000 residents. What is small beside the
largest takes hardly any time, and is left. Each step is a short transaction of its own, with a breath behind it:
whoever saves waits for no more than one or two of them, and what is left undone is done another time.

The commands are those of SQLite's FTS5 (https://www.sqlite.org/fts5.html, 6.8 and 6.14).
"""

from collections.abc import Callable
from itertools import chain, repeat
from json import dumps
from threading import Event
from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import Cursor
from gridworker.store.search.index import INDEXES

if TYPE_CHECKING:
    from gridworker.store.engine.database import Database

STEP = 64
"""Pages of the index that one step writes: some 20 ms."""

BREATH = 0.005
"""Seconds between two steps: a thread that waits for its turn to write has it then."""

SHARE = 4
"""The largest part is written anew where those beside it have more than its fourth."""

_SIDE_BY_SIDE = 2
"""So many parts of one size are put together here; the engine by itself waits for more."""

_LEAST_CHANGES = 2
"""Rows that a step of the engine changes at least where it did anything."""


def put_together(db: "Database", goes_on: Callable[[], bool]) -> None:
    """Put the parts together where it is time. ``goes_on`` is asked before each step; what it raises ends it too.

    Of an index that lacks a table nothing is put together: to say so is the self-check's.
    """
    for index in INDEXES:
        with db.read() as connection:
            cursor = raw_cursor(connection)
            *beside, largest = sorted(parts(cursor, index)) if _is_whole(cursor, index) else [0]
        # A negative number puts all parts side by side and begins with them. Said again while others write, it begins
        # again: that ends at two thousand parts, of which the engine says that the disk is full.
        for pages in chain([-STEP], repeat(STEP)) if sum(beside) * SHARE > largest else ():
            if not goes_on():
                return
            with db.write(unheard=True) as connection:
                if not _step(raw_cursor(connection), index, pages):
                    break
            Event().wait(BREATH)


def parts(cursor: Cursor, index: str) -> list[int]:
    """The size of each part of an index: the pages on which a term begins, which nearly all are."""
    cursor.execute(f"SELECT count(*) FROM {index}_idx GROUP BY segid")
    return [pages for (pages,) in cursor.fetchall()] or [0]


def _is_whole(cursor: Cursor, index: str) -> bool:
    tables = [index, *(f"{index}_{part}" for part in ("idx", "data", "config", "docsize"))]
    listed = "SELECT count(*) FROM sqlite_master WHERE name IN (SELECT value FROM json_each(?))"
    cursor.execute(listed, (dumps(tables),))
    return bool(cursor.fetchone()[0] == len(tables))


def _step(cursor: Cursor, index: str, pages: int) -> bool:
    """Write so many pages; whether there may be more to do."""
    cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('usermerge', ?)", (_SIDE_BY_SIDE,))
    before = _changes(cursor)
    cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
    return _changes(cursor) - before >= _LEAST_CHANGES


def _changes(cursor: Cursor) -> int:
    cursor.execute("SELECT total_changes()")
    count: int = cursor.fetchone()[0]
    return count
