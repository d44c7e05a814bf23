"""Bytes to be read aloud or typed: groups of five signs, the last of each a check over the others (see code.py)."""

import re
import unicodedata

from gridworker.errors import Problem
from gridworker.sync.format.code import ALPHABET

_SLIPS = str.maketrans("OIL", "011")
_WEIGHTS = (3, 5, 7, 11)
_PRIME = 31
_GROUP = 4
_BITS = 5


def spoken(data: bytes) -> str:
    """``data``, a multiple of five bytes and at least ten, as groups: ten bytes are four, fifteen are six."""
    number = int.from_bytes(data, "big")
    signs = [ALPHABET[number >> shift & 31] for shift in range(len(data) * 8 - _BITS, -1, -_BITS)]
    groups = ["".join(signs[at : at + _GROUP]) for at in range(0, len(signs), _GROUP)]
    return "-".join(group + _check(group, place) for place, group in enumerate(groups))


def heard(typed: str, size: int) -> bytes:
    """The ``size`` bytes that were typed, any spaces, dashes and case. Raises Problem naming the group with a slip."""
    signs = re.sub(r"[\s\-–—_.·]+", "", unicodedata.normalize("NFKC", typed)).upper().translate(_SLIPS)
    wanted = size * 8 // _BITS // _GROUP
    if len(signs) != wanted * (_GROUP + 1):
        raise Problem("The code has {groups} groups of five signs; {count} signs were typed.", groups=wanted,
                      count=len(signs))  # fmt: skip
    groups = [signs[at : at + _GROUP + 1] for at in range(0, len(signs), _GROUP + 1)]
    for place, group in enumerate(groups):
        if not set(group) <= set(ALPHABET) or _check(group[:_GROUP], place) != group[_GROUP]:
            raise Problem("There is a slip in group {group} of the code. Compare it once more.", group=place + 1)
    number = 0
    for sign in "".join(group[:_GROUP] for group in groups):
        number = number << _BITS | ALPHABET.index(sign)
    return number.to_bytes(size, "big")


def _check(group: str, place: int) -> str:
    weighted = sum(weight * ALPHABET.index(sign) for weight, sign in zip(_WEIGHTS, group, strict=True))
    return ALPHABET[(weighted + place * 13) % _PRIME]
