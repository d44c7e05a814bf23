"""A worker's laptop: the kit, the code that came apart from it, a passphrase."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from gridworker.gui.filedialogs import FileQuestion, Purpose, open_file
from gridworker.gui.frontdoor import KIT_SUFFIX
from gridworker.gui.widgets.dropzone import DropZone
from gridworker.gui.widgets.layout import add, clear, column
from gridworker.gui.widgets.passphrase import Judged, NewPassphrase
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class KitStep(Step):
    """Choose the kit and type its code."""

    def __init__(self) -> None:
        super().__init__(gettext("Your device bundle"), gettext("The office made it for this laptop alone."))
        self._kit: Path | None = None
        self._zone = DropZone(gettext("Drag the device bundle here"), gettext("or click to choose the file"))
        self._zone.files_dropped.connect(self._on_dropped)
        self._zone.pressed.connect(self._on_browse)
        self._taken = column()
        self._code = QLineEdit()
        self._code.setAccessibleName(gettext("One-time code"))
        self._code.setPlaceholderText("7K2MX-QF9XR-3D8AW-PW4C0")
        self._code.setMaxLength(40)
        label = Text(gettext("One-time code"), "small", "ink-2")
        hint = gettext("The office gives you the code on paper or by telephone, not on the stick.")
        field = column(label, self._code, Text(hint, "caption", "ink-3", wrap=True), gap=6)
        add(self.body, self._zone, self._taken, 16, field)
        self._code.textChanged.connect(self._on_changed)
        self._code.returnPressed.connect(self.submit)
        self.set_ready(False)

    def take(self, kit: Path) -> None:
        """Take a kit."""
        self._kit = kit
        clear(self._taken)
        self._taken.addSpacing(10)
        self._taken.addWidget(Strip(kit.name, tone="info", icon="package"))
        self._on_changed()
        self._code.setFocus(Qt.FocusReason.OtherFocusReason)

    def kit(self) -> Path | None:
        """The kit taken."""
        return self._kit

    def code(self) -> str:
        """The code typed."""
        return self._code.text().strip()

    def code_line(self) -> QLineEdit:
        """The line for the code."""
        return self._code

    def focus_first(self) -> None:
        """The zone first, then the code."""
        (self._code if self._kit else self._zone).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_dropped(self, paths: list[Path]) -> None:
        self.take(paths[0])

    def _on_browse(self) -> None:
        filters = [f"{gettext('Device bundle')} (*{KIT_SUFFIX})", f"{gettext('All files')} (*)"]
        open_file(self, FileQuestion(gettext("Choose the device bundle"), Purpose.BUNDLES, filters), self.take)

    def _on_changed(self) -> None:
        self.hide_problem()
        self.set_ready(self._kit is not None and bool(self.code()))  # what is wrong with the code is said by Next


class PassphraseStep(Step):
    """A passphrase of one's own."""

    def __init__(self, text: str, action: str, judge: Callable[[str], Judged]) -> None:
        super().__init__(gettext("Set a passphrase"), text, action=action)
        self._new = NewPassphrase(judge)
        advice = gettext(
            "Write it down and keep it at home, not with the laptop. "
            "Without it, only the office's recovery sheet or its help opens the files."
        )
        add(self.body, self._new, Text(advice, "small", "ink-3", wrap=True))
        self._new.changed.connect(self._on_changed)
        self._new.fields()[0].entered.connect(self._on_first)
        self._new.fields()[1].entered.connect(self.submit)
        self.set_ready(False)

    def passphrase(self) -> str:
        """The passphrase, or '' while it is not good."""
        return self._new.passphrase()

    def fields(self) -> NewPassphrase:
        """The two fields."""
        return self._new

    def focus_first(self) -> None:
        """The first field."""
        self._new.fields()[0].line().setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_first(self) -> None:
        """Enter in the first field: on, where both agree, else to the second."""
        if self.passphrase():
            self.submit()
        else:
            self._new.fields()[1].line().setFocus(Qt.FocusReason.TabFocusReason)

    def _on_changed(self) -> None:
        self.hide_problem()
        self.set_ready(bool(self.passphrase()))
