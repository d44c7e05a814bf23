"""The command line: everything an office would script. Without a command the window opens.

Every command takes ``--dir``, answers in JSON with ``--json`` where it answers at all, and ends with a non-zero exit
and one plain sentence where something is wrong with what it was given.
"""

import sys
from collections.abc import Sequence

from gridworker import text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, or open the window. Returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    text.use(text.system_language())
    if not given or (given[0] == "--dir" and len(given) == len(_DIR)):
        return _window(given)
    from gridworker.cli.commands import run

    return run(given)


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
