"""Laptops in bad hands name whom they please, in any order, and the office is set back: nobody strange comes along.

A plain rule against many short lives drawn at random: whatever two laptops of one grid say of each other's people, in
records that are there, to come, or come back, nobody of the other grid is ever theirs but by the office's word.
"""

import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.store.health.lives import take_new_life
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.scope.scope import grids_of, in_scope
from gridworker.store.store import Incoming
from gridworker.store.streams import RETURNED
from gridworker.store.tables.changes import Act
from gridworker.store.tables.layout import table_named
from gridworker.store.waiting import Waiting, Which
from gridworker.sync.judging.rulings import rule
from tests.circle import Circle, Family, delete
from tests.convergence.chances import live_the_same_lives
from tests.convergence.machine import fast_folder

HOME, WHO = 1, 2
"""Fields of a membership: the household, and whom it brings along."""
KINDS = [*(table_named(name).kind.number for name in ("household_member", "household_member", "resident")), 9999]
STEPS = {
    "move_in": 2, "name": 5, "circle_of_two": 1, "hand": 4, "pack": 1, "arrive": 1, "round": 3, "delete": 1, "copy": 1,
    "restore": 2, "retire": 1, "readmit": 1, "accept": 1,
}  # fmt: skip
"""What happens, and how often."""


class Life:
    """One short life of an office and two laptops below ``folder``."""

    def __init__(self, folder: Path, seed: int, near: Family, far: Family) -> None:
        self.circle, self.chance = Circle(folder), random.Random(seed)
        self.laptops = {number: self.circle.open(f"laptop-{number}") for number in (1, 2)}
        self.near, self.far = near, far
        self.members: list[int] = []
        self.mail: list[Path] = []
        self.copies = 0

    def live(self) -> None:
        """A score of steps. What cannot be done is not done."""
        self.copy(0)
        self.move_in(1)
        for step in self.chance.choices(list(STEPS), list(STEPS.values()), k=self.chance.randint(8, 22)):
            self.circle.clock.move(minutes=1)
            with suppress(Problem):
                getattr(self, step)(self.chance.choice((1, 2)))
            self.require_nobody_strange()
        for _ in range(3):
            for number in self.laptops:  # that one was retired may come back only now
                self.circle.office.devices.readmit(number)
                self.round(number)
        self.require_nobody_strange()
        assert not [fault for fault in self.circle.office.care_of_store.check() if fault.serious]

    def require_nobody_strange(self) -> None:
        """Neither by what the office would give next, nor on a laptop."""
        strange = {self.far.resident, self.far.household, self.far.member}
        for number, laptop in self.laptops.items():
            with self.circle.office.session.store.db.read() as connection:
                assert strange.isdisjoint(in_scope(connection, grids_of(connection, number), number))
            assert laptop.session.store.get("resident", self.far.resident) is None

    def move_in(self, number: int) -> None:
        save = self.laptops[number].records.save
        person = save("resident", {"name": "王小明", "status": "in_place"}).id
        values = {"household_id": self.near.household, "resident_id": person, "relation": "80"}
        self.members.append(save("household_member", values).id)

    def name(self, number: int) -> None:
        """Somebody, or a household, in a membership of anybody's, said to be of any kind."""
        member, field = self.chance.choice(self.members), self.chance.choice((HOME, WHO))
        self._write(self.laptops[number], member, [(field, self._whom(field), (member,))])

    def circle_of_two(self, number: int) -> None:
        """Two edits that say they replaced each other."""
        laptop, member = self.laptops[number], self.chance.choice(self.members)
        one, two = laptop.session.store.new_id(), laptop.session.store.new_id()
        self._write(laptop, member, [(WHO, self._whom(WHO), (two,)), (WHO, self.near.resident, (one,))], [one, two])

    def hand(self, number: int) -> None:
        self.circle.hand_in(self.laptops[number])

    def pack(self, number: int) -> None:
        self.mail.append(self.laptops[number].exchange.pack(self.circle.stick))

    def arrive(self, _number: int) -> None:
        if self.mail:
            self.circle.office.exchange.merge(self.mail.pop(self.chance.randrange(len(self.mail))))

    def round(self, number: int) -> None:
        self.circle.round(self.laptops[number])

    def delete(self, number: int) -> None:
        delete(self.laptops[number], "household_member", self.chance.choice(self.members))

    def copy(self, _number: int) -> None:
        self.circle.copy("office", f"copy-{self.copies}")
        self.circle.open("office")
        self.copies += 1

    def restore(self, _number: int) -> None:
        self.circle.restore("office", f"copy-{self.chance.randrange(self.copies)}")

    def retire(self, number: int) -> None:
        self.circle.office.devices.retire(number)

    def readmit(self, number: int) -> None:
        self.circle.office.devices.readmit(number)

    def accept(self, _number: int) -> None:
        """The clerk accepts a creation: what it says itself is nothing strange."""
        office = self.circle.office.session
        with office.store.cursor() as cursor:
            waiting = Waiting(cursor).of(Which())
        made = [one for one in waiting if one.what == What.CREATE and one.reason != RETURNED]
        if made:
            rule(office.store, made[:1], Act("verdict", office.who), accept=True)

    def _whom(self, field: int) -> int:
        family = self.chance.choice((self.near, self.far))
        return family.resident if field == WHO else family.household

    def _write(
        self,
        laptop: Workspace,
        member: int,
        edits: list[tuple[int, int, tuple[int, ...]]],
        clks: list[int] | None = None,
    ) -> None:
        store, who, kind = laptop.session.store, laptop.session.who, self.chance.choice(KINDS)
        rows = [
            OpRow(clk, kind, member, What.EDIT, 0, pack_edits(member, [Edit(*edit)]))
            for clk, edit in zip(clks or [store.new_id()], edits, strict=True)
        ]
        store.apply(Incoming(rows, [Author(who, store.identity.scope)], Act("edit", who)))


@pytest.fixture(scope="module")
def begun() -> Iterator[tuple[Path, Family, Family]]:
    """Two laptops of the first grid, and a family in each of two."""
    folder = fast_folder()
    circle = Circle(folder / "begun")
    grid, other = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格"))
    near, far = circle.family(grid), circle.family(other, "909", "王秘密")
    circle.round(circle.enrol("周敏", grid), circle.enrol("赵海", grid))
    circle.close()
    yield folder / "begun", near, far
    shutil.rmtree(folder)


@pytest.mark.parametrize("seed", [*range(5), 15, 70])
def test_nobody_strange_is_ever_brought_along(
    begun: tuple[Path, Family, Family], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    live_the_same_lives(monkeypatch)
    monkeypatch.setattr("tests.circle.take_new_life", lambda store: take_new_life(store, chance.choice))
    template, near, far = begun
    folder = template.with_name(f"life-{seed}")
    shutil.copytree(template, folder)
    life = Life(folder, seed, near, far)
    try:
        life.live()
    finally:
        life.circle.close()
        shutil.rmtree(folder)
