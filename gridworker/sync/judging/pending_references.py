"""Ops that depend, through references, on ops of the same laptop that were set aside (sync.md 4, 6).

Bundles arrive in any order: a door may come before its building, which turns out to be in a grid of somebody else; a
person before their membership. The outcome has to be the same as if all had come at once. So whenever ops are newly set
aside, everything of that laptop that is connected with them by references is judged again as a whole:

- what was taken in and should not have been is withdrawn by a verdict and set aside with the rest;
- what waited only because of others, and need not any more, is taken in.

A record that somebody else has moved to another place meanwhile stays as it is: it depends on that move now.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker import discover
from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.copies import Copies
from gridworker.store.log.clock import laptop_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import Author, OpRow, What
from gridworker.store.log.verdicts import Ruling, Verdicts, words_on
from gridworker.store.records import get_many
from gridworker.store.scope.spans import Spans
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside, Exchange
from gridworker.store.tables.changes import Act
from gridworker.store.waiting import Waiting, Which
from gridworker.store.written import brought_by_others, written_by
from gridworker.sync.judging.judge import OUT_OF_SCOPE, REVOKED, Judged, Office, brought_alone, judge, places_of

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store

OfficeOf: TypeAlias = Callable[[Sequence[OpRow], Sequence[Author]], Office]
"""What the judgement of some ops rests on."""


_OF_OFFICE = frozenset(map(int, (What.ERASE, What.VERDICT)))


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """A bundle's judgement in the light of what came before. ``authors`` are those of all its rows.

    ``withdrawn`` had been taken in and waits now; ``released`` waited, and is among the good now.
    """

    judged: Judged
    authors: Sequence[Author]
    withdrawn: Sequence[OpRow] = ()
    released: Sequence[OpRow] = ()

    def asides(self, source: bytes) -> list[Aside]:
        """What is withdrawn, as it waits for the office's word; ``source`` is the bundle that has shown it."""
        return [
            Aside(row.clk, row.kind, row.record, row.what, *self.authors[row.author], row.vals, OUT_OF_SCOPE, source)
            for row in self.withdrawn
        ]


def reconsider(
    connection: "Connection", laptop: int, judged: Judged, authors: Sequence[Author], office_of: OfficeOf
) -> Reconsidered:
    """Judge a bundle together with what hangs on what it has newly set aside. Nearly always there is no such thing."""
    cursor = raw_cursor(connection)
    waiting = Waiting(cursor).of(Which(laptop=laptop, reason=OUT_OF_SCOPE))
    seeds = [*_new(cursor, [*_seeds(judged), *_brought_by(waiting, judged.good)]), *_still(waiting, judged.good)]
    if not seeds:
        return Reconsidered(judged, authors)
    own = {row.clk: row for row in (*judged.good, *(row for row, _ in judged.aside))}
    if not _meets(own.values(), chain(written_by(cursor, laptop), map(_row, waiting)), laptop):
        return Reconsidered(judged, authors)
    found = _Web.read(cursor, laptop, waiting, own).around(seeds)
    if not (found.logged or found.waiting):
        return Reconsidered(judged, authors)
    settled = _settled(connection, laptop, found.logged.values())
    copies = Copies(cursor, own.values())
    logged = {clk: row for clk, row in found.logged.items() if clk not in own or copies.are_one(row, own[clk])}
    rows, authors = _joined(cursor, own, logged, found.waiting.values(), authors)
    stay = {clk: own.get(clk, row) for clk, row in logged.items() if row.what == What.CREATE and row.record in settled}
    rows = [row for row in rows if row.clk not in stay]
    office = _as_if_new(office_of(rows, authors), rows, logged.keys(), found.waiting.keys())
    again = judge(rows, office)
    good = [row for row in again.good if row.clk in own or row.clk in found.waiting]
    good += [row for clk, row in stay.items() if clk in own]
    aside = [(row, reason) for row, reason in again.aside if row.clk in own and row.clk not in logged]
    return Reconsidered(
        Judged(sorted(good), aside), authors,
        [row for row, _ in again.aside if row.clk in logged],
        [row for row in again.good if row.clk in found.waiting],
    )  # fmt: skip


