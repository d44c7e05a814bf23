"""A panel beside the main part of a page, and in a narrow window a sheet over it (ui/ux.md 2)."""

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtWidgets import QBoxLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.sidebar import WIDE

SHEET_BELOW = 1280
"""Below this width of the window at 100% text the panel is a sheet."""

_NO_LIMIT = 16777215
_LOW = 380
"""Pixels at 100% below which a sheet shows hardly more than its head."""


def sheet_button(words: str) -> IconButton:
    """What shows and hides a sheet with the mouse; there only where it is one. ``words`` say what it does."""
    button = IconButton("square-half", words, "Ctrl .")
    button.hide()
    return button


class Sheet(QObject):
    """Places the last part of a page's body; ``button`` and Ctrl . show and hide it."""

    def __init__(
        self, page: QWidget, body: QBoxLayout, button: IconButton, *, width: int = 0, over: QWidget | None = None
    ) -> None:
        """``width`` at 100% text, for a panel that does not know its own. The button has its place already.

        ``over`` stands right above the body: a sheet that would be too low to read begins where it does.
        """
        super().__init__(page)
        found = body.itemAt(body.count() - 1)
        panel = found.widget() if found is not None else None
        if panel is None:
            raise ValueError("the last part of the body is no panel")
        self._page, self._body, self._panel, self._width, self._over = page, body, panel, width, over
        self._stretch = body.stretch(body.indexOf(panel))
        self.is_sheet = False
        self._button = button
        button.clicked.connect(self.toggle)
        bind(page, "Ctrl+.", self.toggle, button.accessibleName())
        self._host = body.parentWidget() or page
        self._host.installEventFilter(self)
        themes.follow(self.place)

    def toggle(self) -> None:
        """Show or hide it."""
        self._panel.setVisible(self._panel.isHidden())
        self.place()

    def offer(self, *, there: bool) -> None:
        """Whether there is something for it to show at all."""
        self._button.setVisible(there and self.is_sheet)
        if not there or not self.is_sheet:
            self._panel.setVisible(there)

    def open_sheet(self) -> None:
        """Show it where it lies over the page."""
        if self.is_sheet and self._panel.isHidden():
            self.toggle()

    def close_sheet(self) -> bool:
        """Esc: hide it where it lies over the page, and say whether it did."""
        shown = self.is_sheet and not self._panel.isHidden()
        if shown:
            self.toggle()
        return shown

    def place(self) -> None:
        """Beside the rest where there is room, over it where not."""
        narrow = self._window_width() / themes.current().scale < SHEET_BELOW
        if narrow != self.is_sheet:
            self._turn(narrow=narrow)
        area = self._area()
        if not narrow and self._stretch:
            self._panel.setMinimumWidth(0)
            self._panel.setMaximumWidth(_NO_LIMIT)
        elif self._width:
            self._panel.setFixedWidth(min(themes.current().px(self._width), max(area.width(), 1)))
        if narrow and not self._panel.isHidden():
            width = self._panel.minimumWidth()
            if self._over is not None and area.height() < themes.current().px(_LOW):
                area.setTop(self._over.geometry().top())
            self._panel.setGeometry(QRect(area.right() + 1 - width, area.top(), width, area.height()))
            self._panel.raise_()

    def _turn(self, *, narrow: bool) -> None:
        self.is_sheet = narrow
        self._button.setVisible(narrow)
        if narrow:
            self._body.removeWidget(self._panel)
        else:
            self._body.addWidget(self._panel, self._stretch)
        self._panel.setHidden(narrow)

    def _area(self) -> QRect:
        """The room of the body. A layout that was just changed has none until it is done again."""
        layout = self._host.layout()
        if layout is not None:
            layout.activate()
        return self._body.geometry()

    def _window_width(self) -> int:
        """That of the window; of a page that stands alone, as in a desk."""
        window = self._page.window()
        return window.width() if window is not self._page else window.width() + themes.current().px(WIDE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the page, once it has shared its room out, and what comes in above the sheet."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self.place()
        return super().eventFilter(watched, event)
