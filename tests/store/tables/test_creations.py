"""Records that this device makes, column by column: as if each came as an op by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridworker.domain.resident import Resident
from gridworker.errors import Problem
from gridworker.record import Value
from gridworker.store import store as written
from gridworker.store.departed import Departed, Entry
from gridworker.store.engine.database import raw_cursor
from gridworker.store.engine.rows import MANY
from gridworker.store.health.check import check
from gridworker.store.intake import transaction
from gridworker.store.log.log import Log
from gridworker.store.log.op import Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.search import search
from gridworker.store.store import FEW, Store
from gridworker.store.tables import creations
from gridworker.store.tables.changes import Act, Change
from gridworker.store.tables.creations import NewRecords
from gridworker.store.tables.projection import Projection
from tests.builders import add, make_store, new, take
from tests.store.search.test_search_index import live


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = make_store(tmp_path_factory.mktemp("creations") / "office")
    yield store
    store.close()


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(("陈桂芳", "曾乐", None)),
        "birth_year": st.none() | st.integers(1900, 2000),
        "note": st.none() | st.just("漏水"),
    },
)


@given(st.lists(VALUES, max_size=8))
def test_many_are_packed_like_one(listed: list[dict[str, Value]]) -> None:
    changes = [Change("resident", at, values, create=True) for at, values in enumerate(listed)]
    specs = Resident.kind.specs
    packed = [pack_create({specs[name].number: value for name, value in values.items()}) for values in listed]
    lots = [lot.creations(3) for lot in NewRecords.of(changes).lots(8)]
    assert [row for made in lots for row in made.rows()] == [
        OpRow(at, 6, at, What.CREATE, 3, vals) for at, vals in enumerate(packed)
    ]
    assert all(
        (one.column(name)[one.records.index(at)] == values.get(name))
        for made in lots
        for one in made.born
        for at, values in enumerate(listed)
        for name in specs
    )


def test_a_reference_that_is_missing_is_kept_beside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creations, "_TOGETHER", 2)
    listed = [1 << 60, 7, None, 8, None]
    new = NewRecords.of(Change("household", at, {"dwelling_id": there}) for at, there in enumerate(listed))
    new.extend("household", [5, 6], {"dwelling_id": [9, None]})
    assert len(new) == 7
    assert [change.values["dwelling_id"] for change in new.changes()] == [*listed, 9, None]


FIELDS: dict[str, dict[str, st.SearchStrategy[Value]]] = {
    "building": {"building_name": st.sampled_from("38"), "estate_name": st.sampled_from((None, "师院南苑"))},
    "dwelling": {"unit_no": st.sampled_from((None, "2")), "room_no": st.sampled_from(("5", "12"))},
    "household": {"contact_phone": st.sampled_from((None, "0714-6510777")), "remark": st.sampled_from((None, "漏水"))},
    "resident": {"name": st.sampled_from(("陈桂芳", "李", None)), "phones": st.sampled_from((None, "13800000142"))},
    "household_member": {"valid_to": st.sampled_from((None, "2026-01-01"))},
}
REFERENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "building": {"grid_id": ("grid",)}, "dwelling": {"building_id": ("building",), "grid_id": ("grid", "", "")},
    "household": {"dwelling_id": ("dwelling", "")}, "resident": {},
    "household_member": {"household_id": ("household",), "resident_id": ("resident",)},
}  # fmt: skip

Made = dict[str, list[int]]


@st.composite
def acts(draw: st.DrawFn, store: Store, made: Made) -> list[Change]:
    """New records in new ones and in old ones, and edits of those that were there before."""
    before = {kind: list(records) for kind, records in made.items()}
    changes = []
    for kind in draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=12)):
        values: dict[str, Value] = {name: draw(value) for name, value in FIELDS[kind].items()}
        for name, kinds in REFERENCES[kind].items():
            choices = made.get(draw(st.sampled_from(kinds)), [])
            values[name] = draw(st.sampled_from(choices[-4:])) if choices else None
        values = {name: value for name, value in values.items() if value is not None or draw(st.booleans())}
        if before.get(kind) and draw(st.integers(0, 3)) == 0:
            values.pop("resident_id", None)  # a membership stays with the person it was made for
            changes.append(Change(kind, draw(st.sampled_from(before[kind][-4:])), values))
        else:
            changes.append(Change(kind, store.new_id(), values, create=True))
            made.setdefault(kind, []).append(changes[-1].record)
    return changes


def _family(store: Store) -> Made:
    """Somebody at home, and somebody who is nowhere yet."""
    building, dwelling, household, resident, nobody, member = (store.new_id() for _ in range(6))
    changes = [
        Change("building", building, {"grid_id": 7, "building_name": "3"}, create=True),
        Change("dwelling", dwelling, {"building_id": building, "room_no": "501"}, create=True),
        Change("household", household, {"dwelling_id": dwelling, "status": "active"}, create=True),
        Change("resident", resident, {"name": "陈桂芳"}, create=True),
        Change("resident", nobody, {"name": "李"}, create=True),
        Change("household_member", member, {"household_id": household, "resident_id": resident}, create=True),
    ]
    store.write(changes, Act("create", 1))
    people = {"resident": [resident, nobody], "household_member": [member]}
    return {"grid": [7, 8], "building": [building], "dwelling": [dwelling], "household": [household], **people}


@settings(max_examples=25)
@given(data=st.data(), together=st.booleans())
def test_any_records_made_are_indexed_as_if_anew(office: Store, data: st.DataObject, together: bool) -> None:
    made = _family(office)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "LOT", 4)
        patch.setattr(written, "FEW", data.draw(st.sampled_from((0, FEW))))
        if together:
            with office.together():
                for _ in range(3):
                    office.write(data.draw(acts(office, made)), Act("edit", 1))
        else:
            for _ in range(3):
                office.write(data.draw(acts(office, made)), Act("edit", 1))
    with office.db.write() as connection:
        planted = live(connection)
        search.rebuild(connection)
        assert live(connection) == planted
    assert [fault for fault in check(office) if fault.where != "references"] == []


def test_people_of_two_homes_and_of_former_ones_are_indexed_as_if_anew(office: Store) -> None:
    """All new at once: a door that lies in another grid, somebody in two households, somebody who left one."""
    made = _family(office)
    building, near, far, first, second, both, gone = (office.new_id() for _ in range(7))
    named: list[tuple[str, int, dict[str, Value]]] = [
        ("building", building, {"grid_id": 7, "building_name": "8"}),
        ("dwelling", near, {"building_id": building, "room_no": "101"}),
        ("dwelling", far, {"building_id": building, "grid_id": 8, "room_no": "102"}),
        ("household", first, {"dwelling_id": near, "status": "active", "contact_phone": "0714-6510777"}),
        ("household", second, {"dwelling_id": far, "status": "active"}),
        ("resident", both, {"name": "曾乐"}),
        ("resident", gone, {"name": "李"}),
        ("household_member", office.new_id(), {"household_id": first, "resident_id": both}),
        ("household_member", office.new_id(), {"household_id": second, "resident_id": both}),
        ("household_member", office.new_id(), {"household_id": made["household"][0], "resident_id": both}),
        ("household_member", office.new_id(), {"household_id": second, "resident_id": made["resident"][1]}),
        (
            "household_member",
            office.new_id(),
            {"household_id": first, "resident_id": gone, "valid_to": "2026-01-01"},
        ),
    ]
    office.write([Change(*one, create=True) for one in named], Act("create", 1))
    with office.db.write() as connection:
        planted = live(connection)
        search.rebuild(connection)
        assert live(connection) == planted
        places = {
            record: set(place.split())
            for record, place in connection.exec_driver_sql("SELECT id, place FROM search_seen").fetchall()
        }
    assert places[both] == {"g7", "g8"}
    assert places[gone] == set()
    assert places[far] == {"h8", "g8"}
    assert places[made["resident"][1]] == {"g8"}


def test_people_side_by_side_are_indexed_where_their_homes_are(office: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them in two homes, which is told in another lot."""
    made = _family(office)
    building, near, far, first, second, nowhere = (office.new_id() for _ in range(6))
    people = {home: [office.new_id(), office.new_id()] for home in (first, second, made["household"][0], nowhere)}
    named: list[tuple[str, int, dict[str, Value]]] = [
        ("building", building, {"grid_id": 8, "building_name": "8"}),
        ("dwelling", near, {"building_id": building, "room_no": "101"}),
        ("dwelling", far, {"building_id": building, "grid_id": 9, "room_no": "102"}),
        ("household", first, {"dwelling_id": near, "status": "active"}),
        ("household", second, {"dwelling_id": far, "status": "active"}),
        ("household", nowhere, {"status": "active"}),
    ]
    for home, members in people.items():
        named += [("resident", one, {"name": "曾乐"}) for one in members]
        named += [("household_member", office.new_id(), {"household_id": home, "resident_id": one}) for one in members]
    monkeypatch.setattr(transaction, "SOWN_LOT", len(named))
    named += [
        ("household_member", office.new_id(), {"household_id": second, "resident_id": one}) for one in people[first]
    ]
    office.write([Change(*one, create=True) for one in named], Act("create", 1))
    with office.db.write() as connection:
        planted = live(connection)
        search.rebuild(connection)
        assert live(connection) == planted
        places: dict[int, str] = dict(connection.exec_driver_sql("SELECT id, place FROM search_seen").fetchall())
    assert [[places[one] for one in members] for members in people.values()] == [
        ["g8 g9", "g8 g9"], ["g9", "g9"], ["g7", "g7"], ["", ""],
    ]  # fmt: skip


