"""The first page: three choices, and a kit found on a stick is offered at once."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.bigchoice import BigChoice
from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import Label, gettext

KIT, OFFICE, SAMPLE = "kit", "office", "sample"


_CHOICES = (
    (
        KIT,
        "package",
        Label("I have a device bundle"),
        Label("For grid workers. Open the bundle on the stick and set a passphrase."),
    ),
    (
        OFFICE,
        "buildings",
        Label("I am the office, new community"),
        Label("Set up the community, then give each worker a device bundle."),
    ),
    (
        SAMPLE,
        "sparkle",
        Label("Try with sample data"),
        Label("An invented neighbourhood. Click around; nobody in it is real."),
    ),
)
"""Value, icon, title and line."""


class StartStep(QWidget):
    """``chosen`` carries kit, office or sample; ``kit_taken`` the file of a kit found on a stick."""

    chosen = Signal(str)
    kit_taken = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        layout = column(Text(gettext("First things first: who are you?"), "display", wrap=True), 2)
        layout.addWidget(Text(gettext("Choose one to start. It takes about two minutes."), "body", "ink-2", wrap=True))
        layout.addSpacing(24)
        self._buttons: dict[str, BigChoice] = {}
        for number, (value, icon, title, text) in enumerate(_CHOICES, start=1):
            button = BigChoice(str(title), str(text), icon, str(number))
            button.clicked.connect(lambda _=False, value=value: self.chosen.emit(value))
            bind(self, str(number), button.click, str(title))
            self._buttons[value] = button
            layout.addWidget(button)
            layout.addSpacing(14)
        self._found = column()
        layout.addLayout(self._found)
        layout.addStretch(1)
        self.setLayout(layout)
        self.setFocusProxy(self._buttons[KIT])

    def choice(self, value: str) -> BigChoice:
        """One of the three."""
        return self._buttons[value]

    def show_kits(self, kits: list[Path]) -> None:
        """Offer the first kit found on a stick; the file says nothing about people, so only its name is shown."""
        clear(self._found)
        if kits:
            text = gettext("Found a device bundle: {name}").format(name=kits[0].name)
            strip = Strip(text, tone="info", icon="hard-drive", action=gettext("Use it"))
            strip.pressed.connect(lambda: self.kit_taken.emit(kits[0]))
            self._found.addSpacing(8)
            self._found.addWidget(strip)

    def focus_first(self) -> None:
        """Start on the first choice."""
        self._buttons[KIT].setFocus(Qt.FocusReason.OtherFocusReason)
