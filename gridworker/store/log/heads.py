"""The merge rule (sync.md 3), on plain values: no SQL, no kinds.

State is a grow-only set of ops. A field's *heads* are the ops that no other op on that field of that record names in
its ``over``. They are a function of the set, so any order, any repetition and any batching ends the same. Here that
function is computed step by step, a batch at a time: ``heads := heads + new - over``, where ``new`` leaves out what an
op that came before has named already; what an op names and is not here is *awaited*.

Heads of a record are packed as ``{field: clk | [clks]}``; a field that is not in it has the creating op as its head,
so a record that was never edited needs no entry at all.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from gridworker.record import ALIVE, Value
from gridworker.store.log.blanking import Erased, is_blind
from gridworker.store.log.op import Flat, Over, overs, seen_in

MISSING = -1
"""Key in packed heads: the creating op has not come yet, so it is nobody's head."""

SEEN = -1
"""In place of a field of an awaited op: a deletion saw it, or it creates a record that has edits. It names nothing."""

STRIDE = 3
"""Places in the vals of an edit that a field takes."""

_ONE = (0,)

Packed: TypeAlias = dict[int, int | list[int]]

Awaited: TypeAlias = dict[int, set[tuple[int, int]]]
"""By the clk of an op that is not here: the (record, field) for which an op that is here names it."""


def heads_of(packed: Packed, record: int, field: int) -> list[int]:
    """The clks of a field's heads, lowest first."""
    head = packed.get(field)
    if head is None:
        return [] if MISSING in packed else [record]
    return [head] if isinstance(head, int) else head


class Arrivals(NamedTuple):
    """A batch of ops that were not here before. ``edits`` are (clk, record, decoded vals), ascending."""

    clks: Collection[int]
    created: Collection[int]
    edits: Iterable[tuple[int, int, Flat]]


class Late(NamedTuple):
    """An edit of one field that does more than replace the one head there was."""

    clk: int
    value: Value
    over: Over


