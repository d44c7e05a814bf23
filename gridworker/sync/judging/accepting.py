"""What is accepted together: what a change would hang in the air without, and who belongs to a household.

Nobody takes a household in without its door and building, nor without its people: their memberships and who they are go
with it. Where what a change lies in was not accepted before, the office is asked first: its word is not turned round
unsaid.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gridworker import discover
from gridworker.errors import PlaceRefused
from gridworker.record import Privacy, Type, Value
from gridworker.store.log.log import Cursor
from gridworker.store.log.op import OpRow, What, only_office_writes, unpack_create
from gridworker.store.log.op import unpack_edits as edits_of
from gridworker.store.streams import Aside, Exchange
from gridworker.sync.judging.judge import FOREIGN_AUTHOR, FORK, MALFORMED, WRONG_KIND, brought_alone, places_of
from gridworker.sync.meant import Chains, named_in

NOT_ITS_OWN = frozenset({FOREIGN_AUTHOR, FORK, MALFORMED})
"""Reasons of ops whose clk belongs, or may belong, to another."""


def acceptable(op: Aside) -> bool:
    """Whether an op set aside can be accepted: it can be read, fits its record, and is not for the office to write."""
    return op.reason not in {MALFORMED, WRONG_KIND} and not only_office_writes(op.what)


@dataclass(frozen=True, slots=True)
class Together:
    """Creations set aside by the record they make: those that wait, and those that were not accepted."""

    waiting: dict[int, Aside]
    refused: Mapping[int, Aside]
    members: Mapping[int, Sequence[Aside]] = field(default_factory=dict)
    """By record: those that wait, lie in it and bring others along."""
    bases: Mapping[Aside, list[Aside]] = field(default_factory=dict)
    """By fork that is not taken in: forks that it names and that are not either."""

    @classmethod
    def read(cls, cursor: Cursor) -> "Together":
        """As it is now."""
        exchange = Exchange(cursor)
        waits, forks = exchange.aside(), exchange.forks()
        waiting = {op.record: op for op in filter(_makes, waits)}
        refused = {op.record: op for op in filter(_makes, exchange.refused_creations())}
        members: dict[int, list[Aside]] = defaultdict(list)
        for op in waiting.values():
            row = OpRow(op.clk, op.kind, op.record, op.what, 0, op.vals)
            alone = brought_alone(row)
            for place in places_of(row) if alone else ():
                if place not in alone:
                    members[place].append(op)
        refused = {record: op for record, op in refused.items() if record not in waiting}
        return cls(waiting, refused, members, _bases(exchange, waits, [op for op in forks if op.ruling is not None]))

    def of(self, ops: Collection[Aside], *, places: bool = False) -> set[Aside]:
        """The ops and all that is accepted with them. ``places``: what was not accepted and they lie in as well."""
        found, latest = set(ops), set(ops)
        while latest:
            named = {record for op in latest for record in _named(op)}
            made = {op.record for op in latest if op.what == What.CREATE and op.reason not in NOT_ITS_OWN}
            beside = [op for record in made for op in self.members.get(record, ()) if op.record in self.waiting]
            lacking = [self.refused[record] for record in named & self.refused.keys()] if places else ()
            bases = [base for op in latest for base in self.bases.get(op, ()) if places or base.ruling is None]
            latest = {
                *(self.waiting[record] for record in named & self.waiting.keys()), *beside, *lacking, *bases
            } - found  # fmt: skip
            found |= latest
        return found

    def settled(self, ops: Iterable[Aside]) -> None:
        """These were accepted and wait no longer: who rules on many lots need not read all that waits each time."""
        done = set(ops)
        for op in done:
            if self.waiting.get(op.record) == op:
                del self.waiting[op.record]
        for bases in self.bases.values():
            bases[:] = [one for one in bases if one not in done]

    def lacking(self, ops: Collection[Aside]) -> set[Aside]:
        """What was not accepted, is not among what is accepted now, and that would lie in it."""
        if not self.refused and not self.bases:
            return set()
        found = self.of(ops)
        bases = {base for op in found for base in self.bases.get(op, ())}
        return (
            bases.union(self.refused[record] for op in found for record in _named(op) if record in self.refused) - found
        )

    def require_places(self, ops: Collection[Aside]) -> None:
        """Raise PlaceRefused where what is accepted would lie in what was not accepted and is not among it."""
        lacking = self.lacking(ops)
        if lacking:
            raise PlaceRefused(
                "This needs what was not accepted before: {places}. Accept that with it, or leave both out.",
                places=", ".join(sorted(map(_called, lacking))),
            )


def _bases(exchange: Exchange, waits: Sequence[Aside], ruled: Sequence[Aside]) -> dict[Aside, list[Aside]]:
    """What forks that are not taken in build on, of that is not either. Nearly always there are none."""
    forks: dict[int, dict[bytes, Aside]] = defaultdict(dict)
    for op in (*ruled, *waits):
        if op.reason == FORK:
            forks[op.clk][op.source] = op
    chains, found = Chains(exchange), {}
    for op in (*waits, *(op for op in ruled if not op.written)) if forks else ():
        is_fork = op.reason == FORK and acceptable(op)
        named = named_in(OpRow(*op[:4], 0, op.vals)) & forks.keys() if is_fork else set()
        bases = [chains.meant(op.source, forks[clk]) for clk in named]
        found[op] = [base for base in bases if base is not None and base != op and not base.written]
    return {op: bases for op, bases in found.items() if bases}


def _makes(op: Aside) -> bool:
    return op.what == What.CREATE and op.clk == op.record and acceptable(op) and op.reason not in NOT_ITS_OWN


def _called(op: Aside) -> str:
    """What a record is, and its name where that is nobody's; a change of one does not say its name."""
    kind = discover.by_number()[op.kind].kind
    told = unpack_create(op.vals) if op.what == What.CREATE else {}
    values = {spec.name: value for number, value in told.items() if (spec := kind.numbered.get(number))}
    names = [str(values[name]) for name in kind.caption if values.get(name) and _is_plain(kind.specs[name].privacy)]
    return " ".join([str(kind.title), *names])


def _is_plain(privacy: Privacy) -> bool:
    return privacy < Privacy.PERSONAL


def _named(op: Aside) -> Iterable[int]:
    """The record an op is about, and those it makes it refer to.

    Where it makes one under the clk of another it is another record that bears this number.
    """
    known = discover.by_number().get(op.kind)
    values: Iterable[tuple[int, Value]] = ()
    if known is not None and op.what == What.CREATE:
        values = unpack_create(op.vals).items()
    elif known is not None:
        values = [(edit.field, edit.value) for edit in edits_of(op.record, op.vals)]
    specs = known.kind.numbered if known is not None else {}
    about = [] if op.what == What.CREATE and op.reason in NOT_ITS_OWN else [op.record]
    return about + [
        value for field, value in values if isinstance(value, int) and field in specs and specs[field].type is Type.REF
    ]
