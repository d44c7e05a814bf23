"""What data leave the store for: asked at every export, picked from a list, put on record."""

from gridworker.domain.codes_office import EXPORT_PURPOSE
from gridworker.errors import Problem
from gridworker.text import gettext, in_every_language

UNSAID = "unsaid"
"""What a script that says nothing is recorded with."""


def purposes() -> list[tuple[str, str]]:
    """What may be picked: codes and words, the usual ones first."""
    return [(code, EXPORT_PURPOSE.label(code)) for code in EXPORT_PURPOSE.first]


def checked_purpose(purpose: str) -> str:
    """The code of a purpose, given as its code or in words of either language. Raises Problem for all else."""
    given = purpose.strip()
    for code, label in EXPORT_PURPOSE.labels.items():
        if given == code or given in in_every_language(label.message):
            return code
    known = gettext(", ").join(f"{code} ({words})" for code, words in purposes())
    raise Problem("Say what the export is for: {purposes}.", purposes=known)
