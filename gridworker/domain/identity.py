"""Resident ID numbers (GB 11643-1999) and social credit codes (GB 32100-2015).

The rules are those of domain.md 2.6: the check digit and the birth date are checked, the division code is not, because
numbers keep the code of a county that was merged or renamed long ago. Old 15-digit numbers are good as they stand.
"""

import re
import unicodedata
from datetime import date
from enum import Enum
from types import MappingProxyType

from stdnum.cn import uscc

from gridworker.errors import Problem

CHECK = "10X98765432"
"""The check character by the sum of digits times weights, mod 11."""
_WEIGHED = MappingProxyType({
    f"{number:0{digits}d}": number // 100 * 4 + number // 10 % 10 * 2 + number % 10
    for digits in (2, 3)
    for number in range(10**digits)
})  # fmt: skip
"""Two or three digits added up, each with twice the weight of the next: a roster brings tens of thousands."""
_THREES = ((0, 1 << 15), (3, 1 << 12), (6, 1 << 9), (9, 1 << 6), (12, 1 << 3))
_SHAPE = re.compile(r"[0-9]{15}|[0-9]{17}[0-9X]")
_SPACES = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_LOST = re.compile(r"\d(\.\d+)?E\+?\d+|\d+\.0*")
_LOOKS_LIKE_X = re.compile("(?<=[0-9]{17})[×✕✖╳ХΧ]$")
"""Crosses and the Cyrillic and Greek letters that keyboards give instead."""
EARLIEST = date(1870, 1, 1)
"""No number states a day before it."""


class IdFault(Enum):
    """What is wrong with an ID number; the value is the kind of problem a roster import reports."""

    PRECISION = "id_precision_lost"
    LENGTH = "id_length"
    FORMAT = "id_format"
    DATE = "id_date"
    CHECKSUM = "id_checksum"


_PARTED = re.compile("^([0-9]{6})[-–—]([0-9]{8})[-–—]([0-9]{3}[0-9X])$")
"""``420202-19800526-4254``: the parts of a number, and nothing else, stand between the dashes."""


def normal_id(text: str) -> str:
    """An ID number as typed or pasted, in plain form: half-width, no spaces, no ``'`` or ``="..."``, X in capitals.

    A cross behind 17 digits is meant to be the X; the check digit tells whether it is.
    """
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()
    plain = plain.removeprefix("=").strip("'\"‘’“”`")
    plain = _PARTED.sub(r"\1\2\3", plain)
    return plain if plain.isascii() else _LOOKS_LIKE_X.sub("X", plain)


def id_fault(text: str, today: date | None = None) -> IdFault | None:
    """The first fault of an ID number in plain form, or None. ``today`` also refuses birth dates in the future."""
    if not _SHAPE.fullmatch(text):
        return _fault_of_shape(text)
    born = birth_of(text)
    if born is None or born < EARLIEST or (today is not None and born > today):
        return IdFault.DATE
    return IdFault.CHECKSUM if len(text) == 18 and check_digit(text) != text[17] else None


def _fault_of_shape(text: str) -> IdFault:
    if _LOST.fullmatch(text):
        return IdFault.PRECISION
    return IdFault.LENGTH if re.fullmatch(r"[0-9]+X?", text) and len(text) not in {15, 18} else IdFault.FORMAT


def check_digit(text: str) -> str:
    """The check character for the first 17 digits: sum of digit x weight, mod 11, looked up in ``10X98765432``.

    The weights are powers of two: 2 for the last digit, 2 ** 17 for the first (the standard lists them mod 11).
    """
    total = _WEIGHED[text[15:17]] * 2
    for start, weight in _THREES:
        total += _WEIGHED[text[start : start + 3]] * weight
    return CHECK[total % 11]


def upgraded(text: str) -> str:
    """The 18-digit form of a 15-digit number (century 19, check digit added); others unchanged.

    This is what numbers are compared by: both forms are one person. What was written stays as it is stored.
    """
    if len(text) != 15 or not (text.isascii() and text.isdigit()):
        return text
    longer = f"{text[:6]}19{text[6:]}"
    return longer + check_digit(longer)


def longer_form(text: str) -> str:
    """A good number of 15 digits in the 18 of today, for a person to confirm (domain.md 2.6); '' for anything else.

    The century is taken to be the 20th: the old numbers were given out until 1999 (GB 11643-1989).
    """
    plain = normal_id(text)
    return upgraded(plain) if len(plain) == 15 and id_fault(plain) is None else ""


def birth_of(text: str) -> date | None:
    """The birth date an ID number states, None where there is no such day."""
    digits = upgraded(text)[6:14]
    try:
        return date.fromisoformat(digits) if digits.isdigit() else None
    except ValueError:
        return None


def sex_of(text: str) -> str:
    """The sex code an ID number states: the 17th digit is odd for men (1), even for women (2)."""
    return "1" if int(upgraded(text)[16]) % 2 else "2"


def told_by_number(text: str) -> dict[str, str]:
    """Day of birth and sex as a good ID number states them, by the names of the fields; nothing of any other text."""
    born = birth_of(text) if id_fault(text) is None else None
    return {"birth_date": born.isoformat(), "sex": sex_of(text)} if born else {}


def last_four(text: str) -> str:
    """What is kept of an ID number where the office keeps no more."""
    return text[-4:]


def clean_id_number(text: str) -> str:
    """The check of an ID number field: the plain form, or a Problem saying what to look at."""
    plain = text if _SHAPE.fullmatch(text) else normal_id(text)
    fault = id_fault(plain)
    if fault is None:
        return plain
    raise _problem(fault)


def _problem(fault: IdFault) -> Problem:
    match fault:
        case IdFault.PRECISION:
            return Problem("The spreadsheet has rounded this ID number; type it again from the card.")
        case IdFault.LENGTH:
            return Problem("An ID number has 18 characters (old ones 15); count them again.")
        case IdFault.FORMAT:
            return Problem("An ID number is 17 digits and a digit or X; check it against the card.")
        case IdFault.DATE:
            return Problem("The birth date inside this ID number does not exist; check it against the card.")
        case IdFault.CHECKSUM:
            return Problem("The last character does not fit this ID number; check it against the card.")


def clean_last_four(text: str) -> str:
    """The check of the last four characters of an ID number."""
    plain = normal_id(text)
    if not re.fullmatch(r"[0-9]{3}[0-9X]", plain):
        raise Problem("Write the last four characters of the ID number.")
    return plain


def clean_credit_code(text: str) -> str:
    """The check of a unified social credit code: 18 characters of ``0-9A-HJ-NPQRTUWXY``, the last a check (GB 32100).

    python-stdnum computes the check but wants eight digits first, which co-operatives (``N2...``) do not have.
    """
    plain = normal_id(text).replace("-", "")
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", plain) or uscc.calc_check_digit(plain[:17]) != plain[17]:
        raise Problem("This is not a unified social credit code; check it against the licence.")
    return plain


def age_on(today: date, birth_date: str | None, birth_year: int | None = None) -> int | None:
    """Age in full years; from the year alone the age reached in that year."""
    if birth_date:
        born = date.fromisoformat(birth_date)
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return today.year - birth_year if birth_year else None
