"""The register in memory while an import compares with it: who is who, and who lives where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from gridworker.app.id_keeping import IdKeeping
from gridworker.app.roster.estates import Estates
from gridworker.domain.address import door_label
from gridworker.domain.identity import upgraded
from gridworker.record import Value
from gridworker.store import records
from gridworker.store.queries import register
from gridworker.store.queries.register import MemberRow
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.store import Store

DoorKey = tuple[str, str, str, str]
"""Building, unit and room without their suffixes, and the estate, empty where none is known."""


GONE = frozenset({"moved_out", "deceased"})
_BRACKETS = (")", "）", "]", "】")
UNKNOWN = "未登记"
"""Stands for a building or a room a ledger does not name: data, so it is not translated."""


def named(text: str | None) -> str:
    """A part of a door as ledgers have it."""
    return "" if text in (None, UNKNOWN) else text


def is_behind(lived: DoorKey | None, key: DoorKey, *, of_estate: bool) -> bool:
    """Whether a door is the one a ledger names; one named without an estate is that of any."""
    return lived is not None and lived[:3] == key[:3] and (not of_estate or lived[3] == key[3])


@dataclass(slots=True)
class Home:
    """A household that is here: its id, door, head, and its members as (membership id, relation) by resident."""

    id: int
    key: DoorKey | None
    head: int | None
    head_name: str | None
    remark: str | None
    phone: str | None = None
    dwelling: int | None = None
    gone: bool = False
    """Whether it has moved out: known for where those who left it lived last."""
    members: dict[int, tuple[int, str | None]] = field(default_factory=dict)


@dataclass
class Register:
    """What is in the store, as an import needs it."""

    grid: int
    buildings: dict[tuple[str, str], int]
    """By number and estate."""
    dwellings: dict[DoorKey, int]
    homes: dict[int, Home]
    by_door: dict[DoorKey, int]
    """The household behind a door; the first where several share it."""
    home_of: dict[int, int]
    """The household a resident lives in."""
    people: Mapping[int, Mapping[str, Value]]
    by_number: dict[str, int]
    """Residents by ID number in its 18-character form, or by its keyed hash."""
    by_name: dict[str, list[int]]
    cares: dict[tuple[int, str], int]
    """The care memberships in force, by resident and care group."""
    estates: Estates
    keeping: IdKeeping = field(default_factory=IdKeeping)
    """How much of an ID number is kept."""
    former: Mapping[int, MemberRow] = field(default_factory=dict)
    """The last membership of those who live in no household now."""
    store: "Store | None" = None
    """Asked for the doors of other grids: they are not held beside those of the ledger's own."""
    vacant: set[int] = field(default_factory=set)
    """Dwellings that nobody lives in, as far as is known."""

    def numbered(self, number: str) -> int | None:
        """Who has an ID number."""
        found = self.by_number.get(upgraded(number))
        return found if found is not None else self.by_number.get(self.keeping.hashed(number))

    def lived(self, resident: int) -> tuple[int, str | None] | None:
        """The household a resident lives in, or lived in last, and what they are to its head there."""
        home = self.home_of.get(resident)
        if home is not None:
            return home, self.homes[home].members[resident][1]
        last = self.former.get(resident)
        return (last.household, last.relation) if last and last.household in self.homes else None

    def head_of(self, home: Home) -> str | None:
        """The name of the head of a household."""
        leads = self.people.get(home.head or 0)
        return str(leads["name"]) if leads else home.head_name

    def door_of(self, resident: int) -> str:
        """That door, as it is called."""
        lived = self.lived(resident)
        return self.label_of(self.homes[lived[0]]) if lived else ""

    def label_of(self, home: Home) -> str:
        """The door of a household as it is called, with its grid where that is another one; empty where it has none."""
        if home.key is not None:
            return door_label(*home.key[:3])
        return gettext(" · ").join(filter(None, self.elsewhere(home)))

    def elsewhere(self, home: Home) -> tuple[str, str]:
        """The grid and the door of a household that is in another grid; empty for any other."""
        if home.key is not None or self.store is None:
            return "", ""
        with self.store.db.read() as connection:
            grid, door = register.door_of(connection, home.id) or ("", None)
        return (grid or "", door_label(named(door[0]), door[1], named(door[2]))) if door else ("", "")

    @staticmethod
    def load(store: "Store", grid: int, today: date) -> "Register":
        """Read it in one view of the store."""
        keeping = IdKeeping.load(store)
        with store.db.read() as connection:
            rows = register.doors(connection, grid)
            keys: dict[int, DoorKey] = {
                row.id: (named(row.building_name), row.unit or "", named(row.room), row.estate or "") for row in rows
            }
            homes = {
                row.id: Home(
                    row.id, keys.get(row.dwelling or 0), row.head, row.head_name, row.remark, row.phone, row.dwelling,
                    bool(row.gone),
                )
                for row in register.homes(connection, gone=True)
            }  # fmt: skip
            for member in register.members(connection):
                if member.household in homes and not homes[member.household].gone:
                    homes[member.household].members[member.resident] = (member.id, member.relation)
            home_of = {resident: home.id for home in homes.values() for resident in home.members}
            gone = register.former(connection)
            people = records.get_many(connection, "resident", [*home_of, *gone, *register.loose(connection)])
            numbered = [*register.id_numbers(connection), *register.id_hashes(connection)]
            missing = {resident for resident, _ in numbered} - people.keys()
            people.update(records.get_many(connection, "resident", missing))
            cares = register.care_groups(connection, people, today)
            found = register.buildings(connection, grid)
            buildings = {(named(name), estate): id_ for (name, estate), id_ in found.items()}
        by_name: dict[str, list[int]] = {}
        for id_, values in people.items():
            name = str(values["name"])
            by_name.setdefault(name, []).append(id_)
            if name.endswith(_BRACKETS) and (alone := _alone(name)) != name:
                by_name.setdefault(alone, []).append(id_)
        by_door: dict[DoorKey, int] = {}
        for home in homes.values():
            if home.key is not None and not home.gone:
                by_door.setdefault(home.key, home.id)
        dwellings = {key: id_ for id_, key in keys.items()}
        estates = Estates([*reversed(buildings), *((key[0], key[3]) for key in dwellings)])
        numbers = {upgraded(number): resident for resident, number in reversed(numbered)}
        return Register(
            grid,
            buildings,
            dwellings,
            homes,
            by_door,
            home_of,
            people,
            numbers,
            by_name,
            cares,
            estates,
            keeping,
            gone,
            store,
            {row.id for row in rows if row.vacant},
        )


def _alone(name: str) -> str:
    """A name that came in with what stood beside it, ``张三（已故）``, as a ledger is read now."""
    from gridworker.sheets.name_remarks import parted

    return parted(name)[0]
