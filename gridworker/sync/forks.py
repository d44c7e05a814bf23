"""Two ops under one clk: a copied laptop, or one set back, gave out a clk that its twin gave out too (sync.md 5).

The office keeps the one that came first and writes the other anew, over what that had replaced and without naming the
clk, so that both stand beside each other for a person. The laptop that wrote it is told by what hash, for the clk alone
would mean either; it lets its own go, takes in the one that won, and goes on as a new life.

What the loser wrote over its own op it wrote without having seen the one that won: such ops go the same way, with what
they name written anew too (rulings.py), else they would replace what their author never saw (meant.py). Where the op
that lost waits for the office's word they wait with it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.lives import take_new_life
from gridworker.store.intake.copies import Copies
from gridworker.store.intake.transaction import NOTHING
from gridworker.store.log.blanking import is_less
from gridworker.store.log.clock import INCARNATION_BITS, laptop_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, OpRow, What
from gridworker.store.log.verdicts import Ruling, Verdict
from gridworker.store.meta import Meta
from gridworker.store.reissue import let_go
from gridworker.store.store import Incoming
from gridworker.store.streams import RETURNED, Aside, Exchange
from gridworker.store.tables.changes import AUDIT, Act
from gridworker.store.waiting import Waiting, Which
from gridworker.sync.format.header import MAX_REISSUED, Header
from gridworker.sync.format.traces import Reissued
from gridworker.sync.judging.accepting import NOT_ITS_OWN, acceptable
from gridworker.sync.judging.early import Early
from gridworker.sync.judging.judge import FORK, Judged, brought_alone, places_of
from gridworker.sync.judging.rulings import rule
from gridworker.sync.meant import Chains, LostBefore, hash_of, named_in, writer_of

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.log.log import Cursor
    from gridworker.store.store import Store


class Apart(NamedTuple):
    """A bundle without what lost to others and what builds on such."""

    judged: Judged
    rows: Sequence[OpRow] = ()
    """What was taken out of it, and was fit but for its clk or for what it names."""
    held: Collection[int] = ()
    """The clks of what waits for the office's word all the same, or builds on what does."""


def set_apart(cursor: "Cursor", header: Header, judged: Judged, late: Judged) -> Apart:
    """At the office: set aside what builds on an op that lost, in this bundle or in one before it.

    Nearly always there is nothing: a look at the newest clks tells. ``late`` are ops that lost to some that wait. What
    builds on one that waits waits with it, and so does what was judged by what bears that clk here.
    """
    laptop = header.sender >> INCARNATION_BITS
    fit, unfit = judged.good, [row for row, _ in judged.aside if laptop_of(row.clk) == laptop]
    before, here = LostBefore(cursor, header, laptop), _lost(cursor, [*fit, *unfit])
    held = {*before.held, *(row.clk for row, _ in late.aside), *(here - {row.clk for row in fit})}
    lost = {*before.clks, *here, *held, *(row.clk for row in late.good)}
    if not lost:
        return Apart(judged)
    audit = discover.kinds()[AUDIT].kind.number  # nobody decides about that
    rows = [row for row in sorted([*fit, *unfit]) if row.kind != audit or not named_in(row) & held]
    built = _built_on(cursor, rows, lost, before)
    held |= {row.clk for row in built}.intersection(row.clk for row in unfit)
    held |= {row.clk for row in _naming(sorted([*late.good, *fit]), held, before)}
    return Apart(_without(judged, [*late.good, *built]), [*late.good, *built], held)


def set_apart_given(cursor: "Cursor", header: Header, rows: Sequence[OpRow]) -> Apart:
    """The same of a reply that is given back, in which all mean what the office had under a clk before it fell.

    What was written anew since comes no second time. What the office had not let in waits once more, without what it
    had said: that would be about what bears the clk now. What differs by values that are missing waits, too, and what
    builds on it does not: it may be that they were erased, and that this has not come back yet.
    """
    exchange, before = Exchange(cursor), LostBefore(cursor, header, None)
    unclear = {row.clk for row in _unclear(cursor, rows)}
    told = {(op.clk, hash_of(op)): op for op in exchange.aside_among(row.clk for row in rows) if op.reason == FORK}
    same = {row.clk: op for row in rows if (op := told.get((row.clk, hash_of(row)))) is not None}
    lost = {*before.clks, *same, *_lost(cursor, rows)} - unclear
    if not lost:
        return Apart(Judged(list(rows), []), held=unclear)
    said = [verdict for row in rows if row.what == What.VERDICT and (verdict := Verdict.of(row)) and verdict.on in lost]
    held = {*before.held, *(clk for clk, op in same.items() if not op.written)} - unclear
    held |= {verdict.on for verdict in said if verdict.ruling in {Ruling.REFUSED, Ruling.WAITING}}
    others = [row for row in rows if row.what not in {What.VERDICT, What.ERASE}]
    built = {row.clk: row for row in _built_on(cursor, others, lost, before)}
    held |= {row.clk for row in _naming(others, held, before)}
    here = Log(cursor).rows(same).keys()
    apart = [row for row in others if row.clk in built or (row.clk in same and row.clk not in here)]
    out = {row.clk for row in apart} | {verdict.op for verdict in said}
    return Apart(Judged([row for row in rows if row.clk not in out], []), apart, held | unclear)


