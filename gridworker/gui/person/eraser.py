"""Erasing a person from a page: the question, with all that goes and all that names them, then what is left to do."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui import messages
from gridworker.gui.person.erasedialog import EraseDialog
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.app.rights.erasing import Erasing, Outcome
    from gridworker.app.rights.mentioned import Mentioned

SHOWN = 8
"""Places named in a box before it only says how many more there are."""


class Eraser(QObject):
    """Asks and erases for the page that holds it."""

    erased = Signal()

    def __init__(self, page: QWidget, erasing: "Erasing") -> None:
        super().__init__(page)
        self._page = page
        self._erasing = erasing

    def begin(self, kind: str, record: int) -> None:
        """Show what erasing somebody would do, and where else they are named; of a membership it is the person."""
        dialog = EraseDialog(self._page, self._erasing, (kind, record))
        dialog.erased.connect(self._on_erased)
        dialog.cleared.connect(partial(self._on_cleared, dialog))
        dialog.open()

    def _on_erased(self, outcome: "Outcome") -> None:
        self.erased.emit()
        left = [*named(outcome.preview.mentioned), *outcome.elsewhere[:SHOWN]]
        if left:
            messages.tell(self._page, gettext("Erased. This is left to see to:"), "\n".join(left))

    def _on_cleared(self, dialog: QWidget, outcome: "Outcome") -> None:
        self.erased.emit()
        if outcome.elsewhere:
            messages.tell(dialog, gettext("The old texts may still be here:"), "\n".join(outcome.elsewhere[:SHOWN]))


def named(found: "Sequence[Mentioned]") -> list[str]:
    """A line for each place where the person is named."""
    lines = [
        gettext("{title}, {label}: {excerpt}").format(
            title=one.title, label=one.label, excerpt=one.excerpt or next((text.told for text in one.earlier), "")
        )
        for one in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(gettext("and {count} more").format(count=len(found) - SHOWN))
    return lines
