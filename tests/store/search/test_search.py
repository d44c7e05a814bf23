from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from gridworker.store.engine.database import Database
from gridworker.store.search import search
from gridworker.store.search import words as search_words
from tests.store import crowd

DAY = "2026-03-18T01:00:00Z"

GRID, OTHER_GRID = 1, 2
HOUSE, OTHER_HOUSE = 11, 12
ROWS: dict[str, list[dict[str, object]]] = {
    "grid": [{"id": GRID, "name": "第三网格"}, {"id": OTHER_GRID, "name": "第四网格"}],
    "building": [
        {"id": HOUSE, "grid_id": GRID, "estate_name": "师院南苑", "building_name": "3"},
        {"id": OTHER_HOUSE, "grid_id": OTHER_GRID, "estate_name": "湖滨花园", "building_name": "3"},
    ],
    "dwelling": [
        {"id": 21, "building_id": HOUSE, "unit_no": "1", "room_no": "202"},
        {"id": 22, "building_id": HOUSE, "unit_no": "2", "room_no": "501"},
        {"id": 23, "building_id": OTHER_HOUSE, "unit_no": "2", "room_no": "501"},
        {"id": 24, "building_id": HOUSE, "unit_no": "2", "room_no": "502"},
    ],
    "household": [
        {"id": 31, "dwelling_id": 21, "head_id": 41, "status": "active", "contact_phone": "0714-6510777"},
        {"id": 32, "dwelling_id": 22, "head_id": 43, "status": "active"},
        {"id": 33, "dwelling_id": 23, "head_id": 45, "status": "active"},
    ],
    "resident": [
        {"id": 41, "name": "陈桂芳", "phones": "13800000142", "id_last4": "012X", "status": "in_place"},
        {"id": 42, "name": "程国富", "status": "in_place"},
        {"id": 43, "name": "张伟", "status": "in_place", "phones": "13800000555 0714-6510142"},
        {"id": 44, "name": "张伟明", "status": "in_place"},
        {"id": 45, "name": "陈桂芳", "status": "in_place"},
        {"id": 46, "name": "曾乐", "status": "in_place"},
        {"id": 47, "name": "欧阳春华", "status": "moved_out"},
        {"id": 48, "name": "阿依古丽·买买提", "status": "in_place", "note": "说话慢一点"},
        {"id": 49, "name": "单芳", "status": "in_place"},
        {"id": 50, "name": "José", "status": "in_place"},
        {"id": 39, "name": "阿卜杜克里木·热合曼", "status": "in_place"},
    ],
    "household_member": [
        {"id": 51, "household_id": 31, "resident_id": 41},
        {"id": 52, "household_id": 31, "resident_id": 42},
        {"id": 53, "household_id": 32, "resident_id": 43},
        {"id": 54, "household_id": 32, "resident_id": 44},
        {"id": 55, "household_id": 33, "resident_id": 45},
        {"id": 56, "household_id": 33, "resident_id": 46},
        {"id": 57, "household_id": 32, "resident_id": 47, "valid_to": "2026-01-01"},
        {"id": 58, "household_id": 33, "resident_id": 48},
    ],
    "visit": [
        {"id": 61, "household_id": 31, "situation_note": "厨房水管漏水，约好周四上门修。", "started_at": DAY},
        {"id": 62, "household_id": 32, "situation_note": "楼下漏了点水", "started_at": DAY},
    ],
    "issue": [{"id": 71, "title": "燃气软管老化", "household_id": 31, "summary": "发硬了", "issue_no": "SY3-0309"}],
    "issue_step": [{"id": 81, "issue_id": 71, "note": "周四换新管"}],
}  # fmt: skip


