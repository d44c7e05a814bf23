"""Two ops under one clk: a copied laptop, or one set back, gave out a clk that its twin gave out too (sync.md 5).

The office keeps the one that came first and writes the other anew, over what that had replaced and without naming the
clk, so that both stand beside each other for a person. The laptop that wrote it is told by what hash, for the clk alone
would mean either; it lets its own go, takes in the one that won, and goes on as a new life.

What the loser wrote over its own op it wrote without having seen the one that won: such ops go the same way, with what
they name written anew too (rulings.py), else they would replace what their author never saw. They are told from the
winner's by the bundle: the op that lost is in it, or in one before it in the same chain.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING

import msgpack

from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.lives import take_new_life
from gridworker.store.intake.copies import Copies
from gridworker.store.log.clock import INCARNATION_BITS, device_of, laptop_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, OpRow, What, seen_in, unpack_all, unpack_create, unpack_edits
from gridworker.store.meta import Meta
from gridworker.store.reissue import let_go
from gridworker.store.store import Incoming
from gridworker.store.streams import RETURNED, Aside, Exchange
from gridworker.store.tables.changes import Act
from gridworker.store.waiting import Waiting, Which
from gridworker.sync.format.header import MAX_REISSUED, Header, kept_header
from gridworker.sync.format.traces import Reissued
from gridworker.sync.judging.accepting import NOT_ITS_OWN, acceptable
from gridworker.sync.judging.judge import FORK, Judged, brought_alone, places_of
from gridworker.sync.judging.rulings import take_in_anew
from gridworker.sync.standing import chain_to

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.log.log import Cursor
    from gridworker.store.store import Store


def set_apart(
    cursor: "Cursor", header: Header, judged: Judged, late: Sequence[OpRow] = ()
) -> tuple[Judged, list[OpRow]]:
    """At the office: take out what builds on an op that lost. Returns the rest, with it set aside, and what it is.

    Nearly always there is nothing: a look at the newest clks tells. ``late`` are ops that lost to some that wait.
    """
    good = judged.good
    lost = {row.clk for row in late} | _lost(cursor, good) | _lost_before(Exchange(cursor), header)
    apart = [*late, *(_built_on(cursor, good, lost) if lost else [])]
    return _without(judged, apart), apart


def late_among(cursor: "Cursor", judged: Judged) -> tuple[Judged, Judged]:
    """At the office: part from the others what bears the clk of another op that waits here for a word.

    That one came first, and would be taken for it: be it that it comes once more, or that it is what was accepted.
    """
    rows = [*judged.good, *(row for row, _ in judged.aside)]
    waiting = [
        op for op in Waiting(cursor).under([row.clk for row in rows]) if op.reason not in {*NOT_ITS_OWN, RETURNED}
    ]
    if not waiting:
        return judged, Judged([], [])
    copies, by_clk = Copies(cursor, rows), {op.clk: OpRow(*op[:4], 0, op.vals) for op in waiting}
    late = {row for row in rows if row.clk in by_clk and not copies.are_one(by_clk[row.clk], row)}
    return (
        Judged([row for row in judged.good if row not in late], [one for one in judged.aside if one[0] not in late]),
        Judged([row for row in judged.good if row in late], [one for one in judged.aside if one[0] in late]),
    )


def outdone(cursor: "Cursor", rows: Sequence[OpRow]) -> list[Aside]:
    """At the office: what waits here for a word under the clk of another op that it took in before it was put back.

    That one came first, and laptops have it: it stands. With it what builds on what waits, of the same bundle.
    """
    by_clk, copies = {row.clk: row for row in rows}, Copies(cursor, rows)
    lost = [
        op
        for op in Waiting(cursor).under(by_clk)
        if op.reason not in {*NOT_ITS_OWN, RETURNED} and not copies.are_one(OpRow(*op[:4], 0, op.vals), by_clk[op.clk])
    ]
    if not lost:
        return []
    clks = {op.clk for op in lost}
    beside = Waiting(cursor).of(Which({op.source for op in lost}))
    others = [OpRow(*op[:4], 0, op.vals) for op in beside if op.reason not in NOT_ITS_OWN and op.clk not in clks]
    built = {row.clk for row in _built_on(cursor, others, clks)}
    return [*lost, *(op for op in beside if op.clk in built)]


def lost_there(cursor: "Cursor", header: Header, rows: Sequence[OpRow]) -> list[OpRow]:
    """At an office that was put back: of a reply that comes back, what builds on an op that lost here meanwhile.

    The life of the office that wrote it knew one op under a clk, so all that names it there means that one, also where
    the op itself came back with an earlier reply. Nor is taken in what waits, or was written anew, for that already.
    """
    exchange = Exchange(cursor)
    forks = [op for op in (*exchange.aside(), *exchange.ruled()) if op.reason == FORK]
    theirs = {source for source in {op.source for op in forks} if _came_from(exchange, source) == header.sender}
    said = [OpRow(*op[:4], 0, op.vals) for op in forks if op.source in theirs]
    lost = _lost(cursor, [*rows, *said], but_unclear=True)
    here = Log(cursor).present({row.clk for row in (*rows, *said)}) if forks else set[int]()
    contents = {(*op[:4], op.vals) for op in forks}
    again = [row for row in rows if row.clk not in here and (*row[:4], row.vals) in contents]
    lost.update(row.clk for row in (*again, *said) if row.clk not in here)
    return list(dict.fromkeys((*again, *(_built_on(cursor, rows, lost) if lost else ()))))


def leave_unclear(cursor: "Cursor", judged: Judged) -> Judged:
    """At an office that was put back and waits for what it lost: set aside what differs by values that are missing.

    It may be that they were erased, and that it has not heard of that yet. With it what builds on it, for it may be an
    op that loses.
    """
    good = judged.good
    known, copies = _known(cursor, good), Copies(cursor, good)
    unclear = [row for row in good if row.clk in known and copies.are_unclear(known[row.clk], row)]
    return _without(judged, [*unclear, *_built_on(cursor, good, {row.clk for row in unclear})]) if unclear else judged


def _without(judged: Judged, apart: Sequence[OpRow]) -> Judged:
    if not apart:
        return judged
    clks = {row.clk for row in apart}
    kept = [row for row in judged.good if row.clk not in clks]
    return Judged(kept, [*judged.aside, *((row, FORK) for row in apart)])


def _built_on(cursor: "Cursor", good: Sequence[OpRow], lost: set[int]) -> list[OpRow]:
    """What is new here and names any of the ``lost``, or another such."""
    here, lost, found = Log(cursor).rows(row.clk for row in good).keys(), set(lost), []
    for row in good:
        if row.clk not in here and named_in(row) & lost:
            lost.add(row.clk)
            found.append(row)
    return found


def named_in(row: OpRow) -> set[int]:
    """All ops and records that an op may name: what it is about, replaces, had seen, refers to."""
    if row.what == What.CREATE:
        return {value for value in unpack_create(row.vals).values() if isinstance(value, int)}
    edits = unpack_edits(row.record, row.vals)
    (flat,) = unpack_all([row.vals])
    values = {edit.value for edit in edits if isinstance(edit.value, int)}
    return {row.record, *seen_in(flat), *values}.union(*(edit.over for edit in edits))


def _lost(cursor: "Cursor", rows: Sequence[OpRow], *, but_unclear: bool = False) -> set[int]:
    """The clks of a bundle's ops that are here with another content; ``but_unclear``: not by values missing alone."""
    known, copies = _known(cursor, rows), Copies(cursor, rows)
    lost = {row for row in rows if row.clk in known and not copies.are_one(known[row.clk], row)} if known else set()
    return {row.clk for row in lost if not (but_unclear and copies.are_unclear(known[row.clk], row))}