def late_among(cursor: "Cursor", judged: Judged, early: Early) -> tuple[Judged, Judged]:
    """At the office: part from the others what bears the clk of another op that came first, though it is not counted.

    Be it that this one waits here for a word: what comes now would be taken for it, were it to come once more or to be
    accepted. Or that an office which was put back lost it, and has only what was written about what it made, of another
    kind: made once more, the record would have the edits, and the deletion, of what its copy made.
    """
    late = {row for _, row in _rivals(cursor, [*judged.good, *(row for row, _ in judged.aside)])}
    late.update(_made_as_another(judged, early))
    if not late:
        return judged, Judged([], [])
    return (
        Judged([row for row in judged.good if row not in late], [one for one in judged.aside if one[0] not in late]),
        Judged([row for row in judged.good if row in late], [one for one in judged.aside if one[0] in late]),
    )


def _made_as_another(judged: Judged, early: Early) -> list[OpRow]:
    """What would make a record of which ops of its laptop that are here say that it is of another kind.

    What the judgement sets aside waits for a person as it is.
    """
    makes = [row for row in judged.good if row.what == What.CREATE] if early else []
    return [row for row in makes if any(op.kind != row.kind for op in early.get(row.record, ()))]


def outdone(cursor: "Cursor", rows: Sequence[OpRow]) -> list[Aside]:
    """At the office: what waits here for a word under the clk of another op that it took in before it was put back.

    That one came first, and laptops have it: it stands. With it what else waits and builds on what waits.
    """
    lost = list(dict.fromkeys(op for op, _ in _rivals(cursor, rows)))
    return [*lost, *_waiting_on(cursor, lost)] if lost else []


def _rivals(cursor: "Cursor", rows: Sequence[OpRow]) -> list[tuple[Aside, OpRow]]:
    """What waits here for a word under the clk of one of these ops and is another, each with that one."""
    waiting = [
        op for op in Waiting(cursor).under([row.clk for row in rows]) if op.reason not in {*NOT_ITS_OWN, RETURNED}
    ]
    by_clk, copies = {op.clk: op for op in waiting}, Copies(cursor, rows)
    met = [(by_clk[row.clk], row) for row in rows if row.clk in by_clk]
    return [(op, row) for op, row in met if not copies.are_one(op.row, row)]


def _waiting_on(cursor: "Cursor", lost: Sequence[Aside]) -> list[Aside]:
    """What waits and builds on some that do: in the bundle of one of these, or in one that follows it."""
    chains, laptops = Chains(Exchange(cursor)), {laptop_of(op.clk) for op in lost}
    beside = {op for laptop in laptops for op in Waiting(cursor).of(Which(laptop=laptop))}.difference(lost)
    meant = defaultdict[int, dict[bytes, Aside]](dict)
    for op in lost:
        meant[op.clk][op.source] = op
    found = []
    for op in sorted(beside):
        named = named_in(op.row) & meant.keys() if op.reason not in NOT_ITS_OWN else ()
        if any(chains.meant(op.source, meant[clk]) for clk in named):
            meant[op.clk][op.source] = op
            found.append(op)
    return found


def leave_unclear(cursor: "Cursor", judged: Judged) -> Judged:
    """At an office that was put back and waits for what it lost: set aside what differs by values that are missing.

    It may be that they were erased, and that it has not heard of that yet. With it what builds on it, for it may be an
    op that loses.
    """
    unclear = _unclear(cursor, judged.good)
    if not unclear:
        return judged
    return _without(judged, [*unclear, *_built_on(cursor, judged.good, {row.clk for row in unclear})])


def _without(judged: Judged, apart: Sequence[OpRow]) -> Judged:
    if not apart:
        return judged
    clks = {row.clk for row in apart}
    kept = [row for row in judged.good if row.clk not in clks]
    aside = [(row, FORK if row.clk in clks and reason not in NOT_ITS_OWN else reason) for row, reason in judged.aside]
    return Judged(kept, [*aside, *((row, FORK) for row in apart if row.clk not in {one.clk for one, _ in aside})])


