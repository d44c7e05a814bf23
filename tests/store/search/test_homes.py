"""The households a text leaves of a list: each that fits, and no other."""

from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from gridworker.domain.address import room_part
from gridworker.store.search import homes as asked
from gridworker.store.search import search
from gridworker.store.search.names import best_match
from gridworker.store.search.query import read
from tests.store import crowd
from tests.store.search.test_search import ROWS, books

BY_NUMBER = {"phones", "id_last4", "contact_phone"}

BLOCKS, ROOMS, FIRST_ROOM = 3, 70, 101


def street(called: Collection[str], *, blocks: int = BLOCKS) -> dict[str, list[dict[str, object]]]:
    """Households one behind the other, a person in each, from the first room of the first building on."""
    rows: dict[str, list[dict[str, object]]] = {
        "grid": [{"id": 1, "name": "第一网格"}],
        "building": [{"id": 10 + at, "grid_id": 1, "building_name": str(at)} for at in range(1, blocks + 1)],
    }
    for at, name in enumerate(called):
        block, room = divmod(at, ROOMS)
        door = {"building_id": 11 + block, "unit_no": "1", "room_no": str(FIRST_ROOM + room)}
        rows.setdefault("dwelling", []).append({"id": 1000 + at, **door})
        household: dict[str, object] = {
            "id": 2000 + at,
            "dwelling_id": 1000 + at,
            "head_id": 3000 + at,
            "status": "active",
        }
        rows.setdefault("household", []).append(household)
        rows.setdefault("resident", []).append({"id": 3000 + at, "name": name, "status": "in_place"})
        member: dict[str, object] = {"id": 4000 + at, "household_id": 2000 + at, "resident_id": 3000 + at}
        rows.setdefault("household_member", []).append(member)
    return rows


def filled(connection: Connection, rows: dict[str, list[dict[str, object]]]) -> None:
    for kind, some in rows.items():
        crowd.insert(connection, kind, some)
    search.refresh(connection, {kind: {int(str(row["id"])) for row in some} for kind, some in rows.items()})


@pytest.mark.parametrize("waiting", [False, True])
@pytest.mark.parametrize(
    "typed",
    ["cgf", "陈桂芳", "芳", "zhang w", "漏", "水管", "3-2-501", "3栋", "陈桂芳 501", "陈桂芳 3", "cf", "欧阳"],
)
def test_they_are_those_of_the_hits(tmp_path: Path, typed: str, *, waiting: bool) -> None:
    database = books(tmp_path, ROWS, waiting=waiting)
    with database.read() as connection:
        hits = search.find(connection, typed, limit=500)
        found = {hit.household_id for hit in hits if hit.kind in {"resident", "household"} and hit.household_id}
        assert search.homes(connection, typed) == found
        for home in (31, 32, 33):
            assert search.homes(connection, typed, {home}) == found & {home}
    database.close()


def test_words_in_the_notes_of_somebody_who_lives_there_count(tmp_path: Path) -> None:
    database = books(tmp_path, ROWS)
    with database.read() as connection:
        assert search.homes(connection, "说话") == {33}
        assert search.homes(connection, "说话", {31, 32}) == set()
    database.close()


@pytest.mark.parametrize("typed", ["0142", "012x", "0714-6510142", "0777", "张伟 0555", "陈桂芳 0142"])
def test_whom_a_number_belongs_to_is_asked_in_the_search_box_alone(tmp_path: Path, typed: str) -> None:
    """There it takes a right of its own and goes on record."""
    database = books(tmp_path, ROWS)
    with database.read() as connection:
        assert any(hit.household_id for hit in search.find(connection, typed))
        assert search.homes(connection, typed) == set()
    database.close()


