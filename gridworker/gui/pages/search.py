"""The search palette: one box for people, doors, numbers, words and what can be done."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.app.search.actions import in_words, named_like
from gridworker.gui import background
from gridworker.gui.entries import ALSO_CALLED, permitted, present
from gridworker.gui.look import theme as themes
from gridworker.gui.page import FIELD, OFFICE, DialogPage, Shell
from gridworker.gui.widgets.avatar import AvatarSpec, first_character
from gridworker.gui.widgets.hitlist import HitList, HitRow
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.keycap import KeyCap
from gridworker.gui.widgets.layout import column, holder, row, rule
from gridworker.gui.widgets.livefield import LiveField
from gridworker.gui.widgets.paint import box
from gridworker.gui.widgets.rows import Item, Section
from gridworker.gui.widgets.searchfield import search_hint
from gridworker.gui.widgets.signs import chip_of
from gridworker.gui.widgets.state import StatePanel, error_in
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.app.search.view import HitView, SearchView
    from gridworker.app.workspace import Workspace
    from gridworker.gui.look.theme import Tone

_WIDTH, _LEAST, _MOST, _TOP, _BELOW = 720, 240, 476, 104, 16
_ROUND = 12
_REPORT = ("report", "")
_VISIT, _PAGE = "start a visit", "go to a page"
_OF_SOMEBODY = frozenset({"household", "visit", "search"})
"""Pages that are opened of somebody, and the one that asks."""
_LOCK, _SHARE = "lock", "share mode"
_WINDOW = {_LOCK: (Label("Lock"), "lock-simple"), _SHARE: (Label("Share mode"), "eye-slash")}
"""What the window does, found like a page."""
_LOOKS: "dict[str, tuple[Tone, str]]" = {
    "issue": ("neu", "flag-banner"),
    "visit": ("neu", "person-simple-walk"),
    "dwelling": ("neu", "door"),
    "building": ("neu", "buildings"),
}


class SearchPalette(DialogPage):
    """The palette. Enter starts a visit, right opens the file, Esc closes."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        self.setWindowFlags(Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAccessibleName(gettext("Search"))
        self._asked, self._noted = 0, False
        self._hits: dict[object, HitView] = {}
        self._make_parts()
        themes.follow(self._restyle)

    def _make_parts(self) -> None:
        self.field = LiveField(search_hint(), kind="palette")
        self.field.typed.connect(self._on_typed)
        self.field.moved.connect(self._on_moved)
        self.field.installEventFilter(self)
        self._how = Text("", "small", "ink-2")
        head = row(Icon("magnifying-glass", 20), self.field, self._how, KeyCap("Esc"), gap=12, margins=(20, 14, 20, 14))
        self.list = HitList(gettext("Found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.row_activated.connect(self._on_activated)
        self.list.clicked.connect(self._on_clicked)
        self._nothing = QStackedWidget()
        self._stack = QStackedWidget()
        self._stack.addWidget(holder(column(self.list, margins=(8, 4, 8, 4))))
        self._stack.addWidget(self._nothing)
        self._count = Text("", "small", "ink-2")
        tips = gettext("Also: 3-1-202, last four of a phone, a word from a note")
        foot = row(KeyCap("↑"), KeyCap("↓"), Text(gettext("Choose"), "small", "ink-2"), 12, gap=4)
        foot.addWidget(ElidedText(tips, "small", "ink-2"), 1)
        foot.addWidget(self._count)
        foot.setContentsMargins(20, 8, 20, 10)
        layout = column(holder(head), rule(), margins=(1, 1, 1, 1))
        layout.addWidget(self._stack, 1)
        layout.addWidget(rule())
        layout.addWidget(holder(foot))
        self.setLayout(layout)

    def _restyle(self) -> None:
        self.setFixedWidth(min(themes.current().px(_WIDTH), max(self._around().width() - 40, 480)))
        around = self._around().height()
        self.setFixedHeight(min(themes.current().px(_MOST), around - self._top(around) - _BELOW))

    @staticmethod
    def _top(around: int) -> int:
        return min(_TOP, around // 8)

    def _around(self) -> QRect:
        parent = self.parentWidget()
        return parent.window().geometry() if parent is not None else QRect(0, 0, _WIDTH + 80, 900)

    def show_target(self, target: object) -> None:
        """Start empty, or with a text."""
        around = self._around()
        self.move(around.left() + (around.width() - self.width()) // 2, around.top() + self._top(around.height()))
        self.field.setText(target if isinstance(target, str) else "")
        self.field.setFocus()
        self.look()

    # ------------------------------------------------------------------------------------------------------ reading

    def look(self) -> None:
        """Ask for what the text may mean; answers to older texts are passed over."""
        self._asked += 1
        asked, query, sharing = self._asked, self.field.live_text(), self.shell.sharing
        background.look(
            lambda: (asked, self.ws.search.find(query, sharing=sharing)),
            done=self._on_found,
            failed=partial(self._on_failed, asked),
        )

    def _on_failed(self, asked: int, fault: Exception) -> None:
        if asked == self._asked:
            self._hits = {}
            self.list.show_rows([])
            error_in(self._stack, gettext("Searching does not work just now."), fault, self.look)

    def _on_found(self, found: "tuple[int, SearchView]") -> None:
        asked, view = found
        if asked == self._asked:
            self.show_view(view)
            if view.by_number and not self._noted:
                self._noted = True
                background.run(self.ws.search.noted)

    def show_view(self, view: "SearchView") -> None:
        """Show parts and hits, and what can be done."""
        self._hits = {(hit.kind, hit.id, part.title): hit for part in view.parts for hit in part.hits}
        items: list[Item] = []
        for part in view.parts:
            items.append(Section(part.title))
            items += [self._row((hit.kind, hit.id, part.title), hit) for hit in part.hits]
        ways = self._pages(view.query)
        items += [*self._actions(view), *ways]
        self._how.setText(view.how)
        self._count.setText(
            gettext("Found: {count}").format(count=view.count) if view.query.strip() and view.count else ""
        )
        nothing = bool(view.query.strip()) and not view.parts and not ways
        if nothing:
            self._show_nothing(view.query)
        else:
            self.list.show_rows(items)
            self.list.setCurrentIndex(self.list.model().index(1, 0))
        self._stack.setCurrentIndex(1 if nothing else 0)

    def _row(self, key: object, hit: "HitView") -> HitRow:
        tone, icon = _LOOKS.get(hit.kind, ("neu", "file-text" if hit.page == "records" else ""))
        if any(sign.kind == "care" for sign in hit.signs):
            tone = "care"
        ways: tuple[tuple[str, str], ...] = ((gettext("Open"), "→"),) if hit.page else ()
        if self._may_visit(hit):
            ways = ((gettext("Visit"), "Enter"), *ways)
        return HitRow(
            key=key,
            title=hit.title,
            subtitle=hit.subtitle,
            avatar=AvatarSpec(icon=icon, tone=tone) if icon else AvatarSpec(first_character(hit.title), tone),
            chips=tuple(chip_of(sign) for sign in hit.signs),
            right=hit.right,
            reading=hit.reading,
            spans=hit.spans,
            ways=ways,
        )

    def _actions(self, view: "SearchView") -> list[Item]:
        """What can be done about the likeliest household, or at all."""
        hit = view.first if view.query.strip() else None
        if view.query.strip() and (hit is None or hit.household is None or hit.kind not in {"resident", "household"}):
            return []
        words = gettext("Report an issue at {name}").format(name=hit.title) if hit else gettext("Report issue")
        avatar = AvatarSpec(icon="flag-banner", tone="accent")
        key = (*_REPORT, hit.household if hit else None)
        found: list[Item] = []
        if self.ws.session.knows("CREATE ISSUES"):
            found.append(HitRow(key=key, title=words, avatar=avatar, ways=(("", "Ctrl E"),)))
        if hit is not None and self._may_visit(hit):
            start = gettext("Start a visit at {name}").format(name=hit.title)
            avatar = AvatarSpec(icon="person-simple-walk", tone="accent")
            found.append(HitRow(key=(_VISIT, hit.household), title=start, avatar=avatar, ways=(("", "Enter"),)))
        return [Section(gettext("Actions")), *found] if found else []

    def _pages(self, query: str) -> list[Item]:
        """The pages, and what the window does, that are called so."""
        here = permitted(self.ws.session, present(OFFICE if self.ws.session.is_office else FIELD))
        looks = {entry.name: (entry.label, entry.icon) for entry in here if entry.name not in _OF_SOMEBODY} | _WINDOW
        names = {
            name: in_words(label.message, ALSO_CALLED[name].message if name in ALSO_CALLED else "")
            for name, (label, _) in looks.items()
        }
        rows = [
            HitRow(key=(_PAGE, name), title=str(looks[name][0]), avatar=AvatarSpec(icon=looks[name][1]))
            for name in named_like(query, names)
        ]
        return [Section(gettext("Go to")), *rows] if rows else []

    def _show_nothing(self, query: str) -> None:
        old = self._nothing.currentWidget()
        if old is not None:
            self._nothing.removeWidget(old)
            old.deleteLater()
        title = gettext("Nothing found for “{query}”.").format(query=query.strip())
        way = gettext("Write down a new household") if self.ws.session.can("CREATE PEOPLE") else ""
        panel = StatePanel("empty", title, "", way, icon="magnifying-glass")
        panel.pressed.connect(self._on_new)
        self._nothing.addWidget(panel)

    # ----------------------------------------------------------------------------------------------------- answers

    def _on_typed(self, _text: str) -> None:
        self.look()

    def _on_moved(self, key: int) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        self.list.keyPressEvent(event)

    def _on_clicked(self) -> None:
        self._on_activated(self.list.current_key())

    def _on_new(self) -> None:
        self._leave("buildings", None)

    def _on_activated(self, key: object) -> None:
        """Enter: start a visit where somebody lives, else open."""
        if isinstance(key, tuple) and key[:2] == _REPORT:
            self.accept()
            self.shell.report_issue(key[2])
            return
        if isinstance(key, tuple) and key[0] == _PAGE and key[1] in _WINDOW:
            self.accept()
            (self.shell.lock if key[1] == _LOCK else self.shell.share)()
            return
        if isinstance(key, tuple) and key[0] in {_PAGE, _VISIT}:
            self._leave(*((key[1], None) if key[0] == _PAGE else ("visit", key[1])))
            return
        hit = self._hits.get(key)
        if hit is not None and self._may_visit(hit):
            self._leave("visit", hit.household)
        elif hit is not None and hit.page:
            self._leave(hit.page, hit.target)

    def _may_visit(self, hit: "HitView") -> bool:
        return hit.household is not None and hit.kind != "issue" and self.ws.session.can("CREATE VISITS")

    def _on_opened(self) -> None:
        hit = self._hits.get(self.list.current_key())
        if hit is not None and hit.page:
            self._leave(hit.page, hit.target)

    def _leave(self, page: str, target: object) -> None:
        """Close first, so that the page gets the focus."""
        self.accept()
        QTimer.singleShot(0, self.shell, lambda: self.shell.go(page, target))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Right at the end of the text opens; Enter takes the current line, unless a composition is open."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            at_end = self.field.cursorPosition() == len(self.field.text()) and not self.field.hasSelectedText()
            if event.key() == Qt.Key.Key_Right and at_end:
                self._on_opened()
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not self.field.composing():
                self._on_activated(self.list.current_key())
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the corners out: where nothing mixes windows, as on many an old machine, they would be black."""
        super().resizeEvent(event)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), _ROUND, _ROUND)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sheet."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = themes.current()
        box(painter, self.rect(), _ROUND, theme.colour("raised"), theme.colour("line-strong"))
        painter.end()
