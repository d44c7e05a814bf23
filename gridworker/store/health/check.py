"""The self-check: the file, the journal, the tables against the log, the index, references."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import msgpack
from sqlcipher3 import dbapi2

from gridworker import discover
from gridworker.store.engine.checks import Still
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.compare import differing
from gridworker.store.health.dangling import dangling
from gridworker.store.health.search_check import astray, is_of_index
from gridworker.store.intake.transaction import collecting_paused
from gridworker.store.log.blanking import blanked, fields_of
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import CHUNK, Cursor, Log, ops_on
from gridworker.store.log.op import OpRow, What
from gridworker.store.log.sheaves import Sheaves
from gridworker.store.meta import Meta
from gridworker.store.scope.past import differing as differing_places
from gridworker.store.store import Store
from gridworker.text import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, and a sentence. ``serious`` ones mean the store itself must be mended."""

    where: str
    sentence: str
    serious: bool = True
    record: int | None = None


def check(store: Store, still: Still = None) -> list[Fault]:
    """Everything that can be checked from inside. An empty list is a sound store.

    ``still`` is asked now and then, what takes long more often; what it raises ends the check.
    """
    faults: list[Fault] = []
    for part, find in _PARTS:
        if still is not None:
            still()
        with collecting_paused():
            faults += _found(part, partial(find, store, still))
    return faults


def _found(part: str, find: Callable[[], Iterable[Fault]]) -> list[Fault]:
    """What one look finds. What it stumbles over is a fault too, but for what the engine says of file and disk."""
    try:
        return list(find())
    except (ArithmeticError, LookupError, TypeError, ValueError, msgpack.UnpackException):
        return [_never_written(part)]
    except dbapi2.Error as fault:
        if getattr(fault, "sqlite_errorcode", None) is not None:
            raise
        return [_never_written(part)]  # text that is none, said by the driver


def _never_written(part: str) -> Fault:
    return Fault(part, gettext("Something stands in the store that this program never writes."))


def since(store: Store, after: int) -> tuple[list[Fault], int]:
    """The journal above a link, with what its ops say: quick enough for every bundle. Returns the newest link too."""
    with store.cursor() as cursor:
        journal = Journal(cursor, store.chain_key)
        found = _found("journal", lambda: map(_of_link, journal.faults(after)))
        return [*found, *_found("journal", partial(_cut_off, store, cursor))], journal.last()[0]


def file_faults(named: Iterable[str]) -> list[Fault]:
    """Faults of the file, in the engine's words."""
    sentence = gettext("The file of the store is damaged: {fault}.")
    return [Fault("file", sentence.format(fault=fault)) for fault in named]


def _file(store: Store, still: Still) -> Iterator[Fault]:
    named = store.db.integrity(still)
    yield from file_faults(fault for fault in named if not is_of_index(fault))
    if any(map(is_of_index, named)):
        yield _of_index(gettext("The search index is damaged."))


def _of_index(sentence: str) -> Fault:
    """A fault of the index, and what mends it: it is made of the records, so nothing is lost with it."""
    todo = gettext("No record is touched by it. Make the index anew with: gridworker check --mend-index")
    return Fault("index", f"{sentence} {todo}")


def _journal(store: Store, _still: Still) -> Iterator[Fault]:
    with store.cursor() as cursor:
        yield from map(_of_link, Journal(cursor, store.chain_key).faults())


def _of_link(no: int) -> Fault:
    return Fault("journal", gettext("Entry {no} of the journal was changed, removed or put in.").format(no=no))


def _cut_off(store: Store, cursor: Cursor) -> Iterator[Fault]:
    """Every transaction ends with an op of this device, the row of the audit: so the newest one is in the last link.

    But for what an unnoticed copy of it wrote by a clock that ran far ahead: that came by a bundle, in a link before.
    """
    newest, journal = Log(cursor).newest().get(store.identity.device), Journal(cursor, store.chain_key)
    link = journal.link(journal.last()[0])
    if newest is None or (link is not None and newest in link.op_clks):
        return
    ends_here = link is not None and Meta(cursor).number("clock") in link.op_clks
    if not (ends_here and any(newest in one.op_clks for one in journal.links() if one.source)):
        yield Fault("journal", gettext("The end of the journal was cut off."))


def _tables(store: Store, _still: Still) -> Iterator[Fault]:
    with store.db.read() as connection:
        found = set(differing(raw_cursor(connection), raw_cursor(connection)))
        kinds = Log(raw_cursor(connection)).kinds(found)
    known = discover.by_number()
    for record in sorted(found):
        title = known[kinds[record]].kind.title if kinds.get(record) in known else "?"
        yield Fault("tables", gettext("A record of “{kind}” differs from the log.").format(kind=title), record=record)


