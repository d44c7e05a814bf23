"""The self-check: the file, the journal, the tables against the log, the index, references."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.record import Type
from gridworker.store.batch import Journal
from gridworker.store.log import CHUNK, Cursor, Log
from gridworker.store.op import OpRow, What
from gridworker.store.projection import read
from gridworker.store.store import Store
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, and a sentence. ``serious`` ones mean the store must be mended."""

    where: str
    sentence: str
    serious: bool = True
    record: int | None = None


def check(store: Store, progress: "Callable[[str], None]" = lambda part: None) -> list[Fault]:
    """Everything that can be checked from inside. An empty list is a sound store."""
    faults: list[Fault] = []
    for part, find in _PARTS:
        progress(part)
        faults += find(store)
    return faults


def _file(store: Store) -> Iterator[Fault]:
    for fault in store.db.integrity():
        yield Fault("file", gettext("The file of the store is damaged: {fault}.").format(fault=fault))


def _journal(store: Store) -> Iterator[Fault]:
    with store.cursor() as cursor:
        for no in Journal(cursor, store.chain_key).faults():
            yield Fault("journal", gettext("Entry {no} of the journal was changed, removed or put in.").format(no=no))


def _tables(store: Store) -> Iterator[Fault]:
    with store.cursor() as cursor:
        for kind, record in _differing(cursor):
            text = gettext("A record of “{kind}” differs from the log.").format(kind=discover.kinds()[kind].kind.title)
            yield Fault("tables", text, record=record)


def _differing(cursor: Cursor) -> Iterator[tuple[str, int]]:
    """Records whose row is not what reading the log gives, both ways round."""
    log = Log(cursor)
    for number, record in discover.by_number().items():
        kind = record.kind
        found: set[int] = set()
        for created in log.created(number):
            rows = _stored(cursor, kind.name, tuple(kind.specs), created)
            heads = log.heads(row.record for row in created)
            wanted = {clk for packed in heads.values() for head in packed.values() for clk in _as_list(head)}
            ops = {**log.rows(wanted), **{row.clk: row for row in created}}
            for row in created:
                reading = read(row.record, heads[row.record], ops, kind)
                expected = None if reading.row is None else tuple(reading.row[name] for name in kind.specs)
                if rows.get(row.record) != expected:
                    yield kind.name, row.record
            found.update(row.record for row in created)
        cursor.execute(f"SELECT id FROM {kind.name}")
        yield from ((kind.name, row[0]) for row in cursor.fetchall() if row[0] not in found)


def _as_list(head: int | list[int]) -> list[int]:
    return [head] if isinstance(head, int) else head


def _stored(cursor: Cursor, name: str, columns: tuple[str, ...], created: list[OpRow]) -> dict[int, tuple[object, ...]]:
    cursor.execute(
        f"SELECT id, {', '.join(columns)} FROM {name} WHERE id BETWEEN ? AND ?", (created[0].record, created[-1].record)
    )
    return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}


def _log_itself(store: Store) -> Iterator[Fault]:
    """Ops that no link of the journal brought, or the other way round, show as a count."""
    with store.cursor() as cursor:
        brought = sum(len(link.op_clks) for link in Journal(cursor, store.chain_key).links())
        cursor.execute("SELECT count(*) FROM op")
        logged = cursor.fetchone()[0]
        if brought != logged:
            yield Fault("log", gettext("The log holds {logged} entries where the journal names {brought}.").format(
                logged=logged, brought=brought))  # fmt: skip
        cursor.execute("SELECT count(*) FROM op WHERE what = ? AND clk <> record", (int(What.CREATE),))
        if cursor.fetchone()[0]:
            yield Fault("log", gettext("A creation in the log does not carry the id of what it created."))


def _index(store: Store) -> Iterator[Fault]:
    from gridworker.store import search

    with store.db.read() as connection:
        for sentence in search.faults(connection):
            yield Fault("index", sentence)


def _references(store: Store) -> Iterator[Fault]:
    """References to records that are not here: a finding for a person, not damage."""
    with store.cursor() as cursor:
        for record in discover.kinds().values():
            kind = record.kind
            if kind.office_only:
                continue
            for spec in kind.specs.values():
                if spec.type is not Type.REF or spec.ref is None:
                    continue
                cursor.execute(
                    f"SELECT id FROM {kind.name} WHERE {spec.name} IS NOT NULL AND {spec.name} NOT IN "
                    f"(SELECT id FROM {spec.ref}) LIMIT {CHUNK}"
                )
                text = gettext("“{field}” of a record of “{kind}” points to one that is not here.")
                for row in cursor.fetchall():
                    yield Fault(
                        "references", text.format(field=spec.label, kind=kind.title), serious=False, record=row[0]
                    )


_PARTS = (
    ("file", _file), ("journal", _journal), ("log", _log_itself), ("tables", _tables), ("index", _index),
    ("references", _references),
)  # fmt: skip
