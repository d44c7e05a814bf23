"""What the first pages say of a new passphrase, in words."""

from dataclasses import dataclass

ENOUGH_WITH_RING = 6
"""Characters that are enough where the key ring of the computer has to be open too."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a passphrase is long enough to be taken, whether it is good, and the word for it."""

    enough: bool
    good: bool
    words: str


def judge(passphrase: str, *, with_ring: bool = False) -> Judged:
    """Judge a passphrase; one that is easy to guess is advised against, not forbidden.

    With a key ring beside it, guessing needs the open session of the user: a short one will do.
    """
    from gridworker.store.keys.strength import Strength, passphrase_strength
    from gridworker.text import gettext

    if with_ring and len(passphrase) >= ENOUGH_WITH_RING:
        return Judged(enough=True, good=True, words=gettext("Enough with the key ring"))
    strength = passphrase_strength(passphrase)
    if strength is Strength.TOO_SHORT:
        words = gettext("Too short: take four words, or ten signs")
    elif strength is Strength.WEAK:
        words = gettext("Easy to guess: one word more makes it harder")
    else:
        words = str(strength.label)
    return Judged(strength is not Strength.TOO_SHORT, strength in {Strength.FAIR, Strength.GOOD}, words)
