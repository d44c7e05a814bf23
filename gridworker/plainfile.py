"""Files that are read by a name under which somebody else may have put what is no file: nothing waits for a pipe.

A named pipe nobody writes to keeps whoever opens it waiting for ever, and a device never ends or does something. So
what is no plain file is not opened. Windows has no such names in a folder, and nothing is different there.
"""

import os
from errno import EISDIR, EPERM
from io import BufferedReader
from pathlib import Path
from stat import S_ISCHR, S_ISDIR, S_ISFIFO, S_ISREG

_WINDOWS = os.name == "nt"
_BINARY = getattr(os, "O_BINARY", 0)

NOT_WAITING: int = getattr(os, "O_NONBLOCK", 0)
"""For who opens a name for writing: without it a named pipe waits for a reader."""


class NotAFile(OSError):
    """What bears the name is a pipe, a socket or a device."""


def is_no_file(path: Path) -> bool:
    """Whether something is there that is neither a file nor a folder. Raises OSError where that cannot be seen."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    return not _WINDOWS and not (S_ISREG(mode) or S_ISDIR(mode))


def open_plain(path: Path) -> BufferedReader:
    """Open a file for reading. Raises NotAFile, and any other OSError as ``Path.open`` does."""
    return os.fdopen(open_handle(path), "rb")


def open_handle(path: Path, also: int = 0) -> int:
    """The same for who reads by a handle of the system and closes that; ``also``: more flags to open it with."""
    if _WINDOWS:
        return os.open(path, os.O_RDONLY | _BINARY | also)
    _require_plain(path, path.stat().st_mode)  # before it is opened: that alone makes some devices do something
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | NOT_WAITING | also)
    try:
        _require_plain(path, os.fstat(handle).st_mode)
    except BaseException:
        os.close(handle)
        raise
    return handle


def open_folder(path: Path) -> int:
    """A handle to a folder, and to nothing else. Raises OSError."""
    return os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))


def read_plain(path: Path, most: int = -1) -> bytes:
    """The content of a file, or its first bytes. Raises what ``open_plain`` raises."""
    with open_plain(path) as file:
        return file.read(most)


def read_given(path: Path, most: int) -> bytes:
    """The first bytes of what somebody names on purpose: a file, a terminal, or a pipe that another one writes to.

    Secrets are often handed over by a pipe that a shell names. One nobody writes to is empty, and not waited for.
    """
    mode = 0 if _WINDOWS else path.stat().st_mode
    if S_ISCHR(mode):
        return _of_terminal(path, most)
    if not S_ISFIFO(mode):
        return read_plain(path, most)
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | NOT_WAITING), "rb", buffering=0) as raw:
        begin = raw.read(most)  # None: somebody has it open and has not written yet
        os.set_blocking(raw.fileno(), True)
        data = begin or b""
        while begin != b"" and len(data) < most and (more := raw.read(most - len(data))):
            data += more
    return data


def _of_terminal(path: Path, most: int) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | NOT_WAITING | os.O_NOCTTY)
    try:
        if not os.isatty(handle):
            raise NotAFile(EPERM, "a device", str(path))
        os.set_blocking(handle, True)
        return os.read(handle, most)
    finally:
        os.close(handle)


def _require_plain(path: Path, mode: int) -> None:
    if S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, "a folder", str(path))
    if not S_ISREG(mode):
        raise NotAFile(EPERM, "no plain file", str(path))
