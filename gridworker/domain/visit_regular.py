"""The next visit of a household of which nothing special speaks: the shortest way to the answer of the rules.

Most households agreed on no other day last time and have no issue open. Their next visit follows from the last one,
from an attempt since, and from how often each care, or else the rule for everybody, asks for one;
``visit_due.next_visit`` says the same of them, with more words (domain.md 4.2).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from gridworker.domain.moments import local_day
from gridworker.domain.visit_policy import FIRST_VISIT_DAYS, POLICIES, RETRY_DAYS, RETURN, TENANT, URGENT, USUAL, Policy


class Regular(NamedTuple):
    """``on``, ``since`` and the weight of the reason, as in ``visit_due.Due``."""

    on: date
    since: date
    weight: int

    def overdue(self, today: date) -> int:
        """Days overdue; 0 while the day to go is still ahead."""
        return max(0, (today - self.since).days) if today >= self.on else 0

    def score(self, today: date) -> int:
        """Days overdue times the weight of the reason."""
        return self.overdue(today) * self.weight


class Called(NamedTuple):
    """The day of the last visit, and of the last attempt if that was later; None where there was none."""

    visited: date | None = None
    missed: date | None = None


def regular_visit(
    cares: Iterable[tuple[str | None, date]], called: Called, today: date, policies: Mapping[str, Policy] = POLICIES
) -> Regular:
    """The next visit. ``cares``: cadence and first day of each that is in force, at least one."""
    return first_of(regular_visits(cares, called, policies), today)


def regular_visits(
    cares: Iterable[tuple[str | None, date]], called: Called, policies: Mapping[str, Policy] = POLICIES
) -> list[Regular]:
    """What each care asks for, whatever day it is."""
    return [_next(policies.get(cadence or "V2", policies["V2"]), start, called) for cadence, start in cares]


def return_visit(on: date, called: Called, policies: Mapping[str, Policy] = POLICIES) -> Regular:
    """The return visit that an issue of a household asks for on a day."""
    return _after_attempt(policies[RETURN], on, called)


def urgent_visit(at: datetime, called: Called, policies: Mapping[str, Policy] = POLICIES) -> Regular:
    """The call that an urgent issue asks for, reported at a moment."""
    policy = policies[URGENT]
    return _after_attempt(policy, local_day(at + timedelta(days=policy.interval_days)), called)


def first_of(found: Sequence[Regular], today: date) -> Regular:
    """The visit to make next of several, at least one: the worst of those that are due, else the next."""
    if len(found) == 1:
        return found[0]
    due = [one for one in found if one.on <= today]
    if due:
        return max(due, key=lambda one: (one.score(today), one.weight))
    return min(found, key=lambda one: (one.on, -one.weight))


def usual_visit(since: date, called: Called, *, rented: bool, policies: Mapping[str, Policy] = POLICIES) -> Regular:
    """The next visit of a household without care. ``since``: the day it came on the books; ``rented``: of tenants."""
    policy = policies[TENANT if rented else USUAL]
    if rented and called.visited is None:
        policy = policy._replace(interval_days=FIRST_VISIT_DAYS)
    return _next(policy, since, called)


def _next(policy: Policy, start: date, called: Called) -> Regular:
    return _after_attempt(policy, max(called.visited or start, start) + timedelta(days=policy.interval_days), called)


def _after_attempt(policy: Policy, day: date, called: Called) -> Regular:
    again = called.missed + timedelta(days=RETRY_DAYS) if called.missed else day
    return Regular(max(day, again), day, policy.weight)
