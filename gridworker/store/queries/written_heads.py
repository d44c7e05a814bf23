"""Households whose head is only written down by name, and who is behind the same door."""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Neighbours(NamedTuple):
    """Two households behind one door, be it twice on the books, and what their heads are called."""

    one: int
    head: str
    other: int
    other_head: str


_HEADLESS = (
    "SELECT h.id, h.head_name, o.id, coalesce(p.name, o.head_name) FROM household h "
    "CROSS JOIN dwelling d ON d.id = h.dwelling_id CROSS JOIN dwelling e ON e.building_id = d.building_id "
    "AND (e.id = d.id OR (e.unit_no IS d.unit_no AND e.room_no = d.room_no)) "
    "CROSS JOIN household o ON o.dwelling_id = e.id AND o.id <> h.id "
    "LEFT JOIN resident p ON p.id = o.head_id WHERE h.head_id IS NULL AND h.head_name IS NOT NULL "
    "AND h.status IS NOT 'moved_out' AND o.status IS NOT 'moved_out' AND coalesce(p.name, o.head_name) IS NOT NULL"
)


def behind_one_door(connection: "Connection", households: Collection[int]) -> list[Neighbours]:
    """Of some households those behind whose door is another one, where the head of one of the two is but a name.

    The first of each has only the name. Who moved out is behind no door. Where both heads are people the people are
    compared.
    """
    wanted = frozenset(households)
    if not wanted:
        return []
    found = map(Neighbours._make, connection.exec_driver_sql(_HEADLESS).all())
    return sorted(pair for pair in found if not wanted.isdisjoint((pair.one, pair.other)))
