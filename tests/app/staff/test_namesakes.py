"""Two of the staff have the same name: who did what, who unlocks and who is meant is told apart."""

from pathlib import Path

import pytest

from gridworker.app.access.audit import Filter
from gridworker.app.openers import who_opens
from gridworker.app.staff.namesakes import meant, told_apart
from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound
from gridworker.store.keys.kdf import CHEAP
from tests.circle import PASSPHRASE, Circle

SECOND = "second person here"


def test_who_is_alone_with_a_name_is_called_by_it() -> None:
    names = {11_234: "王芳", 55_678: "王芳", 7: "刘芳", 8: "", 9: ""}
    called = told_apart(names)
    assert called == {11_234: "王芳 …1234", 55_678: "王芳 …5678", 7: "刘芳", 8: "", 9: ""}
    assert [meant(given, names) for given in ("王芳", "王芳 …5678", "11234", "刘芳", "周敏")] == [
        [11_234, 55_678], [55_678], [11_234], [7], [],
    ]  # fmt: skip
    assert meant("王芳", names, [55_678]) == [55_678]


def test_two_of_one_name_are_told_apart_wherever_it_matters(circle: Circle, tmp_path: Path) -> None:
    folder = circle.folder / "office"
    founder = circle.office.session.who
    other = circle.office.devices.add_staff({"name": "刘芳", "role": "office"})
    circle.office.people_here.add(circle.office.people_here.candidate(str(other)), SECOND)
    circle.close("office")
    named = {one.person: one.name for one in who_opens(folder, CHEAP)}
    assert named == {founder: f"刘芳 …{founder % 10_000:04d}", other: f"刘芳 …{other % 10_000:04d}"}
    second = Workspace.open(folder, SECOND, profile=CHEAP)
    second.devices.add_grid("第一网格")
    (view,) = second.audit.everywhere(Filter(actions=("create",), staff=other))
    assert view.who == named[other]
    assert dict(second.audit.people()) == named
    assert second.audit.staff(str(other)) == second.audit.staff(named[other]) == other
    assert second.people_here.named(named[founder]).person == founder
    grid = second.devices.grid("第一网格")
    ways = (
        second.audit.staff, second.people_here.named, second.people_here.candidate, second.drafts.somebody,
        lambda name: second.devices.issue_kit(name, [grid], tmp_path / "kit.gwk"),
    )  # fmt: skip
    for way in ways:
        with pytest.raises(NotFound, match=r"刘芳 (is among|is not among|has)"):
            way("刘芳")
    second.close()
    Workspace.open(folder, PASSPHRASE, profile=CHEAP).close()
