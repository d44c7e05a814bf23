"""Ways to seal the data key in a slot, and to open it: a passphrase, one beside the key ring, the recovery key.

Importing this costs nothing; the cryptography is loaded when something is sealed or opened.
"""

import secrets
from dataclasses import dataclass

from gridworker.store.keys.kdf import KEY, SALT, KdfProfile, derive, stretch
from gridworker.store.keys.slots import NONCE, PASSPHRASE, RECOVERY, WITH_KEYRING, Slot, as_bytes, as_text, kdf_of


@dataclass(frozen=True, slots=True, repr=False)
class Ring:
    """What the system's key ring keeps for a slot: the name of the entry and the secret in it."""

    entry: str
    secret: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Lock:
    """What opens a slot: a passphrase, with ``ring`` only together with the secret in the key ring."""

    passphrase: str
    ring: Ring | None = None


def seal_with_passphrase(dek: bytes, passphrase: str, profile: KdfProfile, *, id: str, store: str) -> Slot:
    """A slot for ``dek`` that a passphrase opens."""
    return seal_with(dek, Lock(passphrase), profile, id=id, store=store)


def seal_with(dek: bytes, lock: Lock, profile: KdfProfile, *, id: str, store: str) -> Slot:
    """A slot for ``dek`` that a passphrase opens, and a key ring where the lock has one."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    kdf = {
        "name": "argon2id",
        "time": profile.time,
        "memory": profile.memory,
        "lanes": profile.lanes,
        "salt": as_text(salt),
    }
    ring = lock.ring
    kind = WITH_KEYRING if ring else PASSPHRASE
    key = _slot_key(stretch(lock.passphrase, salt, profile), ring.secret if ring else b"", kind)
    sealed = ChaCha20Poly1305(key).encrypt(nonce, dek, bound(store, id, kind))
    entry = {"ring": ring.entry} if ring else {}
    return Slot(id, kind, {"kdf": kdf, "nonce": as_text(nonce), "sealed": as_text(sealed), **entry})


def open_with_passphrase(slot: Slot, passphrase: str, store: str, secret: bytes = b"") -> bytes | None:
    """The data key, or None where the passphrase is another one. Takes as long as the slot's cost says.

    ``secret`` is what the key ring keeps for the slot, where it needs that.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    profile, salt = kdf_of(slot.body["kdf"])
    key = _slot_key(stretch(passphrase, salt, profile), secret, slot.type)
    try:
        return ChaCha20Poly1305(key).decrypt(
            as_bytes(slot.body["nonce"]), as_bytes(slot.body["sealed"]), bound(store, slot.id, slot.type)
        )
    except InvalidTag:
        return None


def seal_to_recovery(dek: bytes, recipient: str, *, id: str) -> Slot:
    """A slot that the holder of the office's recovery key opens."""
    import pyrage

    sealed = pyrage.encrypt(dek, [pyrage.x25519.Recipient.from_str(recipient)])
    return Slot(id, RECOVERY, {"recipient": recipient, "sealed": as_text(sealed)})


def open_with_recovery(slot: Slot, identity: str) -> bytes | None:
    """The data key, or None where the slot is for another key. ``identity`` is the key or the text of its file.

    Raises pyrage.IdentityError where there is no key in it.
    """
    import pyrage

    lines = (line.strip() for line in identity.splitlines())
    key = pyrage.x25519.Identity.from_str(next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), ""))
    try:
        dek = pyrage.decrypt(as_bytes(slot.body["sealed"]), [key])
    except pyrage.DecryptError:
        return None
    return dek if len(dek) == KEY else None


def bound(store: str, id: str, kind: str) -> bytes:
    """What a sealed key is bound to, so that a slot cannot be carried into another file."""
    return f"gridworker/{store}/{id}/{kind}".encode()


def _slot_key(stretched: bytes, secret: bytes, kind: str) -> bytes:
    return derive(stretched + secret, f"slot {kind}")
