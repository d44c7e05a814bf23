"""The smaller cards of a household's file: open issues, care, home safety, and the timeline."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import clear, column, flow, holder, row, rule
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.moments import Moment
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.signs import chip_of, tone_of, track_icon
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text
from gridworker.gui.widgets.timeline import Timeline
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gridworker.app.household.view import CareView, CheckView, ContactView, IssueView, MomentView

_LOWER = (16, 10, 16, 16)
"""Around the two cards at the foot of a file: their titles stand on one line."""
_NAME = 60
_EYE = 32
"""As high as the eye beside a number."""

_LOOKS: dict[str, tuple[str, Tone]] = {
    "visit": ("person-simple-walk", "care"),
    "missed": ("door", "neu"),
    "issue": ("flag-banner", "over"),
    "return": ("arrow-u-up-left", "ok"),
    "person": ("user-plus", "accent"),
    "file": ("identification-card", "accent"),
    "care": ("heart", "care"),
    "need": ("handshake", "accent"),
    "consent": ("check", "ok"),
    "change": ("pencil-simple", "neu"),
}


class OpenIssues(Card):
    """Open issues of a household. ``opened`` carries the id of one."""

    opened = Signal(object)
    report_pressed = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._count = Text("", "small", "ink-3")
        report = self.report = Button(gettext("Report issue"), "plus", key="E", kind="link", size="compact")
        report.clicked.connect(self.report_pressed)
        head = row(Text(gettext("Open issues"), bold=True), self._count, None, report, margins=(16, 8, 12, 4))
        self._area = column(margins=(0, 0, 0, 8))
        self.body.addWidget(holder(head))
        self.body.addLayout(self._area)

    def show_issues(self, issues: "Sequence[IssueView]", *, may_report: bool = True) -> None:
        """Show what is open."""
        self.report.setVisible(may_report)
        clear(self._area)
        self._count.setText(str(len(issues)) if issues else "")
        if not issues:
            self._area.addWidget(holder(row(Text(gettext("Nothing open."), "small", "ink-3"), margins=(16, 2, 16, 8))))
        for issue in issues:
            self._area.addWidget(rule())
            self._area.addWidget(self._row(issue))

    def _row(self, issue: "IssueView") -> QWidget:
        words = column(ElidedText(issue.title), ElidedText(issue.about, "small", "ink-2"), gap=1)
        layout = row(Icon(track_icon(issue.track)), gap=12, margins=(18, 7, 12, 7))
        layout.addLayout(words, 1)
        layout.addWidget(Chip(ChipSpec(issue.state, tone_of(issue.tone))))
        show = Button(gettext("Open"), kind="quiet", size="compact")
        show.setAccessibleName(gettext("Open: {name}").format(name=issue.title))
        show.clicked.connect(partial(self.opened.emit, issue.id))
        layout.addWidget(show)
        return holder(layout)


class CareCard(Card):
    """The care in force and whom it names for an emergency. ``opened`` carries the id of one.

    ``reveal`` gives a contact's number in clear and puts the look on record.
    """

    opened = Signal(object)
    add_pressed = Signal()
    contact_wanted = Signal(object)
    contact_opened = Signal(object, object)

    def __init__(self, reveal: "Callable[[int], str]") -> None:
        super().__init__(gap=8, margins=_LOWER)
        self._reveal = reveal
        self._add = Button(gettext("Open one"), "plus", key="G", kind="link", size="compact")
        self._add.setAccessibleName(gettext("Open a care file"))
        self._add.clicked.connect(self.add_pressed)
        self.body.addLayout(row(Text(gettext("Care"), bold=True), None, self._add))
        self._area = column(gap=8)
        self.body.addLayout(self._area)
        self.body.addStretch(1)

    def show_cares(self, cares: "Sequence[CareView]", *, may_edit: bool, may_open: bool) -> None:
        """Show the care memberships; who may is offered to change them, and to open another."""
        clear(self._area)
        self._add.setVisible(may_open)
        if not cares:
            self._area.addWidget(Text(gettext("No care file."), "small", "ink-3"))
        for care in cares:
            head = row(Chip(chip_of(care.sign)), None)
            if may_edit:
                change = IconButton("pencil-simple", gettext("Change: {name}").format(name=care.sign.text))
                change.clicked.connect(partial(self.opened.emit, care.id))
                head.addWidget(change)
            about = column(head, Text(care.about, "small", "ink-2", wrap=True), gap=4)
            if care.contacts or may_edit:
                about.addLayout(self._contacts_head(care, may_edit=may_edit))
            for contact in care.contacts:
                about.addWidget(self._contact(care, contact, may_edit=may_edit))
            self._area.addLayout(about)

    def _contacts_head(self, care: "CareView", *, may_edit: bool) -> QBoxLayout:
        head = row(Text(gettext("Emergency contact"), "small", "ink-3"), None)
        if may_edit:
            add = Button(gettext("Add"), "plus", kind="link", size="compact")
            add.setAccessibleName(gettext("Add an emergency contact: {name}").format(name=care.sign.text))
            add.clicked.connect(partial(self.contact_wanted.emit, care.id))
            head.addWidget(add)
        return head

    def _contact(self, care: "CareView", contact: "ContactView", *, may_edit: bool) -> QWidget:
        """In a narrow card the number stands below the name."""
        line = row(Icon("phone", 16, "ink-3"), gap=8)
        who = ElidedWord(contact.name, "small", most=_NAME)
        who.setMinimumHeight(themes.current().px(_EYE))
        name = gettext("{name}: {field}").format(name=contact.name, field=gettext("Phone"))
        number = MaskedValue(contact.phone, name, partial(self._reveal, contact.id))
        line.addWidget(flow(who, number, gap=8, line_gap=0), 1)
        if may_edit:
            change = IconButton("pencil-simple", gettext("Change: {name}").format(name=contact.name))
            change.clicked.connect(partial(self.contact_opened.emit, care.id, contact.id))
            line.addWidget(change)
        return holder(line)


class SafetyCard(Card):
    """Home safety, as last looked at."""

    def __init__(self) -> None:
        super().__init__(gap=8, margins=_LOWER)
        self._day = Text("", "small", "ink-3")
        self.body.addWidget(card_head(gettext("Home safety"), "", None, self._day))
        self._area = column(gap=8)
        self.body.addLayout(self._area)
        self.body.addStretch(1)

    def show_checks(self, checks: "Sequence[CheckView]", day: str) -> None:
        """Show what was found, problems first."""
        clear(self._area)
        self._day.setText(gettext("checked {day}").format(day=day) if day and checks else "")
        if not checks:
            self._area.addWidget(Text(gettext("Not checked yet."), "small", "ink-3"))
        else:
            self._area.addWidget(flow(*map(_check, checks), gap=6, line_gap=8))


def _check(check: "CheckView") -> Chip:
    problem = check.mark == "problem"
    return Chip(ChipSpec(check.label, "over" if problem else "ok", "warning" if problem else "check"))


class TimelineCard(Card):
    """Everything that happened, with a filter. ``opened`` carries a moment's key."""

    opened = Signal(object)

    def __init__(self, title: str, *, parts: bool = True) -> None:
        """``parts``: offer visits, issues and changes apart."""
        super().__init__(margins=(0, 0, 0, 0))
        self._moments: Sequence[MomentView] = ()
        self._parts = Segmented(
            [
                Segment("", gettext("All"), role="caption"),
                Segment("visit", gettext("Visits"), role="caption"),
                Segment("issue", gettext("Issues"), role="caption"),
                Segment("need", gettext("Needs"), role="caption"),
                Segment("change", gettext("Changes"), role="caption"),
            ],
            height=30,
            bold=True,
        )
        self._parts.chosen.connect(self._show)
        if not parts:
            self._parts.hide()
        self.list = Timeline(title)
        self.list.opened.connect(self.opened)
        head = row(Text(title, bold=True), None, self._parts, margins=(16, 8, 12, 8))
        self.body.addWidget(holder(head))
        inner = column(margins=(18, 0, 8, 8))
        inner.addWidget(self.list, 1)
        self.body.addLayout(inner, 1)

    def show_moments(self, moments: "Sequence[MomentView]") -> None:
        """Show these, as far as the filter lets them through."""
        self._moments = moments
        self._show(self._parts.value())

    def show_part(self, part: str) -> None:
        """Show only visits, issues or changes; '' is all."""
        self._parts.set_value(part)
        self._show(part)

    def point_at(self, key: tuple[str, int, str]) -> None:
        """Show everything, and put the cursor on one moment."""
        self.show_part("")
        self.list.point_at(key)

    def _show(self, part: str) -> None:
        shown, year = [], ""
        for view in self._moments:
            year = view.year or year
            if not part or view.part == part:
                shown.append(_moment(view, year))
                year = ""
        self.list.show_moments(shown)


def _moment(view: "MomentView", heading: str) -> Moment:
    icon, tone = _LOOKS.get(view.icon, ("pencil-simple", "neu"))
    chips = tuple(chip_of(sign) for sign in view.signs)
    return Moment(view.key, icon, view.title, tone, view.right, view.body, view.change, chips, heading)


def side_by_side(*cards: QWidget) -> QWidget:
    """Cards of one width."""
    layout = row(gap=16)
    for card in cards:
        layout.addWidget(card, 1)
    return holder(layout)
