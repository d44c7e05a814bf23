"""Ledgers of our own that list no residents: what stands in them of people is about visits, shops and the like."""

from functools import cache
from typing import TYPE_CHECKING

from gridworker.app.ledgers import ledgers
from gridworker.domain.codes_export import LEDGER
from gridworker.errors import RosterProblem
from gridworker.text import in_every_language

if TYPE_CHECKING:
    from gridworker.sheets.mapping import Layout

_PEOPLE = frozenset({"residents", "households"})
_AT_LEAST = 4
"""So many columns tell a ledger of ours from a list that happens to have their words."""


def check_lists_people(layouts: "list[Layout]") -> None:
    """Raise RosterProblem for a ledger as we write it that is not one of people: its heads are not to be taken in."""
    for layout in layouts:
        headers = {column.header.rstrip("✱") for column in layout.columns if column.header}
        name = next((name for name, labels in _others().items() if headers <= labels), None)
        if name is not None and len(headers) >= _AT_LEAST and not any(headers <= labels for labels in _of(_PEOPLE)):
            raise RosterProblem(
                "file_corrupt",
                "This is our own ledger “{ledger}”: it lists no residents, and an import takes in residents only.",
                ledger=LEDGER.label(name),
            )


@cache
def _others() -> dict[str, frozenset[str]]:
    names = [name for name in ledgers() if name not in _PEOPLE]
    return dict(zip(names, _of(names), strict=True))


def _of(names: "frozenset[str] | list[str]") -> list[frozenset[str]]:
    """The headers of ledgers in every language."""
    return [
        frozenset().union(*(in_every_language(column.label.message) for column in ledgers()[name].columns))
        for name in names
    ]
