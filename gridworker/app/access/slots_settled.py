"""Bringing the slots to what the store knows: the office's help, the recovery key in force, names on the unlock page.

Done at each opening, so that whatever cut a change off is finished then, and on a laptop what a reply brought holds.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from gridworker.errors import StoreProblem

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.keys.slot_changes import SlotChanges


def settle_slots(session: "Session") -> None:
    """Do it. Key files that cannot be written now are written the next time: nobody is kept out by it."""
    from gridworker.app.staff.people_here import staff_names
    from gridworker.app.staff.slot_rollback import note_slot_rollback, note_slots_changed
    from gridworker.store.keys.kdf import PRODUCTION
    from gridworker.store.keys.slot_changes import SlotChanges
    from gridworker.store.keys.vault import Vault
    from gridworker.sync.enrolment.escrowed import ESCROW, seed_of, serial_of

    with session.store.settings() as settings:
        if session.is_office:
            seed_of(settings)
        point, serial = settings.blob(ESCROW), serial_of(settings)
    vault = Vault(session.folder, session.profile or PRODUCTION)
    note_slots_changed(session, vault)
    changes = SlotChanges(vault, session.keys)
    with suppress(StoreProblem):
        if point is not None:
            changes.seal_to_office(session.store.identity.laptop, point, serial=serial)
        settle_recovery(session, changes)
        if len(changes.owners()) > 1:
            changes.name_all(staff_names(session))
        note_slot_rollback(session, vault)


def settle_recovery(session: "Session", changes: "SlotChanges") -> None:
    """Let the recovery key in force open the store, and no earlier one.

    The slot has the number of its key: a store that was set back to before the change learns of it from there.
    """
    from gridworker.store.meta import Meta
    from gridworker.sync.format.keys import PublicKeys
    from gridworker.sync.format.recovering import KEYS, Renewed, current, take

    with session.store.cursor() as cursor:
        if Meta(cursor).blob(KEYS) is None:
            return
        here = current(Meta(cursor))
    serial, recipient, signing = changes.recovery()
    if serial > here.serial:
        with session.store.settings() as settings:
            take(settings, Renewed(serial, PublicKeys(signing, recipient)))
    elif here.serial:
        changes.set_recovery(here.serial, here.keys.recipient, here.keys.signing)
