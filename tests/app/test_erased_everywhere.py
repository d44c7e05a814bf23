"""D22: of people who were erased nothing is left anywhere: stores, index, outbox, archive, backups, later ones too.

``GRIDWORKER_ERASED`` sets how many (3), ``GRIDWORKER_SEED`` from where; 1,000 by ``make soak``.
"""

import os
import random
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import Mock

import pytest

from gridworker.app.backup.backups import Backups
from gridworker.app.backup.remaking import Remaking
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.store.backup.manifest import NAME
from gridworker.store.backup.moving_in import ASIDE
from gridworker.store.backup.place import POOL, listing
from gridworker.store.engine.database import Database
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.log import sheaves
from gridworker.sync import redact
from gridworker.sync.redact import Redactor
from tests.circle import PASSPHRASE, Circle
from tests.convergence.forgotten import lies
from tests.pages import found_in

COUNT = int(os.environ.get("GRIDWORKER_ERASED", "3"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))


@dataclass(frozen=True)
class Person:
    """One who will be erased, and the words by which they would be found."""

    id: int
    words: tuple[str, ...]


def add(circle: Circle, grid: int, number: int) -> Person:
    """With a household of their own, a consent, and a number; the words are nobody else's."""
    name, witness, late = (f"{kind}{SEED:04d}{number:04d}" for kind in ("金丝雀", "canary-witness-", "canary-late-"))
    phone = f"139{SEED:04d}{number:04d}"
    person = circle.family(grid, f"{number + 1}01", name).resident
    save = circle.office.records.save
    save("resident", {"phones": phone}, person)
    consent = {"resident_id": person, "purpose": "file", "scope": "phone", "method": "oral", "given_on": "2026-01-02"}
    save("consent", {**consent, "witness": witness})
    return Person(person, (name, phone, witness, late))


def found(circle: Circle, words: list[str]) -> set[str]:
    """Where any of the words stands, for whoever has every key there is."""
    places = {f"{name}: {place}" for name, device in circle.opened.items() for place in lies(device, words)}
    backups = (path for path in circle.folder.rglob("store.db") if "backups" in path.parts)
    return places | {str(path) for path in backups if found_in(path, words)}


def lived_in(circle: Circle, laptop: Workspace, people: list[Person]) -> None:
    """They are on both devices, in bundles both ways, changed on both, in conflict, and in backups of both."""
    circle.round(laptop)
    circle.office.backups.make()
    for person in people:
        circle.clock.move(minutes=1)
        laptop.records.save("resident", {"note": person.words[-1]}, person.id)
        circle.office.records.save("resident", {"note": f"{person.words[-1]} too"}, person.id)
    circle.hand_in(laptop)
    circle.reply(laptop)
    for device in (circle.office, laptop):
        device.backups.make()


def test_nothing_is_left_of_people_who_were_erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of values in sheaves neither: those of one record are bound here like those of a whole ledger."""
    monkeypatch.setattr(sheaves, "FEWEST", 1)
    chance, circle = random.Random(SEED), Circle(tmp_path)
    grid = circle.office.devices.add_grid("第一网格")
    people = [add(circle, grid, number) for number in range(COUNT + 1)]
    laptop = circle.enrol("周敏", grid)
    kept = people.pop(chance.randrange(len(people)))
    lived_in(circle, laptop, [*people, kept])
    words = [word for person in people for word in person.words]
    assert len(found(circle, words)) > 6, "the search finds them as long as they are there"
    for household in circle.office.records.page("household", limit=1000):  # the head is named there: a person's choice
        if household.values["head_id"] != kept.id:
            circle.office.records.save("household", {"head_id": None}, household.id)
    for person in people:
        circle.clock.move(minutes=1)
        circle.office.erasing.erase("resident", person.id)
    for _ in range(2):
        circle.round(laptop)
    for device in (circle.office, laptop):
        device.backups.make()
        assert not device.care_of_store.check()
    assert found(circle, words) == set()
    assert len(found(circle, list(kept.words))) > 6, "nobody else went with them"
    circle.close()


def test_a_store_is_written_anew_once_for_each_erasure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that were moved left copies (tests/store/erasure/test_erasure.py); cut off by a full disk it is resumed."""
    circle = Circle(tmp_path)
    grid = circle.office.devices.add_grid("第一网格")
    person = add(circle, grid, 0).id
    laptop = circle.enrol("周敏", grid)
    written: list[Database] = []
    monkeypatch.setattr(Database, "write_anew", lambda self: written.append(self))
    with monkeypatch.context() as full:
        full.setattr(Database, "write_anew", Mock(side_effect=DiskFull("full")))
        with pytest.raises(DiskFull):
            circle.office.erasing.erase("resident", person, ("note",))
    for _ in range(2):
        circle.round(laptop)
    stores = [circle.office.session.store.db, laptop.session.store.db]
    assert written == stores
    circle.office.erasing.erase("resident", person, ("name",))
    circle.round(laptop)
    assert written == stores * 2
    circle.close()


