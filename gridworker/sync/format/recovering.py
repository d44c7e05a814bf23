"""The office's recovery key by its number: made anew at the office, and carried to the laptops by its replies.

The first one comes with the kit and has no number. A later one counts from 1, and a store only ever goes on to a higher
number, so an old reply or an old copy of the office brings no key back that was given up.
"""

from dataclasses import dataclass

from gridworker.store.meta import Meta
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.keys import PublicKeys
from gridworker.sync.format.parts import is_count, require

KEYS = "recovery_keys"
"""In ``meta``, at both ends: the public keys in force."""
TESTED = "recovery_tested"
_SERIAL, _NEXT = "recovery_serial", "recovery_next"


@dataclass(frozen=True, slots=True)
class Renewed:
    """A recovery key and its number; 0 for the one a store was made with."""

    serial: int
    keys: PublicKeys

    def __post_init__(self) -> None:
        require(is_count(self.serial), "header: recovery")

    def thing(self) -> Thing:
        """What stands in a header."""
        return [self.serial, self.keys.thing()]

    @classmethod
    def of(cls, thing: object) -> "Renewed":
        """Read it. Raises Damaged."""
        match thing:
            case [int(serial), keys]:
                return cls(serial, PublicKeys.of(keys))
            case _:
                raise Damaged("header: recovery")


def current(settings: Meta) -> Renewed:
    """The one in force here."""
    return Renewed(settings.number(_SERIAL), PublicKeys.parse(settings.blob(KEYS) or b""))


def told(settings: Meta) -> Renewed | None:
    """What a reply says of it: nothing while the first one is in force."""
    found = current(settings)
    return found if found.serial else None


def take(settings: Meta, given: Renewed) -> bool:
    """Go on to a later one, in the transaction that is open. Returns whether it is later."""
    if given.serial <= settings.number(_SERIAL):
        return False
    settings.set(_SERIAL, given.serial)
    settings.set(KEYS, given.keys.pack())
    return True


def propose(settings: Meta, keys: PublicKeys) -> None:
    """Remember one that was made and is not trusted yet."""
    settings.set(_NEXT, keys.pack())


def proposed(settings: Meta) -> PublicKeys | None:
    """The one that waits to be tried."""
    waiting = settings.blob(_NEXT)
    return PublicKeys.parse(waiting) if waiting else None


def trust(settings: Meta, keys: PublicKeys) -> None:
    """It was tried: from now on it is the one in force."""
    take(settings, Renewed(settings.number(_SERIAL) + 1, keys))
    settings.set(_NEXT, None)
    settings.set(TESTED, 1)
