"""Asking for a printer."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


def ask_printer(page: QWidget, use: "Callable[[QPrinter], object]", printer: "QPrinter | None" = None) -> None:
    """Open the question over a page. ``use`` is given the printer that was chosen, ``printer`` where one was made."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    asked = printer or QPrinter()
    dialog = QPrintDialog(asked, page)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: use(asked))
    dialog.setModal(True)
    dialog.show()
