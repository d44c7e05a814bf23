"""Restarts the program as a new process, whose memory never held a key, and passes it a message to show first."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess

import gridworker

_SAID = "GRIDWORKER_SAID"


def begin(folder: Path, words: str = "") -> None:
    """Put a new process in the place of this one, at the unlock page; comes back only where that cannot be done.

    ``words``, about nobody, are shown there; they go through the environment. On Windows, where no process can take
    another's place, a second one is begun and this one ends.
    """
    program = [sys.executable, *_module(), "--dir", str(folder)]
    if words:
        os.environ[_SAID] = words
    if os.name == "posix":
        with suppress(OSError):
            os.execv(program[0], program)
    elif QProcess.startDetached(program[0], program[1:])[0]:
        QCoreApplication.quit()
    said()


def _module() -> list[str]:
    """What Python is to run. Nothing is looked for in the folder that happens to be the current one.

    A file of the name of any module there would be run as a part of the program, at the moment of the lock. Only of a
    program that was never installed the modules are nowhere else.
    """
    if getattr(sys, "frozen", False):
        return []
    home = Path(gridworker.__file__).parents[1]
    installed = any(Path(place).absolute() == home for place in sys.path[1:])
    return [*(["-P"] if installed else []), "-m", "gridworker"]


def said() -> str:
    """What the program that was here before has to say; '' for nothing. It is said once."""
    return os.environ.pop(_SAID, "")
