"""A value that is none, from a broken or hostile program, breaks no page: it stays in the log and is not shown."""

from collections.abc import Iterator

import pytest

from gridworker import discover
from gridworker.app.workspace import Workspace
from gridworker.record import Spec, Type
from gridworker.store.health.check import check
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act
from tests.village import Village

KINDS = (
    "resident",
    "household",
    "household_member",
    "consent",
    "care_membership",
    "visit",
    "issue",
    "issue_step",
    "need",
)


def _bad(kind: str) -> Iterator[tuple[Spec, str | int]]:
    """Values that none of its fields may have."""
    for spec in discover.kinds()[kind].kind.specs.values():
        match spec.type:
            case Type.DAY | Type.MOMENT:
                yield from ((spec, value) for value in ("someday", "9999-12-31", "9999-12-31T23:59:59Z", 5))
            case Type.CODE | Type.CODES | Type.MARKS:
                yield spec, "newer"
            case Type.NUMBER | Type.FLAG:
                yield from ((spec, value) for value in ("five", -(2**62)))
            case Type.REF:
                pass
            case _:
                yield from ((spec, value) for value in ("?", 5))


@pytest.fixture
def full(village: Village) -> dict[str, int]:
    """A household with one record of each kind."""
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    resident = home.people["陈桂芳"]
    issue = village.issue("燃气软管老化", at="2026-03-17T01:00:00Z", home=home)
    village.step(issue, "resolve", at="2026-03-17T02:00:00Z")
    return {
        "household": home.id, "resident": resident,
        "household_member": village.member(home, "陈亮", "20"),
        "consent": village.add("consent", household_id=home.id, purpose="file", scope="basic", method="oral",
                               given_on="2026-03-01"),
        "care_membership": village.care(home, "C3", cadence="V1", person="陈桂芳"),
        "visit": village.visit(home, "2026-03-09", note="女儿周末才能来。"),
        "issue": issue,
        "need": village.add("need", household_id=home.id, title="扶手", raised_on="2026-03-10",
                            need_kind="living", status="queued"),
    }  # fmt: skip


def write(workspace: Workspace, kind: str, place: tuple[int, int], value: str | int, over: int) -> int:
    """An op as a bundle might bring it. Returns its clk."""
    store, (record, number) = workspace.session.store, place
    vals = pack_edits(record, [Edit(number, value, (over,))])
    row = OpRow(store.new_id(), discover.kinds()[kind].kind.number, record, What.EDIT, 0, vals)
    store.apply(Incoming([row], [Author(7, 0)], Act("merge", workspace.session.who)))
    return row.clk


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_breaks_a_page(kind: str, workspace: Workspace, full: dict[str, int]) -> None:
    building = workspace.records.page("building")[0].id
    household, record = full["household"], full.get(kind) or workspace.records.page(kind)[0].id
    over: dict[int, int] = {}
    for spec, value in _bad(kind):
        over[spec.number] = write(workspace, kind, (record, spec.number), value, over.get(spec.number, record))
        workspace.today.view()
        workspace.issues.view()
        workspace.issues.detail(full["issue"])
        assert workspace.households.file(household).home.door == "3栋1单元202"
        assert [row.id for row in workspace.households.rows(workspace.households.ids("", "door"))] == [household]
        workspace.search.find("陈")
        workspace.buildings.view(building)
        assert check(workspace.session.store) == []
