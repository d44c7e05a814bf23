"""The small structures a header is made of, and the checks they share with it.

Each has ``thing()``, what stands in the file, and ``of(thing)``, which reads it; both raise Damaged for what cannot be.
Hashes are hex here and bytes in the file.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from gridworker.record import MAX_INTEGER
from gridworker.sync.format.canonical import Damaged, Thing

MAX_DEVICE = 0xFFFF
HASH = 32
MAX_INCARNATIONS = 64

Check: TypeAlias = Callable[[Any], bool]


def number(high: int = MAX_INTEGER, low: int = 0) -> Check:
    """A check for an integer in a range."""
    return lambda value: type(value) is int and low <= value <= high


def like(pattern: str) -> Check:
    """A check for a text that matches as a whole."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def sized(length: int) -> Check:
    """A check for that many bytes."""
    return lambda value: isinstance(value, bytes) and len(value) == length


def listed(each: Check, most: int) -> Check:
    """A check for a tuple of at most ``most`` that each hold."""
    return lambda value: isinstance(value, tuple) and len(value) <= most and all(map(each, value))


def maybe(holds: Check) -> Check:
    """A check that None passes too."""
    return lambda value: value is None or holds(value)


is_count = number()
is_device = number(MAX_DEVICE)
is_hash = like(rf"[0-9a-f]{{{2 * HASH}}}")
is_community = like(r"[0-9A-Za-z-]{1,40}")
is_name = like(r"[a-z][a-z0-9_-]{0,19}")
_MOMENT = like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
is_program = like(r"\d{1,5}(\.\d{1,5}){0,3}")


def is_time(value: object) -> bool:
    """A moment in UTC as texts have it."""
    if not isinstance(value, str) or not _MOMENT(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def require(holds: bool, place: str) -> None:
    """Raise Damaged naming the place where something does not hold."""
    if not holds:
        raise Damaged(place)


def hex_of(thing: object) -> str:
    """A hash as hex."""
    if not isinstance(thing, bytes):
        raise Damaged("header: hash")
    return thing.hex()


def tuple_of(thing: object) -> tuple[Any, ...]:
    """A list as a tuple."""
    if not isinstance(thing, list):
        raise Damaged("header: list")
    return tuple(thing)


class Purpose(StrEnum):
    """What a bundle is for."""

    BUNDLE = "bundle"
    REPLY = "reply"
    KIT = "kit"


@dataclass(frozen=True, slots=True)
class Marks:
    """How far something goes in both directions between the office and one laptop.

    ``clk``: the laptop's own ops up to this one. ``n``: the office's stream to it up to this number. ``older``: like
    ``clk``, for its earlier incarnations, one clk each.
    """

    clk: int = 0
    n: int = 0
    older: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        holds = is_count(self.clk) and is_count(self.n) and listed(is_count, MAX_INCARNATIONS)(self.older)
        require(holds, "header: marks")

    def thing(self) -> Thing:
        """What stands in the file."""
        older: dict[str, Thing] = {"older": list(self.older)} if self.older else {}
        return {"clk": self.clk, "n": self.n, **older}

    @classmethod
    def of(cls, thing: object) -> "Marks":
        """Read it."""
        match thing:
            case {"clk": int(clk), "n": int(n), **rest}:
                return cls(clk, n, tuple_of(rest.get("older", [])))
            case _:
                raise Damaged("header: marks")


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Section:
    """A section as the header lists it; ``digest`` is SHA-256(seed | section)."""

    name: str
    length: int
    digest: bytes

    def __post_init__(self) -> None:
        require(is_name(self.name) and is_count(self.length) and sized(HASH)(self.digest), "header: section")

    def thing(self) -> Thing:
        """What stands in the file."""
        return [self.name, self.length, self.digest]

    @classmethod
    def of(cls, thing: object) -> "Section":
        """Read it."""
        match thing:
            case [str(name), int(length), bytes(digest)]:
                return cls(name, length, digest)
            case _:
                raise Damaged("header: section")


@dataclass(frozen=True, slots=True)
class Redaction:
    """Which bundle a redacted one stands for; the chain goes on over these hashes."""

    hash: str
    n: int
    sender: int
    prev: str | None = None

    def __post_init__(self) -> None:
        holds = is_hash(self.hash) and maybe(is_hash)(self.prev) and is_device(self.sender) and is_count(self.n)
        require(holds, "header: redaction")

    def thing(self) -> Thing:
        """What stands in the file."""
        prev: dict[str, Thing] = {"prev": bytes.fromhex(self.prev)} if self.prev else {}
        return {"hash": bytes.fromhex(self.hash), "n": self.n, "sender": self.sender, **prev}

    @classmethod
    def of(cls, thing: object) -> "Redaction":
        """Read it."""
        match thing:
            case {"hash": digest, "n": int(n), "sender": int(sender), **rest}:
                return cls(hex_of(digest), n, sender, hex_of(rest["prev"]) if "prev" in rest else None)
            case _:
                raise Damaged("header: redaction")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the sender's records in a scope hash to at a stream number: equal where both ends agree."""

    hash: str
    n: int
    scope: int

    def __post_init__(self) -> None:
        require(is_hash(self.hash) and is_count(self.n) and is_count(self.scope), "header: digest")

    def thing(self) -> Thing:
        """What stands in the file."""
        return {"hash": bytes.fromhex(self.hash), "n": self.n, "scope": self.scope}

    @classmethod
    def of(cls, thing: object) -> "Agreement":
        """Read it."""
        match thing:
            case {"hash": digest, "n": int(n), "scope": int(scope)}:
                return cls(hex_of(digest), n, scope)
            case _:
                raise Damaged("header: digest")
