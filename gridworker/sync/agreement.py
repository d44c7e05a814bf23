"""Whether both ends hold the same: a digest over a laptop's scope at a number of the office's stream (sync.md 4).

The office writes into a reply what its records of the laptop's scope hash to. The laptop does the same when it has
taken the reply in, and its next bundle says what it found; both compare. It says nothing where the two need not be
equal: while the laptop holds work the office has not, while something waits for the office's word, or while some of
what entered did not fit.
"""

from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.digest import digest
from gridworker.store.scope.scope import grids_of, in_scope
from gridworker.store.streams import Agreed, Exchange, own_ops
from gridworker.store.waiting import Waiting, Which
from gridworker.sync.format.header import SCHEMA, Agreement, Header, kept_header

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.meta import Identity
    from gridworker.sync.outgoing import Outgoing


def of_office(connection: "Connection", laptop: int, outgoing: "Outgoing", scope: int) -> Agreement | None:
    """What a laptop's records have to hash to once it has taken in this reply."""
    waiting = Waiting(raw_cursor(connection)).has(Which(laptop=laptop))
    if waiting or not outgoing.complete:
        return None
    return Agreement(digest(connection, outgoing.inside), outgoing.upto, scope)


def of_laptop(exchange: Exchange, office: int) -> Agreement | None:
    """What this laptop found when it had taken in the newest reply that said something."""
    agreed = exchange.agreement(office)
    if agreed is None or agreed.own is None:
        return None
    return Agreement(agreed.own.hex(), agreed.n, agreed.scope)


def compare_on_laptop(connection: "Connection", identity: "Identity", header: Header, at: int) -> None:
    """Keep both digests after a reply was taken in, in the same transaction."""
    exchange = Exchange(raw_cursor(connection))
    told = header.digest
    if told is None or header.schema != SCHEMA or told.n != exchange.stream(header.sender).received:
        return
    own = None
    if not _unconfirmed(connection, identity):
        held = in_scope(connection, grids_of(connection, identity.laptop), identity.laptop)
        own = bytes.fromhex(digest(connection, held))
    exchange.save_agreement(Agreed(header.sender, told.n, told.scope, own, bytes.fromhex(told.hash), at))


def compare_at_office(exchange: Exchange, laptop: int, header: Header, at: int) -> None:
    """Keep what a laptop says it found, beside what the reply it speaks of had said."""
    told = header.digest
    if told is None or header.schema != SCHEMA:
        return
    for sent in exchange.bundles(peer=laptop, outgoing=True):
        said = kept_header(sent.header).digest
        if said is not None and (said.n, said.scope) == (told.n, told.scope):
            own, other = bytes.fromhex(said.hash), bytes.fromhex(told.hash)
            exchange.save_agreement(Agreed(laptop, told.n, told.scope, own, other, at))
            return


def _unconfirmed(connection: "Connection", identity: "Identity") -> bool:
    """Whether this laptop has work that the office did not have when it wrote the reply."""
    known = discover.by_number()
    cursor = raw_cursor(connection)
    rows = own_ops(cursor, identity.laptop, Exchange(cursor).marks())
    return any(row.kind not in known or not known[row.kind].kind.office_only for row in rows)
