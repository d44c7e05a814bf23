"""The program's log of its own faults: where in the program and what sort, nothing about anybody.

Never the words of an exception, for those may quote what somebody typed; never a home folder, for that has a person's
name.
"""

import logging
import sys
import traceback
from pathlib import Path, PurePath

from gridworker.errors import Problem
from gridworker.paths import log_file
from gridworker.plainfile import is_no_file, read_plain

_LOG = logging.getLogger("gridworker")
_MOST = 250_000
"""Bytes of a part of the log; there are two."""


def without_words(fault: BaseException) -> str:
    """A traceback of places and types alone."""
    lines: list[str] = []
    link: BaseException | None = fault
    while link is not None:
        places = [f"  {_file(place.filename)}:{place.lineno} {place.name}" for place in _trace(link)]
        lines += [type(link).__name__, *places]
        link = link.__cause__ or link.__context__
    return "\n".join(lines)


def write_down(fault: BaseException) -> None:
    """Log a fault, also where nothing was logged before."""
    open_log()
    _LOG.error("%s", without_words(fault))


def open_log() -> None:
    """Write the program's log to its folder, once; half a megabyte at most."""
    from logging.handlers import RotatingFileHandler

    path = log_file().absolute()
    if any(isinstance(handler, RotatingFileHandler) and handler.baseFilename == str(path) for handler in _LOG.handlers):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_no_file(path):
            return
        handler = RotatingFileHandler(path, maxBytes=_MOST, backupCount=1, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)


def whole_log() -> bytes:
    """Both parts of the log, the older one first. Raises Problem where there is none yet."""
    newest = log_file()
    parts = [part for part in map(_part, (newest.with_name(f"{newest.name}.1"), newest)) if part is not None]
    if not parts:
        raise Problem("Nothing went wrong yet: there is no log.")
    return b"".join(parts)


def _part(path: Path) -> bytes | None:
    try:
        return read_plain(path, 2 * _MOST)
    except OSError:
        return None


def _trace(fault: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(fault.__traceback__)


def _file(name: str) -> str:
    """A file as modules are found, below one of the folders they are looked for in; of others the name alone."""
    path = PurePath(name)
    found = [place for place in map(PurePath, sys.path) if place.is_absolute() and path.is_relative_to(place)]
    return str(path.relative_to(max(found, key=lambda place: len(place.parts)))) if found else path.name
