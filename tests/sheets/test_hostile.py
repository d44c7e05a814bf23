"""Whatever stands in a file, the answer is a roster or a sentence: never a crash."""

import io
import random
import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridworker.domain.codes import RELATION
from gridworker.errors import RosterProblem
from gridworker.sheets.cells import Cell, CellError, text_of
from gridworker.sheets.days import read_day
from gridworker.sheets.people import Roster
from gridworker.sheets.read import Book, Loaded, Sheet
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Error, Rows, id_number, ods, xls, xlsx

WORDS = [
    "姓名", "身份证号", "与户主关系", "楼栋", "单元", "室", "家庭住址", "出生日期", "联系电话", "人员类别", "备注",
    "户主", "低保", "同上", "合计", "√", "张三",
    "3栋2单元501室", "1980.5", "13800000001", "=1+1", "#N/A", "\u202e", "  ", "3-2-501", id_number(), "变动情况",
    "死亡", "证件类型", "户号", "小区",
]  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=20),
    st.floats(),
    st.integers(-(10**20), 10**20),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.just(CellError("#REF!")),
    st.just(""),
)
ROWS = st.lists(st.lists(CELLS, max_size=12), max_size=12)


def read(rows: list[list[Cell]], monkeypatch: pytest.MonkeyPatch, name: str | None = "台账") -> Roster | None:
    book = Book([Sheet(name, hidden=False, load=lambda: Loaded([list(row) for row in rows]))])
    monkeypatch.setattr("gridworker.sheets.roster.read_book", lambda _path: book)
    with suppress(RosterProblem):
        return read_roster(Path("a.xlsx"), today=TODAY)
    return None


@given(rows=ROWS, name=st.sampled_from([None, "台账", "3栋", "1"]))
def test_any_cells_give_a_roster_or_a_sentence(rows: list[list[Cell]], name: str | None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        roster = read(rows, patch, name)
        if roster is not None:
            roster.to_neutral()


@given(rows=ROWS)
def test_any_cells_under_a_header(rows: list[list[Cell]]) -> None:
    header: list[Cell] = [
        "姓名",
        "身份证号",
        "与户主关系",
        "楼栋",
        "单元",
        "室",
        "家庭住址",
        "出生日期",
        "联系电话",
        "人员类别",
        "低保",
        "变动情况",
    ]
    with pytest.MonkeyPatch.context() as patch:
        roster = read([header, *rows], patch)
        if roster is None:
            return
        for person in roster.residents:
            assert person.name == person.name.strip() != ""
            assert person.id_number is None or len(person.id_number) in {15, 18}
            assert person.relation_code is None or person.relation_code in RELATION
            assert person.birth_date is None or person.birth_date <= TODAY.isoformat()
        numbers = [person.id_number for person in roster.residents if person.id_number]
        assert len(numbers) == len(set(numbers))
        rows_told = [person.row for person in roster.residents] + [person.row for person in roster.rejected]
        assert len(rows_told) == len(set(rows_told))
        assert all(str(finding) for finding in roster.findings)


@given(CELLS)
def test_any_cell_is_a_text_and_perhaps_a_day(cell: Cell) -> None:
    assert text_of(cell) == text_of(cell).strip()
    day = read_day(cell, date(2025, 1, 1))
    assert day.text is None or not day.fault
    assert isinstance(cell, datetime | date | time | timedelta | str | int | float | CellError)


LEDGER: Rows = [
    ["姓名", "身份证号", "楼栋", "单元", "室", "出生日期", "备注"],
    *[
        ["张三", id_number(order=n), "3", "2", str(500 + n), date(1980, 5, 26), Error() if n % 5 == 0 else "好"]
        for n in range(1, 30)
    ],
]


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    folder = tmp_path_factory.mktemp("ledgers")
    return [
        (make.__name__, make(folder / f"a.{make.__name__}", {"台账": LEDGER}).read_bytes()) for make in (xlsx, ods, xls)
    ]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, or cut out, or doubled."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(changed) or 1)
        match chance.randrange(4):
            case 0:
                changed[at : at + 1] = chance.randbytes(1)
            case 1:
                del changed[at : at + chance.randint(1, 40)]
            case 2:
                changed[at:at] = changed[at : at + chance.randint(1, 40)]
            case _:
                changed[at : at + 4] = chance.randbytes(4)
    return bytes(changed)


def repacked(data: bytes, chance: random.Random) -> bytes:
    """A zip archive that holds together, with the content of one member changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        chosen = chance.choice([name for name in source.namelist() if name.endswith(".xml")])
        for name in source.namelist():
            member = source.read(name)
            target.writestr(name, mutated(member, chance) if name == chosen else member)
    return out.getvalue()


def test_mutated_workbooks_never_crash(
    originals: list[tuple[str, bytes]], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(20251123)
    for number in range(210):
        suffix, data = originals[number % 3]
        content = repacked(data, chance) if suffix != "xls" and number % 2 else mutated(data, chance)
        path = tmp_path / f"{number}.{suffix}"
        path.write_bytes(content)
        with suppress(RosterProblem):
            read_roster(path, today=TODAY)
    capfd.readouterr()  # the reader of spreadsheets says on stderr where it panicked


@settings(max_examples=200)
@given(st.binary(max_size=400), st.sampled_from([".xlsx", ".xls", ".ods", ".csv", ".txt"]))
def test_any_bytes_never_crash(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    with pytest.raises(RosterProblem):
        read_roster(path, today=TODAY)
