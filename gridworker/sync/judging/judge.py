"""Which ops of a laptop's bundle the office applies, and which it sets aside for a person (sync.md 4, 6).

An enrolled laptop may write about what is in its grids and nothing else. What it may not is never applied and never
lost: it counts as received and waits, op by op, with its reason.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from operator import eq
from types import MappingProxyType
from typing import NamedTuple

from msgpack import unpackb

from gridworker import discover
from gridworker.record import ALIVE, Kind, Value
from gridworker.store.log.blanking import Erased, says_nothing
from gridworker.store.log.clock import TICK, laptop_of
from gridworker.store.log.log import Standing
from gridworker.store.log.op import (
    STARTS,
    OpRow,
    What,
    names_life,
    only_office_writes,
    unpack_edits,
    values_in,
)
from gridworker.store.scope.spans import Turns, was_held
from gridworker.sync.judging.early import Early, early_among
from gridworker.sync.judging.going_back import Find, WayBack

FOREIGN_AUTHOR = "foreign_author"
"""Carries the number of another device."""
OUT_OF_SCOPE = "out_of_scope"
"""About a record, or a place, that is in none of the laptop's grids."""
NOT_FOR_LAPTOPS = "not_for_laptops"
"""About what only the office decides: grids, staff, devices, erasures, verdicts, entries that stay as written."""
WRONG_KIND = "wrong_kind"
"""Names another kind than the record was created as, or an id that is not its own."""
MALFORMED = "malformed"
"""Breaks the format of an op."""
FORK = "fork"
"""Bears the clk of another op: the laptop was copied, or set back to an old state."""
MANY_DELETIONS = "many_deletions"
"""One of more deletions than a person makes between two receipts: see guard.py."""
ON_REFUSED = "on_refused"
"""Placed by what the office refused since, or brings it along: see hanging.py."""
REVOKED = "revoked"
"""From a laptop that was stolen or lost: the state of that laptop too."""

_LIFE: Mapping[int, Value] = MappingProxyType({int(What.DELETE): 0, int(What.RESTORE): 1})
"""What the ops that say of a record's life whether it is there say of it."""


def _nothing(_kind: str, _record: int) -> Mapping[str, Value]:
    return {}


def _nowhere(_kind: int, _record: int) -> bool:
    return False


def _none(_clks: Iterable[int]) -> Mapping[int, OpRow]:
    return {}


class _Place(NamedTuple):
    """What a record is in, with the number of its kind."""

    kind: int
    record: int


@dataclass(frozen=True, slots=True)
class Office:
    """What the judgement rests on.

    ``scope``: records the laptop may hold, or did; ``kinds``: what records here are; ``left``: those that left it, and
    when they came and went; ``scopes``: by author of the ops, the scope number the laptop had taken in.
    """

    laptop: int
    scope: Collection[int]
    kinds: Mapping[int, int]
    left: Mapping[int, Turns] = field(default_factory=dict)
    scopes: Sequence[int] = ()
    revoked: bool = False
    unmade: Collection[int] = ()
    """Records whose creation is set aside: what is about them, or placed by them, waits with it."""
    stored: Callable[[str, int], Mapping[str, Value]] = _nothing
    """The values of a record by kind and id, as they stand here."""
    reaches: Callable[[int, int], bool] = _nowhere
    """Whether a record, by number of kind and id, is in the laptop's grids; asked of what no op names."""
    taken: Collection[int] = ()
    """Ops that were taken in before: nothing speaks against them but what they hang on."""
    ops: Find = _none
    """The ops with some clks that are here and count."""
    standing: Standing | None = None
    """How all the records stood, where one look told: of no account to the judgement, and spares the merge another."""
    erased: Mapping[int, Erased] = field(default_factory=dict)
    """By record: what of it was erased. Nobody need decide on what says no more than that."""
    early: Early = field(default_factory=dict)
    """Edits of records that the ops create, which came before; ``scopes`` goes on with those of their authors."""

    def holds(self, record: int, row: OpRow) -> bool:
        """Whether the laptop held a record for all it knew when it wrote an op."""
        if record not in self.scope:
            return False
        return record not in self.left or was_held(self.left[record], self.scopes[row.author])


