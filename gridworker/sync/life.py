"""A restored office: it starts its streams anew, so that nothing rests on what it no longer has."""

from typing import TYPE_CHECKING

from gridworker.store.database import raw_cursor
from gridworker.store.lives import take_new_life
from gridworker.store.meta import Meta
from gridworker.store.streams import Exchange
from gridworker.sync.states import PAST, SENT

if TYPE_CHECKING:
    from gridworker.store.store import Store
    from gridworker.sync.incoming import Arrived

LIFE = "streams_life"


def settle_life(store: "Store") -> None:
    """Where the office lives anew, begin every stream to a laptop from nothing: replies then bring everything."""
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
            exchange.forget_held(stream.peer)
        for sent in exchange.bundles(outgoing=True, limit=100_000):
            if sent.state == SENT:
                exchange.save_bundle(sent._replace(state=PAST))
        meta.set(LIFE, life)


def notice_restore(store: "Store", arrived: "Arrived") -> None:
    """Live anew where a laptop had more confirmed, or received, by this very life than is here: it was set back."""
    from gridworker.store.streams import last_number
    from gridworker.sync.standing import standing_of

    header = arrived.header
    if header.recipient != store.identity.device:
        return
    with store.cursor() as cursor:
        standing = standing_of(Exchange(cursor), header, arrived.hash, peer=arrived.laptop, office=True)
        ahead = header.have.n > last_number(cursor)
    if standing.gaps or ahead:
        take_new_life(store)
        settle_life(store)
