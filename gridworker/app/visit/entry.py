"""What a worker has filled in on a visit: plain values that go into the draft and come back as they were.

``seen`` holds the options picked under "Who was there": ``r123`` a resident of the household, ``family``,
``neighbour``; ``phone`` and its like say how; ``nobody`` and its like say why nobody was met.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from gridworker.domain.codes_need import NEED_KIND

FAMILY, NEIGHBOUR, PHONE, NOBODY = "family", "neighbour", "phone", "nobody"
CHANNELS = (PHONE, "video", "office", "street")
"""Options that say how people met; without one of them it was at the door."""
MISSED: Mapping[str, str] = {
    NOBODY: "nobody_home", "declined": "declined", "postponed": "postponed", "moved_away": "moved_away",
    "wrong_address": "wrong_address",
}  # fmt: skip
"""Options that stand alone, with the outcome each one is."""

PROPOSED, NO_DAY = "proposed", "none"
"""Values of ``next_on`` beside a day: as the visit plan has it; no next visit agreed."""


@dataclass(frozen=True, slots=True)
class HazardEntry:
    """An issue raised by a check. ``at`` is when the problem was seen: its clock runs from there.

    ``done``: dealt with on the spot, which is the first response. A problem without one of these is only marked.
    """

    title: str = ""
    severity: str = "S3"
    done: bool = False
    at: str = ""


NEED_KINDS = NEED_KIND
"""What a need may be about."""
NEED_LENGTH = 50
"""Characters that the title of a need has room for."""


@dataclass(frozen=True, slots=True)
class NeedEntry:
    """What somebody asked for on the visit; ``kind`` is a code of NEED_KIND."""

    title: str = ""
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """One visit as far as it is written. ``answers``: what residents said on return visits, by issue.

    ``part`` is where the cursor was, so that a form opens where it was left.
    """

    household: int
    started_at: str
    seen: tuple[str, ...] = ()
    purpose: str = "routine"
    checks: Mapping[str, str] = field(default_factory=dict)
    hazards: Mapping[str, HazardEntry] = field(default_factory=dict)
    answers: Mapping[int, str] = field(default_factory=dict)
    note: str = ""
    needs: tuple[NeedEntry, ...] = ()
    next_on: str = PROPOSED
    late_reason: str = ""
    part: str = ""

    @property
    def people(self) -> tuple[int, ...]:
        """The residents met."""
        return tuple(int(value[1:]) for value in self.seen if value[:1] == "r" and value[1:].isdigit())

    @property
    def channel(self) -> str:
        """How people met."""
        return next((value for value in self.seen if value in CHANNELS), "door")

    @property
    def missed(self) -> str:
        """The outcome where nobody was met, or ''."""
        return next((MISSED[value] for value in self.seen if value in MISSED), "")

    @property
    def has_checks(self) -> bool:
        """Whether there is something to look at: only at the door, and only when somebody opened it."""
        return self.channel == "door" and not self.missed

    def marked(self, check: str, mark: str, hazard: HazardEntry | None = None) -> "VisitEntry":
        """The same with one check answered; a problem with its issue."""
        hazards = {key: value for key, value in self.hazards.items() if key != check}
        if hazard is not None:
            hazards[check] = hazard
        return replace(self, checks={**self.checks, check: mark}, hazards=hazards)

    def to_fields(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return {**asdict(self), "answers": {str(issue): answer for issue, answer in self.answers.items()}}

    @staticmethod
    def from_fields(fields: Mapping[str, Any]) -> "VisitEntry":
        """A draft read again. What this version does not know is left out, what it misses is empty."""
        known = {name: fields[name] for name in VisitEntry.__dataclass_fields__ if name in fields}
        known["seen"] = tuple(known.get("seen", ()))
        known["needs"] = tuple(
            NeedEntry(**{name: value[name] for name in NeedEntry.__dataclass_fields__ if name in value})
            for value in known.get("needs", ())
        )
        known["answers"] = {int(issue): str(answer) for issue, answer in known.get("answers", {}).items()}
        known["hazards"] = {
            str(key): HazardEntry(**{name: value[name] for name in HazardEntry.__dataclass_fields__ if name in value})
            for key, value in known.get("hazards", {}).items()
        }
        return VisitEntry(**known)
