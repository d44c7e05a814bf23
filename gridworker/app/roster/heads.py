"""Who leads a household whose head an import takes out of it: as the act of the window has it, as far as that is known.

Where one is left, they lead it (domain/household_life.py); of several nobody is guessed. Both are said beside the row
of who went, for a person to look at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gridworker.app.roster.register import GONE, Home, Register
from gridworker.domain.codes import HEAD
from gridworker.store.tables.changes import Change
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.preview_rows import PlannedRows
    from gridworker.sheets.people import Household, Resident


class Heads:
    """Keeps account of who leaves and who comes while rows are compared."""

    def __init__(self, register: Register, people: "Iterable[Resident]") -> None:
        self._register = register
        self._over = {id(one.household) for one in people if one.status in GONE and _leads(one)}
        """Households of the ledger whose head it says is gone."""
        self._bereft: dict[int, int] = {}
        """Households without a head by now, and the place of the row of who led them."""
        self._left: dict[int, set[int]] = defaultdict(set)
        self._came: dict[int, set[int]] = defaultdict(set)
        self._last: dict[int, int] = {}
        """The place of the row of who left a household last."""
        self._now: dict[int, int] = {}
        """The household that people who move belong to now."""

    @property
    def are_all_there(self) -> bool:
        """Whether the ledger says of no head that they are gone."""
        return not self._over

    def left(self, home: Home, resident: int, row: int) -> None:
        """Somebody who is here leaves a household; ``row`` is the place of the row that says so."""
        self._left[home.id].add(resident)
        self._last[home.id] = row
        if home.head == resident:
            self._bereft[home.id] = row

    def came(self, home: Home, person: "Resident", resident: int, row: int) -> None:
        """Somebody comes into a household, or is said to have gone from one that is new."""
        over = id(person.household) in self._over
        if person.status not in GONE:
            self._now[resident] = home.id
            if over or home.members:
                self._came[home.id].add(resident)
        elif over and not home.members and _leads(person):
            self._bereft[home.id] = row

    def emptied(self) -> dict[int, int]:
        """Households that nobody is left of, and the place of the row of who left last."""
        return {home: row for home, row in self._last.items() if not self._stay(home)}

    def went_to(self, home: int) -> int | None:
        """The one household that all who left another belong to now; None where they parted, or one has gone."""
        there = {self._now.get(resident) for resident in self._left[home]}
        return there.pop() if len(there) == 1 else None

    def _stay(self, home: int) -> set[int]:
        """Who belongs to a household in the end, and lives."""
        people, members = self._register.people, self._register.homes[home].members
        staying = members.keys() - self._left[home]
        return {one for one in staying if one not in people or people[one]["status"] not in GONE} | self._came[home]

    def names_the_gone(self, household: "Household", home: Home) -> bool:
        """Whether the head a ledger names for a household is one who left it, by the ledger or by the register."""
        if id(household) in self._over:
            return True
        former = (id_ for id_, last in self._register.former.items() if last.household == home.id)
        names = {self._register.people[id_]["name"] for id_ in former if id_ in self._register.people}
        return household.head in names

    def follows(self, household: "Household", home: Home, resident: int, relation: str | None) -> bool:
        """Whether somebody leads a household since the head whom a ledger goes on naming is gone.

        What they are to that one is no news then.
        """
        return relation == HEAD and home.head == resident and self.names_the_gone(household, home)

    def settle(self, heads: dict[int, int], rows: "PlannedRows") -> Iterator[Change]:
        """The changes for households that lost their head and for which the ledger names no other.

        ``heads`` are those it names, by household; those of new households found here are put there.
        """
        for home in sorted(self._bereft.keys() - heads.keys() - self.emptied().keys()):
            there = self._register.homes[home]
            stay = (there.members.keys() - self._left[home]) | self._came[home]
            head = next(iter(stay)) if len(stay) == 1 else None
            if stay:
                rows.doubt(self._bereft[home], _said(alone=head is not None))
            if there.members:
                yield Change("household", home, {"head_id": head})
                if head in there.members:
                    yield Change("household_member", there.members[head][0], {"relation": HEAD})
            elif head is not None:
                heads[home] = head


def _said(*, alone: bool) -> str:
    if alone:
        return gettext("They led this household; the one who stays leads it now. Is that right?")
    return gettext("They led this household, and it has no head now. Say who leads it.")


def _leads(person: "Resident") -> bool:
    return person.household is not None and person.household.head == person.name
