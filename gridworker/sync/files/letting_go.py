"""Which files a laptop may let go: the oldest ones that are safe at the office, and those nobody can want any more.

A photo whose record was deleted here before the photo was handed in never goes to the office. It stays as long as an
undo here may bring its record back: until the office's backup covers the deletion, and ``compaction.KEPT`` more acts
were done. With the file goes that undo: ``compaction.COMPACTED`` moves past it. Who brings the record back by hand
afterwards has it without the file.

A receipt does not say that the deletion counts: the office may have set it aside, and refuse it in a year. So the
photo stays until both ends were seen to hold the same since (agreement.py). What others deleted they may bring back: of
that the photo stays.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from gridworker.record import ALIVE
from gridworker.store.attached import Attached, Files
from gridworker.store.erasure.compaction import COMPACTED, covered
from gridworker.store.log.clock import device_of, laptop_of
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Cursor, Log, chunks
from gridworker.store.log.op import OpRow, What
from gridworker.store.meta import Meta
from gridworker.store.parcels import COVERED, OFFICE_PEER, Parcels
from gridworker.store.streams import Exchange, clks_since
from gridworker.sync.summary import Summary


class Surplus(NamedTuple):
    """The files beyond the newest bytes that may go, and how many beyond them may not.

    ``abandoned``: those among them that only records refer to which were deleted here, and the office never had. They
    go up to link ``upto`` of the journal, so what that did cannot be undone afterwards.
    """

    gone: list[Attached]
    kept: int
    abandoned: frozenset[bytes]
    upto: int


def let_go(cursor: Cursor, laptop: int, keep: int) -> Surplus:
    """Forget the files that may go; the caller removes them once that is durable."""
    found, files = surplus(cursor, laptop, keep), Files(cursor)
    for file in found.gone:
        if file.hash not in found.abandoned:
            files.let_go(file.hash)
    if found.abandoned:
        files.forget(found.abandoned)
        Meta(cursor).set(COMPACTED, max(found.upto, Meta(cursor).number(COMPACTED)))
    return found


def surplus(cursor: Cursor, laptop: int, keep: int) -> Surplus:
    """The files beyond the newest ``keep`` bytes that may go, and how many beyond them may not.

    A file may go where the office has confirmed it whole and has it in a verified backup, and that backup covers the
    records of this laptop that refer to it as well; or where it was abandoned.
    """
    newest: dict[bytes, int] = {}
    backed_up, safe = Exchange(cursor).backed_up(), set[bytes]()
    unsafe = set[bytes]()
    for hash_, parcel in Parcels(cursor, OFFICE_PEER).all().items():
        (safe if parcel.state == COVERED else unsafe).add(hash_)
    for one in Files(cursor).wanted():
        newest.setdefault(one.hash, one.record)
        if laptop_of(one.record) == laptop and one.record > backed_up.get(device_of(one.record), 0):
            unsafe.add(one.hash)
    here = [file for file in Files(cursor).all() if file.path is not None]
    here.sort(key=lambda file: newest.get(file.hash, 0), reverse=True)
    beyond = []
    for file in here:
        keep -= file.size
        if keep < 0:
            beyond.append(file)
    safe -= unsafe
    unwanted = {file.hash for file in beyond if file.hash not in newest} - safe
    upto = min(covered(cursor), _agreed(cursor) - 1) if unwanted else 0
    abandoned = _abandoned(cursor, laptop, unwanted, upto) if upto > 0 else frozenset[bytes]()
    gone = [file for file in beyond if file.hash in safe | abandoned]
    return Surplus(gone, len(beyond) - len(gone), abandoned, upto)


def _agreed(cursor: Cursor) -> int:
    """The link of the newest reply after which office and laptop held the same, with nothing on its way; 0 for none."""
    exchange, office = Exchange(cursor), Meta(cursor).number("office_device")
    agreed = exchange.agreement(office)
    if agreed is None or agreed.own is None or agreed.own != agreed.other:
        return 0
    rows = exchange.bundles(peer=office, outgoing=False)
    return min((row.batch or 0 for row in rows if Summary.parse(row.summary).upto == agreed.n), default=0)


def _abandoned(cursor: Cursor, laptop: int, unwanted: Collection[bytes], upto: int) -> frozenset[bytes]:
    """Those of some files that no record shows whose records this laptop deleted, all, and that lie still since a link.

    A file that no op here names is none of them: its record may be on its way.
    """
    log, named = Log(cursor), defaultdict[bytes, set[int]](set)
    for one in Files(cursor).once_wanted(unwanted):
        named[one.hash].add(one.record)
    records = {record for found in named.values() for record in found}
    since, _ = clks_since(cursor, upto)
    moving = {row.record for part in chunks(since) for row in log.rows(part).values()}
    standing = {record: heads_of(packed, record, ALIVE) for record, packed in log.heads(records).items()}
    deletions = log.rows(clk for clks in standing.values() for clk in clks)
    deleted = {
        record for record, clks in standing.items() if all(_is_own_deletion(deletions.get(clk), laptop) for clk in clks)
    }
    return frozenset(hash_ for hash_, found in named.items() if found <= deleted - moving)


def _is_own_deletion(row: OpRow | None, laptop: int) -> bool:
    return row is not None and row.what == What.DELETE and laptop_of(row.clk) == laptop
