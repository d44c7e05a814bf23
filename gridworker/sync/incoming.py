"""Taking a bundle in: what it changes besides records, in the same transaction as them.

Receipts move only over what is contiguous; what a laptop may not write is set aside; the number, the chain and the
scope of the other side are remembered.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gridworker.store.changes import Act
from gridworker.store.clock import device_of, laptop_of
from gridworker.store.database import raw_cursor
from gridworker.store.meta import Meta
from gridworker.store.op import Author, OpRow
from gridworker.store.scope import grids_of, in_scope
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside, BundleRow, Exchange, PeerKey, kinds_of
from gridworker.sync.header import Header, Marks
from gridworker.sync.judge import MALFORMED, Office, judge, records_named
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.store.database import Connection
    from gridworker.store.store import Store
    from gridworker.store.transaction import Commit


@dataclass(frozen=True, slots=True)
class Arrived:
    """A bundle that was read and verified. ``bad`` are ops that break the format; ``keys`` those to pin, if new."""

    header: Header
    hash: bytes
    rows: "Sequence[OpRow]"
    authors: "Sequence[Author]"
    bad: "Sequence[OpRow]" = ()
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    pin: PeerKey | None = None


@dataclass
class Taken:
    """What taking a bundle in did. ``missing`` are numbers of bundles before it that never came."""

    commit: "Commit"
    applied: int
    aside: list[tuple[OpRow, str]] = field(default_factory=list)
    missing: tuple[int, ...] = ()
    gap: bool = False
    """It does not follow on what is here: the receipt stays where it was until the rest comes."""
    forked: bool = False
    """Another bundle with this number is here: the laptop was copied, or restored from an old copy."""


def take_from_laptop(store: "Store", arrived: Arrived, act: Act, row: BundleRow) -> Taken:
    """The office takes in a laptop's bundle. ``row`` is the bundle's row, to be written with it."""
    laptop = arrived.header.sender >> 6
    with store.db.read() as connection:
        judged = judge(arrived.rows, _office(connection, arrived, laptop))
        state = _State.of(connection, arrived, peer=laptop)
    judged.aside.extend((bad, MALFORMED) for bad in arrived.bad)
    row = _with_findings(row, state, len(judged.aside))

    def beside(connection: "Connection", _commit: "Commit") -> None:
        exchange = Exchange(raw_cursor(connection))
        exchange.set_aside(_aside(arrived, judged.aside))
        if arrived.pin is not None:
            exchange.pin(arrived.pin)
        if not state.gap:
            exchange.raise_marks(_own_marks(arrived))
        if arrived.header.recipient == store.identity.device:  # numbers of a former life of this office say nothing
            _confirm(exchange, laptop, arrived.header.have.n)
        _remember(exchange, laptop, arrived, row)

    incoming = Incoming(judged.good, arrived.authors, act, source=arrived.hash, beside=beside)
    commit = store.apply(incoming)
    return Taken(commit, len(judged.good), judged.aside, state.missing, state.gap, state.forked)


def take_from_office(store: "Store", arrived: Arrived, act: Act, row: BundleRow) -> Taken:
    """A laptop takes in a reply: ops of everybody, vouched for by the office, and the receipt for its own."""
    peer = arrived.header.sender
    with store.db.read() as connection:
        state = _State.of(connection, arrived, peer=peer)
    row = _with_findings(row, state, 0)

    def beside(connection: "Connection", _commit: "Commit") -> None:
        exchange = Exchange(raw_cursor(connection))
        exchange.raise_marks(_marks_of(arrived.header.have))
        stream = exchange.stream(peer)
        if arrived.header.since <= stream.received:
            stream = stream._replace(received=max(stream.received, arrived.header.upto))
        exchange.save_stream(stream._replace(backed_up=max(stream.backed_up, arrived.header.backed_up_to.clk)))
        exchange.change_held(peer, enter=arrived.enter, leave=arrived.leave)
        _remember(exchange, peer, arrived, row)
        _confirm_own(exchange, peer)
        Meta(raw_cursor(connection)).set("office_device", arrived.header.sender)

    commit = store.apply(Incoming(arrived.rows, arrived.authors, act, source=arrived.hash, beside=beside))
    return Taken(commit, len(arrived.rows), [], state.missing, state.gap, state.forked)


SENT, CONFIRMED, MERGED = "sent", "confirmed", "merged"
"""States of a bundle: written and not confirmed; confirmed by the other side's receipt; taken in here."""