def _built_on(
    cursor: "Cursor", rows: Sequence[OpRow], lost: Collection[int], before: LostBefore | None = None
) -> list[OpRow]:
    """What is new here and names any of the ``lost``, or another such."""
    here = Log(cursor).rows(row.clk for row in rows).keys()
    return _naming([row for row in rows if row.clk not in here], lost, before)


def _naming(rows: Sequence[OpRow], lost: Collection[int], before: LostBefore | None = None) -> list[OpRow]:
    lost, found = set(lost), []
    for row in rows if lost else ():
        named = named_in(row) & lost
        if named and (before is None or before.are_meant(row, named)):
            lost.add(row.clk)
            found.append(row)
    return found


def _lost(cursor: "Cursor", rows: Sequence[OpRow]) -> set[int]:
    """The clks of a bundle's ops that are here with another content."""
    known = _known(cursor, rows)
    copies = Copies(cursor, rows)
    return {row.clk for row in rows if row.clk in known and not copies.are_one(known[row.clk], row)} if known else set()


def _unclear(cursor: "Cursor", rows: Sequence[OpRow]) -> list[OpRow]:
    """Those of a bundle's ops that differ by values which are missing from what is here: it may be one op."""
    known, copies = _known(cursor, rows), Copies(cursor, rows)
    return [row for row in rows if row.clk in known and copies.are_unclear(known[row.clk], row)]


def _known(cursor: "Cursor", rows: Sequence[OpRow]) -> Mapping[int, OpRow]:
    log = Log(cursor)
    maybe = log.maybe_known([row.clk for row in rows])
    return log.rows(maybe) if maybe else {}


def write_anew(
    store: "Store", forks: Sequence[OpRow], aside: Sequence[Aside], who: int, held: Collection[int] = ()
) -> "Commit":
    """At the office: write ops that were fit but for their clk as ops of the office; not what is ``held``."""
    clks = {row.clk for row in forks}.difference(held)
    ops = [op for op in aside if op.reason == FORK and op.clk in clks and acceptable(op)]
    return rule(store, ops, Act("verdict", who, count=len(ops), detail=FORK), accept=True) if ops else NOTHING


def reissued(exchange: Exchange, laptop: int, *may_hold: Collection[int]) -> tuple[Reissued, ...]:
    """What a laptop is told of its ops that were written anew, and of those that were refused: they are 0 now.

    It is told of all again and again. Of more than one reply has room for each tells some by chance: where two copies
    read them by turns, neither misses always the same.

    An office that was put back may have passed an op of others on before, that lost now: what stands under its clk may
    be nothing that goes to this laptop, so this alone tells it. Only of records among those it ``may_hold``.
    """
    forks = [op for op in exchange.forks() if op.ruling is not None]
    ops = [op for op in forks if laptop_of(op.clk) == laptop]
    if may_hold and len(ops) < len(forks):
        ops += _held([op for op in forks if laptop_of(op.clk) != laptop], may_hold, ops)
    told = list({(op.clk, hash_of(op)): op for op in ops}.items())
    if len(told) > MAX_REISSUED:
        told = Random(exchange.stream(laptop).sent_n).sample(told, MAX_REISSUED)
    return tuple(Reissued(clk, digest, op.written or 0) for (clk, digest), op in told)


def standing_under(cursor: "Cursor", told: Sequence[Reissued]) -> list[OpRow]:
    """At the office: what stands under the clks of ops that lost, where laptops may have taken both for one.

    One says no more than the other but for values that may have been let go of or erased (copies.py): a laptop that had
    the one that lost did not keep the other, and has nothing to put in its place when it is told. So it goes along.
    """
    if not told:
        return []
    hashes = {(one.clk, one.hash) for one in told}
    lost = [op.row for op in Exchange(cursor).aside_among({one.clk for one in told}) if (op.clk, hash_of(op)) in hashes]
    here = Log(cursor).rows(row.clk for row in lost)
    alike = (
        row.clk for row in lost if row.clk in here and (is_less(row, here[row.clk]) or is_less(here[row.clk], row))
    )
    return [here[clk] for clk in dict.fromkeys(alike)]


