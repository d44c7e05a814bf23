"""The head of a page, and the line above a section."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.layout import Part, row
from gridworker.gui.widgets.text import ElidedText, Text

_NARROW = 6
"""Between the parts of a line where room is very short."""


class Roomy(QWidget):
    """A line of words and actions. Where it is too narrow, the actions leave out their keys, then their icons."""

    _gap = 0

    def make_room(self) -> None:
        """Show as much beside the words as fits."""
        layout, buttons = self.layout(), self.findChildren(Button)
        if layout is None or not buttons:
            return
        self._gap = max(self._gap, layout.spacing())
        for parts in (2, 1, 0):
            for button in buttons:
                button.set_beside(parts)
            layout.setSpacing(self._gap if parts else min(self._gap, _NARROW))
            layout.invalidate()
            if layout.minimumSize().width() <= self.width():
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room for more now, or for less."""
        super().resizeEvent(event)
        self.make_room()


class PageHeader(Roomy):
    """Title, a grey line beside it, and actions at the right. ``went_back`` comes from the arrow, if any."""

    went_back = Signal()

    def __init__(
        self, title: str, aside: str = "", *actions: Part, back: str = "", beside: Sequence[QWidget] = ()
    ) -> None:
        """``back`` names the arrow for screen readers, if there is one; ``beside`` stands behind the grey line."""
        super().__init__()
        self._title = Text(title, "title")
        self._aside = ElidedText(aside, "small", "ink-3")
        self._aside.setContentsMargins(0, 4, 0, 0)  # nearer to the baseline of the title
        layout = row(gap=12)
        if back:
            arrow = IconButton("arrow-left", back, "Esc")
            arrow.clicked.connect(self.went_back)
            layout.addWidget(arrow)
        layout.addWidget(self._title)
        layout.addWidget(self._aside, 0 if beside else 1)
        if beside:
            self._aside.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            for one in beside:
                layout.addWidget(one)
            layout.addStretch(1)
        for action in actions:
            if isinstance(action, int):
                layout.addSpacing(action)
            elif isinstance(action, QWidget):
                layout.addWidget(action)
            elif action is not None:
                layout.addLayout(action)
        self.setLayout(layout)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self.setFixedHeight(themes.current().px(36))
        self.make_room()

    def show_title(self, title: str, aside: str = "") -> None:
        """Change both lines."""
        self._title.setText(title)
        self._aside.setText(aside)
        self._aside.setToolTip("")

    def title(self) -> str:
        """The title shown."""
        return self._title.text()


class SectionHeader(Roomy):
    """A bold word, a grey count, and what stands at the right."""

    def __init__(self, title: str, aside: str = "", *right: QWidget) -> None:
        super().__init__()
        self._title = Text(title, bold=True)
        self._aside = Text(aside, "small", "ink-3")
        self.setLayout(row(self._title, self._aside, None, *right))

    def show_title(self, title: str, aside: str = "") -> None:
        """Change both."""
        self._title.setText(title)
        self._aside.setText(aside)
