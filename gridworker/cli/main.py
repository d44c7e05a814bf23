"""The command line: everything an office would script. Without a command the window opens.

Every command takes ``--dir``, answers in JSON with ``--json`` where it answers at all, and ends with a non-zero exit
and one plain sentence where something is wrong with what it was given.
"""

import os
import sys
from collections.abc import Sequence

from gridworker import text
from gridworker.cli import STOPPED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, or open the window. Returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _leave_no_dump()
    text.use(text.system_language())
    _make_writable()
    try:
        return _run(given)
    except KeyboardInterrupt:  # also while the program is being loaded
        sys.stderr.write(f"{text.gettext('Stopped.')}\n")
        return STOPPED


def _run(given: list[str]) -> int:
    if not given or (given[0] == "--dir" and len(given) == len(_DIR)):
        return _window(given)
    from gridworker.cli.commands import run

    return run(given)


def _leave_no_dump() -> None:
    """Where the program crashes, have the system put no picture of its memory on the disk: keys and names are in it.

    What systemd catches for a whole computer is kept to this limit too.
    """
    try:
        import resource
    except ImportError:  # Windows makes none unless it is told to
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _make_writable() -> None:
    """Let any answer be written: a console of another encoding has not all signs, and an output may be closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the end
        elif hasattr(stream, "reconfigure") and (stream.errors == "strict" or "utf" not in stream.encoding.lower()):
            stream.reconfigure(errors="backslashreplace")


_DIR = ("--dir", "FOLDER")


def _window(given: Sequence[str]) -> int:
    """Open the window, loading nothing of the command line first: the unlock page must come at once."""
    from pathlib import Path

    from gridworker.errors import Problem
    from gridworker.gui.start import run

    try:
        return run(Path(given[1]) if given else None)
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
