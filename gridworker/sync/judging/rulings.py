"""The office's word on ops that were set aside: accept or refuse, singly or many, and again the other way (sync.md 4).

Whatever is ruled, the op itself goes into the log, so that office and author have the same set and read the same from
it. Refused, it counts for nothing. Accepted, an op of the office with the same values stands for it, over what it had
replaced; a creation cannot be written again under its own id, so the office vouches for it. An op that bears a clk
which is not its sender's own is never judged by that clk, for the one it belongs to would be judged with it: accepted,
it is written anew.
"""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gridworker.errors import Denied, Problem
from gridworker.record import Value
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import Author, OpRow, What, pack_create, pack_edits, seen_in, unpack_all, unpack_create
from gridworker.store.log.op import unpack_edits as edits_of
from gridworker.store.log.verdicts import Ruling, Verdict, Verdicts
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside, Exchange, histories
from gridworker.sync.judging.accepting import NOT_ITS_OWN, Together, acceptable
from gridworker.sync.judging.hanging import let_hanging_wait
from gridworker.sync.judging.judge import FORK, MALFORMED
from gridworker.sync.judging.vouched import NOTHING, Withdrawn, withdrawn_by
from gridworker.sync.meant import Chains

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store
    from gridworker.store.tables.changes import Act


class _Word(NamedTuple):
    """What the office says."""

    accept: bool
    note: str = ""


def rule(store: "Store", ops: Sequence[Aside], act: "Act", *, accept: bool, note: str = "") -> "Commit":
    """Rule on ops that were set aside, all in one act. Raises Denied on a laptop, Problem for what cannot be accepted.

    Accepting an op accepts what goes with it (accepting.py): the creation of its record, and of what it refers to, and
    a household's people.
    """
    return _rule(store, _with_others(store, ops) if accept else ops, act, _Word(accept, note))


def rule_on(store: "Store", ops: Sequence[Aside], act: "Act", *, accept: bool, note: str = "") -> "Commit":
    """The same on these alone, where what goes along is known and among them."""
    return _rule(store, ops, act, _Word(accept, note))


def _with_others(store: "Store", ops: Sequence[Aside]) -> Sequence[Aside]:
    with store.cursor() as cursor:
        return sorted(Together.read(cursor).of(ops))


def _rule(store: "Store", ops: Sequence[Aside], act: "Act", word: _Word) -> "Commit":
    if not store.identity.is_office:
        raise Denied("Only the office does this.")
    if word.accept and not all(map(acceptable, ops)):
        raise Problem("This change cannot be taken in as it stands. Refuse it, and write it anew where it is right.")
    with store.db.read() as connection:
        written = _Writing(store, raw_cursor(connection), act.who, word)
        for op in sorted(ops):
            written.rule(op, Ruling.ACCEPTED if word.accept else Ruling.REFUSED)
        withdrawn = withdrawn_by(connection, written.rows) if word.accept else NOTHING
        written.withdraw(withdrawn)
    source = ops[0].source if ops else b""

    def beside(connection: "Connection", _commit: "Commit") -> None:
        exchange = Exchange(raw_cursor(connection))
        exchange.settle_aside(written.settled)
        exchange.set_aside(withdrawn.asides(source))

    incoming = Incoming(written.rows, written.authors, act, beside=beside)
    if not written.taken_back:
        return store.apply(incoming)
    with nullcontext() if store.db.is_together else store.together():
        commit = store.apply(incoming)
        return commit.beside(let_hanging_wait(store, written.taken_back, source, act.who))


