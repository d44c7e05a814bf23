"""Reading a file as it lies on its medium, past what the system keeps of it in memory, where the system can do so.

What was just written is read back to see that it is really there. By way of the system's memory that costs as much of
the processor as all the checks of the pages: room is found for every page, it is copied there, and forgotten again.
"""

import io
import os
from errno import EINVAL
from itertools import cycle
from mmap import mmap
from pathlib import Path

from gridworker.plainfile import open_handle

_DIRECT = getattr(os, "O_DIRECT", 0)
"""Linux alone: the medium writes into our own memory. Both sides of it have to lie at whole pages, as the map does."""


class Medium:
    """Reads a file from its beginning into ``rooms`` pieces of memory of ``size`` bytes, which are used by turns."""

    def __init__(self, path: Path, size: int, rooms: int) -> None:
        self._path = path
        self._rooms = cycle([memoryview(mmap(-1, size)) for _ in range(rooms)])
        self._file, self.is_direct = _opened(path)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def read(self, size: int) -> memoryview:
        """The next ``size`` bytes, fewer at the end alone. They stand until as many reads have followed as are rooms.

        Where nothing is left, nothing comes.
        """
        room, done = next(self._rooms)[:size], 0
        while done < size and (more := self._more(room[done:])):
            done += more
        return room[:done]

    def _more(self, room: memoryview) -> int:
        try:
            return self._file.readinto(room) or 0
        except OSError as error:
            if not self.is_direct or error.errno != EINVAL:
                raise
        self._go_on_without()
        return self._file.readinto(room) or 0

    def _go_on_without(self) -> None:
        """Some file systems open a file so and do not read it so, or not from where a read that was cut short ended."""
        at = self._file.tell()
        self._file.close()
        self._file, self.is_direct = os.fdopen(open_handle(self._path), "rb", 0), False
        self._file.seek(at)


def _opened(path: Path) -> tuple[io.FileIO, bool]:
    if _DIRECT:
        try:
            return os.fdopen(open_handle(path, _DIRECT), "rb", 0), True
        except OSError as error:
            if error.errno != EINVAL:
                raise
    return os.fdopen(open_handle(path), "rb", 0), False
