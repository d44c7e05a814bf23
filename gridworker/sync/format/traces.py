"""What a header says of the bundles before it: which were handed over, which came, which ops had to be written anew.

Like the structures of ``parts``: ``thing()`` is what stands in the file, ``of(thing)`` reads it and raises Damaged.
"""

from dataclasses import dataclass

from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.parts import HASH, hex_of, is_count, is_device, is_hash, is_time, require, sized


@dataclass(frozen=True, slots=True)
class Handed:
    """A bundle of the sender's that has no receipt yet: its number, and when it was written by the sender's clock."""

    n: int
    time: str

    def __post_init__(self) -> None:
        require(is_count(self.n) and self.n > 0 and is_time(self.time), "header: recent")

    def thing(self) -> Thing:
        """What stands in the file."""
        return [self.n, self.time]

    @classmethod
    def of(cls, thing: object) -> "Handed":
        """Read it."""
        match thing:
            case [int(n), str(time)]:
                return cls(n, time)
            case _:
                raise Damaged("header: recent")


@dataclass(frozen=True, slots=True)
class Came:
    """The newest bundle of a life of the recipient's that came: who lives it and did not write it has a twin."""

    device: int
    n: int
    hash: str

    def __post_init__(self) -> None:
        require(is_device(self.device) and is_count(self.n) and is_hash(self.hash), "header: came")

    def thing(self) -> Thing:
        """What stands in the file."""
        return {"device": self.device, "hash": bytes.fromhex(self.hash), "n": self.n}

    @classmethod
    def of(cls, thing: object) -> "Came":
        """Read it."""
        match thing:
            case {"device": int(device), "hash": digest, "n": int(n)}:
                return cls(device, n, hex_of(digest))
            case _:
                raise Damaged("header: came")


@dataclass(frozen=True, slots=True)
class Reissued:
    """An op that bore the clk of another: ``hash`` tells which of the two it is, ``new`` is the clk it has now."""

    clk: int
    hash: bytes
    new: int

    def __post_init__(self) -> None:
        require(is_count(self.clk) and is_count(self.new) and sized(HASH)(self.hash), "header: reissued")

    def thing(self) -> Thing:
        """What stands in the file."""
        return [self.clk, self.hash, self.new]

    @classmethod
    def of(cls, thing: object) -> "Reissued":
        """Read it."""
        match thing:
            case [int(clk), bytes(digest), int(new)]:
                return cls(clk, digest, new)
            case _:
                raise Damaged("header: reissued")