def test_a_code_of_a_newer_version_waits(office: Store) -> None:
    record = office.new_id()
    values: dict[str, Value] = {"name": "陈桂芳", "status": "in_orbit"}
    office.write([Change("resident", record, values, create=True)], Act("create", 1))
    shown = office.get("resident", record)
    assert shown is not None
    assert shown["status"] is None
    with office.cursor() as cursor:
        cursor.execute("SELECT field FROM pending WHERE record = ?", (record,))
        assert cursor.fetchall() == [(10,)]


@pytest.mark.parametrize("beside", [0, FEW], ids=["alone", "among very many"])
def test_what_somebody_knows_of_already_is_merged(office: Store, beside: int) -> None:
    """Never but in a store that was copied; then the edit that came first must not be lost."""
    record, later = office.new_id(), office.new_id()
    vals = pack_edits(record, [Edit(1, "曾乐", (record,))])
    take(office, [OpRow(later, 6, record, What.EDIT, 0, vals)])
    made = [record, *(office.new_id() for _ in range(beside))]
    office.write([Change("resident", one, {"name": "陈桂芳"}, create=True) for one in made], Act("create", 1))
    shown = [(office.get("resident", one) or {})["name"] for one in made]
    assert shown == ["曾乐", *["陈桂芳"] * beside]


