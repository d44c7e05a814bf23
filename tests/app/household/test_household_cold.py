"""A list of households of which nothing was read before, or only some of it: the same rows in the same order."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest

from gridworker.app.household import beginning as household_beginning
from gridworker.app.household import filter as household_filter
from gridworker.app.household import filtered_order
from gridworker.app.household import first as household_first
from gridworker.app.household.filter import ANY_CARE, DAYS, HouseholdFilter, parts, unvisited_since
from gridworker.app.household.households import Households
from gridworker.app.household.order import DOOR, ordered, orders
from gridworker.app.workspace import Workspace
from gridworker.domain.resident import LOOKED_AT_SINCE
from gridworker.record import Value
from gridworker.store.queries import gathered, household_filters
from gridworker.store.tables.changes import Change
from tests.village import HandClock, Village

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

BELONG = "m.household_id = h.id AND (m.valid_to IS NULL OR m.valid_to > :today)"
MEMBER = f"EXISTS (SELECT 1 FROM household_member m JOIN resident r ON r.id = m.resident_id WHERE {BELONG}"
HEADS = (
    "(SELECT count(DISTINCT m.resident_id) FROM household_member m "
    f"WHERE {BELONG} AND (m.relation = '02' OR m.resident_id = h.head_id))"
)
BORN = (
    "CASE length(r.id_number) WHEN 18 THEN substr(r.id_number, 7, 8) WHEN 15 THEN '19' || substr(r.id_number, 7, 6) END"
)
SEX = (
    "2 - CASE length(r.id_number) WHEN 18 THEN substr(r.id_number, 17, 1) WHEN 15 THEN substr(r.id_number, 15) END % 2"
)
NOBODY = f"NOT EXISTS (SELECT 1 FROM household_member m WHERE {BELONG})"
GIVEN = (
    "c.given_on <= :today AND (c.expires_on IS NULL OR c.expires_on >= :today) "
    "AND (c.withdrawn_on IS NULL OR c.withdrawn_on > :today)"
)
PLACE = "dwelling d JOIN building b ON b.id = d.building_id JOIN grid g ON g.id = coalesce(d.grid_id, b.grid_id)"
CARE = "c.start_on <= :today AND (c.end_on IS NULL OR c.end_on >= :today)"
ONE_BY_ONE = {
    "people": NOBODY,
    "emptied": f"{NOBODY} AND EXISTS (SELECT 1 FROM household_member m WHERE m.household_id = h.id)",
    "head": f"NOT {NOBODY} AND NOT {HEADS}",
    "one_head": f"{HEADS} > 1",
    "phone": f"h.contact_phone IS NULL AND NOT {MEMBER} AND r.phones IS NOT NULL)",
    "identity": f"{MEMBER} AND (r.birth_date > :today OR {BORN} > replace(:today, '-', '') "
                f"OR replace(r.birth_date, '-', '') <> {BORN} "
                f"OR (r.id_number IS NOT NULL AND r.sex IN ('1', '2') AND r.sex <> {SEX})))",
    "birth": f"{MEMBER} AND r.birth_date IS NULL AND r.birth_year IS NULL AND r.id_number IS NULL)",
    "consent": f"NOT EXISTS (SELECT 1 FROM consent c WHERE {GIVEN} AND (c.household_id = h.id OR c.resident_id IN "
               "(SELECT m.resident_id FROM household_member m WHERE m.household_id = h.id)))",
    "door": f"NOT EXISTS (SELECT 1 FROM {PLACE} WHERE d.id = h.dwelling_id)",
    "number": f"(SELECT count(*) FROM {PLACE} JOIN household o ON o.dwelling_id = d.id WHERE o.household_no = "
              f"h.household_no) > 1 AND EXISTS (SELECT 1 FROM {PLACE} WHERE d.id = h.dwelling_id)",
}  # fmt: skip
"""What is asked of each household by itself: slow, and easy to see through."""

NAMES = ("陈桂芳", "陈国富", "程亮", "曾乐", "单芳", "阿依古丽", "John", "李", "欧阳春华", "左志")
NUMBERS = ("420111194802010028", "420111194802010010", "420111480201002", "42011120270201002X", "430")
TODAY = date(2026, 3, 18)


class Community:
    """Households of every sort, by chance."""

    def __init__(self, village: Village, seed: int) -> None:
        self._village, self._chance = village, Random(seed)
        self._changes: list[Change] = []
        buildings = [village.building(str(number)) for number in (12, 2, 1, 7)]
        for number in range(36):
            self._household(number, buildings)
        village.session.write(self._changes, "create")

    def _add(self, kind: str, **values: Value) -> int:
        record = self._village.session.new_id()
        self._changes.append(Change(kind, record, values, create=True))
        return record

    def _one(self, *several: Value) -> Value:
        return self._chance.choice(several)

    def _day(self, around: date = TODAY, within: int = 200) -> str:
        return (around + timedelta(days=self._chance.randint(-within, within // 8))).isoformat()

    def _household(self, number: int, buildings: list[int]) -> None:
        door = None
        if self._chance.random() < 0.9:
            room = str(100 * self._chance.randint(1, 5) + number)
            door = self._add(
                "dwelling", building_id=self._one(None, *buildings), unit_no=self._one("1", "2"), room_no=room
            )
        home, people = self._village.session.new_id(), [self._person() for _ in range(self._chance.randint(0, 4))]
        self._changes.append(Change("household", home, {
            "dwelling_id": door, "household_no": self._one(None, "1", str(number)),
            "head_id": self._one(None, *people, *people), "head_name": self._one(None, None, *NAMES),
            "contact_phone": self._one(None, None, "13800000142"), "people_count": self._one(None, None, 0, 3, 9),
            "status": self._one("active", "active", "active", "moved_out"),
        }, create=True))  # fmt: skip
        for person in people:
            self._belonging(home, person)
        for _ in range(self._chance.randint(0, 3)):
            self._add(
                "visit", visit_no=f"V{number}", household_id=home, started_at=f"{self._day()}T02:00:00Z",
                outcome=self._one("met_person", "met_person", "nobody_home"),
            )  # fmt: skip
        if self._chance.random() < 0.3:
            self._about("care_membership", home, people, care_group=self._one("C1", "C2", "C3"), start_on=self._day())
        if self._chance.random() < 0.6:
            self._about("consent", home, people, given_on=self._day(), expires_on=self._one(None, self._day()))

    def _person(self) -> int:
        return self._add(
            "resident", name=self._one(*NAMES), sex=self._one(None, "1", "2"), phones=self._one(None, "13800000142"),
            birth_date=self._one(None, None, "1948-02-01", "2026-02-01", "2027-02-01"),
            birth_year=self._one(None, None, 1948), id_number=self._one(None, None, None, *NUMBERS), status="in_place",
        )  # fmt: skip

    def _belonging(self, home: int, person: int) -> None:
        self._add(
            "household_member", household_id=home, resident_id=person, lives_here=self._one(None, 1, 0),
            relation=self._one("02", "20", "20", None), valid_to=self._one(None, None, None, self._day(within=40)),
        )  # fmt: skip

    def _about(self, kind: str, home: int, people: list[int], **values: Value) -> None:
        if people and self._chance.random() < 0.5:
            self._add(kind, resident_id=self._one(*people), **values)
        else:
            self._add(kind, household_id=home, **values)


def left_one_by_one(connection: "Connection", wanted: HouseholdFilter, today: date) -> set[int]:
    """Whom a filter leaves, each household asked by itself."""
    asked = ["h.status IS NOT 'moved_out'"]
    if wanted.missing:
        asked.append(f"({ONE_BY_ONE[wanted.missing]})")
    if wanted.unvisited:
        asked.append("NOT EXISTS (SELECT 1 FROM last_call l WHERE l.household = h.id AND l.met_at >= :moment)")
    if wanted.care:
        group = "" if wanted.care == ANY_CARE else f"c.care_group = '{wanted.care}' AND "
        asked.append(
            f"EXISTS (SELECT 1 FROM care_membership c WHERE {group}{CARE} AND (c.household_id = h.id OR c.resident_id "
            f"IN (SELECT m.resident_id FROM household_member m WHERE {BELONG})))"
        )
    rows = connection.exec_driver_sql(
        f"SELECT h.id FROM household h WHERE {' AND '.join(asked)}",
        {"today": today.isoformat(), "moment": unvisited_since(wanted.unvisited, today)},
    )
    return {row[0] for row in rows}


def filters(chance: Random) -> Iterator[HouseholdFilter]:
    """Each by itself, and some together."""
    yield from (HouseholdFilter(**{part.name: part.value}) for part in parts())
    for _ in range(6):
        yield HouseholdFilter(
            care=chance.choice(("", ANY_CARE, "C1", "C3")),
            unvisited=chance.choice(("", *map(str, DAYS))),
            missing=chance.choice(("", *ONE_BY_ONE)),
        )


@pytest.mark.parametrize("seed", range(6))
def test_what_is_read_cold_is_what_each_household_says_by_itself(
    workspace: Workspace, village: Village, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Community(village, seed)
    chance, session = Random(seed), workspace.session
    monkeypatch.setattr(household_filter, "FEW", chance.choice((0, 10, 100_000)))
    monkeypatch.setattr(filtered_order, "WALKED", chance.choice((0, 3, 2_000)))
    monkeypatch.setattr(filtered_order, "ASKED", chance.choice((0, 100_000)))
    monkeypatch.setattr(household_beginning, "FEW", chance.choice((0, 2_000)))
    monkeypatch.setattr(gathered, "_SLICE", chance.choice((1, 30, 100_000)))
    limits = {
        "tried": (0, 500),
        "one_in": (0, 20),
        "some": (0, 20_000),
        "lots": (0, 5),
        "few": (0, 20_000),
        "before": (0, 25_000),
    }
    chosen = {name: chance.choice(several) for name, several in limits.items()}
    monkeypatch.setattr(household_first, "PATIENCE", household_first.Patience(**chosen))
    with session.store.db.read() as connection:
        whole = {order: ordered(connection, None, order, session.today()) for order in orders()}
    asked = list(product(filters(chance), orders()))
    for wanted, order in chance.sample(asked, 90):
        homes = Households(session)
        with session.store.db.read() as connection:
            left = left_one_by_one(connection, wanted, session.today())
            if chance.random() < 0.5:  # somebody has read some of it
                homes.ids(order=DOOR)
                for part in wanted.parts()[: chance.randint(0, 2)]:
                    homes._roll.read(connection, part)
        expected, limit = [one for one in whole[order] if one in left], chance.randint(1, 8)
        first = homes.first(limit, order.by, wanted, down=order.down)
        assert first in {(), tuple(expected[:limit])}, (wanted, order, limit)
        assert list(homes.ids("", order.by, wanted, down=order.down)) == expected, (wanted, order)


def test_a_clock_that_stands_before_all_indexes_finds_who_is_still_to_be_born(
    workspace: Workspace, village: Village, clock: HandClock
) -> None:
    home = village.household("陈桂芳", birth="2025-12-30")
    asked = HouseholdFilter(missing="identity")
    assert list(workspace.households.ids(narrowing=asked)) == []
    clock.move(days=-90)
    assert workspace.session.today().isoformat() < LOOKED_AT_SINCE
    assert list(workspace.households.ids(narrowing=asked)) == [home.id]


@pytest.mark.parametrize(("what", "index"), [("identity", "ix_resident_doubted"), ("birth", "ix_resident_unborn")])
def test_what_is_rare_is_found_by_an_index_of_its_own(workspace: Workspace, what: str, index: str) -> None:
    asked = f"SELECT h.id FROM household h WHERE {household_filters.MISSING[what]}"
    with workspace.session.store.db.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", {"today": "2026-03-18"}).all()
    assert any(index in str(step) for step in plan)
    assert not any("SCAN h" in str(step) for step in plan)


def test_a_page_narrowed_by_what_was_read_asks_the_books_no_more(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [village.household("陈桂芳", room=str(room), unit="1") for room in (103, 101, 102)]
    wanted = HouseholdFilter(missing="phone")
    workspace.households.ids(order=DOOR)
    found = [list(workspace.households.ids("", "people", wanted))]
    monkeypatch.setattr(household_filters, "missing", lambda *_asked: pytest.fail("all were asked again"))
    found.append(list(workspace.households.ids("", "care", wanted)))
    found.append(list(workspace.households.first(3, "visit", wanted)))
    assert found == [[homes[at].id for at in (1, 2, 0)]] * 3
