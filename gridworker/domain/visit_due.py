"""When a household is next called on, why, and whether it has to be at the door (domain.md 4.2).

The strictest policy wins. Being declined satisfies a schedule: nobody is forced. An attempt that met nobody is an
attempt, not a visit; two of them at different hours allow the phone.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from gridworker.domain.codes_care import care_label
from gridworker.domain.moments import local, local_day
from gridworker.domain.visit_policy import FIRST_VISIT_DAYS, POLICIES, RETRY_DAYS, RETURN, TENANT, URGENT, USUAL, Policy
from gridworker.text import Label

EFFECTIVE = frozenset({"met_person", "met_family", "declined"})
"""Outcomes that satisfy a schedule. All others are attempts."""


class Call(NamedTuple):
    """A visit or an attempt: moment, outcome and channel as stored, and the day agreed for the next one."""

    at: datetime
    outcome: str
    channel: str = "door"
    follow_up_on: date | None = None

    @property
    def is_effective(self) -> bool:
        """Whether it counts as a visit."""
        return self.outcome in EFFECTIVE


class Care(NamedTuple):
    """A care membership in force: codes as stored."""

    cadence: str
    group: str
    start_on: date
    living_arrangement: str | None = None


class ReturnDue(NamedTuple):
    """A return visit an issue of this household waits for; ``track`` is the issue's."""

    on: date
    issue: int
    track: str | None = None


class Case(NamedTuple):
    """What is known of a household when the question is asked.

    ``since``: the day it came on the books. ``urgent``: when S1 or S2 issues were reported, those found on a visit left
    out. ``calls`` in any order, back to the fourth last visit at least. ``cadence``: how often it arranged to be called
    on, beside what care asks for.
    """

    since: date
    cares: tuple[Care, ...] = ()
    calls: tuple[Call, ...] = ()
    returns: tuple[ReturnDue, ...] = ()
    urgent: tuple[datetime, ...] = ()
    wish: str | None = None
    new_tenant: bool = False
    cadence: str | None = None


class Reason(NamedTuple):
    """Why a visit is due, as it is printed. ``code``: care, own, return, urgent, first, tenant, usual, agreed."""

    code: str
    message: Label
    group: Label | None = None
    cadence: Label | None = None

    def __str__(self) -> str:
        """The chip in the current language."""
        return str(self.message).format(group=self.group or "", cadence=self.cadence or "")


class Due(NamedTuple):
    """The next visit. ``on`` is the day to go; ``since`` the day it was due first (an attempt moves only ``on``)."""

    on: date
    since: date
    policy: Policy
    reason: Reason
    at_the_door: bool = False
    also: tuple[Reason, ...] = ()
    """What else is due by then."""

    @property
    def latest(self) -> date:
        """The last day that still keeps the policy."""
        return self.since + timedelta(days=self.policy.grace_days)

    def overdue(self, today: date) -> int:
        """Days overdue; 0 while the day to go is still ahead."""
        return max(0, (today - self.since).days) if today >= self.on else 0

    def score(self, today: date) -> int:
        """Days overdue times the weight of the reason."""
        return self.overdue(today) * self.policy.weight


def next_visit(case: Case, today: date, policies: Mapping[str, Policy] = POLICIES) -> Due | None:
    """The next visit of a household, or None where none is wanted and nothing waits for one."""
    calls, _, missed = _called(case)
    found = all_visits(case, policies)
    if not found:
        return None
    due_now = [due for due in found if due.on <= today]
    best = _worst(due_now, today) if due_now else min(found, key=lambda due: (due.on, -due.policy.weight))
    until = max(today, best.on)
    others = [due for due in found if due is not best and due.on <= until]
    door = any(_at_the_door(case, due.policy, calls, missed) for due in (best, *others))
    also = tuple(due.reason for due in others if due.reason != best.reason)
    return best._replace(at_the_door=door, also=also)


def all_visits(case: Case, policies: Mapping[str, Policy] = POLICIES) -> list[Due]:
    """Everything that asks for a visit, each with its day, whatever day it is; the next visit is one of them."""
    calls, last, missed = _called(case)
    found = [_retried(due, missed) for due in _candidates(case, calls, last, policies)]
    if calls and (agreed := calls[-1].follow_up_on):
        found = _with_agreed(found, agreed, policies[USUAL], kept=calls[-1].is_effective)
    return found


