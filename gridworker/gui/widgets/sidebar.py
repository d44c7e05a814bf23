"""The sidebar: whose computer this is, the pages, the footer card, and the row of small actions."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.page import Status
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.mark import Mark
from gridworker.gui.widgets.navitem import NavItem
from gridworker.gui.widgets.statuscard import StatusCard
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

WIDE, RAIL = 212, 64


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One item: its page's name, words and icon; a change of ``group`` leaves a gap. ``short`` is for a low rail."""

    name: str
    label: str
    icon: str
    group: int = 0
    short: str = ""


class Sidebar(QWidget):
    """The sidebar. It never moves; on a narrow window it becomes a rail with labels."""

    chosen = Signal(str)
    status_pressed = Signal()
    share_pressed = Signal()
    lock_pressed = Signal()
    settings_pressed = Signal()

    def __init__(self, entries: Sequence[NavEntry], *, settings: bool = False) -> None:
        super().__init__()
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(gettext("Pages"))
        self._rail = self._sample = False
        self._group = QButtonGroup(self)
        self._items = {
            entry.name: NavItem(entry.name, entry.label, entry.icon, f"Ctrl {number}", short=entry.short)
            for number, entry in enumerate(entries, start=1)
        }
        self._card = StatusCard(gettext("Sync"))
        self._card.clicked.connect(self._on_status_clicked)
        self._card.hide()
        self._mark = Mark(28)
        self._name, self._about = ElidedText("", "body", bold=True), ElidedText("", "caption", "ink-2")
        self._demo = Chip(ChipSpec(gettext("Sample"), "due"))
        self._head = row(self._mark, gap=10)
        self._footer = self._make_footer(settings=settings)
        self._small = self._make_small(settings=settings)
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(2)
        self._fill(entries)
        themes.follow(self._restyle)

    def _fill(self, entries: Sequence[NavEntry]) -> None:
        first = row(self._name, self._demo, gap=6)
        first.setStretch(0, 1)
        self._names = holder(column(first, self._about, gap=0))
        self._head.addWidget(self._names, 1)
        self._demo.hide()
        self._outer.addLayout(self._head)
        self._outer.addSpacing(10)
        group = entries[0].group if entries else 0
        for entry in entries:
            if entry.group != group:
                self._outer.addItem(_gap(14))
                group = entry.group
            item = self._items[entry.name]
            self._group.addButton(item)
            item.clicked.connect(self._on_item_clicked)
            self._outer.addWidget(item)
        self._outer.addStretch(1)
        self._outer.addWidget(self._card)
        self._outer.addItem(_gap(8))
        self._outer.addWidget(self._footer)
        for item in self._small:
            self._outer.addWidget(item)

    def _make_small(self, *, settings: bool) -> list[NavItem]:
        """The small actions as the rail has them, one above the other."""
        wanted = [
            ("share", gettext("Share mode"), "eye-slash", "Ctrl Shift H", self.share_pressed),
            ("lock", gettext("Lock"), "lock-simple", "Ctrl L", self.lock_pressed),
            *([("settings", gettext("Settings"), "gear-six", "Ctrl ,", self.settings_pressed)] if settings else []),
        ]
        found = []
        for name, label, icon, key, pressed in wanted:
            item = NavItem(name, label, icon, key)
            item.setCheckable(False)
            item.set_rail(True)
            item.clicked.connect(pressed)
            item.hide()
            found.append(item)
        return found

    def _make_footer(self, *, settings: bool) -> QWidget:
        offline = IconButton("wifi-slash", gettext("Works without a network"), size=14, ink="ink-3")
        offline.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        share = IconButton("eye-slash", gettext("Share mode"), "Ctrl Shift H", size=20)
        share.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press of it leaves the focus where the work is
        share.clicked.connect(self.share_pressed)
        lock = IconButton("lock-simple", gettext("Lock"), "Ctrl L", size=20)
        lock.clicked.connect(self.lock_pressed)
        buttons = [share, lock]
        if settings:
            gear = IconButton("gear-six", gettext("Settings"), "Ctrl ,", size=20)
            gear.clicked.connect(self.settings_pressed)
            buttons.append(gear)
        return holder(row(offline, Text(gettext("Offline"), "caption", "ink-3"), None, *buttons, gap=0))

    def show_owner(self, community: str, about: str, *, demo: bool = False) -> None:
        """The community, and the grid and worker below it; ``demo`` marks invented data."""
        self._name.setText(community)
        self._about.setText(about)
        self._sample = demo
        self._demo.setVisible(demo and not self._rail)

    def show_status(self, status: Status) -> None:
        """The footer card; there is none before the first status."""
        self._card.show_status(status)
        self._card.show()

    def set_current(self, name: str) -> None:
        """Mark a page as the current one; a page that is not listed unmarks all."""
        self._group.setExclusive(False)
        for item in self._items.values():
            item.setChecked(item.name == name)
        self._card.setChecked(name == "sync")
        self._group.setExclusive(True)

    def set_badge(self, name: str, count: int, tone: Tone = "neu") -> None:
        """The number beside a page."""
        if name in self._items:
            self._items[name].show_count(count, tone)

    def item(self, name: str) -> NavItem:
        """The item of a page."""
        return self._items[name]

    def names(self) -> list[str]:
        """The pages in order: what Ctrl 1 to Ctrl 9 open."""
        return list(self._items)

    def card(self) -> StatusCard:
        """The footer card."""
        return self._card

    def set_rail(self, rail: bool) -> None:
        """Become a narrow rail, or wide again."""
        if rail == self._rail:
            return
        self._rail = rail
        for item in self._items.values():
            item.set_rail(rail)
        self._card.set_rail(rail)
        self._names.setVisible(not rail)
        self._footer.setVisible(not rail)
        for item in self._small:
            item.setVisible(rail)
        self._demo.setVisible(self._sample and not rail)
        self._restyle()

    def _restyle(self) -> None:
        theme = themes.current()
        side = 6 if self._rail else 10
        longest = max(item.rail_width() for item in (*self._items.values(), *self._small)) + 2 * side
        self.setFixedWidth(max(theme.px(RAIL), longest) if self._rail else theme.px(WIDE))
        self._outer.setContentsMargins(side, 18, side, 12)
        self._head.setContentsMargins(0 if self._rail else 8, 0, 0 if self._rail else 4, 0)
        self._head.setAlignment(self._mark, Qt.AlignmentFlag.AlignHCenter if self._rail else Qt.AlignmentFlag.AlignLeft)

    def _on_item_clicked(self) -> None:
        item = self.sender()
        if isinstance(item, NavItem):
            self.chosen.emit(item.name)

    def _on_status_clicked(self) -> None:
        self._card.setChecked(not self._card.isChecked())
        self.status_pressed.emit()


def _gap(height: int) -> QSpacerItem:
    """A gap that goes first where the window is low."""
    return QSpacerItem(0, height, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum)