def _erased_but_in_backups(circle: Circle, cut: pytest.MonkeyPatch) -> Person:
    """Somebody whose erasure a full disk stopped before the backups, and still does while ``cut`` holds."""
    person = add(circle, circle.office.devices.add_grid("第一网格"), 0)
    circle.office.backups.make()
    cut.setattr(Backups, "renew", Mock(side_effect=DiskFull("The disk is full.")))
    with pytest.raises(DiskFull, match=r"^It is erased here for good\. .* the program goes on with it by itself\.$"):
        circle.office.erasing.erase("resident", person.id)
    return person


@pytest.mark.parametrize("chore", ["keep_up", "after_command"])
def test_backups_that_an_erasure_did_not_reach_are_made_anew_by_the_next_chores(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, chore: str
) -> None:
    """A full disk or a power cut after what was erased is gone from the store: nobody would look at old backups."""
    office = circle.office
    with monkeypatch.context() as cut:
        person = _erased_but_in_backups(circle, cut)
    assert any("backups" in place for place in found(circle, list(person.words)))
    getattr(office.backup_plan, chore)()
    assert not any("backups" in place for place in found(circle, list(person.words)))
    left = office.backups.list()
    assert len(left) == 2
    getattr(office.backup_plan, chore)()
    assert office.backups.list() == left, "once is enough"


