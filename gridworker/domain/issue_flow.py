"""How far an issue has come: the fold of its steps (domain.md 3.5, sync.md 3).

Two laptops may each add steps; the fold gives one state for the same set of steps, whatever order they came in. A step
that would take an issue *back* counts only if its author had seen what it takes back, except a resident's "not
satisfied": that reopens whatever else was done meanwhile. A step that does not fit changes nothing and is listed in
``IssueStatus.unapplied`` for the office to look at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from gridworker.domain.issue_steps import Step, in_order, saw
from gridworker.text import Label

CONTACTS_TO_CLOSE = 3
"""Return visits that reached nobody after which an issue may be closed without an answer."""


class State(Enum):
    """Where an issue stands, on the way reported, first response, handling, return visit, closed."""

    REPORTED = "reported"
    RESPONDED = "responded"
    HANDLING = "handling"
    REFERRED = "referred"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"

    @property
    def label(self) -> Label:
        """The state in words."""
        return _LABELS[self]

    @property
    def done(self) -> int:
        """How many of the five segments are done, 1 to 5; the next one is the current one."""
        return _DONE[self]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self is not State.CLOSED and self is not State.REJECTED


_LABELS = MappingProxyType({
    State.REPORTED: Label("Waiting for a first response"),
    State.RESPONDED: Label("In progress"),
    State.HANDLING: Label("In progress"),
    State.REFERRED: Label("Passed on"),
    State.SUSPENDED: Label("On hold"),
    State.RESOLVED: Label("Waiting for the return visit"),
    State.ANSWERED: Label("Ready to close"),
    State.CLOSED: Label("Closed"),
    State.REJECTED: Label("Not taken on"),
})  # fmt: skip
_DONE = MappingProxyType({
    State.REPORTED: 1, State.RESPONDED: 2, State.HANDLING: 2, State.REFERRED: 2, State.SUSPENDED: 2,
    State.RESOLVED: 3, State.ANSWERED: 4, State.CLOSED: 5, State.REJECTED: 5,
})  # fmt: skip

_States: TypeAlias = tuple[State, ...]
"""States to look one up in: among so few a tuple is quicker than a set, and Today folds thousands of issues."""

_BEFORE_RESOLVED: _States = (State.REPORTED, State.RESPONDED, State.HANDLING, State.REFERRED, State.SUSPENDED)
_RESPONDED = _BEFORE_RESOLVED[1:]
_AFTER_RESOLVED: _States = (State.RESOLVED, State.ANSWERED, State.CLOSED)

_FORWARD: Mapping[str, tuple[_States, State]] = MappingProxyType({
    "first_response": ((State.REPORTED,), State.RESPONDED),
    "handle": (_BEFORE_RESOLVED, State.HANDLING),
    "refer": (_BEFORE_RESOLVED, State.REFERRED),
    "suspend": (_RESPONDED, State.SUSPENDED),
    "resolve": (_BEFORE_RESOLVED, State.RESOLVED),
    "reject": ((State.REPORTED, State.RESPONDED), State.REJECTED),
})  # fmt: skip
"""Action: the states it starts from and the one it leads to."""

_BACK: Mapping[str, _States] = MappingProxyType({
    "handle": (State.RESOLVED, State.ANSWERED),
    "reopen": (State.RESOLVED, State.ANSWERED, State.CLOSED, State.REJECTED),
})  # fmt: skip
"""Actions that take an issue back to handling, and from where."""

STANDING = frozenset({"report", "note", "accept", "assign", "verify", "schedule_return"})
"""Actions that leave the state as it is: with these alone an issue is as it was reported, whatever is planned."""

FIRST_ACTIONS = frozenset({"first_response", "handle", "refer", "resolve"})
"""What counts as the first action."""


def may_close(state: State, failed_contacts: int) -> bool:
    """Whether an issue in a state may be closed, after so many return visits that reached nobody."""
    return state is State.ANSWERED or (state is State.RESOLVED and failed_contacts >= CONTACTS_TO_CLOSE)


class IssueStatus(NamedTuple):
    """The reading of an issue's steps. Moments and days are as stored."""

    state: State = State.REPORTED
    since: int | None = None
    """The step that brought the state about."""
    first_action_at: str | None = None
    resolved_at: str | None = None
    resolved_by: int | None = None
    closed_at: str | None = None
    planned_on: str | None = None
    """The day of a return visit somebody planned and nobody has made."""
    returned_at: tuple[str, ...] = ()
    """Return visits with an answer since it was resolved."""
    failed_contacts: int = 0
    satisfaction: str | None = None
    reopened: int = 0
    order: tuple[int, ...] = ()
    unapplied: tuple[int, ...] = ()

    @property
    def may_close(self) -> bool:
        """Closing needs a return visit with an answer, or three that reached nobody."""
        return may_close(self.state, self.failed_contacts)


_NOTHING_YET = IssueStatus()


