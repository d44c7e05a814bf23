"""Files that were not taken in: what is for another computer is said to be, and no work waits for anybody there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gridworker.app.exchange.views import Merged
from gridworker.app.workspace import Workspace
from tests.app.exchange.test_not_read import bent, truncated
from tests.circle import Circle, Family, made_visit


@pytest.fixture
def other_office(tmp_path: Path) -> Circle:
    """Another community, with as many laptops as this one."""
    return Circle(tmp_path / "elsewhere")


def told(workspace: Workspace, *paths: Path) -> list[Merged]:
    return workspace.exchange.merge_all(paths)


def test_what_the_office_wrote_is_for_the_laptop_it_names(circle: Circle, laptop: Workspace) -> None:
    reply = circle.office.exchange.pack(circle.stick, laptop.session.laptop)
    renamed = reply.rename(reply.with_name("给周敏.gwb"))
    (one,) = told(circle.office, renamed)
    assert one.for_others
    assert one.left.startswith("The office wrote this bundle for laptop 1")
    assert circle.office.exchange.missing_lines() == []


def test_what_a_laptop_wrote_is_for_the_office(circle: Circle, laptop: Workspace) -> None:
    bundle = laptop.exchange.pack(circle.stick)
    (one,) = told(laptop, bundle)
    assert one.for_others
    assert one.left.startswith("This laptop wrote this bundle for the office")


def test_a_reply_that_nobody_here_wrote_is_for_a_laptop_all_the_same(
    circle: Circle, laptop: Workspace, other_office: Circle
) -> None:
    grid = other_office.office.devices.add_grid("别处")
    theirs = other_office.enrol("何秀英", grid)
    other_office.hand_in(theirs)
    reply = other_office.office.exchange.pack(other_office.stick, 1)
    (one,) = told(circle.office, reply)
    assert one.for_others
    assert one.left == "By its name an office wrote this bundle for a laptop: leave it for that laptop."
    (one,) = told(laptop, reply)
    assert one.left.endswith("Nothing is missing here: number 1 of the office came, or what was in it.")
    assert not one.for_others, "it may be one of ours that was damaged"
    (one,) = told(laptop, reply.rename(reply.with_name("00-9-00000000.gwb")))
    assert (one.left, one.for_others) == ("", False), "it may be one that comes next"


def test_a_laptop_of_another_office_is_told_by_its_number(
    circle: Circle, laptop: Workspace, other_office: Circle
) -> None:
    grid = other_office.office.devices.add_grid("别处")
    theirs = [other_office.enrol(name, grid) for name in ("何秀英", "何秀兰")]
    first, second = (one.exchange.pack(other_office.stick) for one in theirs)
    results = told(circle.office, second)
    assert [one.for_others for one in results] == [True]
    assert results[0].left == (
        "By its name this bundle is not for this office, or it is damaged: number 1 of laptop 2 is not waited for here."
    )
    circle.hand_in(laptop)
    (one,) = told(circle.office, first)
    assert "nothing is missing here: number 1 of laptop 1 came" in one.left
    assert not one.for_others
    assert circle.office.exchange.missing_lines() == []


@pytest.mark.parametrize("damage", [truncated, bent])
def test_a_damaged_copy_of_what_went_in_is_nothing_to_wait_for(
    circle: Circle, laptop: Workspace, family: Family, damage: Callable[[Path], Path]
) -> None:
    made_visit(laptop, family.household)
    sent = circle.hand_in(laptop)
    copy = sent.with_name(sent.name.replace(".gwb", " - 副本.gwb"))
    copy.write_bytes(sent.read_bytes())
    (one,) = told(circle.office, damage(copy))
    assert one.problem is not None
    assert f"number {one.name.split('-')[1]} of laptop 1 came" in one.left
    assert circle.office.exchange.missing_lines() == []


@pytest.mark.parametrize("damage", [truncated, bent])
def test_a_damaged_one_that_is_waited_for_is_nobody_else_s(
    circle: Circle, laptop: Workspace, family: Family, damage: Callable[[Path], Path]
) -> None:
    made_visit(laptop, family.household)
    (one,) = told(circle.office, damage(laptop.exchange.pack(circle.stick)))
    assert one.problem is not None
    assert (one.left, one.for_others) == ("", False)
    assert len(circle.office.exchange.missing_lines()) == 1


def test_what_is_no_bundle_at_all_is_said_and_waits_for_nobody(circle: Circle, laptop: Workspace) -> None:
    kit = next(circle.stick.glob("*.gwk"))
    photo = circle.stick / "合影.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 and so on")
    first, second = told(circle.office, kit, photo)
    assert first.left.startswith("A code opens this file: it is a device bundle or a recovery key")
    assert second.left == "This file is no bundle, and nothing to merge."
    assert (first.for_others, second.for_others) == (False, False)
    cut = circle.stick / "half"
    cut.write_bytes(laptop.exchange.pack(circle.stick).read_bytes()[:12])
    (one,) = told(circle.office, cut)
    assert one.left == "", "it may be the beginning of one"
    assert circle.office.exchange.missing_lines() == []
