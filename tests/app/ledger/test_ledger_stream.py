"""Ledgers that are read as they are written: the same rows in the same order, broken off without a trace."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gridworker.app.ledger import stream as ledger_stream
from gridworker.app.ledger.rows import Asked, ledger_rows
from gridworker.app.ledger.stream import EntryStream, LedgerStream
from gridworker.app.roster.export import ExportWish
from gridworker.app.workspace import Workspace
from gridworker.store.queries.ledgers import Wanted
from tests.village import Village


class Broken(Exception):
    """What a person raises who does not want it any more."""


@pytest.fixture
def village(office: Workspace) -> Village:
    village = Village(office.session)
    for building, room, head in (("10", "101", "甲"), ("2", "1002", "乙"), ("2", "201", "丙"), ("3", "", "丁")):
        home = village.household(f"陈{head}", building, "1", room or "1")
        village.member(home, f"李{head}", "20")
        village.care(home, "C1", person=f"陈{head}")
    gone = village.household("走了", "2", "1", "301")
    village.change("household", gone.id, {"status": "moved_out"})
    village.add("household", status="active", head_name="无门")
    return village


@pytest.mark.parametrize("ledger", ["residents", "households"])
def test_they_are_those_of_the_whole(
    office: Workspace, village: Village, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_stream, "AT_A_TIME", 2)
    told: list[object] = []
    for grid in (None, village.grid):
        asked = Asked(Wanted(office.session.today(), grid), office.session.stamp())
        with office.session.store.db.read() as connection:
            whole, stream = ledger_rows(connection, ledger, asked), LedgerStream(connection, ledger, asked)
        assert list(stream.rows(office.session.store.db, told.append)) == whole
        assert stream.size == len(whole)
    assert told == {"residents": [2, 6, 4], "households": [2, 4, 2]}[ledger]


@pytest.mark.parametrize("ledger", ["visits", "issues", "disputes", "requests", "volunteering"])
def test_entries_are_those_of_the_whole(
    office: Workspace, village: Village, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_stream, "AT_A_TIME", 2)
    home = village.household("陈戊", "4", "1", "101")
    for day in ("2026-03-03", "2026-03-01", "2026-03-05", "2026-03-01"):
        village.visit(home, day, note=f"第{day}次")
        issue = village.issue(f"漏水{day}", "B", at=f"{day}T01:00:00Z", home=home)
        village.step(issue, "note", at=f"{day}T02:00:00Z", note="看过了")
        village.add("service_request", household_id=home.id, item="代办", requested_on=day, request_no=f"R{issue}")
        village.add("volunteer_service", household_id=home.id, name="李", day=day, hours="2", content="探访")
    period: Any = {"since": date(2026, 3, 1), "until": date(2026, 3, 3)}
    for asked in (Asked(Wanted(office.session.today(), village.grid), office.session.stamp()),
                  Asked(Wanted(office.session.today()), office.session.stamp(), **period)):  # fmt: skip
        with office.session.store.db.read() as connection:
            whole, stream = ledger_rows(connection, ledger, asked), EntryStream(connection, ledger, asked)
        assert list(stream.rows(office.session.store.db)) == whole
        assert (stream.size, len(whole)) == ((4, 4) if asked.since is None else (3, 3))


def test_a_lot_of_entries_reads_no_other(office: Workspace) -> None:
    from gridworker.store.queries import ledgers

    for statement, _ in ledgers.ENTRIES.values():
        narrow = ledgers.narrowed(statement)
        parameters = ledgers._parameters(Wanted(office.session.today(), entries=(1,)))
        with office.session.store.db.read() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {narrow}", parameters).fetchall()
        read = {row[3] for row in plan if row[3].startswith("SCAN") and "json_each" not in row[3]}
        assert read <= {"SCAN issue"}, "once, for the numbers of those that came of visits"


def test_a_lot_of_them_reads_no_other_household(office: Workspace) -> None:
    from gridworker.store.queries import ledgers

    for statement in (ledgers._RESIDENTS, ledgers._HOUSEHOLDS):
        narrow = statement.replace(ledgers._WANTED, ledgers._THESE)
        parameters = {"grid": None, "today": "2026-03-18", "wanted": "[1]"}
        with office.session.store.db.read() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {narrow}", parameters).fetchall()
        assert not [row[3] for row in plan if row[3].startswith("SCAN") and "json_each" not in row[3]]


def test_one_that_is_broken_off_leaves_nothing(
    office: Workspace, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_stream, "AT_A_TIME", 2)

    def stop(_rows: object) -> None:
        raise Broken

    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 old")
    with pytest.raises(Broken):
        office.rosters.export(ExportWish(path, "report"), stop)
    assert (path.read_bytes(), [*tmp_path.glob("*.part")]) == (b"PK\x03\x04 old", [])
    assert [(row.action, row.count) for row in office.audit.everywhere(limit=2)] == [("export", 0), ("export", 8)]
    assert office.rosters.export(ExportWish(path, "report")) == 8
