"""What a door matrix holds: the doors of a house by floor and unit, and the table model of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import code_points
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.rows import ITEM_ROLE, AnyIndex
from gridworker.text import clauses, gettext

DoorState: TypeAlias = Literal["home", "vacant", "unknown", "refused", "shop"]


@dataclass(frozen=True, slots=True)
class Door:
    """One door. Only what may be seen goes in: the page puts surname and ** there in share mode.

    ``fill`` is the token behind it (``r1``-``r3`` by recency, any other token by another colouring); ``overdue`` draws
    the red bar and the warning before ``note``; ``brief`` stands, after a sign, where ``note`` has no room; ``flag`` is
    the black ``!`` of an open issue; ``draft`` the pencil beside the number; ``icons`` are (name, token).
    """

    key: object
    number: str
    name: str = ""
    people: str = ""
    note: str = ""
    brief: str = ""
    fill: str = "r1"
    icons: tuple[tuple[str, str], ...] = ()
    chip: ChipSpec | None = None
    flag: bool = False
    overdue: bool = False
    draft: bool = False
    state: DoorState = "home"
    accessible: str = ""

    def words(self) -> str:
        """What is drawn, as one sentence."""
        chip, draft = self.chip.text if self.chip else "", gettext("Draft") if self.draft else ""
        return clauses(self.number, self.name, self.people, self.note, chip, draft)


@dataclass(frozen=True, slots=True)
class Unit:
    """One staircase: its name, who looks after it, and how many doors it has on a floor."""

    title: str
    aside: str = ""
    columns: int = 2


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop at street level."""

    key: object
    name: str
    vacant: bool = False
    accessible: str = ""

    def words(self) -> str:
        """What a screen reader says."""
        return self.accessible or self.name


@dataclass(frozen=True, slots=True)
class House:
    """A building as seen from the yard. ``floors`` are their names from the top; ``doors`` by (floor, unit, column)."""

    units: tuple[Unit, ...]
    floors: tuple[str, ...]
    doors: Mapping[tuple[int, int, int], Door] = field(default_factory=dict)
    shops: tuple[Shop, ...] = ()
    shops_label: str = ""


class DoorModel(QAbstractTableModel):
    """Floors by columns; between two units stands one column for the stairwell, which cannot be selected."""

    def __init__(self) -> None:
        super().__init__()
        self._house = House((), ())
        self._columns: list[tuple[int, int] | None] = []

    def replace(self, house: House) -> None:
        """Show another house."""
        self.beginResetModel()
        self._house = house
        self._columns = []
        for number, unit in enumerate(house.units):
            self._columns += [None] if number else []
            self._columns += [(number, column) for column in range(unit.columns)]
        self.endResetModel()

    @property
    def house(self) -> House:
        """The house shown."""
        return self._house

    def is_stairwell(self, column: int) -> bool:
        """Whether a column stands between two units."""
        return self._columns[column] is None

    def columns_of(self, unit: int) -> list[int]:
        """The columns of a unit."""
        return [number for number, place in enumerate(self._columns) if place and place[0] == unit]

    def door(self, index: AnyIndex) -> Door | None:
        """The door at an index; None in a stairwell or where the floor has no such door."""
        place = self._columns[index.column()] if index.isValid() else None
        return self._house.doors.get((index.row(), *place)) if place else None

    def find(self, key: object) -> QModelIndex:
        """The index of a door by its key; invalid where there is none."""
        for (floor, *place), door in self._house.doors.items():
            if door.key == key and tuple(place) in self._columns:
                return self.index(floor, self._columns.index((place[0], place[1])))
        return QModelIndex()

    def first(self) -> QModelIndex:
        """The door to start at: top left."""
        for row in range(self.rowCount()):
            for column in range(self.columnCount()):
                if self.door(self.index(row, column)):
                    return self.index(row, column)
        return QModelIndex()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many floors."""
        return 0 if parent.isValid() else len(self._house.floors)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many doors and stairwells side by side."""
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Doors are selectable."""
        if self.door(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for people and screen readers; the door for the delegate."""
        door = self.door(index)
        if door is None:
            return None
        if role == ITEM_ROLE:
            return door
        if role == Qt.ItemDataRole.DisplayRole:
            return door.name or door.number
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return door.accessible or door.words()
        if role == Qt.ItemDataRole.ToolTipRole:
            told = (code_points(door.name, themes.current().metrics()), door.note if door.brief else "")
            return "\n".join(filter(None, told)) or None
        return None
