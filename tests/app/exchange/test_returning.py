"""An office that was restored gets everything back, its own edits too, and nobody has to be believed (sync.md 5)."""

import shutil
from pathlib import Path
from random import Random

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound
from gridworker.paths import Folder
from gridworker.store.backup import restore
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure import compaction
from gridworker.store.erasure.erasure import erase
from gridworker.store.health.check import check
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.meta import Meta
from gridworker.store.recall import Recall
from gridworker.store.streams import Exchange
from gridworker.store.tables.changes import Act
from gridworker.store.wish import Wish
from gridworker.sync import post
from gridworker.sync.format import canonical
from gridworker.sync.format.asks import Ask
from gridworker.sync.format.bundle import Contents, pack_inner, read_bundle, write_bundle
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.header import Header, Purpose
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.returning import giving, returns
from gridworker.sync.returning.answered import Answered, note_answered
from tests.builders import DEK
from tests.circle import Circle, Family, made_visit, phones
from tests.convergence.forgotten import lies
from tests.pictures import photo


def put_back(circle: Circle, name: str, backup: Path) -> Workspace:
    """Restore a backup of a device in the place of its store."""
    circle.close(name)
    restore.restore(backup, Folder(circle.folder / name), Keys(DEK), CHEAP)
    opened = circle.open(name)
    assert all(merged.problem is None for merged in opened.exchange.recover())
    return opened


def put_whole_folder_back(circle: Circle, name: str, copy: str) -> Workspace:
    """Nothing on this computer tells that the folder was put back: its mark came along."""
    circle.close(name)
    shutil.rmtree(circle.folder / name)
    shutil.copytree(circle.folder / copy, circle.folder / name)
    return circle.open(name)


def lifetime(workspace: Workspace) -> int:
    return workspace.session.store.identity.incarnation


