"""Removable drives, found the same way on every platform."""

import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QStorageInfo, QTimer, Signal

_STICKS = {"fat32", "exfat", "fat", "vfat", "msdos"}
_LINUX_BLOCKS = Path("/sys/class/block")


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive: where it is mounted, what it is called, and how many bytes are free."""

    root: Path
    name: str
    free: int


@dataclass(frozen=True, slots=True)
class Volume:
    """What a platform says of a mounted volume."""

    root: str
    device: str
    system: str


def removable() -> list[Drive]:
    """The sticks and cards that are plugged in and ready."""
    ready = [info for info in QStorageInfo.mountedVolumes() if info.isValid() and info.isReady() and not info.isRoot()]
    return [
        Drive(Path(info.rootPath()), info.displayName() or info.rootPath(), info.bytesAvailable())
        for info in ready
        if is_removable(Volume(info.rootPath(), _text(info.device()), _text(info.fileSystemType()).lower()))
    ]


def _text(data: QByteArray) -> str:
    return bytes(data.data()).decode(errors="replace")


def is_removable(volume: Volume, platform: str = sys.platform, blocks: Path = _LINUX_BLOCKS) -> bool:
    """Whether a volume is a stick or a card. Qt does not say; each platform gives it away differently."""
    if platform == "win32":
        return volume.root[:1].upper() != "C" and volume.system in _STICKS
    if platform == "darwin":
        return volume.root.startswith("/Volumes/") and volume.system in _STICKS
    if not volume.device.startswith("/dev/") or not Path(volume.root).is_dir():
        return False
    block = (blocks / Path(volume.device).name).resolve()
    disk = block if (block / "removable").exists() else block.parent
    return "/usb" in block.as_posix() or _flag(disk / "removable")


def _flag(path: Path) -> bool:
    try:
        return path.read_text().strip() == "1"
    except OSError:
        return False


class DriveWatch(QObject):
    """Looks every two seconds while it runs; ``changed`` carries the drives when they differ."""

    changed = Signal(list)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._drives: list[Drive] = []
        self._timer = QTimer(self)
        self._timer.setInterval(2000)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look now and then every two seconds."""
        self.look()
        self._timer.start()

    def stop(self) -> None:
        """Stop looking (the page is hidden)."""
        self._timer.stop()

    def look(self) -> None:
        """Look once."""
        drives = removable()
        if [drive.root for drive in drives] != [drive.root for drive in self._drives]:
            self._drives = drives
            self.changed.emit(drives)
