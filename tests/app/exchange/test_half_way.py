"""A merge that was cut off is said at the next start, once, and until it was done; it keeps nobody's name."""

import os
from pathlib import Path
from typing import Any

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound
from gridworker.sync.post import Post
from tests.circle import Circle, Family, phones

BEGINS = "The last merge stopped half way, and no bundle was left half taken in. "

UNNAMED = "The last merge stopped half way, and no bundle was left half taken in. Merge those bundles again."


def cut_off(circle: Circle, *paths: Path) -> Workspace:
    """Take files in at the office, which dies when they are in and nothing is durable yet. The office after it."""
    circle.close("office")
    child = os.fork()
    if child == 0:
        take_in, left = Post.take_in, list(paths)

        def last(post: Post, *given: Any) -> object:
            found = take_in(post, *given)
            left.pop()
            return found if left else os._exit(0)

        patch = pytest.MonkeyPatch()
        patch.setattr(Post, "take_in", last)
        patch.setattr(Post, "take_plain", lambda *_given: [])
        circle.open("office").exchange.merge_all(paths)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    return circle.open("office")


@pytest.fixture
def bundles(circle: Circle, laptop: Workspace, family: Family) -> list[Path]:
    paths = []
    for phone in ("13800000776", "13800000777"):
        laptop.records.save("resident", {"phones": phone}, family.resident)
        paths.append(laptop.exchange.pack(circle.stick))
    return paths


def test_it_is_said_until_it_was_done_and_nothing_of_it_is_in(
    circle: Circle, bundles: list[Path], family: Family
) -> None:
    office = cut_off(circle, *bundles)
    assert phones(office, family.resident) == "13800000142"
    words = f"{BEGINS}Merge again: {bundles[0].name}, {bundles[1].name}"
    assert [office.exchange.cut_off() for _ in range(2)] == [words] * 2
    office.exchange.merge(bundles[0])
    assert office.exchange.cut_off() == f"{BEGINS}Merge again: {bundles[1].name}"
    office.exchange.merge(bundles[1])
    assert office.exchange.cut_off() == ""
    assert phones(office, family.resident) == "13800000777"


def test_it_is_said_at_one_start_alone(circle: Circle, bundles: list[Path]) -> None:
    assert cut_off(circle, *bundles).exchange.cut_off()
    circle.close("office")
    assert circle.open("office").exchange.cut_off() == ""


def test_of_a_file_that_somebody_named_no_name_is_kept(circle: Circle, bundles: list[Path]) -> None:
    office = cut_off(circle, bundles[0].rename(circle.stick / "周敏家.gwb"))
    assert "周敏" not in office.session.folder.merging.read_text(encoding="utf-8")
    assert office.exchange.cut_off() == UNNAMED


def test_what_came_to_its_end_leaves_nothing_to_say(circle: Circle, bundles: list[Path]) -> None:
    office = circle.office
    office.exchange.merge(bundles[0])
    with pytest.raises(NotFound):
        office.exchange.merge(circle.stick / "none.gwb")
    assert not office.session.folder.merging.exists()
    assert office.exchange.cut_off() == ""


@pytest.mark.parametrize("found", ["", "{}", "[" * 100_000, '{"by": 1, "names": 2, "more": 0}'])
def test_a_file_that_cannot_be_read_says_that_something_was_cut_off(circle: Circle, found: str) -> None:
    circle.office.session.folder.merging.write_text(found)
    assert circle.office.exchange.cut_off() == UNNAMED
    assert not circle.office.session.folder.merging.exists()
