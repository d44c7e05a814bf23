"""What stands in a store and neither in its log nor in what is read from it: settings, keys, drafts, the exchange.

An old page of the store file opens like a new one, and where it holds log or records the self-check sees it. Of the
rest nothing else would tell, so the mark outside keeps codes of it from close to start (freshness.py).
"""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgpack

from gridworker.store.meta import Meta
from gridworker.store.relink import RELINKED
from gridworker.store.upgrade.tables import REREADING
from gridworker.store.worked_out import IS_OTHER

if TYPE_CHECKING:
    from gridworker.store.log.log import Cursor

_FEW = ("secret", "setting", "draft", "author", "stream", "mark", "backed_up", "given", "peer_key", "kit", "agreement",
        "lost", "given_back", "inquiry", "unredacted")  # fmt: skip
"""Tables that have few rows: every value counts."""
_MANY = ("bundle", "span", "departed", "aside", "attached", "mislaid", "piece", "parcel", "shed")
"""Tables that may have a row for every record or photo: sums over their columns count, which are quick to take."""
_OTHERS = ("nonce", RELINKED, "signature", "version", REREADING)
"""In ``meta``: what the start itself writes, before or after the mark."""
_PRIME = 1_000_003
"""Ids are of 63 bits: whole ones would not add up."""


def fingerprint(cursor: "Cursor") -> tuple[str, str]:
    """The hash of how these tables are made and by which version, and that of what is in them.

    Where the first differs from one of before, the second says nothing: an upgrade came between.
    """
    named = (*_FEW, *_MANY)
    cursor.execute(
        f"SELECT name, sql FROM sqlite_schema WHERE name IN ({','.join('?' * len(named))}) ORDER BY name", named
    )
    made = [*cursor.fetchall(), Meta(cursor).text("signature")]
    return _hash(made), _hash(list(_parts(cursor)))


def _parts(cursor: "Cursor") -> Iterator[object]:
    cursor.execute(
        f"SELECT name, value FROM meta WHERE name NOT IN ({','.join('?' * len(_OTHERS))}) AND {IS_OTHER} ORDER BY name",
        _OTHERS,
    )
    yield cursor.fetchall()
    for table in _FEW:
        cursor.execute(f'SELECT * FROM "{table}"')
        yield table, sorted(map(msgpack.packb, cursor.fetchall()))
    for table in _MANY:
        cursor.execute(f"SELECT name FROM pragma_table_info('{table}')")
        sums = ", ".join(_sum(name) for (name,) in cursor.fetchall())
        cursor.execute(f'SELECT count(*), {sums} FROM "{table}"')
        yield table, cursor.fetchone()


def _sum(column: str) -> str:
    """Over a column of numbers, of texts or of bytes: of these the lengths and the last four half bytes."""
    ends = " + ".join(
        f'{61**place} * ifnull(unicode(substr(hex(substr("{column}", -2)), -{place + 1}, 1)), 0)' for place in range(4)
    )
    return (
        f"sum(CASE typeof(\"{column}\") WHEN 'integer' THEN \"{column}\" % {_PRIME} WHEN 'null' THEN 0 "
        f'ELSE length("{column}") + {ends} END)'
    )


def _hash(told: object) -> str:
    return hashlib.sha256(msgpack.packb(told)).hexdigest()
