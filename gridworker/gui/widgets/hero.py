"""The hero: the one strong panel of a page, saying what to do next."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.layout import clear, column, row
from gridworker.gui.widgets.paint import box, painting
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text

_NAME = 160
"""What a name keeps of its width at 100 % where it is longer."""


class Hero(QWidget):
    """A filled panel to put anything on (the sync page's big card)."""

    def __init__(self, corner: int = 14) -> None:
        super().__init__()
        self._corner = corner
        themes.follow(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the panel."""
        del event
        with painting(self) as painter:
            box(painter, self.rect(), self._corner, themes.current().colour("hero"))


class HeroPanel(Hero):
    """Who is next, why, what was promised last time, and one button."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._avatar = Avatar(AvatarSpec("", "hero"), 60)
        self._lead = Text("", "small", "on-hero-2")
        self._chips = row(gap=8)
        self._name = ElidedWord("", "title", "on-hero", most=_NAME)
        self._about = ElidedText("", "body", "on-hero-2")
        self._note = ElidedText("", "small", "on-hero-2")
        self.button = Button("", kind="hero", size="hero")
        self.button.clicked.connect(self.pressed)
        who = row(self._name, gap=12)
        who.addWidget(self._about, 1)
        words = column(row(self._lead, self._chips, None, gap=8), who, self._note, gap=4)
        layout = row(gap=18, margins=(20, 16, 20, 16))
        layout.addWidget(self._avatar)
        layout.addLayout(words, 1)
        layout.addWidget(self.button)
        self.setLayout(layout)

    def show_next(self, lead: str, name: str, about: str, note: str, chips: tuple[ChipSpec, ...] = ()) -> None:
        """Show a household: 下一户, chips, name, age and door, and the line of last time."""
        self._lead.setText(lead)
        self._lead.setVisible(bool(lead))
        clear(self._chips)
        for chip in chips:
            self._chips.addWidget(Chip(chip))
        self._name.setText(name)
        self._about.setText(about)
        self._name.offer_whole()
        self._about.offer_whole()
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._avatar.show_avatar(AvatarSpec(name[:1], "hero"))
        self.setAccessibleName(
            " ".join(part for part in (lead, *(chip.text for chip in chips), name, about, note) if part)
        )

    def show_avatar(self, avatar: AvatarSpec) -> None:
        """Show an icon instead of the first character."""
        self._avatar.show_avatar(avatar)

    def show_action(self, label: str, key: str = "", icon: str = "") -> None:
        """What the button says; an empty label hides it."""
        self.button.hide()
        if label:
            self.button.set_label(label, icon)
            self.button.set_key(key)
            self.button.show()
