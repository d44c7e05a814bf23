"""The slots of a store for another data key: what can be sealed anew without anybody, and the passphrase that is typed.

Other people's passphrases are known to nobody, so their slots cannot come along: they are given new ones.
"""

from dataclasses import replace

from gridworker.store.keys import escrow, key_ring, sealing, slots
from gridworker.store.keys.sealing import Lock, Ring
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.store.keys.slots import Header, Slot
from gridworker.store.keys.vault import Keys, Vault, new_id, recovery_slot


def resealed(vault: Vault, keys: Keys, new: Keys, passphrase: str) -> Header:
    """The key file under ``new``. ``passphrase`` is that of whoever opened the store with ``keys``.

    Raises StoreProblem where their key ring is not there.
    """
    header = vault.header(keys)
    [own] = header.personal(SlotChanges(vault, keys).own())
    ring = Ring(own.body["ring"], key_ring.secret_of(own.body["ring"])) if own.type == slots.WITH_KEYRING else None
    mine = sealing.seal_with(new.dek, Lock(passphrase, ring), vault.profile, id=own.id, store=header.store)
    made = [
        mine.of(own.person),
        *(_recovery(new, slot) for slot in header.of_type(slots.RECOVERY)),
        *(_escrow(new, slot, header.store) for slot in header.of_type(slots.ESCROW)),
    ]
    return replace(header, generation=header.generation + 1, slots=tuple(made)).signed(new.dek)


def _recovery(new: Keys, slot: Slot) -> Slot:
    made = recovery_slot(new, slot.body["recipient"])
    return replace(made, body={**slot.body, **made.body})


def _escrow(new: Keys, slot: Slot, store: str) -> Slot:
    key, laptop = slots.as_bytes(slot.body["key"]), int(slot.body["laptop"])
    made = escrow.seal_to_escrow(new.dek, key, laptop, id=new_id(), store=store)
    return replace(made, body={**slot.body, **made.body})
