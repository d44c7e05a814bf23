"""An undo leaves nothing pointing to what it takes away: what others rest on since stays, and what that rests on."""

import os
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridworker import discover
from gridworker.errors import NotFound, Problem
from gridworker.record import Type, Value
from gridworker.store.health.check import check
from gridworker.store.log.journal import Journal
from gridworker.store.records import page
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from gridworker.store.undo import undo_batch, undo_last
from tests.builders import add, bring_back, edit, make_store, new, pour, remove, resolve
from tests.convergence.machine import fast_folder

EXAMPLES = int(os.environ.get("GRIDWORKER_UNDONE", "8"))
"""How many lives of a store the property is tried on."""
ME, OTHER = 1, 2
MOMENT = "2026-03-18T01:00:00Z"


def shown(store: Store, **records: int) -> set[str]:
    """Those of some records, by name of kind, that show."""
    return {kind for kind, record in records.items() if store.get(kind, record)}


def links(store: Store) -> list[int]:
    """The numbers of all links of the journal."""
    with store.cursor() as cursor:
        return [link.no for link in Journal(cursor, store.chain_key).links()]


class Home:
    """A household behind a door, each record an act of its own by ``ME``."""

    def __init__(self, store: Store) -> None:
        self.grid = add(store, "grid", who=ME)
        self.building = add(store, "building", who=ME, grid_id=self.grid, building_name="3")
        self.dwelling = add(store, "dwelling", who=ME, building_id=self.building, room_no="101")
        self.resident = add(store, "resident", who=ME)
        self.made = links(store)[-1] + 1
        self.household = add(store, "household", who=ME, dwelling_id=self.dwelling, head_id=self.resident)

    def visit(self, store: Store, who: int, visitor: int) -> int:
        values = {"started_at": MOMENT, "channel": "door", "outcome": "met_person", "visit_kind": "routine"}
        return add(store, "visit", who=who, visit_no="V1", household_id=self.household, visitor_id=visitor, **values)


@pytest.fixture
def home(office: Store) -> Home:
    return Home(office)


@pytest.mark.parametrize("who", [ME, OTHER])
def test_a_household_that_was_visited_since_stays_whoever_visited(office: Store, home: Home, who: int) -> None:
    worker = add(office, "staff", who=OTHER)
    home.visit(office, who, worker)
    undone = undo_batch(office, home.made, ME)
    assert (undone.kept, office.get("household", home.household) is None) == (1, False)
    assert not check(office)


def test_what_was_made_for_it_goes_once_nothing_rests_on_it_any_more(office: Store, home: Home) -> None:
    visit = home.visit(office, OTHER, add(office, "staff", who=OTHER))
    assert undo_batch(office, home.made, ME).kept == 1
    remove(office, "visit", visit, who=OTHER)
    assert undo_batch(office, home.made, ME).kept == 0
    assert office.get("household", home.household) is None


@pytest.mark.parametrize(
    ("back", "left"), [(2, {"grid"}), (3, {"grid", "building"}), (4, {"grid", "building", "dwelling"})]
)
def test_grid_building_and_door_stay_below_what_was_made_later(
    office: Store, home: Home, back: int, left: set[str]
) -> None:
    """By number: who takes back the grid of two acts ago means that, and it has a building by now."""
    first = home.made - 5
    for no in range(first + 1, first + back):
        assert undo_batch(office, no, ME).kept == 1
    assert left <= shown(office, grid=home.grid, building=home.building, dwelling=home.dwelling)
    assert not check(office)


def test_step_by_step_everything_is_taken_back(office: Store, home: Home) -> None:
    for _ in range(5):
        assert undo_last(office, ME).kept == 0
    assert not shown(office, grid=home.grid, building=home.building, dwelling=home.dwelling, household=home.household)


def test_somebody_of_the_staff_who_visits_or_owns_stays(office: Store, home: Home) -> None:
    worker = add(office, "staff", who=ME)
    home.visit(office, OTHER, worker)
    assert undo_last(office, ME).kept == 1
    assert office.get("staff", worker)
    idle = add(office, "staff", who=ME)
    assert undo_last(office, ME).kept == 0
    assert office.get("staff", idle) is None


def test_an_import_keeps_what_is_needed_and_what_that_needs(office: Store) -> None:
    """A visit on one household of an import: its door and its building stay with it, all else goes."""
    building = new(office, "building", grid_id=add(office, "grid", who=OTHER), building_name="3")
    doors = [new(office, "dwelling", building_id=building.record, room_no=str(room)) for room in range(9)]
    people = [new(office, "resident", name=f"张{at}") for at in range(9)]
    homes = [
        new(office, "household", dwelling_id=door.record, head_id=person.record)
        for door, person in zip(doors, people, strict=True)
    ]
    commit = office.write([building, *doors, *people, *homes], Act("import", ME))
    lodger = add(office, "resident", who=OTHER)
    add(office, "household_member", who=OTHER, household_id=homes[4].record, resident_id=lodger, relation="80")
    assert undo_batch(office, commit.batch, ME).kept == 4
    with office.db.read() as connection:
        left = {kind: [one for one, _ in page(connection, kind)] for kind in ("building", "dwelling", "resident")}
    assert left == {
        "building": [building.record],
        "dwelling": [doors[4].record],
        "resident": [people[4].record, lodger],
    }
    assert not check(office)


