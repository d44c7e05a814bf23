"""What the command line says of bundles beside what they brought: what is missing, set aside, for another office."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.cli.main import main
from gridworker.store.health.lives import take_new_life
from tests.circle import Circle, made_visit
from tests.pictures import photo
from tests.village import HandClock

Say = Callable[..., str]


@pytest.fixture
def say(circle: Circle, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs a command at the office that is open already. Returns what it printed, its exit status last."""

    @contextmanager
    def workspace(_dir: Path | None, _file: Path | None) -> Iterator[Workspace]:
        yield circle.office

    for group in ("bundle", "device", "store"):
        monkeypatch.setattr(f"gridworker.cli.{group}.workspace", workspace)

    def run(*words: object) -> str:
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        assert captured.err in ("", "No bundle is missing.\n")
        return f"{captured.out}{status}"

    return run


@pytest.fixture
def laptop(circle: Circle) -> Workspace:
    grid = circle.office.devices.add_grid("第一网格")
    household = circle.family(grid).household
    laptop = circle.enrol("周敏", grid)
    circle.hand_in(laptop)
    circle.reply(laptop)
    made_visit(laptop, household)
    return laptop


def test_missing_bundles_and_changes_set_aside_are_said(circle: Circle, laptop: Workspace, say: Say) -> None:
    whole = say("bundle", "merge", laptop.exchange.pack(circle.stick))
    assert "never came" not in whole
    laptop.exchange.pack(circle.stick).unlink()
    said = say("bundle", "merge", laptop.exchange.pack(circle.stick))
    assert "Bundle 3 before it never came; this one brought what was in it." in said
    assert "set aside" not in whole
    for _ in range(2):
        laptop.exchange.pack(circle.stick).unlink()
    said = say("bundle", "merge", laptop.exchange.pack(circle.stick))
    assert "Bundles 5, 6 before it never came; this one brought what was in them." in said
    circle.office.devices.revoke(1)
    laptop.records.save("building", {"building_name": "9", "grid_id": circle.office.grids.of(1)[0][0]})
    said = say("bundle", "merge", laptop.exchange.pack(circle.stick))
    assert "changes were set aside: see bundle aside." in said


def test_a_bundle_that_could_not_be_read_is_among_those_that_are_missing(
    circle: Circle, laptop: Workspace, say: Say
) -> None:
    sent = laptop.exchange.pack(circle.stick)
    whole = sent.read_bytes()
    sent.write_bytes(whole[:-30])
    assert say("bundle", "merge", sent).endswith("1")
    said = say("bundle", "missing")
    assert f"Bundle {sent.name.split('-')[1]} of laptop 1: a file of that name came today" in said
    assert '"came": "2026' in say("bundle", "missing", "--json")
    sent.write_bytes(whole)
    say("bundle", "merge", sent)
    assert say("bundle", "missing") == "0"


def test_two_offices_at_work_are_said_wherever_laptops_and_bundles_are_listed(
    circle: Circle, laptop: Workspace, say: Say
) -> None:
    circle.copy("office", "other")
    circle.open("office")
    other = circle.open("other")
    take_new_life(other.session.store, max)
    other.exchange.merge(laptop.exchange.pack(circle.stick))
    laptop.exchange.merge(other.exchange.pack(circle.stick, 1))
    laptop.exchange.pack(circle.stick).unlink()
    assert say("bundle", "missing") == "0"
    bundle, told, status = say("bundle", "merge", laptop.exchange.pack(circle.stick)).splitlines()
    assert bundle.endswith("It is for another computer that is at work as the office.")
    assert "Do not go on here" in told
    assert status == "0"
    for command in ("device list", "bundle missing", "check"):
        *lines, status = say(*command.split()).splitlines()
        assert told in lines, command
        assert status == str(int(command == "check"))
        assert not any("agree" in line or "next" in line for line in lines)
    assert '"office": "later"' in say("bundle", "missing", "--json")
    assert '"agrees": null' in say("device", "list", "--json")


