"""What one needs before the door opens: who lives here, what was said last time, what is still open, whom to ring."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.app.visit.view import Contact, VisitSheet
from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec, first_character
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import clear, column, flow, holder, row, scrolling
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.signs import chip_of
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

WIDTH = 283
LINE = 32
"""As high as the eye beside a number."""

Reveal = Callable[[Contact], str]
"""Gives a number in clear, and puts the look on record."""


class ContextPanel(QWidget):
    """The panel in place of the sidebar. ``went_back`` comes from its arrow."""

    went_back = Signal()

    def __init__(self, reveal: Reveal) -> None:
        super().__init__()
        self._reveal = reveal
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._back = Button(gettext("Back"), "arrow-left", kind="quiet")
        self._back.clicked.connect(self.went_back)
        self._inner = column()
        self._foot = column(gap=8)
        body = column(self._inner, None, margins=(18, 4, 18, 8))
        layout = column(row(self._back, None, margins=(8, 12, 8, 0)))
        layout.addWidget(scrolling(holder(body)), 1)
        layout.addWidget(holder(column(self._foot, margins=(18, 8, 18, 14))))
        self.setLayout(layout)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self.setFixedWidth(themes.current().px(WIDTH))

    def show_sheet(self, sheet: VisitSheet) -> None:
        """Show a household."""
        clear(self._inner)
        clear(self._foot)
        for widget in self._parts(sheet):
            self._inner.addWidget(widget)
        if sheet.remark:
            self._foot.addWidget(
                Text(gettext("Best time: {words}").format(words=sheet.remark), "small", "ink-2", wrap=True)
            )
        if sheet.contact:
            self._foot.addWidget(self._number(sheet.contact, "phone"))
        if sheet.emergency:
            self._foot.addWidget(Text(gettext("In an emergency"), "caption", "ink-3"))
        for contact in sheet.emergency:
            self._foot.addWidget(self._number(contact, "first-aid-kit"))

    def _parts(self, sheet: VisitSheet) -> Iterator[QWidget]:
        yield self._head(sheet)
        if sheet.signs:
            yield holder(column(6, flow(*(Chip(chip_of(sign)) for sign in sheet.signs), gap=6, line_gap=6)))
        if sheet.note:
            yield _caption(gettext("Before you go in"))
            about = row(Icon("quotes", 14, "ink-3"), Text(sheet.note_about, "caption", "ink-3"), None, gap=6)
            yield Card(about, Text(sheet.note, wrap=True), kind="panel", gap=4, margins=(12, 10, 12, 12))
        if sheet.matters:
            yield _caption(gettext("Still open here"))
            yield holder(column(*(_matter(title) for title in sheet.matters), gap=6))
        if sheet.recent:
            yield _caption(gettext("The last three times"))
            yield holder(column(*(_past(day, words) for day, words in sheet.recent), gap=4))

    def _head(self, sheet: VisitSheet) -> QWidget:
        tone: Tone = "care" if any(sign.kind == "care" for sign in sheet.signs) else "neu"
        head = row(Avatar(AvatarSpec(first_character(sheet.name), tone), 52), gap=12, margins=(0, 6, 0, 4))
        head.addLayout(
            column(None, ElidedText(sheet.name, "title"), ElidedText(sheet.about, "small", "ink-2"), None), 1
        )
        return holder(head)

    def _number(self, contact: Contact, icon: str) -> QWidget:
        name = gettext("{name}: {field}").format(name=contact.label, field=gettext("Phone"))
        layout = row(Icon(icon, 16, "ink-3"), gap=8)
        whose = ElidedText(contact.label, "small", "ink-2")
        whose.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        whose.setMinimumHeight(themes.current().px(LINE))
        number = MaskedValue(contact.masked, name, partial(self._reveal, contact))
        layout.addWidget(flow(whose, number, gap=8, line_gap=0), 1)  # a long relation has a line of its own
        return holder(layout)


def _caption(words: str) -> QWidget:
    label = Text(words, "caption", "ink-3")
    label.setContentsMargins(0, 18, 0, 6)
    return label


def _matter(title: str) -> QWidget:
    line = row(Icon("flag-banner", 16, "ink-3"), gap=8)
    line.addWidget(Text(title, "small", wrap=True), 1)
    return holder(line)


def _past(day: str, words: str) -> QWidget:
    when = Text(day, "small", "ink-3")
    when.setMinimumWidth(themes.current().px(56))
    line = row(when, gap=8)
    line.addWidget(ElidedText(words, "small"), 1)
    return holder(line)