@pytest.mark.parametrize("used", ["visited", "edited"])
def test_a_household_of_an_import_that_was_used_since_stays_with_its_people(office: Store, used: str) -> None:
    building = new(office, "building", grid_id=add(office, "grid", who=OTHER), building_name="3")
    changes, homes = [building], []
    for at in range(2):
        door = new(office, "dwelling", building_id=building.record, room_no=str(at))
        people = [new(office, "resident", name=name) for name in ("张三", "李四")]
        home = new(office, "household", dwelling_id=door.record, head_id=people[0].record)
        members = [
            new(office, "household_member", household_id=home.record, resident_id=one.record, relation="80")
            for one in people
        ]
        until: Any = {"basis": "official_list", "start_on": "2026-03-01", "review_on": "2026-09-01"}
        care = new(office, "care_membership", resident_id=people[1].record, care_group="C5", **until)
        changes += [door, *people, home, *members, care]
        homes.append([door, *people, home, *members, care])
    commit = office.write(changes, Act("import", ME))
    if used == "visited":
        values = {"started_at": MOMENT, "channel": "door", "outcome": "met_person", "visit_kind": "routine"}
        visitor = add(office, "staff", who=OTHER)
        add(office, "visit", who=OTHER, visit_no="V1", household_id=homes[0][3].record, visitor_id=visitor, **values)
    else:
        office.write([Change("resident", homes[0][2].record, {"note": "白天在家"})], Act("edit", OTHER))
    undone = undo_batch(office, commit.batch, ME)
    assert (undone.homes, undone.kept) == (1, 8)
    assert [office.get(one.kind, one.record) is not None for home in homes for one in home] == [True] * 7 + [False] * 7
    assert not check(office)


def test_who_lived_elsewhere_before_does_not_stay_in_a_household_that_does(office: Store, home: Home) -> None:
    values: Any = {"resident_id": home.resident, "relation": "80"}
    there = new(office, "household", dwelling_id=home.dwelling)
    member = new(office, "household_member", household_id=there.record, **values)
    commit = office.write([there, member], Act("import", ME))
    lodger = add(office, "resident", who=OTHER)
    add(office, "household_member", who=OTHER, household_id=there.record, resident_id=lodger, relation="80")
    assert undo_batch(office, commit.batch, ME).kept == 1
    assert office.get("household", there.record)
    assert office.get("household_member", member.record) is None


def test_a_reference_that_the_undo_itself_takes_away_holds_nothing(office: Store, home: Home) -> None:
    head = new(office, "resident", name="李秀兰")
    commit = office.write([head, Change("household", home.household, {"head_id": head.record})], Act("edit", ME))
    assert undo_batch(office, commit.batch, ME).kept == 0
    assert office.get("resident", head.record) is None
    assert (office.get("household", home.household) or {})["head_id"] == home.resident


def test_of_two_references_the_one_that_stays_holds_it(office: Store, home: Home) -> None:
    head = new(office, "resident", name="李秀兰")
    office.write([head, Change("household", home.household, {"head_id": head.record})], Act("edit", ME))
    add(office, "household", who=OTHER, head_id=head.record)
    assert undo_last(office, ME).kept == 1
    assert office.get("resident", head.record)
    assert (office.get("household", home.household) or {})["head_id"] == home.resident
    assert not check(office)


def test_a_reference_that_the_undo_brings_back_holds_it(office: Store, home: Home) -> None:
    """Somebody was brought back and put in another's place in one act: without it they are needed again."""
    remove(office, "resident", home.resident, who=OTHER)
    other = add(office, "resident", who=OTHER)
    changes = [
        Change("resident", home.resident, alive=True), Change("household", home.household, {"head_id": other})
    ]  # fmt: skip
    office.write(changes, Act("edit", ME))
    undo_last(office, ME)
    assert (office.get("household", home.household) or {})["head_id"] == home.resident
    assert office.get("resident", home.resident)


def test_somebody_brought_back_who_is_needed_since_stays(office: Store, home: Home) -> None:
    remove(office, "household", home.household, who=OTHER)
    bring_back(office, "household", home.household, who=ME)
    home.visit(office, OTHER, add(office, "staff", who=OTHER))
    assert undo_last(office, ME).kept == 1
    assert office.get("household", home.household)


