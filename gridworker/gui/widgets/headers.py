"""The head of a page, and the line above a section."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QSpacerItem, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.layout import Part, add, column, row
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text

_TITLE, _LEAST_TITLE = 220, 90
"""A title longer than this is shortened, not cut, as a door may be; the less where the actions alone have no room."""
_NARROW = 6
"""Between the parts of a line where room is very short."""


class Roomy(QWidget):
    """A line of words and actions. Where it is too narrow, the actions leave out their keys, then their icons."""

    _gap = 0

    def _line(self) -> QLayout | None:
        return self.layout()

    def make_room(self) -> None:
        """Show as much beside the words as fits."""
        layout, buttons = self._line(), self.findChildren(Button)
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
    """Title, a grey line, and actions at the right. ``went_back`` comes from the arrow, if any.

    The grey line stands beside the title, or under it where it would be cut there.
    """

    went_back = Signal()

    def __init__(
        self, title: str, aside: str = "", *actions: Part, back: str = "", beside: Sequence[QWidget] = ()
    ) -> None:
        """``back`` names the arrow for screen readers, if there is one; ``beside`` stands behind the grey line."""
        super().__init__()
        self._title = ElidedWord(title, "title", most=_TITLE)
        self._aside = ElidedText(aside, "small", "ink-3")
        self._aside.setContentsMargins(0, 4, 0, 0)  # nearer to the baseline of the title
        self._below = ElidedText(aside, "small", "ink-3")
        self._below.hide()
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
        else:
            self._keep_room()
        self._free = QSpacerItem(0, 0, QSizePolicy.Policy.Expanding if beside else QSizePolicy.Policy.Fixed)
        layout.addItem(self._free)
        add(layout, *(action for action in actions if action is not None))
        for action in actions:
            if isinstance(action, QWidget):
                action.installEventFilter(self)
        self._row = layout
        self.setLayout(column(layout, self._below))
        themes.follow(self._restyle)

    def _keep_room(self) -> None:
        """Also while the grey line stands below, so that it can be told whether it fits beside the title again."""
        policy = self._aside.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._aside.setSizePolicy(policy)

    def _line(self) -> QLayout | None:
        return self._row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """An action came or went: there is other room for the rest."""
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self.make_room()
        return super().eventFilter(watched, event)

    def _restyle(self) -> None:
        self._fix_height()
        self.make_room()

    def _fix_height(self) -> None:
        theme = themes.current()
        below = theme.metrics("small").height() if not self._below.isHidden() else 0
        self.setFixedHeight(theme.px(36) + below)

    def make_room(self) -> None:
        """Show as much as fits, the grey line under the title where it is too long to stand beside it."""
        self._title.keep(_TITLE)
        super().make_room()
        if self._row.minimumSize().width() > self.width():
            self._title.keep(_LEAST_TITLE)
        whole = self.layout()
        if whole is None:
            return
        whole.activate()
        cut = bool(self._aside.text()) and self._room_beside() < self._aside.sizeHint().width()
        if cut is self._below.isHidden():
            self._aside.setVisible(not cut)
            self._below.setVisible(cut)
            self._fix_height()

    def _room_beside(self) -> int:
        """The width the grey line has beside the title, or would have there."""
        keeps = not self._aside.isHidden() or self._aside.sizePolicy().retainSizeWhenHidden()
        return self._aside.width() if keeps else self._free.geometry().width() - self._row.spacing()

    def show_title(self, title: str, aside: str = "") -> None:
        """Change both lines."""
        self._title.setText(title)
        self._aside.setText(aside)
        self._aside.setToolTip("")
        self._below.setText(aside)
        self.make_room()
        self._title.offer_whole()

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
