"""What a header says of the bundles before it, from what is kept of them; and what a laptop believes of a receipt.

A laptop that was copied without noticing has a twin that writes under its number. The office's receipt then speaks of
what either of them handed in, so a laptop believes it no further than what went with those of its own bundles that the
office names as the newest that came. Where it did not write the newest of its own life itself, it is one of two: it
takes nothing for confirmed, and goes on as a new life, whose first bundle carries all that was not.
"""

from typing import TYPE_CHECKING

from gridworker.store.log.clock import device_of
from gridworker.sync.format.header import MAX_RECENT, Header, kept_header
from gridworker.sync.format.parts import MAX_INCARNATIONS
from gridworker.sync.format.states import REFUSED, SENT
from gridworker.sync.format.traces import Came, Handed
from gridworker.sync.standing import LOOKED_BACK, marks_of
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from gridworker.store.streams import BundleRow, Exchange


def recent(exchange: "Exchange", peer: int) -> tuple[Handed, ...]:
    """Bundles to a peer that have no receipt yet, oldest first: where one is lost, the other end can say which."""
    sent = exchange.bundles(peer=peer, outgoing=True, limit=MAX_RECENT)
    open_ones = (row for row in reversed(sent) if row.state in {SENT, REFUSED})
    return tuple(Handed(row.n, kept_header(row.header).time) for row in open_ones)


def came(exchange: "Exchange", laptop: int) -> tuple[Came, ...]:
    """The newest bundle of each life of a laptop that was taken in whole, whenever it came.

    A laptop counts anew for each life of the office, so that goes before the number. One with a gap, or of which
    something was put off, is none: what it brought above is confirmed by nothing but what a copy handed in.
    """
    newest: dict[int, tuple[int, Came]] = {}
    for row in exchange.bundles(peer=laptop, outgoing=False, limit=LOOKED_BACK):
        if Summary.parse(row.summary).gap:
            continue
        header = kept_header(row.header)
        before = newest.get(header.sender)
        if before is None or (header.recipient, row.n) > (before[0], before[1].n):
            newest[header.sender] = header.recipient, Came(header.sender, row.n, row.hash.hex())
    return tuple(newest[device][1] for device in sorted(newest)[:MAX_INCARNATIONS])


def is_twin(exchange: "Exchange", header: Header, device: int) -> bool:
    """Whether the office took in a bundle of this very life of a laptop that this store did not write."""
    return any(one.device == device and _own(exchange, one) is None for one in header.came)


def believed(exchange: "Exchange", header: Header) -> dict[int, int]:
    """By life: how far a receipt counts for this store.

    A bundle that went to a former life of the office left out what that one had confirmed: this one may have lost it.
    """
    covered = exchange.marks()
    for row in filter(None, (_own(exchange, one) for one in header.came)):
        if kept_header(row.header).recipient != header.sender:
            continue
        for clk in Summary.parse(row.summary).marks:
            covered[device_of(clk)] = max(covered.get(device_of(clk), 0), clk)
    return {device: min(clk, covered[device]) for device, clk in marks_of(header.have).items() if device in covered}


def _own(exchange: "Exchange", one: Came) -> "BundleRow | None":
    """A bundle that came, if this store wrote it."""
    row = exchange.bundle(bytes.fromhex(one.hash))
    return row if row is not None and row.outgoing else None
