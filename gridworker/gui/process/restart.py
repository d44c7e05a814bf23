"""Restarts the program as a new process, whose memory never held a key, and passes it a message to show first."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess

_SAID = "GRIDWORKER_SAID"


def begin(folder: Path, words: str = "") -> None:
    """Put a new process in the place of this one, at the unlock page; comes back only where that cannot be done.

    ``words``, about nobody, are shown there; they go through the environment. On Windows, where no process can take
    another's place, a second one is begun and this one ends.
    """
    program = [sys.executable, *([] if getattr(sys, "frozen", False) else ["-m", "gridworker"]), "--dir", str(folder)]
    if words:
        os.environ[_SAID] = words
    if os.name == "posix":
        with suppress(OSError):
            os.execv(program[0], program)
    elif QProcess.startDetached(program[0], program[1:])[0]:
        QCoreApplication.quit()
    said()


def said() -> str:
    """What the program that was here before has to say; '' for nothing. It is said once."""
    return os.environ.pop(_SAID, "")
