"""Telephone numbers: mobiles ``1[3-9]`` and nine digits, landlines with their area code (domain.md 2.6).

Source: the numbering plan of the telecommunication networks (电信网编号计划, 2017): mobiles of 11 digits from 13 to 19,
areas ``010``, ``02x`` and ``03xx`` to ``09xx`` before seven or eight digits.

Stored in one form, so that the same number typed in two ways is no difference: ``13800001234``, ``0714-6512345``,
``0714-6512345-801``; several joined by one space.
"""

import re
import unicodedata
from typing import NamedTuple

from gridworker.errors import Problem

_AREA_IN_BRACKETS = re.compile(r"\((0\d{2,3})\)")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58._·]|转")
_POWER = re.compile(r"(\d)\.(\d+)E\+?10\b", re.IGNORECASE)
_FOREIGN = re.compile(r"[^0-9+\-\s]+")
_COUNTRY = re.compile(r"^(?:\+|00)?-?86-?(?=1[3-9]\d{9}$|0\d{9,11}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_MOBILES = re.compile(r"(?:1[3-9]\d{9}){2,}")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})-?(\d{7,8})(?:-(\d{1,6}))?")


class Phones(NamedTuple):
    """What a text held: numbers in stored form without doubles, and the pieces with digits that are no number."""

    valid: tuple[str, ...]
    invalid: tuple[str, ...]


def is_mobile(text: str) -> bool:
    """Whether a text is one mobile number in stored form, and nothing else: most are."""
    return text.isascii() and _MOBILE.fullmatch(text) is not None


def read_phones(text: str) -> Phones:
    """Every number in a cell or a field. ``;；,，、/`` and spaces part them; remarks in brackets are left out."""
    if is_mobile(text):
        return Phones((text,), ())
    plain = unicodedata.normalize("NFKC", text)
    plain = _POWER.sub(_written_out, re.sub(r"(?<=\d)\.0\b", "", plain))
    plain = _REMARK.sub(";", _AREA_IN_BRACKETS.sub(r"\1-", plain))
    plain = _FOREIGN.sub(";", _DASHES.sub("-", plain))
    valid: dict[str, None] = {}
    invalid: list[str] = []
    for piece in filter(None, (part.strip(" \t\r\n-") for part in plain.split(";"))):
        found, wrong = _piece(piece)
        valid.update(dict.fromkeys(found))
        invalid.extend(wrong)
    return Phones(tuple(valid), tuple(invalid))


def _written_out(found: re.Match[str]) -> str:
    """``1.3800001113E+10`` has all its digits: 13800001113; what lost some is no number."""
    digits = found[1] + found[2]
    return digits if len(digits) == 11 else found[0].replace(".", "")


def _piece(piece: str) -> tuple[list[str], list[str]]:
    whole = _one(piece)
    if whole:
        return [whole], []
    digits = re.sub(r"\D", "", piece)
    if _MOBILES.fullmatch(digits):
        return _MOBILE.findall(digits), []
    words = [(word, _one(word)) for word in piece.split()]
    return [good for _word, good in words if good], [word for word, good in words if not good and len(word) > 1]


def _one(text: str) -> str | None:
    """``text`` as one number in stored form, spaces and hyphens inside it allowed."""
    joined = re.sub(r"[\s-]+", "-", text)
    bare = _COUNTRY.sub("", joined.replace("-", ""))
    if _MOBILE.fullmatch(bare):
        return bare
    landline = _LANDLINE.fullmatch(joined) or _LANDLINE.fullmatch(bare)
    return "-".join(filter(None, landline.groups())) if landline else None


def clean_phones(text: str) -> str:
    """The check of a field of phones: all of them in stored form, or a Problem."""
    if _MOBILE.fullmatch(text):  # by far the most, and a roster brings tens of thousands
        return text
    found = read_phones(text)
    if found.invalid or not found.valid:
        raise Problem("This is no phone number: write 11 digits, or area code and number like 0714-6512345.")
    return " ".join(found.valid)
