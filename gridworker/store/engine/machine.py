"""What this computer is and what kind of disk a folder is on, as far as that can be known in a moment.

Best effort: where the system does not say, the answer is "unknown", and nobody is kept from working by it.
"""

import os
import re
import secrets
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "davfs", "fuse.sshfs", "fuse.davfs2", "fuse.rclone",
    "fuse.gvfsd-fuse",
})  # fmt: skip
WITHOUT_RIGHTS = frozenset({"vfat", "msdos", "exfat", "fat", "fat32"})
"""File systems of sticks: everybody may read everything, and a cable pulled out leaves them torn."""

STEADY = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs", "zfs", "tmpfs", "ntfs"})
"""Where the number of a file stays with it for life, so that a copy can be told from the original."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESS = secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Volume:
    """The disk under a folder. ``kind`` is the file system's name in lower case, empty where unknown."""

    kind: str = ""
    network: bool = False
    removable: bool = False

    @property
    def fit(self) -> bool:
        """Whether a live store may be kept on it."""
        return not (self.network or self.removable or self.kind in WITHOUT_RIGHTS)


def machine_id() -> str:
    """An identifier of this computer that stays the same over restarts; empty where the system has none.

    It is personal to the computer and is kept nowhere: only its HMAC is compared.
    """
    with suppress(OSError, subprocess.SubprocessError):
        return _machine_id().strip()
    return ""


def since_start() -> tuple[float, str]:
    """Seconds since the computer was started, sleep among them, and which start that was.

    No clock that can be set is asked. Where the system gives its starts no name it is that of this process.
    """
    with suppress(OSError, UnicodeDecodeError):  # not on Windows and macOS
        return time.clock_gettime(time.CLOCK_BOOTTIME), _BOOT.read_text(encoding="ascii").strip()
    slept = time.clock_gettime(time.CLOCK_MONOTONIC) if sys.platform == "darwin" else time.monotonic()
    return slept, _PROCESS


def volume_of(folder: Path) -> Volume:
    """The disk under ``folder``."""
    with suppress(OSError, ValueError, IndexError):
        return _volume(folder)
    return Volume()


def linux_volume(folder: Path, mounts: str, blocks: Path) -> Volume:
    """The disk under an absolute ``folder`` by the lines of /proc/self/mountinfo; the last longest mount point counts.

    The disk the system itself runs from is never called removable: there is no better place on that computer.
    """
    best, found = Path(), ["", ""]
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), before.split()[4]))
        if folder.is_relative_to(point) and len(point.parts) >= len(best.parts):
            best, found = point, [after.split()[0].lower(), before.split()[2]]
    kind, number = found
    system = best in {Path("/"), Path("/home")}
    return Volume(kind, kind in NETWORK, not system and _is_removable(blocks / number))


def _is_removable(block: Path) -> bool:
    """A partition says nothing itself; the disk it is on does."""
    disk = block.resolve()
    for place in (disk / "removable", disk.parent / "removable"):
        with suppress(OSError):
            return place.read_text().strip() == "1"
    return False


def _machine_id() -> str:
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    elif sys.platform == "darwin":
        ioreg = ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]
        answer = subprocess.run(ioreg, capture_output=True, text=True, check=False, timeout=5).stdout
        found = re.search(r'"IOPlatformUUID" = "([^"]+)"', answer)
        return found[1] if found else ""
    else:
        return Path("/etc/machine-id").read_text()


def _volume(folder: Path) -> Volume:
    if sys.platform == "win32":
        volume = _windows_volume(folder.resolve().anchor)
    else:
        mounts = Path("/proc/self/mountinfo").read_text()
        volume = linux_volume(folder.resolve(), mounts, Path("/sys/dev/block"))
    return volume


if sys.platform == "win32":

    def _windows_volume(root: str) -> Volume:
        import ctypes

        if root.startswith("\\\\"):
            return Volume(network=True)
        kind = ctypes.create_unicode_buffer(64)
        ctypes.windll.kernel32.GetVolumeInformationW(root, None, 0, None, None, None, kind, len(kind))
        drive = ctypes.windll.kernel32.GetDriveTypeW(root)
        removable, remote = 2, 4
        system = f"{os.environ.get('SYSTEMDRIVE', 'C:')}\\".lower()
        return Volume(kind.value.lower(), drive == remote, drive == removable and root.lower() != system)
