"""Whether somebody put older key files back: a passphrase that was changed or taken away would open again.

The store remembers how new its key files were. They cannot be kept from being set back from outside, but it is noticed
at the next unlocking and goes on record.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.keys.vault import Vault

SET_BACK = "key files set back"
"""What the audit says of it."""

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
