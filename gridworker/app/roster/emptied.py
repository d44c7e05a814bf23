"""Households that an import leaves nobody in: as the acts of the window have it (domain/household_life.py).

Such a household has moved out, and its door is vacant unless others live behind it. Where all who left belong to one
household now, what they asked for and the care of their old one go along; else both are over.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from gridworker.app.roster.heads import Heads
from gridworker.app.roster.register import Register
from gridworker.domain.household_life import Deed, House, emptied
from gridworker.store.queries import life
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.preview_rows import PlannedRows


class Emptied:
    """Closes them once all rows are compared."""

    def __init__(self, register: Register, today: date) -> None:
        self._register, self._day = register, today.isoformat()
        self.count = 0

    def settle(self, heads: Heads, rows: "PlannedRows | None") -> Iterator[Change]:
        """What is to be written; it is said beside the row of who left last, but where the whole ledger is in doubt."""
        behind = Counter(home.dwelling for home in self._register.homes.values() if not home.gone)
        for home, row in sorted(heads.emptied().items()):
            dwelling = self._register.homes[home].dwelling
            alone = dwelling is not None and behind[dwelling] == 1
            behind[dwelling] -= 1
            self.count += 1
            if rows is not None:
                rows.doubt(row, _said(vacant=alone))
            for deed in self._deeds(House(home, (), None, dwelling, alone), heads.went_to(home)):
                yield Change(deed.kind, deed.record, kind_named(deed.kind).checked(deed.values, partial=True))

    def _deeds(self, house: House, along: int | None) -> Iterator[Deed]:
        cares, needs = self._left_over(house.id)
        if along is None:
            yield from emptied(House(house.id, (), None, house.dwelling, house.alone, cares, needs), self._day)
            return
        yield from emptied(house, self._day)
        for kind, record in (*(("care_membership", care) for care, _ in cares), *(("need", need) for need in needs)):
            yield Deed(kind, record, {"household_id": along})

    def _left_over(self, home: int) -> tuple[tuple[tuple[int, str], ...], tuple[int, ...]]:
        """Care of the household as a whole, each with its first day, and what it asks for still."""
        if self._register.store is None:
            return (), ()
        with self._register.store.db.read() as connection:
            cares, needs = life.of_household(connection, home, self._day)
        return tuple(cares), tuple(needs)


def _said(*, vacant: bool) -> str:
    if vacant:
        return gettext("Nobody is left in their household: it has moved out, and its door is vacant. Is that right?")
    return gettext("Nobody is left in their household: it has moved out. Is that right?")