def test_new_records_come_in_lots_ascending_whatever_their_order() -> None:
    new = NewRecords()
    for record in (5, 1, 4):
        new.add("resident", record, {"name": f"陈{record}"})
    new.add("resident", 3, {"name": "李3", "note": "漏水"})
    new.add("building", 2, {"building_name": "2"})
    lots = [lot.creations(1).ops for lot in new.lots(2)]
    assert [list(ops.clk) for ops in lots] == [[1, 2], [3, 4], [5]]
    assert sorted((change.record, dict(change.values)) for change in new.changes()) == [
        (1, {"name": "陈1"}), (2, {"building_name": "2"}), (3, {"name": "李3", "note": "漏水"}), (4, {"name": "陈4"}),
        (5, {"name": "陈5"}),
    ]  # fmt: skip
    assert len(new) == 5


def test_what_is_added_many_times_over_is_added_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creations, "_TOGETHER", 2)
    new, others = NewRecords(), NewRecords()
    add_member = new.adder("household_member", "household_id", "resident_id")
    for at in range(5):
        add_member(at, at + 10, at + 20)
        others.add("household_member", at, {"household_id": at + 10, "resident_id": at + 20})
        new.add("household_member", at + 5, {"household_id": 1, "resident_id": at})
        others.add("household_member", at + 5, {"household_id": 1, "resident_id": at})
    assert list(new.changes()) == list(others.changes())
    assert len(new) == 10


def test_nothing_new_is_put_into_what_has_left(tmp_path: Path) -> None:
    laptop = make_store(tmp_path / "laptop", laptop=2)
    home = add(laptop, "household", status="active")
    with laptop.db.write() as connection:
        Departed(raw_cursor(connection)).leave({home: Entry(0, 1)}, laptop.newest)
    joining = NewRecords()
    joining.add("household_member", laptop.new_id(), {"household_id": home, "resident_id": 1, "lives_here": 1})
    with pytest.raises(Problem, match="has moved to another grid"):
        laptop.write([], Act("import", 1), new=joining)
    assert len(joining) == 1
    laptop.close()


def test_what_few_records_hold_is_put_together_once_and_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    new = NewRecords()
    for at in range(1, 8):
        new.add("resident", at * 2, {"name": f"张{at}", "status": "in_place"} | ({"note": "漏水"} if at % 3 else {}))
        new.add("building", at * 2 + 1, {"building_name": str(at)})
    few = list(new.lots(5))
    monkeypatch.setattr(creations, "VERY_MANY", 14)
    many = list(new.lots(5))
    for kept, anew in zip(few, many, strict=True):
        for kinds in ((), ("resident",), ("building", "household")):
            assert kept.born(*kinds) == anew.born(*kinds)
        for kind in ("resident", "building", "household"):
            assert list(kept.records(kind)) == list(anew.records(kind))
        assert kept.born("resident")[0] is kept.born("resident")[0]
        assert anew.born("resident")[0] is not anew.born("resident")[0]


def test_what_was_erased_before_it_was_made_here_shows_nothing(office: Store) -> None:
    """Only in a copied store: the other copy gave the id out, and what it made was erased since."""
    record, erased = office.new_id(), office.new_id()
    with office.db.write() as connection:
        Log(raw_cursor(connection)).add_erasures([(record, Resident.kind.specs["note"].number, erased)])
    many = [record, *(office.new_id() for _ in range(FEW))]
    office.write([new(office, "resident", one, name="陈桂芳", note="独居") for one in many], Act("create", 1))
    shown = office.get("resident", record) or {}
    assert (shown["name"], shown["note"]) == ("陈桂芳", None)


def test_very_many_rows_take_the_place_of_one_that_is_there(tmp_path: Path) -> None:
    """Several to a statement: those beside it come in too, each once."""
    store = make_store(tmp_path / "office")
    records = range(1, MANY + 60)
    named = [f"曾{record}" for record in records]
    with store.db.write() as connection:
        projection = Projection(raw_cursor(connection))
        projection.plant("resident", [MANY // 2, MANY + 58], {"name": ["陈桂芳"] * 2, "note": ["漏水"] * 2})
        projection.plant("resident", records, {"name": named, "tags": ["低保"] * len(records)})
        rows = connection.exec_driver_sql("SELECT id, name, note, tags FROM resident ORDER BY id").fetchall()
    store.close()
    assert rows == [(record, name, None, "低保") for record, name in zip(records, named, strict=True)]
