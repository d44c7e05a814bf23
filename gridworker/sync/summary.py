"""What this device remembers of a bundle beside its file: counts to show, and what a receipt will confirm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from gridworker.sync.format import canonical

CAP = 16 * 1024 * 1024
_SMALL = 2048
"""Bytes of one that is remembered as read."""
MAX_THINGS = 1_000_000
"""Nearly all of them are records that enter and leave with one bundle."""


@dataclass(frozen=True, slots=True)
class Summary:
    """``counts``: records by kind name. ``upto``: stream number a reply reaches. ``marks``: own clks, one per life.

    Of a laptop's bundle that came, ``marks`` are clks in it that nothing else tells of: not its header, or not the log.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    ops: int = 0
    upto: int = 0
    marks: tuple[int, ...] = ()
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    aside: int = 0
    conflicts: int = 0
    missing: tuple[int, ...] = ()
    forked: bool = False
    gap: bool = False
    off: int = 0
    """Seconds by which the laptop's clock is ahead at least (less than 0: behind), as this bundle tells: drift.py."""
    ahead: bool = False
    """See Standing."""
    work: bool = False
    """Whether people's work is in it, though all of it may lead back to what was before and so count as nothing."""
    too_large: tuple[int, ...] = ()
    """Of a reply: records that alone are more than any holds, and so reach this laptop with none."""
    erased: int = 0
    """Records that were erased, of which nothing came but edits that had not seen it: they change nothing."""
    forgotten: int = 0
    """Records that were made without knowing that who they are about was erased: they were erased when they came."""

    def pack(self) -> bytes:
        """As bytes, for the store."""
        return canonical.pack({
            "counts": dict(self.counts), "ops": self.ops, "upto": self.upto, "marks": list(self.marks),
            "enter": list(self.enter), "leave": list(self.leave), "aside": self.aside, "conflicts": self.conflicts,
            "missing": list(self.missing), "forked": int(self.forked), "gap": int(self.gap),
            "off": self.off, "ahead": int(self.ahead), "work": int(self.work),
            "erased": self.erased, "forgotten": self.forgotten, "too_large": list(self.too_large),
        })  # fmt: skip

    @classmethod
    def parse(cls, data: bytes | None) -> "Summary":
        """Read what ``pack`` gave; an empty one for a bundle that has none."""
        if data is None:
            return cls()
        return _parsed(data) if len(data) <= _SMALL else _read(data)


@lru_cache(maxsize=512)
def _parsed(data: bytes) -> Summary:
    """A small one, once: each bundle that comes is held against hundreds before it."""
    return _read(data)


def _read(data: bytes) -> Summary:
    things = canonical.unpack_map(data, CAP, MAX_THINGS)
    counts = things.get("counts")
    return Summary(
        {name: _int(count) for name, count in counts.items()} if isinstance(counts, dict) else {},
        _int(things.get("ops")), _int(things.get("upto")), _ints(things.get("marks")), _ints(things.get("enter")),
        _ints(things.get("leave")), _int(things.get("aside")), _int(things.get("conflicts")),
        _ints(things.get("missing")), bool(things.get("forked")), bool(things.get("gap")),
        _int(things.get("off")), bool(things.get("ahead")), bool(things.get("work", counts)),
        _ints(things.get("too_large")), _int(things.get("erased")), _int(things.get("forgotten")),
    )  # fmt: skip


def _int(thing: canonical.Thing) -> int:
    return thing if isinstance(thing, int) else 0


def _ints(things: canonical.Thing) -> tuple[int, ...]:
    return tuple(map(_int, things)) if isinstance(things, list) else ()
