"""Who said no to being kept, and which people and households that is about."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.consent_rules import declined_on, person_declined_on
from gridworker.store.log.log import id_list
from gridworker.store.queries.belonging import belongs

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_NAMES = ("id", "resident_id", "household_id", "purpose", "scope", "method", "given_on", "expires_on", "withdrawn_on")


class Declined(NamedTuple):
    """People and households that refused, or withdrew what they had agreed to."""

    residents: Collection[int]
    households: Collection[int]


def declined(connection: "Connection", today: date) -> Declined:
    """All of them. Few say no, so that few households are looked at."""
    said_no = "SELECT {column} FROM consent WHERE withdrawn_on IS NOT NULL AND {column} IS NOT NULL"
    homes = said_no.format(column="household_id")
    people = said_no.format(column="resident_id")
    members = connection.exec_driver_sql(
        f"SELECT m.resident_id, m.household_id FROM household_member m WHERE (m.household_id IN ({homes}) "
        f"OR m.resident_id IN ({people})) AND {belongs()}",
        {"today": today.isoformat()},
    ).all()
    rows = connection.exec_driver_sql(
        f"SELECT {', '.join(_NAMES)} FROM consent WHERE household_id IN ({homes}) OR resident_id IN ({people}) "
        f"OR resident_id IN (SELECT m.resident_id FROM household_member m WHERE m.household_id IN ({homes}))"
    )
    of_home: dict[int, list[dict[str, object]]] = defaultdict(list)
    of_one: dict[int, list[dict[str, object]]] = defaultdict(list)
    for row in rows:
        told = dict(zip(_NAMES, row, strict=True))
        if row[1] is not None:
            of_one[row[1]].append(told)
        else:
            of_home[row[2]].append(told)
    belonging = {resident: [home for one, home in members if one == resident] for resident, _ in members}
    residents = {
        one
        for one in {*belonging, *of_one}
        if person_declined_on(
            [*of_one[one], *(said for home in belonging.get(one, ()) for said in of_home[home])], today
        )
    }
    return Declined(residents, {home for home, said in list(of_home.items()) if declined_on(said, today)})


def ids_of(connection: "Connection", kind: str, field: str, records: Collection[int]) -> list[int]:
    """The records of a kind that name one of some in a field."""
    rows = connection.exec_driver_sql(
        f'SELECT id FROM "{kind}" WHERE "{field}" IN (SELECT value FROM json_each(?)) ORDER BY id', (id_list(records),)
    )
    return [row[0] for row in rows]