def _known(cursor: "Cursor", rows: Sequence[OpRow]) -> Mapping[int, OpRow]:
    log = Log(cursor)
    maybe = log.maybe_known([row.clk for row in rows])
    return log.rows(maybe) if maybe else {}


def _lost_before(exchange: Exchange, header: Header) -> set[int]:
    """Ops of this laptop that lost in a bundle before this one, in the chain it continues."""
    laptop = header.sender >> INCARNATION_BITS
    told = [op for op in exchange.ruled() if op.reason == FORK and op.written and laptop_of(op.clk) == laptop]
    if not told:
        return set()
    chain = chain_to(exchange, header.prev)
    return {op.clk for op in told if op.source in chain}


def write_anew(store: "Store", forks: Sequence[OpRow], aside: Sequence[Aside], who: int) -> None:
    """At the office: write ops that were fit but for their clk as ops of the office."""
    clks = {row.clk for row in forks}
    ops = [op for op in aside if op.reason == FORK and op.clk in clks and acceptable(op)]
    if ops:
        with store.cursor() as cursor:
            exchange = Exchange(cursor)
            chains = {source: chain_to(exchange, source.hex()) for source in {op.source for op in ops}}
        take_in_anew(store, ops, Act("verdict", who, count=len(ops), detail=FORK), chains)


def reissued(exchange: Exchange, laptop: int, *may_hold: Collection[int]) -> tuple[Reissued, ...]:
    """What a laptop is told of its ops that were written anew, and of those that were refused: they are 0 now.

    It is told of all again and again. Of more than one reply has room for each tells some by chance: where two copies
    read them by turns, neither misses always the same.

    An office that was put back may have passed an op of others on before, that lost now: what stands under its clk may
    be nothing that goes to this laptop, so this alone tells it. Only of records among those it ``may_hold``.
    """
    ops = [op for op in exchange.ruled() if op.reason == FORK]
    told = [op for op in ops if laptop_of(op.clk) == laptop]
    if may_hold and len(told) < len(ops):
        told += _held([op for op in ops if laptop_of(op.clk) != laptop], may_hold)
    if len(told) > MAX_REISSUED:
        told = Random(exchange.stream(laptop).sent_n).sample(told, MAX_REISSUED)
    return tuple(Reissued(op.clk, hash_of(op), op.written or 0) for op in told)


