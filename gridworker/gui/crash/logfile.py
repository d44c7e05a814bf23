"""Saving a copy of the program's log, for whoever mends the program. It holds nothing about anybody."""

from PySide6.QtWidgets import QWidget

from gridworker.app.files.bug_log import whole_log
from gridworker.app.files.keeping_files import write_where_asked
from gridworker.gui.filedialogs import FileQuestion, Purpose, save_file_now
from gridworker.paths import log_file
from gridworker.text import gettext


def save_log(parent: QWidget) -> str:
    """Ask where to and copy the log there; the name of the copy, or '' where it was left.

    Raises Problem where there is no log yet, or it cannot be written there.
    """
    log = whole_log()
    chosen = save_file_now(parent, FileQuestion(gettext("Save the log…"), Purpose.LOG, name=log_file().name))
    if not chosen:
        return ""
    write_where_asked(chosen, log)
    return chosen.name