def test_a_life_on_another_copy_is_asked_for_all_it_said(circle: Circle, grid: int, family: Family) -> None:
    """An old backup is put back, and then a newer one: the numbers of the life between say nothing about ours."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    old = circle.office.backups.make(circle.folder / "old").path
    for note in "甲乙丙丁戊己庚辛":
        circle.office.records.save("resident", {"note": note}, family.resident)
    newer = circle.office.backups.make(circle.folder / "newer").path
    put_back(circle, "office", old)
    between = circle.family(grid, "505", "王小明")
    late = circle.office.exchange.pack(circle.stick, 1)
    put_back(circle, "office", newer)
    circle.round(laptop)
    laptop.exchange.merge(late)
    circle.round(laptop)
    circle.round(laptop)
    assert circle.office.records.show("household", between.household).id == between.household
    assert circle.agrees(laptop, grid)


def test_the_office_gets_its_own_edits_back(circle: Circle, grid: int, family: Family) -> None:
    one, two = circle.enrol("周敏", grid), circle.enrol("赵海", grid)
    circle.round(one, two)
    backup = circle.office.backups.make(circle.folder / "place").path
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    new = circle.family(grid, "505", "王小明")
    circle.round(one, two)
    put_back(circle, "office", backup)
    with pytest.raises(NotFound):
        circle.office.records.show("household", new.household)
    circle.round(one)
    circle.round(one)
    assert phones(circle.office, family.resident) == "13800000009"
    assert circle.office.records.show("household", new.household).id == new.household
    assert circle.agrees(one, grid)
    circle.round(two)
    circle.round(two)
    assert circle.agrees(two, grid)
    assert circle.office.care_of_store.check() == []
    assert [event.who for event in circle.office.records.history("household", new.household)] == [
        circle.office.session.who
    ]


def test_what_a_dead_laptop_had_handed_in_comes_back_through_another(circle: Circle, grid: int, family: Family) -> None:
    one, two = circle.enrol("周敏", grid), circle.enrol("赵海", grid)
    circle.round(one, two)
    backup = circle.office.backups.make(circle.folder / "place").path
    visit = made_visit(one, family.household)
    circle.round(one, two)
    author = one.session.who
    circle.close("laptop-1")
    shutil.rmtree(circle.office.session.folder.archive)  # the disk is gone: nothing but the backup is left
    put_back(circle, "office", backup)
    circle.round(two)
    circle.round(two)
    assert circle.office.records.show("visit", visit).id == visit
    assert circle.office.records.history("visit", visit)[0].who == author
    assert circle.agrees(two, grid)


def test_a_laptop_enrolled_after_the_backup_is_known_again(circle: Circle, grid: int, family: Family) -> None:
    """The restored office has neither its keys, nor its kit, nor its grids: its own signature tells it all three."""
    backup = circle.office.backups.make(circle.folder / "place").path
    other = circle.office.devices.add_grid("第三网格")
    home = circle.family(other, "202")
    laptop = circle.enrol("周敏", grid, other)
    visits = [made_visit(laptop, home.household)]
    circle.round(laptop)
    visits.append(made_visit(laptop, family.household))
    put_back(circle, "office", backup)
    for _ in range(3):
        circle.round(laptop)
    assert circle.office.asides.waiting() == []
    for visit in visits:
        assert circle.office.records.show("visit", visit).id == visit
    assert circle.agrees(laptop, grid, other)
    assert [found.number for found in circle.office.devices.laptops()] == [laptop.session.store.identity.laptop]
    assert circle.office.devices.issue_kit("王强", [grid], circle.stick / "new.gwk").laptop > 50


def test_a_grid_given_after_the_backup_sets_nothing_aside(circle: Circle, grid: int) -> None:
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    backup = circle.office.backups.make(circle.folder / "place").path
    home = circle.family(grid, "606")
    circle.round(laptop)
    laptop.records.save("resident", {"phones": "13800000003"}, home.resident)
    put_back(circle, "office", backup)
    for _ in range(2):
        circle.round(laptop)
    assert circle.office.asides.waiting() == []
    assert phones(circle.office, home.resident) == "13800000003"
    assert circle.agrees(laptop, grid)


def test_what_comes_back_comes_in_parts_where_it_is_large(
    circle: Circle, grid: int, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    backup = circle.office.backups.make(circle.folder / "place").path
    homes = []
    for number in range(4):
        homes.append(circle.family(grid, f"{number}01"))
        circle.round(laptop)
    put_back(circle, "office", backup)
    monkeypatch.setattr(returns, "SOFT", 1)
    own = made_visit(laptop, family.household)
    came = []
    for _ in range(8):
        circle.round(laptop)
        with circle.office.session.store.cursor() as cursor:
            came.append(Recall(cursor).asked(laptop.session.store.identity.device)[0].n)
    assert came == sorted(came)
    assert len(set(came)) > 2
    assert circle.agrees(laptop, grid)
    assert circle.office.records.show("household", homes[-1].household).id == homes[-1].household
    assert circle.office.records.show("visit", own).id == own


def test_a_large_gift_goes_on_though_a_former_life_is_asked_on_and_forgets_who_was_erased(
    circle: Circle, grid: int, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office waits for what the former life of a restored laptop may have, and asks for all from the beginning."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    backups = [workspace.backups.make(circle.folder / name).path
               for name, workspace in (("one", circle.office), ("two", laptop))]  # fmt: skip
    for number in range(3):
        circle.office.records.save("resident", {"note": f"金丝雀{number}号"}, family.resident)
        circle.reply(laptop)
    former = laptop.session.store.identity.device
    laptop = put_back(circle, "laptop-1", backups[1])
    put_back(circle, "office", backups[0])
    monkeypatch.setattr(returns, "SOFT", 1)
    circle.office.erasing.erase("resident", family.resident)
    for _ in range(4):
        circle.round(laptop)
    with circle.office.session.store.cursor() as cursor:
        waiting = {life: Recall(cursor).asked(life)[0] for life in (former, laptop.session.store.identity.device)}
    assert waiting[former].is_waited_for
    assert not waiting[laptop.session.store.identity.device].is_open
    laptop.exchange.pack(circle.stick)
    assert list(lies(laptop, ["金丝雀"])) == []


def test_a_laptop_that_was_set_back_too_gives_back_what_lies_in_its_archive(
    circle: Circle, grid: int, family: Family
) -> None:
    """It had the only copy of the office's edit, and its own store does not know of it any more."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    backups = [workspace.backups.make(circle.folder / name).path
               for name, workspace in (("one", circle.office), ("two", laptop))]  # fmt: skip
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    circle.reply(laptop)
    laptop = put_back(circle, "laptop-1", backups[1])
    put_back(circle, "office", backups[0])
    assert phones(laptop, family.resident) == "13800000142"
    for _ in range(3):
        circle.round(laptop)
    assert phones(circle.office, family.resident) == "13800000009"
    assert phones(laptop, family.resident) == "13800000009"
    assert circle.agrees(laptop, grid)


