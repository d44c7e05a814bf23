"""The pages of a desk: made when first opened, left before they are hidden, told what was touched, walked through."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.gui.page import Page, PageEntry, Shell, Touched
from gridworker.gui.shortcuts import reach_the_window

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

_STEPS = 40
"""So many steps back are remembered."""


class PageStack(QStackedWidget):
    """The frame with the sidebar, or a page that takes the whole window. ``settled`` carries the page on screen."""

    settled = Signal(str)

    def __init__(self, ws: "Workspace", shell: Shell, entries: Sequence[PageEntry]) -> None:
        super().__init__()
        self._ws, self._shell = ws, shell
        self._entries = {entry.name: entry for entry in entries}
        self._pages: dict[str, Page] = {}
        self._stale: dict[str, dict[str, frozenset[int]]] = {}
        self._trail: list[str] = []
        self._current = ""
        self._frame: QWidget | None = None
        self.beside = QStackedWidget()
        """Where pages beside the sidebar stand."""

    def set_frame(self, frame: QWidget) -> None:
        """The widget that holds the sidebar and ``beside``."""
        self._frame = frame
        self.addWidget(frame)

    def is_framed(self) -> bool:
        """Whether the sidebar is on screen."""
        return self.currentWidget() is self._frame

    def open(self, name: str, target: object = None) -> None:
        """Go to a page and remember where one came from."""
        if self._current and self._current != name:
            self._trail = [*self._trail, self._current][-_STEPS:]
        self._show(name, target)

    def back(self) -> None:
        """Return to where one came from, with the same row selected."""
        while self._trail:
            name = self._trail.pop()
            if name in self._pages and name != self._current:
                self._show(name, None)
                return

    def page(self, name: str) -> Page | None:
        """A page that was made already."""
        return self._pages.get(name)

    def current(self) -> str:
        """The name of the page on screen."""
        return self._current

    def came_from(self) -> str:
        """What the page one would go back to is called."""
        return self._pages[self._trail[-1]].title() if self._trail else ""

    def leave(self) -> None:
        """Keep what is half typed, on every page; before locking and closing."""
        for page in self._pages.values():
            page.leave()

    def refresh(self, touched: Touched) -> None:
        """Let the page on screen read again where it shows what was touched; the others do when they come back."""
        for name, page in self._pages.items():
            kinds = {kind: ids for kind, ids in touched.items() if kind in page.kinds}
            if not kinds:
                continue
            if name == self._current:
                page.refresh(kinds)
            else:
                _add(self._stale.setdefault(name, {}), kinds)

    def _show(self, name: str, target: object) -> None:
        if self._current and self._current != name:
            self._pages[self._current].leave()
        page = self._pages.get(name) or self._make(self._entries[name])
        self._current = name
        if target is not None:
            page.show_target(target)
        if name in self._stale:
            page.refresh(self._stale.pop(name))
        if self._entries[name].place == "window":
            self.setCurrentWidget(page)
        else:
            self.beside.setCurrentWidget(page)
            self.setCurrentIndex(0)
        self.settled.emit(name)
        page.focus_first()

    def _make(self, entry: PageEntry) -> Page:
        page: Page = entry.load()(self._ws, self._shell)
        self._pages[entry.name] = page
        reach_the_window(page)
        (self if entry.place == "window" else self.beside).addWidget(page)
        self._stale.setdefault(entry.name, {})
        return page


def _add(known: dict[str, frozenset[int]], more: Touched) -> None:
    for kind, ids in more.items():
        known[kind] = known.get(kind, frozenset()) | ids
