"""The search for people who are on the books twice, against the plain rule: every two are compared."""

import os
import random
from collections.abc import Callable
from itertools import combinations, pairwise

import pytest

from gridworker.app.inbox import twin_search
from gridworker.app.inbox.duplicate_views import twins, twins_of
from gridworker.app.inbox.twin_search import TwinSearch
from gridworker.app.workspace import Workspace
from gridworker.domain.identity import last_four
from gridworker.record import Value
from gridworker.store.search import alike
from gridworker.store.tables.changes import Change
from tests.circle import Circle

ROUNDS = int(os.environ.get("GRIDWORKER_TWINS", "3"))
NAMES = (
    "陈桂芳",
    "陈贵芳",
    "曾强",
    "单红",
    "单洪",
    "善红",
    "李红",
    "李宏",
    "重阳",
    "仲阳",
    "Anna",
    "阿依古丽·买买提",
    "李",
    None,
)
NUMBERS = ("11010519491231002X", "110105491231002", "440524188001010014")

Both = tuple[int, int]


class Crowd:
    """People who share what people share, written and changed at random."""

    def __init__(self, office: Workspace, chance: random.Random) -> None:
        self.office, self.chance = office, chance
        grid = office.devices.add_grid("第一网格")
        self.building = office.records.save("building", {"grid_id": grid, "building_name": "3"}).id

    def of(self, kind: str) -> list[int]:
        return [one.id for one in self.office.records.page(kind, limit=1000)]

    def write(self, changes: list[Change]) -> None:
        self.office.session.write(changes, "edit")

    def come(self, count: int) -> None:
        """New people, most of them in a household, some in one that is here."""
        new, changes = self.office.session.store.new_id, list[Change]()
        homes = self.of("household")
        for _ in range(count):
            person = new()
            changes.append(Change("resident", person, self._values(), create=True))
            if self.chance.randrange(4):
                home = self.chance.choice(homes) if homes and self.chance.randrange(2) else self._home(changes)
                homes.append(home)
                member = {"household_id": home, "resident_id": person}
                changes.append(Change("household_member", new(), member, create=True))
        self.write(changes)

    def _home(self, changes: list[Change]) -> int:
        new = self.office.session.store.new_id
        door, home = new(), new()
        room = self.chance.choice(("101", "102", None))
        place: dict[str, Value] = {"building_id": self.building, "unit_no": "1", "room_no": room}
        changes.append(Change("dwelling", door, place, create=True))
        changes.append(Change("household", home, {"dwelling_id": self.chance.choice((door, None))}, create=True))
        return home

    def _values(self) -> dict[str, Value]:
        pick = self.chance.choice
        born = pick((None, "1948-02-01", "1948-01-02", "1973-02-03"))
        number = pick((None, None, None, *NUMBERS))
        end = last_four(number) if number else pick((None, None, "002X"))
        return {
            "name": pick(NAMES), "birth_date": born, "birth_year": int(born[:4]) if born else pick((None, 1948)),
            "phones": pick((None, None, "13900000867", "13900000868", "13900000867 13900000868")),
            "id_number": number, "id_last4": end, "id_hash": pick((None, "a", "b")) if not number and end else None,
        }  # fmt: skip

    def change(self) -> None:
        """Something that makes people alike, or unlike."""
        deed = self.chance.choice((self._edit, self._move, self._leave, self._go, self._rename_door))
        deed()

    def _edit(self) -> None:
        self.write([Change("resident", self.chance.choice(self.of("resident")), self._values())])

    def _move(self) -> None:
        member, person = self.chance.choice(self.of("household_member")), self.chance.choice(self.of("resident"))
        self.write([Change("household_member", member, {"resident_id": person})])

    def _leave(self) -> None:
        self.write([Change("household_member", self.chance.choice(self.of("household_member")), alive=False)])

    def _go(self) -> None:
        self.write([Change("resident", self.chance.choice(self.of("resident")), alive=False)])

    def _rename_door(self) -> None:
        door, room = self.chance.choice(self.of("dwelling")), self.chance.choice(("101", "102", "103"))
        self.write([Change("dwelling", door, {"room_no": room})])