FORGED = 1 << 61


def forged(laptop: Workspace, family: Family) -> bytes:
    """A reply that a laptop made up: all of it as the office's would be, but for the signature."""
    with laptop.session.store.settings() as settings:
        keys = DeviceKeys.parse(settings.secret("device_keys") or b"")
    identity = laptop.session.store.identity
    header = Header(
        purpose=Purpose.REPLY, community=identity.community, sender=0, recipient=identity.device, n=9,
        time="2026-03-18T01:42:00Z", upto=10**6,
    )  # fmt: skip
    edit = Edit(13, "13899999999", (family.resident,))
    row = OpRow(FORGED, 6, family.resident, What.EDIT, 0, pack_edits(family.resident, [edit]))
    return pack_inner(Contents(header, [row], [Author(laptop.session.who, 0)]), keys)


def test_only_the_offices_own_signature_counts(
    circle: Circle, grid: int, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop that gives back a reply it wrote itself gets nothing in."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    backup = circle.office.backups.make(circle.folder / "place").path
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    circle.round(laptop)
    put_back(circle, "office", backup)
    circle.round(laptop)
    circle.office.records.save("resident", {"phones": "13800000010"}, family.resident)
    inner = forged(laptop, family)
    monkeypatch.setattr(
        "gridworker.sync.preparing.give", lambda *_: returns.Given((inner, b"", b"gridworker-bundle-1\n"))
    )
    circle.hand_in(laptop)
    assert phones(circle.office, family.resident) == "13800000010"
    with circle.office.session.store.cursor() as cursor:
        assert not Log(cursor).present([FORGED])


def test_a_backup_after_the_healing_lets_laptops_forget_former_lives(circle: Circle, grid: int, family: Family) -> None:
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    backup = circle.office.backups.make(circle.folder / "place").path
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    circle.round(laptop)
    with laptop.session.store.cursor() as cursor:
        reached = Exchange(cursor).stream(0).received
    put_back(circle, "office", backup)
    circle.round(laptop)
    circle.round(laptop)
    with laptop.session.store.cursor() as cursor:
        assert Exchange(cursor).stream(0).backed_up < reached
    circle.office.backups.make(circle.folder / "place")
    circle.round(laptop)
    with laptop.session.store.cursor() as cursor:
        assert Exchange(cursor).stream(0).backed_up == reached


def test_an_office_put_back_with_its_mark_is_told_by_replies_it_does_not_know(
    circle: Circle, grid: int, family: Family
) -> None:
    """Its numbers have grown past what the laptop had: only the hashes of its own replies give it away."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.copy("office", "copy")
    circle.open("office")
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    circle.reply(laptop)
    put_whole_folder_back(circle, "office", "copy")
    circle.clock.move(minutes=5)
    for number in range(30):
        circle.family(grid, f"{number}05")
    assert lifetime(circle.office) == 0
    circle.hand_in(laptop)
    assert lifetime(circle.office) > 0
    circle.round(laptop)
    circle.round(laptop)
    assert phones(circle.office, family.resident) == "13800000009"
    assert circle.agrees(laptop, grid)


def test_an_op_whose_id_was_given_twice_stands_beside_the_other(circle: Circle, grid: int, family: Family) -> None:
    """The clock stood still: the office gave the same ids out again before it learned that it had been set back.

    Once, though two laptops give it back; and on all of them, though they had it by its former id.
    """
    laptops = circle.enrol("周敏", grid), circle.enrol("李强", grid)
    circle.round(*laptops)
    circle.copy("office", "copy")
    circle.open("office")
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    for laptop in laptops:
        circle.reply(laptop)
    put_whole_folder_back(circle, "office", "copy")
    circle.office.records.save("resident", {"phones": "13800000010"}, family.resident)
    circle.hand_in(laptops[0])
    for _ in range(3):
        circle.round(*laptops)
    assert [found.kind for found in circle.office.asides.waiting()].count("resident") == 0
    for at in (circle.office, *laptops):
        (conflict,) = at.merge.conflicts()
        assert sorted(str(side.value) for side in conflict.fields[0].sides) == ["13800000009", "13800000010"]
        assert at.care_of_store.check() == []


def test_a_laptop_put_back_with_its_mark_is_told_by_the_reply(circle: Circle, grid: int, family: Family) -> None:
    """And what it wrote below what the office confirmed of the other copy is not lost."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.copy("laptop-1", "copy")
    laptop = circle.open("laptop-1")
    before = circle.clock.at
    circle.clock.move(days=3)
    late = made_visit(laptop, family.household)
    circle.round(laptop)
    circle.clock.at = before
    laptop = put_whole_folder_back(circle, "laptop-1", "copy")
    hidden = made_visit(laptop, family.household)
    assert hidden < late
    circle.reply(laptop)
    assert lifetime(laptop) > 0
    circle.reply(laptop)
    assert laptop.exchange.pending().records == 1
    circle.round(laptop)
    circle.round(laptop)
    assert circle.office.records.show("visit", hidden).id == hidden
    assert laptop.records.show("visit", late).id == late
    assert circle.agrees(laptop, grid)
    assert laptop.exchange.pending().records == 0


def test_nothing_goes_before_what_had_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """The office asks on from the last one it got: one that overtook another would hide it."""
    monkeypatch.setattr(returns, "SOFT", 100)
    monkeypatch.setattr(returns, "HARD", 200)
    portion = returns.Portion()
    offered = [b"", b"a" * 60, b"b" * 201, b"c" * 60, b"d" * 10]
    assert [portion.offer(inner) for inner in offered if not portion.full] == [False, True, False, True]
    assert portion.inners == [b"a" * 60]
    assert returns.unpack_inners(returns.pack_inners(portion.inners)) == portion.inners
    alone = returns.Portion()
    assert alone.offer(b"e" * 150)
    assert returns.Given(tuple(alone.inners)).large


@pytest.mark.parametrize("section", [b"", b"\0\0\0\1\xc0", b"\0\0\0\2\x91\x05", b"\0\0\0\2\x91\xa0", b"\0\0\0\1\x90x"])
def test_a_section_that_is_not_as_it_says_is_no_section(section: bytes) -> None:
    with pytest.raises(Damaged):
        returns.unpack_inners(section)


class World:
    """A seeded random history of an office and two laptops, in which any of them may be set back at any time."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = Random(seed)
        self.circle = Circle(folder)
        self.grid = self.circle.office.devices.add_grid("第一网格")
        self.home = self.circle.family(self.grid)
        self.names = ["office", "laptop-1", "laptop-2"]
        for worker in ("周敏", "赵海"):
            self.circle.enrol(worker, self.grid)
        self.circle.round(*self.laptops)
        self.saved: dict[str, list[Path]] = {name: [] for name in self.names}
        self.told: set[int] = set()
        """Visits whose laptop was told that the office has them, and the office's own that a laptop took in."""
        for name in self.names:
            self.back_up(name)

    @property
    def laptops(self) -> list[Workspace]:
        return [self.circle.opened[name] for name in self.names[1:]]

    def back_up(self, name: str) -> None:
        self.saved[name].append(self.circle.opened[name].backups.make(self.circle.folder / f"place-{name}").path)

    def write(self, name: str) -> None:
        made_visit(self.circle.opened[name], self.home.household)

    def visits(self, workspace: Workspace) -> set[int]:
        return {visit.id for visit in workspace.records.page("visit", limit=1000)}

    def exchange(self, laptop: Workspace) -> None:
        self.circle.clock.move(minutes=1)
        self.circle.hand_in(laptop)
        self.circle.reply(laptop)
        # What both have now was acknowledged to the one or the other.
        self.told |= self.visits(self.circle.office) & self.visits(laptop)

    def set_back(self, name: str) -> None:
        backup = self.chance.choice([path for path in self.saved[name] if path.exists()])
        before = lifetime(self.circle.opened[name])
        put_back(self.circle, name, backup)
        assert lifetime(self.circle.opened[name]) != before, f"{name} was set back unnoticed"

    def step(self) -> None:
        self.circle.clock.move(minutes=self.chance.randint(1, 600))
        name = self.chance.choice(self.names)
        match self.chance.choices(["write", "exchange", "back up", "set back"], [6, 5, 1, 1])[0]:
            case "write":
                self.write(name)
            case "exchange":
                self.exchange(self.chance.choice(self.laptops))
            case "back up":
                self.back_up(name)
            case _:
                self.set_back(name)

    def settle(self) -> None:
        for _ in range(4):
            for laptop in self.laptops:
                self.exchange(laptop)
        self.circle.round(*self.laptops)


def lived(folder: Path, seed: int, steps: int = 25) -> World:
    world = World(folder, seed)
    for _ in range(steps):
        world.step()
    world.set_back("office")
    world.settle()
    return world


@pytest.mark.parametrize("seed", range(10))
def test_whoever_is_set_back_nothing_acknowledged_is_lost(tmp_path: Path, seed: int) -> None:
    world = lived(tmp_path, seed)
    here = world.visits(world.circle.office)
    assert world.told <= here
    for laptop in world.laptops:
        assert world.circle.agrees(laptop, world.grid)
        assert world.visits(laptop) == here
    assert world.circle.office.care_of_store.check() == []
    world.circle.close()


def test_an_office_that_kept_its_life_would_be_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: restored, it goes on as the incarnation it was."""
    monkeypatch.setattr(restore, "take_new_life", lambda *_, **__: None)
    with pytest.raises(AssertionError, match="office was set back unnoticed"):
        lived(tmp_path, 1, 0)


@pytest.mark.parametrize("is_there", [True, False], ids=["by its op", "by word alone"])
def test_what_was_erased_stays_erased_after_a_restore(
    circle: Circle, grid: int, family: Family, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    """In the restored store at once, and when everything else comes back from a laptop that holds its own replies.

    The store that was here has what the erasure wrote; where it cannot be read, what lies beside it has but the word.
    """
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    backup = circle.office.backups.make(circle.folder / "place").path
    other = circle.family(grid, "707", "王小明")
    circle.round(laptop)
    erase(circle.office.session.store, [Wish("resident", family.resident)], Act("erase", circle.office.session.who))
    circle.round(laptop)
    if not is_there:
        monkeypatch.setattr(restore, "_erasures_beyond", lambda *_: [])
    office = put_back(circle, "office", backup)
    left = office.session.store.get("resident", family.resident)
    assert left is None if is_there else left is not None and (left["name"], left["phones"]) == (None, None)
    for _ in range(3):
        circle.round(laptop)
    for workspace in (circle.office, laptop):
        with pytest.raises(NotFound):
            workspace.records.show("resident", family.resident)
        history = workspace.records.history("resident", family.resident)
        assert not [change for event in history for change in event.changes if change.after == "13800000142"]
        assert workspace.records.show("household", other.household).id == other.household
        with workspace.session.store.cursor() as cursor:
            vals = b"".join(row.vals for rows in Log(cursor).ops() for row in rows if row.record == family.resident)
        assert b"13800000142" not in vals
    assert circle.agrees(laptop, grid)
    assert circle.office.care_of_store.check() == []


def forks_of(circle: Circle) -> list[object]:
    """What the office took for an op of a copy under a clk of another, whatever became of it."""
    with circle.office.session.store.cursor() as cursor:
        exchange = Exchange(cursor)
        return [op for op in (*exchange.aside(), *exchange.ruled()) if op.reason == "fork"]


def test_an_op_that_an_erasure_took_words_from_is_the_same_though_the_office_forgot_the_erasure(
    circle: Circle, grid: int, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder somebody had copied holds no erasure; the laptop hands its work in bare, and gives that back last."""
    monkeypatch.setattr(returns, "MAX_INNER", 1)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    for note in ("canary", "canary-2"):
        laptop.records.save("resident", {"note": note}, family.resident)
    circle.round(laptop)
    circle.copy("office", "copy")
    office = circle.open("office")
    for _ in range(3):
        circle.office.records.save("household", {"remark": "后来"}, family.household)
        circle.round(laptop)
    erase(office.session.store, [Wish("resident", family.resident)], Act("erase", office.session.who))
    circle.round(laptop)
    circle.restore("office", "copy")
    for _ in range(8):
        circle.round(laptop)
    assert forks_of(circle) == []
    assert not circle.office.merge.count()
    assert circle.agrees(laptop, grid)
    assert laptop.exchange.pending().records == 0
    with pytest.raises(NotFound):
        circle.office.records.show("resident", family.resident)


def test_an_op_that_a_laptop_let_values_go_of_is_the_same_where_the_office_was_put_back(
    circle: Circle, grid: int, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "KEPT", 0)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    for phone in ("13811111111", "13822222222", "13833333333"):
        laptop.records.save("resident", {"phones": phone}, family.resident)
    circle.round(laptop)
    backup = circle.office.backups.make(circle.folder / "place").path
    circle.round(laptop)
    assert laptop.compacting.run().ops >= 2
    put_back(circle, "office", backup)
    for _ in range(3):
        circle.round(laptop)
    assert forks_of(circle) == []
    assert not circle.office.merge.count()
    assert circle.agrees(laptop, grid)
    history = circle.office.records.history("resident", family.resident)
    told = {change.after for event in history for change in event.changes}
    assert {"13811111111", "13822222222", "13833333333"} <= told


def test_a_kit_that_holds_what_was_erased_goes(circle: Circle, grid: int, family: Family) -> None:
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    with laptop.session.store.settings() as settings:
        kit = settings.secret(giving.KIT)
        giving.purge_kit(settings, {family.resident + 1}, Answered())
        assert settings.secret(giving.KIT) == kit
    office = circle.office.session
    erase(office.store, [Wish("resident", family.resident)], Act("erase", office.who))
    circle.round(laptop)
    with laptop.session.store.settings() as settings:
        assert settings.secret(giving.KIT) is None


def test_a_kit_that_was_given_back_goes_though_a_former_life_is_asked_for_it(
    circle: Circle, grid: int, family: Family
) -> None:
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    made_visit(laptop, family.household)
    circle.round(laptop)
    with laptop.session.store.settings() as settings:
        asked = Ask(settings.number("office_device"), 0)
        settings.set(giving.ASKS, canonical.pack([asked.thing()]))
        answer = returns.Stretch(asked.device, 0, 1_000)
        kit = settings.secret(giving.KIT)
        assert not giving.purge_kit(settings, {family.resident}, Answered())
        assert settings.secret(giving.KIT) == kit
    with laptop.session.store.db.write() as connection:
        exchange = Exchange(raw_cursor(connection))
        note_answered(exchange, Meta(raw_cursor(connection)), 1, returns.Given((b"kit",), (), (answer,)))
    with laptop.session.store.cursor() as cursor:
        answered = Answered.of(Exchange(cursor), Meta(cursor))
    assert answered.stretches == (answer,)
    with laptop.session.store.settings() as settings:
        assert giving.purge_kit(settings, {family.resident}, answered)
        assert settings.secret(giving.KIT) is None


def test_what_only_a_changed_reply_holds_waits_for_the_offices_word(circle: Circle, grid: int, family: Family) -> None:
    """An erasure changed the reply, so only the laptop vouches for it: it is neither believed nor lost."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    backup = circle.office.backups.make(circle.folder / "place").path
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    circle.office.records.save("household", {"remark": "门铃坏了"}, family.household)
    circle.round(laptop)
    erase(circle.office.session.store, [Wish("resident", family.resident)], Act("erase", circle.office.session.who))
    circle.round(laptop)
    office = put_back(circle, "office", backup)
    for _ in range(2):
        circle.round(laptop)
    waiting = office.asides.waiting()
    assert {one.reason for one in waiting} == {"returned"}
    assert ("household", family.household) in {(one.kind, one.record) for one in waiting}
    assert office.records.show("household", family.household).values["remark"] is None
    assert not any("13800000009" in str(one.fields) for one in waiting)
    office.asides.accept([one.id for one in waiting if one.acceptable])
    circle.round(laptop)
    assert office.records.show("household", family.household).values["remark"] == "门铃坏了"
    assert circle.agrees(laptop, grid)
    assert office.care_of_store.check() == []


def test_the_largest_reply_there_can_be_is_given_back_in_one_bundle() -> None:
    """What the office makes at most, a laptop's bundle holds, padded and sealed."""
    keys, office = DeviceKeys.generate(), DeviceKeys.generate()
    inner = bytes(returns.HARD)
    portion = returns.Portion()
    assert portion.offer(inner)
    header = Header(
        purpose=Purpose.BUNDLE, community="420204001006", sender=1 << 6, recipient=0, n=1, time="2026-03-18T01:42:00Z"
    )
    contents = Contents(header, [], [], other=returns.Given(tuple(portion.inners)).sections())
    data = write_bundle(contents, keys, [office.public.recipient, office.public.recipient]).data
    found = read_bundle(data, [office.identity], known=lambda _header: keys.public)
    assert returns.unpack_inners(found.other[returns.SECTION]) == [inner]


def test_no_reply_is_larger_than_what_can_be_given_back(
    circle: Circle, grid: int, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "HARD", 1024 * 1024)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    photo_id = circle.office.attachments.add("household", family.household, photo(1, 1_500_000)).id
    sizes = []
    for _ in range(3):
        sizes.append(circle.reply(laptop).stat().st_size)
        circle.hand_in(laptop)
    assert max(sizes) <= 1024 * 1024
    assert len(laptop.attachments.show(photo_id)) > 1_400_000


@pytest.fixture
def copies(circle: Circle, grid: int) -> list[Workspace]:
    """A laptop and a copy of it that nobody noticed, in one life; of the office there is a backup from before."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.office.backups.make(circle.folder / "backups")
    name = next(name for name, one in circle.opened.items() if one is laptop)
    circle.close(name)
    shutil.copytree(circle.folder / name, circle.folder / "twin")
    return [circle.open(name), circle.open("twin")]


def newest_backup(circle: Circle) -> Path:
    return circle.office.backups.list(circle.folder / "backups")[0].path


def test_what_each_of_two_copies_had_confirmed_is_sent_again(
    circle: Circle, family: Family, copies: list[Workspace]
) -> None:
    """One hands in later work than the other: under its mark the other's would pass for confirmed."""
    backup, visits = newest_backup(circle), []
    for one in copies:
        circle.clock.move(minutes=5)
        visits.append(made_visit(one, family.household))
    for one in reversed(copies):
        circle.hand_in(one)
        circle.reply(one)
    put_back(circle, "office", backup)
    for _ in range(4):
        circle.round(*reversed(copies))
    for one in (circle.office, *copies):
        assert [one.session.store.get("visit", visit) is not None for visit in visits] == [True, True]
        assert check(one.session.store) == []


def test_what_each_of_two_copies_had_from_the_office_comes_back(
    circle: Circle, family: Family, copies: list[Workspace]
) -> None:
    """Each gives back the replies it had: what one of them gave says nothing of the other's."""
    backup = newest_backup(circle)
    for one, note in zip(copies, "甲乙", strict=True):
        circle.clock.move(minutes=5)
        circle.office.records.save("resident", {"note": note}, family.resident)
        circle.hand_in(one)
        circle.reply(one)
        circle.hand_in(one)
    put_back(circle, "office", backup)
    for _ in range(4):
        circle.round(*copies)
    assert circle.office.records.show("resident", family.resident).values["note"] == "乙"
    told = [change.after for event in circle.office.records.history("resident", family.resident)
            for change in event.changes if change.field == "note"]  # fmt: skip
    assert told == ["乙", "甲"]


def test_what_was_written_anew_for_a_copy_is_given_back_wherever_it_belongs(
    circle: Circle, grid: int, family: Family, copies: list[Workspace]
) -> None:
    """The house has moved, and the office fell right after it had written the copy's work anew."""
    for one, number in zip(copies, ("13800000001", "13800000002"), strict=True):
        one.records.save("resident", {"phones": number}, family.resident)
    circle.hand_in(copies[0])
    circle.office.records.save("building", {"grid_id": circle.office.devices.add_grid("第三网格")}, family.building)
    backup = circle.office.backups.make(circle.folder / "later").path
    circle.hand_in(copies[1])
    circle.reply(copies[1])
    put_back(circle, "office", backup)
    for _ in range(4):
        circle.round(*copies)
    events = circle.office.records.history("resident", family.resident)
    told = {change.after for event in events for change in event.changes if change.field == "phones"}
    assert {"13800000001", "13800000002"} <= told
    assert check(circle.office.session.store) == []