def tell(store: "Store", laptop: int, found: Reconsidered, commit: "Commit", who: int) -> "Commit":
    """Write the verdicts by which what is withdrawn counts for nothing, and what had been and is released counts again.

    Returns the commit of the bundle with what this touched.
    """
    if not (found.withdrawn or found.released):
        return commit
    with store.cursor() as cursor:
        before = Verdicts(cursor).standing(row.clk for row in (*found.withdrawn, *found.released))
    again = [row for row in found.released if row.clk in before]
    rulings = [(row, Ruling.WAITING) for row in found.withdrawn] + [(row, Ruling.VOUCHED) for row in again]
    verdicts = words_on(rulings, before, store.new_id)
    if not verdicts:
        return commit

    def beside(connection: "Connection", _commit: "Commit") -> None:
        gone = [row.record for row in found.withdrawn if row.what == What.CREATE]
        Spans(raw_cursor(connection), laptop).unmade(gone)

    act = Act("verdict", who, count=len(verdicts), detail="waiting")
    return commit.beside(store.apply(Incoming(verdicts, [Author(who, store.identity.scope)], act, beside=beside)))


class _Found(NamedTuple):
    """Ops by clk: those in the log, and those that wait."""

    logged: Mapping[int, OpRow]
    waiting: Mapping[int, Aside]