@pytest.fixture(scope="module", params=["written", "waiting"])
def connection(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The words are in the index, or are to be written later."""
    waiting = request.param == "waiting"
    with (
        closing(books(tmp_path_factory.mktemp("search"), ROWS, waiting=waiting)) as database,
        database.read() as reading,
    ):
        yield reading


def books(folder: Path, rows: dict[str, list[dict[str, object]]], *, waiting: bool = False) -> Database:
    database = Database(folder / "store.db", bytes(32), create=True)
    with database.write() as writing:
        crowd.create(writing)
        for kind, some in rows.items():
            crowd.insert(writing, kind, some)
        search.refresh(writing, {kind: {int(str(row["id"])) for row in some} for kind, some in rows.items()})
        if not waiting:
            search.purge(writing)
    return database


def found(connection: Connection, typed: str, grid: int | None = None) -> list[str]:
    return [hit.caption for hit in search.find(connection, typed, grid=grid)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cgf", {"陈桂芳", "程国富"}),
        ("chgf", {"陈桂芳", "程国富"}),
        ("陈桂芳", {"陈桂芳"}),
        ("陈桂", {"陈桂芳"}),
        ("桂芳", {"陈桂芳"}),
        ("芳", {"陈桂芳", "单芳"}),
        ("chenguifang", {"陈桂芳"}),
        ("chen'gui'fang", {"陈桂芳"}),
        ("chen gui f", {"陈桂芳"}),
        ("guifang", {"陈桂芳"}),
        ("gf", {"陈桂芳", "程国富"}),
        ("陈gf", {"陈桂芳"}),
        ("zhang w", {"张伟", "张伟明"}),
        ("zhangw", {"张伟", "张伟明"}),
        ("z wei", {"张伟", "张伟明"}),
        ("张伟", {"张伟", "张伟明"}),
        ("zeng", {"曾乐"}),
        ("ceng", {"曾乐"}),
        ("zengyue", {"曾乐"}),
        ("zengle", {"曾乐"}),
        ("zl", {"曾乐"}),
        ("shanf", {"单芳"}),
        ("danf", {"单芳"}),
        ("ouyang", {"欧阳春华"}),
        ("oych", {"欧阳春华"}),
        ("chunhua", {"欧阳春华"}),
        ("买买提", {"阿依古丽·买买提"}),
        ("aygl", {"阿依古丽·买买提"}),
        ("mmt", {"阿依古丽·买买提"}),
        ("maimaiti", {"阿依古丽·买买提"}),
        ("mai mt", {"阿依古丽·买买提"}),
        ("glmmt", {"阿依古丽·买买提"}),
        ("rhm", {"阿卜杜克里木·热合曼"}),
        ("热合曼", {"阿卜杜克里木·热合曼"}),
        ("jose", {"José"}),
        ("012X", {"陈桂芳"}),
        ("13800000142", {"陈桂芳"}),
        ("0555", {"张伟"}),
        ("0142", {"陈桂芳", "张伟"}),
        ("0714-6510142", {"张伟"}),
    ],
)
def test_people_are_found_by(connection: Connection, typed: str, first: set[str]) -> None:
    assert set(found(connection, typed)) == first


@pytest.mark.parametrize("typed", ["陈芳", "cf", "fgc", "zhan w", "9142", "chenguifangx", "漏"])
def test_nobody_is_found_by(connection: Connection, typed: str) -> None:
    assert found(connection, typed) == []


def test_a_whole_name_comes_before_a_longer_one(connection: Connection) -> None:
    assert found(connection, "张伟") == ["张伟", "张伟明"]
    assert found(connection, "zhangwei") == ["张伟", "张伟明"]


def test_the_people_of_the_grid_come_first(connection: Connection) -> None:
    for grid, first in ((GRID, 41), (OTHER_GRID, 45)):
        assert [hit.id for hit in search.find(connection, "陈桂芳", grid=grid)][:1] == [first]
        assert [hit.id for hit in search.find(connection, "cgf", grid=grid)][:1] in ([first], [42])


def test_a_hit_says_where_and_why(connection: Connection) -> None:
    hit = search.find(connection, "cguif", grid=GRID)[0]
    assert (hit.kind, hit.id, hit.household_id, hit.reading) == ("resident", 41, 31, "chén guì fāng")
    assert hit.place == search.Place(31, "", "3栋1单元202", "师院南苑", GRID)
    assert hit.why == search.Why("pinyin", "chén guì fāng", ((0, 1), (5, 8), (9, 10)))


def test_the_matched_characters_of_a_name_are_named(connection: Connection) -> None:
    assert search.find(connection, "桂芳")[0].why == search.Why("name", "陈桂芳", ((1, 3),))
    assert search.find(connection, "买买")[0].why == search.Why("name", "阿依古丽·买买提", ((5, 7),))


def test_another_reading_is_shown_as_it_was_typed(connection: Connection) -> None:
    assert search.find(connection, "cengl")[0].why == search.Why("pinyin", "ceng lè", ((0, 4), (5, 6)))


def test_a_number_is_shown_no_further_than_typed(connection: Connection) -> None:
    assert search.find(connection, "0555")[0].why == search.Why("phones", "0555", ((0, 4),))
    assert search.find(connection, "012x")[0].why == search.Why("id_last4", "012x", ((0, 4),))


def test_who_moved_out_is_found_where_they_lived(connection: Connection) -> None:
    assert search.find(connection, "欧阳")[0].household_id == 32


@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("3-2-501", [("household", 32), ("household", 33)]),
        ("3栋2单元501室", [("household", 32), ("household", 33)]),
        ("3栋501", [("household", 32), ("household", 33)]),
        ("湖滨花园3-2-501", [("household", 33)]),
        ("3-1", [("household", 31)]),
        ("2-502", [("dwelling", 24)]),
        ("3-2-50", [("household", 32), ("dwelling", 24), ("household", 33)]),
        ("502", [("dwelling", 24)]),
        ("湖滨花园3栋", [("building", 12), ("household", 33)]),
        ("4-2-501", []),
    ],
)  # fmt: skip
def test_doors_are_found_those_of_the_grid_first(
    connection: Connection, typed: str, hits: list[tuple[str, int]]
) -> None:
    assert [(hit.kind, hit.id) for hit in search.find(connection, typed, grid=GRID)] == hits


def test_a_building_comes_before_its_doors(connection: Connection) -> None:
    hits = [(hit.kind, hit.id) for hit in search.find(connection, "3栋", grid=GRID)]
    near = [("building", 11), ("household", 31), ("household", 32), ("dwelling", 24)]
    assert hits == [*near, ("building", 12), ("household", 33)]


def test_a_door_says_what_of_it_was_typed(connection: Connection) -> None:
    hit = search.find(connection, "3-2-50", grid=GRID)[0]
    assert (hit.caption, hit.why) == ("张伟", search.Why("door", "3栋2单元501", ((0, 1), (2, 3), (5, 7))))


def test_a_household_is_found_by_its_own_phone(connection: Connection) -> None:
    hit = search.find(connection, "6510777")[0]
    assert (hit.kind, hit.id, hit.caption, hit.why.field) == ("household", 31, "陈桂芳", "contact_phone")


def test_the_phone_of_a_household_that_one_of_it_has_too_finds_that_one_once(tmp_path: Path) -> None:
    home = ROWS["household"][0] | {"contact_phone": "13800000142"}
    rows = ROWS | {"household": [home, *ROWS["household"][1:]]}
    with closing(books(tmp_path, rows)) as database, database.read() as reading:
        hits = search.find(reading, "00000142")
    assert [(hit.kind, hit.id) for hit in hits] == [("resident", 41)]


def test_words_are_found_where_they_were_written(connection: Connection) -> None:
    hit = search.find(connection, "漏水")[0]
    assert (hit.kind, hit.id, hit.household_id, hit.place.head) == ("visit", 61, 31, "陈桂芳")
    assert hit.why == search.Why("situation_note", "厨房水管漏水，约好周四上门修。", ((4, 6),))


def test_words_must_stand_as_they_were_typed(connection: Connection) -> None:
    """The pairs 点水 and 漏了 are there, the word is not."""
    assert [hit.id for hit in search.find(connection, "漏了点水")] == [62]
    assert search.find(connection, "点水漏了") == []


def test_what_is_older_than_many_notes_with_parts_of_the_word_is_found(tmp_path: Path) -> None:
    """They have its pairs, 水管 and 管漏, and not the word; before them there was one who wrote it."""
    note = {"household_id": 31, "situation_note": "查了水管，管漏不漏再看", "started_at": DAY}
    newer = [{"id": 1_000 + at, **note} for at in range(3 * search_words.CANDIDATES)]
    rows = {**ROWS, "visit": [*ROWS["visit"], *newer]}
    with closing(books(tmp_path, rows)) as database, database.read() as connection:
        assert [hit.id for hit in search.find(connection, "水管漏")] == [61]
        assert len({hit.id for hit in search.find(connection, "水管")}) == search.LIMIT


def test_a_step_is_shown_as_its_issue(connection: Connection) -> None:
    for typed in ("换新", "燃气软管", "sy3", "周四 换新"):
        assert [(hit.kind, hit.id, hit.caption) for hit in search.find(connection, typed)] == [
            ("issue", 71, "燃气软管老化")
        ]


def test_a_single_character_is_found_in_the_title_of_an_issue(connection: Connection) -> None:
    """The index has pairs of characters only."""
    [hit] = search.find(connection, "软")
    assert (hit.kind, hit.id, hit.why) == ("issue", 71, search.Why("title", "燃气软管老化", ((2, 3),)))
    assert search.find(connection, "硬") == [], "it stands in the summary"


def test_titles_with_a_single_character_take_nobody_s_place(tmp_path: Path) -> None:
    titles = [{"id": 1_000 + at, "title": f"陈家门口第{at}盏灯", "household_id": 31} for at in range(30)]
    with closing(books(tmp_path, {**ROWS, "issue": titles})) as database, database.read() as connection:
        found = [(hit.kind, hit.id) for hit in search.find(connection, "陈", limit=4)]
    assert {found[0], found[1]} == {("resident", 41), ("resident", 45)}
    assert found[2:] == [("issue", 1_029), ("issue", 1_028)], "the newest first"


def test_a_remark_about_a_person_finds_the_person(connection: Connection) -> None:
    hit = search.find(connection, "慢一点")[0]
    assert (hit.kind, hit.id, hit.why.field, hit.household_id) == ("resident", 48, "note", None)


def test_no_more_hits_than_asked_for_and_each_once(connection: Connection) -> None:
    for typed in ("z", "c", "3栋", "陈", "0142"):
        hits = search.find(connection, typed, limit=2, grid=GRID)
        assert len({(hit.kind, hit.id) for hit in hits}) == len(hits) <= 2


def test_an_empty_query_finds_nothing(connection: Connection) -> None:
    assert search.find(connection, " ' ") == []


PIECES = (
    "陈",
    "桂芳",
    "cgf",
    "zhang",
    "'",
    '"',
    "*",
    "(",
    ")",
    "-",
    "3",
    "2-501",
    "栋",
    "AND",
    "NEAR",
    ":",
    "^",
    " ",
    "\x00",
    "漏水",
    "0142",
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=100) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join), near=st.booleans())
def test_nothing_typed_raises(connection: Connection, typed: str, near: bool) -> None:
    hits = search.find(connection, typed, grid=GRID if near else None)
    for hit in hits:
        assert all(0 <= start < end <= len(hit.why.text) for start, end in hit.why.spans)
