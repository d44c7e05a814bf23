"""The steps of an issue as buttons: in one line where they can be."""

from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import FlowLayout

_GAP = 8


class StepButtons(QWidget):
    """The main step first. Short of room they leave out what is not needed to read them, before they take two lines.

    The icons go first, then the key of the main step, which is Enter everywhere; the letters, told nowhere else on the
    page, go last.
    """

    def __init__(self, buttons: list[Button]) -> None:
        super().__init__()
        self._buttons = buttons
        layout = FlowLayout(self, _GAP)
        for button in buttons:
            layout.addWidget(button)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def make_room(self, width: int) -> None:
        """Show as much on the buttons as fits in one line of a width; all of it where they wrap in any case."""
        shown = [button for button in self._buttons if not button.isHidden()]
        ways = [(True, True, True), (False, True, True), (False, False, True), (False, False, False)]
        fitting = [way for way in ways if self._width_with(shown, *way) <= width]
        for button, (icon, key) in zip(shown, self._parts(shown, *(fitting or ways)[0]), strict=True):
            button.show_beside(icon=icon, key=key)

    def _width_with(self, shown: list[Button], icons: bool, enter: bool, letters: bool) -> int:
        parts = self._parts(shown, icons, enter, letters)
        widths = [button.width_with(icon=icon, key=key) for button, (icon, key) in zip(shown, parts, strict=True)]
        return sum(widths) + _GAP * max(0, len(widths) - 1)

    def _parts(self, shown: list[Button], icons: bool, enter: bool, letters: bool) -> list[tuple[bool, bool]]:
        """For each button whether its icon and its key are there. One that cannot be pressed names no key."""
        return [(icons, button.isEnabled() and (enter if button is self._buttons[0] else letters)) for button in shown]
