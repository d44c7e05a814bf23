"""The slot by which the office replaces a forgotten passphrase, without ever learning the data key.

For each laptop the office has a number of its own, ``e``, derived from one seed; the laptop knows the point ``E = e G``
on the curve P-256. At enrolment it draws ``r``, keeps the point ``R = r G``, seals the data key under ``r E`` and
forgets ``r``. To open it again:

    laptop:  draws b, asks with    B = b R
    office:  answers with          A = e B
    laptop:  takes b out again,    A / b = e R = r E

A listener has ``b R`` and ``e b R`` and nothing to take out of them; the answer fits that one ``b``, which the laptop
throws away. The office sees a point that looks random and no key, and its answer is worth nothing on another laptop,
for that has another ``e``. (This is the exchange of McCallum and Relyea that Tang and Clevis use.) A point is its x
coordinate alone: the sign of y changes nothing, for x(k P) = x(-k P).
"""

import secrets
from typing import TYPE_CHECKING

from gridworker.store.keys.kdf import derive
from gridworker.store.keys.sealing import bound
from gridworker.store.keys.slots import ESCROW, NONCE, POINT, Slot, as_bytes, as_text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

SEED = 32
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points P-256 has; prime, so that every factor but 0 can be taken out again."""
_WIDE = 48
"""Bytes of a random number before it is reduced: 128 bits more than needed leave no trace of the reduction."""


def new_seed() -> bytes:
    """What an office derives its numbers from; a secret of its store."""
    return secrets.token_bytes(SEED)


def number_for(seed: bytes, community: str, laptop: int) -> int:
    """The office's number for one laptop."""
    return _reduced(derive(seed, f"escrow/{community}/{laptop}", _WIDE))


def key_for(seed: bytes, community: str, laptop: int) -> bytes:
    """The point a laptop seals to: not secret, but it must come from the office."""
    return _x(_private(number_for(seed, community, laptop)))


def seal_to_escrow(dek: bytes, key: bytes, laptop: int, *, id: str, store: str) -> Slot:
    """A slot that opens with the help of the office. Raises ValueError where ``key`` is no point."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    once = _private(_random())
    nonce = secrets.token_bytes(NONCE)
    sealed = ChaCha20Poly1305(_slot_key(_shared(once, key))).encrypt(nonce, dek, bound(store, id, ESCROW))
    body = {"laptop": laptop, "key": as_text(key), "point": as_text(_x(once)), "nonce": as_text(nonce)}
    return Slot(id, ESCROW, {**body, "sealed": as_text(sealed)})


def new_blind() -> bytes:
    """A number that hides the slot's point, for one question."""
    return _random().to_bytes(POINT, "big")


def ask(slot: Slot, blind: bytes) -> bytes:
    """What goes to the office: the slot's point times ``blind``."""
    return _shared(_private(int.from_bytes(blind, "big")), point_of(slot))


def answer(number: int, asked: bytes) -> bytes:
    """What the office answers: what was asked times its number. Raises ValueError for what is no point."""
    return _shared(_private(number), asked)


def open_with_answer(slot: Slot, blind: bytes, answered: bytes, store: str) -> bytes | None:
    """The data key, or None where the answer is to another question or from another office."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    back = pow(int.from_bytes(blind, "big"), -1, _ORDER)
    try:
        key = _slot_key(_shared(_private(back), answered))
        return ChaCha20Poly1305(key).decrypt(
            as_bytes(slot.body["nonce"]), as_bytes(slot.body["sealed"]), bound(store, slot.id, ESCROW)
        )
    except (InvalidTag, ValueError):
        return None


def point_of(slot: Slot) -> bytes:
    """The point of a slot, which a question is about."""
    return as_bytes(slot.body["point"], POINT)


def _slot_key(shared: bytes) -> bytes:
    return derive(shared, f"slot {ESCROW}")


def _shared(private: "EllipticCurvePrivateKey", point: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDH

    return private.exchange(ECDH(), _public(point))


def _public(point: bytes) -> "EllipticCurvePublicKey":
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), b"\x02" + point)


def _private(number: int) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

    return derive_private_key(number, SECP256R1())


def _x(private: "EllipticCurvePrivateKey") -> bytes:
    return private.public_key().public_numbers().x.to_bytes(POINT, "big")


def _random() -> int:
    return _reduced(secrets.token_bytes(_WIDE))


def _reduced(wide: bytes) -> int:
    return int.from_bytes(wide, "big") % (_ORDER - 1) + 1
