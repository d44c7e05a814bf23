"""Making the tables, and telling whether those of a store are this version's. Reading them anew is reread.py."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlmodel import SQLModel

from gridworker import __version__, discover
from gridworker.errors import StoreNewer
from gridworker.store import worked_out
from gridworker.store.engine.database import raw_cursor
from gridworker.store.engine.faults import damaged
from gridworker.store.log.log import Cursor
from gridworker.store.log.op import What
from gridworker.store.log.schema import EXCHANGE, LOG
from gridworker.store.meta import Meta
from gridworker.store.search import search
from gridworker.store.tables import last_calls
from gridworker.store.upgrade import add_missing

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

REREADING = "rereading"
"""In ``meta`` while the tables are being read anew (reread.py): they are not whole."""

FORMAT = 2
"""Of the tables that are not record tables; a store of a higher one is refused. The first knew no sheaves."""


def create(connection: "Connection") -> None:
    """All tables of a new store."""
    cursor = raw_cursor(connection)
    for statement in add_missing.statements():
        cursor.execute(statement)
    make_anew(connection)
    for statement in search.schema():
        cursor.execute(statement)
    sign(cursor)


def is_being_reread(connection: "Connection") -> bool:
    """Whether reading the tables anew was begun and not ended: what was before it is in a backup."""
    return bool(Meta(raw_cursor(connection)).text(REREADING))


def make_anew(connection: "Connection") -> None:
    """The record tables, empty, in the place of those that are there, and what is read from them row by row."""
    cursor = raw_cursor(connection)
    worked_out.let_go(cursor)
    for table in map(_table, discover.kinds()):
        cursor.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        for statement in _statements(table):
            cursor.execute(statement)
    last_calls.make_anew(cursor)


def is_current(connection: "Connection") -> bool:
    """Whether the record tables were written by this set of kinds.

    Raises StoreNewer where they were written by a program that knew more.
    """
    meta = Meta(raw_cursor(connection))
    try:
        known = json.loads(meta.text("signature", "{}"))
    except ValueError as fault:  # the engine may cut a value off where a page of it is damaged
        raise damaged() from fault
    refuse_newer(known, meta.text("version"))
    return bool(known == signature()) and not meta.text(REREADING)


def refuse_newer(known: Mapping[str, Any], version: str) -> None:
    """Raise StoreNewer where a store bears the ``known`` signature of a program that knew more."""
    newer = set(map(tuple, known.get("known", ()))) - set(_known())
    if newer or known.get("format", FORMAT) > FORMAT:
        raise StoreNewer(
            "This store was written by Gridworker {version} (format {format}), and this is {here} (format {own}). "
            "Install the newer one to open it.",
            version=version, format=_format_of(known), here=__version__, own=_format_of(signature()),
        )  # fmt: skip


def _format_of(known: Mapping[str, Any]) -> str:
    """The format of a store, and how many fields, codes and sorts of ops are known there: versions may share a name."""
    return f"{known.get('format', FORMAT)}.{len(known.get('known', ()))}"


def _known() -> list[tuple[str | int, ...]]:
    """Everything this version understands: (kind, field), (list, code), and sorts of ops beyond the first seven."""
    specs = [(kind.kind.number, spec) for kind in discover.kinds().values() for spec in kind.kind.specs.values()]
    fields = [(number, spec.number) for number, spec in specs]
    codes = {(spec.codes.name, code) for _, spec in specs if spec.codes for code in spec.codes.labels}
    sorts = [("sort", int(what)) for what in What if what > What.VERDICT]
    return [*sorted(fields), *sorted(codes), *sorts]


def signature() -> dict[str, Any]:
    """What the record tables follow from, as it comes back from JSON."""
    columns = [
        [
            kind.kind.name,
            kind.kind.number,
            [[spec.name, spec.number, spec.type.value] for spec in kind.kind.specs.values()],
            sorted([str(index.name), *index.columns.keys()] for index in _table(kind.kind.name).indexes),
        ]
        for kind in discover.kinds().values()
    ]
    return {
        "format": FORMAT,
        "known": list(map(list, _known())),
        "columns": columns,
        "search": search.VERSION,
        "searched": search.searched(),
        "last calls": last_calls.VERSION,
        "kept": hashlib.sha256(f"{LOG}{EXCHANGE}".encode()).hexdigest()[:16],
    }


def sign(cursor: Cursor) -> None:
    """Put on record which version's tables these are."""
    meta = Meta(cursor)
    meta.set("signature", json.dumps(signature()))
    meta.set("version", __version__)


@cache
def _statements(table: "Table") -> tuple[str, ...]:
    """What makes a table and its indexes. Working it out takes longer than the engine needs for all of them."""
    from sqlalchemy.dialects.sqlite.base import SQLiteDialect
    from sqlalchemy.schema import CreateIndex, CreateTable

    dialect = SQLiteDialect()
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    made = CreateTable(table).compile(dialect=dialect)
    return str(made), *(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)


def _table(name: str) -> "Table":
    return SQLModel.metadata.tables[name]
