"""Bundles as people see them: plain values, no bytes of anybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gridworker.errors import Problem

CHANGED = "changed"
"""Key in counts for records that were there before."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What the office has not confirmed yet. ``counts``: records by kind name, and "changed"; ``records`` their sum.

    ``last`` is when a bundle last went or came. ``files``: photos and papers, and the bytes of them the office lacks.
    """

    records: int
    counts: Mapping[str, int]
    last_handed: datetime | None
    last_confirmed: datetime | None
    last: datetime | None
    files: int = 0
    files_size: int = 0


@dataclass(frozen=True, slots=True)
class Trip:
    """One bundle, sent or received. ``state``: sent (no receipt yet), confirmed, merged, past (a later one counts).

    ``missing`` are numbers before it that never came; where there is a ``gap`` their content is missing too.
    """

    hash: str
    file: str
    outgoing: bool
    peer: int
    n: int
    at: datetime
    written: str
    state: str
    counts: Mapping[str, int]
    ops: int
    aside: int
    missing: tuple[int, ...]
    gap: bool
    forked: bool
    batch: int | None

    @property
    def new(self) -> int:
        """Records it brought that were not there before."""
        return sum(count for name, count in self.counts.items() if name != CHANGED)

    @property
    def changed(self) -> int:
        """Records it changed."""
        return self.counts.get(CHANGED, 0)

    @property
    def records(self) -> int:
        """New and changed ones."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of one file. ``again``: it had been taken in before. ``problem``: it was not taken in, and why."""

    file: str
    trip: Trip | None = None
    again: bool = False
    conflicts: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key for people to compare: ``digest`` is drawn as 25 windows; six words, a short fingerprint."""

    name: str
    digest: bytes
    words: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a bundle says of itself to the one it is for."""

    purpose: str
    sender: int
    n: int
    written: str
    ops: int
    counts: Mapping[str, int]
    hash: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bundle found on a stick that was not taken in yet: what is in it, or why it cannot be opened here."""

    file: str
    size: int
    shown: Shown | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """An op that was not applied: about which record, by whom, when, and why (a code of ``gridworker.sync.judge``)."""

    kind: str
    record: int
    who: str
    at: datetime
    reason: str
    bundle: str