def _log_itself(store: Store, _still: Still) -> Iterator[Fault]:
    """Ops that no link of the journal brought, or the other way round, show as a count."""
    with store.cursor() as cursor:
        brought = sum(len(link.op_clks) for link in Journal(cursor, store.chain_key).links())
        cursor.execute("SELECT count(*) FROM op")
        logged = cursor.fetchone()[0]
        if brought != logged:
            yield Fault("log", gettext("The log holds {logged} entries where the journal names {brought}.").format(
                logged=logged, brought=brought))  # fmt: skip
        newest = Log(cursor).newest()
        yield from _cut_off(store, cursor)
        if any(newest.get(device, -1) < clk for device, clk in Log(cursor).newest_by_scan().items()):
            yield Fault("log", gettext("The log has lost count of what it holds."))
        cursor.execute("SELECT count(*) FROM op WHERE what = ? AND clk <> record", (int(What.CREATE),))
        if cursor.fetchone()[0]:
            yield Fault("log", gettext("A creation in the log does not carry the id of what it created."))
        if Sheaves(cursor).has_strays():
            yield Fault("log", gettext("The log holds values that belong to none of its entries."))


def _erasures(store: Store, _still: Still) -> Iterator[Fault]:
    """What was erased is erased: every erasure is remembered, and no op holds a value it takes away."""
    with store.cursor() as cursor:
        log = Log(cursor)
        cursor.execute(
            "SELECT clk, kind, record, what, author, CAST(vals AS BLOB) FROM op WHERE what = ?", (int(What.ERASE),)
        )
        logged = [OpRow(*row) for row in cursor.fetchall()]
        cursor.execute("SELECT DISTINCT record FROM erased")
        records = {row[0] for row in cursor.fetchall()} | {row.record for row in logged}
        erased = log.erasures(records)
        places = {(record, at, clk) for record, fields in erased.items() for at, clks in fields.items() for clk in clks}
        forgotten = {row.record for row in logged if not {(row.record, at, row.clk) for at in fields_of(row)} <= places}
        rows = log.rows(ops_on(cursor, records)).values() if records else ()
        kept = {row.record for row in rows if blanked(row, erased.get(row.record, {})) is not row}
    for record in sorted(forgotten | kept):
        yield Fault("erasures", gettext("Something that was erased is still in the log."), record=record)


def _past(store: Store, still: Still) -> Iterator[Fault]:
    """What a restored office keeps of the places of records: it is worked out from the log, and no loss.

    By it the office tells what a laptop may still hold: what is wrong there would stay on the laptop, or be taken off.
    """
    with store.cursor() as cursor:
        astray = set(differing_places(cursor, still))
    if astray:
        said = ngettext(
            "Of {count} record it is kept wrongly where it was before.",
            "Of {count} records it is kept wrongly where they were before.",
            len(astray),
        ).format(count=len(astray))
        todo = gettext("No record is touched by it. It is worked out anew with: gridworker check --mend-index")
        yield Fault("past", f"{said} {todo}")


def _index(store: Store, _still: Still) -> Iterator[Fault]:
    """What is searched is what is there: a record without its entry is one nobody finds."""
    with store.cursor() as cursor:
        found = astray(cursor)
    if found is None:
        yield _of_index(gettext("A part of the search index is gone."))
        return
    if found.unfound:
        said = ngettext(
            "The search index does not find {count} record as it stands.",
            "The search index does not find {count} records as they stand.",
            found.unfound,
        )
        yield _of_index(said.format(count=found.unfound))
    if found.left:
        said = ngettext(
            "The search index holds {count} entry of what is not there any more.",
            "The search index holds {count} entries of what is not there any more.",
            found.left,
        )
        yield _of_index(said.format(count=found.left))


def _references(store: Store, _still: Still) -> Iterator[Fault]:
    """References that lead nowhere: for a person to put right. No backup mends them, so they are not serious."""
    text = gettext(
        "“{field}” of record {record} of “{kind}” points to record {target}, of which nothing is known here."
    )
    refused = gettext("“{field}” of record {record} of “{kind}” points to record {target}, which the office refused.")
    with store.cursor() as cursor:
        for kind, spec, record, target, is_refused in dangling(cursor, store.identity)[:CHUNK]:
            sentence = refused if is_refused else text
            named = sentence.format(field=spec.label, record=record, kind=kind.title, target=target)
            yield Fault("references", named, serious=False, record=record)


_PARTS = (
    ("file", _file),
    ("journal", _journal),
    ("log", _log_itself),
    ("erasures", _erasures),
    ("tables", _tables),
    ("index", _index),
    ("past", _past),
    ("references", _references),
)
