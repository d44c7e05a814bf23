"""Removable drives, found the same way on every platform."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QStorageInfo, QTimer, Signal

_SYSTEM = ("/boot", "/snap", "/sys", "/proc", "/dev", "/run/user", "/etc", "/usr", "/var")
_MOUNTS = ("/media", "/mnt", "/run/media", "/Volumes")


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive: where it is mounted, what it is called, and how many bytes are free."""

    root: Path
    name: str
    free: int


def removable() -> list[Drive]:
    """The drives that look like sticks or cards, ready and writable or not."""
    return [
        Drive(Path(info.rootPath()), info.displayName() or info.rootPath(), info.bytesAvailable())
        for info in QStorageInfo.mountedVolumes()
        if info.isValid() and info.isReady() and not info.isRoot() and _looks_removable(info)
    ]


def _looks_removable(info: QStorageInfo) -> bool:
    root = info.rootPath()
    if root.startswith(_SYSTEM):
        return False
    if len(root) <= 3 and root[1:2] == ":":
        return root[0].upper() != "C" and bytes(info.fileSystemType().data()).upper() in {b"FAT32", b"EXFAT", b"FAT"}
    return root.startswith(_MOUNTS)


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