def test_what_cannot_be_made_anew_yet_is_said_and_stops_no_backup(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = circle.office
    with monkeypatch.context() as cut:
        _erased_but_in_backups(circle, cut)
        office.devices.add_grid("第二网格")
        circle.clock.move(days=1)
        assert len(office.backup_plan.keep_up()) == 1
        assert office.backup_plan.reminder() == "Older backups still hold what was erased. The disk is full."
    office.backup_plan.keep_up()
    assert "erased" not in office.backup_plan.reminder()


def test_a_backup_half_removed_when_the_power_went_goes_too(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    """It bears the name of one that was cut off, and no list shows it."""
    office = circle.office
    person = add(circle, office.devices.add_grid("第一网格"), 0)
    old = office.backups.make().path
    half = old.with_name(f"{old.name}.part")
    with monkeypatch.context() as cut:
        cut.setattr("gridworker.store.backup.place.shutil.rmtree", Mock(side_effect=DiskFull("full")))
        with pytest.raises(DiskFull):
            office.erasing.erase("resident", person.id)
    assert half.exists()
    office.backup_plan.keep_up()
    assert not half.exists()


def test_a_bundle_removed_from_the_outbox_stays_removed_before_the_erasure_is_called_done(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut that brings it back afterwards would bring back what nobody goes through any more."""
    grid = circle.office.devices.add_grid("第一网格")
    person = add(circle, grid, 0)
    circle.round(circle.enrol("周敏", grid))
    synced, remembered = Mock(), Mock()
    order = Mock(synced=synced, remembered=remembered)
    monkeypatch.setattr(redact, "fsync_folder", synced)
    monkeypatch.setattr(Redactor, "_remember", remembered)
    circle.office.erasing.erase("resident", person.id)
    assert [name for name, *_ in order.mock_calls] == ["synced", "remembered"]
    synced.assert_called_once_with(circle.office.session.folder.outbox)


def test_a_start_clears_away_what_a_kill_left_half_written(circle: Circle) -> None:
    folder = circle.office.session.folder
    circle.close()
    halves = [place / "01-1-00000000.gwb.part" for place in (folder.outbox, folder.archive)]
    for half in halves:
        half.parent.mkdir(exist_ok=True)
        half.write_bytes(b"whose bundle was never taken in")
    Workspace.open(folder.root, PASSPHRASE, profile=CHEAP).close()
    assert not any(half.exists() for half in halves)


def test_backups_in_a_place_that_was_away_are_made_anew_when_it_is_here_again(circle: Circle, tmp_path: Path) -> None:
    """A stick in a drawer holds whom it held; nobody would think of it the day it is plugged in."""
    office, stick, drawer = circle.office, tmp_path / "second", tmp_path / "drawer"
    person = add(circle, office.devices.add_grid("第一网格"), 0)
    stick.mkdir()
    office.backup_plan.choose(stick)
    office.backup_plan.keep_up()
    stick.rename(drawer)
    assert office.erasing.erase("resident", person.id).elsewhere == (str(stick),)
    office.backup_plan.keep_up()
    assert office.backup_plan.reminder().startswith("The second place is not here; older backups in it")
    drawer.rename(stick)
    office.backup_plan.keep_up()
    left = list(stick.glob("00-*"))
    assert len(left) == 2
    assert not any(found_in(one / "store.db", person.words) for one in left)
    here, away = office.backups.list(), office.backups.list(stick)
    stick.rename(drawer)
    office.backup_plan.keep_up()
    assert "erased" not in office.backup_plan.reminder(), "that one is done with"
    drawer.rename(stick)
    office.backup_plan.keep_up()
    assert (office.backups.list(), office.backups.list(stick)) == (here, away), "once is enough"


def test_a_place_that_takes_none_has_the_other_one_made_anew_once(
    circle: Circle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick that cannot be written to would have all backups but one removed, again and again."""
    office, stick = circle.office, tmp_path / "second"
    person = add(circle, office.devices.add_grid("第一网格"), 0)
    stick.mkdir()
    for place in (None, stick):
        office.backups.make(place)
    make, remake, asked = Backups.make, Remaking._remake, list[Path | None]()

    def refused(self: Backups, place: Path | None = None, *rest: object) -> object:
        asked.append(place)
        if place == stick:
            raise DiskFull("The stick is full.")
        return make(self, place, *rest)  # type: ignore[arg-type]  # what is told on the way

    def refused_again(self: Remaking, backup: Path, *rest: object) -> None:
        if backup.parent == stick:
            raise DiskFull("The stick is full.")
        remake(self, backup, *rest)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(Backups, "make", refused)
    monkeypatch.setattr(Remaking, "_remake", refused_again)
    with pytest.raises(DiskFull):
        office.erasing.erase("resident", person.id)
    kept = office.backups.list()
    for _ in range(2):
        office.backup_plan.keep_up()
        assert office.backup_plan.reminder() == "Older backups still hold what was erased. The stick is full."
    assert office.backups.list() == kept
    assert asked[2:] == [stick, stick]


@pytest.mark.parametrize("said", [b"", b"{}", b'{"stope": "x"}'])
def test_what_nobody_can_go_through_is_named(circle: Circle, said: bytes) -> None:
    """A backup that does not say whose it is, a store that a restore put aside, a bundle that does not open."""
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    person = add(circle, grid, 0)
    laptop = circle.enrol("周敏", grid)
    laptop.records.save("resident", {"note": person.words[-1]}, person.id)
    circle.hand_in(laptop)
    nameless = office.backups.make().path
    (nameless / NAME).write_bytes(said)
    aside = office.session.folder.root / f"{ASIDE}-20260101T000000Z"
    aside.mkdir()
    (bundle,) = office.session.folder.archive.glob("*.gwb")
    bundle.write_bytes(bundle.read_bytes()[:-7])
    outcome = office.erasing.erase("resident", person.id)
    assert set(outcome.elsewhere) == {str(nameless), str(aside), bundle.name}
    assert nameless.exists(), "nobody removes it unasked"


def test_no_file_stays_with_the_backups_that_none_of_them_needs(circle: Circle) -> None:
    """What lies beside them is shared by all: bundles as they were before they were gone through, photos."""
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    person = add(circle, grid, 0)
    laptop = circle.enrol("周敏", grid)
    laptop.records.save("resident", {"note": person.words[-1]}, person.id)
    circle.hand_in(laptop)
    place = office.backups.make().path.parent
    before = {path.name for path in (place / POOL).iterdir()}
    assert before
    office.erasing.erase("resident", person.id)
    left = office.backups.list()
    assert len(left) == 2
    needed = {digest for view in left for digest, _ in listing(view.path).values()}
    assert {path.name for path in (place / POOL).iterdir()} == needed
    assert before.isdisjoint(needed)


def test_a_first_backup_that_was_cut_off_goes_with_what_was_erased(circle: Circle) -> None:
    """No list shows it, and the next backup may be a day away."""
    office = circle.office
    person = add(circle, office.devices.add_grid("第一网格"), 0)
    made = office.backups.make().path
    half = made.rename(made.with_name("new-00.part"))
    office.erasing.erase("resident", person.id)
    assert not half.exists()
    assert not office.backups.are_stale()


def test_files_that_an_erasure_did_not_reach_are_gone_through_also_where_there_is_no_backup_yet(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a store's first day the next bundle may be a week away."""
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    person = add(circle, grid, 0)
    circle.reply(laptop)
    with monkeypatch.context() as cut:
        cut.setattr(Redactor, "run", Mock(side_effect=DiskFull("full")))
        with pytest.raises(DiskFull):
            office.erasing.erase("resident", person.id)
    assert list(office.session.folder.outbox.iterdir())
    office.backup_plan.after_command()
    assert list(office.session.folder.outbox.iterdir()) == []
    run = Mock()
    monkeypatch.setattr(Redactor, "run", run)
    office.backup_plan.after_command()
    run.assert_not_called()
