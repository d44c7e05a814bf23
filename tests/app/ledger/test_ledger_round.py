"""Entries of a register, exported and taken in where there are none: they are the same there, and again nothing new."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gridworker.app.ledger.ledgers import ledgers
from gridworker.app.ledger.rows import Asked, ledger_rows
from gridworker.app.roster.export import ExportWish
from gridworker.app.workspace import Workspace
from gridworker.domain.codes_export import IN_FULL
from gridworker.domain.numbering import NUMBERED
from gridworker.errors import Problem
from gridworker.paths import Folder
from gridworker.record import Spec, Type, Value
from gridworker.store.meta import OFFICE_ROLE
from gridworker.store.queries.ledgers import Wanted
from gridworker.store.records import kind_named, page
from gridworker.store.tables.changes import Change
from tests.app.conftest import made
from tests.app.forms import REGISTERS, look, reasons, states
from tests.village import HandClock, Village

pytestmark = pytest.mark.usefixtures("chinese")

TEXTS = st.one_of(
    st.text(alphabet="甲乙丙丁abcXY 0189-./:,=+@'\"（）*，\n", min_size=1, max_size=12),
    st.sampled_from(
        ["007", "1.0", "2026-03-01", "=1+1", "无", "/", "-5", "'3", "TRUE", "3月8日", "找 13800000142", "√"]
    ),
).filter(str.strip)
CHECKED: dict[str, list[str]] = {
    "credit_code": ["91110000600037341L"], "hours": ["0.5", "1", "1.5", "24"], "holder": ["程国强", "王五"],
    "phone": ["13800000144", "0714-6512345", "13800000144 0714-6512345-801"],
}  # fmt: skip
SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(date.isoformat)


@dataclass
class Office:
    """An office with doors, households and staff, each of them told by its name."""

    ws: Workspace
    grid: int
    refs: Mapping[str, list[int]]


def _office(folder: Path, person: str) -> Office:
    ws = Workspace(made(Folder(folder), HandClock(), role=OFFICE_ROLE, laptop=0, person="刘芳"), lambda: None)
    village = Village(ws.session)
    homes = [village.household(f"陈{at}", "3", "1", f"20{at}", household_no=f"H01-{at}") for at in (1, 2)]
    staff = [ws.session.who, village.add("staff", name="周敏", role="grid_worker", active=True)]
    refs = {
        "staff": staff, "household": [home.id for home in homes], "dwelling": [home.dwelling for home in homes],
        "building": [village.building("3")], "grid": [village.grid],
    }  # fmt: skip
    for name in REGISTERS:
        columns = "\n".join(column.name for column in ledgers()[name].columns)
        ws.presets.save({"name": f"{name}{person}", "ledger": name, "columns": columns, "number_form": IN_FULL})
    return Office(ws, village.grid, refs)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office]]:
    """Two offices in the same state; each example leaves their registers empty again."""
    both = [_office(tmp_path_factory.mktemp(name), "全") for name in ("from", "to")]
    yield both[0], both[1]
    for office in both:
        office.ws.session.store.close()


def _value(spec: Spec) -> st.SearchStrategy[Any]:
    if spec.name in CHECKED:
        return st.sampled_from(CHECKED[spec.name])
    match spec.type:
        case Type.CODE if spec.codes:
            return st.sampled_from(sorted(spec.codes.labels))
        case Type.DAY:
            return DAYS
        case Type.MOMENT:
            return st.builds("{}T{:02}:{:02}:00Z".format, DAYS, st.integers(0, 23), st.integers(0, 59))
        case Type.NUMBER:
            return st.integers(1, 300)
        case _:
            return TEXTS


@st.composite
def entry(draw: st.DrawFn, ledger: str, refs: Mapping[str, list[int]]) -> dict[str, Value]:
    """The values of one entry, as its ledger has columns for them; it lies in one place."""
    kind = kind_named(ledgers()[ledger].kind).kind
    fields = {name for one in ledgers()[ledger].columns for name in ledgers()[ledger].fields_of(one)} - {"licence_no"}
    values: dict[str, Any] = {}
    numbered = NUMBERED.get(kind.name, ("",))[0]  # one without a number gets one
    for name in sorted(fields - set(kind.within) - {"address"}):
        spec = kind.specs[name]
        if not spec.required and name != numbered and draw(st.booleans()):
            continue
        values[name] = draw(st.sampled_from(refs[spec.ref]) if spec.ref else _value(spec))
    if kind.within:
        place = draw(st.sampled_from(kind.within))
        values[place] = draw(st.sampled_from(refs[kind.specs[place].ref or ""]))
        if "address" in fields and place == "grid_id":
            values["address"] = draw(st.sampled_from(["花园路 5 号", "菜场", "99栋"]))
    try:
        return kind_named(kind.name).checked(values)
    except Problem:
        assume(False)
        raise


def _rows(office: Office, ledger: str) -> list[list[str]]:
    """What the ledger says, in no order."""
    session = office.ws.session
    asked = Asked(Wanted(session.today()), session.stamp())
    with session.store.db.read() as connection:
        found = ledger_rows(connection, ledger, asked)
    columns = [column.name for column in ledgers()[ledger].columns]
    return sorted([str(row.get(name) or "") for name in columns] for row in found)


def _clear(office: Office, ledger: str) -> None:
    kind = ledgers()[ledger].kind
    with office.ws.session.store.db.read() as connection:
        gone = [Change(kind, id_, alive=False) for id_, _ in page(connection, kind)]
    if gone:
        office.ws.session.write(gone, "delete")


@pytest.mark.parametrize("ledger", REGISTERS)
@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
@given(data=st.data(), suffix=st.sampled_from([".xlsx", ".csv"]))
def test_entries_are_the_same_elsewhere(
    two: tuple[Office, Office], tmp_path: Path, ledger: str, suffix: str, data: st.DataObject
) -> None:
    here, there = two
    declared = ledgers()[ledger]
    told = [name for one in declared.told_by for name in declared.fields_of(declared.column(one))]
    number = declared.number
    lists = st.lists(
        entry(ledger, here.refs), min_size=1, max_size=4,
        unique_by=(lambda one: tuple(one.get(name) for name in told), lambda one: one.get(number) or id(one)),
    )  # fmt: skip
    made_here = data.draw(lists)
    kind = ledgers()[ledger].kind
    session = here.ws.session
    session.write([Change(kind, session.new_id(), values, create=True) for values in made_here], "create")
    path = tmp_path / f"out{suffix}"
    try:
        here.ws.rosters.export(ExportWish(path, "report", preset=f"{ledger}全"))
        preview = look(there.ws, path)
        assert (set(states(preview)), reasons(preview)) == ({"new"}, "")
        there.ws.rosters.keep(preview)
        assert _rows(there, ledger) == _rows(here, ledger)
        for office in two:
            again = look(office.ws, path)
            assert (set(states(again)), again.writes) == ({"same"}, False)
    finally:
        for office in two:
            _clear(office, ledger)
