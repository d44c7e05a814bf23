"""Bundles as people see them: plain values, no bytes of anybody's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from gridworker.domain.moments import local_day
from gridworker.errors import Problem

if TYPE_CHECKING:
    from gridworker.sync.format.keys import PublicKeys

CHANGED = "changed"
"""Key in counts for records that were there before."""
FORMER, LATER = "former", "later"
"""Which life of the office a bundle was for or from, where it is not the present one: numbers begin anew with each."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What the office has not confirmed yet. ``counts``: records by kind name, and "changed"; ``records`` their sum.

    ``last`` is when a bundle last went or came. ``files``: photos and papers, and the bytes of them the office lacks.
    """

    records: int
    counts: Mapping[str, int]
    last_handed: datetime | None
    last: datetime | None
    oldest: datetime | None = None
    """When the oldest of what is counted was written."""
    files: int = 0
    files_size: int = 0

    def days(self, today: date) -> int:
        """For how many days the office has not confirmed it."""
        return max((today - local_day(self.oldest)).days, 0) if self.oldest else 0


@dataclass(frozen=True, slots=True)
class Trip:
    """One bundle, sent or received.

    ``state``: sent (no receipt yet), confirmed, merged, past (a later one counts), refused (it did not check there).
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
    off: int = 0
    """Seconds by which the clock of the laptop is ahead at least (less than 0: behind), as this bundle tells."""
    ahead: bool = False
    """The laptop says, and does not prove, that it had more from the office than there is."""
    ends: tuple[int, int] = (0, 0)
    """Devices, with their lives, of who wrote it and whom it is for."""
    elsewhere: bool = False
    """At the office: it is for a later life of the office than this computer's; see ``store.other_office``."""
    work: bool = False
    """People's work is in it, though all of it may lead back to what was before."""
    erased: int = 0
    """Records that are erased here and came changed: that has no effect, and they count as neither new nor changed."""
    forgotten: int = 0
    """New records about somebody who is erased here: they were not kept, and count as not new."""

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
    """What came of one file. ``again``: it had been taken in before. ``problem``: it was not taken in, and why.

    ``back``: it had been taken in before, and was taken back then.

    ``newer`` counts records and values of a newer version: kept and passed on, but not shown yet.
    """

    file: str
    trip: Trip | None = None
    again: bool = False
    conflicts: int = 0
    newer: int = 0
    problem: Problem | None = None
    back: datetime | None = None
    for_others: bool = False
    """It is for another computer, or most likely so."""
    left: str = ""
    """Why nobody here waits for a file that was not taken in, and what to do with it; empty where somebody may."""

    @property
    def name(self) -> str:
        """What its writer called it, whatever was added to that when it was copied; else what it is called."""
        from gridworker.sync.files.files import BundleName

        return str(BundleName.parse(self.file) or self.file)


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key for people to compare: ``digest`` is drawn as 25 windows; six words, a short fingerprint."""

    name: str
    digest: bytes
    words: tuple[str, ...]
    fingerprint: str

    @staticmethod
    def of(name: str, keys: "PublicKeys") -> "KeyCard":
        """The card of a computer of that name."""
        return KeyCard(name, keys.digest, keys.words, keys.fingerprint)


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
    lines: Sequence[Mapping[str, object]] = ()
    """The bundle op by op, where that was asked for: shown_ops.py."""
    erased: int = 0
    """Records that are erased here and come changed in it: that has no effect."""
    forgotten: int = 0
    """New records in it about somebody who is erased here: they are not kept."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bundle found on a stick that was not taken in yet: what is in it, or why it cannot be opened here."""

    file: str
    size: int
    shown: Shown | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A bundle that never came. ``written`` is when its sender wrote it, where a later one says so.

    ``covered``: what was in it came with a later one. ``office``: "" where it was for the office as it is now, or from
    it, else FORMER or LATER. ``came``: it did come then, and could not be read; its name is all that tells whose it is,
    and where that tells nothing ``laptop`` and ``n`` are None. ``laptop`` 0 is the office.
    """

    laptop: int | None
    n: int | None
    written: datetime | None
    covered: bool
    office: str = ""
    came: datetime | None = None


@dataclass(frozen=True, slots=True)
class AsideLot:
    """How many changes of one bundle wait that were set aside for one reason, and how many of them can be accepted."""

    bundle: str
    reason: str
    count: int
    acceptable: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """An op that was not applied: about which record, by whom, when, why (a code of ``gridworker.sync.judging.judge``).

    ``what``: create, edit, delete, ...; ``fields`` has what it would set, as people read it; ``ruling`` is None while
    it waits for the office's word, else refused, accepted or vouched.
    """

    id: str
    kind: str
    record: int
    caption: str
    what: str
    fields: Mapping[str, str]
    who: str
    laptop: int
    at: datetime
    reason: str
    bundle: str
    acceptable: bool
    ruling: str | None = None
    along: int = 0
    """How many others are accepted with it: the places it needs, a household's people."""
