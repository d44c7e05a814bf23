"""What the first pages say of a new passphrase, in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a passphrase is long enough to be taken, whether it is good, and the word for it."""

    enough: bool
    good: bool
    words: str


def judge(passphrase: str) -> Judged:
    """Judge a passphrase; one that is easy to guess is advised against, not forbidden."""
    from gridworker.store.strength import Strength, passphrase_strength

    strength = passphrase_strength(passphrase)
    return Judged(strength is not Strength.TOO_SHORT, strength in {Strength.FAIR, Strength.GOOD}, str(strength.label))
