"""The plan of an import, where nobody is here yet: who is new, with nothing to say of them, is planned as anybody."""

from itertools import count
from pathlib import Path

import pytest

from gridworker.app.ledger.preview_rows import RowPlan
from gridworker.app.roster import newcomers as roster_newcomers
from gridworker.app.roster.estates import Estates
from gridworker.app.roster.newcomers import Newcomers
from gridworker.app.roster.plan import Planner
from gridworker.app.roster.register import Register
from gridworker.sheets.people import Resident
from gridworker.sheets.roster import read_roster
from gridworker.store.tables.changes import Change
from tests.sheets.ledgers import TODAY, Rows, id_number, xlsx

LEDGER: Rows = [
    ["楼栋", "单元", "房号", "姓名", "与户主关系", "身份证号", "电话", "标签", "备注", "变动情况"],
    ["3", "2", "501", "陈桂芳", "户主", id_number("19410503", 142), "13800000142", "独居老人 低保", "下午在家", ""],
    ["3", "2", "501", "曾乐", "", id_number("20100503", 1), "", "", "", ""],
    ["3", "", "一楼", "李强", "户主", id_number("19700503", 1), "", "", "", "迁出"],
    ["3", "", "一楼", "李刚", "长子", id_number("19950503", 1), "", "", "", ""],
    ["综合楼", "", "", "王五", "户主", id_number("19700504", 1), "12345678", "", "", ""],
    ["4", "1", "101", "赵六", "租户", "", "", "", "", ""],
]


def planned(path: Path) -> tuple[list[RowPlan], list[str], list[Change]]:
    """Rows, what is new in the words of what it is about (ids come in another order), and changes."""
    nobody = Register(7, {}, {}, {}, {}, {}, {}, {}, {}, {}, Estates(()))
    plan = Planner(nobody, count(1000), TODAY).plan(read_roster(path, today=TODAY))
    new = {change.record: change for change in plan.new.changes()}

    def told(record: object) -> object:
        if not isinstance(record, int) or record not in new:
            return record
        return new[record].kind, [(name, told(value)) for name, value in sorted(new[record].values.items())]

    return list(plan.rows), sorted(str(told(record)) for record in new), plan.changes


@pytest.mark.parametrize("gone", ["户主", "长子"])
@pytest.mark.parametrize("together", [1, 2, 1000])
def test_who_is_new_with_nothing_to_say_of_them_is_planned_as_anybody(
    gone: str, together: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = [[gone if row[9] == "迁出" and cell == "户主" else cell for cell in row] for row in LEDGER]
    path = xlsx(tmp_path / "a.xlsx", {"台账": ledger})
    monkeypatch.setattr(roster_newcomers, "TOGETHER", together)
    taken: list[str] = []
    add = Newcomers.add

    def noted(self: Newcomers, planner: Planner, person: Resident) -> bool:
        taken.append(person.name)
        return add(self, planner, person)

    monkeypatch.setattr(Newcomers, "add", noted)
    quickly = planned(path)
    monkeypatch.setattr(Newcomers, "add", lambda *_person: False)
    assert planned(path) == quickly
    assert taken == ([] if gone == "户主" else ["陈桂芳", "曾乐", "李强", "李刚"])  # where a head is gone, one by one
    assert len(quickly[0]) == 6
