"""A restored office: it starts its streams anew, so that nothing rests on what it no longer has."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.lives import skip_numbers, take_new_life
from gridworker.store.log.clock import INCARNATION_BITS
from gridworker.store.meta import Meta
from gridworker.store.recall import Recall, last_numbers
from gridworker.store.streams import Exchange, last_number
from gridworker.store.tables.changes import Act
from gridworker.sync.format.header import MAX_GOT, kept_header
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.states import PAST, SENT
from gridworker.sync.format.tickets import Ticket
from gridworker.sync.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gridworker.store.log.log import Cursor
    from gridworker.store.store import Store
    from gridworker.sync.format.header import Header
    from gridworker.sync.standing import Standing

LIFE = "streams_life"
BELIEVED = "believed"
"""In ``meta``: see ``_believed``."""
EVERYTHING = 100_000


def settle_life(store: "Store", common: int | None = None) -> None:
    """Where the office lives anew, begin every stream to a laptop from nothing: replies then bring everything.

    Of each former life it is remembered above which number its replies may hold what this store does not: what this
    store wrote last in it, or ``common`` where it went on in that life without noticing that it was set back. Of a life
    that left nothing here, because it began and ended on another copy, that is every reply there is.
    """
    life = store.identity.incarnation
    if not store.identity.is_office or is_settled(store):
        return
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        meta, exchange = Meta(cursor), Exchange(cursor)
        for stream in exchange.streams():
            exchange.save_stream(stream._replace(sent_n=0, sent_hash=None, acked=0))
        for sent in exchange.bundles(outgoing=True, limit=EVERYTHING):
            if sent.state == SENT:
                exchange.save_bundle(sent._replace(state=PAST))
        exchange.forget_agreements()
        recall = Recall(cursor)
        for former, last in last_numbers(cursor, set(range(life)) - recall.lost().keys()).items():
            recall.add_lost(former, last if common is None else min(last, common))
        meta.set(LIFE, life)


def is_settled(store: "Store") -> bool:
    """Whether the streams are those of this life; if not, what was compared in a former one says nothing of this."""
    with store.cursor() as cursor:
        return Meta(cursor).number(LIFE) == store.identity.incarnation


def notice_restore(store: "Store", header: "Header", digest: bytes, who: int) -> "Standing | None":
    """How a bundle stands to those before it; None where that is to be judged anew.

    Live anew where a laptop had more from this very life than is here: this office was set back to an old copy. It has
    to be before the next edit and the next reply, which would bear numbers that were given out already.

    A laptop shows it by tickets of replies we do not know we sent, and by our word that we enrolled it: that is proof
    (tickets.py). It says so by receipts above ours, and by hashes of such replies: anybody can, so that is believed
    once of each laptop, costs no laptop numbers, and is believed again when a reply that comes back has borne it out.
    """
    laptop = header.sender >> INCARNATION_BITS
    if header.recipient != store.identity.device:
        return None
    with store.cursor() as cursor:
        exchange = Exchange(cursor)
        standing = standing_of(exchange, header, digest, peer=laptop, office=True)
        says = bool(standing.gaps) or header.have.n > last_number(cursor) or unknown(exchange, header)
        is_proven = _shows(cursor, header)
        is_believed = is_proven or (says and laptop not in _believed(Meta(cursor)))
        common = exchange.stream(laptop).acked if is_believed else 0
    if not is_believed:
        return replace(standing, ahead=says)
    ended = store.identity.device
    take_new_life(store, skip=is_proven)
    settle_life(store, common)
    if not is_proven:
        with store.settings() as settings:
            _remember(settings, {**_believed(settings), laptop: ended})
    store.write([], Act.note("set_back", who, detail=digest.hex()[:8]))
    return None


def bear_out(store: "Store", device: int) -> None:
    """A reply came back that the life ``device`` of this office sent and this store did not have.

    If that life was ended on somebody's word, the word was true: laptop numbers may be lost too.
    """
    with store.cursor() as cursor:
        believed = _believed(Meta(cursor))
    if device in believed.values():
        with store.settings() as settings:
            _remember(settings, {laptop: life for laptop, life in believed.items() if life != device})
        skip_numbers(store)


def unknown(exchange: Exchange, header: "Header") -> bool:
    """Whether the other side says that it has taken in bundles of ours that are not known here."""
    known = (exchange.bundle(bytes.fromhex(digest)) for digest in header.got)
    return any(row is None or not row.outgoing for row in known)


def taken_in(exchange: Exchange, peer: int, device: int) -> dict[str, Any]:
    """What a header says of the newest bundles that came from a life of the other side, oldest first."""
    rows = [
        row
        for row in reversed(exchange.bundles(peer=peer, outgoing=False, limit=MAX_GOT))
        if kept_header(row.header).sender == device
    ]
    tickets = [(row.n, kept_header(row.header).ticket) for row in rows]
    return {
        "got": tuple(row.hash.hex() for row in rows),
        "tickets": tuple(Ticket(n, ticket) for n, ticket in tickets if ticket),
    }


def _shows(cursor: "Cursor", header: "Header") -> bool:
    """Whether a laptop has what only this office can have given it, in this life, and what is not known here."""
    exchange, laptop = Exchange(cursor), header.sender >> INCARNATION_BITS
    got = (exchange.bundle(bytes.fromhex(digest)) for digest in header.got)
    known = {kept_header(row.header).ticket for row in got if row is not None and row.outgoing}
    strange = [one for one in header.tickets if one.ticket not in known]
    is_new = not exchange.pinned(laptop) and exchange.kit(laptop) is None
    if not (strange or is_new):
        return False
    keys = DeviceKeys.parse(Meta(cursor).secret("device_keys") or b"")
    if is_new and header.vouch and header.vouch.holds(header.community, laptop, keys.public):
        return True
    genuine = {one.ticket for one in strange if one.holds(keys, laptop, header.recipient)}
    if not genuine:
        return False
    sent = exchange.bundles(peer=laptop, outgoing=True, limit=EVERYTHING)
    return not genuine <= {kept_header(row.header).ticket for row in sent}


def _believed(settings: Meta) -> dict[int, int]:
    """By laptop whose word was believed and has not been borne out since: the life that was ended on it."""
    pairs = (pair.split(":") for pair in settings.text(BELIEVED).split())
    return {int(laptop): int(life) for laptop, life in pairs}


def _remember(settings: Meta, believed: "Mapping[int, int]") -> None:
    settings.set(BELIEVED, " ".join(f"{laptop}:{life}" for laptop, life in sorted(believed.items())))
