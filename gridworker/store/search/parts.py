"""Putting the parts of the index together while nobody works: each of them is asked for every term that is looked up.

What is written makes a part of its own, and the engine puts them together by sixteens alone (``_SETTINGS`` in
index.py), so that nobody who saves waits for it. After a large import there are some seventeen, and a search for a
name and a word takes half as long again as in one. Here all of them become one once those beside the largest have
grown to a good share of it: the index is written anew then, 9 MB for 100,000 residents. What is small beside the
largest takes hardly any time, and is left. Each step is a short transaction of its own: whoever saves waits for no
more than one of them, and what is left undone is done another time.

The commands are those of SQLite's FTS5 (https://www.sqlite.org/fts5.html, 6.8 and 6.14).
"""

from collections.abc import Callable
from itertools import chain, repeat
from json import dumps
from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import Cursor

if TYPE_CHECKING:
    from gridworker.store.engine.database import Database

INDEXES = ("search_index", "search_words")

STEP = 64
"""Pages of the index that one step writes: some 20 ms."""

SHARE = 4
"""The largest part is written anew where those beside it have more than its fourth."""

_TWO = 2
"""Parts side by side that are put together here; and rows that the engine changes at least where it did anything."""


def put_together(db: "Database", still: Callable[[], object]) -> None:
    """Put the parts together where it is time. ``still`` is asked before each step; what it raises ends it.

    Of an index that lacks a table nothing is put together: to say so is the self-check's.
    """
    for index in INDEXES:
        with db.read() as connection:
            cursor = raw_cursor(connection)
            *beside, largest = sorted(parts(cursor, index)) if _is_whole(cursor, index) else [0]
        # A negative number puts all parts side by side and begins with them. Said again while others write, it begins
        # again: that ends at two thousand parts, of which the engine says that the disk is full.
        for pages in chain([-STEP], repeat(STEP)) if sum(beside) * SHARE > largest else ():
            still()
            with db.write(unheard=True) as connection:
                if not _step(raw_cursor(connection), index, pages):
                    break


def parts(cursor: Cursor, index: str) -> list[int]:
    """How many pages each part of an index has."""
    cursor.execute(f"SELECT count(*) FROM {index}_idx GROUP BY segid")
    return [pages for (pages,) in cursor.fetchall()] or [0]


def _is_whole(cursor: Cursor, index: str) -> bool:
    tables = [index, *(f"{index}_{part}" for part in ("idx", "data", "config", "docsize"))]
    cursor.execute(
        "SELECT count(*) FROM sqlite_master WHERE name IN (SELECT value FROM json_each(?))", (dumps(tables),)
    )
    return bool(cursor.fetchone()[0] == len(tables))


def _step(cursor: Cursor, index: str, pages: int) -> bool:
    """Write so many pages; whether there may be more to do."""
    cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('usermerge', ?)", (_TWO,))
    before = _changes(cursor)
    cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
    return _changes(cursor) - before >= _TWO


def _changes(cursor: Cursor) -> int:
    cursor.execute("SELECT total_changes()")
    count: int = cursor.fetchone()[0]
    return count
