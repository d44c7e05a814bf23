"""What is in the store after an import, in the neutral form of the roster corpus."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gridworker.app.ledger.cells import SEX
from gridworker.app.roster.register import GONE, named
from gridworker.domain.address import natural_key
from gridworker.domain.codes import HEAD
from gridworker.record import Value
from gridworker.store import records
from gridworker.store.queries import register

if TYPE_CHECKING:
    from gridworker.store.store import Store


@dataclass(slots=True)
class Home:
    """One household: its door, its head, its people with their relation to the head."""

    key: tuple[str, str, str] | None
    head_name: str | None
    people: list[tuple[dict[str, Value], str | None]]
    remark: str | None = None


def outcome(store: "Store", grid: int | None, *, masked: bool) -> dict[str, Any]:
    """Of a grid, and of those without a door, who are of none; ``masked`` without numbers."""
    homes = _homes(store, grid)
    return {
        "households": [
            {"building": home.key[0], "unit": home.key[1], "room": home.key[2], "head": home.head_name}
            for home in homes
            if home.key
        ],
        "residents": [
            _neutral(home, _masked(person) if masked else person, relation)
            for home in homes
            for person, relation in home.people
        ],
        "problems": [],
    }


def _homes(store: "Store", grid: int | None) -> list[Home]:
    with store.db.read() as connection:
        doors = {
            row.id: (named(row.building_name), row.unit or "", named(row.room))
            for row in register.doors(connection, grid)
        }
        listed = register.homes(connection)  # one without a door is of no grid: it is told of with each
        homes = [home for home in listed if grid is None or home.dwelling is None or home.dwelling in doors]
        alone = records.get_many(connection, "resident", register.loose(connection))
        members = register.members(connection)
        wanted = {home.id for home in homes}
        known = records.get_many(connection, "resident", [row.resident for row in members if row.household in wanted])
    people = {id_: values for id_, values in known.items() if values["status"] not in GONE}
    inside: dict[int, list[tuple[dict[str, Value], str | None]]] = {}
    for row in members:
        if row.household in wanted and row.resident in people:
            inside.setdefault(row.household, []).append((people[row.resident], row.relation))
    found = [
        Home(
            doors.get(home.dwelling or 0),
            str(known[home.head]["name"]) if home.head in known else home.head_name,
            inside.get(home.id, []),
            home.remark,
        )
        for home in homes
    ]
    found += [Home(None, None, [(one, None)]) for one in alone.values() if one["status"] not in GONE]
    return sorted(found, key=lambda home: tuple(natural_key(part) for part in home.key or ("", "", "")))


def _masked(person: Mapping[str, Value]) -> dict[str, Value]:
    """Without numbers: in a read-only window no look could be put on record."""
    return {**person, "id_number": None, "phones": None}


def _neutral(home: Home, person: Mapping[str, Value], relation: str | None) -> dict[str, Any]:
    """One resident. The form has no remarks of households: what is remarked of one behind a door is its head's."""
    remark = home.remark if home.key and relation == HEAD else None
    return {
        "name": person["name"],
        "sex": SEX.get(str(person["sex"] or "")),
        "birth_date": person["birth_date"],
        "id_number": person["id_number"],
        "phones": str(person["phones"] or "").split(),
        "relation": _relation(relation),
        "tags": str(person["tags"] or "").split(),
        "household_key": "|".join(home.key) if home.key else None,
        "note": person["note"] or remark,
        "status": "active",
    }


def _relation(code: str | None) -> str | None:
    from gridworker.sheets.relations import word_of

    return word_of(code) if code else None
