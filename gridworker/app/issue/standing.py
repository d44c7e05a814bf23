"""How an issue stands, in so few words that all open ones are at hand at once, and whatever the hour is.

What its limits are is told as moments, not as time left: a list of tens of thousands is put in order once, and what is
late is told by the clock.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import repeat
from typing import NamedTuple

import msgpack

from gridworker.app.issue.case import CLOSED, RETURN, WAITING, IssueCase
from gridworker.domain.deadline import AMBER_FROM
from gridworker.domain.issue_flow import State
from gridworker.domain.moments import CHINA
from gridworker.store.queries.issues import IssueFile

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _TICK
_ANY_TIME = datetime(1, 1, 1, tzinfo=UTC)
NEVER = 1 << 62
_BYTE = 256

VERSION = 5
"""Of what a standing says of an issue, and how: raised with either."""


class Standing(NamedTuple):
    """An issue that is not surely closed. ``soon`` and ``late``: from which moment on a limit is close, and is over.

    ``order`` sorts what is to be done first within a part; ``since`` is the step that brought its state about.
    """

    order: str
    issue: int
    part: str
    track: str | None
    building: int | None
    reported_at: str
    soon: int
    late: int
    since: int

    def is_late(self, at: int) -> bool:
        """Whether a person is waiting longer than was promised, as ``IssueCase.is_late``."""
        return at >= self.late

    def is_soon(self, at: int) -> bool:
        """Whether a limit is close."""
        return self.soon <= at < self.late


def tick_of(at: datetime) -> int:
    """A moment as a standing tells it."""
    return (at - _EPOCH) // _TICK


def standing_of(file: IssueFile) -> Standing:
    """How an issue with its steps stands."""
    case = IssueCase(file, _EPOCH)
    row, part = case.row, case.part
    soon, late = _limits(case)
    return Standing(
        _order(case), row.id, part, row.track, row.building, row.reported_at, soon, late, case.status.since or 0
    )


def _limits(case: IssueCase) -> tuple[int, int]:
    if case.part == WAITING:
        limit = case.deadline
        return tick_of(limit.start + limit.limit * AMBER_FROM), tick_of(limit.due) + 1
    if case.part == RETURN and case.return_on is not None:
        midnight = tick_of(datetime.combine(case.return_on, time(), CHINA))
        return midnight, midnight + _DAY
    return NEVER, NEVER


def _order(case: IssueCase) -> str:
    """Who has been waiting longest for the first action; else what is ready to close, not on hold, by its day."""
    row = case.row
    if case.part == CLOSED:
        return ""
    if case.part == WAITING:
        return f"{(case.deadline.due - _ANY_TIME) // _TICK:020d}{row.severity or ''}"
    held = case.status.state is State.SUSPENDED
    day = (case.look_again_on if held else case.return_on) or date.max
    ready = case.status.may_close
    return f"{not ready:d}{held:d}{day.isoformat()}{row.severity or ''} {row.reported_at}"


def packed(standings: Iterable[Standing]) -> bytes:
    """Standings to be kept: numbers, days and codes; a list for each field, which are soon unpacked again."""
    body: bytes = msgpack.packb([_column(values) for values in zip(*standings, strict=True)])
    return body


def unpacked(body: bytes) -> list[Standing]:
    """What ``packed`` made; ``Standing._make`` takes twice as long of tens of thousands, and checks what needs none."""
    columns = [map(few.__getitem__, values) if few else values for few, values in msgpack.unpackb(body)]
    return list(map(tuple.__new__, repeat(Standing), zip(*columns, strict=True)))


def _column(values: Sequence[object]) -> tuple[list[object], bytes | Sequence[object]]:
    """A field of all: where it has few values, these and by a byte which; each is there once when it is unpacked."""
    few = {value: at for at, value in enumerate(dict.fromkeys(values))}
    return (list(few), bytes(map(few.__getitem__, values))) if len(few) <= _BYTE else ([], values)