def _held(ops: Collection[Aside], records: Sequence[Collection[int]]) -> list[Aside]:
    """Those of some ops that lost which are about any of these records, lie in one, or belong to another of them."""
    found, along = list[Aside](), set[int]()
    while more := {op for op in ops if op.record in along or any(_is_about(op, some) for some in (*records, along))}:
        found += sorted(more)
        made = [op for op in more if op.what == What.CREATE]
        along.update(op.record for op in made)
        along.update(*(brought_alone(OpRow(*op[:4], 0, op.vals)) for op in made))
        ops = [op for op in ops if op not in more]
    return found


def _is_about(op: Aside, records: Collection[int]) -> bool:
    """Whether an op that lost is about one of these; what it makes is another record now, or would lie in one."""
    if op.what != What.CREATE:
        return op.record in records
    if op.written:
        return op.written in records
    return any(place in records for place in places_of(OpRow(*op[:4], 0, op.vals)))


def written_anew(exchange: Exchange, laptop: int) -> set[int]:
    """The office's ops that stand for ops of a laptop which bore the clk of another."""
    return {op.written for op in exchange.ruled() if op.reason == FORK and op.written and laptop_of(op.clk) == laptop}


def hash_of(op: Aside | OpRow) -> bytes:
    """Which of two ops under one clk it is: SHA-256 over clk, kind, record, what and values in msgpack."""
    return hashlib.sha256(msgpack.packb([op.clk, op.kind, op.record, int(op.what), op.vals])).digest()


def take_reissued(store: "Store", header: Header, came: Collection[int], who: int) -> None:
    """On a laptop: let go of what was written anew, and take in what stands under those clks instead.

    Of several copies more than one may have lost under one clk: its own is told by the hash.

    Only where what it was written anew as is here, or ``came`` with this very reply, be it that it does not belong on
    this laptop: an office that loses it is given that reply back, and nobody else has it then. What others wrote goes
    in any case: it lies in the archive. But of that the newest life of the office alone knows.
    """
    if not header.reissued:
        return
    with store.cursor() as cursor:
        kept = Log(cursor).present({one.new for one in header.reissued}) | set(came)
        is_newest, own = header.sender == Meta(cursor).number("office_device"), store.identity.laptop
        told = {
            (one.clk, one.hash)
            for one in header.reissued
            if (not one.new or one.new in kept if laptop_of(one.clk) == own else is_newest)
        }
        lost = {
            clk: row for clk, row in Log(cursor).rows({clk for clk, _ in told}).items() if (clk, hash_of(row)) in told
        }
        beside = Exchange(cursor).aside_among(lost)
        winners = [op for op in beside if op.reason == FORK and (op.clk, hash_of(op)) not in told]
    if not lost:
        return
    _let_others_stand(store, lost, winners, who)
    if store.identity.device in map(device_of, lost):
        take_new_life(store)


def take_others(store: "Store", who: int) -> None:
    """On a laptop: take in what stands at the office under clks of others, where it said something else before.

    It was put back, and of two copies of a laptop the other handed in first now. What stood here lies in the archive:
    the office gets it back out of that, and writes it anew.
    """
    with store.cursor() as cursor:
        exchange, newest = Exchange(cursor), Meta(cursor).number("office_device")
        winners = [
            op
            for op in exchange.aside()
            if op.reason == FORK
            and laptop_of(op.clk) != store.identity.laptop
            and _came_from(exchange, op.source) == newest
        ]
        lost = Log(cursor).rows(op.clk for op in winners) if winners else {}
    if lost:
        _let_others_stand(store, lost, [op for op in winners if op.clk in lost], who)


def _came_from(exchange: Exchange, source: bytes) -> int:
    """The life of the office that wrote a bundle, or whoever did."""
    row = exchange.bundle(source)
    return kept_header(row.header).sender if row is not None else -1


def _let_others_stand(store: "Store", lost: Mapping[int, OpRow], winners: Sequence[Aside], who: int) -> None:
    let_go(store, lost, Act.note("reissue", who))
    if not winners:
        return

    def beside(connection: "Connection", _commit: "Commit") -> None:
        Exchange(raw_cursor(connection)).take_from_aside(op.clk for op in winners)

    rows = [OpRow(*op[:4], number, op.vals) for number, op in enumerate(winners)]
    authors = [Author(op.who, op.scope) for op in winners]
    store.apply(Incoming(rows, authors, Act("merge", who), beside=beside))
