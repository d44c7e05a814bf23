"""Salvage: what is whole in a damaged store is taken into a sound one, through the one write path.

Of the log every op that stands on a page that checks; a page is sealed with the key of the store, so nobody else has
written it. What is there already changes nothing. The sound store is the newest backup put back, or, where there is
none, a new one made from the damaged file's own account of itself: where its first page is gone, and with it the list
of its tables, that is read page by page too (trees.py).
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import StoreDamaged
from gridworker.store.backup.account import account, salts
from gridworker.store.backup.carried import not_carried
from gridworker.store.backup.carving import Carved, Row, carve
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import Author, BadOp, OpRow, require_canonical
from gridworker.store.log.sheaves import SHEAF, is_bound, unbound
from gridworker.store.meta import Identity
from gridworker.store.store import Incoming, Store
from gridworker.store.tables.changes import Act
from gridworker.store.upgrade.tables import is_current, refuse_newer
from gridworker.store.worked_out import is_worked_out

if TYPE_CHECKING:
    from gridworker.store.keys.vault import Keys

_OP_CELLS, _AUTHOR_CELLS, _SHEAF_CELLS = 7, 4, 3
"""With the number of the row in front; the first column is that number and stands empty."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was found: ops that are whole, ops that were not in the sound store yet, and pages that are damaged."""

    ops: int
    new: int
    damaged: int


def salvage(damaged: Path, keys: "Keys", store: Store, who: int) -> Salvaged:
    """Take what is whole in the file ``damaged``, which nobody has open, into an open store of the same keys."""
    carved = carve(damaged, keys.dek, salts(damaged, keys, store))
    ops = _ops(carved)
    with store.cursor() as cursor:
        there = Log(cursor).rows(row.clk for row in ops).keys()
        wanted = not_carried(cursor, [row for row in ops if row.clk not in there])
    if wanted:
        authors = _authors(carved)
        numbers = sorted({row.author for row in wanted})
        listed = [authors.get(number, Author(who, store.identity.scope)) for number in numbers]
        rows = [row._replace(author=numbers.index(row.author)) for row in wanted]
        store.apply(Incoming(rows, listed, Act("rescue", who, always=True)))
    return Salvaged(len(ops), len(wanted), len(carved.damaged))


def require_known(damaged: Path, keys: "Keys") -> None:
    """Raises StoreNewer where a damaged file still tells that a newer program wrote it.

    What stands in it in a form of which nothing is known here would be passed over, and nobody would be told.
    """
    with suppress(StoreDamaged), closing(Database(damaged, keys.dek, read_only=True)) as db, db.read() as connection:
        is_current(connection)


def begin_anew(damaged: Path, keys: "Keys", target: Path) -> Store:
    """Make an empty store at ``target`` that is the damaged one's again: identity, keys of the device, settings.

    Raises StoreDamaged where the damaged file does not tell them any more.
    """
    kept = account(damaged, keys, _ACCOUNT)
    meta = {str(row[0]): row[1] for row in kept["meta"] if len(row) == 2}
    identity = _identity(meta)
    if identity is None or not kept["secret"]:
        raise StoreDamaged(
            "The damaged store does not tell any more whose it is. Put a backup back first, or ask the office for a "
            "new device bundle; then take over what is whole in it."
        )
    with suppress(ValueError):
        refuse_newer(json.loads(str(meta.get("signature", "{}"))), str(meta.get("version", "")))
    store = Store.create(Database(target, keys.dek, create=True), keys.derive("chain"), identity)
    with store.db.write() as connection:
        for table, rows in kept.items():
            _fill(
                raw_cursor(connection),
                table,
                [row for row in rows if row[0] not in _OWN and not is_worked_out(row[0])],
            )
    return store


_ACCOUNT = ("meta", "secret", "setting", "kit", "peer_key", "given", "span", "departed", "attached", "mislaid", "draft")
"""The tables in which a store gives account of itself, and what is in no log."""


def _identity(meta: Mapping[str, object]) -> Identity | None:
    """Whose a store is, by what it says of itself; None where it does not say all of it any more."""
    role, community = meta.get("role"), meta.get("community")
    numbers = [meta.get(name) for name in ("laptop", "incarnation", "scope")]
    if not role or community is None or not all(isinstance(number, int) for number in numbers[:2]):
        return None
    laptop, incarnation, scope = (number if isinstance(number, int) else 0 for number in numbers)
    return Identity(str(role), str(community), laptop, incarnation, scope)


_OWN = frozenset({"nonce", "clock", "signature", "version", "relinked", "rereading"})
"""What a store says of itself that is not true of a new one."""


def _fill(cursor: Cursor, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Put rows in a table; one of before a column was added has fewer cells."""
    cursor.execute("SELECT name FROM pragma_table_info(?)", (table,))
    columns = [f'"{name}"' for (name,) in cursor.fetchall()]
    for row in rows:
        if len(row) <= len(columns):
            marks = ", ".join("?" * len(row))
            cursor.execute(f'INSERT OR REPLACE INTO "{table}" ({", ".join(columns[: len(row)])}) VALUES ({marks})', row)


def _ops(carved: Carved) -> list[OpRow]:
    """The ops among the rows, ascending by clk: six cells, the first the row's number, the last what the op says.

    Or where it stands: in a sheaf, which may be on a page that is lost.
    """
    found = {}
    rows = [row for leaf in carved.leaves for row in leaf.rows]
    for row in chain(rows, _opened(rows)):
        op = _op(row)
        if op is not None:
            found[op.clk] = op
    return [found[clk] for clk in sorted(found)]


def _opened(rows: Sequence[Row]) -> Iterator[Row]:
    """The ops that have a place in a sheaf, with what stands there."""
    sheaves = {row[0]: row[2] for row in rows if len(row) == _SHEAF_CELLS and row[1] is None and is_bound(row[2])}
    within: dict[int, list[tuple[int, Row]]] = defaultdict(list)
    for row in rows:
        place = row[-1] if len(row) == _OP_CELLS else None
        if isinstance(place, int):
            within[place // SHEAF].append((place % SHEAF, row))
    for no, placed in within.items():
        sheaf = unbound(sheaves.get(no, b""))
        yield from ((*row[:-1], sheaf[at]) for at, row in placed if at < len(sheaf))


def _op(row: Row) -> OpRow | None:
    if len(row) != _OP_CELLS or row[1] is not None:
        return None
    clk, _, kind, record, what, author, vals = row
    numbers = [cell for cell in (clk, kind, record, what, author) if isinstance(cell, int)]
    if len(numbers) != len(OpRow._fields) - 1 or not isinstance(vals, bytes):
        return None
    try:
        op = OpRow._make([*numbers, vals])
        require_canonical(op.what, op.vals)
    except (BadOp, ValueError):
        return None
    return op


def _authors(carved: Carved) -> dict[int, Author]:
    """Who wrote them, by the number in the op; where a page of other rows of this shape says otherwise, the first."""
    found: dict[int, Author] = {}
    for leaf in carved.leaves:
        for row in leaf.rows:
            numbers = [cell for cell in row if isinstance(cell, int)]
            if len(row) == _AUTHOR_CELLS and row[1] is None and len(numbers) == len(Author._fields) + 1:
                found.setdefault(numbers[0], Author(numbers[1], numbers[2]))
    return found