@dataclass
class _Web:
    """What of a laptop's ops is about a record, and what places one in it or brings it along.

    They were taken in, wait, or are ``own``: those of the bundle itself.
    """

    cursor: Cursor
    laptop: int
    waiting: dict[int, Aside]
    own: Mapping[int, OpRow]
    beside: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By record: the clks of edits of it, and of what it places."""

    @classmethod
    def read(cls, cursor: Cursor, laptop: int, waiting: Sequence[Aside], own: Mapping[int, OpRow]) -> "_Web":
        """Go through all that the laptop wrote."""
        web = cls(cursor, laptop, {op.clk: op for op in waiting}, own)
        for row in chain(written_by(cursor, laptop), map(_row, waiting), own.values()):
            for record in _beside(row, laptop):
                web.beside[record].append(row.clk)
        return web

    def around(self, seeds: Iterable[OpRow]) -> _Found:
        """All that hangs together with some ops, but what the office has ruled on."""
        logged: dict[int, OpRow] = {}
        waiting: dict[int, Aside] = {}
        seen: set[int] = set()
        latest = {record for row in seeds for record in _from(row)}
        while latest:
            seen |= latest
            clks = {clk for record in latest for clk in (record, *self.beside.get(record, ()))}
            ours = [clk for clk in clks if laptop_of(clk) == self.laptop and clk not in self.waiting]
            fresh = counting(self.cursor, ours)
            still = {clk: self.waiting[clk] for clk in clks & self.waiting.keys()}
            here = [self.own[clk] for clk in clks & self.own.keys()]
            logged.update(fresh)
            waiting.update(still)
            rows = (*fresh.values(), *map(_row, still.values()), *here)
            latest = {record for row in rows for record in _from(row)} - seen
        return _Found(logged, waiting)


def _beside(row: OpRow, laptop: int) -> list[int]:
    """The records that an op is about, and those of its laptop that it says place it; of a creation these alone."""
    about = [] if row.what == What.CREATE else [row.record]
    if row.what in _OF_OFFICE:
        return about
    # of others' places none turns out not to be taken in
    return about + [place for place in places_of(row) if laptop_of(place) == laptop]


def _meets(own: Collection[OpRow], before: Iterable[OpRow], laptop: int) -> bool:
    """Whether something of before is about, or placed by, what a bundle makes or brings along.

    If not, nothing of before hangs together with the bundle, however much in it hangs on each other: two hundred
    thousand memberships can be made up in a kilobyte, and to go from one to the next takes seconds.
    """
    made = {row.record for row in own if row.what == What.CREATE}
    made.update(record for row in own if row.what not in _OF_OFFICE for record in brought_alone(row))
    return not all(made.isdisjoint((row.clk, *_beside(row, laptop))) for row in before)


def counting(cursor: Cursor, clks: Iterable[int]) -> dict[int, OpRow]:
    """Those of some ops that were taken in and count, but what the office has ruled on."""
    rows = Log(cursor).rows(clks)
    ruled = {op.clk for op in Exchange(cursor).aside_among(rows) if op.ruling is not None}
    judged = Verdicts(cursor).judged(rows)
    return {clk: row for clk, row in rows.items() if clk not in ruled and clk not in judged}


def _from(row: OpRow) -> list[int]:
    """The records by which others may hang together with an op: what it makes, and who is there for its sake alone."""
    if row.what in _OF_OFFICE:
        return []
    return [row.record, *brought_alone(row)] if row.what == What.CREATE else brought_alone(row)


def _seeds(judged: Judged) -> list[OpRow]:
    """What is set aside that others may hang on."""
    return [row for row, reason in judged.aside if reason != REVOKED and (row.what == What.CREATE or _from(row))]


def _brought_by(waiting: Iterable[Aside], good: Iterable[OpRow]) -> list[OpRow]:
    """New people whom something that waits brings along: nothing else may do so."""
    brought = {record for op in waiting for record in brought_alone(_row(op))}
    return [row for row in good if row.record in brought and row.what == What.CREATE] if brought else []


def _still(waiting: Collection[Aside], good: Iterable[OpRow]) -> list[OpRow]:
    """What waits and comes once more with something that speaks for it."""
    clks = {op.clk for op in waiting}
    return [row for row in good if row.clk in clks] if clks else []


def _new(cursor: Cursor, rows: Sequence[OpRow]) -> list[OpRow]:
    """Those of some ops of which it was not known that they are not to count: much of a bundle has come before."""
    if not rows:
        return []
    clks, log = sorted(row.clk for row in rows), Log(cursor)
    known = log.rows(log.maybe_known(clks)).keys() | {op.clk for op in Exchange(cursor).aside_among(clks)}
    standing = counting(cursor, known)
    return [row for row in rows if row.clk not in known or row.clk in standing]


def _settled(connection: "Connection", laptop: int, logged: Collection[OpRow]) -> set[int]:
    """Records that others have given a place, or bring along: they do not hang on what the laptop said of them."""
    named: dict[int, set[int]] = defaultdict(set)
    made: dict[str, set[int]] = defaultdict(set)
    for row in logged:
        named[row.record].update(places_of(row))
        if row.what == What.CREATE:
            made[discover.by_number()[row.kind].kind.name].add(row.record)
    alone = [record for name, ids in made.items() if not discover.kinds()[name].kind.within for record in ids]
    found = brought_by_others(raw_cursor(connection), alone, laptop)
    for name, ids in made.items():
        within = discover.kinds()[name].kind.within
        for record, values in get_many(connection, name, ids).items() if within else ():
            place = next((values[at] for at in within if values.get(at) is not None), None)
            if place is not None and place not in named[record]:
                found.add(record)
    return found


def _joined(
    cursor: Cursor, own: Mapping[int, OpRow], logged: Mapping[int, OpRow], waiting: Iterable[Aside],
    authors: Sequence[Author],
) -> tuple[list[OpRow], list[Author]]:  # fmt: skip
    """A bundle's rows and those beside them, with the authors of all."""
    known = Log(cursor).author_numbers({row.author for row in logged.values()})
    listed = [*authors]
    rows = list(own.values())
    for row, author in (
        *((row, known[row.author]) for row in logged.values()),
        *((_row(op), Author(op.who, op.scope)) for op in waiting),
    ):
        if row.clk not in own:
            if author not in listed:
                listed.append(author)
            rows.append(row._replace(author=listed.index(author)))
    return rows, listed


def _as_if_new(office: Office, rows: Iterable[OpRow], taken: Collection[int], waiting: Collection[int]) -> Office:
    """What the judgement rests on, but for what was made before, waits, and is judged once more.

    Of what was taken in it is known that it is here, and whether it has left the laptop since.
    """
    before = (row for row in rows if row.clk in waiting and row.clk not in taken)
    made = {row.record for row in before if row.what == What.CREATE and row.clk == row.record}
    kinds = {record: kind for record, kind in office.kinds.items() if record not in made}
    return replace(office, kinds=kinds, unmade=set(office.unmade) - made, taken=taken)


def _row(op: Aside) -> OpRow:
    return OpRow(op.clk, op.kind, op.record, op.what, 0, op.vals)