def _called(case: Case) -> tuple[list[Call], Call | None, list[Call]]:
    """The calls in their order, the last visit among them, and the attempts since."""
    calls = sorted(case.calls, key=lambda call: call.at)
    last = next((call for call in reversed(calls) if call.is_effective), None)
    return calls, last, [call for call in calls if not call.is_effective and (last is None or call.at > last.at)]


def _worst(dues: list[Due], today: date) -> Due:
    return max(dues, key=lambda due: (due.score(today), due.policy.weight))


def _candidates(case: Case, calls: list[Call], last: Call | None, policies: Mapping[str, Policy]) -> list[Due]:
    found = [*_events(case, calls, policies)]
    if case.wish != "not_wanted":
        found += _scheduled(case, last, policies)
    return found


def _events(case: Case, calls: list[Call], policies: Mapping[str, Policy]) -> Iterator[Due]:
    """Return visits, and urgent issues nobody has come to the door for since."""
    for due in case.returns:
        message = Label("After mediation") if due.track == "F2" else Label("Return visit")
        yield Due(due.on, due.on, policies[RETURN], Reason("return", message))
    seen = max((call.at for call in calls if call.is_effective and call.channel == "door"), default=None)
    for at in case.urgent:
        if seen is None or seen < at:
            day = local_day(at + timedelta(days=policies[URGENT].interval_days))
            yield Due(day, day, policies[URGENT], Reason("urgent", policies[URGENT].word))


def _scheduled(case: Case, last: Call | None, policies: Mapping[str, Policy]) -> Iterator[Due]:
    """What the policies ask for: each care and a cadence of its own, else the one for tenants or for everybody."""
    visited = local_day(last.at) if last else None
    begun = max(visited or case.since, case.since)
    for care in case.cares:
        policy = policies.get(care.cadence, policies["V2"])
        day = max(visited or care.start_on, care.start_on) + timedelta(days=policy.interval_days)
        label = care_label(care.group, care.living_arrangement)
        yield Due(day, day, policy, Reason("care", Label("{group} · {cadence}"), label, policy.word))
    if case.cadence:
        policy = policies.get(case.cadence, policies["V2"])
        day = begun + timedelta(days=policy.interval_days)
        yield Due(day, day, policy, Reason("own", Label("As arranged · {cadence}"), cadence=policy.word))
    if case.new_tenant and visited is None:
        day = case.since + timedelta(days=FIRST_VISIT_DAYS)
        yield Due(day, day, policies[TENANT], Reason("first", Label("First visit")))
    elif not case.cares and not case.cadence:
        policy = policies[TENANT if case.new_tenant else USUAL]
        day = begun + timedelta(days=policy.interval_days)
        yield Due(day, day, policy, Reason("tenant" if case.new_tenant else "usual", policy.word))


def _with_agreed(found: list[Due], agreed: date, usual: Policy, *, kept: bool) -> list[Due]:
    """The day agreed last time; ``kept``: on a visit, not after an attempt.

    Within the grace of a policy it stands for the policy's day; earlier it is one more.
    """
    moved = [
        due._replace(on=agreed, since=agreed) if kept and due.since <= agreed <= due.latest else due for due in found
    ]
    if any(due.on == agreed for due in moved):
        return moved
    policy = max(
        (due.policy for due in found if due.reason.code in {"care", "own"}), key=lambda p: p.weight, default=usual
    )
    return [*moved, Due(agreed, agreed, policy._replace(grace_days=0), Reason("agreed", Label("Agreed last time")))]


def _retried(due: Due, missed: list[Call]) -> Due:
    """After an attempt the next one is on the day agreed, else two days later; what was due first stays known."""
    if not missed:
        return due
    again = missed[-1].follow_up_on or local_day(missed[-1].at) + timedelta(days=RETRY_DAYS)
    return due._replace(on=again) if due.on <= again else due


def _at_the_door(case: Case, policy: Policy, calls: list[Call], missed: list[Call]) -> bool:
    if case.wish in {"phone_only", "not_wanted"} or not policy.door_needed:
        return False
    if len({local(call.at).hour for call in missed}) > 1:
        return False
    before = [call for call in calls if call.is_effective][1 - policy.door_of :] if policy.door_of > 1 else []
    return sum(call.channel == "door" for call in before) < policy.door_needed
