"""How an issue stands, in so few words that all open ones are at hand at once, and whatever the hour is.

What its limits are is told as moments, not as time left: a list of tens of thousands is put in order once, and what is
late is told by the clock.
"""

from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import repeat
from typing import Any, NamedTuple

import msgpack

from gridworker.app.issue.case import CLOSED, RETURN, WAITING, IssueCase
from gridworker.app.long_sort import ID
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

VERSION = 6
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


def packed(standings: Iterable[Standing]) -> list[bytes]:
    """Standings to be kept: numbers, days and codes; the fields one by one."""
    return [_packed(values) for values in zip(*standings, strict=True)]


class Columns:
    """What ``packed`` made; a field is unpacked when somebody asks for it.

    A list of tens of thousands is put together from four of the nine: to make an object of each took a quarter of its
    time, and five megabytes.
    """

    def __init__(self, fields: Sequence[bytes]) -> None:
        self._fields = dict(zip(Standing._fields, fields, strict=bool(fields)))
        self._known: dict[str, Sequence[Any]] = {}

    def of(self, name: str) -> Sequence[Any]:
        """A field of all of them, in their order."""
        if name not in self._known:
            self._known[name] = _unpacked(self._fields[name]) if self._fields else ()
        return self._known[name]

    def all(self) -> list[Standing]:
        """All of them; ``Standing._make`` takes twice as long of tens of thousands, and checks what needs none."""
        return list(map(tuple.__new__, repeat(Standing), zip(*map(_unpacked, self._fields.values()), strict=True)))


def _packed(values: Sequence[Any]) -> bytes:
    """A field of all: where it has few values, these and by a byte which; each is there once when it is unpacked."""
    few = {value: at for at, value in enumerate(dict.fromkeys(values))}
    told: tuple[object, object]
    if len(few) <= _BYTE:
        told = list(few), bytes(map(few.__getitem__, values))
    elif all(isinstance(value, int) for value in few):
        told = None, array(ID, values).tobytes()
    else:
        told = [], values
    body: bytes = msgpack.packb(told)
    return body


def _unpacked(body: bytes) -> Sequence[Any]:
    few, values = msgpack.unpackb(body)
    if few is None:
        numbers = array(ID)
        numbers.frombytes(values)
        return numbers
    return list(map(few.__getitem__, values)) if few else list(values)