@dataclass
class _Writing:
    """The ops that a ruling consists of. ``settled``: (clk, source, ruling, verdict) of what need wait no longer.

    ``taken_back``: creations that counted and count no more.
    """

    store: "Store"
    cursor: Cursor
    who: int
    word: _Word
    rows: list[OpRow] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    settled: list[tuple[int, bytes, int, int]] = field(default_factory=list)
    taken_back: list[OpRow] = field(default_factory=list)
    _stand: dict[int, dict[int, int]] = field(default_factory=dict)
    _ruled_anew: set[tuple[object, ...]] = field(default_factory=set)
    _chains: Chains = field(init=False)
    _renamed: dict[int, dict[bytes, int]] = field(default_factory=dict)
    """By clk of an op that lost to another of that clk, and the bundle it was in: what it was written anew as."""

    def __post_init__(self) -> None:
        exchange = Exchange(self.cursor)
        self._chains = Chains(exchange)
        for op in exchange.forks():
            if op.ruling is not None and op.written:
                self._renamed.setdefault(op.clk, {})[op.source] = op.written

    def rule(self, op: Aside, ruling: Ruling) -> None:
        """Add what rules on one op."""
        if op.reason in NOT_ITS_OWN:
            if op.ruling != ruling and _content(op) not in self._ruled_anew:
                self._rule_anew(op, ruling)
            return
        before = Verdicts(self.cursor).standing([op.clk]).get(op.clk)
        if before is not None and _says(before.ruling) is _says(ruling):
            if op.ruling is None:  # said by a life of the office that fell: here it is only to be heeded
                self.rows.append(OpRow(*op[:4], self._author(Author(op.who, op.scope)), op.vals))
                self.settled.append((op.clk, op.source, int(before.ruling), before.op))
            return
        self.rows.append(OpRow(*op[:4], self._author(Author(op.who, op.scope)), op.vals))
        if ruling is Ruling.ACCEPTED and op.what == What.CREATE:
            ruling = Ruling.VOUCHED
        verdict = self._verdict(op, ruling, (before.op,) if before else ())
        if ruling is Ruling.ACCEPTED:
            self._stood_for(op.record)[op.clk] = self._stand_in(op, (op.clk,))
        elif ruling is Ruling.REFUSED and before is not None:
            self._take_back(op, before.ruling)
        self.settled.append((op.clk, op.source, int(ruling), verdict.op))

    def _rule_anew(self, op: Aside, ruling: Ruling) -> None:
        """Rule on one whose clk is another's: by what stands for it, not by its clk.

        It may have come in bundles of several copies of a laptop: it is one op, and what is said of it is said of all.
        """
        self._ruled_anew.add(_content(op))
        clk = self._anew(self._translated(op)) if ruling is Ruling.ACCEPTED else 0
        for row in Log(self.cursor).rows([op.written]).values() if op.written and not clk else ():
            self._verdict(row, Ruling.REFUSED)
            self.taken_back.append(row)
        for one in Exchange(self.cursor).aside_among([op.clk]):
            if one.reason == op.reason and _content(one) == _content(op):
                if op.reason == FORK and clk:
                    self._renamed.setdefault(op.clk, {})[one.source] = clk
                self.settled.append((op.clk, one.source, int(ruling), clk))

    def withdraw(self, withdrawn: Withdrawn) -> None:
        """Add what lets edits wait that nobody has seen yet."""
        if withdrawn.said:
            self.rows += withdrawn.verdicts(self.store, self._author(self._own))

    def _verdict(self, op: Aside | OpRow, ruling: Ruling, replaces: tuple[int, ...] = ()) -> Verdict:
        verdict = Verdict(self.store.new_id(), op.clk, op.record, op.kind, ruling, self.word.note, replaces)
        self.rows.append(verdict.row(self._author(self._own)))
        return verdict

    def _stand_in(self, op: Aside, names: tuple[int, ...], author: Author | None = None) -> int:
        """Write the op of the office that stands for an edit. Returns its clk."""
        clk, vals = self.store.new_id(), op.vals
        edits = [
            edit._replace(over=self._standing(op.record, {*edit.over, *names})) for edit in edits_of(op.record, vals)
        ]
        (flat,) = unpack_all([vals])
        seen = self._standing(op.record, seen_in(flat)) if op.what == What.DELETE else None
        own = pack_edits(op.record, edits, seen)
        self.rows.append(OpRow(clk, op.kind, op.record, op.what, self._author(author or self._own), own))
        return clk

    def _anew(self, op: Aside) -> int:
        """Write an op whose clk is not its sender's own as one of the office that does not name it. Returns its clk.

        Of a fork nothing else here tells who wrote it: it stays theirs.
        """
        author = Author(op.who, self._own.scope) if op.reason == FORK else self._own
        if op.what != What.CREATE:
            return self._stand_in(op, (), author)
        clk = self.store.new_id()
        vals = pack_create(unpack_create(op.vals))
        self.rows.append(OpRow(clk, op.kind, clk, op.what, self._author(author), vals))
        return clk

    def _translated(self, op: Aside) -> Aside:
        """An op that lost, or was written over one, naming what stands for those it names."""
        if op.reason != FORK or not self._renamed:
            return op
        new = partial(self._new, op.source)
        if op.what == What.CREATE:
            return op._replace(
                vals=pack_create({number: new(value) for number, value in unpack_create(op.vals).items()})
            )
        record, (flat,) = self._record_now(op), unpack_all([op.vals])

        def now(clks: Iterable[int]) -> tuple[int, ...]:
            return tuple(record if clk == op.record else self._now(op.source, clk) for clk in clks)

        edits = [edit._replace(value=new(edit.value), over=now(edit.over)) for edit in edits_of(op.record, op.vals)]
        seen = now(seen_in(flat)) if op.what == What.DELETE else None
        return op._replace(record=record, vals=pack_edits(record, edits, seen))

    def _record_now(self, op: Aside) -> int:
        """The record that an edit is about. One of another kind than what stands there is about one that lost.

        Its bundle may follow none with that one: a life of the office had it from its maker, and told the edit alone.
        """
        now, lost = self._now(op.source, op.record), self._renamed.get(op.record)
        if now != op.record or not lost:
            return now
        kinds = {row.clk: row.kind for row in self.rows} | Log(self.cursor).kinds([op.record, *lost.values()])
        alike = [clk for clk in lost.values() if kinds.get(clk) == op.kind]
        return alike[-1] if alike and kinds.get(op.record, op.kind) != op.kind else now

    def _new(self, source: bytes, value: Value) -> Value:
        return self._now(source, value) if isinstance(value, int) else value

    def _now(self, source: bytes, clk: int) -> int:
        """What a clk that an op of a bundle names is now: what that one was written anew as which its writer meant.

        Who is in no chain with such meant the one that won, where there is one here.
        """
        lost = self._renamed.get(clk)
        if not lost:
            return clk
        meant = self._chains.meant(source, lost)
        if meant is None and clk not in Log(self.cursor).rows([clk]):
            return next(reversed(lost.values()))
        return clk if meant is None else meant

    def _take_back(self, op: Aside, was: Ruling) -> None:
        """Refuse what the office itself wrote when it had accepted the op; note a creation that it had vouched for."""
        if was is Ruling.VOUCHED:
            self.taken_back.append(OpRow(*op[:4], 0, op.vals))
        for row in self._own_edits(op.record) if was is Ruling.ACCEPTED else ():
            if row.clk == self._stood_for(op.record).get(op.clk):
                self._verdict(row, Ruling.REFUSED)

    def _standing(self, record: int, clks: Iterable[int]) -> tuple[int, ...]:
        """The clks, and what stands for those of them that were accepted: it was built on with them."""
        named, stood_for = set(clks), self._stood_for(record)
        return tuple(sorted(named | {stood_for[clk] for clk in named & stood_for.keys()}))

    def _stood_for(self, record: int) -> dict[int, int]:
        """By clk of an op on a record that was accepted: the op of the office that stands for it."""
        if record not in self._stand:
            edits = self._own_edits(record)
            named = {row.clk: {clk for edit in edits_of(record, row.vals) for clk in edit.over} for row in edits}
            rulings = Verdicts(self.cursor).standing(set().union(*named.values()))
            accepted = {clk for clk, verdict in rulings.items() if verdict.ruling is Ruling.ACCEPTED}
            self._stand[record] = {clk: own for own in sorted(named, reverse=True) for clk in named[own] & accepted}
        return self._stand[record]

    def _own_edits(self, record: int) -> list[OpRow]:
        """The office's edits of a record that count."""
        rows = histories(self.cursor, [record])
        judged = Verdicts(self.cursor).judged(row.clk for row in rows)
        edits = [row for row in rows if row.what not in {What.CREATE, What.VERDICT, What.ERASE}]
        return [row for row in edits if laptop_of(row.clk) == OFFICE and row.clk not in judged]

    @property
    def _own(self) -> Author:
        return Author(self.who, self.store.identity.scope)

    def _author(self, author: Author) -> int:
        if author not in self.authors:
            self.authors.append(author)
        return self.authors.index(author)


