"""A restored office: it starts its streams anew, so that nothing rests on what it no longer has."""

from typing import TYPE_CHECKING

from gridworker.store.clock import INCARNATION_BITS
from gridworker.store.database import raw_cursor
from gridworker.store.lives import take_new_life
from gridworker.store.meta import Meta
from gridworker.store.recall import Recall, last_numbers
from gridworker.store.streams import Exchange
from gridworker.sync.header import MAX_GOT, kept_header
from gridworker.sync.states import PAST, SENT

if TYPE_CHECKING:
    from gridworker.store.store import Store
    from gridworker.sync.header import Header
    from gridworker.sync.standing import Standing

LIFE = "streams_life"


def settle_life(store: "Store", common: int | None = None) -> None:
    """Where the office lives anew, begin every stream to a laptop from nothing: replies then bring everything.

    Of each former life it is remembered above which number its replies may hold what this store does not: what this
    store wrote last in it, or ``common`` where it went on in that life without noticing that it was set back. Of a life
    that left nothing here, because it began and ended on another copy, that is every reply there is.
    """
    life = store.identity.incarnation
    with store.cursor() as cursor:
        known = Meta(cursor).number(LIFE)
    if not store.identity.is_office or known == life:
        return
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        meta, exchange = Meta(cursor), Exchange(cursor)
        for stream in exchange.streams():
            exchange.save_stream(stream._replace(sent_n=0, sent_hash=None, acked=0))
        for sent in exchange.bundles(outgoing=True, limit=100_000):
            if sent.state == SENT:
                exchange.save_bundle(sent._replace(state=PAST))
        recall = Recall(cursor)
        for former, last in last_numbers(cursor, set(range(life)) - recall.lost().keys()).items():
            recall.add_lost(former, last if common is None else min(last, common))
        meta.set(LIFE, life)


def notice_restore(store: "Store", header: "Header", digest: bytes) -> "Standing | None":
    """How a bundle stands to those before it; None where that is to be judged anew.

    Live anew where a laptop had more from this very life than is here: this office was set back to an old copy.

    A laptop tells by receipts above ours, and by replies it took in that we do not know we sent: once this office has
    written on, numbers alone would not tell.
    """
    from gridworker.store.streams import last_number
    from gridworker.sync.standing import standing_of

    laptop = header.sender >> INCARNATION_BITS
    if header.recipient != store.identity.device:
        return None
    with store.cursor() as cursor:
        exchange = Exchange(cursor)
        standing = standing_of(exchange, header, digest, peer=laptop, office=True)
        ahead = header.have.n > last_number(cursor)
        common = exchange.stream(laptop).acked
        forgotten = unknown(exchange, header)
    if standing.gaps or ahead or forgotten:
        take_new_life(store)
        settle_life(store, common)
        return None
    return standing


def unknown(exchange: Exchange, header: "Header") -> bool:
    """Whether the other side has taken in bundles of ours that are not known here."""
    known = (exchange.bundle(bytes.fromhex(digest)) for digest in header.got)
    return any(row is None or not row.outgoing for row in known)


def got_from(exchange: Exchange, peer: int, device: int) -> tuple[str, ...]:
    """Hashes of the newest bundles taken in from a life of the other side, oldest first."""
    rows = exchange.bundles(peer=peer, outgoing=False, limit=MAX_GOT)
    return tuple(row.hash.hex() for row in reversed(rows) if kept_header(row.header).sender == device)
