"""Where the two ends keep what they need against a forgotten passphrase: the office its seeds, a laptop the point.

A seed that is made anew has a number; the first has none. The office keeps the earlier ones, for a laptop that has not
heard of the new one yet asks by the old: its question says by which.
"""

from typing import TYPE_CHECKING

from gridworker.errors import NotFound, Problem
from gridworker.store.keys.escrow import key_for, new_seed
from gridworker.store.keys.slots import MAX_SERIAL
from gridworker.store.meta import Meta

if TYPE_CHECKING:
    from gridworker.store.meta import Identity

ESCROW, ESCROW_SERIAL = "escrow", "escrow_serial"
"""In ``meta`` of a laptop: the point the office gave it, and the number of its seed; at the office that of the seed."""
_SEED = "escrow_seed"


def serial_of(settings: Meta) -> int:
    """The number of the seed in force; 0 for the first one."""
    return settings.number(ESCROW_SERIAL)


def seed_of(settings: Meta) -> bytes:
    """The office's seed in force; made where there is none yet, in the transaction that is open."""
    name = _name(serial_of(settings))
    seed = settings.secret(name)
    if seed is None:
        seed = new_seed()
        settings.set_secret(name, seed)
    return seed


def earlier_seed(settings: Meta, serial: int) -> bytes:
    """The seed of a number. Raises NotFound for one that is not known here."""
    seed = settings.secret(_name(serial))
    if seed is None:
        raise NotFound("This office does not know the key that laptop asks by. Its recovery sheet opens the laptop.")
    return seed


def renew(settings: Meta) -> int:
    """Make another seed and go on with it, in the transaction that is open. Returns its number. Raises Problem."""
    serial = serial_of(settings) + 1
    if serial > MAX_SERIAL:
        raise Problem("This key was made anew too often.")
    settings.set_secret(_name(serial), new_seed())
    settings.set(ESCROW_SERIAL, serial)
    return serial


def point_for(settings: Meta, identity: "Identity", laptop: int) -> bytes | None:
    """What a reply brings a laptop; None where this office has no seed yet."""
    seed = settings.secret(_name(serial_of(settings)))
    return key_for(seed, identity.community, laptop) if seed else None


def _name(serial: int) -> str:
    return f"{_SEED}_{serial}" if serial else _SEED
