"""The section of a bundle in which a laptop gives replies back to an office that was restored (sync.md 5).

The restored office names in its replies, for each of its former lives, the number above which it may have lost what it
sent (``asks``). A laptop answers with those replies out of its archive (giving.py), whole, as the office signed them,
oldest first, as many as fit, and says how far it could go on (``returns`` in the header). The office checks each by its
own signature (taking_back.py), so nobody has to be believed: its own edits come back, and what other laptops wrote and
it had passed on. How far a laptop has answered is kept, and asked on from there, so a lost bundle costs nothing and
doubles change nothing.

The section is u32 (big-endian) length of a directory, the directory - a canonical array with the length of each inner
bundle - and the inner bundles one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gridworker.sync.format import canonical
from gridworker.sync.format.asks import Reach
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.parts import is_count

SECTION = "returns"

SOFT = 6 * 1024 * 1024
"""Bytes given back in one bundle; one reply goes whatever its size, alone and without ops if it is larger."""
HARD = 30 * 1024 * 1024
"""The office makes no reply larger: one that is, no bundle would bring back."""
MAX_INNER = 4096
MAX_DIRECTORY = 64 * 1024
_U32 = 4


class Stretch(NamedTuple):
    """The replies of the office's life ``device`` that reach above ``low`` and not above ``high``."""

    device: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Given:
    """What a laptop's next bundle gives back."""

    inner: tuple[bytes, ...] = field(default=(), repr=False)
    reaches: tuple[Reach, ...] = ()
    answers: tuple[Stretch, ...] = ()
    """Of what is asked, what has been answered with it: neither what had no room nor what could not be read."""

    @property
    def large(self) -> bool:
        """Whether there is no room for ops beside it."""
        return sum(map(len, self.inner)) > SOFT

    def sections(self) -> dict[str, bytes]:
        """The section, where there is something."""
        return {SECTION: pack_inners(self.inner)} if self.inner else {}


def pack_inners(inners: Sequence[bytes]) -> bytes:
    """The section ``returns``."""
    directory = canonical.pack([len(inner) for inner in inners])
    return b"".join([len(directory).to_bytes(_U32, "big"), directory, *inners])


def unpack_inners(section: bytes) -> list[bytes]:
    """Read what ``pack_inners`` gave. Raises Damaged."""
    at = _U32 + int.from_bytes(section[:_U32], "big")
    lengths = canonical.unpack(section[_U32:at], MAX_DIRECTORY)
    if not isinstance(lengths, list) or len(lengths) > MAX_INNER:
        raise Damaged("returns: directory")
    inners = []
    for length in lengths:
        if not isinstance(length, int) or not is_count(length):
            raise Damaged("returns: directory")
        inners.append(section[at : at + length])
        at += length
    if at != len(section):
        raise Damaged("returns: length")
    return inners


@dataclass
class Portion:
    """What goes into one bundle. Once something had no room nothing behind it goes: the office asks on from there."""

    inners: list[bytes] = field(default_factory=list)
    full: bool = False

    def offer(self, inner: bytes) -> bool:
        """Take one in if there is room. Returns whether it can be given back at all."""
        if not 0 < len(inner) <= HARD:
            return False
        if self.inners and (sum(map(len, self.inners)) + len(inner) > SOFT or len(self.inners) == MAX_INNER):
            self.full = True
        else:
            self.inners.append(inner)
        return True
