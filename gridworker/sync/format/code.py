"""One-time codes: what opens a kit or the recovery key, given apart from it, on paper or by telephone.

Four groups of five, like 7K2MX-QF9XR-3D8AW-PW4C0, in Crockford's alphabet, which has no I, L, O and U. The last sign of
a group is a check over the others and over the group's place, so that a slip is found at its group, and groups in the
wrong order are found too. The other sixteen are random: 80 bits.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from gridworker.errors import Problem

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS = 4
RANDOM = 4

_SLIPS = str.maketrans("OIL", "011")
_WEIGHTS = (3, 5, 7, 11)
_PRIME = 31


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """A one-time code; ``text`` is how it is written, typed and used."""

    text: str

    @classmethod
    def new(cls) -> "Code":
        """A random code."""
        groups = ["".join(secrets.choice(ALPHABET) for _ in range(RANDOM)) for _ in range(GROUPS)]
        return cls("-".join(group + check_sign(group, place) for place, group in enumerate(groups)))

    @classmethod
    def read(cls, typed: str) -> "Code":
        """The code somebody typed, with any spaces, dashes and case. Raises Problem naming the group with a slip."""
        signs = signs_of(typed)
        length = RANDOM + 1
        if len(signs) != GROUPS * length:
            raise Problem("The code has four groups of five signs; {count} signs were typed.", count=len(signs))
        groups = [signs[at : at + length] for at in range(0, len(signs), length)]
        for place, group in enumerate(groups):
            if not set(group) <= set(ALPHABET) or check_sign(group[:RANDOM], place) != group[RANDOM]:
                raise Problem("There is a slip in group {group} of the code. Compare it once more.", group=place + 1)
        return cls("-".join(groups))

    def __repr__(self) -> str:
        return "Code(...)"


def signs_of(typed: str) -> str:
    """What was typed without spaces and dashes, in capitals, with the signs that are taken for others put right."""
    return re.sub(r"[\s\-–—_.·]+", "", unicodedata.normalize("NFKC", typed)).upper().translate(_SLIPS)


def check_sign(group: str, place: int) -> str:
    """The fifth sign of a group.

    Weights are units modulo 31: any single wrong sign but Z for 0 and any two neighbours swapped change it.
    """
    weighted = sum(weight * ALPHABET.index(sign) for weight, sign in zip(_WEIGHTS, group, strict=True))
    return ALPHABET[(weighted + place * 13) % _PRIME]
