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
_CHILD = frozenset().union(*OPENS.values())


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


def withheld_fields(
    today: date,
    consents: Iterable[Mapping[str, object]],
    *,
    birth_date: str | None = None,
    birth_year: int | None = None,
) -> frozenset[str]:
    """The fields of ``resident`` that are not offered on entry by hand; a household's phone goes with ``phones``."""
    child = is_child(today, birth_date, birth_year)
    closed = _CHILD if child else _ADULT
    for consent in consents:
        if in_force(consent, today) and (not child or consent.get("method") == "guardian"):
            for scope in str(consent.get("scope") or "").split():
                closed -= OPENS.get(scope, frozenset())
    return closed