def test_nobody_is_left_out_however_many_there_are(connection: Connection) -> None:
    """Neither of a building with more doors than the search box looks at, nor of a name that a thousand have."""
    called = ["陈桂芳" if at % 2 else "王小明" for at in range(BLOCKS * ROOMS)] + ["陈桂芳"] * 1200
    filled(connection, street(called, blocks=len(called) // ROOMS + 1))
    chen = {2000 + at for at, name in enumerate(called) if name == "陈桂芳"}
    for typed in ("陈桂芳", "cgf", "chenguifang", "陈", "芳", "陳桂芳"):
        assert search.homes(connection, typed) == chen, typed
    second = {2000 + at for at in range(ROOMS, 2 * ROOMS)}
    assert search.homes(connection, "2栋") == second
    for typed in ("陈桂芳 2栋", "2栋 陈", "cgf 2栋", "陈桂芳2栋", "陈 2", "陳桂芳 2栋"):
        assert search.homes(connection, typed) == chen & second, typed


def test_what_a_list_is_narrowed_to_does_not_hide_who_fits(connection: Connection) -> None:
    """They are not among the first who fit of all."""
    called = ["陈桂芳"] * 1500
    filled(connection, street(called, blocks=len(called) // ROOMS + 1))
    last = {2000 + at for at in range(1490, 1500)}
    for typed in ("陈桂芳", "cgf", "陈", "栋", "陈桂芳 22栋"):
        expected = set() if typed == "栋" else last
        assert search.homes(connection, typed, last) == expected, typed


def test_where_somebody_lived_last_and_every_home_of_today(connection: Connection) -> None:
    rows = street(["王小明"] * 4)
    rows["resident"] += [{"id": 3100, "name": "陈桂芳", "status": "moved_out"}, {"id": 3101, "name": "李国"}]
    rows["household_member"] += [
        {"id": 4100, "household_id": 2000, "resident_id": 3100, "valid_to": "2025-01-01"},
        {"id": 4101, "household_id": 2001, "resident_id": 3100, "valid_to": "2026-01-01"},
        {"id": 4102, "household_id": 2002, "resident_id": 3101},
        {"id": 4103, "household_id": 2003, "resident_id": 3101},
        {"id": 4104, "household_id": 2000, "resident_id": 3101, "valid_to": "2026-02-01"},
    ]
    filled(connection, rows)
    assert search.homes(connection, "cgf") == {2001}
    assert search.homes(connection, "李国") == {2002, 2003}


def test_an_estate_s_name_leaves_its_households(connection: Connection) -> None:
    rows = street(["王小明"] * (2 * ROOMS))
    for building, estate in zip(rows["building"], ("师院南苑", "湖滨花园", "南苑新村"), strict=True):
        building["estate_name"] = estate
    filled(connection, rows)
    first, second = ({2000 + at for at in range(begin, begin + ROOMS)} for begin in (0, ROOMS))
    assert search.homes(connection, "师院南苑") == search.homes(connection, "南苑") == first
    assert search.homes(connection, "湖滨") == second
    assert search.homes(connection, "湖滨花园1栋") == set()
    assert search.homes(connection, "湖滨花园2栋") == second
    assert search.homes(connection, "苑") == set()


def test_a_household_goes_by_the_head_whom_a_ledger_names(connection: Connection) -> None:
    """Where no resident leads it."""
    rows = street(["王小明"] * 4)
    rows["household"][1] |= {"head_id": None, "head_name": "陈桂芳"}
    rows["household"][2] |= {"head_name": "陈桂芳"}
    filled(connection, rows)
    for typed in ("陈桂芳", "cgf", "陈", "陈桂芳 102", "陳桂芳"):
        assert search.homes(connection, typed) == {2001}, typed
        assert search.homes(connection, typed, {2001, 2003}) == {2001}, typed
        assert search.homes(connection, typed, {2003}) == set(), typed


def test_the_likeliest_are_some_of_very_many_and_none_of_few(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(connection, street(["陈桂芳"] * ROOMS))
    monkeypatch.setattr(asked, "MANY", ROOMS)
    for typed in ("陈桂芳", "cgf", "1栋"):
        some = search.likeliest(connection, typed, 20)
        assert 0 < len(some) <= 20
        assert some < search.homes(connection, typed)
    for typed in ("1-1-101", "漏水", "0142", ""):
        assert search.likeliest(connection, typed, 20) == set(), typed


NAMES = st.one_of(
    st.text("陈程桂国芳富张仇曾", min_size=1, max_size=3),
    st.sampled_from(
        ["欧阳春华", "阿卜杜克里木·热合曼", "阿依古丽·买买提", "Christopher", "Christophe", "José", "单芳"]
    ),
)
TYPED = st.one_of(
    NAMES,
    st.text("cgfzhsdqe ", min_size=1, max_size=4),
    st.sampled_from(["chen", "zeng", "shan g", "fang", "Christo", "ouyang", "热合曼", "买买提江", "reheman", "zhuang"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(called=st.lists(NAMES, min_size=1, max_size=6), typed=TYPED, room=st.sampled_from(["", "101", "10", "102"]))
def test_it_is_as_if_each_had_been_looked_at(connection: Connection, called: list[str], typed: str, room: str) -> None:
    with connection.begin_nested() as nested:
        filled(connection, street(called))
        patterns = read(typed).patterns
        fit = {2000 + at for at, name in enumerate(called) if best_match(name, patterns)}
        if fit and not room:
            assert search.homes(connection, typed) == fit
        elif fit and not typed.isascii():
            there = {home for home in fit if str(FIRST_ROOM + home - 2000).startswith(room_part(room))}
            assert search.homes(connection, f"{typed} {room}") >= there
        nested.rollback()
