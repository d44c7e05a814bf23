"""The office's word on one export, offline: a code asked for on the laptop, and a short one in answer.

The ask says who asks for what: laptop, grid or all, how many people, whether under-14s are in it, and a number that
was drawn for it alone. The answer is a MAC over the ask, under a key that only this office and this laptop can work
out (X25519 of the office's key and the laptop's, which the kit brought to each other). It is 80 bits, four groups to
be told by telephone; a signature would be twenty-one. It proves the office's consent to the laptop and to nobody else,
which is all that is asked of it. Who could make one on the laptop holds the store's key and needs no export.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from gridworker.errors import Problem
from gridworker.sync.keys import DeviceKeys, PublicKeys
from gridworker.sync.spoken import heard, spoken

ASK_BYTES, ANSWER_BYTES = 15, 10
ALL_GRIDS = 0
MOST = (1 << 24) - 1

_DOMAIN = b"gridworker-export-approval-1\n"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_MINORS = 1
_TAG, _NONCE = 4, 5


@dataclass(frozen=True, slots=True)
class Ask:
    """What a laptop asks for. ``tag`` stands for the grid: all zeros for all of them."""

    laptop: int
    count: int
    tag: bytes
    minors: bool
    nonce: bytes

    @classmethod
    def new(cls, laptop: int, grid: int | None, count: int, *, minors: bool) -> "Ask":
        """A new one."""
        return cls(laptop, min(count, MOST), tag_of(grid), minors, secrets.token_bytes(_NONCE))

    @classmethod
    def parse(cls, data: bytes) -> "Ask":
        """Read what ``pack`` gave. Raises Problem."""
        if len(data) != ASK_BYTES or data[2] & ~_MINORS:
            raise Problem("This is no code that asks for an export.")
        laptop, count = int.from_bytes(data[:2], "big"), int.from_bytes(data[3:6], "big")
        return cls(laptop, count, data[6:10], bool(data[2] & _MINORS), data[10:])

    @classmethod
    def read(cls, typed: str) -> "Ask":
        """The ask somebody typed. Raises Problem."""
        return cls.parse(heard(typed, ASK_BYTES))

    def pack(self) -> bytes:
        """15 bytes."""
        flags = bytes([_MINORS if self.minors else 0])
        return self.laptop.to_bytes(2, "big") + flags + self.count.to_bytes(3, "big") + self.tag + self.nonce

    @property
    def text(self) -> str:
        """Six groups to be read aloud."""
        return spoken(self.pack())

    def covers(self, grid: int | None, count: int, *, minors: bool) -> bool:
        """Whether an export is no more than what was asked for."""
        return self.tag == tag_of(grid) and count <= self.count and (self.minors or not minors)


def tag_of(grid: int | None) -> bytes:
    """Four bytes that stand for a grid; a laptop holds few, so none is taken for another."""
    return bytes(_TAG) if grid is None else hashlib.sha256(_DOMAIN + str(grid).encode()).digest()[:_TAG]


def answer(ask: Ask, own: DeviceKeys, peer: PublicKeys) -> str:
    """The code that approves an ask, made by the office (``own``) for a laptop (``peer``)."""
    return spoken(_mac(ask, own, peer))


def approves(typed: str, ask: Ask, own: DeviceKeys, peer: PublicKeys) -> bool:
    """Whether a code approves an ask, by the laptop (``own``), of the office (``peer``). Raises Problem for a slip."""
    return hmac.compare_digest(heard(typed, ANSWER_BYTES), _mac(ask, own, peer))


def _mac(ask: Ask, own: DeviceKeys, peer: PublicKeys) -> bytes:
    return hmac.digest(_shared(own, peer), _DOMAIN + ask.pack(), "sha256")[:ANSWER_BYTES]


def _shared(own: DeviceKeys, peer: PublicKeys) -> bytes:
    """The key of these two, the same from both ends."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret = X25519PrivateKey.from_private_bytes(_bech32(own.secret))
    shared = secret.exchange(X25519PublicKey.from_public_bytes(_bech32(peer.recipient)))
    both = b"".join(sorted((own.public.digest, peer.digest)))
    return HKDF(SHA256(), 32, both, _DOMAIN).derive(shared)


def _bech32(text: str) -> bytes:
    """The 32 bytes of an age key or recipient. age has checked them when the keys were read."""
    signs = text.lower().rpartition("1")[2][:-6]
    number = 0
    for sign in signs:
        number = number << 5 | _BECH32.index(sign)
    return (number >> (len(signs) * 5 - 256)).to_bytes(32, "big")
