"""The desk: the sidebar, the pages of an open store, and the keys that work everywhere."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.taborder import walk
from gridworker.gui.onlookers import Onlookers, ScreenOffer
from gridworker.gui.owner import Owner
from gridworker.gui.page import DialogPage, Page, PageEntry, Shell, Touched
from gridworker.gui.pagestack import PageStack
from gridworker.gui.shortcuts import bind, listed
from gridworker.gui.widgets.layout import column, holder, rule
from gridworker.gui.widgets.sharestrip import ShareStrip
from gridworker.gui.widgets.sidebar import NavEntry, Sidebar
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.veil import Veil
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

_LOCKS = "locks"
"""The property of a dialog that has the key to lock."""

RAIL_BELOW = 1180
"""Narrower than this, at 100% text, the sidebar is a rail."""


class _Bridge(QObject):
    """Carries commits from whatever thread wrote to the window's."""

    committed = Signal(object)


class Desk(QWidget):
    """Sidebar, pages, keys. ``undo_wanted`` is Ctrl Z outside of text fields."""

    undo_wanted = Signal()

    def __init__(self, ws: "Workspace", entries: Sequence[PageEntry], owner: Owner) -> None:
        super().__init__()
        self._ws = ws
        self._entries = {entry.name: entry for entry in entries}
        self._listed = sorted((entry for entry in entries if entry.group >= 0), key=lambda entry: entry.group)
        self._closed = False
        self.shell = Shell(self)
        self._pages = PageStack(ws, self.shell, entries)
        nav = [
            NavEntry(entry.name, str(entry.label), entry.icon, entry.group, str(entry.short or ""))
            for entry in self._listed
        ]
        self._sidebar = Sidebar(nav, settings="settings" in self._entries)
        self._sidebar.show_owner(owner.community, owner.about, demo=owner.sample)
        self._strip, self._strip_above, self._offer = ShareStrip(), ShareStrip(), ScreenOffer()
        self._pages.set_frame(self._make_frame(owner))
        self.setLayout(column(self._offer, self._strip_above, self._pages))
        self._show_strips()
        self._connect()
        self._bind_keys()
        self._bridge = _Bridge(self)
        self._bridge.committed.connect(self._on_committed, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe: Callable[[], None] = ws.subscribe(self._bridge.committed.emit)
        self._covered = owner.covered
        if owner.covered is not None:
            for strip in (self._strip, self._strip_above):
                strip.set_lasting(lasting=True)
            self.shell.set_sharing(True)

    def _make_frame(self, owner: Owner) -> QWidget:
        frame = QWidget()
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._sidebar)
        layout.addWidget(rule("post"))
        above = [Strip(str(owner.only_shows), tone="info", icon="lock-simple")] if owner.only_shows else []
        layout.addWidget(holder(column(*above, self._strip, self._pages.beside), "canvas"), 1)
        return frame

    def _connect(self) -> None:
        shell, sidebar = self.shell, self._sidebar
        shell.page_wanted.connect(self.open)
        shell.back_wanted.connect(self.back)
        shell.badge_changed.connect(sidebar.set_badge)
        shell.status_changed.connect(sidebar.show_status)
        shell.sharing_changed.connect(self._show_strips)
        shell.share_wanted.connect(self._on_share)
        onlookers = Onlookers(shell)
        onlookers.screen_came.connect(self._offer.show)
        onlookers.screen_went.connect(self._offer.hide)
        self._offer.pressed.connect(self._on_share)
        sidebar.chosen.connect(self.open)
        sidebar.status_pressed.connect(self._on_status_pressed)
        sidebar.share_pressed.connect(self._on_share)
        sidebar.lock_pressed.connect(shell.lock)
        sidebar.settings_pressed.connect(partial(self.open, "settings"))
        for strip in (self._strip, self._strip_above):
            strip.pressed.connect(self._on_share)
        self._pages.settled.connect(self._on_settled)
        themes.follow(self._fit)

    def _bind_keys(self) -> None:
        look, shell = themes.look(), self.shell
        pages = [(f"Ctrl+{number}", entry.name) for number, entry in enumerate(self._listed[:9], start=1)]
        for keys, name in (*pages, ("Ctrl+0", "sync"), ("Ctrl+,", "settings"), ("Ctrl+Shift+L", "log")):
            if name in self._entries:
                self._bind(keys, partial(self.open, name), str(self._entries[name].label))
        if "search" in self._entries:
            self._bind("Ctrl+K", shell.search, gettext("Search"))
        if "report" in self._entries:
            self._bind("Ctrl+E", shell.report_issue, gettext("Report issue"))
        for keys, name in (("Ctrl+Shift+P", "passphrase"), ("Ctrl+Shift+U", "peoplehere"), ("Ctrl+Shift+D", "drafts")):
            if name in self._entries:
                self._bind(keys, partial(self.open, name), str(self._entries[name].label))
        self._bind("Ctrl+Z", self._on_undo, gettext("Undo"))
        lock = bind(self, "Ctrl+L", shell.lock, gettext("Lock"))
        lock.setContext(
            Qt.ShortcutContext.ApplicationShortcut
        )  # an open menu or list of choices is a window of its own
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._on_focus)
        self._bind("Ctrl+Shift+H", self._on_share, gettext("Share mode"))
        self._bind("Ctrl+=", partial(look.step, 1), gettext("Larger text"))
        self._bind("Ctrl++", partial(look.step, 1), "")
        self._bind("Ctrl+-", partial(look.step, -1), gettext("Smaller text"))
        self._bind("F6", self.next_region, gettext("Next part of the page"))
        self._bind("Esc", self._on_escape, gettext("Back"))
        self._bind("Alt+Left", self.back, "")
        self._bind("F1", self.show_keys, gettext("All keys"))

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """A dialog keeps the desk's keys from answering; that which locks answers in it too, whatever opened it.

        Some belong to the window and not to a page, like those that ask for a photo.
        """
        dialog = now.window() if now is not None else None
        above = self.window()
        if isinstance(dialog, QDialog) and not self._closed and _under(above, dialog) and not dialog.property(_LOCKS):
            dialog.setProperty(_LOCKS, True)
            bind(dialog, "Ctrl+L", self.shell.lock, "", everywhere=True)

    def _bind(self, keys: str, slot: Callable[[], object], label: str) -> None:
        bind(self, keys, slot, label, everywhere=True)

    def open(self, name: str, target: object = None) -> None:
        """Go to a page. An unknown name is a page that is not built: nothing happens."""
        entry = self._entries.get(name)
        if entry is None:
            return
        if entry.place == "dialog":
            self._open_dialog(entry, target)
        else:
            self._pages.open(name, target)

    def back(self) -> None:
        """Return to where one came from, with the same row selected."""
        self._pages.back()

    def page(self, name: str) -> Page | None:
        """A page that was made already."""
        return self._pages.page(name)

    def current(self) -> str:
        """The name of the page on screen."""
        return self._pages.current()

    def came_from(self) -> str:
        """What the page one would go back to is called."""
        return self._pages.came_from()

    def refresh(self, touched: Touched) -> None:
        """Let the pages that show what was touched read again."""
        self._pages.refresh(touched)

    def sidebar(self) -> Sidebar:
        """The sidebar."""
        return self._sidebar

    def leave(self) -> None:
        """Keep what is half typed, on every page and in what is open over it; before locking and closing."""
        self._pages.leave()
        for dialog in self.findChildren(DialogPage):
            dialog.leave()

    def unfinished(self) -> int | None:
        """The household whose visit is on screen, half written."""
        page = self.page(self.current())
        return page.unfinished() if page is not None else None

    def close_down(self) -> None:
        """Keep what is half typed and stop listening to the store. Once is enough; more does nothing.

        What is open over the page goes at once: a locked window shows nothing of anybody.
        """
        if not self._closed:
            self._closed = True
            self.shell.closing.emit()
            self.leave()
            for dialog in self.findChildren(QDialog):
                dialog.hide()
            self._unsubscribe()

    def next_region(self) -> None:
        """Move the focus to the next part: the sidebar, then what the page names."""
        page = self.page(self.current())
        if page is None:
            return
        regions = [self._sidebar, *page.regions()] if self._pages.is_framed() else page.regions()
        here = next((number for number, one in enumerate(regions) if _holds_focus(one)), -1)
        _focus_in(regions[(here + 1) % len(regions)])

    def show_keys(self) -> None:
        """List all keys that work here."""
        from gridworker.gui.keysheet import KeySheet

        page = self.page(self.current())
        here = [*page.own_keys(), *listed(page)] if page else []
        KeySheet(here, listed(self), self).open()

    def _open_dialog(self, entry: PageEntry, target: object) -> None:
        dialog: DialogPage = entry.load()(self._ws, self.shell, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(Veil(self).deleteLater)
        opener = QApplication.focusWidget()
        if opener is not None:
            dialog.finished.connect(_FocusReturn(opener, dialog).give_back)
        dialog.show_target(target)
        dialog.open()

    def _on_settled(self, name: str) -> None:
        self._sidebar.set_current(self._entries[name].under or name)
        self._show_strips()

    def _on_committed(self, commit: Any) -> None:
        if not self._closed:
            self.refresh(commit.touched)

    def _on_escape(self) -> None:
        page = self.page(self.current())
        if page is None or not page.escape():
            self.back()

    def _on_undo(self) -> None:
        page = self.page(self.current())
        if page is None or not page.undo():
            self.undo_wanted.emit()

    def _on_status_pressed(self) -> None:
        self.open("sync")

    def _on_share(self) -> None:
        if self._covered is not None:
            self.shell.problem(self._covered)
            return
        self.shell.set_sharing(not self.shell.sharing)

    def _show_strips(self) -> None:
        """Share mode says that it is on beside the sidebar, and above a page that takes the whole window."""
        sharing, framed = self.shell.sharing, self._pages.is_framed()
        self._strip.setVisible(sharing and framed)
        self._strip_above.setVisible(sharing and not framed)
        if sharing:
            self._offer.hide()

    def _fit(self) -> None:
        self._sidebar.set_rail(self.width() / themes.current().scale < RAIL_BELOW)

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """Tab walks as one reads.

        Qt asks also where what had the focus is hidden, as a page that shows itself anew does: it stays on the page.
        """
        focus = QApplication.focusWidget()
        if focus is not None and shiboken6.isValid(focus) and not focus.isVisible() and self._is_on_page(focus):
            QTimer.singleShot(0, self, self._return_to_page)
        return walk(self, forward=next_one) or super().focusNextPrevChild(next_one)

    def _is_on_page(self, widget: QWidget) -> bool:
        return self._pages.isAncestorOf(widget) and not self._sidebar.isAncestorOf(widget)

    def _return_to_page(self) -> None:
        page, focus = self.page(self.current()), QApplication.focusWidget()
        here = QApplication.activeWindow() is self.window() and not self._closed
        if page is not None and here and (focus is None or not self._is_on_page(focus)):
            page.focus_first()

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
        if shiboken6.isValid(self._opener):
            self._opener.setFocus(Qt.FocusReason.PopupFocusReason)


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


def _under(window: QObject, one: QObject) -> bool:
    """Whether it belongs to the window; a dialog is a window of its own, so widgets do not say."""
    above: QObject | None = one
    while above is not None and above is not window:
        above = above.parent()
    return above is window
