"""One part of the form: its key and name, what can be done with all of it, its body, and what is wrong with it."""

from PySide6.QtWidgets import QWidget

from gridworker.gui.widgets.keycap import KeyCap
from gridworker.gui.widgets.layout import Part, add, column, row
from gridworker.gui.widgets.text import ElidedText, Text


class FormPart(QWidget):
    """A part. ``key`` is the digit after Alt; '' for a part without a key of its own."""

    def __init__(self, key: str, name: str, hint: str, body: QWidget, *actions: Part) -> None:
        super().__init__()
        self.name = name
        head = row(gap=8)
        if key:
            head.addWidget(KeyCap(f"Alt {key}"))
        head.addWidget(Text(name, bold=True))
        head.addWidget(ElidedText(hint, "small", "ink-3"), 1)
        add(head, *actions)
        self._fault = Text("", "small", "due", wrap=True)
        self._fault.hide()
        self._body = column(body)
        self.setLayout(column(head, 6, self._body, self._fault, gap=2))

    def show_fault(self, fault: str) -> None:
        """Say what is missing; '' takes it away."""
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))

    def fault(self) -> str:
        """What is wrong with it."""
        return "" if self._fault.isHidden() else self._fault.text()
