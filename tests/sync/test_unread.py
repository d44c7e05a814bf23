"""Bundles that did not check are remembered until one came in that covers them."""

from pathlib import Path

from gridworker.paths import Folder
from gridworker.sync.unread import MOST, Unread

LAPTOP, OTHER = 64, 128


def test_only_what_a_bundle_covers_is_forgotten(tmp_path: Path) -> None:
    """One that comes late covers what went before it, and nothing after; nor what another laptop sent."""
    unread = Unread(Folder(tmp_path))
    for device, n in ((LAPTOP, 3), (LAPTOP, 5), (OTHER, 2)):
        unread.note(device, n)
    unread.forget(LAPTOP, 4)
    assert (unread.of(LAPTOP), unread.of(OTHER)) == ((5,), (2,))


def test_the_newest_are_remembered(tmp_path: Path) -> None:
    unread = Unread(Folder(tmp_path))
    for n in range(MOST + 3):
        unread.note(LAPTOP, n)
    assert unread.of(LAPTOP) == tuple(range(3, MOST + 3))
