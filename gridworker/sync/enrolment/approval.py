"""The office's word on one export, offline: a code asked for on the laptop, and a short one in answer.

The ask says who asks for what: laptop, grid or all, how many people, whether under-14s are in it, and a number that
was drawn for it alone. The answer is the office's Ed25519 signature over the ask and the laptop's keys. With a code
both could work out, who holds a laptop and its passphrase could make one; nobody but the office signs as the office.
So it is long, twenty-six groups, to be sent as a message and pasted; each group checks itself where it is typed.
"""

import hashlib
import secrets
from dataclasses import dataclass

from gridworker.errors import Problem
from gridworker.sync.format.keys import DeviceKeys, PublicKeys
from gridworker.sync.format.spoken import heard, spoken

ASK_BYTES, ANSWER_BYTES = 15, 65
MOST = (1 << 24) - 1

_DOMAIN = b"gridworker-export-approval-1\n"
_SIGNED = b"gridworker-export-approval-2\n"
_ED25519 = b"\x01"
"""In front of the signature: how it was made."""
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
        return cls(laptop, count, tag_of(grid), minors, secrets.token_bytes(_NONCE))

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
    """The code that approves an ask, signed by the office (``own``) for a laptop (``peer``)."""
    return spoken(_ED25519 + own.sign(_body(ask, peer)))


def approves(typed: str, ask: Ask, own: DeviceKeys, peer: PublicKeys) -> bool:
    """Whether a code approves an ask, by the laptop (``own``), of the office (``peer``). Raises Problem for a slip."""
    given = heard(typed, ANSWER_BYTES)
    return given[:1] == _ED25519 and peer.verify(_body(ask, own.public), given[1:])


def _body(ask: Ask, laptop: PublicKeys) -> bytes:
    return _SIGNED + laptop.digest + ask.pack()
