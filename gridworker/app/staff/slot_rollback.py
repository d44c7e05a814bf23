"""Whether somebody put older key files back: a passphrase that was changed or taken away would open again.

The store remembers how new its key files were. They cannot be kept from being set back from outside, but it is noticed
at the next unlocking and goes on record. So it does where they are newer than they were when the store was closed, and
nobody tells why: a forgotten passphrase was replaced, and the program ended before that was on record.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.keys.vault import Vault

SET_BACK = "key files set back"
"""What the audit says of it."""

CHANGED = "key files changed"
"""And of key files that became newer while the store was closed."""

_GENERATION = "slots_generation"


def note_slot_rollback(session: "Session", vault: "Vault") -> None:
    """Compare, put it on record where they are older than they were, and remember how new they are now.

    Both at once: cut off between the two, what was remembered would hide what was never put on record.
    """
    from gridworker.store.meta import Meta

    now = vault.generation(session.keys)
    with session.store.cursor() as cursor:
        before = Meta(cursor).number(_GENERATION)
    if now < before:
        session.change_setting(_GENERATION, now, "key", detail=SET_BACK)
    elif now > before:
        with session.store.settings() as settings:
            settings.set(_GENERATION, now)


def note_slots_changed(session: "Session", vault: "Vault") -> None:
    """The same as a store is opened. One that was put back, or opens for the first time, knows nothing of them."""
    from gridworker.store.meta import Meta

    now = vault.generation(session.keys)
    with session.store.cursor() as cursor:
        before = Meta(cursor).number(_GENERATION)
    if before < now and before and session.started is None and not session.keys.changed:
        session.change_setting(_GENERATION, now, "key", detail=CHANGED)
    else:
        note_slot_rollback(session, vault)
