"""The shops of a building: those behind one of its doors, and those of which only the building is known."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class ShopRow(NamedTuple):
    """One shop; ``closed_on`` is set where it is no longer there."""

    id: int
    name: str
    kind: str | None
    trade: str | None
    contact: str | None
    phone: str | None
    development: str | None
    verified_on: str | None
    closed_on: str | None
    dwelling: int | None
    unit: str | None
    room: str | None


def shops(connection: "Connection", building: int) -> list[ShopRow]:
    """All shops of a building, closed ones too, in no order."""
    rows = connection.exec_driver_sql(
        "SELECT s.id, coalesce(s.name, ''), s.shop_kind, s.trade, s.contact_name, s.phone, s.development, "
        "s.verified_on, s.closed_on, s.dwelling_id, d.unit_no, d.room_no FROM merchant s "
        "LEFT JOIN dwelling d ON d.id = s.dwelling_id WHERE coalesce(d.building_id, s.building_id) = ?",
        (building,),
    )
    return [ShopRow(*row) for row in rows]
