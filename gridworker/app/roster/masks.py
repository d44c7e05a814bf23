"""A ledger of our own read again: numbers that it covers are those in the books, not wrong ones."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gridworker.app.id_keeping import number_shown
from gridworker.app.roster.match import key_of
from gridworker.app.roster.register import Register, is_behind
from gridworker.domain.masking import mask_phones

if TYPE_CHECKING:
    from gridworker.sheets.findings import Finding
    from gridworker.sheets.people import Resident, Roster

_COVERED = frozenset({"id_format", "id_length"})


def uncover(register: Register, roster: "Roster") -> None:
    """Take back in who was refused for a number that is covered, where the books have it so for who lives there."""
    covered = {
        (one.sheet, one.row, one.member): one for one in roster.findings if register.people and one.kind in _COVERED
    }
    known = [
        person
        for person in roster.rejected
        if (found := covered.get((person.sheet, person.row, person.member))) and _is_known(register, person, found)
    ]
    if not known:
        return
    places = {(person.sheet, person.row, person.member) for person in known}
    roster.rejected[:] = [one for one in roster.rejected if (one.sheet, one.row, one.member) not in places]
    roster.findings[:] = [
        one for one in roster.findings if one.kind not in _COVERED or (one.sheet, one.row, one.member) not in places
    ]
    roster.residents.extend(known)


def _is_known(register: Register, person: "Resident", found: "Finding") -> bool:
    key = key_of(person.household, register.estates) if person.household else None
    for id_ in register.by_name.get(person.name, ()) if key else ():
        values, lived = register.people[id_], register.lived(id_)
        shown = {number_shown(values), str(values.get("id_last4") or "")} - {""}
        if lived and key and is_behind(register.homes[lived[0]].key, key, of_estate=False) and found.shown in shown:
            return True
    return False


def without_covered(register: Register, known: int | None, findings: "Sequence[Finding]") -> "Sequence[Finding]":
    """What is to be said of a row, but for a phone that is covered and that the books have for who is meant."""
    if known is None or all(one.kind != "phone_invalid" for one in findings):
        return findings
    home = register.homes.get(register.home_of.get(known, 0))
    phones = (str(register.people[known]["phones"] or ""), home.phone or "" if home else "")
    shown = {mask_phones(text) for text in phones if text}
    return [one for one in findings if one.kind != "phone_invalid" or one.shown not in shown]
