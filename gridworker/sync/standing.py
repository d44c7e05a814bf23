"""How a bundle stands to what came before it: numbers that never came, gaps in what it covers, two chains."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from gridworker.store.log.clock import MAX_INCARNATION, device_of
from gridworker.store.streams import BundleRow, Exchange
from gridworker.sync.format.header import Header, Marks, kept_header
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOKED_BACK = 200
"""Bundles of one sender that are looked at: more than a year of handing over twice a week."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known before a bundle is taken in. ``gaps``: lives of the sender of which something lies between."""

    missing: tuple[int, ...] = ()
    gaps: frozenset[int] = frozenset()
    forked: bool = False
    late: bool = False
    """A later one of the same stream was here before; of the office, a later one to any life of this laptop."""
    ahead: bool = False
    """At the office: it says, and does not prove, that it had more from here than is here (life.py)."""
    told: bool = False
    """That the sender forked was said when an earlier bundle of this chain came."""
    is_shared: bool = False
    """Whether the very life of the sender forked: two computers live it. Else ``forked`` is said of two lives."""


def standing_of(exchange: Exchange, header: Header, digest: bytes, *, peer: int, office: bool) -> Standing:
    """Judge a header that was verified. ``office`` is whether this is the office."""
    rows = exchange.bundles(peer=peer, outgoing=False, limit=LOOKED_BACK)
    came = _same_stream(rows, header)
    is_shared = came.get(header.n, digest) != digest or (
        header.prev is not None and header.n - 1 in came and came[header.n - 1].hex() != header.prev
    )
    forked = (
        is_shared
        # A new life goes on counting: where two lives have one number, two computers, or two states of one, wrote it.
        or any(row.n == header.n and row.hash != digest for row in rows if not office or _is_to(row, header.recipient))
    )
    gaps = _gaps_of_laptop(exchange, header) if office else _gap_of_office(exchange, header, peer)
    # The office's numbers go on from one life of a laptop to the next: a reply to a former one may be late too.
    later = (row.n > header.n for row in rows) if not office else (n > header.n for n in came)
    told = forked and _is_told(rows, header, digest)
    lives = (header.sender if office else header.recipient) & MAX_INCARNATION
    named = _missing(came, header) if came or not lives else _missing_of_new_life(rows, header)
    return Standing(named, gaps, forked, any(later), told=told, is_shared=is_shared)


def chain_to(exchange: Exchange, digest: str | None) -> list[bytes]:
    """A bundle that came and those it follows, as far as they are here, the newest first."""
    chain: list[bytes] = []
    while digest is not None and len(chain) < LOOKED_BACK:
        row = exchange.bundle(bytes.fromhex(digest))
        if row is None:
            break
        chain.append(row.hash)
        digest = kept_header(row.header).prev
    return chain


def marks_of(have: Marks) -> dict[int, int]:
    """By life: the highest clk a receipt names."""
    return {device_of(clk): clk for clk in (have.clk, *have.older) if clk}


def with_uncovered(row: BundleRow, header: Header, clks: Sequence[int]) -> BundleRow:
    """A laptop's bundle with the ends of what is in it beyond what its header says: who erases goes by that."""
    return marked(row, uncovered(header, clks))


def uncovered(header: Header, clks: Sequence[int]) -> Sequence[int]:
    """The ends of what a laptop wrote in a bundle beyond what its header says."""
    if not clks or (header.since < min(clks) and max(clks) <= header.upto):
        return ()
    own = [clk for clk in clks if device_of(clk) == header.sender]
    return [clk for clk in (min(own), max(own)) if not header.since < clk <= header.upto] if own else ()


def marked(row: BundleRow, clks: Collection[int]) -> BundleRow:
    """A bundle with clks that are to be remembered of it."""
    return row._replace(summary=replace(Summary.parse(row.summary), marks=tuple(clks)).pack()) if clks else row


def _same_stream(rows: list[BundleRow], header: Header) -> "Mapping[int, bytes]":
    """Hashes by number of what came from the same life of the sender to the same life of this device."""
    ends = header.sender, header.recipient
    return {
        row.n: row.hash
        for row in rows
        if (kept := kept_header(row.header)).sender == ends[0] and kept.recipient == ends[1]
    }


def _is_to(row: BundleRow, recipient: int) -> bool:
    return kept_header(row.header).recipient == recipient


def _is_told(rows: list[BundleRow], header: Header, digest: bytes) -> bool:
    """Whether a fork was said before: by a bundle this one follows, or by one that came after what this one gainsays.

    Where two follow the same bundle, a fork begins.
    """
    others = [row for row in rows if row.n == header.n and row.hash != digest]
    if any(kept_header(row.header).prev == header.prev for row in others):
        return False
    here = {row.hash.hex(): row for row in rows}
    before = here.get(header.prev or "")
    while before is not None:
        if _says_forked(before):
            return True
        before = here.get(kept_header(before.header).prev or "")
    others += [row for row in rows if row.n == header.n - 1 and row.hash.hex() != header.prev]
    after = list(takewhile(lambda row: not _says_forked(row) or not _is_from(row, header.sender), rows))
    return len(after) < len(rows) and not any(row in after for row in others)


def _says_forked(row: BundleRow) -> bool:
    return Summary.parse(row.summary).forked


def _is_from(row: BundleRow, sender: int) -> bool:
    return kept_header(row.header).sender == sender


def _missing(came: "Mapping[int, bytes]", header: Header) -> tuple[int, ...]:
    """Numbers between the last that came and this one: they begin at 1 for each life of the office."""
    last = max((n for n in came if n < header.n), default=0)
    return tuple(range(max(last, header.n - LOOKED_BACK) + 1, header.n))


def _missing_of_new_life(rows: list[BundleRow], header: Header) -> tuple[int, ...]:
    """The same for the first of, or for, a new life of a laptop: numbers go on from what that was copied from.

    Its writer names those that have no receipt; some came when it was that other life.
    """
    office = min(header.sender, header.recipient)
    kept = [kept_header(row.header) for row in rows]
    came = {(one.n, one.time) for one in kept if office in {one.sender, one.recipient}}
    return tuple(sorted({one.n for one in header.recent if one.n < header.n and (one.n, one.time) not in came}))


def _gaps_of_laptop(exchange: Exchange, header: Header) -> frozenset[int]:
    """Lives of a laptop whose ops were confirmed to it further than they are here: this office lost some."""
    marks = exchange.marks()
    covered = {**marks_of(header.have), header.sender: header.since}
    return frozenset(device for device, clk in covered.items() if clk > marks.get(device, 0))


def _gap_of_office(exchange: Exchange, header: Header, peer: int) -> frozenset[int]:
    return frozenset({header.sender}) if header.since > exchange.stream(peer).received else frozenset()