@dataclass(frozen=True, slots=True)
class _State:
    """How a bundle stands to what came before it."""

    missing: tuple[int, ...]
    gap: bool
    forked: bool

    @classmethod
    def of(cls, connection: "Connection", arrived: Arrived, *, peer: int) -> "_State":
        exchange = Exchange(raw_cursor(connection))
        header, stream = arrived.header, exchange.stream(peer)
        came = {row.n: row.hash for row in exchange.bundles(peer=peer, outgoing=False, limit=1000)}
        forked = came.get(header.n, arrived.hash) != arrived.hash or (
            header.prev is not None and header.n - 1 in came and came[header.n - 1].hex() != header.prev
        )
        reached = exchange.marks().get(header.sender, 0) if stream.peer == header.sender >> 6 else stream.received
        missing = tuple(n for n in range(max(stream.got_n, 0) + 1, header.n) if n not in came)
        return cls(missing, header.since > reached, forked)


def _with_findings(row: BundleRow, state: _State, aside: int) -> BundleRow:
    summary = replace(Summary.parse(row.summary), aside=aside, missing=state.missing, forked=state.forked)
    return row._replace(summary=summary.pack())


def _office(connection: "Connection", arrived: Arrived, laptop: int) -> Office:
    cursor = raw_cursor(connection)
    scope = in_scope(connection, grids_of(connection, laptop), laptop)
    return Office(laptop, scope | Exchange(cursor).held(laptop), kinds_of(cursor, records_named(arrived.rows)))


def _own_marks(arrived: Arrived) -> list[tuple[int, int]]:
    """The highest clk of each life of the sender: ops set aside count as received."""
    marks = {arrived.header.sender: arrived.header.upto}
    for row in (*arrived.rows, *arrived.bad):
        device = device_of(row.clk)
        if laptop_of(row.clk) == arrived.header.sender >> 6:
            marks[device] = max(marks.get(device, 0), row.clk)
    return list(marks.items())


def _marks_of(have: Marks) -> list[tuple[int, int]]:
    return [(device_of(clk), clk) for clk in (have.clk, *have.older) if clk]


def _confirm(exchange: Exchange, laptop: int, n: int) -> None:
    """The laptop says how far it has our stream: what entered and left its scope up to there is so now."""
    stream = exchange.stream(laptop)
    if n <= stream.acked:
        return
    for sent in reversed(exchange.bundles(peer=laptop, outgoing=True)):
        summary = Summary.parse(sent.summary)
        if sent.state == SENT and summary.upto <= n:
            exchange.change_held(laptop, enter=summary.enter, leave=summary.leave)
            exchange.save_bundle(sent._replace(state=CONFIRMED))
    exchange.save_stream(stream._replace(acked=n))


def _confirm_own(exchange: Exchange, office: int) -> None:
    """Our own bundles whose ops the office has all received."""
    marks = exchange.marks()
    for sent in exchange.bundles(peer=office, outgoing=True):
        wanted = Summary.parse(sent.summary).marks
        if sent.state == SENT and all(marks.get(device_of(clk), 0) >= clk for clk in wanted):
            exchange.save_bundle(sent._replace(state=CONFIRMED))


def _remember(exchange: Exchange, peer: int, arrived: Arrived, row: BundleRow) -> None:
    stream = exchange.stream(peer)
    if arrived.header.n >= stream.got_n:
        stream = stream._replace(got_n=arrived.header.n, got_hash=arrived.hash, scope=arrived.header.scope)
    exchange.save_stream(stream)
    exchange.save_bundle(row)


def _aside(arrived: Arrived, aside: "Sequence[tuple[OpRow, str]]") -> list[Aside]:
    return [
        Aside(row.clk, row.kind, row.record, row.what, *arrived.authors[row.author], row.vals, reason, arrived.hash)
        for row, reason in aside
    ]
