"""Random histories of several devices, as sets of ops: what people and their computers can do to the same records.

Devices know only a part of what the others wrote, with gaps; clocks are wrong by years and jump; some ops are what no
honest device would write. A history is a list of plain tuples, so that hypothesis can make a failing one small.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from hypothesis import strategies as st

from gridworker.record import ALIVE, Value
from gridworker.store.log.clock import Clock, device
from gridworker.store.log.heads import Arrivals, Awaited, Merger, Packed, heads_of
from gridworker.store.log.op import Edit, OpRow, What, pack_create, pack_edits, unpack_all
from tests.builders import MORNING, Wall
from tests.oracle import World, world

RESIDENT, HOUSEHOLD, UNKNOWN_KIND = 6, 5, 999
FIELDS = (1, 2, 4, 99)
"""Of a resident: name (text), sex (code), year of birth (number), and one of a newer version."""
VALUES: tuple[Value, ...] = ("甲", "乙", "男", "1", "2", 1950, 1951, None)
"""Some of them understood in each field, some not."""
YEAR = 365 * 24 * 3600 * 1000
ACTIONS = (
    "create",
    "edit",
    "edit",
    "edit",
    "resolve",
    "delete",
    "restore",
    "learn",
    "learn",
    "jump",
    "misfit",
    "circle",
)

ERASING = (*ACTIONS, "erase", "erase", "reenter")

Step = tuple[str, int, int, int]


def steps_of(actions: Sequence[str]) -> st.SearchStrategy[list[Step]]:
    """Lists of steps of some sorts."""
    return st.lists(
        st.tuples(st.sampled_from(actions), st.integers(0, 3), st.integers(0, 255), st.integers(0, 255)),
        min_size=10,  # hypothesis makes lists of twice the least length
        max_size=60,
    )


STEPS = steps_of(ACTIONS)
RULED_STEPS = steps_of((*ACTIONS, "verdict", "verdict"))
"""With verdicts of the office among them: a store takes them in, the merge rule by itself knows nothing of them."""


STEPS_ERASING = st.lists(
    st.tuples(st.sampled_from(ERASING), st.integers(0, 3), st.integers(0, 255), st.integers(0, 255)),
    min_size=10,
    max_size=60,
)


@dataclass
class Device:
    """One computer: its clock and what it knows."""

    wall: Wall
    clock: Clock
    known: dict[int, OpRow] = field(default_factory=dict)


class History:
    """Plays steps and keeps every op that was written."""

    def __init__(self, devices: int = 4) -> None:
        walls = [Wall(MORNING, step=1) for _ in range(devices)]
        self.devices = [Device(wall, Clock(device(number, 0), wall=wall)) for number, wall in enumerate(walls)]
        self.ops: list[OpRow] = []

    def play(self, steps: Iterable[Step]) -> "History":
        """Do all the steps."""
        for action, number, one, two in steps:
            getattr(self, f"_{action}")(self.devices[number % len(self.devices)], one, two)
        return self

    def _create(self, one: Device, how: int, pick: int) -> None:
        """A record; at most three, or their edits would seldom meet."""
        if sum(row.what == What.CREATE for row in self.ops) >= 3:
            return self._edit(one, how, pick)
        clk = one.clock.next()
        values = {number: VALUES[(how >> at * 2) % len(VALUES)] for at, number in enumerate(FIELDS) if pick >> at & 1}
        kind = UNKNOWN_KIND if how % 7 == 6 else RESIDENT
        self._write(one, clk, kind, clk, What.CREATE, pack_create(values))
        return None

    def _edit(self, one: Device, which: int, pick: int) -> None:
        self._change(one, which, pick, What.EDIT)

    def _resolve(self, one: Device, which: int, pick: int) -> None:
        self._change(one, which, pick, What.RESOLVE)

    def _change(self, one: Device, which: int, pick: int, what: What) -> None:
        found = world(one.known.values())
        if not found.rows:
            return
        record = sorted(found.rows)[which % len(found.rows)]
        fields = [number for at, number in enumerate(FIELDS) if pick >> at & 1] or [1]
        values = [None if what == What.ERASE else VALUES[(pick + number) % len(VALUES)] for number in fields]
        edits = [
            Edit(number, value, heads(found, record, number)) for number, value in zip(fields, values, strict=True)
        ]
        self._write(one, one.clock.next(), one.known[record].kind, record, what, pack_edits(record, edits))

    def _erase(self, _: Device, which: int, pick: int) -> None:
        """Only the office erases; it may not have heard of all."""
        self._change(self.devices[0], which, pick, What.ERASE)

    def _reenter(self, one: Device, which: int, pick: int) -> None:
        """What a device does that has seen an erasure: it writes a new value where there is none any more."""
        found = world(one.known.values())
        places = sorted(place for place in found.erased if place[0] in found.rows)
        if places:
            record, number = places[which % len(places)]
            edit = Edit(number, VALUES[pick % len(VALUES)], heads(found, record, number))
            vals = pack_edits(record, [edit])
            self._write(one, one.clock.next(), one.known[record].kind, record, What.EDIT, vals)

    def _delete(self, one: Device, which: int, _: int) -> None:
        found = world(one.known.values())
        if found.rows:
            record = sorted(found.rows)[which % len(found.rows)]
            self._existence(one, found, record, alive=False)

    def _restore(self, one: Device, which: int, _: int) -> None:
        found = world(one.known.values())
        dead = sorted({record for record, _ in found.heads if record in one.known} - found.rows.keys())
        if dead:
            self._existence(one, found, dead[which % len(dead)], alive=True)

    def _existence(self, one: Device, found: World, record: int, *, alive: bool) -> None:
        edit = Edit(ALIVE, int(alive), heads(found, record, ALIVE))
        others = (clks for (owner, number), clks in found.heads.items() if owner == record and number != ALIVE)
        seen = None if alive else set().union(*others) - {record}
        what = What.RESTORE if alive else What.DELETE
        kind = one.known[record].kind if record in one.known else RESIDENT
        self._write(one, one.clock.next(), kind, record, what, pack_edits(record, [edit], seen))

    def _learn(self, one: Device, how: int, pick: int) -> None:
        """Take in what others wrote: all of it, or any part with gaps."""
        chance = Random(pick)
        for row in self.ops:
            if how % 3 == 0 or chance.random() < 0.5:
                one.known[row.clk] = row
                one.clock.absorb(row.clk)

    def _jump(self, one: Device, how: int, _: int) -> None:
        one.wall.now = MORNING + (how % 7 - 3) * YEAR

    def _misfit(self, one: Device, how: int, pick: int) -> None:
        """An op that no honest device writes: names anything, on anything, as any kind."""
        chance = Random(how * 256 + pick)
        clks = [row.clk for row in self.ops] or [one.clock.next()]
        record = chance.choice([*clks, one.clock.next()])
        own = one.clock.next()
        numbers = sorted(chance.sample([ALIVE, *FIELDS], chance.randint(1, 3)))
        edits = [
            Edit(
                number,
                chance.choice((0, 1, *VALUES)),
                tuple(set(chance.choices([*clks, own, 7], k=chance.randint(0, 3)))),
            )
            for number in numbers
        ]
        what = chance.choice((What.EDIT, What.DELETE, What.RESOLVE))
        seen = chance.choices([*clks, 8], k=2) if what == What.DELETE else None
        self._write(one, own, chance.choice((RESIDENT, HOUSEHOLD)), record, what, pack_edits(record, edits, seen))

    def _verdict(self, _: Device, how: int, pick: int) -> None:
        """The office judges an op, here or not, or again; at times somebody else tries to, or the record is wrong."""
        if not self.ops:
            return
        chance = Random(how * 256 + pick)
        one = self.devices[0 if pick % 8 else 1]
        judged = chance.choice(self.ops)
        record = judged.record if how % 8 else chance.choice(self.ops).record
        on = chance.choice((judged.clk,) * 6 + (one.clock.next(),))
        earlier = [row.clk for row in one.known.values() if row.what == What.VERDICT]
        known = [clk for clk in earlier if chance.random() < 0.7]
        edits = [Edit(0, chance.choice((0, 0, 1, 2, 2, 3)), (on,)), Edit(1, None, tuple(known))]
        own = one.clock.next()
        self._write(one, own, judged.kind, record, What.VERDICT, pack_edits(record, edits))

    def _circle(self, one: Device, how: int, pick: int) -> None:
        """Two ops that each say they replaced the other."""
        found = world(one.known.values())
        if not found.rows:
            return
        record = sorted(found.rows)[how % len(found.rows)]
        number = FIELDS[pick % len(FIELDS)]
        first, second = one.clock.next(), one.clock.next()
        old = heads(found, record, number)
        for own, other, others in ((first, second, pick & 16), (second, first, pick & 32)):
            edit = Edit(number, VALUES[how % len(VALUES)], (*old, other) if others else (other,))
            self._write(one, own, RESIDENT, record, What.EDIT, pack_edits(record, [edit]))

    def _write(self, one: Device, clk: int, kind: int, record: int, what: What, vals: bytes) -> None:
        row = OpRow(clk, kind, record, int(what), 0, vals)
        self.ops.append(row)
        one.known[clk] = row


def heads(found: World, record: int, number: int) -> tuple[int, ...]:
    """What an edit of a field names: its heads as a device sees them, and the erasures of it that it knows."""
    return tuple(sorted({*found.heads.get((record, number), {record}), *found.erased.get((record, number), ())}))


@st.composite
def deliveries(draw: st.DrawFn, ops: Sequence[OpRow]) -> list[list[OpRow]]:
    """All the ops in any order, cut into batches anywhere, some of them twice."""
    order = draw(st.permutations(ops))
    doubles = draw(st.lists(st.sampled_from(ops), max_size=5)) if ops else []
    whole = [*order, *doubles]
    cuts = sorted(draw(st.sets(st.integers(0, len(whole)), max_size=8)))
    return [whole[low:high] for low, high in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


class Kernel:
    """The merge rule without a store: what a transaction does around ``Merger``, on sets and dicts."""

    def __init__(self, merger: type[Merger] = Merger) -> None:
        self.heads: dict[int, Packed] = {}
        self.awaited: Awaited = {}
        self.log: dict[int, OpRow] = {}
        self._merger = merger

    def take(self, batch: Iterable[OpRow]) -> Merger:
        """Merge a batch."""
        fresh = sorted({row.clk: row for row in batch if row.clk not in self.log}.values())
        created = {row.record for row in fresh if row.what == What.CREATE}
        flats = unpack_all([row.vals for row in fresh])
        edits = [(row.clk, row.record, flat) for row, flat in zip(fresh, flats, strict=True) if row.what != What.CREATE]
        for _, record, _ in edits:
            if record in created or (record in self.log and self.log[record].what == What.CREATE):
                self.heads.setdefault(record, {})
        merger = self._merger(self.heads, self.awaited, lambda clks: clks & self.log.keys())
        merger.take(Arrivals([row.clk for row in fresh], created, edits))
        self.log.update((row.clk, row) for row in fresh)
        return merger

    def require(self, expected: World) -> None:
        """Compare with the oracle."""
        for (record, number), clks in expected.heads.items():
            assert heads_of(self.heads.get(record, {}), record, number) == sorted(clks)
        waiting = {(clk, record, number) for clk, places in self.awaited.items() for record, number in places}
        assert waiting == expected.awaited
