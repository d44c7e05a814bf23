"""What data leave the store for: asked at every export, picked from a list, put on record."""

from gridworker.domain.codes_office import EXPORT_PURPOSE
from gridworker.errors import Problem
from gridworker.text import gettext

UNSAID = "unsaid"
"""What a script that says nothing is recorded with."""


def purposes() -> list[tuple[str, str]]:
    """What may be picked: codes and words, the usual ones first."""
    return [(code, EXPORT_PURPOSE.label(code)) for code in EXPORT_PURPOSE.first]


def checked_purpose(purpose: str) -> str:
    """The code of a purpose, given as its code or in words. Raises Problem for none, and for one not on the list."""
    for code in EXPORT_PURPOSE.labels:
        if purpose.strip() in {code, EXPORT_PURPOSE.label(code)}:
            return code
    known = gettext(", ").join(EXPORT_PURPOSE.first)
    raise Problem("Say what the export is for: {purposes}.", purposes=known)