def _held(ops: Collection[Aside], records: Sequence[Collection[int]], own: Collection[Aside]) -> list[Aside]:
    """Those of some ops that lost which are about any of these records, lie in one, or belong to another of them.

    Also to one of its ``own``: the office or another laptop wrote over what it made, and it may have read that.
    """
    found, along = list[Aside](), _made_with(own)
    while more := {op for op in ops if op.record in along or any(_is_about(op, some) for some in (*records, along))}:
        found += sorted(more)
        along |= _made_with(more)
        ops = [op for op in ops if op not in more]
    return found


def _made_with(ops: Collection[Aside]) -> set[int]:
    """The records that some ops made under the clk of another, and what belongs to them alone."""
    made = [op for op in ops if op.what == What.CREATE]
    return {op.record for op in made}.union(*(brought_alone(op.row) for op in made))


def _is_about(op: Aside, records: Collection[int]) -> bool:
    """Whether an op that lost is about one of these; what it makes is another record now, or would lie in one."""
    if op.what != What.CREATE:
        return op.record in records
    if op.written:
        return op.written in records
    return any(place in records for place in places_of(op.row))


def written_anew(exchange: Exchange, laptop: int) -> set[int]:
    """The office's ops that stand for ops of a laptop which bore the clk of another."""
    return {op.written for op in exchange.forks() if op.written and laptop_of(op.clk) == laptop}


def take_reissued(
    store: "Store", header: Header, came: Collection[int] | None, who: int, *, is_new: bool = False
) -> None:
    """On a laptop: let go of what was written anew, and take in what stands under those clks instead.

    Of several copies more than one may have lost under one clk: its own is told by the hash.

    Only where a reply has brought what it was written anew as, be it that it does not belong on this laptop: an office
    that loses it is given that reply back, and nobody else has it then. That is where it is here, or ``came`` with this
    very reply; None where no reply is missing, for it goes with the first there is. What others wrote goes in any case:
    it lies in the archive. But of that the newest life of the office alone knows. ``is_new``: the laptop goes on as
    another life anyway.
    """
    if not header.reissued:
        return
    with store.cursor() as cursor:
        anew = {one.new for one in header.reissued}
        brought = anew if came is None else Log(cursor).present(anew) | set(came)
        is_newest, own = header.sender == Meta(cursor).number("office_device"), store.identity.laptop
        told = {
            (one.clk, one.hash)
            for one in header.reissued
            if (not one.new or one.new in brought if laptop_of(one.clk) == own else is_newest)
        }
        lost = {
            clk: row for clk, row in Log(cursor).rows({clk for clk, _ in told}).items() if (clk, hash_of(row)) in told
        }
        winners = _standing_now(Exchange(cursor), lost, told)
    if not lost:
        return
    # By its life the office knows that it was told. Before anything is put on record, for a copy has the former one.
    if not is_new and own in map(laptop_of, lost):
        take_new_life(store)
    _let_others_stand(store, lost, winners, who)


def _standing_now(exchange: Exchange, clks: Collection[int], but: Collection[tuple[int, bytes]]) -> list[Aside]:
    """On a laptop: what stands at the office under some clks, of what was set aside here.

    Before it was put back another may have stood there: what its newest life told counts.
    """
    forks = [op for op in exchange.aside_among(clks) if op.reason == FORK and (op.clk, hash_of(op)) not in but]
    newest = {op.clk: op for op in sorted(forks, key=lambda op: writer_of(exchange, op.source))}
    return list(newest.values())


def take_others(store: "Store", who: int) -> None:
    """On a laptop: take in what stands at the office under clks of others, where it said something else before.

    It was put back, and of two copies of a laptop the other handed in first now. What stood here lies in the archive:
    the office gets it back out of that, and writes it anew.
    """
    with store.cursor() as cursor:
        exchange, newest = Exchange(cursor), Meta(cursor).number("office_device")
        winners = [
            op
            for op in exchange.forks()
            if laptop_of(op.clk) != store.identity.laptop and writer_of(exchange, op.source) == newest
        ]
        lost = Log(cursor).rows(op.clk for op in winners) if winners else {}
    if lost:
        _let_others_stand(store, lost, [op for op in winners if op.clk in lost], who)


def _let_others_stand(store: "Store", lost: Mapping[int, OpRow], winners: Sequence[Aside], who: int) -> None:
    let_go(store, lost, Act.note("reissue", who))
    if not winners:
        return

    def beside(connection: "Connection", _commit: "Commit") -> None:
        Exchange(raw_cursor(connection)).take_from_aside(op.clk for op in winners)

    rows = [op.row._replace(author=number) for number, op in enumerate(winners)]
    authors = [Author(op.who, op.scope) for op in winners]
    store.apply(Incoming(rows, authors, Act("merge", who), beside=beside))
