"""The tree of divisions."""

import csv

import pytest

from gridworker import resources
from gridworker.domain.divisions import Divisions
from gridworker.errors import NotFound, Problem

ROWS = [
    {"code": "42", "name": "湖北省", "level": "province", "parent_code": ""},
    {"code": "4202", "name": "黄石市", "level": "city", "parent_code": "42"},
    {"code": "420202", "name": "黄石港区", "level": "district", "parent_code": "4202"},
    {"code": "420202006", "name": "黄石港街道", "level": "subdistrict", "parent_code": "420202"},
    {"code": "420202006001", "name": "甲社区", "level": "community", "parent_code": "420202006"},
    {"code": "420202006002", "name": "乙社区", "level": "community", "parent_code": "420202006"},
]


def test_names_from_the_top_down_to_the_community() -> None:
    tree = Divisions(ROWS)
    assert len(tree) == 6
    assert [division.name for division in tree.chain("420202006001")] == [
        "湖北省", "黄石市", "黄石港区", "黄石港街道", "甲社区",
    ]  # fmt: skip
    assert tree.community("420202006001") == {
        "code": "420202006001", "name": "甲社区", "province": "湖北省", "city": "黄石市", "district": "黄石港区",
        "subdistrict": "黄石港街道",
    }  # fmt: skip


def test_looking_below_and_for_a_name() -> None:
    tree = Divisions(iter(ROWS))
    assert [division.code for division in tree.below()] == ["42"]
    assert [division.name for division in tree.below("420202006")] == ["甲社区", "乙社区"]
    assert tree.below("420202006002") == ()
    assert [division.name for division in tree.search("乙")] == ["乙社区"]
    assert [division.name for division in tree.search("黄石", "city")] == ["黄石市"]
    assert tree.search("  ") == ()


@pytest.mark.parametrize("code", ["99", ""])
def test_unknown_codes_are_named(code: str) -> None:
    with pytest.raises(NotFound):
        Divisions(ROWS).find(code)


def test_only_a_community_is_one() -> None:
    with pytest.raises(Problem, match="no community"):
        Divisions(ROWS).community("420202")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"code": "", "name": "x", "level": "city"}],
        [{"code": "42", "name": "x", "level": "planet"}],
        [{"name": None}],
    ],
)
def test_files_that_are_no_divisions(rows: list[dict[str, str | None]]) -> None:
    with pytest.raises(Problem):
        Divisions(rows)


def test_a_ring_in_the_file_ends() -> None:
    rows = [
        {"code": "1", "name": "a", "level": "city", "parent_code": "2"},
        {"code": "2", "name": "b", "level": "city", "parent_code": "1"},
    ]
    assert len(Divisions(rows).chain("1")) <= 6


def test_the_table_that_ships_is_one_tree() -> None:
    with resources.path("divisions", "huangshi.csv").open(encoding="utf-8-sig", newline="") as file:
        tree = Divisions(csv.DictReader(file))
    assert len(tree) == 1105
    communities = tree.search("4", "community")
    assert len(communities) == 1040
    for division in communities:
        assert set(tree.community(division.code)) == {"code", "name", "province", "city", "district", "subdistrict"}