def plainly(at: Workspace, wanted: list[int]) -> dict[Both, object]:
    with at.session.store.db.read() as connection:
        rows = {row.resident: row for lot in alike.everybody(connection, 7) for row in lot}
    pairs = (both for both in combinations(sorted(rows), 2) if not set(wanted).isdisjoint(both))
    found = {(low, high): twins_of(rows[low], rows[high]) for low, high in pairs}
    return {both: one for both, one in found.items() if one is not None}


def searched(
    search: TwinSearch, at: Workspace, wanted: list[int], **more: Callable[[float], object]
) -> dict[Both, object]:
    changed = search.changed()
    with at.session.store.db.read() as connection:
        found = search.find(connection, wanted, changed, **more)
    return {one.both: one for pairs in found.values() for one in pairs}


@pytest.fixture
def crowd(circle: Circle) -> Crowd:
    return Crowd(circle.office, random.Random(1))


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize(("few", "walk"), [(0, 1), (1000, 1), (1000, 0), (3, 5)])
def test_it_finds_what_the_plain_rule_does_and_keeps_it_right(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, seed: int, few: int, walk: int
) -> None:
    """By a walk and by the index, looked at anew and one by one."""
    for name, value in (("FEW", few), ("WALK", walk), ("_LOT", 5), ("CROWD", 1000)):
        monkeypatch.setattr(twin_search, name, value)
    crowd = Crowd(circle.office, random.Random(seed))
    search = TwinSearch()
    circle.office.session.subscribe(search.hear)
    wanted = list[int]()
    for _ in range(6):
        before = crowd.of("resident")
        crowd.come(crowd.chance.randint(1, 25))
        if crowd.chance.randrange(2):
            wanted += [one for one in crowd.of("resident") if one not in before]
        for _ in range(crowd.chance.randrange(6)):
            crowd.change()
        here = [one for one in wanted if one in crowd.of("resident")]
        assert searched(search, circle.office, here) == plainly(circle.office, here)


def test_one_by_one_the_index_finds_the_same(circle: Circle, crowd: Crowd) -> None:
    crowd.come(60)
    wanted = crowd.of("resident")
    with circle.office.session.store.db.read() as connection:
        by_index = {one.both for resident in wanted for one in twins(connection, resident)}
        by_walk = {one.both for one in twin_search.among_all(connection, wanted, lambda _share: None)}
    assert by_index == by_walk
    assert len(by_walk) > 20


def test_the_search_says_how_far_it_is_and_one_that_was_stopped_keeps_nothing(circle: Circle, crowd: Crowd) -> None:
    crowd.come(40)
    wanted, search, shares = crowd.of("resident"), TwinSearch(), list[float]()
    circle.office.session.subscribe(search.hear)
    whole = searched(search, circle.office, wanted, report=shares.append)
    assert whole == plainly(circle.office, wanted)
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1

    for stop_at in range(len(shares)):
        other, told = TwinSearch(), list[float]()

        def report(share: float, stop_at: int = stop_at, told: list[float] = told) -> None:
            told.append(share)
            if len(told) > stop_at:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            searched(other, circle.office, wanted, report=report)
        assert searched(other, circle.office, wanted) == whole


def test_of_a_crowd_that_shares_one_thing_each_is_asked_about_with_the_next(circle: Circle, crowd: Crowd) -> None:
    count = twin_search.CROWD + 5
    new = circle.office.session.store.new_id
    crowd.write(
        [Change("resident", new(), {"name": "李红", "phones": "13900000867"}, create=True) for _ in range(count)]
    )
    people = crowd.of("resident")
    assert sorted(searched(TwinSearch(), circle.office, people)) == list(pairwise(people))
