"""The rows of a roster's preview as a person sees them: filters with counts, cells, and what is said about a row."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from gridworker.gui.look.theme import Tone
from gridworker.gui.pages.roster.words import Heads, heads
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.tablecolumn import Column
from gridworker.gui.widgets.tablemodel import TableRow
from gridworker.gui.widgets.tabs import Tab
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.preview_rows import FieldChange, RowPlan

EVERY = "every"
SUSPECT = "suspect"


class _Look(NamedTuple):
    label: Label
    tone: Tone
    icon: str


_LOOKS: Mapping[str, _Look] = MappingProxyType(
    {
        EVERY: _Look(Label("All rows"), "accent", "list-bullets"),
        "new": _Look(Label("New"), "ok", "plus-circle"),
        "changed": _Look(Label("Changed"), "info", "pencil-simple"),
        "same": _Look(Label("Same"), "neu", "equals"),
        "rejected": _Look(Label("Not taken in"), "due", "warning"),
        SUSPECT: _Look(Label("To check"), "care", "note"),
    }
)


_FITS: Mapping[str, "Callable[[RowPlan], bool]"] = MappingProxyType(
    {EVERY: lambda _row: True, SUSPECT: lambda row: row.suspect}
)


def chip_of(state: str) -> ChipSpec:
    """The chip of a row's state."""
    look = _LOOKS[state]
    return ChipSpec(str(look.label), look.tone, look.icon)


def tone_of(state: str) -> Tone:
    """The colour of a row's state."""
    return _LOOKS[state].tone


def change_words(change: "FieldChange") -> str:
    """One value that would change, in a line."""
    return gettext("{label}: {before} → {after}").format(
        label=change.label, before=change.before or gettext("(empty)"), after=change.after
    )


class Rows:
    """The rows of a preview and those of them a filter shows. Keys are their places in the file."""

    def __init__(self, rows: "Sequence[RowPlan]", named: Heads | None = None) -> None:
        self._rows = rows
        self._heads = named or heads(None)
        self._shown: list[int] = []
        self.several_sheets = len({row.sheet for row in rows}) > 1
        self.filter(EVERY)

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, key: object) -> "RowPlan | None":
        """The row of a key."""
        return self._rows[key] if isinstance(key, int) and key < len(self._rows) else None

    def key_of(self, sheet: str | None, row: int) -> int | None:
        """The key of a row by its place in the ledger."""
        return next((key for key, one in enumerate(self._rows) if (one.sheet, one.row) == (sheet, row)), None)

    def tabs(self) -> list[Tab]:
        """The filters with their counts."""
        return [
            Tab(value, str(look.label), len(self._fitting(value)), look.tone, look.icon)
            for value, look in _LOOKS.items()
        ]

    def filter(self, value: str) -> int:
        """Show only the rows of a filter. Returns how many there are."""
        self._shown = self._fitting(value)
        return len(self._shown)

    def columns(self) -> list[Column]:
        """The columns of the table; the sheet only where there are several."""
        sheet = [Column(gettext("Sheet"), 120)] if self.several_sheets else []
        return [
            Column(gettext("Row"), 60),
            *sheet,
            Column(gettext("What happens"), 122),
            Column(self._heads.called, self._heads.width, bold=True),
            Column(self._heads.place, 128),
            Column(gettext("What to know")),
        ]

    def fetch(self, after: object, limit: int) -> list[TableRow]:
        """So many rows after a key, of those shown."""
        start = bisect_right(self._shown, after) if isinstance(after, int) else 0
        return [self._cells(key) for key in self._shown[start : start + limit]]

    def _fitting(self, value: str) -> list[int]:
        fits = _FITS.get(value) or (lambda row: row.state.value == value)
        return [key for key, row in enumerate(self._rows) if fits(row)]

    def _cells(self, key: int) -> TableRow:
        row = self._rows[key]
        sheet = (row.sheet or "",) if self.several_sheets else ()
        return TableRow(key, (str(row.row), *sheet, chip_of(row.state.value), row.name, row.door, _why(row)))


def _why(row: "RowPlan") -> str:
    """The first thing to know; how many more there are. All of it stands beside the list."""
    said = [*row.reasons, *map(change_words, row.changes)]
    if len(said) < 2:
        return "".join(said)
    return gettext("{first} +{count}").format(first=said[0], count=len(said) - 1)