def _says(ruling: Ruling) -> bool | None:
    """Whether an op is accepted by it; None where that is still to be said."""
    return None if ruling is Ruling.WAITING else ruling is not Ruling.REFUSED


def to_set_aside(cursor: Cursor, ops: Sequence[Aside]) -> list[Aside]:
    """Those of some unfit ops that were not set aside, or ruled on, before. Who bears the clk of another is a fork.

    One that comes once more with what was erased meanwhile is still the same.
    """
    ops = Exchange(cursor).bare(ops)
    known: dict[int, set[tuple[object, ...]]] = {}
    log = Log(cursor)
    for row in log.rows(log.maybe_known(sorted(op.clk for op in ops))).values():
        known.setdefault(row.clk, set()).add((*row[:4], row.vals))
    for before in Exchange(cursor).aside_among(op.clk for op in ops):
        known.setdefault(before.clk, set()).add(_content(before))
    found = []
    for op in ops:
        content, contents = _content(op), known.get(op.clk)
        if contents is None:
            known[op.clk] = {content}
            found.append(op)
        elif content not in contents:
            found.append(op if op.reason == MALFORMED else op._replace(reason=FORK))
            contents.add(content)
    return found


def _content(op: Aside) -> tuple[object, ...]:
    return (*op[:4], op.vals)