class Merger:
    """Takes in batches of ops and keeps heads, what is awaited, and what has to be shown anew.

    ``heads`` holds the packed heads of all records that are edited, or that are created while their clk is awaited;
    ``logged`` tells which of some clks were in the log before the batch.
    """

    def __init__(
        self, heads: dict[int, Packed], awaited: Awaited, logged: Callable[[set[int]], Collection[int]]
    ) -> None:
        self.heads = heads
        self.awaited = awaited
        self.came: set[int] = set()
        """Clks that are awaited no longer."""
        self.new_awaited: list[tuple[int, int, int]] = []
        """(clk, record, field), each once."""
        self.values: dict[int, dict[int, Value]] = {}
        """By record that was edited: fields whose one head is now an op of this batch, with its value."""
        self.contested: dict[int, set[int]] = defaultdict(set)
        """By record: fields to be read from their heads, however many they are."""
        self.told: dict[tuple[int, int], Value] = {}
        """Values by (clk, field) of heads of contested fields, where this batch brought them."""
        self.reread: set[int] = set()
        """Records to be read from their heads altogether: deleted, restored, or created after their edits."""
        self.absent: set[int] = set()
        """Records that were edited and whose creating op is not here."""
        self._logged = logged

    def take(self, batch: Arrivals) -> None:
        """Merge a batch."""
        named = {clk: self.awaited.pop(clk) for clk in self.awaited.keys() & set(batch.clks)} if self.awaited else {}
        self.came.update(named)
        self.reread.update(record for places in named.values() for record, _ in places)
        for record in named:
            if record in batch.created and record in self.heads:
                self._create_late(record, {field for owner, field in named[record] if owner == record})
        named_since: Awaited = {}
        edits = self._take_lone(list(batch.edits), named, named_since)
        late = self._take_plain(edits, named, named_since)
        for (record, field), changes in late.items():
            for clk in self._settle(record, field, changes, named):
                named_since.setdefault(clk, set()).add((record, field))
        self._await(named_since, batch.clks)

    def _create_late(self, record: int, named: Collection[int]) -> None:
        """The creation of a record that has edits: a head of every field where no edit names it."""
        packed = self.heads[record]
        packed.pop(MISSING, None)
        for field in list(packed):
            if field not in named:
                _set(packed, record, field, [*heads_of(packed, record, field), record])

    def _take_lone(
        self, edits: list[tuple[int, int, Flat]], named: Awaited, seen: Awaited
    ) -> list[tuple[int, int, Flat]]:
        """Take what is the first edit of a record that is not here, and of one field. Returns the others.

        Nothing else in the batch has to do with it. Nearly always there is none; a laptop that makes up records has a
        hundred thousand.
        """
        heads, others = self.heads, []
        records = list(map(itemgetter(1), edits))
        if heads.keys() >= set(records):
            return edits
        times = Counter(records)
        for edit in edits:
            clk, record, flat = edit
            if len(flat) != STRIDE or times[record] > 1 or record in heads or clk in named:
                others.append(edit)
                continue
            field, _, over = flat
            heads[record] = {MISSING: 1, field: clk}
            self.contested[record] = {field}
            self.absent.add(record)
            if field == ALIVE:
                self.reread.add(record)
            if over == 0 and record not in seen:  # it replaces what its record was created with
                seen[record] = {(record, SEEN), (record, field)}
                continue
            seen.setdefault(record, set()).add((record, SEEN))
            for one in overs(record, over):
                if one != clk:
                    seen.setdefault(one, set()).add((record, field))
        return others

    def _take_plain(
        self, edits: Iterable[tuple[int, int, Flat]], named: Awaited, seen: Awaited
    ) -> dict[tuple[int, int], list[Late]]:
        """Take the edits that replace the one head there is: nearly all. Returns the others by (record, field)."""
        late: dict[tuple[int, int], list[Late]] = defaultdict(list)
        heads = self.heads
        values = self.values = {record: {} for record in heads}
        for clk, record, flat in edits:
            packed = heads.get(record)
            if packed is None:
                packed, values[record] = heads.setdefault(record, {MISSING: 1}), {}
            changed = values[record]
            plain = MISSING not in packed and clk not in named
            for at in _ONE if len(flat) == STRIDE else range(0, len(flat) - 2, STRIDE):
                field, over = flat[at], flat[at + 2]
                if plain and packed.get(field, 0) == over:  # 0 in both: the creating op; a list of heads equals none
                    packed[field] = clk
                    changed[field] = flat[at + 1]
                else:
                    late[record, field].append(Late(clk, flat[at + 1], overs(record, over)))
            if not plain or ALIVE in packed or flat[:1] == (ALIVE,):
                self._note(record, flat, seen)
        return late

    def _note(self, record: int, flat: Flat, seen: Awaited) -> None:
        """Keep that a record is to be read in another way, and as ``seen`` what an op on it names, not replaces."""
        packed = self.heads[record]
        if MISSING in packed:
            self.absent.add(record)
            seen.setdefault(record, set()).add((record, SEEN))
        if ALIVE in packed or flat[:1] == (ALIVE,):
            self.reread.add(record)
            for clk in seen_in(flat):
                seen.setdefault(clk, set()).add((record, SEEN))

    def _settle(self, record: int, field: int, edits: list[Late], arrived: Awaited) -> set[int]:
        """Heads of a field after edits whose authors did not know of a head, or knew of an op that is not here.

        Returns what they name and may not be here.
        """
        packed = self.heads[record]
        heads = heads_of(packed, record, field)
        values = self.values[record]
        if field in values:
            self.told[heads[0], field] = values.pop(field)
        named = {clk for edit in edits for clk in edit.over if clk != edit.clk}
        left = [clk for clk in heads if clk not in named]
        for edit in edits:
            self.told[edit.clk, field] = edit.value
            if edit.clk not in named and (record, field) not in arrived.get(edit.clk, ()):
                left.append(edit.clk)
        _set(packed, record, field, left)
        self.contested[record].add(field)
        unknown = named.difference(heads)
        if MISSING not in packed:
            unknown.discard(record)  # it is here, only no head any more: needs no look at the log
        return unknown

    def _await(self, named: Awaited, arriving: Collection[int]) -> None:
        """Keep what was named and is not here. ``named`` is used up."""
        if not named:
            return
        missing = set(named).difference(arriving)
        missing.difference_update(self._logged(missing))
        for clk, places in named.items():
            if clk not in missing:
                continue
            known = self.awaited.setdefault(clk, places)
            new = places
            if known is not places:
                new = places - known
                known |= new
            self.new_awaited += [(clk, record, field) for record, field in new]


def _set(packed: Packed, record: int, field: int, clks: list[int]) -> None:
    clks.sort()
    if clks == [record] and MISSING not in packed:
        packed.pop(field, None)
    else:
        packed[field] = clks[0] if len(clks) == 1 else clks


def heads_by_definition(
    record: int, created: bool, edits: Iterable[tuple[int, Flat]], erased: Erased = MappingProxyType({})
) -> Packed:
    """Packed heads of a record from all ops on it, (clk, decoded vals): what the merger must have arrived at.

    An erasure takes the place of all that did not name it.
    """
    here: dict[int, set[int]] = defaultdict(set)
    named: dict[int, set[int]] = defaultdict(set)
    seeing: dict[int, set[int]] = defaultdict(set)
    for clk, flat in edits:
        for at in range(0, len(flat) - 2, 3):
            here[flat[at]].add(clk)
            over = overs(record, flat[at + 2])
            named[flat[at]].update(one for one in over if one != clk)
            if flat[at] in erased and not is_blind(erased[flat[at]], over):
                seeing[flat[at]].add(clk)
    packed: Packed = {} if created else {MISSING: 1}
    for field in here.keys() - erased.keys():
        _set(packed, record, field, list((here[field] | {record} if created else here[field]) - named[field]))
    for field, erasures in erased.items():
        left = here[field] & (seeing[field] | set(erasures)) - named[field]
        packed[field] = min(left) if len(left) == 1 else sorted(left)
    return packed