@dataclass(frozen=True, slots=True)
class Judged:
    """Ops to apply, and (op, reason) for those set aside."""

    good: list[OpRow]
    aside: list[tuple[OpRow, str]]


def judge(rows: Sequence[OpRow], office: Office) -> Judged:
    """Sort a laptop's ops. A creation counts as in scope where what places it is, or is created in the same bundle."""
    if office.revoked:
        return Judged([], [(row, REVOKED) for row in sorted(rows)])
    if all_plain(rows, office):
        return Judged(sorted(rows), [])
    judged = Judged([], [])
    created: dict[int, int] = {}
    rows = sorted(rows)
    office = replace(office, early=early_among(rows, office.early, office.kinds))
    back, bare = WayBack(rows, office.ops), _bare(rows, office)
    for row, is_plain in zip(rows, _plain(rows, office), strict=True):
        reason = "" if is_plain or row in bare else _reason(row, office, created, back)
        if reason and row.clk not in office.taken:
            judged.aside.append((row, reason))
        else:
            judged.good.append(row)
            # one that is here may have left since; under its number a copy of the laptop may have made something else
            if row.what == What.CREATE and office.kinds.get(row.record) != row.kind:
                created[row.record] = row.kind
    unmade = {*office.unmade, *(row.record for row, _ in judged.aside if row.what == What.CREATE)}
    unmade -= office.kinds.keys() | created.keys()  # a bad op that says it creates what is here takes nothing with it
    return _with_what_hangs(judged, unmade, bare) if unmade else judged


def _bare(rows: Iterable[OpRow], office: Office) -> set[OpRow]:
    """The laptop's own edits that say nothing any more."""
    own = (row for row in rows if row.record in office.erased and laptop_of(row.clk) == office.laptop)
    return {row for row in own if says_nothing(row, office.erased[row.record])}


def _with_what_hangs(judged: Judged, unmade: set[int], bare: Collection[OpRow]) -> Judged:
    """Set aside as well what is about, or placed by, what is set aside, in whatever order it was written.

    A ledger makes doors before the building they are in: nothing of it goes in where the building does not.
    """
    good, aside = judged.good, judged.aside
    while waiting := {row for row in good if row not in bare and _hangs_on(row, unmade)} or _left_alone(good, aside):
        good = [row for row in good if row not in waiting]
        aside = [*aside, *((row, OUT_OF_SCOPE) for row in waiting)]
        unmade |= {row.record for row in waiting if row.what == What.CREATE}
    return Judged(good, sorted(aside))


def _left_alone(good: Sequence[OpRow], aside: Sequence[tuple[OpRow, str]]) -> set[OpRow]:
    """New records that only others bring along, as a membership does its person, where all that do are set aside."""
    lost = _brought(row for row, _ in aside)
    if not lost:
        return set()
    lost -= _brought(good)
    return {row for row in good if row.what == What.CREATE and row.record in lost and not _is_placed(row)}


def _brought(rows: Iterable[OpRow]) -> set[int]:
    found: set[int] = set()
    for row in rows:
        bringing = _bringing(row.kind)
        if bringing:
            found.update(value for value, _ in _places(bringing, row))
    return found


@cache
def _bringing(number: int) -> Mapping[int, int]:
    kind = _kind(number)
    return {kind.specs[name].number: 0 for name in kind.brings} if kind else {}


def _is_placed(row: OpRow) -> bool:
    kind = _kind(row.kind)
    return kind is not None and bool(kind.within)


def all_plain(rows: Sequence[OpRow], office: Office) -> bool:
    """Whether all ops are the laptop's own edits of what it holds and places nothing: asked of columns, not of rows."""
    if not rows:
        return True
    clks, kinds, records, whats, _, vals = zip(*rows, strict=True)
    return (
        set(whats) == {What.EDIT}
        and not any(map(names_life, {packed[:STARTS] for packed in vals}))
        and set(map(laptop_of, {clk % TICK for clk in clks})) == {office.laptop}
        and all(map(_is_free, set(kinds)))
        and all(map(eq, map(office.kinds.get, records), kinds))
        and all(map(office.scope.__contains__, records))
        and office.left.keys().isdisjoint(records)
    )


