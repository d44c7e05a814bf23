"""What a timeline holds: moments with a title, a body, an old and a new value, chips."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.rows import ITEM_ROLE, AnyIndex
from gridworker.text import clauses


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment. ``change`` is an old value, struck through, and a new one; ``heading`` starts a part (a year)."""

    key: object
    icon: str
    title: str
    tone: Tone = "neu"
    right: str = ""
    body: str = ""
    change: tuple[str, str] | None = None
    chips: tuple[ChipSpec, ...] = ()
    heading: str = ""

    def words(self) -> str:
        """What is drawn, as one sentence."""
        change = " → ".join(self.change) if self.change else ""
        chips = [chip.text for chip in self.chips]
        return clauses(self.title, self.right, self.body, change, *chips)


class MomentModel(QAbstractListModel):
    """The moments, newest first as the page gives them."""

    def __init__(self) -> None:
        super().__init__()
        self._moments: list[Moment] = []

    def replace(self, moments: Sequence[Moment]) -> None:
        """Show others."""
        self.beginResetModel()
        self._moments = list(moments)
        self.endResetModel()

    def moment(self, index: AnyIndex) -> Moment:
        """The moment at an index."""
        return self._moments[index.row()]

    def is_last(self, index: AnyIndex) -> bool:
        """Whether nothing follows, or a new heading does."""
        return index.row() + 1 >= len(self._moments)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many there are."""
        return 0 if parent.isValid() else len(self._moments)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for people and screen readers; the moment for the delegate."""
        if not index.isValid():
            return None
        moment = self._moments[index.row()]
        if role == ITEM_ROLE:
            return moment
        if role == Qt.ItemDataRole.DisplayRole:
            return moment.title
        return moment.words() if role == Qt.ItemDataRole.AccessibleTextRole else None
