"""Lists of people, doors and issues: section lines and two-line rows with an avatar, chips and a word at the right.

rows = RowList(chip_column=272)
rows.show_rows([Section("逾期", "还有 1 户"), Row(key=7, title="黄志强", aside="41 岁", subtitle="5栋2单元601", ...)])
rows.row_activated.connect(...)     # Enter or a double click: the main action; carries Row.key
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import code_points
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.avatar import AvatarSpec
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.progress import Steps
from gridworker.text import clauses

AnyIndex: TypeAlias = QModelIndex | QPersistentModelIndex

ITEM_ROLE = Qt.ItemDataRole.UserRole
"""The ``Row`` or ``Section`` itself."""


@dataclass(frozen=True, slots=True)
class Section:
    """A line above rows: a bold word, a grey one, and one at the right."""

    title: str
    aside: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. Only masked values go in: what is shown is also copied, dragged and read aloud.

    ``key`` is the page's own (a record id). ``hint`` is the main action and its key, shown at the right of the
    selected row instead of ``right``. ``accessible`` is read aloud; empty reads what is drawn.
    """

    key: object
    title: str
    aside: str = ""
    subtitle: str = ""
    avatar: AvatarSpec | None = None
    chips: tuple[ChipSpec, ...] = ()
    title_chip: ChipSpec | None = None
    steps: Steps | None = None
    right: str = ""
    right_tone: Tone | None = None
    right_chip: ChipSpec | None = None
    hint: tuple[str, str] | None = None
    accessible: str = ""

    def words(self) -> str:
        """What is drawn, as one sentence."""
        chips = [chip.text for chip in (*self.chips, self.title_chip, self.right_chip) if chip]
        steps = [self.steps.label] if self.steps else []
        return clauses(self.title, self.aside, self.subtitle, *chips, *steps, self.right)


Item: TypeAlias = Row | Section


class RowModel(QAbstractListModel):
    """Sections and rows; a section cannot be selected."""

    def __init__(self, items: Sequence[Item] = ()) -> None:
        super().__init__()
        self._items = list(items)
        self.filled = 0
        """How often it was given other rows."""

    def replace(self, items: Sequence[Item]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._items = list(items)
        self.filled += 1
        self.endResetModel()

    def rows(self) -> list[Row]:
        """The rows, without sections."""
        return [item for item in self._items if isinstance(item, Row)]

    def item(self, index: AnyIndex) -> Item:
        """What stands at an index."""
        return self._items[index.row()]

    def find(self, key: object) -> QModelIndex:
        """The index of a row by its key; invalid where it is not there."""
        for number, item in enumerate(self._items):
            if isinstance(item, Row) and item.key == key:
                return self.index(number)
        return QModelIndex()

    def first(self) -> QModelIndex:
        """The index of the first row."""
        return next((self.index(n) for n, item in enumerate(self._items) if isinstance(item, Row)), QModelIndex())

    def is_last(self, index: AnyIndex) -> bool:
        """Whether a row ends its section."""
        after = index.row() + 1
        return after >= len(self._items) or isinstance(self._items[after], Section)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many lines there are."""
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Rows are selectable, sections are not."""
        if index.isValid() and isinstance(self._items[index.row()], Row):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for people and screen readers; the item for the delegate."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return (item.accessible or item.words()) if isinstance(item, Row) else f"{item.title} {item.aside}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return code_points(item.title, themes.current().metrics()) or None
        return None
