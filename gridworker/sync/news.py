"""Whether the other side should hear from this one without being asked: a bundle that goes by itself is worth a file.

Every merge puts an audit row on record, and audit rows go to the office like all else. Were they news, two ends that
watch one folder would answer each other for ever. So news is what people wrote, a wish to be forgotten among it, what
enters or leaves a scope, pieces of attachments that never went, a receipt that the other side waits for, and a backup
by which a laptop may let go of what left it.
"""

from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import device_of
from gridworker.store.meta import Meta
from gridworker.store.parcels import OFFICE_PEER
from gridworker.store.streams import BundleRow, Exchange, clks_since
from gridworker.sync.counts import of_people
from gridworker.sync.enrolment.given_keys import is_told
from gridworker.sync.files.attaching import has_unsent
from gridworker.sync.format.header import Header, Marks, kept_header
from gridworker.sync.outgoing import Outgoing, to_laptop, to_office
from gridworker.sync.standing import marks_of
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.meta import Identity

LOOKED_BACK = 50
"""Bundles of a peer among which the last that counts is looked for."""


def has_news(connection: "Connection", identity: "Identity", peer: int, *, files: bool = True) -> bool:
    """Whether there is news for a peer: a laptop's number at the office, the office's device on a laptop.

    Without ``files``: whether there is any but pieces of attachments.
    """
    if files and has_unsent(connection, peer if identity.is_office else OFFICE_PEER):
        return True
    exchange = Exchange(raw_cursor(connection))
    outgoing = to_laptop(connection, peer) if identity.is_office else to_office(connection, identity, peer)
    sent = _sent(exchange, peer, identity.device)
    if sent is None:
        content = outgoing.enter or outgoing.leave or any(True for _ in of_people(outgoing.rows))
        # The office answers only a laptop that it has heard of; put back, it may have lost what it had confirmed to it.
        introduces = not identity.is_office or identity.incarnation > 0
        return introduces or bool(content) or _came(exchange, peer) is not None
    told = kept_header(sent.header)
    if identity.is_office and not is_told(Meta(raw_cursor(connection)), told):
        return True
    if identity.is_office and _releases(exchange, peer, outgoing, told):
        return True
    owed = _owes_receipt(_came(exchange, peer), outgoing, told, from_office=not identity.is_office)
    return owed or _has_content(connection, identity, outgoing, sent)


def _sent(exchange: Exchange, peer: int, own: int) -> BundleRow | None:
    """What went last to a peer in this life: what a restored office is given back belongs to another."""
    rows = exchange.bundles(peer=peer, outgoing=True, limit=LOOKED_BACK)
    return next((row for row in rows if kept_header(row.header).sender == own), None)


def _owes_receipt(came: Header | None, outgoing: Outgoing, told: Header, *, from_office: bool) -> bool:
    if came is None or outgoing.have == told.have:
        return False
    return came.upto > (told.have.n if from_office else marks_of(told.have).get(came.sender, 0))


def _releases(exchange: Exchange, laptop: int, outgoing: Outgoing, told: Header) -> bool:
    """Whether a laptop may let go of what left it once it hears how far the office's backup goes now.

    What it wrote until it took the exit in has to be in there, and the exit too (store/departed.py). Nothing else that
    waits for a backup is in a hurry: it hears of that with the next reply.
    """
    gone = (row for row in exchange.bundles(peer=laptop, outgoing=True, limit=LOOKED_BACK) if _leads_away(row, told))
    exit_ = next((Summary.parse(row.summary).upto for row in gone), None)
    if exit_ is None:
        return False
    came = [kept_header(row.header) for row in exchange.bundles(peer=laptop, outgoing=False, limit=LOOKED_BACK)]
    took = [header for header in came if header.recipient == told.sender and header.have.n >= exit_]
    if not took:
        return False
    first = took[-1]

    def covers(have: Marks, safe: Marks) -> bool:
        written = (marks_of(have).get(first.sender, 0), marks_of(safe).get(first.sender, 0))
        return safe.n >= exit_ and min(written) >= first.upto

    return covers(outgoing.have, outgoing.backed_up) and not covers(told.have, told.backed_up_to)


def _leads_away(row: BundleRow, told: Header) -> bool:
    """Whether a reply of the present life of the office says that something leaves."""
    return bool(Summary.parse(row.summary).leave) and kept_header(row.header).sender == told.sender


def _came(exchange: Exchange, peer: int) -> Header | None:
    """The last bundle of a peer in which people's work came."""
    rows = exchange.bundles(peer=peer, outgoing=False, limit=LOOKED_BACK)
    return next((kept_header(row.header) for row in rows if Summary.parse(row.summary).work), None)


def _has_content(connection: "Connection", identity: "Identity", outgoing: Outgoing, sent: BundleRow) -> bool:
    last = Summary.parse(sent.summary)
    if set(outgoing.enter) - set(last.enter) or set(outgoing.leave) - set(last.leave):
        return True
    rows = of_people(outgoing.rows)
    if identity.is_office:
        fresh, _ = clks_since(raw_cursor(connection), last.upto)
        return not {row.clk for row in rows}.isdisjoint(fresh)
    gone = {device_of(clk): clk for clk in last.marks}
    return any(row.clk > gone.get(device_of(row.clk), 0) for row in rows)
