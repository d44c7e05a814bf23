from pathlib import Path

import pytest

from gridworker.store.engine import machine
from gridworker.store.engine.machine import Volume, linux_volume, machine_id, volume_of

MOUNTS = r"""
25 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
30 25 8:3 / /home rw,relatime - btrfs /dev/sda3 rw
31 25 8:17 / /media/u/MY\040STICK rw,nosuid shared:2 master:3 - vfat /dev/sdb1 rw
32 25 8:33 / /media/u/disk rw - ext4 /dev/sdc1 rw
33 25 0:40 / /srv/share rw - nfs4 server:/x rw
34 33 0:41 / /srv/share rw - cifs //server/x rw
35 25 0:42 / /srv/share2 rw - tmpfs tmpfs rw
""".strip()


@pytest.fixture
def blocks(tmp_path: Path) -> Path:
    """Disks as /sys shows them: sda stays, sdb and sdc can be pulled out."""
    for disk, removable, part in (("sda", "0", "8:2"), ("sdb", "1", "8:17"), ("sdc", "1", "8:33")):
        (tmp_path / disk / f"{disk}1").mkdir(parents=True)
        (tmp_path / disk / "removable").write_text(f"{removable}\n")
        (tmp_path / part).symlink_to(tmp_path / disk / f"{disk}1")
    (tmp_path / "8:3").symlink_to(tmp_path / "sdc" / "sdc1")
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "volume", "fit"),
    [
        ("/var/data", Volume("ext4"), True),
        ("/home/u/data", Volume("btrfs"), True),  # the system itself runs from a stick: there is no better place
        ("/media/u/MY STICK/data", Volume("vfat", removable=True), False),
        ("/media/u/disk", Volume("ext4", removable=True), False),
        ("/srv/share/data", Volume("cifs", network=True), False),
        ("/srv/share2", Volume("tmpfs"), True),
    ],
)
def test_the_disk_under_a_folder(blocks: Path, folder: str, volume: Volume, fit: bool) -> None:
    assert linux_volume(Path(folder), MOUNTS, blocks) == volume
    assert volume.fit is fit


def test_a_stick_formatted_without_rights_is_unfit_even_if_it_says_it_stays() -> None:
    assert not Volume("exfat").fit


def test_what_cannot_be_known_keeps_nobody_from_working(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unreadable(*_: object) -> Volume:
        raise PermissionError

    monkeypatch.setattr(machine, "_volume", unreadable)
    assert volume_of(tmp_path) == Volume()
    assert volume_of(tmp_path).fit
    monkeypatch.setattr(machine, "_machine_id", unreadable)
    assert machine_id() == ""


def test_here(tmp_path: Path) -> None:
    assert volume_of(tmp_path) == volume_of(tmp_path / "not" / "yet")
    assert machine_id() == machine_id()
