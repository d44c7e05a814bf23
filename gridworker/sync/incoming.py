"""Taking a bundle in: what it changes besides records, in the same transaction as them.

Receipts move only over what is contiguous; what a laptop may not write is set aside; the number, the chain and the
scope of the other side are remembered.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.forgetting import leave_to_redact
from gridworker.store.health.lives import take_new_life
from gridworker.store.log.clock import INCARNATION_BITS, device_of, laptop_of, newest_of
from gridworker.store.log.op import Author, OpRow, What
from gridworker.store.meta import Meta
from gridworker.store.other_office import note_recipient
from gridworker.store.parcels import OFFICE_PEER
from gridworker.store.scope.spans import Spans
from gridworker.store.store import Incoming
from gridworker.store.streams import BundleRow, Exchange, PeerKey, last_number
from gridworker.store.tables.changes import Act
from gridworker.sync.agreement import compare_at_office, compare_on_laptop
from gridworker.sync.counts import Counted, counts_of_new
from gridworker.sync.departing import take_moves, wanted
from gridworker.sync.drift import heed_correction, of_laptop, of_own
from gridworker.sync.enrolment.given_keys import take_keys
from gridworker.sync.files.attaching import NOTHING, Brought, leave_erased, receive
from gridworker.sync.forks import late_among, leave_unclear, set_apart, take_others, take_reissued, write_anew
from gridworker.sync.format.header import Header, kept_header
from gridworker.sync.format.states import CONFIRMED, PAST, REFUSED, SENT
from gridworker.sync.judging.basis import basis_of
from gridworker.sync.judging.guard import guarded
from gridworker.sync.judging.judge import FORK, MALFORMED, Judged, judge
from gridworker.sync.judging.made import made_in, note_made
from gridworker.sync.judging.pending_references import Reconsidered, reconsider, tell
from gridworker.sync.judging.ruled import as_ruled, list_what_waits
from gridworker.sync.judging.unfit import Lot, SetAside, set_aside
from gridworker.sync.returning.giving import forget_kit, heed
from gridworker.sync.returning.life import unknown
from gridworker.sync.returning.taking_back import is_waited_for
from gridworker.sync.standing import LOOKED_BACK, Standing, marked, marks_of, standing_of, with_uncovered
from gridworker.sync.summary import Summary
from gridworker.sync.tracing import believed, is_twin

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.log.log import Cursor
    from gridworker.store.store import Store

LEAP = 1 << 20
"""More scopes than an office ever gave a laptop after the copy it was set back to."""


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
    numbers: tuple[int, ...] = ()
    """Stream numbers of what enters and then of what leaves."""
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
    back: tuple["Commit", ...] = ()
    """What came of replies that were given back."""
    erased: bool = False
    """Whether the file holds ops about somebody who was erased that were not applied."""

    @property
    def whole(self) -> "Commit":
        """The commit, with the records that were touched by what was given back."""
        whole = self.commit
        for commit in self.back:
            whole = whole.beside(commit)
        return whole


def take_from_laptop(
    store: "Store", arrived: Arrived, act: Act, row: BundleRow, standing: Standing | None = None
) -> Taken:
    """The office takes in a laptop's bundle. ``row`` is the bundle's row, to be written with it.

    ``standing`` is how the bundle stands to those before it, where that was judged just now.
    """
    with store.db.read() as connection:
        cursor, office_of = raw_cursor(connection), partial(basis_of, connection, arrived.laptop)
        exchange, office = Exchange(cursor), office_of(arrived.rows, arrived.authors)
        judged = guarded(as_ruled(judge(arrived.rows, office), cursor), cursor, arrived.laptop)
        standing = standing or standing_of(exchange, arrived.header, arrived.hash, peer=arrived.laptop, office=True)
        waits = is_waited_for(connection, arrived.header.sender)
        judged, late = late_among(cursor, judged, office.early)
        judged = leave_unclear(cursor, judged) if waits else judged
        found = Reconsidered(judged, arrived.authors)
        if judged.aside and waits:
            judged, standing = _put_off(judged, standing, arrived.laptop)
            row = marked(row, [op.clk for op, _ in found.judged.aside][:1])  # nothing else here tells of it
        else:
            found = reconsider(connection, arrived.laptop, judged, arrived.authors, office_of)
            judged = guarded(as_ruled(found.judged, cursor), cursor, arrived.laptop)
            arrived = replace(arrived, authors=found.authors)
        apart = set_apart(cursor, arrived.header, judged, late)
        judged = apart.judged
        row = _clocked(row, of_laptop(exchange, arrived.header, row.at))
        row = with_uncovered(row, arrived.header, [op[0] for op in (*arrived.rows, *arrived.bad)])
        counted = Counted.of(cursor, judged.good)
    creates = What.CREATE in map(attrgetter("what"), judged.good)
    unfit = [*judged.aside, *late.aside, *((bad, MALFORMED) for bad in arrived.bad)]
    aside = SetAside()
    written, erased = row, False

    def beside(connection: "Connection", commit: "Commit") -> None:
        nonlocal written, aside, erased
        cursor = raw_cursor(connection)
        exchange = Exchange(cursor)
        withdrawn = found.asides(arrived.hash)
        exchange.take_from_aside(row.clk for row in found.released)
        exchange.set_aside(withdrawn)
        list_what_waits(cursor, arrived.hash)
        come = Lot(arrived.authors, arrived.hash, arrived.header.prev)
        aside = set_aside(cursor, [*unfit, *_refused(commit)], come)
        aside.count += len(withdrawn)
        erased = bool(unfit) and leave_to_redact(cursor, [row for row, _ in unfit])
        if arrived.pin is not None:
            _meet(exchange, Spans(cursor, arrived.laptop), arrived.pin, commit)
        exchange.raise_marks(own_marks(arrived, standing.gaps))
        if creates:
            made = made_in(judged.good, arrived.authors)
            note_made(cursor, arrived.laptop, made, arrived.header.scope, commit.batch)
        if _counts(cursor, arrived.header, store.identity.device):
            confirm(exchange, arrived, standing)
            compare_at_office(exchange, arrived.laptop, arrived.header, row.at)
        else:
            recipient = arrived.header.recipient
            note_recipient(cursor, store.identity, arrived.laptop, recipient, row.at)
        receive(cursor, arrived.laptop, arrived.brought, late=standing.late)
        erased |= leave_erased(cursor, arrived.laptop, arrived.brought, gap=bool(standing.gaps))
        new = counts_of_new(cursor, store.chain_key, commit, counted)
        written = _with_findings(row, standing, commit, aside, new)
        if _remember(exchange, arrived.laptop, arrived, written):
            Spans(cursor, arrived.laptop).begin_anew(commit.batch + 1)

    commit = store.apply(Incoming(judged.good, arrived.authors, act, arrived.hash, beside, office.standing))
    commit = commit.beside(write_anew(store, [*commit.forks, *apart.rows], aside.forks, act.who, apart.held))
    commit = tell(store, arrived.laptop, found, commit, act.who)
    return Taken(commit, len(judged.good), written, standing, erased=erased)


def _put_off(judged: Judged, standing: Standing, laptop: int) -> tuple[Judged, Standing]:
    """A restored office may not know yet what this laptop was given: what it would set aside it leaves unconfirmed.

    But not what bears the clk of another: no receipt speaks of that, so it would not come again.
    """
    foreign = [(row, reason) for row, reason in judged.aside if laptop_of(row.clk) != laptop]
    lives = {device_of(row.clk) for row, _ in judged.aside if laptop_of(row.clk) == laptop}
    return Judged(judged.good, foreign), replace(standing, gaps=standing.gaps | lives)


def take_from_office(store: "Store", arrived: Arrived, act: Act, row: BundleRow) -> Taken:
    """A laptop takes in a reply: ops of everybody, vouched for by the office, and the receipt for its own.

    One that a later reply overtook brings nothing: all of it is here, and what entered with it may have left again.
    """
    peer, header = arrived.header.sender, arrived.header
    with store.cursor() as cursor:
        exchange = Exchange(cursor)
        standing = standing_of(exchange, header, arrived.hash, peer=peer, office=False)
        overtaken = standing.late and header.upto <= exchange.stream(peer).received
        newest = peer >= Meta(cursor).number("office_device")
        rows = [] if overtaken else wanted(cursor, arrived.rows, arrived)
        twin = _is_outrun(store, rows) or (
            newest and (is_twin(exchange, header, store.identity.device) or _is_set_back(exchange, store, header))
        )
        standing = replace(standing, forked=standing.forked or twin, told=standing.told and not twin)
        row = _clocked(row, of_own(exchange, header, row.at))
        counted = Counted.of(cursor, rows)
    unfit = [] if overtaken else [(bad, MALFORMED) for bad in arrived.bad]
    moves_on = newest and not overtaken and not standing.gaps and header.scope > store.identity.scope
    aside = SetAside()
    written, erased = row, False

    def beside(connection: "Connection", commit: "Commit") -> None:
        nonlocal written, aside, erased
        cursor = raw_cursor(connection)
        exchange = Exchange(cursor)
        aside = set_aside(cursor, [*unfit, *_refused(commit)], Lot(arrived.authors, arrived.hash, header.prev))
        if len(rows) < len(arrived.rows) + len(arrived.bad):
            erased = leave_to_redact(cursor, [*arrived.rows, *arrived.bad])
        if not overtaken:
            _take_stream(exchange, arrived, gap=bool(standing.gaps))
            take_moves(cursor, arrived, store.identity.device, gap=bool(standing.gaps), newest=newest)
            if moves_on:
                Meta(cursor).set("scope", header.scope)
        if not twin:
            _take_receipt(exchange, Meta(cursor), header)
            compare_on_laptop(connection, store.identity, header, row.at)
        if newest:
            take_keys(Meta(cursor), header)
        receive(cursor, OFFICE_PEER, arrived.brought, late=standing.late or not newest)
        erased |= leave_erased(cursor, None, arrived.brought, gap=bool(standing.gaps))
        new = counts_of_new(cursor, store.chain_key, commit, counted)
        written = _with_findings(row, standing, commit, aside, new)
        _remember(exchange, peer, arrived, written)

    commit = store.apply(Incoming(rows, arrived.authors, act, source=arrived.hash, beside=beside))
    if moves_on:
        store.take_scope(header.scope)
    _live_on(store, arrived, act, twin=twin, gap=bool(standing.gaps))
    return Taken(commit, len(rows), written, standing, erased=erased)


def _live_on(store: "Store", arrived: Arrived, act: Act, *, twin: bool, gap: bool) -> None:
    """What a reply asks of this laptop itself: another life, work written anew, another time."""
    if twin:
        take_new_life(store)
    take_reissued(store, arrived.header, {row.clk for row in arrived.rows} if gap else None, act.who, is_new=twin)
    take_others(store, act.who)
    heed_correction(store)


def _is_outrun(store: "Store", rows: Sequence[OpRow]) -> bool:
    """Whether a copy wrote in this very life above all that was given out here, whichever life of the office tells it.

    The clock does not follow it far: what is written here on would be below what the office confirmed, and never go.
    """
    newest, own = store.newest, store.identity.device
    return any(row.clk > newest and device_of(row.clk) == own for row in rows)


def _is_set_back(exchange: Exchange, store: "Store", header: Header) -> bool:
    """Whether the office has bundles of this very life that are not known here: this store is an old copy."""
    return header.recipient == store.identity.device and unknown(exchange, header)


def _take_stream(exchange: Exchange, arrived: Arrived, *, gap: bool) -> None:
    header, peer = arrived.header, arrived.header.sender
    stream = exchange.stream(peer)
    received = stream.received if gap else max(stream.received, header.upto)
    backed_up = max(stream.backed_up, header.backed_up_to.n)
    exchange.save_stream(stream._replace(received=received, backed_up=backed_up, scope=header.scope))


def _take_receipt(exchange: Exchange, meta: Meta, header: Header) -> None:
    """An office that was restored starts a new life and may have lost ops it had confirmed: its word alone counts.

    What is in its backup counts as far as what is confirmed: more of it may be that of a twin, of the same life.

    A receipt from a life before the newest one says nothing.
    """
    newest = meta.number("office_device")
    if header.sender < newest:
        return
    if header.sender > newest:
        # What the former life confirmed says nothing, and neither do marks: a twin may have handed in later work since,
        # under which ours that was lost would pass for confirmed. All goes to that office once more.
        meta.set("office_device", header.sender)
        exchange.set_marks(())
    else:
        exchange.raise_marks(believed(exchange, header).items())
    before = exchange.backed_up() if header.sender == newest else {}
    marks = exchange.marks()
    covered = {at: min(clk, marks.get(at, 0)) for at, clk in marks_of(header.backed_up_to).items()}
    heed(exchange, meta, header.asks)
    forget_kit(exchange, meta)
    exchange.set_backed_up((at, max(before.get(at, 0), covered.get(at, 0))) for at in before.keys() | covered.keys())
    for sent in exchange.bundles(outgoing=True):
        wanted = Summary.parse(sent.summary).marks
        state = CONFIRMED if all(marks.get(device_of(clk), 0) >= clk for clk in wanted) else SENT
        if state == SENT and sent.n in header.refused:
            state = REFUSED
        if state != sent.state:
            exchange.save_bundle(sent._replace(state=state))


def _clocked(row: BundleRow, off: int) -> BundleRow:
    return row._replace(summary=replace(Summary.parse(row.summary), off=off).pack()) if off else row


def _with_findings(row: BundleRow, standing: Standing, commit: "Commit", aside: SetAside, new: Counted) -> BundleRow:
    forked = (standing.forked and not standing.told) or bool(aside.forks)
    summary = replace(
        Summary.parse(row.summary), counts=new.counts, work=new.is_work, aside=aside.count, conflicts=commit.conflicts,
        missing=standing.missing, forked=forked, gap=bool(standing.gaps), ahead=standing.ahead,
        erased=new.erased,
    )  # fmt: skip
    return row._replace(summary=summary.pack(), batch=commit.batch)


def own_marks(arrived: Arrived, gaps: Collection[int]) -> list[tuple[int, int]]:
    """The highest clk of each life of the sender, but of those with a gap: ops set aside count as received."""
    marks = {arrived.header.sender: arrived.header.upto}
    for device, clk in newest_of([row[0] for row in (*arrived.rows, *arrived.bad)]).items():
        if laptop_of(clk) == arrived.laptop:
            marks[device] = max(marks.get(device, 0), clk)
    return [(device, clk) for device, clk in marks.items() if device not in gaps]


def _counts(cursor: "Cursor", header: Header, own: int) -> bool:
    """Whether what a laptop says it has can be: numbers of a former life say nothing, nor such as never were here."""
    return header.recipient == own and header.have.n <= last_number(cursor)


def confirm(exchange: Exchange, arrived: Arrived, standing: Standing) -> None:
    """The laptop says how far it has our stream; one set back to an old copy says less, and the stream starts there."""
    laptop, n = arrived.laptop, min([arrived.header.have.n, *_beside(exchange, arrived)])
    stream = exchange.stream(laptop)
    set_back = n < stream.acked and (arrived.pin is not None or standing.forked or not standing.late)
    if n == stream.acked or (n < stream.acked and not set_back):
        return
    for sent in exchange.bundles(peer=laptop, outgoing=True):
        summary = Summary.parse(sent.summary)
        if sent.state != SENT or not (set_back or summary.upto <= n):
            continue
        exchange.save_bundle(sent._replace(state=CONFIRMED if summary.upto == n else PAST))
    exchange.save_stream(stream._replace(acked=n))


def _meet(exchange: Exchange, spans: Spans, pin: PeerKey, commit: "Commit") -> None:
    """A life of a laptop shows itself for the first time: a later one may lack what an earlier one wrote."""
    if exchange.pinned(pin.laptop):
        spans.begin_anew(commit.batch + 1)
    exchange.pin(pin)


def _beside(exchange: Exchange, arrived: Arrived) -> list[int]:
    """How far others have our stream that are at work under the same number: copies of this laptop, as other lives.

    A life that fell silent before the newest one began was given up, and holds nothing back.
    """
    if len(exchange.pinned(arrived.laptop)) < 2:
        return []
    heard: dict[int, tuple[int, int]] = {}
    first: dict[int, int] = {}
    for row in exchange.bundles(peer=arrived.laptop, outgoing=False, limit=LOOKED_BACK):
        header = kept_header(row.header)
        if header.recipient == arrived.header.recipient:
            heard.setdefault(header.sender, (row.batch or 0, header.have.n))
            first[header.sender] = row.batch or 0
    began = max(first.values()) if arrived.header.sender in first else 0
    return [n for device, (batch, n) in heard.items() if device != arrived.header.sender and batch >= began]


def _remember(exchange: Exchange, peer: int, arrived: Arrived, row: BundleRow) -> bool:
    """Returns whether the other side has taken in a scope that is not known here: this office was set back.

    What was told with it is not known here either: that a record left may have been. Nobody is believed ``LEAP`` scopes
    at once: where the last number there is was given out, nothing could be packed for this laptop any more.
    """
    stream = exchange.stream(peer)
    if arrived.header.n >= stream.got_n:
        stream = stream._replace(got_n=arrived.header.n, got_hash=arrived.hash)
    is_ahead = stream.scope < arrived.header.scope < stream.scope + LEAP
    if is_ahead:  # no number is given twice
        stream = stream._replace(scope=arrived.header.scope)
    exchange.save_stream(stream)
    exchange.save_bundle(row)
    return is_ahead


def _refused(commit: "Commit") -> list[tuple[OpRow, str]]:
    """Ops the store found unfit while it took the others in."""
    return [*((row, FORK) for row in commit.forks), *((row, MALFORMED) for row in commit.bad)]