def test_a_side_of_a_conflict_that_may_still_be_chosen_holds_it(office: Store, laptop: Store, home: Home) -> None:
    door = add(office, "dwelling", who=ME, building_id=home.building, room_no="102")
    pour(office, laptop)
    edit(office, "household", home.household, who=OTHER, dwelling_id=door)
    for _ in range(20):
        laptop.new_id()  # time passes
    elsewhere = add(laptop, "dwelling", who=OTHER, building_id=home.building, room_no="103")
    edit(laptop, "household", home.household, who=OTHER, dwelling_id=elsewhere)
    pour(laptop, office)
    assert (office.get("household", home.household) or {})["dwelling_id"] != door
    assert undo_last(office, ME).kept == 1
    resolve(office, "household", home.household, who=OTHER, dwelling_id=door)
    assert not check(office)


def test_what_is_deleted_already_is_held_by_nothing(office: Store, home: Home) -> None:
    home.visit(office, OTHER, add(office, "staff", who=OTHER))
    remove(office, "household", home.household, who=ME)
    assert undo_batch(office, home.made, ME).kept == 0


def test_a_bundle_keeps_what_the_office_rests_on(office: Store, laptop: Store) -> None:
    grid = add(office, "grid", who=OTHER)
    pour(office, laptop)
    building = add(laptop, "building", who=OTHER, grid_id=grid, building_name="3")
    spare = add(laptop, "building", who=OTHER, grid_id=grid, building_name="4")
    commit = pour(laptop, office)
    add(office, "dwelling", who=ME, building_id=building, room_no="101")
    assert undo_batch(office, commit.batch, ME).kept == 1
    assert office.get("building", building)
    assert office.get("building", spare) is None


# ------------------------------------------------------------------------------------------- whatever people did before

KINDS = ("grid", "building", "dwelling", "resident", "household", "household_member", "issue", "care_membership")
STEP = st.tuples(
    st.sampled_from(("add", "add", "add", "import", "edit", "edit", "remove", "return", "undo", "undo", "take back")),
    st.integers(0, 255),
    st.integers(0, 255),
)


def references(store: Store) -> Iterator[tuple[str, int, str, int]]:
    """(kind referred to, id, kind, field) of all that visible records refer to."""
    with store.db.read() as connection:
        for kind in KINDS:
            refs = [spec for spec in discover.kinds()[kind].kind.specs.values() if spec.type is Type.REF]
            for _, values in page(connection, kind, limit=1000):
                for spec in refs:
                    target = values[spec.name]
                    if isinstance(target, int):
                        yield str(spec.ref), target, kind, spec.number


class Office:
    """Two people at one store, and what they made: by kind, records gone or not."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: dict[str, list[int]] = {kind: [] for kind in KINDS}

    def step(self, what: str, one: int, two: int) -> None:
        """Do something. What cannot be done is passed over."""
        who = (ME, OTHER)[two % 2]
        try:
            match what:
                case "add":
                    self._make(who, one, two, 1)
                case "import":
                    self._make(who, one, two, 4)
                case "undo":
                    undo_last(self._store, who)
                case "take back":
                    undo_batch(self._store, one % max(len(links(self._store)), 1) + 1, who)
                case _:
                    self._change(what, who, one, two)
        except (NotFound, Problem):
            return

    def visible(self) -> set[tuple[str, int]]:
        with self._store.db.read() as connection:
            return {(kind, one) for kind in KINDS for one, _ in page(connection, kind, limit=1000)}

    def _make(self, who: int, one: int, two: int, count: int) -> None:
        changes = []
        for at in range(count):
            kind = KINDS[(one + at) % len(KINDS)]
            record = self._store.new_id()
            self._made[kind].append(record)
            changes.append(Change(kind, record, self._values(kind, two + at), create=True))
        self._store.write(changes, Act("create", who))

    def _change(self, what: str, who: int, one: int, two: int) -> None:
        kind = KINDS[one % len(KINDS)]
        record = self._made[kind][two % max(len(self._made[kind]), 1)] if self._made[kind] else 0
        if what == "edit":
            self._store.write([Change(kind, record, self._values(kind, one + two))], Act("edit", who))
        else:
            self._store.write([Change(kind, record, alive=what == "return")], Act(what, who))

    def _values(self, kind: str, pick: int) -> Mapping[str, Value]:
        """References to what is there, or was."""
        specs = discover.kinds()[kind].kind.specs.values()
        known = [(spec.name, self._made[spec.ref]) for spec in specs if spec.ref in self._made]
        return {name: made[(pick + at) % len(made)] for at, (name, made) in enumerate(known) if made}


@settings(max_examples=EXAMPLES)
@given(st.lists(STEP, min_size=30, max_size=60))
def test_no_undo_ever_leaves_a_reference_to_what_it_took_away(steps: list[tuple[str, int, int]]) -> None:
    folder = fast_folder()
    store = make_store(folder)
    office = Office(store)
    try:
        for what, one, two in steps:
            before = office.visible() if what in {"undo", "take back"} else set()
            office.step(what, one, two)
            gone = before - office.visible() if before else before
            dangling = [ref for ref in references(store) if ref[:2] in gone] if gone else []
            assert not dangling
    finally:
        store.close()
        shutil.rmtree(folder)
