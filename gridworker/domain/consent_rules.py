"""Which fields of a resident a form may offer (domain.md, decision 4; PIPL 28, 29, 31).

ID number and phone only with consent; of a child under 14 nothing beyond name, relation and year of birth without the
guardian's. This governs entry by hand, display and export; what an official ledger brings is kept, masked.

A no reaches as far as what was asked: its purposes and what it covers. A no to a file of the very basics is one to
everything, for without them nobody can be kept at all; any other closes what it covers, and all else stays (PIPL 14,
15, 29).
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
_SCOPES = frozenset({*OPENS, "photos"})
_FILE = frozenset({"file"})
_KEPT_FOR = frozenset({"file", "visits", "care"})
"""Purposes for which something is kept; the others use for one matter what is kept anyway."""


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


def is_whole(consent: Mapping[str, object]) -> bool:
    """Whether it is about being kept at all: a no to this is a no to everything. Where it does not say, it is."""
    return "file" in _said(consent, "purpose", _FILE) and "basic" in _said(consent, "scope", _SCOPES)


def ended(yes: Mapping[str, object], no: Mapping[str, object]) -> frozenset[str]:
    """What a no ends of what a yes covers, whichever came first."""
    covered = _said(yes, "scope", _SCOPES)
    if is_whole(no):
        return covered
    agreed, refused = _said(yes, "purpose", _FILE), _said(no, "purpose", _FILE)
    if "file" in refused:
        refused |= _KEPT_FOR  # what is in no file is there for nothing else
    meant = (agreed & _KEPT_FOR or agreed) <= refused
    return covered & _said(no, "scope", _SCOPES) if meant else frozenset()


def left(yes: Mapping[str, object], noes: Iterable[Mapping[str, object]]) -> Mapping[str, object] | None:
    """A yes with what it still covers after some noes; None where that is nothing."""
    gone = frozenset().union(*(ended(yes, no) for no in noes))
    covers = _said(yes, "scope", _SCOPES) - gone
    if not covers:
        return None
    return {**yes, "scope": " ".join(sorted(covers))} if gone else yes


def standing(consents: Iterable[Mapping[str, object]], today: date) -> list[Mapping[str, object]]:
    """Those of one owner that count: in force, with what no refusal ended that came after, from whatever device."""
    known = list(consents)
    noes = _refusals(known, today)
    found = (
        left(one, [no for no in noes if str(no["given_on"]) > str(one["given_on"])])
        for one in known
        if in_force(one, today)
    )
    return [one for one in found if one is not None]


def declined_on(consents: Iterable[Mapping[str, object]], today: date) -> str | None:
    """Since when they say no to everything, refused or withdrawn; None while anything is agreed, or nobody asked.

    A refusal is a consent withdrawn on the very day it was asked for, so that it counts nowhere and on no version.
    """
    known = list(consents)
    if standing(known, today):
        return None
    days = (str(one["withdrawn_on"]) for one in known if one.get("withdrawn_on") and is_whole(one))
    return max((day for day in days if day <= today.isoformat()), default=None)


def person_declined_on(consents: Iterable[Mapping[str, object]], today: date) -> str | None:
    """The same of one person, of their own consents and those for all of the household: their own word comes first."""
    known = list(consents)
    own = [one for one in known if one.get("resident_id")]
    if standing(own, today):
        return None
    return declined_on(own, today) or declined_on([one for one in known if not one.get("resident_id")], today)


def opening(consents: Iterable[Mapping[str, object]], today: date) -> list[Mapping[str, object]]:
    """What opens something of one person, of their own consents and those for all of the household; nothing at a no.

    What they refused themselves, the household's yes does not open.
    """
    known = list(consents)
    own, house = ([one for one in known if bool(one.get("resident_id")) is of_one] for of_one in (True, False))
    if person_declined_on(known, today):
        return []
    shared = (left(one, _refusals(own, today)) for one in standing(house, today))
    return [*standing(own, today), *(one for one in shared if one is not None)]


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
    closed = (_ALL if child else _ADULT) | _closed_by_noes(known, today)
    for consent in opening(known, today):
        if not child or consent.get("method") == "guardian":
            closed -= _fields(consent)
    return closed


def refused_fields(today: date, consents: Iterable[Mapping[str, object]]) -> frozenset[str]:
    """The fields of one person that a no closed and nothing opened since: what is known there is to go."""
    known = list(consents)
    closed = _closed_by_noes(known, today)
    return closed.difference(*map(_fields, opening(known, today)))


def _closed_by_noes(consents: Iterable[Mapping[str, object]], today: date) -> frozenset[str]:
    """The fields of what was refused or taken back; a no to one matter or to handing on closes nothing of a file.

    What is agreed to and taken back on one day is no word on anything; the basics go with a no to everything alone.
    """
    day = today.isoformat()
    ends = ((one, str(one["withdrawn_on"])) for one in consents if one.get("withdrawn_on"))
    noes = (one for one, end in ends if end <= day and (end > str(one["given_on"]) or is_refusal(one)))
    found = frozenset().union(*(_fields(no) for no in noes if _said(no, "purpose", _FILE) & _KEPT_FOR))
    return found - OPENS["basic"]


def _fields(consent: Mapping[str, object]) -> frozenset[str]:
    return frozenset().union(*(OPENS.get(scope, frozenset()) for scope in _said(consent, "scope", _SCOPES)))


def _refusals(consents: Iterable[Mapping[str, object]], today: date) -> list[Mapping[str, object]]:
    return [one for one in consents if is_refusal(one) and str(one["given_on"]) <= today.isoformat()]


def _said(consent: Mapping[str, object], name: str, unsaid: frozenset[str]) -> frozenset[str]:
    """The codes of a field; ``unsaid`` where it says none, as an older version may have left it."""
    return frozenset(str(consent.get(name) or "").split()) or unsaid
