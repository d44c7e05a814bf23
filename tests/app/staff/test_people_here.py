"""Several people at one computer: each with a name and a passphrase; whoever unlocked is who acts."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from gridworker.app.openers import who_opens
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, NotFound, Problem, StoreBusy, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.keys.kdf import CHEAP
from tests.circle import PASSPHRASE, Circle, made_visit

SECOND, THIRD = "second person here", "三只蓝猫 爱喝 绿豆汤"


def opened(folder: Path, passphrase: str = PASSPHRASE, slot: str | None = None) -> Workspace:
    return Workspace.open(folder, passphrase, slot=slot, profile=CHEAP)


@pytest.fixture
def folder(circle: Circle) -> Path:
    """An office where 刘芳 founded and 王强 works too."""
    circle.office.devices.add_staff({"name": "王强", "role": "office"})
    circle.close("office")
    return circle.folder / "office"


def test_whoever_unlocks_is_who_acts(folder: Path) -> None:
    first = opened(folder)
    [me] = first.people_here.listed()
    assert (me.name, me.own, me.person) == ("刘芳", True, first.session.who)
    [(other, name)] = first.people_here.candidates()
    assert name == "王强"
    first.people_here.add(other, SECOND)
    assert first.people_here.candidates() == []
    founder = first.session.who
    first.close()
    second = opened(folder, SECOND)
    assert second.session.who == other
    grid = second.devices.add_grid("第一网格")
    made = [
        row.values["staff_id"] for row in second.records.page("audit_event", limit=50) if row.values["record"] == grid
    ]
    assert made == [other]
    assert [event.who for event in second.records.history("grid", grid)] == [other]
    second.close()
    again = opened(folder)
    assert again.session.who == founder
    again.close()


def test_the_unlock_page_lists_them_and_tries_the_one_chosen(folder: Path) -> None:
    assert [one.name for one in who_opens(folder, CHEAP)] == [""]
    first = opened(folder)
    first.people_here.add(first.people_here.candidate("王强"), SECOND)
    first.close()
    listed = {one.name: one.slot for one in who_opens(folder, CHEAP)}
    assert set(listed) == {"刘芳", "王强"}
    with pytest.raises(WrongPassphrase):
        opened(folder, SECOND, listed["刘芳"])
    opened(folder, SECOND, listed["王强"]).close()


def test_a_new_name_is_on_the_unlock_page_after_the_next_unlock(folder: Path) -> None:
    first = opened(folder)
    other = first.people_here.candidate("王强")
    first.people_here.add(other, SECOND)
    first.records.save("staff", {"name": "王小强"}, other)
    first.close()
    opened(folder).close()
    assert {one.name for one in who_opens(folder, CHEAP)} == {"刘芳", "王小强"}


def test_a_removed_person_is_out_and_what_they_wrote_stays(folder: Path) -> None:
    first = opened(folder)
    first.people_here.add(first.people_here.candidate("王强"), SECOND)
    first.close()
    second = opened(folder, SECOND)
    grid = second.devices.add_grid("第一网格")
    with pytest.raises(Problem, match="yourself"):
        second.people_here.remove(second.people_here.named("王强").slot)
    second.close()
    first = opened(folder)
    first.people_here.remove(first.people_here.named("王强").slot)
    assert [event.who for event in first.records.history("grid", grid)] == [first.people_here.candidate("王强")]
    assert [name for _, name in first.people_here.candidates()] == ["王强"]
    with pytest.raises(Problem, match="last passphrase"):
        first.people_here.remove(first.people_here.named("刘芳").slot)
    with pytest.raises(NotFound):
        first.people_here.named("王强")
    first.close()
    with pytest.raises(WrongPassphrase):
        opened(folder, SECOND)


def test_a_passphrase_is_changed_with_the_present_one(folder: Path) -> None:
    first = opened(folder)
    with pytest.raises(WrongPassphrase):
        first.people_here.change(SECOND, THIRD)
    with pytest.raises(Problem, match="too short"):
        first.people_here.change(PASSPHRASE, "short")
    first.people_here.change(PASSPHRASE, THIRD)
    details = [
        row.values["detail"] for row in first.records.page("audit_event", limit=50) if row.values["action"] == "key"
    ]
    first.close()
    assert details == ["passphrase"]
    opened(folder, THIRD).close()
    with pytest.raises(WrongPassphrase):
        opened(folder)


def test_key_files_that_were_set_back_are_on_record(folder: Path) -> None:
    """Whoever was taken off and has an old copy of the key files gets in with it, but not unnoticed."""
    first = opened(folder)
    first.people_here.add(first.people_here.candidate("王强"), SECOND)
    first.close()
    copies = {path: path.read_bytes() for path in (Folder(folder).keys, Folder(folder).keys_copy)}
    first = opened(folder)
    first.people_here.remove(first.people_here.named("王强").slot)
    first.close()
    opened(folder).close()
    for path, data in copies.items():
        path.write_bytes(data)
    back = opened(folder, SECOND)
    rows = back.records.page("audit_event", limit=50)
    back.close()
    assert [row.values["staff_id"] for row in rows if row.values["detail"] == "key files set back"] == [
        back.session.who
    ]


def test_the_office_is_told_where_key_files_were_set_back(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    circle.office.devices.add_staff({"name": "孙志", "role": "grid_worker"})
    folder = circle.enrol("周敏", grid).session.folder
    circle.close("laptop-1")
    first = opened(folder.root)
    first.people_here.add(first.people_here.candidate("孙志"), SECOND)
    first.close()
    copies = {path: path.read_bytes() for path in (folder.keys, folder.keys_copy)}
    first = opened(folder.root)
    first.people_here.remove(first.people_here.named("孙志").slot)
    circle.office.exchange.merge(first.exchange.pack(circle.stick))
    first.close()
    assert circle.office.audit.alarms() == [], "somebody was taken off, and that is all"
    for path, data in copies.items():
        path.write_bytes(data)
    back = opened(folder.root, SECOND)
    circle.office.exchange.merge(back.exchange.pack(circle.stick))
    back.close()
    (alarm,) = circle.office.audit.alarms()
    assert alarm.startswith("Laptop 1: on ")
    assert "its key files were older than before" in alarm


def test_every_change_of_people_is_on_record(folder: Path) -> None:
    first = opened(folder)
    other = first.people_here.candidate("王强")
    first.people_here.add(other, SECOND)
    first.people_here.remove(first.people_here.named("王强").slot)
    found = [
        (row.values["detail"], row.values["record"])
        for row in first.records.page("audit_event", limit=50)
        if row.values["action"] == "key"
    ]
    first.close()
    assert sorted(found, key=str) == [("person added", other), ("person removed", other)]


def test_what_was_refused_is_not_on_record_as_done(folder: Path) -> None:
    """Who reads the log would take somebody for a person with a passphrase, or without one, who is not."""
    first = opened(folder)
    first.people_here.add(first.people_here.candidate("王强"), SECOND)
    sun = first.records.save("staff", {"name": "孙志", "role": "duty"}).id
    first.close()
    second = opened(folder, SECOND)
    here = second.people_here
    own, other = (here.named(name).slot for name in ("王强", "刘芳"))
    before = [row for row in second.audit.here() if row.action == "key"]
    with pytest.raises(Problem, match="Somebody here has this passphrase"):
        here.add(sun, PASSPHRASE)
    with pytest.raises(Problem, match="Somebody here has this passphrase"):
        here.change(SECOND, PASSPHRASE)
    with pytest.raises(Problem, match="yourself"):
        here.remove(own)
    with pytest.raises(Problem, match="Nobody has"):
        here.remove("0123456789abcdef")
    here.remove(other)
    with pytest.raises(Problem, match="last passphrase"):
        here.remove(own)
    after = [row for row in second.audit.here() if row.action == "key"]
    second.close()
    assert [row.detail for row in before] == ["Passphrase of another person added"]
    assert [row.detail for row in after[: -len(before)]] == ["Passphrase of a person taken away"]


def test_what_the_disk_refused_is_on_record_as_not_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened(folder)
    first.people_here.add(first.people_here.candidate("王强"), SECOND)
    slot = first.people_here.named("王强").slot
    with monkeypatch.context() as full:
        full.setattr("gridworker.store.keys.vault.write_durably", Mock(side_effect=DiskFull("full")))
        with pytest.raises(DiskFull):
            first.people_here.remove(slot)
        with pytest.raises(DiskFull):
            first.people_here.change(PASSPHRASE, THIRD)
    found = [(row.about, row.detail) for row in first.audit.here() if row.action == "key"]
    first.close()
    assert found[:-1] == [
        ("", "Nothing was written"), ("", "Passphrase changed"),
        ("Staff member 王强", "Nothing was written"), ("Staff member 王强", "Passphrase of a person taken away"),
    ]  # fmt: skip
    opened(folder, SECOND).close()


def test_only_staff_get_one_and_a_long_enough_one(folder: Path) -> None:
    first = opened(folder)
    with pytest.raises(NotFound):
        first.people_here.add(12345, SECOND)
    with pytest.raises(Problem, match="too short"):
        first.people_here.add(first.people_here.candidate("王强"), "abc")
    with pytest.raises(NotFound):
        first.people_here.candidate("刘芳")
    first.close()


def test_what_several_people_write_on_one_laptop_is_told_apart_at_the_office(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    circle.office.devices.add_staff({"name": "赵海", "role": "grid_worker"})
    circle.enrol("周敏", grid)
    circle.close("laptop-1")
    laptop = circle.folder / "laptop-1"
    first = opened(laptop)
    made_visit(first, family.household)
    first.people_here.add(first.people_here.candidate("赵海"), SECOND)
    first.close()
    second = opened(laptop, SECOND)
    made_visit(second, family.household)
    merged = circle.office.exchange.merge(second.exchange.pack(circle.stick))
    second.close()
    assert merged.trip
    names = {id_: name for id_, name, _ in circle.office.devices.staff()}
    visits = circle.office.records.page("visit", limit=10)
    writers = {names[event.who] for row in visits for event in circle.office.records.history("visit", row.id)}
    assert writers == {"周敏", "赵海"}
    assert circle.office.asides.waiting() == []


def test_a_window_that_only_reads_changes_no_slots(folder: Path) -> None:
    first, reader = opened(folder), opened(folder)
    with pytest.raises(StoreBusy):
        reader.people_here.change(PASSPHRASE, THIRD)
    with pytest.raises(StoreBusy):
        reader.people_here.add(1, SECOND)
    reader.close()
    first.close()