@dataclass(slots=True)
class _Fold:
    """The status as it grows, step by step; its fields are those of ``IssueStatus``."""

    known: Mapping[int, Step]
    state: State = State.REPORTED
    since: int | None = None
    first_action_at: str | None = None
    resolved_at: str | None = None
    resolved_by: int | None = None
    closed_at: str | None = None
    planned_on: str | None = None
    returned_at: tuple[str, ...] = ()
    failed_contacts: int = 0
    satisfaction: str | None = None
    reopened: int = 0
    unapplied: list[int] = field(default_factory=list)
    asked_who_saw: bool = False
    """Whether it depends on more than what was done in which order: on what somebody had seen."""

    def take(self, step: Step) -> None:
        """Let one step do what it can."""
        if self.first_action_at is None and step.action in FIRST_ACTIONS:
            self.first_action_at = step.at
        if not self._take(step):
            self.unapplied.append(step.id)

    def status(self, ordered: Sequence[Step]) -> IssueStatus:
        """The reading of all steps that were taken."""
        return IssueStatus(
            self.state, self.since, self.first_action_at, self.resolved_at, self.resolved_by, self.closed_at,
            self.planned_on, self.returned_at, self.failed_contacts, self.satisfaction, self.reopened,
            order=tuple([step.id for step in ordered]), unapplied=tuple(self.unapplied),
        )  # fmt: skip

    def _take(self, step: Step) -> bool:
        if step.action == "schedule_return":
            self.planned_on = step.due_on
        if step.action in STANDING:
            return True
        if step.action == "return_visit":
            return self._return_visit(step)
        if step.action == "close":
            return self._close(step)
        return self._move(step)

    def _move(self, step: Step) -> bool:
        starts, leads = _FORWARD.get(step.action, ((), self.state))
        if self.state in starts:
            self._enter(leads, step)
            if leads is State.RESOLVED:
                self.resolved_at, self.resolved_by = step.at, step.actor_id
                self.returned_at, self.failed_contacts = (), 0
            return True
        if self.state in _BACK.get(step.action, ()) and (self.since is None or self._saw(step)):
            self._reopen(step)
            return True
        return step.action == "first_response"

    def _return_visit(self, step: Step) -> bool:
        if self.state not in _AFTER_RESOLVED:
            return self.reopened > 0
        if step.satisfaction in {None, "0"}:
            self.failed_contacts += 1
            return True
        self.satisfaction, self.planned_on = step.satisfaction, None
        self.returned_at = (*self.returned_at, step.at)
        if step.satisfaction == "1":
            self._reopen(step)
        elif self.state is State.RESOLVED:
            self._enter(State.ANSWERED, step)
        return True

    def _close(self, step: Step) -> bool:
        if self.state is State.CLOSED:
            return True
        if not may_close(self.state, self.failed_contacts):
            return False
        self._enter(State.CLOSED, step)
        self.closed_at = step.at
        return True

    def _reopen(self, step: Step) -> None:
        self._enter(State.HANDLING, step)
        self.reopened += 1
        self.closed_at = None

    def _enter(self, state: State, step: Step) -> None:
        if state is not self.state:
            self.state, self.since = state, step.id

    def _saw(self, step: Step) -> bool:
        self.asked_who_saw = True
        return self.since is not None and saw(step, self.since, self.known)


def fold(steps: Iterable[Step]) -> IssueStatus:
    """The status of an issue from all its steps, in any order."""
    ordered = in_order(steps)
    if not ordered:
        return _NOTHING_YET
    way = _folded_way(tuple([(step.action, step.satisfaction) for step in ordered]))
    return _folded(ordered).status(ordered) if way is None else _on_the_way(way, ordered)


def _folded(ordered: Sequence[Step]) -> _Fold:
    folding = _Fold({step.id: step for step in ordered})
    for step in ordered:
        folding.take(step)
    return folding


@lru_cache(maxsize=1024)
def _folded_way(way: tuple[tuple[str, str | None], ...]) -> IssueStatus | None:
    """The fold of what was done, whoever did it and when: thousands of issues go a few ways, and each is folded once.

    Steps, moments, days and people are told by their places in it. None where it matters who had seen what.
    """
    places = [
        Step(at, action, at=str(at), actor_id=at, due_on=str(at), satisfaction=satisfaction)
        for at, (action, satisfaction) in enumerate(way)
    ]
    folding = _folded(places)
    return None if folding.asked_who_saw else folding.status(places)


def _on_the_way(way: IssueStatus, steps: Sequence[Step]) -> IssueStatus:
    """The status of steps that go a way: what stands at the places it tells."""
    (
        state, since, first_action_at, resolved_at, resolved_by, closed_at, planned_on, returned_at, failed,
        satisfaction, reopened, _, unapplied,
    ) = way  # fmt: skip
    return IssueStatus(
        state,
        None if since is None else steps[since].id,
        _at(first_action_at, steps),
        _at(resolved_at, steps),
        None if resolved_by is None else steps[resolved_by].actor_id,
        _at(closed_at, steps),
        None if planned_on is None else steps[int(planned_on)].due_on,
        tuple([steps[int(at)].at for at in returned_at]),
        failed,
        satisfaction,
        reopened,
        tuple([step.id for step in steps]),
        tuple([steps[at].id for at in unapplied]),
    )


def _at(place: str | None, steps: Sequence[Step]) -> str | None:
    return None if place is None else steps[int(place)].at
