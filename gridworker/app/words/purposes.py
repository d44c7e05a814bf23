"""Reasons that are put on record, picked from a list: what data leave the store for, why somebody is not forgotten."""

from gridworker.domain.codes_office import EXPORT_PURPOSE, KEEP_REASON
from gridworker.errors import Problem
from gridworker.record import CodeList
from gridworker.text import gettext, in_every_language

UNSAID = "unsaid"
"""What a script that says nothing is recorded with."""


def purposes() -> list[tuple[str, str]]:
    """What may be picked: codes and words, the usual ones first."""
    return [(code, EXPORT_PURPOSE.label(code)) for code in EXPORT_PURPOSE.first]


def keep_reasons() -> list[tuple[str, str]]:
    """Why what somebody wished to be forgotten may be kept: codes and words."""
    return [(code, KEEP_REASON.label(code)) for code in KEEP_REASON.offered]


def checked_purpose(purpose: str) -> str:
    """The code of a purpose, given as its code or in words of either language. Raises Problem for all else."""
    if code := _code_of(purpose, EXPORT_PURPOSE):
        return code
    raise Problem("Say what the export is for: {purposes}.", purposes=_known(purposes()))


def checked_keep_reason(why: str) -> str:
    """The code of a reason to keep, given as its code or in words of either language. Raises Problem for all else."""
    if code := _code_of(why, KEEP_REASON):
        return code
    raise Problem("Say why it is kept: {reasons}.", reasons=_known(keep_reasons()))


def _code_of(given: str, codes: CodeList) -> str:
    given = given.strip()
    for code, label in codes.labels.items():
        if given == code or given in in_every_language(label.message):
            return code
    return ""


def _known(offered: list[tuple[str, str]]) -> str:
    return gettext(", ").join(f"{code} ({words})" for code, words in offered)
