"""The people of a household, masked: hold an eye to see a number, press the pencil to change what is known."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import code_points
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec, first_character
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.layout import clear, column, holder, row, rule
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.view import PersonView

_COLUMNS = 6
_RELATION, _NAME = 132, 84
"""So much room the relation and the name take from the others where they need it."""
_AVATAR, _BESIDE = 28, 8
_APART = 12
"""Between the relation, the age and the numbers beside the columns' own gap: a long relation would run into an age."""
_SHARES = (3, 2, 1)
"""How what is left over goes to name, relation and age where the numbers are under each other; else as they need it."""
_NUMBERS = frozenset({"resident.id_number", "resident.phones"})
LARGE = 1.25
"""The text size from which on the two numbers stand under each other."""


class MembersTable(Card):
    """The card. ``reveal`` gives a resident's field in clear and puts the look on record."""

    add_pressed = Signal()
    edit_pressed = Signal(object)

    def __init__(self, reveal: Callable[[int, str], str]) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._reveal = reveal
        self._shown: tuple[tuple[PersonView, ...], tuple[PersonView, ...], bool, bool] | None = None
        self._around: QScrollArea | None = None
        self._wide, self._is_narrow = 0, False
        """What the table takes with the two numbers beside each other, and whether that is more than it has."""
        self._count = Text("", "small", "ink-3")
        self._add = Button(gettext("Add person"), "plus", key="A", kind="link", size="compact")
        self._add.clicked.connect(self.add_pressed)
        self.happened = Button(gettext("Life events"), "users-three", key="M", kind="link", size="compact")
        """Births, deaths, moves: the page answers it and says whether it is there."""
        links = row(self.happened, self._add, gap=4)
        head = row(Text(gettext("People here"), bold=True), self._count, None, links, margins=(16, 8, 12, 4))
        self._area = column()
        self.body.addWidget(holder(head))
        self.body.addLayout(self._area)
        themes.follow(self._restyle)

    def press_add(self) -> None:
        """As if the button was pressed, where it is there to be pressed."""
        if not self._add.isHidden():
            self._add.click()

    def fit_into(self, area: QScrollArea) -> None:
        """Stand in what scrolls up and down alone: what is wider than that would be out of reach."""
        self._around = area
        area.viewport().installEventFilter(self)

    def _fit(self) -> None:
        """Put the two numbers under each other where they have no room side by side, and back."""
        if self._around is None or self._shown is None or not self._shown[0] or _is_crowded(self._shown[0]):
            return
        if not self._is_narrow:
            self._wide = self.minimumSizeHint().width()
        if (self._wide > self._around.viewport().width()) is not self._is_narrow:
            self._is_narrow = not self._is_narrow
            self._show()

    def event(self, event: QEvent) -> bool:
        """What it takes is known only when its parts are shown: before the first of them is painted."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """There is more room now, or less."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _restyle(self) -> None:
        """Large text puts the two numbers of a person under each other."""
        if self._shown is not None:
            people, former, may_edit, sharing = self._shown
            self.show_people(people, former, may_edit=may_edit, sharing=sharing)

    def show_people(
        self, people: "tuple[PersonView, ...]", former: "tuple[PersonView, ...]", *, may_edit: bool, sharing: bool
    ) -> None:
        """Show who lives there, and who did."""
        self._shown, self._is_narrow = (people, former, may_edit, sharing), False
        self._show()

    def _show(self) -> None:
        if self._shown is None:
            return
        people, former, may_edit, sharing = self._shown
        clear(self._area)
        self._add.setVisible(may_edit)
        self._count.setText(str(len(people)) if people else "")
        if people:
            self._area.addLayout(self._grid(people, may_edit=may_edit, sharing=sharing))
        else:
            words = gettext("Nobody is written down yet. Start with the head of the household.")
            words = gettext("Nobody lives here now.") if former else words
            self._area.addWidget(holder(row(Text(words, "small", "ink-3", wrap=True), margins=(16, 4, 16, 16))))
        if former:
            names = gettext(", ").join(person.name for person in former)
            words = gettext("Lived here before: {names}").format(names=names)
            self._area.addWidget(holder(row(Text(words, "caption", "ink-3", wrap=True), margins=(16, 2, 16, 10))))

    def _grid(self, people: "tuple[PersonView, ...]", *, may_edit: bool, sharing: bool) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(16, 0, 12, 6)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        titles = [gettext("Full name"), gettext("Relation"), gettext("Age"), gettext("ID number"), gettext("Phone")]
        stacked = self._is_narrow or _is_crowded(people)
        if stacked:
            titles[3:] = [gettext("ID number, phone")]
        for number, title in enumerate(titles):
            grid.addWidget(Text(title, "caption", "ink-3"), 0, number)
        for number, person in enumerate(people):
            grid.addWidget(rule(), 2 * number + 1, 0, 1, _COLUMNS)
            for place, cell in enumerate(self._cells(person, may_edit=may_edit, sharing=sharing, stacked=stacked)):
                grid.addWidget(cell, 2 * number + 2, place, Qt.AlignmentFlag.AlignVCenter)
        metrics, theme = themes.current().metrics("body"), themes.current()
        widest = max(metrics.horizontalAdvance(person.relation) for person in people)
        related = min(widest + theme.px(2), theme.px(_RELATION))
        named = max(theme.metrics("body", bold=True).horizontalAdvance(person.name) for person in people)
        called = theme.px(_AVATAR + _BESIDE) + min(named + theme.px(2), theme.px(_NAME))
        aged = max(metrics.horizontalAdvance(words) for words in (titles[2], *(one.age for one in people)))
        apart = theme.px(_APART)
        for place, least in enumerate((called, related + (apart if stacked else 0), aged + _APART)):
            grid.setColumnMinimumWidth(place, least)
        for place, share in enumerate(_SHARES if stacked else (called, related + apart)):
            grid.setColumnStretch(place, share)
        return grid

    def _cells(self, person: "PersonView", *, may_edit: bool, sharing: bool, stacked: bool) -> list[QWidget]:
        name = row(Avatar(AvatarSpec(first_character(person.name)), _AVATAR), gap=_BESIDE)
        name.addWidget(_name(person.name), 1)
        relation = column(ElidedText(person.relation), gap=0)
        if person.aside:
            relation.addWidget(ElidedText(person.aside, "caption", "ink-3"))
        cells: list[QWidget] = [holder(name), holder(relation), Text(person.age)]
        numbers = [
            self._number(person, field, shown, sharing=sharing)
            for field, shown in (("id_number", person.id_number), ("phones", person.phone))
        ]
        cells += [holder(column(*numbers, gap=2))] if stacked else numbers
        if may_edit and not sharing:
            label = gettext("Change {name}").format(name=person.name)
            pencil = IconButton("pencil-simple", label, size=16)
            pencil.clicked.connect(partial(self.edit_pressed.emit, person.membership))
            cells.append(pencil)
        return cells

    def _number(self, person: "PersonView", field: str, shown: str, *, sharing: bool) -> QWidget:
        if not shown:
            return Text(gettext("Not recorded"), "small", "ink-3")
        if sharing or (field == "id_number" and shown.startswith("****") and len(shown) <= 8):
            return Text(shown, "body", "ink-2")
        label = gettext("ID number") if field == "id_number" else gettext("Phone")
        name = gettext("{name}: {field}").format(name=person.name, field=label)
        value = MaskedValue(shown, name, partial(self._reveal, person.resident, field))
        if f"resident.{field}" not in person.contested:
            return value
        return holder(row(value, Chip(ChipSpec(gettext("Being checked"), "conf")), gap=6))


def _name(name: str) -> Text:
    """A name; one of several parts is long, and goes on in the next line rather than being cut."""
    if not _is_long(name):
        return ElidedText(name, bold=True)
    words = Text(name, bold=True, wrap=True)
    policy = words.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # one long word makes no table wider
    words.setSizePolicy(policy)
    words.setToolTip(code_points(name, themes.current().metrics("body", bold=True)))
    return words


def _is_long(name: str) -> bool:
    theme = themes.current()
    return theme.metrics("body", bold=True).horizontalAdvance(name) > theme.px(_NAME)


def _is_crowded(people: "tuple[PersonView, ...]") -> bool:
    """Whether the two numbers stand under each other in any window: large text, long names, a value to be checked."""
    crowded = any(_is_long(one.name) or _NUMBERS & one.contested for one in people)
    return crowded or themes.current().scale >= LARGE
