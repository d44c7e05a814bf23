"""Which volumes are sticks: each platform gives it away differently."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gridworker.gui.watching import drives
from gridworker.gui.watching.drives import Drive, DriveWatch, Volume, is_removable


@pytest.fixture
def blocks(tmp_path: Path) -> Path:
    """The block devices of a Linux: a disk inside, a stick, a card."""
    named = tmp_path / "class" / "block"
    named.mkdir(parents=True)
    for disk, bus, flag in (("sda", "pci/ata1", "0"), ("sdb", "pci/usb2/2-1", "0"), ("mmcblk0", "pci/mmc", "1")):
        part = tmp_path / bus / disk / f"{disk}1"
        part.mkdir(parents=True)
        (part.parent / "removable").write_text(f"{flag}\n")
        (named / disk).symlink_to(part.parent)
        (named / f"{disk}1").symlink_to(part)
    return named


@pytest.mark.parametrize(
    ("device", "stick"),
    [
        ("/dev/sda1", False),
        ("/dev/sdb1", True),
        ("/dev/sdb", True),
        ("/dev/mmcblk0", True),
        ("/dev/mmcblk01", True),
        ("/dev/gone1", False),
        ("tmpfs", False),
        ("overlay", False),
    ],
)
def test_on_linux_the_device_says_it(blocks: Path, tmp_path: Path, device: str, stick: bool) -> None:
    assert is_removable(Volume(str(tmp_path), device, "vfat"), "linux", blocks) is stick


def test_a_mounted_file_is_no_drive(blocks: Path, tmp_path: Path) -> None:
    file = tmp_path / "tool"
    file.touch()
    assert not is_removable(Volume(str(file), "/dev/sdb1", "ext4"), "linux", blocks)


@pytest.mark.parametrize(
    ("root", "system", "stick"), [("E:/", "exfat", True), ("C:/", "fat32", False), ("D:/", "ntfs", False)]
)
def test_on_windows_a_stick_is_fat_and_not_c(root: str, system: str, stick: bool) -> None:
    assert is_removable(Volume(root, "", system), "win32") is stick


@pytest.mark.parametrize(
    ("root", "system", "stick"),
    [("/Volumes/KINGSTON", "msdos", True), ("/Volumes/Backup", "apfs", False), ("/", "apfs", False)],
)
def test_on_macos_a_stick_is_a_fat_volume(root: str, system: str, stick: bool) -> None:
    assert is_removable(Volume(root, "", system), "darwin") is stick


def test_this_computer_can_be_asked() -> None:
    assert all(drive.root.is_dir() for drive in drives.removable())


def test_plugging_in_is_noticed_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    plugged: list[Drive] = []
    monkeypatch.setattr(drives, "removable", lambda: list(plugged))
    parent = QObject()
    watch = DriveWatch(parent)
    seen: list[list[Drive]] = []
    watch.changed.connect(seen.append)
    watch.start()
    stick = Drive(Path("/media/E"), "金士顿", 14)
    plugged.append(stick)
    watch.look()
    watch.look()
    plugged.clear()
    watch.look()
    watch.stop()
    assert seen == [[stick], []]