def _plain(rows: Sequence[OpRow], office: Office) -> list[bool]:
    """Which ops are edits by the laptop of what it holds, or made and never handed in, that place nothing.

    The short way to what ``_reason`` says of them: somebody who makes up records has two hundred thousand.
    """
    laptop, kinds, scope, left = office.laptop, office.kinds, office.scope, office.left
    free = {number for number in {row.kind for row in rows} if _is_free(number)}
    made = {row.record for row in rows if row.what == What.CREATE}
    edit = int(What.EDIT)
    return [
        what == edit
        and kind in free
        and laptop_of(clk) == laptop
        and not names_life(vals)
        and (
            (kinds[record] == kind and record in scope and record not in left)
            if record in kinds
            else (laptop_of(record) == laptop and record not in made)
        )
        for clk, kind, record, what, _, vals in rows
    ]


def _reason(row: OpRow, office: Office, created: Mapping[int, int], back: WayBack) -> str:
    if laptop_of(row.clk) != office.laptop:
        return FOREIGN_AUTHOR
    kind = _kind(row.kind)
    if only_office_writes(row.what) or (kind and kind.everywhere):
        return NOT_FOR_LAPTOPS
    if row.what == What.CREATE:
        return _creation(row, kind, office, created)
    if not _is_what_it_says(row):
        return MALFORMED
    if kind and (kind.office_only or (kind.append_only and not _takes_back_own(row))):
        return NOT_FOR_LAPTOPS
    return _edit(row, kind, office, created, back)


def _is_what_it_says(row: OpRow) -> bool:
    """Whether an op says of the record's life what its sort says, and nothing else of it.

    Who deletes by the name of an edit would go past the guard against deletions, and past what stays as written.
    """
    if row.what not in _LIFE:
        return not names_life(row.vals)
    return [(edit.field, edit.value) for edit in unpack_edits(row.record, row.vals)] == [(ALIVE, _LIFE[row.what])]


def _takes_back_own(row: OpRow) -> bool:
    """Whether an op takes back what its own laptop made, or brings that back: an undo, not a change."""
    return row.what in _LIFE and laptop_of(row.record) == laptop_of(row.clk)


def _hangs_on(row: OpRow, unmade: set[int]) -> bool:
    """Whether an op is about, or placed by, a record that was not taken in."""
    return row.record in unmade or any(place in unmade for place in places_of(row))


def places_of(row: OpRow) -> list[int]:
    """The records an op says place the one it is about, or come along with it."""
    placing = _placing_of(row.kind)
    return [place for place, _ in _places(placing, row)] if placing else []


def brought_alone(row: OpRow) -> list[int]:
    """Those that come along with it and have no place of their own."""
    bringing = _bringing_alone(row.kind)
    return [record for record, _ in _places(bringing, row)] if bringing else []


@cache
def _placing_of(number: int) -> dict[int, int]:
    kind = _kind(number)
    return _placing(kind) if kind else {}


@cache
def _bringing_alone(number: int) -> dict[int, int]:
    kind, known = _kind(number), discover.by_number()
    brings = {kind.specs[name].number for name in kind.brings} if kind else set[int]()
    return {at: ref for at, ref in _placing_of(number).items() if at in brings and not known[ref].kind.within}


def _edit(row: OpRow, kind: Kind | None, office: Office, created: Mapping[int, int], back: WayBack) -> str:
    known = created.get(row.record, office.kinds.get(row.record))
    if kind is None and known == row.kind:
        return ""  # of a newer version: kept and passed on
    if known is None:
        return "" if laptop_of(row.record) == office.laptop else OUT_OF_SCOPE
    if known != row.kind:
        return WRONG_KIND
    if row.record not in created and not office.holds(row.record, row):
        return OUT_OF_SCOPE
    return OUT_OF_SCOPE if kind and _moves_out(kind, row, office, created, back) else ""


