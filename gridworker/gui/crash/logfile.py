"""Saving a copy of the program's log, for whoever mends the program. It holds nothing about anybody."""

import shutil

from PySide6.QtWidgets import QWidget

from gridworker.errors import Problem
from gridworker.gui.filedialogs import FileQuestion, Purpose, save_file_now
from gridworker.paths import log_file
from gridworker.text import gettext


def save_log(parent: QWidget) -> str:
    """Ask where to and copy the log there; the name of the copy, or '' where it was left.

    Raises Problem where there is no log yet, or it cannot be written there.
    """
    log = log_file()
    if not log.exists():
        raise Problem("Nothing went wrong yet: there is no log.")
    chosen = save_file_now(parent, FileQuestion(gettext("Save the log…"), Purpose.LOG, name=log.name))
    if not chosen:
        return ""
    try:
        shutil.copyfile(log, chosen)
    except OSError as fault:
        raise Problem("The log could not be written there: {fault}", fault=fault.strerror or "") from fault
    return chosen.name
