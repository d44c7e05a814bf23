"""On a laptop: values that were replaced long ago go, once the office has them in a verified backup (sync.md 4).

What stays is everything but those values: every op with its fields and what it replaced. So heads are what they were,
nothing waits, nothing comes back, and a copy of such an op that still has its value is the same op. Only the past as it
shows on this laptop gets shorter; the office keeps all of it.

Nothing above what ``backed_up`` says is touched, nor the newest links of the journal: a person may still undo those.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.errors import Denied
from gridworker.record import ALIVE
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.blanking import emptied
from gridworker.store.log.clock import device_of, laptop_of
from gridworker.store.log.journal import Batch, Journal
from gridworker.store.log.log import Cursor, Log, chunks
from gridworker.store.log.op import OpRow, What, unpack_edits
from gridworker.store.meta import Identity, Meta
from gridworker.store.relink import relink
from gridworker.store.streams import Exchange

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store
    from gridworker.store.tables.changes import Act

COMPACTED = "compacted"
"""In meta: the last link of the journal that values were let go up to."""

KEPT = 50
"""Links that are always left alone."""

EVERY = 500
"""Links after which it is worth while again."""

_REPLACING = frozenset(map(int, (What.EDIT, What.RESOLVE, What.ERASE)))


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: ops that lost values, and the bytes these had."""

    ops: int = 0
    bytes: int = 0


def compact(store: "Store", act: "Act", upto: int | None = None) -> Compacted:
    """Let go of what may go; ``upto`` is the last link to look at. Raises Denied at the office, StoreDamaged."""
    if store.identity.is_office:
        raise Denied("The office keeps everything.")
    with store.cursor() as cursor:
        last = covered(cursor) if upto is None else min(upto, covered(cursor))
        vals, saved = _replaced(cursor, last)
    if not vals:
        return Compacted()

    def beside(connection: "Connection", _commit: "Commit") -> None:
        cursor = raw_cursor(connection)
        relink(cursor, store.chain_key, (), vals)
        Meta(cursor).set(COMPACTED, max(last, Meta(cursor).number(COMPACTED)))

    store.write([], act, beside)
    return Compacted(len(vals), saved)


def is_due(store: "Store") -> bool:
    """Whether much has come since the last time."""
    with store.cursor() as cursor:
        newest, _ = Journal(cursor, store.chain_key).last()
        return newest - Meta(cursor).number(COMPACTED) >= KEPT + EVERY and covered(cursor) > 0


def covered(cursor: Cursor) -> int:
    """The last link up to which all that came is in a verified backup of the office, the newest ones left out."""
    exchange = Exchange(cursor)
    marks, own = exchange.backed_up(), Identity.load(Meta(cursor)).laptop
    streams = {stream.peer: stream.backed_up for stream in exchange.streams()}
    newest, _ = Journal(cursor, b"").last()
    last = 0
    for link in list(Journal(cursor, b"").links()):
        if link.no > newest - KEPT or not _is_covered(exchange, link, marks, streams, own):
            break
        last = link.no
    return last


def _is_covered(
    exchange: Exchange, link: Batch, marks: Mapping[int, int], streams: Mapping[int, int], own: int
) -> bool:
    if any(laptop_of(clk) == own and clk > marks.get(device_of(clk), 0) for clk in link.op_clks):
        return False
    if link.source is None:
        return True
    row = exchange.bundle(link.source)
    if row is None:  # the kit: everything in it is older than the first reply
        return any(streams.values())
    return _upto(row.summary) <= streams.get(row.peer, 0)


def _upto(summary: bytes | None) -> int:
    import msgpack

    return int(msgpack.unpackb(summary)["upto"]) if summary else 0


def _replaced(cursor: Cursor, last: int) -> tuple[dict[int, bytes], int]:
    """New vals by clk for the ops up to a link that have values which ops up to it replaced, and the bytes less."""
    log = Log(cursor)
    clks = [clk for link in Journal(cursor, b"").links() if link.no <= last for clk in link.op_clks]
    here = frozenset(clks)
    replaced: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for part in chunks(clks):
        for clk, record, field in _named(log.rows(part).values()):
            if clk in here:
                replaced[clk].add((record, field))
    vals, saved = {}, 0
    for part in chunks(sorted(replaced)):
        for clk, row in log.rows(part).items():
            bare = emptied(row, {field for record, field in replaced[clk] if record == row.record})
            if bare is not row:
                vals[clk] = bare.vals
                saved += len(row.vals) - len(bare.vals)
    return vals, saved


def _named(rows: Iterable[OpRow]) -> Iterable[tuple[int, int, int]]:
    for row in rows:
        for edit in unpack_edits(row.record, row.vals) if row.what in _REPLACING else ():
            if edit.field > ALIVE:
                yield from ((clk, row.record, edit.field) for clk in edit.over if clk != row.clk)