def _moves_out(kind: Kind, row: OpRow, office: Office, created: Mapping[int, int], back: WayBack) -> bool:
    """Whether an edit hands the record to a place outside the laptop's grids, or to none: the office does that.

    Nor does it bring in what is outside them: a person into a household, a building behind a door. Who undoes a change
    of this laptop names once more what somebody of more grids had named.
    """
    placing = _placing_of(row.kind)
    edits = [edit for edit in unpack_edits(row.record, row.vals) if edit.field in placing] if placing else []
    far = [edit for edit in edits if isinstance(edit.value, int) and not _is_near(edit.value, row, office, created)]
    if not all(back.goes_back(row, edit) for edit in far):
        return True
    if row.record in created or all(edit.value is not None for edit in edits):
        return False
    after = {**office.stored(kind.name, row.record), **{kind.numbered[edit.field].name: edit.value for edit in edits}}
    place = _first_place(kind, after)
    if place is None:  # its maker's, as long as it has none
        return laptop_of(row.record) != office.laptop
    return not (_is_near(place.record, row, office, created) or office.reaches(place.kind, place.record))


def _is_near(record: int, row: OpRow, office: Office, created: Mapping[int, int]) -> bool:
    """Whether a laptop may refer to a record: it holds it, makes it just now, or it is its own and has not come yet."""
    return (
        record in created
        or office.holds(record, row)
        or (laptop_of(record) == office.laptop and record not in office.kinds)
    )


def _creation(row: OpRow, kind: Kind | None, office: Office, created: Mapping[int, int]) -> str:
    if row.clk != row.record:
        return WRONG_KIND
    if kind is None or kind.office_only:
        return ""
    far = names_far(row, row.kind, office, created)
    if not far and (early := office.early.get(row.record)):
        far = any(names_far(op, row.kind, office, created) for op in early)
    return OUT_OF_SCOPE if far else ""


def names_far(op: OpRow, kind: int, office: Office, created: Mapping[int, int] = MappingProxyType({})) -> bool:
    """Whether an op on a record of a kind that is not here yet refers to what its laptop may not refer to.

    Or it is said to be of another: what hangs on what it says was not seen then, nor would be now.
    """
    references = references_of(kind)
    for at, value in values_in(op.what, unpackb(op.vals)):
        if at in references and isinstance(value, int) and not _is_near(value, op, office, created):
            return True
    return op.kind != kind


@cache
def references_of(number: int) -> Mapping[int, int]:
    """The fields of a kind that name a record of some grid, placed by it or not, each with that kind's number."""
    kind, known = _kind(number), discover.kinds()
    if kind is None:
        return {}
    named = {spec.number: known[spec.ref].kind for spec in kind.specs.values() if spec.ref}
    kept = {at: other.number for at, other in named.items() if not (other.everywhere or other.office_only)}
    return kept | _placing(kind)


def _first_place(kind: Kind, values: Mapping[str, Value]) -> _Place | None:
    """What places a record of a kind with these values."""
    placing = _placing_of(kind.number)
    places = ((values.get(name), placing[kind.specs[name].number]) for name in kind.within)
    return next((_Place(number, place) for place, number in places if isinstance(place, int)), None)


def _places(placing: Mapping[int, int], row: OpRow) -> Iterable[tuple[int, int]]:
    """What an op says places its record, each with the number of the kind it should be."""
    values = values_in(row.what, unpackb(row.vals))
    return [(value, placing[field]) for field, value in values if field in placing and isinstance(value, int)]


def _placing(kind: Kind) -> dict[int, int]:
    """The fields that place a record of a kind, or bring one along, each with the number of the kind it refers to."""
    known = discover.kinds()
    specs = [kind.specs[name] for name in (*kind.within, *kind.brings)]
    return {spec.number: known[spec.ref].kind.number if spec.ref else 0 for spec in specs}


@cache
def _kind(number: int) -> Kind | None:
    record = discover.by_number().get(number)
    return record.kind if record else None


def _is_free(number: int) -> bool:
    """Whether an edit of a record of this kind is nobody's business but that of who holds it: it places nothing."""
    kind = _kind(number)
    return kind is not None and not (kind.everywhere or kind.office_only or kind.append_only or references_of(number))
