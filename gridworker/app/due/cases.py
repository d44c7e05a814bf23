"""What is known of households, put together from rows for the rules that say when the next visit is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.codes_care import care_label
from gridworker.domain.issue_flow import IssueStatus, State, fold
from gridworker.domain.moments import local_day, moment
from gridworker.domain.return_visits import next_return
from gridworker.domain.visit_due import EFFECTIVE, Call, Care, Case, Reason, ReturnDue
from gridworker.domain.visit_policy import POLICIES

if TYPE_CHECKING:
    from gridworker.store.queries.open_issues import IssueFile, IssueRow
    from gridworker.store.queries.today import CallRow, CareRow, HouseRow

RETURNS_WITHIN = timedelta(days=120)
"""How far back a resolution may lie that is still asked about: a mediated dispute for 90 days, and then some."""

_URGENT = frozenset({"S1", "S2"})
_AFTER = (State.RESOLVED, State.ANSWERED, State.CLOSED)
_GUARDED = frozenset({"C2", "L1"})
"""Care groups of children: they are listed by their household, never by name (ui/ux.md 8)."""


class OpenIssue(NamedTuple):
    """An issue with the reading of its steps."""

    issue: "IssueRow"
    status: IssueStatus
    return_on: date | None = None


@dataclass
class Matters:
    """What issues ask of households."""

    returns: dict[int, list[ReturnDue]] = field(default_factory=dict)
    urgent: dict[int, list[datetime]] = field(default_factory=dict)
    issues: list[OpenIssue] = field(default_factory=list)


def matters_of(files: "Iterable[IssueFile]", *, listed: bool = True) -> Matters:
    """The return visits and urgent calls that issues ask for, by household. ``listed``: the issues themselves too."""
    found = Matters()
    for file in files:
        status = fold(file.steps)
        issue = OpenIssue(file.issue, status, _return_on(file.issue.track, status))
        if listed:
            found.issues.append(issue)
        household = file.issue.household
        if household is None:
            continue
        if issue.return_on is not None:
            due = ReturnDue(issue.return_on, file.issue.id, file.issue.track)
            found.returns.setdefault(household, []).append(due)
        if file.issue.severity in _URGENT and file.issue.visit is None and status.state.is_open:
            found.urgent.setdefault(household, []).append(moment(file.issue.reported_at))
    return found


def _return_on(track: str | None, status: IssueStatus) -> date | None:
    """The day of the next return visit. Closed without an answer, nobody waits for one any more."""
    planned = date.fromisoformat(status.planned_on) if status.planned_on else None
    if status.state not in _AFTER or status.resolved_at is None:
        return planned if status.state.is_open else None
    if status.state is State.CLOSED and not status.returned_at:
        return planned
    answered = [local_day(at) for at in status.returned_at]
    return next_return(track, local_day(status.resolved_at), answered, planned)


def case_of(
    house: "HouseRow", since: date, calls: "Sequence[CallRow]", cares: "Sequence[CareRow]", matters: Matters
) -> Case:
    """What is known of one household. ``calls`` newest first; those older than the rules look back are passed over."""
    urgent = matters.urgent.get(house.household, ())
    return Case(
        since=since,
        cares=tuple(
            Care(row.cadence or "V2", row.group, date.fromisoformat(row.start_on), row.arrangement) for row in cares
        ),
        calls=tuple(call_of(row) for row in reversed(calls if urgent else _lately(calls, house, cares))),
        returns=tuple(matters.returns.get(house.household, ())),
        urgent=tuple(urgent),
        wish=house.wish,
        new_tenant=house.rented,
        cadence=house.cadence,
    )


def _lately(calls: "Sequence[CallRow]", house: "HouseRow", cares: "Sequence[CareRow]") -> "Sequence[CallRow]":
    """Back to as many visits as a policy counts the doors of: three before the next for weekly care, else one."""
    asked = [row.cadence or "V2" for row in cares] + [house.cadence] * bool(house.cadence)
    left = max((POLICIES.get(code or "V2", POLICIES["V2"]).door_of - 1 for code in asked), default=1) or 1
    for place, call in enumerate(calls, start=1):
        left -= call.outcome in EFFECTIVE
        if not left:
            return calls[:place]
    return calls


def call_of(row: "CallRow") -> Call:
    """A visit or attempt as the rules take it."""
    agreed = date.fromisoformat(row.follow_up_on) if row.follow_up_on else None
    return Call(moment(row.at), row.outcome, row.channel or "door", agreed)


def care_behind(reason: Reason, cares: "Iterable[CareRow]") -> "CareRow | None":
    """The care membership a reason speaks of."""
    for row in cares:
        word = POLICIES.get(row.cadence or "V2", POLICIES["V2"]).word
        if reason.cadence == word and reason.group == care_label(row.group, row.arrangement):
            return row
    return None


def subject_of(house: "HouseRow", reason: Reason, cares: "Iterable[CareRow]") -> int | None:
    """Whom the visit is for: the resident in care it is about, else the head. Children stand behind their household."""
    care = care_behind(reason, cares) if reason.code == "care" else None
    if care is not None and care.resident is not None and care.group not in _GUARDED:
        return care.resident
    return house.head


def last_visit(calls: "Sequence[CallRow]", effective: Mapping[str, object] | frozenset[str]) -> "CallRow | None":
    """The newest call that counts as a visit; ``calls`` newest first."""
    return next((call for call in calls if call.outcome in effective), None)
