"""The side panel of a building: the household behind the chosen door, or what can be done at an empty one."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec, first_character
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.fact import Fact
from gridworker.gui.widgets.keycap import KeyCap
from gridworker.gui.widgets.layout import clear, column, flow, holder, row, rule, scrolling
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.signs import chip_of, tone_of, track_icon
from gridworker.gui.widgets.state import StatePanel
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.view import HomeView, IssueView, PersonView

WIDTH, WIDTH_LARGE = 336, 288
LARGE = 1.25
"""The text size from which on the panel leaves more of the room to the doors."""
SIDE = 18
_NAME, _PAD = 96, 11
"""What a long name keeps at 100 %, and what a link has around its words."""
_LONG_PHONE, PHONE_EYE = "000****0000", 40
"""What stands right of a name: a masked number, and the button that uncovers it."""

Reveal = Callable[[int, str], str]


class HomePanel(Card):
    """The panel. ``reveal`` gives a resident's field in clear and puts the look on record."""

    visit_pressed = Signal()
    file_pressed = Signal()
    issue_pressed = Signal()
    other_pressed = Signal(object)
    settle_pressed = Signal()
    mark_pressed = Signal()
    """The second thing that can be done at an empty door."""

    def __init__(self, reveal: Reveal) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._reveal = reveal
        self._inner = column()
        self.body.addLayout(self._inner, 1)
        self.body.addWidget(rule())
        issue = self.issue = Button(gettext("Report issue"), key="E", kind="quiet", size="compact")
        issue.clicked.connect(self.issue_pressed)
        caps = [KeyCap(arrow) for arrow in "←↑↓→"]
        walk = ElidedText(gettext("Next door"), "small", "ink-2")
        foot = row(*caps, gap=4, margins=(16, 4, 8, 4))
        foot.addWidget(walk, 1)
        foot.addWidget(issue)
        self._foot = holder(foot)
        self.body.addWidget(self._foot)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        theme = themes.current()
        self.setFixedWidth(theme.px(WIDTH if theme.scale < LARGE else WIDTH_LARGE))

    def show_nothing(self, title: str, text: str = "", action: str = "", *, icon: str = "door", mark: str = "") -> None:
        """No household: a vacant door, one nobody has recorded yet, or a shop. ``mark`` is a second thing to do."""
        clear(self._inner)
        panel = StatePanel("empty", title, text, action, icon=icon)
        panel.pressed.connect(self.settle_pressed)
        self._inner.addWidget(panel, 1)
        if mark:
            button = Button(mark, key="K", kind="quiet", size="compact")
            button.clicked.connect(self.mark_pressed)
            self._inner.addLayout(row(None, button, None, margins=(12, 0, 12, 12)))

    def show_home(self, home: "HomeView", others: tuple[tuple[int, str], ...] = (), *, may_visit: bool = True) -> None:
        """The household. ``others`` live behind the same door: id and name."""
        clear(self._inner)
        self._inner.addWidget(self._head(home, may_visit=may_visit))
        self._inner.addWidget(rule())
        body = column(*self._facts(home), gap=16, margins=(18, 16, 18, 12))
        if home.members:
            body.addWidget(rule())
            body.addWidget(Text(gettext("People here"), "small", "ink-2"))
            body.addLayout(column(*(self._person(person, home) for person in home.members), gap=4))
        if others:
            body.addWidget(rule())
            body.addWidget(Text(gettext("Behind the same door"), "small", "ink-2"))
            body.addLayout(column(*(self._other(id_, name) for id_, name in others), gap=4))
        body.addStretch(1)
        self._inner.addWidget(scrolling(holder(body)), 1)

    def _other(self, household: int, name: str) -> QWidget:
        layout = row(Avatar(AvatarSpec(first_character(name)), 28), gap=10)
        room = self.width() - 2 * SIDE - themes.current().px(28) - 2 * 10 - 2 * _PAD
        shown = themes.current().metrics("body", True).elidedText(name, Qt.TextElideMode.ElideRight, room)
        button = Button(shown, kind="link", size="compact")
        button.setAccessibleName(name)
        button.setToolTip(gettext("Open the file") if shown == name else name)
        button.clicked.connect(partial(self.other_pressed.emit, household))
        layout.addWidget(button)
        layout.addStretch(1)
        return holder(layout)

    def _head(self, home: "HomeView", *, may_visit: bool) -> QWidget:
        tone: Tone = "care" if any(sign.kind == "care" for sign in home.signs) else "neu"
        name = row(ElidedWord(home.name, "title", most=_NAME), Text(home.about, "body", "ink-2"), None, gap=8)
        where = gettext(" · ").join(filter(None, (home.door if home.door != home.name else "", home.house)))
        words = column(None, name, ElidedText(where, "small", "ink-2"), None, gap=1)
        top = row(Avatar(AvatarSpec(first_character(home.name), tone), 52), gap=12)
        top.addLayout(words, 1)
        buttons = row(gap=8)
        if may_visit:
            visit = Button(gettext("Start visit"), "person-simple-walk", key="Enter", kind="primary")
            visit.clicked.connect(self.visit_pressed)
            buttons.addWidget(visit)
        file = Button(gettext("File"), key="O")
        file.clicked.connect(self.file_pressed)
        buttons.addWidget(file)
        buttons.addStretch(1)
        layout = column(top, gap=14, margins=(18, 18, 18, 14))
        if home.signs:
            layout.addWidget(flow(*(Chip(chip_of(sign)) for sign in home.signs), gap=6, line_gap=6))
        layout.addLayout(buttons)
        return holder(layout)

    def _facts(self, home: "HomeView") -> list[QWidget]:
        facts: list[QWidget] = []
        if home.next_on:
            late = (
                gettext("{day}, {late}").format(day=home.next_on, late=home.overdue) if home.overdue else home.next_on
            )
            ink = "over" if home.overdue else "ink"
            facts.append(Fact("calendar-blank", gettext("Next visit"), home.why, strong=(late, ink)))
        if home.note:
            facts.append(Fact("quotes", home.note, home.note_about))
        return [*facts, *map(_issue_fact, home.issues)]

    def _person(self, person: "PersonView", home: "HomeView") -> QWidget:
        about = gettext(", ").join(filter(None, (person.relation, person.aside)))
        layout = row(Avatar(AvatarSpec(first_character(person.name)), 28), gap=10)
        layout.addWidget(_called(person.name, about, phone=bool(person.phone)), 1)
        if person.phone and home.sharing:
            layout.addWidget(Text(person.phone, "small", "ink-2"))
        elif person.phone:
            name = gettext("{name}: {field}").format(name=person.name, field=gettext("Phone"))
            layout.addWidget(MaskedValue(person.phone, name, partial(self._reveal, person.resident, "phones")))
        return holder(layout)


def _called(name: str, about: str, *, phone: bool) -> QWidget:
    """Name and relation, one under the other where the line is too short for both, as it often is in English."""
    theme = themes.current()
    words = theme.metrics("body").horizontalAdvance(name) + 10 + theme.metrics("small").horizontalAdvance(about)
    beside = theme.metrics("body").horizontalAdvance(_LONG_PHONE) + theme.px(PHONE_EYE) if phone else 0
    room = theme.px(WIDTH if theme.scale < LARGE else WIDTH_LARGE) - 2 * SIDE - theme.px(28) - 2 * 10
    if words <= room - beside:
        line = row(Text(name), gap=10)
        line.addWidget(ElidedText(about, "small", "ink-2"), 1)
        return holder(line)
    return holder(column(ElidedText(name), Text(about, "small", "ink-2", wrap=True)))


def _issue_fact(issue: "IssueView") -> Fact:
    return Fact(track_icon(issue.track), issue.title, issue.about, chip=ChipSpec(issue.state, tone_of(issue.tone)))
