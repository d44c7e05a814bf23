"""One issue as the rules see it: its state, the clock of its first action, the day somebody asks again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

from gridworker.domain.deadline import Deadline, Light, first_action
from gridworker.domain.issue_flow import IssueStatus, State, fold
from gridworker.domain.moments import local_day, moment
from gridworker.domain.return_visits import next_return
from gridworker.store.queries.issues import IssueFile, IssueRow

T = TypeVar("T")

WAITING, HANDLING, RETURN, CLOSED = "waiting", "handling", "return", "closed"
"""What is to be done: respond, handle, ask the resident, nothing."""

PARTS = (WAITING, HANDLING, RETURN)
_RETURN = frozenset({State.RESOLVED, State.ANSWERED})


class Kept(Generic[T]):
    """What is worked out when it is first asked for. Python's own takes a lock each time: half of what a list takes."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __get__(self, case: Any, _owner: type | None = None) -> T:
        found = case.__dict__[self._work.__name__] = self._work(case)
        return found


@dataclass(frozen=True)
class IssueCase:
    """An issue, the reading of its steps, and what follows from both at a moment."""

    file: IssueFile
    now: datetime

    @Kept
    def row(self) -> IssueRow:
        """The issue as stored."""
        return self.file.issue

    @Kept
    def status(self) -> IssueStatus:
        """How far it has come."""
        return fold(self.file.steps)

    @Kept
    def part(self) -> str:
        """Which of the four parts of the list it stands in."""
        state = self.status.state
        if not state.is_open:
            return CLOSED
        if state is State.REPORTED:
            return WAITING
        return RETURN if state in _RETURN else HANDLING

    @Kept
    def today(self) -> date:
        """The day it is here."""
        return local_day(self.now)

    @Kept
    def deadline(self) -> Deadline:
        """The limit of the first action, running or met."""
        met = self.status.first_action_at
        start, done = moment(self.row.reported_at), moment(met) if met else None
        return first_action(self.row.track, start, done, on_site=bool(self.row.on_site))

    @property
    def left(self) -> timedelta:
        """Time left for the first action; what was left when it was met."""
        return self.deadline.left(self.now)

    @Kept
    def light(self) -> Light:
        """How the first action stands."""
        return self.deadline.light(self.now)

    @Kept
    def return_on(self) -> date | None:
        """The day of the next return visit: the one planned, else by the rule once it is resolved."""
        planned = date.fromisoformat(self.status.planned_on) if self.status.planned_on else None
        if self.part != RETURN or self.status.resolved_at is None:
            return planned
        answered = [local_day(at) for at in self.status.returned_at]
        return next_return(self.row.track, local_day(self.status.resolved_at), answered, planned)

    @property
    def look_again_on(self) -> date | None:
        """The day an issue on hold is looked at again."""
        since = next((step for step in self.file.steps if step.id == self.status.since), None)
        return date.fromisoformat(since.due_on) if since is not None and since.due_on else None

    @property
    def passed_to(self) -> str:
        """Whom it was passed on to last."""
        return self.file.orgs.get(self.status.since or 0, "")

    def is_late(self) -> bool:
        """Whether a person is waiting longer than was promised: for the first action or for the return visit."""
        if self.part == WAITING:
            return self.light is Light.RED
        return self.part == RETURN and self.return_on is not None and self.return_on < self.today

    def is_soon(self) -> bool:
        """Whether a limit is close."""
        if self.part == WAITING:
            return self.light is Light.AMBER
        return self.part == RETURN and self.return_on == self.today

    def urgency(self) -> tuple[object, ...]:
        """What to do first within a part: sort by it."""
        if self.part == WAITING:
            return (self.left, self.row.severity)
        held = self.status.state is State.SUSPENDED
        day = self.look_again_on if held else self.return_on
        ready = self.status.may_close
        return (not ready, held, day or date.max, self.row.severity, self.row.reported_at)
