"""The office: which community it is, what it is called, who sits at the keyboard; and later its recovery sheet."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLineEdit, QWidget

from gridworker.gui import background
from gridworker.gui.frontdoor import NewOffice, PlaceChoice
from gridworker.gui.widgets.layout import add, column, row
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.text import Label, gettext

_LEVELS = (Label("Province"), Label("City"), Label("District"), Label("Subdistrict"), Label("Community"))


class PlacePicker(QWidget):
    """One list for each level, from province to community; a level with one choice takes it by itself."""

    def __init__(self, places: Callable[[str], list[PlaceChoice]], changed: Callable[[], None]) -> None:
        super().__init__()
        self._places, self._changed = places, changed
        self._awaited = False
        labels = (
            gettext("Province"),
            gettext("City"),
            gettext("District"),
            gettext("Subdistrict"),
            gettext("Community"),
        )
        self._boxes = [self._make_box(level, label) for level, label in enumerate(labels)]
        self._choices: list[list[PlaceChoice]] = [[] for _ in labels]
        cells = [
            column(Text(label, "small", "ink-2"), box, gap=4) for label, box in zip(labels, self._boxes, strict=True)
        ]
        self.setLayout(column(_pair(cells[0], cells[1]), _pair(cells[2], cells[3]), cells[4], gap=12))

    def load(self) -> None:
        """Read the topmost level."""
        self._fill(0, "")

    def code(self) -> str:
        """The code of the community chosen, or ''."""
        index = self._boxes[-1].currentIndex()
        return self._choices[-1][index].code if 0 <= index < len(self._choices[-1]) else ""

    def name(self) -> str:
        """The name of the community chosen."""
        return self._boxes[-1].currentText() if self.code() else ""

    def box(self, level: int) -> QComboBox:
        """The list of a level."""
        return self._boxes[level]

    def focus_first(self) -> bool:
        """Go to the first list with a choice to make, as soon as it is read. False where all are made."""
        box = next((one for one in self._boxes if one.currentIndex() < 0), None)
        self._awaited = box is not None and not box.isEnabled()
        if box is not None and box.isEnabled():
            box.setFocus(Qt.FocusReason.OtherFocusReason)
        return box is not None

    def _make_box(self, level: int, label: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(label)
        box.setPlaceholderText(gettext("Choose"))
        box.setEnabled(False)
        box.activated.connect(lambda index, level=level: self._on_chosen(level, index))
        return box

    def _fill(self, level: int, parent: str) -> None:
        background.run(lambda: self._places(parent), done=lambda found: self._show(level, found), owner=self)

    def _show(self, level: int, found: list[PlaceChoice]) -> None:
        self._choices[level] = found
        box = self._boxes[level]
        box.clear()
        box.addItems([place.name for place in found])
        box.setEnabled(bool(found))
        box.setCurrentIndex(0 if len(found) == 1 else -1)
        for lower in range(level + 1, len(self._boxes)):
            self._choices[lower] = []
            self._boxes[lower].clear()
            self._boxes[lower].setEnabled(False)
        if len(found) == 1:
            self._on_chosen(level, 0)
        elif self._awaited:
            self.focus_first()
        self._changed()

    def _on_chosen(self, level: int, index: int) -> None:
        if level + 1 < len(self._boxes):
            self._fill(level + 1, self._choices[level][index].code)
        self._changed()


def _labelled(label: str, field: QWidget) -> QBoxLayout:
    return column(Text(label, "small", "ink-2"), field, gap=4)


def _pair(left: QBoxLayout, right: QBoxLayout) -> QBoxLayout:
    line = row(gap=12)
    line.addLayout(left, 1)
    line.addLayout(right, 1)
    return line


class OfficeStep(Step):
    """The community, the office's name, the clerk."""

    def __init__(self, places: Callable[[str], list[PlaceChoice]]) -> None:
        text = gettext("Real places from the table of divisions. Grids and buildings come next.")
        super().__init__(gettext("Your community"), text)
        self._typed = False
        self._office, self._clerk = _line(gettext("Name of the office")), _line(gettext("Your name"))
        self._picker = PlacePicker(places, self._on_changed)
        names = _pair(
            _labelled(gettext("Name of the office"), self._office), _labelled(gettext("Your name"), self._clerk)
        )
        add(self.body, self._picker, 12, names)
        self._office.textEdited.connect(self._on_office_edited)
        self._clerk.textChanged.connect(self._on_changed)
        self._clerk.returnPressed.connect(self.submit)
        self.set_ready(False)

    def load(self) -> None:
        """Read the places."""
        self._picker.load()

    def lines(self) -> tuple[QLineEdit, QLineEdit]:
        """The office's name and the clerk's."""
        return self._office, self._clerk

    def office(self) -> NewOffice:
        """What was filled in."""
        return NewOffice(self._picker.code(), self._office.text().strip(), self._clerk.text().strip())

    def focus_first(self) -> None:
        """The first list with a choice to make."""
        if not self._picker.focus_first():
            self._clerk.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_office_edited(self) -> None:
        self._typed = True
        self._on_changed()

    def _on_changed(self) -> None:
        if not self._typed and self._picker.name():
            self._office.setText(gettext("{community} office").format(community=self._picker.name()))
        office = self.office()
        self.set_ready(bool(office.community_code and office.office_name and office.clerk))


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setMaxLength(50)
    return line