def test_an_edit_of_somebody_erased_is_no_change_and_is_said(circle: Circle, laptop: Workspace, say: Say) -> None:
    grid = circle.office.grids.of(1)[0][0]
    person, other = (circle.family(grid, room, "李四").resident for room in ("201", "202"))
    circle.round(laptop)
    for household in circle.office.records.page("household"):
        if household.values["head_id"] == person:
            circle.office.records.save("household", {"head_id": None}, household.id)
    circle.office.erasing.erase("resident", person)
    laptop.records.save("resident", {"phones": "13900000001"}, person)
    bundle = laptop.exchange.pack(circle.stick)
    words = "1 record came changed that is erased here: the change has no effect and is not kept."
    assert words in say("bundle", "show", bundle)
    said = say("bundle", "merge", bundle)
    assert "0 new records, 0 changed, 0 conflicts." in said
    assert words in said
    assert words in say("bundle", "show", bundle)
    laptop.records.save("resident", {"phones": "13900000002"}, other)
    said = say("bundle", "merge", laptop.exchange.pack(circle.stick))
    assert "0 new records, 1 changed, 0 conflicts." in said
    assert "erased" not in said, "what came before is not told again"


def test_of_a_stick_for_two_laptops_each_takes_its_own_and_leaves_the_rest(
    circle: Circle, laptop: Workspace, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = circle.enrol("赵海", circle.office.grids.of(1)[0][0])
    circle.hand_in(other)
    paths = circle.office.exchange.pack_all(circle.stick)
    here, elsewhere = paths[1], paths[2]
    left = f"{elsewhere.name}: This bundle is for another laptop, or it was not copied whole."
    own = laptop.exchange.pack(circle.stick)
    monkeypatch.setattr("gridworker.cli.bundle.workspace", lambda _dir, _file: nullcontext(laptop))
    alone = say("bundle", "merge", elsewhere)
    assert (alone.startswith(left), alone[-1]) == (True, "1"), "nothing went in"
    *lines, status = say("bundle", "merge", elsewhere, here, own).splitlines()
    assert (lines[0].startswith(left), status) == (True, "0")
    assert lines[2].startswith(f"{own.name}: This laptop wrote this bundle for the office: leave it where it is")
    assert "merged" in lines[1]
    assert say("bundle", "merge", elsewhere, here).endswith("0"), "what was merged before went well too"
    assert '"for_others": true' in say("bundle", "merge", elsewhere, here, "--json")
    damaged = here.with_name("00-99-00000000.gwb")
    damaged.write_bytes(here.read_bytes()[:-40])
    assert say("bundle", "merge", here, damaged).endswith("1")
    assert say("bundle", "merge", here, Path(__file__)).endswith("1"), "no name of a bundle"


def test_the_office_leaves_its_own_replies_but_not_what_laptops_wrote_and_it_cannot_open(
    circle: Circle, laptop: Workspace, say: Say
) -> None:
    reply, came = circle.office.exchange.pack(circle.stick, 1), laptop.exchange.pack(circle.stick)
    assert say("bundle", "merge", reply, came).endswith("0")
    assert say("bundle", "merge", reply).endswith("1"), "nothing went in"
    assert "for laptop 1" in say("bundle", "merge", reply.rename(reply.with_name("01-8-00000000.gwb")), came)
    damaged = came.with_name("01-9-00000000.gwb")
    damaged.write_bytes(came.read_bytes()[:-40])
    assert say("bundle", "merge", damaged, came).endswith("1")


def test_a_merge_that_was_cut_off_is_said_once(circle: Circle, laptop: Workspace, say: Say) -> None:
    came = laptop.exchange.pack(circle.stick)
    left = f'{{"by": "", "names": ["{came.name}"], "more": false}}'
    words = f"The last merge stopped half way, and no bundle was left half taken in. Merge again: {came.name}"
    circle.office.session.folder.merging.write_text(left)
    assert say("bundle", "missing").splitlines() == [words, "0"]
    first, *_ = say("bundle", "merge", came).splitlines()
    assert first == words
    assert words not in say("bundle", "merge", came)


def test_a_household_that_left_and_is_still_here_is_said(
    circle: Circle, laptop: Workspace, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    [household] = laptop.records.page("household")
    other = circle.family(circle.office.devices.add_grid("第二网格"), "301")
    circle.office.records.save("household", {"dwelling_id": other.dwelling}, household.id)
    circle.hand_in(laptop)
    monkeypatch.setattr("gridworker.cli.bundle.workspace", lambda _dir, _file: nullcontext(laptop))
    left = "1 household that left this laptop's grids is still here, for reading only."
    assert left in say("bundle", "merge", circle.office.exchange.pack(circle.stick, 1))
    assert say("bundle", "missing").startswith(left)


def test_replies_for_all_are_named_with_the_laptop_each_is_for(circle: Circle, laptop: Workspace, say: Say) -> None:
    circle.hand_in(circle.enrol("赵海", circle.office.grids.of(1)[0][0]))
    circle.hand_in(laptop)
    *lines, status = say("bundle", "pack", "--out", circle.stick).splitlines()
    assert [line.rpartition("  ")[2] for line in lines] == ["laptop 1", "laptop 2"]
    assert all(Path(line.rpartition("  ")[0]).exists() for line in lines)
    assert status == "0"
    one, _ = say("bundle", "pack", "--out", circle.stick, "--to", "2").splitlines()
    assert Path(one).exists()


def test_what_comes_late_about_somebody_erased_is_nothing_new_and_is_said(
    circle: Circle, laptop: Workspace, say: Say
) -> None:
    grid = circle.office.grids.of(1)[0][0]
    gone, here = (circle.family(grid, room, "李四").household for room in ("201", "202"))
    circle.round(laptop)
    circle.office.records.save("household", {"head_id": None}, gone)
    circle.office.erasing.erase("household", gone)
    visit = made_visit(laptop, gone, resident_words="金丝雀")
    laptop.records.save("visit", {"resident_words": "金丝雀在阳台上"}, visit)
    laptop.attachments.add("visit", visit, photo(1, 2000))
    made_visit(laptop, here)
    bundle = laptop.exchange.pack(circle.stick)
    words = "2 new records came about somebody who is erased here: they are not kept."
    shown = say("bundle", "show", bundle)
    assert ("In it: Visits 1" in shown, words in shown) == (True, True)
    said = say("bundle", "merge", bundle)
    assert "1 new record, 0 changed, 0 conflicts." in said
    assert words in said
    shown = say("bundle", "show", bundle)
    assert ("In it: Visits 1" in shown, words in shown) == (True, True)
    laptop.records.save("visit", {"resident_words": "金丝雀不见了"}, visit)
    both = [laptop.exchange.pack(circle.stick), laptop.exchange.pack(circle.stick)]
    said = say("bundle", "merge", *both)
    assert "1 record came changed that is erased here" in said
    assert "new records came" not in said


@pytest.mark.parametrize(("days", "words"), [(400, "1 year ahead"), (-400, "1 year behind")])
def test_a_clock_that_is_a_year_off_is_said_where_a_bundle_shows_it(
    circle: Circle, laptop: Workspace, say: Say, monkeypatch: pytest.MonkeyPatch, days: int, words: str
) -> None:
    """At the office whose it is; on the laptop, of the reply, that it is its own."""
    [household] = laptop.records.page("household")
    clock = HandClock(circle.clock.at)
    circle.clocks["laptop-1"] = clock
    circle.close("laptop-1")
    laptop = circle.open("laptop-1")
    assert "clock" not in say("bundle", "merge", laptop.exchange.pack(circle.stick))
    clock.move(days=days)
    laptop.records.save("household", {"remark": "二楼右手"}, household.id)
    said = say("bundle", "merge", laptop.exchange.pack(circle.stick))
    assert f"The clock of laptop 1 is {words}, at least. Have it set right there." in said
    reply = circle.office.exchange.pack(circle.stick, 1)
    monkeypatch.setattr("gridworker.cli.bundle.workspace", lambda _dir, _file: nullcontext(laptop))
    assert f"The clock of this computer is {words}, at least. Set it right." in say("bundle", "merge", reply)
