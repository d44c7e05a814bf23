"""Whoever has nothing but the manual of the format writes what the office takes in whole, and agrees with it."""

from pathlib import Path

from gridworker.sync.format.seal import unlock
from tests.circle import Circle
from tests.sync.second_reader import Books, Inner, opened, parsed
from tests.sync.second_writer import DELETE, EDIT, RESOLVE, Laptop

VISIT, RESIDENT = 9, 6
PHONES, NOTE = 5, 13


def answered(circle: Circle, laptop: Laptop, folder: Path) -> Inner:
    """The office's reply, opened with the laptop's own key and heeded by it."""
    key = folder / "key.txt"
    key.write_text(laptop.pem)
    reply = parsed(opened(circle.office.exchange.pack(circle.stick, laptop.terms["number"]), key))
    laptop.take(reply)
    return reply


def visited(laptop: Laptop, household: int, no: str) -> int:
    """A visit."""
    who, at = laptop.terms["worker"], "2026-11-29T08:00:00Z"
    return laptop.create(VISIT, f1=no, f2=household, f3=at, f5=who, f7="door", f8="routine", f9="met_person")


def test_a_second_writer_is_taken_in_whole_and_agrees(circle: Circle, grids: tuple[int, int], tmp_path: Path) -> None:
    family, office = circle.family(grids[0]), circle.office
    person = family.resident
    issued = office.devices.issue_kit("周敏", grids[:1], circle.stick / "kit.gwk")
    laptop = Laptop(parsed(unlock((circle.stick / "kit.gwk").read_bytes(), issued.code)))
    books = Books()
    books.heed(laptop.kit)
    kept, gone = (visited(laptop, family.household, no) for no in ("V-1", "V-2"))
    photo = bytes(range(256)) * 300
    laptop.attach(photo, kept)
    laptop.write(VISIT, DELETE, gone, [0, 0, 0, []])
    phones = laptop.write(RESIDENT, EDIT, person, [PHONES, "13800000001", 0, NOTE, "\t两行\n文字", 0])
    office.records.save("resident", {"phones": "13800000002"}, person)
    laptop.pack(circle.stick)  # lost on its way: the next has it all
    office.exchange.merge(laptop.pack(circle.stick))
    assert [one.n for one in office.exchange.missing()] == [1]
    assert not office.asides.waiting()
    assert len(office.merge.conflicts()) == 1
    reply = answered(circle, laptop, tmp_path)
    assert laptop.confirmed == laptop.last
    books.wrote(laptop.ops)
    books.heed(reply)
    others = [op["clk"] for op in reply.ops if op["record"] == person]
    laptop.write(RESIDENT, RESOLVE, person, [PHONES, "13800000003", [phones, *others]])
    office.exchange.merge(laptop.pack(circle.stick))
    assert not office.merge.conflicts()
    assert not office.asides.waiting()
    assert (office.session.store.get("resident", person) or {})["phones"] == "13800000003"
    assert office.session.store.get("visit", gone) is None
    (one,) = office.attachments.of("visit", kept)
    assert office.attachments.show(one.id) == photo
    last = answered(circle, laptop, tmp_path)
    books.wrote(laptop.ops[-1:])
    books.heed(last)
    assert books.digest() == last.header["digest"]["hash"]
