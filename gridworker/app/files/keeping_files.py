"""Files that stand where one is to be written: what is not known to be ours is somebody's, and stays."""

import hashlib
from collections.abc import Callable
from os.path import realpath
from pathlib import Path

from gridworker.errors import Problem
from gridworker.plainfile import open_plain


def keep_others(path: Path, is_ours: Callable[[bytes], bool]) -> None:
    """Raise Problem where a file stands at ``path`` that ``is_ours``, asked with its SHA-256, does not know.

    Raises StoreProblem where it cannot be read.
    """
    from gridworker.store.engine.filesafe import disk_problems

    with disk_problems(path):
        if not path.is_file():
            return
        with open_plain(path) as file:
            found = hashlib.file_digest(file, "sha256").digest()
    if not is_ours(found):
        raise Problem("“{file}” is no bundle that was packed here, so it is kept: name another file.", file=path.name)


def keep_all(path: Path) -> None:
    """Raise Problem where there is anything at ``path``: for what is made once and opens something."""
    from gridworker.store.engine.filesafe import disk_problems

    with disk_problems(path):
        is_there = path.is_file()
    if is_there:
        raise Problem("There is a file “{file}” already, so it is kept: name another one.", file=path.name)


def keep_unless_asked(path: Path, *, replace: bool) -> None:
    """Raise Problem where a file stands at ``path`` and nobody said that it may go: a table may hold somebody's work.

    Who hands a ledger out every month under one name says so, at the command line with --replace; a window asks.
    """
    from gridworker.store.engine.filesafe import disk_problems

    with disk_problems(path):
        is_there = path.is_file()
    if is_there and not replace:
        raise Problem(
            "There is a file “{file}” already, so it is kept: name another one, or add --replace.", file=path.name
        )


def keep_all_but(path: Path, begin: bytes) -> None:
    """Raise Problem where a file stands at ``path`` that does not begin so: one of that sort may be replaced."""
    from gridworker.store.engine.filesafe import disk_problems

    with disk_problems(path):
        if path.is_file():
            with open_plain(path) as file:
                if file.read(len(begin)) == begin:
                    return
    keep_all(path)


def refuse_data_folder(path: Path, root: Path) -> None:
    """Raise Problem for a place below the data folder ``root``: nothing in clear stands there, and all of it is copied.

    A name of the program's own that is not there yet would be taken for what it stands for, too.
    """
    if Path(realpath(path)).is_relative_to(realpath(root)):
        raise Problem(
            "“{name}” would lie in the data folder, where everything is encrypted. Name a place outside it.",
            name=path.name,
        )


def write_where_asked(path: Path, data: bytes) -> None:
    """Write a small file in the place a person chose, and wait for the disk: a stick is pulled out right after.

    Only its owner reads it. Raises DiskFull, StoreProblem; what stood there before stays then.
    """
    from gridworker.store.engine.filesafe import write_durably

    write_durably(path, data)
