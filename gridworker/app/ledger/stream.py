"""Ledgers that are read as they are written: of a million people or visits a few thousand are in memory at a time."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from gridworker.app.ledger.rows import Asked, check_period, is_between, ledger_rows
from gridworker.app.long_sort import in_parts
from gridworker.domain.address import natural_key
from gridworker.store.queries import ledgers as rows
from gridworker.store.queries.consents import declined

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection, Database
    from gridworker.store.queries.ledgers import Row

STREAMED = frozenset({"residents", "households"})
"""Ledgers that have a row for each person or household."""

AT_A_TIME = 1000
"""Households, or entries, that are read at once."""

Report: TypeAlias = Callable[[object], object]
"""Is told how many rows are there while more are to come; raises to break off."""


class LedgerStream:
    """One ledger; its order and its size are asked for first, so that an export can be judged before it is written."""

    def __init__(self, connection: "Connection", ledger: str, asked: Asked) -> None:
        check_period(ledger, asked)
        no = declined(connection, asked.wanted.today)
        self._ledger, self._asked = ledger, replace(asked, no=no)
        self._homes = _in_order(connection, asked)
        self.size = (
            len(self._homes) if ledger == "households" else rows.residents_count(connection, asked.wanted, no.residents)
        )

    def rows(self, database: "Database", report: Report | None = None) -> "Iterator[Row]":
        """The rows, in order, in one view of the store."""
        given = 0
        with database.read() as connection:
            for homes in in_parts(self._homes, AT_A_TIME):
                if given and report is not None:
                    report(given)
                asked = replace(self._asked, wanted=replace(self._asked.wanted, households=tuple(homes)))
                found = ledger_rows(connection, self._ledger, asked)
                yield from found
                given += len(found)


class EntryStream:
    """One ledger with an entry for each record, in the order of their times; see ``LedgerStream``."""

    def __init__(self, connection: "Connection", ledger: str, asked: Asked) -> None:
        self._ledger, self._asked = ledger, replace(asked, no=declined(connection, asked.wanted.today))
        every = asked.since is None and asked.until is None
        found = [
            (at is not None, str(at), entry)
            for entry, at in rows.entries_by_time(connection, ledger, asked.wanted)
            if every or is_between(at, asked)
        ]
        found.sort()
        self.ids = array("q", (entry for *_, entry in found))
        self.size = len(self.ids)

    def rows(self, database: "Database", report: Report | None = None) -> "Iterator[Row]":
        """The rows, in order, in one view of the store."""
        given = 0
        with database.read() as connection:
            for lot in in_parts(self.ids, AT_A_TIME):
                if given and report is not None:
                    report(given)
                asked = replace(self._asked, wanted=replace(self._asked.wanted, entries=tuple(lot)))
                found = {row["id"]: row for row in ledger_rows(connection, self._ledger, asked)}
                yield from (found[entry] for entry in lot)
                given += len(lot)


def _in_order(connection: "Connection", asked: Asked) -> "array[int]":
    """The households by door. What a text is in their order is worked out once, however many share it."""
    keys: dict[str | None, tuple[tuple[int, int, str], ...]] = {}

    def key(text: str | None) -> tuple[tuple[int, int, str], ...]:
        known = keys.get(text)
        if known is None:
            known = keys[text] = natural_key(text)
        return known

    found = [(tuple(map(key, place)), home) for home, place in rows.homes_by_place(connection, asked.wanted)]
    found.sort()
    return array("q", (home for _, home in found))
