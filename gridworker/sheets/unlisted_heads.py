"""Heads whom a ledger names beside others and who have no row of their own: heads, but nobody who comes in.

That is the rule of the contract; who saves the import is told, for a head with no row may have been forgotten.
"""

from collections.abc import Iterator

from gridworker.sheets.findings import Finding
from gridworker.sheets.people import Resident, Roster
from gridworker.sheets.words import Field


def unlisted_heads(roster: Roster) -> Iterator[Finding]:
    """What is to be said at the first row of each such household."""
    if not any(Field.HEAD in layout.fields for layout in roster.layouts):
        return
    first: dict[int, Resident] = {}
    listed: set[int] = set()
    for person in (*roster.residents, *roster.rejected):
        home = person.household
        if home is not None and home.head:
            first.setdefault(id(home), person)
            if person.name == home.head:
                listed.add(id(home))
    for home_id, person in first.items():
        if home_id not in listed:
            yield Finding("head_unlisted", person.sheet, person.row, member=person.member)
