"""Which fields of a resident a form may offer (domain.md, decision 4; PIPL 28, 29, 31).

ID number and phone only with consent; of a child under 14 nothing beyond name, relation and year of birth without the
guardian's. This governs entry by hand, display and export; what an official ledger brings is kept, masked.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from gridworker.text import Label

CHILD_UNDER = 14

COVERED = Label("(under 14)")
"""What stands in place of a child's name in a ledger that leaves the house (domain.md 7.2)."""

OPENS = MappingProxyType({
    "phone": frozenset({"phones"}),
    "id_number": frozenset({"id_number", "id_last4", "id_hash"}),
    "birth_date": frozenset({"birth_date", "sex"}),
    "care": frozenset({"tags", "note"}),
    "basic": frozenset({"resident_kind", "registered_elsewhere"}),
})  # fmt: skip
"""The fields each scope of a consent opens."""

_ADULT = OPENS["phone"] | OPENS["id_number"]
_ALL = frozenset().union(*OPENS.values())


def is_child(today: date, birth_date: str | None, birth_year: int | None = None) -> bool:
    """Whether a person may be under 14. From the year alone the doubt is the child's; unknown is no child."""
    if birth_date:
        born = date.fromisoformat(birth_date)
        return (today.year - born.year - ((today.month, today.day) < (born.month, born.day))) < CHILD_UNDER
    return birth_year is not None and today.year - birth_year <= CHILD_UNDER


def in_force(consent: Mapping[str, object], today: date) -> bool:
    """Whether a consent counts on a day: given, not over, not withdrawn."""
    day = today.isoformat()
    given, expires, withdrawn = (consent.get(name) for name in ("given_on", "expires_on", "withdrawn_on"))
    return (
        given is not None
        and str(given) <= day
        and (expires is None or str(expires) >= day)
        and (withdrawn is None or str(withdrawn) > day)
    )


def is_refusal(consent: Mapping[str, object]) -> bool:
    """Whether it was a no from the start: it ends on the very day, and was never to last until one.

    What is agreed to and taken back on one day lasts until that day, so that it is no word on anything else.
    """
    ended = consent.get("withdrawn_on")
    return ended is not None and ended == consent.get("given_on") and consent.get("expires_on") is None


def standing(consents: Iterable[Mapping[str, object]], today: date) -> list[Mapping[str, object]]:
    """Those of one owner that count: in force, and no refusal came after them, from whatever device it came."""
    known, day = list(consents), today.isoformat()
    refused = max(
        (str(one["given_on"]) for one in known if is_refusal(one) and str(one["given_on"]) <= day), default=""
    )
    return [one for one in known if in_force(one, today) and str(one["given_on"]) >= refused]


def declined_on(consents: Iterable[Mapping[str, object]], today: date) -> str | None:
    """Since when they say no, refused or withdrawn; None while anything is agreed, or where nobody asked.

    A refusal is a consent withdrawn on the very day it was asked for, so that it counts nowhere and on no version.
    """
    known = list(consents)
    if standing(known, today):
        return None
    ended = (str(one["withdrawn_on"]) for one in known if one.get("withdrawn_on"))
    return max((day for day in ended if day <= today.isoformat()), default=None)


def person_declined_on(consents: Iterable[Mapping[str, object]], today: date) -> str | None:
    """The same of one person, of their own consents and those for all of the household: their own word comes first."""
    known = list(consents)
    own = [one for one in known if one.get("resident_id")]
    if standing(own, today):
        return None
    return declined_on(own, today) or declined_on([one for one in known if not one.get("resident_id")], today)


def opening(consents: Iterable[Mapping[str, object]], today: date) -> list[Mapping[str, object]]:
    """What opens something of one person, of their own consents and those for all of the household; nothing at a no."""
    known = list(consents)
    own, house = ([one for one in known if bool(one.get("resident_id")) is of_one] for of_one in (True, False))
    return [] if person_declined_on(known, today) else [*standing(own, today), *standing(house, today)]


def withheld_fields(
    today: date,
    consents: Iterable[Mapping[str, object]],
    *,
    birth_date: str | None = None,
    birth_year: int | None = None,
) -> frozenset[str]:
    """The fields of ``resident`` that are not offered on entry by hand; a household's phone goes with ``phones``.

    Of a child without the guardian's consent, and of who refused or withdrew theirs, all of them.
    """
    child, known = is_child(today, birth_date, birth_year), list(consents)
    if person_declined_on(known, today):
        return _ALL
    closed = _ALL if child else _ADULT
    for consent in opening(known, today):
        if not child or consent.get("method") == "guardian":
            for scope in str(consent.get("scope") or "").split():
                closed -= OPENS.get(scope, frozenset())
    return closed
