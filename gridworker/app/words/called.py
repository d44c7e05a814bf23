"""What households and computers are called in lists of records.

Hardly any household has a number, and everybody knows door and head.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from gridworker.domain.address import door_label
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.store import Store


def households_called(store: "Store", households: Collection[int], *, heads: bool) -> dict[int, str]:
    """``师院南苑 · 3栋2单元501 · 陈桂芳`` by household, by one query; ``heads``: people's names may be read."""
    from gridworker.store.queries.called import called

    if not households:
        return {}
    with store.db.read() as connection:
        rows = called(connection, households)
    return {
        row.household: gettext(" · ").join(
            filter(
                None,
                (
                    row.estate,
                    door_label(row.building, row.unit, row.room) if row.building else row.room,
                    row.head if heads else None,
                ),
            )
        )
        for row in rows
    }


def computer_called(laptop: int, label: str = "") -> str:
    """A laptop by its number, with what it is called before it where it has a name; 0 is the office."""
    if not laptop:
        return gettext("Office")
    words = gettext("{label} ({number})") if label else gettext("Laptop {number}")
    return words.format(label=label, number=laptop)
