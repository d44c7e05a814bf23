"""Taking a bundle in: what it changes besides records, in the same transaction as them.

Receipts move only over what is contiguous; what a laptop may not write is set aside; the number, the chain and the
scope of the other side are remembered.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gridworker.store.changes import Act
from gridworker.store.clock import INCARNATION_BITS, device_of, laptop_of
from gridworker.store.database import raw_cursor
from gridworker.store.meta import Meta
from gridworker.store.op import Author, OpRow
from gridworker.store.parcels import OFFICE_PEER
from gridworker.store.scope import among, grids_of
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside, BundleRow, Exchange, PeerKey, kinds_of
from gridworker.sync.attaching import NOTHING, Brought, receive
from gridworker.sync.giving import forget_kit, heed
from gridworker.sync.header import Header
from gridworker.sync.judge import FORK, MALFORMED, Judged, Office, judge, records_named
from gridworker.sync.life import UNSURE
from gridworker.sync.outgoing import on_the_way
from gridworker.sync.standing import Standing, marks_of, standing_of
from gridworker.sync.states import CONFIRMED, PAST, SENT
from gridworker.sync.summary import Summary
from gridworker.sync.taking_back import is_waited_for

if TYPE_CHECKING:
    from gridworker.store.database import Connection
    from gridworker.store.store import Store
    from gridworker.store.transaction import Commit


@dataclass(frozen=True, slots=True)
class Arrived:
    """A bundle that was read and verified. ``bad`` are ops that break the format; ``pin`` keys to remember, if new."""

    header: Header
    hash: bytes
    rows: Sequence[OpRow] = field(repr=False)
    authors: Sequence[Author]
    bad: Sequence[OpRow] = ()
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    pin: PeerKey | None = None
    brought: Brought = NOTHING

    @property
    def laptop(self) -> int:
        """Number of the laptop that sent it."""
        return self.header.sender >> INCARNATION_BITS


@dataclass
class Taken:
    """What taking a bundle in did. ``row`` is the bundle as it is remembered."""

    commit: "Commit"
    applied: int
    row: BundleRow
    standing: Standing
    aside: list[tuple[OpRow, str]] = field(default_factory=list)
    back: tuple["Commit", ...] = ()
    """What came of replies that were given back."""


def take_from_laptop(store: "Store", arrived: Arrived, act: Act, row: BundleRow) -> Taken:
    """The office takes in a laptop's bundle. ``row`` is the bundle's row, to be written with it."""
    with store.db.read() as connection:
        judged = judge(arrived.rows, _office(connection, arrived))
        standing = standing_of(
            Exchange(raw_cursor(connection)), arrived.header, arrived.hash, peer=arrived.laptop, office=True
        )
        if judged.aside and is_waited_for(connection, arrived.laptop):
            judged, standing = _put_off(judged, standing)
    aside = [*judged.aside, *((bad, MALFORMED) for bad in arrived.bad)]
    written = row

    def beside(connection: "Connection", commit: "Commit") -> None:
        nonlocal written
        exchange = Exchange(raw_cursor(connection))
        aside.extend(_refused(commit))
        exchange.set_aside(_aside(arrived, aside))
        if arrived.pin is not None:
            exchange.pin(arrived.pin)
        exchange.raise_marks(_own_marks(arrived, standing.gaps))
        if arrived.header.recipient == store.identity.device:  # numbers of a former life of this office say nothing
            _confirm(exchange, arrived, standing)
        receive(raw_cursor(connection), arrived.laptop, arrived.brought, late=standing.late)
        written = _with_findings(row, standing, commit, len(aside))
        _remember(exchange, arrived.laptop, arrived, written)

    commit = store.apply(Incoming(judged.good, arrived.authors, act, source=arrived.hash, beside=beside))
    return Taken(commit, len(judged.good), written, standing, aside)


def _put_off(judged: Judged, standing: Standing) -> tuple[Judged, Standing]:
    """A restored office may not know yet what this laptop was given: what it would set aside it leaves unconfirmed."""
    lives = {device_of(row.clk) for row, _ in judged.aside}
    return Judged(judged.good, []), replace(standing, gaps=standing.gaps | lives)


def take_from_office(store: "Store", arrived: Arrived, act: Act, row: BundleRow) -> Taken:
    """A laptop takes in a reply: ops of everybody, vouched for by the office, and the receipt for its own.

    One that a later reply overtook brings nothing: all of it is here, and what entered with it may have left again.
    """
    peer, header = arrived.header.sender, arrived.header
    with store.db.read() as connection:
        exchange = Exchange(raw_cursor(connection))
        standing = standing_of(exchange, header, arrived.hash, peer=peer, office=False)
        overtaken = standing.late and header.upto <= exchange.stream(peer).received
        newest = peer >= Meta(raw_cursor(connection)).number("office_device")
    rows = [] if overtaken else arrived.rows
    aside = [] if overtaken else [(bad, MALFORMED) for bad in arrived.bad]
    written = row

    def beside(connection: "Connection", commit: "Commit") -> None:
        nonlocal written
        cursor = raw_cursor(connection)
        exchange = Exchange(cursor)
        aside.extend(_refused(commit))
        exchange.set_aside(_aside(arrived, aside))
        if not overtaken:
            _take_stream(exchange, arrived, gap=bool(standing.gaps))
        _take_receipt(exchange, Meta(cursor), header)
        receive(cursor, OFFICE_PEER, arrived.brought, late=standing.late or not newest)
        written = _with_findings(row, standing, commit, len(aside))
        _remember(exchange, peer, arrived, written)

    commit = store.apply(Incoming(rows, arrived.authors, act, source=arrived.hash, beside=beside))
    if newest and not overtaken and header.scope != store.identity.scope:
        store.take_scope(header.scope)
    return Taken(commit, len(rows), written, standing, aside)


def _take_stream(exchange: Exchange, arrived: Arrived, *, gap: bool) -> None:
    header, peer = arrived.header, arrived.header.sender
    stream = exchange.stream(peer)
    received = stream.received if gap else max(stream.received, header.upto)
    backed_up = max(stream.backed_up, header.backed_up_to.n)
    exchange.save_stream(stream._replace(received=received, backed_up=backed_up, scope=header.scope))
    exchange.change_held(peer, enter=arrived.enter, leave=arrived.leave)


def _take_receipt(exchange: Exchange, meta: Meta, header: Header) -> None:
    """An office that was restored starts a new life and may have lost ops it had confirmed: its word alone counts.

    A receipt from a life before the newest one says nothing.
    """
    newest = meta.number("office_device")
    if header.sender < newest:
        return
    if header.sender > newest:
        meta.set("office_device", header.sender)
        exchange.set_marks(_believed(meta, header, exchange).items())
    else:
        exchange.raise_marks(_believed(meta, header, exchange).items())
    before = exchange.backed_up() if header.sender == newest else {}
    covered = marks_of(header.backed_up_to)
    heed(exchange, meta, header.asks)
    forget_kit(exchange, meta)
    exchange.set_backed_up((at, max(before.get(at, 0), covered.get(at, 0))) for at in before.keys() | covered.keys())
    marks = exchange.marks()
    for sent in exchange.bundles(outgoing=True):
        wanted = Summary.parse(sent.summary).marks
        state = CONFIRMED if all(marks.get(device_of(clk), 0) >= clk for clk in wanted) else SENT
        if state != sent.state:
            exchange.save_bundle(sent._replace(state=state))


def _believed(meta: Meta, header: Header, exchange: Exchange) -> dict[int, int]:
    """What the office has of this laptop, but for a life that went on elsewhere and is not sure yet."""
    unsure = meta.number(UNSURE, -1)
    have = marks_of(header.have)
    if unsure < 0:
        return have
    if header.recipient != unsure and header.got:
        meta.set(UNSURE, -1)
        return have
    return {**have, unsure: min(have.get(unsure, 0), exchange.marks().get(unsure, 0))}


def _with_findings(row: BundleRow, standing: Standing, commit: "Commit", aside: int) -> BundleRow:
    summary = replace(
        Summary.parse(row.summary), aside=aside, conflicts=commit.conflicts, missing=standing.missing,
        forked=standing.forked or bool(commit.forks), gap=bool(standing.gaps),
    )  # fmt: skip
    return row._replace(summary=summary.pack(), batch=commit.batch)


def _office(connection: "Connection", arrived: Arrived) -> Office:
    cursor, laptop = raw_cursor(connection), arrived.laptop
    exchange, grids = Exchange(cursor), grids_of(connection, laptop)
    kinds = kinds_of(cursor, records_named(arrived.rows))
    held = exchange.held_among(laptop, kinds) | (on_the_way(exchange, laptop) & kinds.keys())
    # Mostly it is told apart by what the laptop holds already; only the others need the climb.
    others = {record: kind for record, kind in kinds.items() if record not in held}
    return Office(laptop, among(connection, others, grids, laptop) | held | set(grids), kinds)


def _own_marks(arrived: Arrived, gaps: Collection[int]) -> list[tuple[int, int]]:
    """The highest clk of each life of the sender, but of those with a gap: ops set aside count as received."""
    marks = {arrived.header.sender: arrived.header.upto}
    for row in (*arrived.rows, *arrived.bad):
        device = device_of(row.clk)
        if laptop_of(row.clk) == arrived.laptop:
            marks[device] = max(marks.get(device, 0), row.clk)
    return [(device, clk) for device, clk in marks.items() if device not in gaps]


def _confirm(exchange: Exchange, arrived: Arrived, standing: Standing) -> None:
    """The laptop says how far it has our stream: what entered and left with the reply that reaches there is so now.

    A laptop set back to an old copy says less than before: the stream starts there anew, with everything it may hold.
    """
    laptop, n = arrived.laptop, arrived.header.have.n
    stream = exchange.stream(laptop)
    set_back = n < stream.acked and (arrived.pin is not None or standing.forked or not standing.late)
    if n == stream.acked or (n < stream.acked and not set_back):
        return
    if set_back:
        exchange.forget_held(laptop)
    for sent in exchange.bundles(peer=laptop, outgoing=True):
        summary = Summary.parse(sent.summary)
        if sent.state != SENT or not (set_back or summary.upto <= n):
            continue
        if summary.upto == n:
            exchange.change_held(laptop, enter=summary.enter, leave=summary.leave)
        exchange.save_bundle(sent._replace(state=CONFIRMED if summary.upto == n else PAST))
    exchange.save_stream(stream._replace(acked=n))


def _remember(exchange: Exchange, peer: int, arrived: Arrived, row: BundleRow) -> None:
    stream = exchange.stream(peer)
    if arrived.header.n >= stream.got_n:
        stream = stream._replace(got_n=arrived.header.n, got_hash=arrived.hash)
    exchange.save_stream(stream)
    exchange.save_bundle(row)


def _refused(commit: "Commit") -> list[tuple[OpRow, str]]:
    """Ops the store found unfit while it took the others in."""
    return [*((row, FORK) for row in commit.forks), *((row, MALFORMED) for row in commit.bad)]


def _aside(arrived: Arrived, aside: Sequence[tuple[OpRow, str]]) -> list[Aside]:
    return [
        Aside(row.clk, row.kind, row.record, row.what, *arrived.authors[row.author], row.vals, reason, arrived.hash)
        for row, reason in aside
    ]
