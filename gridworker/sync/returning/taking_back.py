"""A restored office takes in what laptops give back, see returns.py."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from gridworker.errors import BundleProblem
from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.copies import Copies
from gridworker.store.log.clock import EPOCH, INCARNATION_BITS, OFFICE, laptop_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, OpRow
from gridworker.store.recall import Asked, Recall
from gridworker.store.store import Incoming
from gridworker.store.streams import RETURNED, Aside, BundleRow, Exchange
from gridworker.store.tables.changes import Act
from gridworker.sync.counts import counts_of, is_work
from gridworker.sync.files.files import BundleName
from gridworker.sync.forks import outdone, set_apart_given, write_anew
from gridworker.sync.format.asks import Ask, Reach
from gridworker.sync.format.bundle import Bundle, read_inner
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.header import Header, kept_header, pack_header
from gridworker.sync.format.keys import PublicKeys
from gridworker.sync.format.parts import Purpose
from gridworker.sync.format.states import ACTIVE, PAST
from gridworker.sync.judging.judge import FORK
from gridworker.sync.judging.told_unjudged import of_their_kind, told_unjudged
from gridworker.sync.judging.unfit import Lot, set_aside
from gridworker.sync.judging.vouched import withdrawn_by
from gridworker.sync.returning.life import bear_out
from gridworker.sync.returning.returns import SECTION, unpack_inners
from gridworker.sync.signers import may_give_back
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store


LATELY = 10
"""Bundles of a laptop in which a copy of it that is still at work shows itself."""


def asks_of(connection: "Connection", laptop: int) -> tuple[Ask, ...]:
    """What the office asks a laptop for: all that a copy of it at work may still have: each reads the reply."""
    cursor = raw_cursor(connection)
    recall, by_device = Recall(cursor), defaultdict[int, list[Asked]](list)
    for life in _at_work(Exchange(cursor), laptop):
        for one in recall.asked(life):
            by_device[one.device].append(one)
    return tuple(_ask(device, asked) for device, asked in by_device.items())


def _at_work(exchange: Exchange, laptop: int) -> set[int]:
    """The lives of a laptop that wrote one of its last bundles; the first where none came."""
    rows = exchange.bundles(peer=laptop, outgoing=False, limit=LATELY)
    return {kept_header(row.header).sender for row in rows} or {laptop << INCARNATION_BITS}


def _ask(device: int, asked: Sequence[Asked]) -> Ask:
    waiting = [one.n for one in asked if one.is_waited_for]
    n = min(waiting) if waiting else max(one.n for one in asked)
    return Ask(device, n, min(n, *(one.backed_up for one in asked)))


def take_back(
    store: "Store", bundle: Bundle, own: PublicKeys, who: int, *, is_one_chain: bool = True
) -> list["Commit"]:
    """The office takes in what a laptop gave back, each reply in a transaction of its own, and what it can still give.

    ``is_one_chain``: the bundle follows what this life handed in before, so one computer lives it, for all that shows.

    One that bears another signature than the office's is passed over: it proves nothing. But where an erasure changed a
    reply, the laptop had to sign what is left of it: what nobody else brings waits for the office's word then.
    """
    life = bundle.header.sender
    laptop = life >> INCARNATION_BITS
    with store.cursor() as cursor:
        before = {asked.device: asked.n for asked in Recall(cursor).asked(life)}
    if before and not is_one_chain:
        with store.db.write() as connection:
            Recall(raw_cursor(connection)).forget(life)
        with store.cursor() as cursor:
            before = {asked.device: asked.n for asked in Recall(cursor).asked(life)}
    commits, inners = [], _inners(bundle)
    known = partial(_signer, own, _keys_of(store, laptop) if inners else None, laptop)
    for inner in inners:
        try:
            found = read_inner(inner, known=known, community=store.identity.community)
        except BundleProblem:
            continue
        take = _take_changed if found.header.redacts else _take_one
        commits.append(take(store, found, life, who))
    _heard(store, life, bundle.header.returns, before)
    return commits


def is_waited_for(connection: "Connection", life: int) -> bool:
    """Whether a laptop may still give back what decides on its own ops: grids it was given, records it holds.

    Not for ever, or one that never answers would keep what it may not write from being shown; and not where nothing is
    asked of it any more, for it gets no replies.
    """
    cursor = raw_cursor(connection)
    waits = any(asked.is_waited_for for asked in Recall(cursor).asked(life))
    return waits and Exchange(cursor).laptop_state(life >> INCARNATION_BITS) == ACTIVE


def _inners(bundle: Bundle) -> list[bytes]:
    section = bundle.other.get(SECTION)
    try:
        return unpack_inners(section) if section else []
    except Damaged:
        return []


def _keys_of(store: "Store", laptop: int) -> PublicKeys | None:
    with store.cursor() as cursor:
        return next((PublicKeys.parse(key.keys) for key in Exchange(cursor).pinned(laptop)), None)


def _signer(own: PublicKeys, theirs: PublicKeys | None, laptop: int, header: Header) -> PublicKeys | None:
    if header.redacts:
        return theirs if may_give_back(header, header.redacts, laptop) else None
    ours = header.purpose in {Purpose.REPLY, Purpose.KIT} and header.sender >> INCARNATION_BITS == OFFICE
    return own if ours else None


def _take_one(store: "Store", found: Bundle, life: int, who: int) -> "Commit":
    digest, header = bytes.fromhex(found.hash), found.header
    name = str(BundleName.of(header.sender, header.n, found.hash))
    with store.db.read() as connection:
        summary = Summary(
            counts_of(raw_cursor(connection), found.ops), len(found.ops), header.upto, work=is_work(found.ops)
        )
        is_lost = header.purpose is Purpose.REPLY and Exchange(raw_cursor(connection)).bundle(digest) is None
        unjudged = told_unjudged(connection, found.ops, found.authors, found.scope.enter if found.scope else ())
        unfit = {op.clk for op, _ in unjudged}
        ops = [op for op in found.ops if op.clk not in unfit] if unfit else found.ops
        apart = set_apart_given(raw_cursor(connection), header, ops)
        ops, others = of_their_kind(raw_cursor(connection), apart.judged.good)
        late = outdone(raw_cursor(connection), ops)
        withdrawn = withdrawn_by(connection, ops)
    row = BundleRow(
        digest, header.recipient >> INCARNATION_BITS, header.n, 1, PAST, _at(header), name, pack_header(header),
        summary.pack(),
    )  # fmt: skip

    forks: list[Aside] = []

    def beside(connection: "Connection", commit: "Commit") -> None:
        nonlocal forks
        exchange, recall = Exchange(raw_cursor(connection)), Recall(raw_cursor(connection))
        # Replies overlap: what was in two of them waits once.
        aside = [*((fork, FORK) for fork in (*commit.forks, *apart.rows)), *unjudged, *others]
        forks = set_aside(raw_cursor(connection), aside, Lot(found.authors, digest, header.prev)).forks
        exchange.set_aside_as(late, FORK)  # the word on them is none on what bears their clk here
        exchange.set_aside(withdrawn.asides(digest))
        if is_lost:
            exchange.save_bundle(row._replace(batch=commit.batch))
        recall.save(
            one._replace(n=max(one.n, header.upto)) for one in recall.asked(life) if one.device == header.sender
        )

    act = Act("return", who, count=len(found.ops), detail=found.hash[:8], always=True)
    authors = [*found.authors, Author(who, store.identity.scope)]
    rows = [*ops, *withdrawn.verdicts(store, len(found.authors))]
    commit = store.apply(Incoming(rows, authors, act, source=digest, beside=beside))
    commit = commit.beside(write_anew(store, [*commit.forks, *apart.rows], forks, who, apart.held))
    if is_lost:
        bear_out(store, header.sender)
    return commit


def _take_changed(store: "Store", found: Bundle, life: int, who: int) -> "Commit":
    """Set aside what only a laptop vouches for: neither here nor its own work, which it hands in by itself.

    What is here under its clk may be another: that of a copy, which came first since the office was put back.
    """
    digest, header = bytes.fromhex(found.hash), found.header
    others = [row for row in found.ops if laptop_of(row.clk) != life >> INCARNATION_BITS]
    rows = list[tuple[OpRow, str]]()
    with store.cursor() as cursor:
        copies, clks, here = Copies(cursor, found.ops), {row.clk for row in others}, defaultdict[int, list[OpRow]](list)
        for one in (*Log(cursor).rows(clks).values(), *(op.row for op in Exchange(cursor).aside_among(clks))):
            here[one.clk].append(one)
        for row in others:
            if not any(copies.are_one(one, row) or copies.are_unclear(one, row) for one in here[row.clk]):
                rows.append((row, RETURNED))

    def beside(connection: "Connection", _commit: "Commit") -> None:
        recall = Recall(raw_cursor(connection))
        set_aside(raw_cursor(connection), rows, Lot(found.authors, digest, header.prev))
        former = header.redacts.sender if header.redacts else header.sender
        recall.save(one._replace(n=max(one.n, header.upto)) for one in recall.asked(life) if one.device == former)

    return store.write([], Act("return", who, count=len(rows), detail=found.hash[:8], always=True), beside)


def _heard(store: "Store", life: int, reaches: Sequence[Reach], before: Mapping[int, int]) -> None:
    """Remember how far a laptop can answer, and whether it does."""
    if not before:
        return
    upto = {reach.device: reach.n for reach in reaches}
    with store.cursor() as cursor:
        laptop = life >> INCARNATION_BITS
        asked, was_asked = Recall(cursor).asked(life), Exchange(cursor).stream(laptop).sent_n > 0
        last = {ask.device: ask.n for ask in _last_asks(Exchange(cursor), laptop)}
    heard = [
        one.heard(
            before[one.device],
            upto.get(one.device),
            # One that is asked for what it gave long ago, for the sake of another, is not one that does not answer.
            was_asked=was_asked and last.get(one.device, one.n) == one.n,
        )
        for one in asked
    ]
    changed = [now for one, now in zip(asked, heard, strict=True) if now != one]
    if changed:
        with store.db.write() as connection:
            Recall(raw_cursor(connection)).save(changed)


def _last_asks(exchange: Exchange, laptop: int) -> Sequence[Ask]:
    rows = exchange.bundles(peer=laptop, outgoing=True, limit=1)
    return kept_header(rows[0].header).asks if rows and rows[0].header else ()


def _at(header: Header) -> int:
    return int((datetime.fromisoformat(header.time) - EPOCH).total_seconds() * 1000)
