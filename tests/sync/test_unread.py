"""Bundles that did not check are remembered until one came in that covers them."""

from pathlib import Path

import pytest

from gridworker.paths import Folder
from gridworker.sync.unread import MOST, Unread

LAPTOP, OTHER = 64, 128
OFFICE, FORMER = 1, 0


def test_only_what_a_bundle_covers_is_forgotten(tmp_path: Path) -> None:
    """One that comes late covers what went before it, and nothing after; nor what another laptop sent."""
    unread = Unread(Folder(tmp_path))
    for device, n in ((LAPTOP, 3), (LAPTOP, 5), (OTHER, 2)):
        unread.note(device, n, OFFICE)
    unread.forget(LAPTOP, 4, OFFICE)
    assert (unread.of(LAPTOP), unread.of(OTHER)) == ((5,), (2,))


def test_the_newest_are_remembered(tmp_path: Path) -> None:
    unread = Unread(Folder(tmp_path))
    for n in range(MOST + 3):
        unread.note(LAPTOP, n, OFFICE)
    assert unread.of(LAPTOP) == tuple(range(3, MOST + 3))


def test_numbers_of_a_former_life_of_the_office_go_with_the_first_bundle_that_covers_all(tmp_path: Path) -> None:
    """So do those that an older version noted, which did not say in which life."""
    folder = Folder(tmp_path)
    folder.unread.write_text(f"[[{LAPTOP}, 7]]")
    unread = Unread(folder)
    unread.note(LAPTOP, 9, FORMER)
    unread.note(LAPTOP, 8, OFFICE)
    unread.note(OTHER, 9, FORMER)
    assert unread.of(LAPTOP) == (7, 8, 9)
    unread.forget(LAPTOP, 2, OFFICE)
    assert (unread.of(LAPTOP), unread.of(OTHER)) == ((8,), (9,))


@pytest.mark.parametrize("bent", ["[" * 100_000, '{"noted": 7, "nameless": null}', '{"noted": [[1e999, 1, 1]]}', "7"])
def test_a_file_that_makes_no_sense_says_nothing(tmp_path: Path, bent: str) -> None:
    folder = Folder(tmp_path)
    folder.unread.write_text(bent)
    assert Unread(folder).all() == ()
