"""What people do to records: new ones, edits, deletions, returns, moves, undo, decisions."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from gridworker.app.workspace import Workspace
from gridworker.store.undo import Undone
from tests.circle import delete, made_visit
from tests.convergence.concern import NUMBERS, Concern
from tests.convergence.ground import OFFICE

EDITS = (
    ("resident", "phones", "1380000%04d"),
    ("resident", "note", "备注%d"),
    ("household", "remark", "说明%d"),
)
"""(kind, field, how a value is made from a number): few, so that edits meet."""


class People(Concern):
    """Rules for the work of the day."""

    @rule(who=NUMBERS, which=NUMBERS, how=NUMBERS, value=NUMBERS)
    def edit(self, who: int, which: int, how: int, value: int) -> None:
        name = self.someone(who)
        record = self.one_of(name, EDITS[how % len(EDITS)][0], which)
        if record:
            self._set(name, record, how, value)

    @rule(who=NUMBERS, other=NUMBERS, which=NUMBERS, how=NUMBERS, value=NUMBERS)
    def clash(self, who: int, other: int, which: int, how: int, value: int) -> None:
        """Two who may not know of each other set the same field."""
        name, second = self.someone(who), self.someone(other)
        kind = EDITS[how % len(EDITS)][0]
        record = self.one_of(name, kind, which)
        if record and record in self.community.editable(second, kind):
            self._set(name, record, how, value)
            self._set(second, record, how, value + 1)

    def _set(self, name: str, record: int, how: int, value: int) -> None:
        kind, field, pattern = EDITS[how % len(EDITS)]
        self.community.act(name, lambda at: at.records.save(kind, {field: pattern % value}, record))

    @rule(who=NUMBERS, which=NUMBERS)
    def visit(self, who: int, which: int) -> None:
        name = self.someone(who)
        household = self.one_of(name, "household", which)
        if household:
            self.community.act(name, lambda at: made_visit(at, household))

    @rule(who=NUMBERS, which=NUMBERS)
    def newcomer(self, who: int, which: int) -> None:
        name = self.someone(who)
        household = self.one_of(name, "household", which)
        if household:
            self.community.act(name, lambda at: _move_in(at, household))

    @rule(who=NUMBERS, which=NUMBERS, kind=st.sampled_from(("resident", "visit", "household_member")))
    def delete(self, who: int, which: int, kind: str) -> None:
        name = self.someone(who)
        record = self.one_of(name, kind, which)
        if record:
            self.community.act(name, lambda at: delete(at, kind, record))

    @rule(who=NUMBERS, which=NUMBERS)
    def bring_back(self, who: int, which: int) -> None:
        name = self.someone(who)
        gone = self.community.deleted(name)
        if gone:
            kind, record = gone[which % len(gone)]
            self.community.act(name, lambda at: at.records.bring_back(kind, record))

    @rule(who=NUMBERS)
    def undo(self, who: int) -> None:
        self.community.undo(self.someone(who))

    @rule(who=NUMBERS, side=NUMBERS)
    def decide(self, who: int, side: int) -> None:
        name = self.someone(who)
        self.community.act(name, lambda at: _decide(at, side))

    @rule(who=NUMBERS, side=NUMBERS)
    def think_better_of_it(self, who: int, side: int) -> None:
        """What was just settled is taken back: both sides wait again, as they did."""
        name = self.someone(who)
        before = _against_each_other(self.community.device(name))
        self.community.act(name, lambda at: _decide(at, side))
        if _against_each_other(self.community.device(name)) != before:
            undone: list[Undone] = []
            self.community.act(name, lambda at: undone.append(at.records.undo()))
            assert undone
            after = _against_each_other(self.community.device(name))
            assert undone[0].kept or _values(after) == _values(before)
            # What several gave alike is one side by now, and is told of one of them.
            assert undone[0].kept or all(sides <= before[place] for place, sides in after.items())

    @rule(which=NUMBERS, to=NUMBERS)
    def move(self, which: int, to: int) -> None:
        """The office moves a household to a door in any grid, whatever laptops have not handed in of it."""
        household, dwelling = self.one_of(OFFICE, "household", which), self.one_of(OFFICE, "dwelling", to)
        if household and dwelling:
            self.community.act(OFFICE, lambda at: at.records.save("household", {"dwelling_id": dwelling}, household))

    @rule(who=NUMBERS, which=NUMBERS, to=NUMBERS)
    def move_from_under(self, who: int, which: int, to: int) -> None:
        """A laptop learns that a household went elsewhere before it has handed in its work on it."""
        name = self.some_laptop(who)
        household, dwelling = self.one_of(name, "household", which), self.one_of(OFFICE, "dwelling", to)
        if household and dwelling and household in self.community.editable(OFFICE, "household"):
            self.community.act(name, lambda at: at.records.save("household", {"remark": "搬走前"}, household))
            self.community.act(OFFICE, lambda at: at.records.save("household", {"dwelling_id": dwelling}, household))
            self.community.deliver(self.community.pack(OFFICE, self.community.number(name)), name)


def _move_in(device: Workspace, household: int) -> None:
    resident = device.records.save("resident", {"name": "王小明", "status": "in_place"}).id
    values = {"household_id": household, "resident_id": resident, "relation": "80"}
    device.records.save("household_member", values)


def _decide(device: Workspace, side: int) -> None:
    """Settle the first conflict that waits for a person, for one side."""
    for conflict in device.merge.conflicts():
        if not conflict.waiting:
            decisions = {one.name: one.sides[side % len(one.sides)].value for one in conflict.fields}
            device.merge.resolve(conflict.kind, conflict.record, decisions)
            return


def _against_each_other(device: Workspace) -> dict[tuple[int, str], set[tuple[object, str]]]:
    """By record and field of every conflict at a device: the values, with who gave them."""
    return {
        (conflict.record, field.name): {(side.value, side.who) for side in field.sides}
        for conflict in device.merge.conflicts()
        for field in conflict.fields
    }


def _values(sides: dict[tuple[int, str], set[tuple[object, str]]]) -> dict[tuple[int, str], set[object]]:
    return {place: {value for value, _ in found} for place, found in sides.items()}
