"""Whoever has nothing but the manual of the format reads what is exchanged, and comes to the same digest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.tables.changes import Change
from gridworker.sync.format.seal import unlock
from tests.circle import RECOVERY, Circle, Family, delete, made_visit, phones
from tests.copies import copies_of, put_back
from tests.sync.second_reader import Books, checks, opened, parsed
from tests.village import WEDNESDAY, HandClock

AHEAD = timedelta(days=19 * 365)


def test_a_second_reader_comes_to_the_digest_of_both_ends(
    circle: Circle, grids: tuple[int, int], tmp_path: Path
) -> None:
    family = circle.family(grids[0])
    kit = circle.stick / "kit.gwk"
    issued = circle.office.devices.issue_kit("周敏", grids[:1], kit)
    laptop = circle.set_up(kit, issued.code, "laptop-1")
    visits = [made_visit(laptop, family.household) for _ in range(3)]
    for device, phone in ((laptop, "13800000001"), (circle.office, "13800000002")):
        device.records.save("resident", {"phones": phone}, family.resident)
        circle.clock.move(minutes=1)
    delete(laptop, "visit", visits[0])
    handed = [circle.hand_in(laptop)]
    circle.office.records.save("visit", {"situation_note": "楼道"}, visits[1])
    delete(laptop, "visit", visits[1])
    handed.append(circle.hand_in(laptop))
    reply = circle.reply(laptop)
    key, pem = tmp_path / "key.txt", tmp_path / "signing.pem"
    key.write_text(f"{RECOVERY.secret}\n")
    pem.write_text(circle.office.keys.key("office").signing_pem)
    books = Books()
    books.heed(parsed(unlock(kit.read_bytes(), issued.code)))
    for file in handed:
        books.wrote(parsed(opened(file, key)).ops)
    inner = opened(reply, key)
    assert checks(inner, pem, tmp_path)
    assert not checks(inner[:-1] + bytes([inner[-1] ^ 1]), pem, tmp_path)
    answer = parsed(inner)
    books.heed(answer)
    assert books.digest() == answer.header["digest"]["hash"]
    assert laptop.exchange.agreements()[0].agrees


@dataclass
class Beside:
    """Laptops, and beside each the books of who reads along what it hands in and is given."""

    circle: Circle
    key: Path
    at: dict[str, Workspace] = field(default_factory=dict)
    books: dict[str, Books] = field(default_factory=dict)

    def enrol(self, name: str, *grids: int) -> Workspace:
        """One more."""
        kit = self.circle.stick / f"{name}.gwk"
        issued = self.circle.office.devices.issue_kit(name, grids, kit)
        self.at[name] = self.circle.set_up(kit, issued.code, name)
        self.books[name] = Books()
        self.books[name].heed(parsed(unlock(kit.read_bytes(), issued.code)))
        return self.at[name]

    def hand_in(self, name: str) -> None:
        """A laptop hands in."""
        self.circle.clock.move(minutes=1)
        self.books[name].wrote(parsed(opened(self.circle.hand_in(self.at[name]), self.key)).ops)

    def reply(self, name: str) -> bool | None:
        """A laptop is answered. Returns whether the digest is that of the books, None where none was told."""
        self.circle.clock.move(minutes=1)
        laptop, began = self.at[name], self.circle.clock_of(name)()
        answer = parsed(opened(self.circle.reply(laptop), self.key))
        self.books[name].heed(answer)
        if "digest" not in answer.header:
            return None
        agrees = bool(answer.header["digest"]["hash"] == self.books[name].digest())
        itself = laptop.exchange.agreements()[0]  # of before where it found that it has a twin
        assert itself.at is None or itself.at < began or itself.agrees in {agrees, None}
        return agrees

    def agree(self) -> None:
        """All hand in and are answered, until nothing is on its way."""
        for _ in range(3):
            for name in self.at:
                self.hand_in(name)
            told = [self.reply(name) for name in self.at]
        assert all(told)


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Beside]:
    """Two laptops of two grids that overlap; the clock of the second is years ahead."""
    circle = Circle(tmp_path, clocks={"laptop-2": HandClock(WEDNESDAY + AHEAD)})
    key = tmp_path / "key.txt"
    key.write_text(f"{RECOVERY.secret}\n")
    yield Beside(circle, key)
    circle.close()


@pytest.fixture
def family(beside: Beside) -> Family:
    """Of the first grid, and on both laptops."""
    office = beside.circle.office
    grids = [office.devices.add_grid(name) for name in ("第一网格", "第二网格")]
    family = beside.circle.family(grids[0])
    beside.circle.family(grids[1], "303")
    beside.enrol("laptop-1", grids[0])
    beside.enrol("laptop-2", *grids)
    beside.enrol("laptop-3", grids[1])
    beside.agree()
    return family


def a_clock_is_corrected(beside: Beside, family: Family) -> None:
    office = beside.circle.office
    for name, number in (("laptop-2", "13800000001"), ("laptop-1", "13800000002")):
        beside.circle.clock.move(minutes=60)
        beside.at[name].records.save("resident", {"phones": number}, family.resident)
    beside.agree()
    assert phones(office, family.resident) == "13800000001", "its clk is the highest"
    exactly = {"since": "2040-01-01T00:00:00Z", "seconds": -int(AHEAD.total_seconds())}
    office.clocks.correct(2, {**office.clocks.suggestion(2), **exactly})
    beside.agree()
    assert phones(office, family.resident) == "13800000002"


def a_household_is_handed_over(beside: Beside, family: Family) -> None:
    office, first = beside.circle.office, beside.at["laptop-1"]
    target = next(one for one in office.records.page("dwelling") if one.values["room_no"] == "303").id
    first.handovers.ask(family.household, {"reason": "搬到二网格"})
    beside.agree()
    (request,) = office.handovers.waiting()
    office.handovers.complete(request.id, target)
    made_visit(first, family.household)
    beside.agree()
    assert family.household in beside.books["laptop-1"].left
    assert family.household in beside.books["laptop-3"].held
    office.records.save("household", {"dwelling_id": family.dwelling}, family.household)
    beside.agree()
    assert family.household in beside.books["laptop-1"].held, "it came back"


def a_change_is_not_accepted(beside: Beside, family: Family) -> None:
    office, first = beside.circle.office, beside.at["laptop-1"]
    grid = first.session.grids()[0]
    first.session.write([Change("grid", grid, {"name": "我的网格"})], "edit")
    first.records.save("resident", {"note": "真的"}, family.resident)
    beside.hand_in("laptop-1")
    waiting = [one.id for one in office.asides.waiting()]
    assert waiting
    assert beside.reply("laptop-1") is None, "no digest while it waits"
    office.asides.refuse(waiting)
    beside.agree()
    assert first.records.show("grid", grid).values["name"] == "第一网格"


def a_laptop_was_copied(beside: Beside, family: Family) -> None:
    first, twin = copies_of(beside.circle, "twin")
    beside.at["laptop-1"] = first
    twin.records.save("resident", {"note": "楼道"}, family.resident)
    first.records.save("resident", {"phones": "13811111110"}, family.resident)
    beside.circle.hand_in(twin)
    beside.agree()
    shown = first.records.show("resident", family.resident).values
    assert (shown["note"], shown["phones"]) == ("楼道", "13811111110")


def an_office_is_put_back(beside: Beside, family: Family) -> None:
    office = beside.circle.office
    backup = office.backups.make(beside.circle.folder / "place").path
    target = next(one for one in office.records.page("dwelling") if one.values["room_no"] == "303").id
    office.records.save("household", {"dwelling_id": target}, family.household)
    beside.at["laptop-1"].records.save("resident", {"note": "楼道"}, family.resident)
    beside.agree()
    assert family.household in beside.books["laptop-1"].left
    put_back(beside.circle, backup, gone=True)
    beside.hand_in("laptop-1")
    beside.reply("laptop-1")
    assert family.household in beside.books["laptop-1"].held, "this life of the office does not know that it left"
    beside.agree()
    assert family.household in beside.books["laptop-1"].left, "what it had said came back to it"


def a_person_is_erased(beside: Beside, family: Family) -> None:
    beside.at["laptop-1"].records.save("resident", {"note": "楼道"}, family.resident)
    beside.circle.office.erasing.erase("resident", family.resident, rewordings=None)
    beside.agree()
    words = {value for op in beside.books["laptop-2"].ops.values() if op["record"] == family.resident
             for value in op["vals"] if isinstance(value, str)}  # fmt: skip
    assert "楼道" not in words


@pytest.mark.parametrize(
    "what",
    [
        a_clock_is_corrected,
        a_household_is_handed_over,
        a_change_is_not_accepted,
        a_laptop_was_copied,
        an_office_is_put_back,
        a_person_is_erased,
    ],
    ids=lambda what: what.__name__,
)
def test_who_reads_along_comes_to_the_digests_when(
    beside: Beside, family: Family, what: Callable[[Beside, Family], None]
) -> None:
    what(beside, family)
