"""What replies bring of the office's keys beside its own: the point of its help, and a recovery key made anew.

A laptop's bundles tell in that place when it needs another number.
"""

from typing import TYPE_CHECKING, Any

from gridworker.store.health.lives_used import few_left
from gridworker.store.meta import Meta
from gridworker.sync.enrolment.escrowed import ESCROW, ESCROW_SERIAL, point_for, serial_of
from gridworker.sync.format.recovering import take, told

if TYPE_CHECKING:
    from gridworker.store.log.log import Cursor
    from gridworker.store.meta import Identity
    from gridworker.sync.format.header import Header


def told_beside(cursor: "Cursor", identity: "Identity", laptop: int) -> dict[str, Any]:
    """What a header says of its sender."""
    if identity.is_office:
        return given_keys(Meta(cursor), identity, laptop)
    return {"lives_left": few_left(cursor, identity)}


def given_keys(settings: Meta, identity: "Identity", laptop: int) -> dict[str, Any]:
    """At the office: the keys of a header."""
    return {
        "escrow": point_for(settings, identity, laptop),
        "escrow_serial": serial_of(settings) or None,
        "recovery": told(settings),
    }


def take_keys(settings: Meta, header: "Header") -> None:
    """On a laptop, in the open transaction. The slots follow at the next opening (app/access/slots_settled.py)."""
    if header.escrow:
        settings.set(ESCROW, header.escrow)
        settings.set(ESCROW_SERIAL, header.escrow_serial or 0)
    if header.recovery:
        take(settings, header.recovery)


def is_told(settings: Meta, header: "Header") -> bool:
    """At the office: whether a laptop was told of these keys with a reply that went."""
    return (header.escrow_serial or 0) == serial_of(settings) and header.recovery == told(settings)
