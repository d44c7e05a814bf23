"""People of a ledger of whom there is no more to say than that they are new, planned many at a time.

The first ledger of a grid is made of little else: a column at a time it takes a third of what one after the other does.
What comes of it is what the planner makes of each.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from gridworker.app.ledger.preview_rows import RowState
from gridworker.app.roster.register import GONE, Home
from gridworker.app.roster.values import columns_of
from gridworker.domain.codes import HEAD

if TYPE_CHECKING:
    from gridworker.app.ledger.preview_rows import PlannedRows
    from gridworker.app.roster.values import Checker
    from gridworker.record import Value
    from gridworker.sheets.people import Household, Resident
    from gridworker.store.tables.creations import NewRecords

TOGETHER = 1000
"""People that are planned together: enough for a column, few enough that memory does not grow with a ledger."""
MEMBER = ("household_id", "resident_id", "lives_here", "relation")
"""What most memberships are made with."""


class Planning(Protocol):
    """What is used here of the planner."""

    def home(self, household: "Household") -> Home:
        """The household behind a door, made where it is not here yet."""

    def label(self, household: "Household | None") -> str:
        """Its door as it is called."""

    def care(self, person: "Resident", id_: int) -> None:
        """Care the tags of somebody speak for."""


class Newcomers:
    """Gathers newcomers and plans them. ``heads`` are those of households, by id, and are added to.

    It holds no planner, which holds it: in a circle of the two what they planned would stay in memory.
    """

    def __init__(
        self,
        new_ids: Iterator[int],
        made: "tuple[NewRecords, PlannedRows]",
        checker: "Checker",
        heads: dict[int, int],
    ) -> None:
        self._new_ids = new_ids
        self._new, self._rows = made
        self._checker, self._heads = checker, heads
        self._waiting: list[Resident] = []

    def add(self, planning: Planning, person: "Resident") -> bool:
        """Plan somebody with the others. False for one who is gone: of them there is more to say."""
        if person.status in GONE:
            return False
        self._waiting.append(person)
        if len(self._waiting) == TOGETHER:
            self.settle(planning)
        return True

    def settle(self, planning: Planning) -> None:
        """Plan those who wait: before anybody else is, for the order of the rows is that of the ledger."""
        people, self._waiting = self._waiting, []
        if not people:
            return
        ids = list(islice(self._new_ids, len(people)))
        labels = self._placed(planning, people, ids)
        self._rows.extend_usual(people, labels, RowState.NEW)
        columns = columns_of(people)
        columns["basis"] = ["official_ledger"] * len(people)
        columns["status"] = [person.status for person in people]
        for places in _by_blanks(columns, len(people)):
            alike = _at(columns, places)
            for one in self._checker.all_columns("resident", alike):
                self._new.extend("resident", [ids[places[at]] for at in one.places], one.columns)

    def _placed(self, planning: Planning, people: "Sequence[Resident]", ids: Sequence[int]) -> list[str]:
        """Have people with these ids join their households, and lead them. Their doors as they are called."""
        heads, labels = self._heads, list[str]()
        members: list[tuple[int, int, str | None]] = []
        last: Household | None = None
        home, label = 0, ""
        for id_, person in zip(ids, people, strict=True):
            household = person.household
            if household is not None:
                if household is not last:
                    last, home, label = household, planning.home(household).id, planning.label(household)
                relation = person.relation_code
                members.append((home, id_, relation))
                if person.name == household.head or (relation == HEAD and not household.head):
                    heads.setdefault(home, id_)
            if person.tags:
                planning.care(person, id_)
            labels.append(label if household is not None else "")
        self._join([member for member in members if member[-1]], *MEMBER)
        self._join([member[:2] for member in members if not member[-1]], *MEMBER[:-1])
        return labels

    def _join(self, members: Sequence[tuple[Any, ...]], *names: str) -> None:
        """Make memberships that name these fields: the household and the resident, and the relation where it is one."""
        if not members:
            return
        homes, residents, *relations = zip(*members, strict=True)
        cells = (homes, residents, (1,) * len(members), *relations)
        records = list(islice(self._new_ids, len(members)))
        self._new.extend("household_member", records, dict(zip(names, cells, strict=True)))


def _by_blanks(columns: "Mapping[str, Sequence[Value]]", count: int) -> list[list[int]]:
    """The places of records by which of their fields are blank."""
    mixed = [column for column in columns.values() if 0 < column.count(None) < count]
    if not mixed:
        return [list(range(count))]
    found = defaultdict[tuple[bool, ...], list[int]](list)
    for at, blank in enumerate(zip(*([value is None for value in column] for column in mixed), strict=True)):
        found[blank].append(at)
    return list(found.values())


def _at(columns: "Mapping[str, Sequence[Value]]", places: Sequence[int]) -> "dict[str, Sequence[Value]]":
    """What some records hold, which name the same fields."""
    named = (name for name, column in columns.items() if column[places[0]] is not None)
    return {name: list(map(columns[name].__getitem__, places)) for name in named}
