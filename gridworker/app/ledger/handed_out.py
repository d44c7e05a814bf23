"""Whom a person has handed out of late: the cap is of people and not of files, so a list in slices is no way past it.

Kept are hashes of the records, not how many: the same list once more, in another form, takes nothing further out. What
the office approved is not counted. What was handed out counts for 24 hours that have really gone by, not until a
calendar says another day: a clock can be set. As long as the computer runs only the clock is believed that runs from
its start on and counts sleep; over another start the one on the wall, from the latest it ever showed here. So to set it
forward gives nothing, and who shuts the computer down for that each time leaves as many days too many in the audit.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from gridworker.errors import Denied
from gridworker.store.meta import HANDED_OUT

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.meta import Meta

COUNTS_FOR = 24 * 60 * 60
"""Seconds."""

_HEX = 12
_JUMP = 300
"""Seconds by which the clock on the wall was set on, from where on it is worth a write."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What everybody has handed out, by person and hash: when, in seconds that really went by.

    ``time`` is that clock as it stood last, when ``wall`` was the latest that the clock of the computer ever showed,
    and ``steady`` what had gone since its start ``boot``.
    """

    time: float = 0
    wall: float = 0
    steady: float = 0
    boot: str = ""
    marks: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, said: str, today: str, wall: float) -> Self:
        """As it is kept. What an older version kept of today counts from now on."""
        known = json.loads(said or "{}")
        if "marks" in known:
            return cls(**known)
        old = {who: dict.fromkeys(marks, wall) for who, marks in known.items() if who != "day"}
        return cls(time=wall, wall=wall, marks=old if known.get("day") == today else {})

    def at(self, wall: float, steady: float, boot: str) -> Self:
        """The same now: what counts no more is let go."""
        same_start = bool(boot) and boot == self.boot and steady >= self.steady
        gone = steady - self.steady if same_start else max(wall - self.wall, 0)
        time = self.time + gone if self.time else wall
        recent = {
            who: {mark: at for mark, at in marks.items() if time - at < COUNTS_FOR} for who, marks in self.marks.items()
        }
        kept = {who: marks for who, marks in recent.items() if marks}
        return type(self)(time, max(wall, self.wall), steady, boot, kept)

    def by(self, who: int) -> frozenset[str]:
        """What somebody has handed out."""
        return frozenset(self.marks.get(str(who), ()))

    def plus(self, who: int, more: Iterable[str]) -> Self:
        """With what somebody hands out now: what they did before counts from then on, as it did."""
        own = {**dict.fromkeys(more, self.time), **self.marks.get(str(who), {})}
        return type(self)(self.time, self.wall, self.steady, self.boot, {**self.marks, str(who): own})

    def written(self) -> str:
        """As it is kept."""
        return json.dumps({
            "time": self.time, "wall": self.wall, "steady": self.steady, "boot": self.boot, "marks": self.marks,
        })  # fmt: skip


def marks(kind: str, records: "Iterable[object]") -> frozenset[str]:
    """What is kept of records, or of whatever else tells one row from another."""
    return frozenset(hashlib.sha256(f"{kind} {record}".encode()).hexdigest()[:_HEX] for record in records)


def of_the_day(session: "Session", new: frozenset[str]) -> int:
    """How many it is with what the person at the keyboard handed out in the last 24 hours.

    A clock that was found set forward is remembered: else it would be believed after the next start of the computer.
    """
    from gridworker.store.meta import Meta

    with session.store.cursor() as cursor:
        before = _kept(session, Meta(cursor))
    now = _now(session, before)
    jumped = now.wall - before.wall - (now.time - before.time)
    if before.marks and jumped > _JUMP and not (session.read_only or session.is_office):
        with session.store.settings() as settings:
            settings.set(HANDED_OUT, now.written())
    return len(new | now.by(session.who))


def put_to_the_day(session: "Session", meta: "Meta", new: frozenset[str]) -> None:
    """On a laptop: it is handed out, in the transaction that puts it on record. The office has no cap."""
    if not session.is_office:
        meta.set(HANDED_OUT, _now(session, _kept(session, meta)).plus(session.who, new).written())


def too_many_today(cap: int, day: int) -> Denied:
    """What to say where a list alone would be within the cap."""
    return Denied(
        "Together with what was handed out in the last 24 hours these are {day} people or entries; up to {cap} in 24 "
        "hours leave a laptop without a code from the office.",
        cap=cap, day=day,
    )  # fmt: skip


def _kept(session: "Session", meta: "Meta") -> HandedOut:
    return HandedOut.of(meta.text(HANDED_OUT), session.today().isoformat(), session.now().timestamp())


def _now(session: "Session", before: HandedOut) -> HandedOut:
    return before.at(session.now().timestamp(), *session.steady())
