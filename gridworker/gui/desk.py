"""The desk: the sidebar and the pages of an open store. Pages are made when first opened and refreshed when touched."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from gridworker.gui import theme as themes
from gridworker.gui.owner import Owner
from gridworker.gui.page import DialogPage, Page, PageEntry, Shell, Status, Touched
from gridworker.gui.shortcuts import bind, listed
from gridworker.gui.theme import Tone
from gridworker.gui.widgets.layout import column, holder, rule
from gridworker.gui.widgets.sharestrip import ShareStrip
from gridworker.gui.widgets.sidebar import NavEntry, Sidebar
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

RAIL_BELOW = 1180
_STEPS = 40


class _Bridge(QObject):
    """Carries commits from whatever thread wrote to the window's."""

    committed = Signal(object)


class Desk(QWidget):
    """Sidebar, pages, keys. ``settled`` comes after each change of page."""

    settled = Signal(str)
    undo_wanted = Signal()

    def __init__(self, ws: "Workspace", entries: Sequence[PageEntry], owner: Owner) -> None:
        super().__init__()
        self._ws = ws
        self._entries = {entry.name: entry for entry in entries}
        self._pages: dict[str, Page] = {}
        self._stale: dict[str, dict[str, frozenset[int]]] = {}
        self._trail: list[str] = []
        self._current = ""
        self._closed = False
        self.shell = Shell(self)
        self._listed = sorted((entry for entry in entries if entry.group >= 0), key=lambda entry: entry.group)
        nav = [NavEntry(entry.name, str(entry.label), entry.icon, entry.group) for entry in self._listed]
        self._sidebar = Sidebar(nav, settings="settings" in self._entries)
        self._sidebar.show_owner(owner.community, owner.about, demo=owner.sample)
        self._strip = ShareStrip()
        self._strip.hide()
        self._beside, self._outer = QStackedWidget(), QStackedWidget()
        self._with_sidebar = self._make_frame()
        self._outer.addWidget(self._with_sidebar)
        self.setLayout(column(self._outer))
        self._connect()
        self._bind_keys()
        self._bridge = _Bridge(self)
        self._bridge.committed.connect(self._on_committed, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe: Callable[[], None] = ws.subscribe(self._bridge.committed.emit)

    def _make_frame(self) -> QWidget:
        frame = QWidget()
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._sidebar)
        layout.addWidget(rule("post"))
        right = holder(column(self._strip, self._beside), "canvas")
        layout.addWidget(right, 1)
        return frame

    def _connect(self) -> None:
        shell, sidebar = self.shell, self._sidebar
        shell.page_wanted.connect(self.open)
        shell.back_wanted.connect(self.back)
        shell.badge_changed.connect(self._on_badge_changed)
        shell.status_changed.connect(self._on_status_changed)
        shell.sharing_changed.connect(self._strip.setVisible)
        sidebar.chosen.connect(self.open)
        sidebar.status_pressed.connect(self._on_status_pressed)
        sidebar.share_pressed.connect(self._on_share)
        sidebar.lock_pressed.connect(shell.lock)
        sidebar.settings_pressed.connect(self._on_settings)
        self._strip.pressed.connect(self._on_share)
        themes.follow(self._on_restyled)

    def _bind_keys(self) -> None:
        def key(keys: str, slot: Callable[[], object], label: str) -> None:
            bind(self, keys, slot, label, everywhere=True)

        if "search" in self._entries:
            key("Ctrl+K", self.shell.search, gettext("Search"))
        for number, entry in enumerate(self._listed[:9], start=1):
            key(f"Ctrl+{number}", partial(self.open, entry.name), str(entry.label))
        if self._status_page():
            key("Ctrl+0", self._on_status_pressed, gettext("Sync"))
        if "report" in self._entries:
            key("Ctrl+E", self.shell.report_issue, gettext("Report issue"))
        if "settings" in self._entries:
            key("Ctrl+,", self._on_settings, gettext("Settings"))
        key("Ctrl+Z", self.undo_wanted.emit, gettext("Undo"))
        key("Ctrl+L", self.shell.lock, gettext("Lock"))
        key("Ctrl+Shift+H", self._on_share, gettext("Share mode"))
        key("Ctrl+=", lambda: themes.look().step(1), gettext("Larger text"))
        key("Ctrl++", lambda: themes.look().step(1), "")
        key("Ctrl+-", lambda: themes.look().step(-1), gettext("Smaller text"))
        key("F6", self.next_region, gettext("Next part of the page"))
        key("Esc", self.back, gettext("Back"))
        key("Alt+Left", self.back, "")
        key("F1", self.show_keys, gettext("All keys"))

    # ------------------------------------------------------------------------------------------------------ pages

    def open(self, name: str, target: object = None) -> None:
        """Go to a page. An unknown name is a page that is not built: nothing happens."""
        entry = self._entries.get(name)
        if entry is None:
            return
        if entry.place == "dialog":
            self._open_dialog(entry, target)
            return
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

    def sidebar(self) -> Sidebar:
        """The sidebar."""
        return self._sidebar

    def leave(self) -> None:
        """Keep what is half typed, on every page; before locking and closing."""
        for page in self._pages.values():
            page.leave()

    def close_down(self) -> None:
        """Keep what is half typed and stop listening to the store. Once is enough; more does nothing."""
        if not self._closed:
            self._closed = True
            self.leave()
            self._unsubscribe()

    def _show(self, name: str, target: object) -> None:
        if self._current and self._current != name:
            self._pages[self._current].leave()
        page = self._pages.get(name) or self._make(self._entries[name])
        self._current = name
        if target is not None:
            page.show_target(target)
        if name in self._stale:
            page.refresh(self._stale.pop(name))
        entry = self._entries[name]
        if entry.place == "window":
            self._outer.setCurrentWidget(page)
        else:
            self._beside.setCurrentWidget(page)
            self._outer.setCurrentWidget(self._with_sidebar)
            self._sidebar.set_current(entry.under or name)
        page.focus_first()
        self.settled.emit(name)

    def _make(self, entry: PageEntry) -> Page:
        page: Page = entry.load()(self._ws, self.shell)
        self._pages[entry.name] = page
        (self._outer if entry.place == "window" else self._beside).addWidget(page)
        self._stale.setdefault(entry.name, {})
        return page

    def _open_dialog(self, entry: PageEntry, target: object) -> None:
        dialog: DialogPage = entry.load()(self._ws, self.shell, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opener = QApplication.focusWidget()
        if opener is not None:
            dialog.finished.connect(_FocusReturn(opener, dialog).give_back)
        dialog.show_target(target)
        dialog.open()

    # ------------------------------------------------------------------------------------------------- what changed

    def _on_committed(self, commit: Any) -> None:
        self.refresh(commit.touched)

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

    def _on_badge_changed(self, page: str, count: int, tone: Tone) -> None:
        self._sidebar.set_badge(page, count, tone)

    def _on_status_changed(self, status: Status) -> None:
        self._sidebar.show_status(status)

    # -------------------------------------------------------------------------------------------------------- keys

    def _status_page(self) -> str:
        return "sync" if "sync" in self._entries else ""

    def _on_status_pressed(self) -> None:
        if self._status_page():
            self.open(self._status_page())

    def _on_share(self) -> None:
        self.shell.set_sharing(not self.shell.sharing)

    def _on_settings(self) -> None:
        self.open("settings")

    def next_region(self) -> None:
        """Move the focus to the next part: the sidebar, then what the page names."""
        page = self._pages.get(self._current)
        if page is None:
            return
        regions = (
            [self._sidebar, *page.regions()] if self._outer.currentWidget() is self._with_sidebar else page.regions()
        )
        focus = QApplication.focusWidget()
        here = next(
            (n for n, one in enumerate(regions) if focus is not None and (one is focus or one.isAncestorOf(focus))), -1
        )
        _focus_in(regions[(here + 1) % len(regions)])

    def show_keys(self) -> None:
        """List all keys that work here."""
        from gridworker.gui.keysheet import KeySheet

        page = self._pages.get(self._current)
        KeySheet(listed(page) if page else [], listed(self), self).open()

    def _on_restyled(self) -> None:
        self._fit()

    def _fit(self) -> None:
        self._sidebar.set_rail(self.width() / themes.current().scale < RAIL_BELOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Under 1180 effective pixels the sidebar is a rail."""
        super().resizeEvent(event)
        self._fit()


class _FocusReturn(QObject):
    """Gives the focus back to what opened a dialog."""

    def __init__(self, opener: QWidget, dialog: QObject) -> None:
        super().__init__(dialog)
        self._opener = opener

    def give_back(self) -> None:
        """The dialog is closed."""
        import shiboken6

        if shiboken6.isValid(self._opener):
            self._opener.setFocus(Qt.FocusReason.PopupFocusReason)


def _add(known: dict[str, frozenset[int]], more: Touched) -> None:
    for kind, ids in more.items():
        known[kind] = known.get(kind, frozenset()) | ids


def _holds_focus(region: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (region is focus or region.isAncestorOf(focus))


def _focus_in(region: QWidget) -> None:
    """Focus a region itself, or the first thing in it that takes the focus."""
    if region.focusPolicy() & Qt.FocusPolicy.TabFocus or region.focusProxy() is not None:
        region.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return
    for child in region.findChildren(QWidget):
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled():
            child.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
