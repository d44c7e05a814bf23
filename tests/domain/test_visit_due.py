"""When a household is next called on, why, and in what order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.codes_visit import CHANNEL, OUTCOME
from gridworker.domain.today_order import Entry, Place, Section, by_priority, by_route, section_of
from gridworker.domain.visit_due import Call, Care, Case, Due, Reason, ReturnDue, next_visit
from gridworker.domain.visit_policy import POLICIES
from gridworker.text import Label

TODAY = date(2026, 3, 18)
LONG_AGO = date(2025, 1, 1)


def on(day: int, hour: int = 2, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def weekly(start: date = LONG_AGO) -> Care:
    return Care("V1", "C3", start, "2")


def monthly(start: date = LONG_AGO) -> Care:
    return Care("V2", "C4", start)


def due(case: Case) -> Due:
    found = next_visit(case, TODAY)
    assert found is not None
    return found


def test_weekly_care_nine_days_ago_is_two_days_overdue() -> None:
    found = due(Case(LONG_AGO, (weekly(),), (Call(on(9), "met_person"),)))
    assert (found.on, found.overdue(TODAY), found.score(TODAY)) == (date(2026, 3, 16), 2, 10)
    assert str(found.reason) == "Lives alone (65+)·Weekly"
    assert found.latest == TODAY


@pytest.mark.parametrize(
    ("case", "day", "policy", "reason"),
    [
        (Case(date(2026, 3, 1)), date(2026, 8, 28), "V4", "usual"),
        (Case(LONG_AGO, calls=(Call(on(1), "met_family"),)), date(2026, 8, 28), "V4", "usual"),
        (Case(date(2026, 3, 1), new_tenant=True), date(2026, 3, 16), "V5", "first"),
        (Case(LONG_AGO, calls=(Call(on(1), "met_person"),), new_tenant=True), date(2026, 5, 30), "V5", "tenant"),
        (Case(LONG_AGO, (monthly(),), (Call(on(1), "met_person"),)), date(2026, 3, 31), "V2", "care"),
        (Case(LONG_AGO, (Care("V3", "C5", LONG_AGO),), (Call(on(1), "met_person"),)), date(2026, 5, 30), "V3", "care"),
        (Case(LONG_AGO, (monthly(date(2026, 3, 10)),)), date(2026, 4, 9), "V2", "care"),
        (Case(LONG_AGO, (monthly(date(2026, 3, 10)),), (Call(on(1), "met_person"),)), date(2026, 4, 9), "V2", "care"),
        (Case(LONG_AGO, (monthly(), weekly()), (Call(on(15), "met_person"),)), date(2026, 3, 22), "V1", "care"),
        (Case(LONG_AGO, calls=(Call(on(15), "met_person"),), urgent=(on(16, 20),)), date(2026, 3, 18), "V7", "urgent"),
        (Case(LONG_AGO, calls=(Call(on(15), "declined"),)), date(2026, 9, 11), "V4", "usual"),
        (Case(LONG_AGO, calls=(Call(on(1), "met_person"),), cadence="V3"), date(2026, 5, 30), "V3", "own"),
        (Case(date(2026, 3, 10), cadence="V1"), date(2026, 3, 17), "V1", "own"),
        (Case(LONG_AGO, (monthly(),), (Call(on(15), "met_person"),), cadence="V1"), date(2026, 3, 22), "V1", "own"),
        (Case(LONG_AGO, (monthly(),), (Call(on(15), "met_person"),), cadence="V3"), date(2026, 4, 14), "V2", "care"),
        (
            Case(LONG_AGO, calls=(Call(on(15), "met_person"),), returns=(ReturnDue(date(2026, 3, 20), 5, "F2"),)),
            date(2026, 3, 20), "R", "return",
        ),
    ],
)  # fmt: skip
def test_policies(case: Case, day: date, policy: str, reason: str) -> None:
    found = due(case)
    assert (found.on, found.policy.code, found.reason.code) == (day, policy, reason)
    assert str(found.reason)


def test_a_visit_at_the_door_answers_an_urgent_issue_and_a_call_does_not() -> None:
    case = Case(date(2026, 3, 1), urgent=(on(16),))
    assert due(case).policy.code == "V7"
    assert due(case._replace(calls=(Call(on(17), "met_person", "phone"),))).policy.code == "V7"
    assert due(case._replace(calls=(Call(on(17), "met_person"),))).policy.code == "V4"


def test_what_waits_behind_the_worst_still_asks_for_the_door() -> None:
    found = due(Case(LONG_AGO, urgent=(on(16),)))
    assert (found.policy.code, [reason.code for reason in found.also]) == ("V4", ["urgent"])
    assert found.at_the_door


def test_who_wants_no_visits_has_none_but_the_return_visit_they_asked_for() -> None:
    calls = (Call(on(1), "met_person"),)
    assert next_visit(Case(LONG_AGO, (weekly(),), calls, wish="not_wanted"), TODAY) is None
    found = due(Case(LONG_AGO, (weekly(),), calls, returns=(ReturnDue(TODAY, 5),), wish="not_wanted"))
    assert (found.reason.code, found.at_the_door) == ("return", False)


def test_an_attempt_is_no_visit_and_comes_again_after_two_days() -> None:
    case = Case(LONG_AGO, (weekly(),), (Call(on(9), "met_person"), Call(on(17), "nobody_home")))
    found = due(case)
    assert (found.on, found.since, found.overdue(TODAY)) == (date(2026, 3, 19), date(2026, 3, 16), 0)
    again = next_visit(case, date(2026, 3, 19))
    assert again is not None
    assert again.overdue(date(2026, 3, 19)) == 3


def test_an_attempt_ahead_of_time_puts_nothing_off() -> None:
    calls = (Call(on(9), "met_person"), Call(on(10), "nobody_home"))
    assert due(Case(LONG_AGO, (weekly(),), calls)).on == date(2026, 3, 16)


def test_the_day_agreed_on_the_doorstep() -> None:
    def agreed(day: date, outcome: str = "met_person") -> Due:
        return due(Case(LONG_AGO, (weekly(),), (Call(on(16), outcome, follow_up_on=day),)))

    assert (agreed(date(2026, 3, 23)).on, agreed(date(2026, 3, 23)).reason.code) == (date(2026, 3, 23), "care")
    assert (agreed(date(2026, 3, 25)).on, agreed(date(2026, 3, 25)).reason.code) == (date(2026, 3, 25), "care")
    earlier = agreed(date(2026, 3, 19))
    assert (earlier.on, earlier.reason.code, earlier.policy.weight) == (date(2026, 3, 19), "agreed", 5)
    assert agreed(date(2026, 4, 30)).on == date(2026, 3, 23)
    assert agreed(date(2026, 3, 19), "postponed").on == date(2026, 3, 19)


def test_all_that_is_due_is_named_and_the_worst_comes_first() -> None:
    case = Case(
        LONG_AGO, (monthly(),), (Call(on(10, month=2), "met_person"),), (ReturnDue(date(2026, 3, 16), 5, "F2"),)
    )
    found = due(case)
    assert (found.reason.code, found.score(TODAY)) == ("care", 18)
    assert [str(reason) for reason in found.also] == ["After mediation"]


@pytest.mark.parametrize(
    ("cares", "channels", "door"),
    [
        ((weekly(),), [], True),
        ((weekly(),), ["door", "door"], False),
        ((weekly(),), ["door", "door", "phone"], False),
        ((weekly(),), ["door", "phone", "door", "phone"], True),
        ((weekly(),), ["door", "phone", "phone", "door"], True),
        ((weekly(),), ["door", "phone", "phone"], True),
        ((monthly(),), ["door"], False),
        ((monthly(),), ["door", "phone"], True),
        ((), ["phone"], False),
    ],
)
def test_how_often_it_has_to_be_the_door(cares: tuple[Care, ...], channels: list[str], *, door: bool) -> None:
    calls = tuple(Call(on(day), "met_person", channel) for day, channel in enumerate(channels, 1))
    assert due(Case(LONG_AGO, cares, calls)).at_the_door is door


def test_two_attempts_at_different_hours_allow_the_phone() -> None:
    def after(*hours: int) -> Due:
        calls = tuple(Call(on(10 + at, hour), "nobody_home") for at, hour in enumerate(hours))
        return due(Case(LONG_AGO, (weekly(),), calls))

    assert after(2).at_the_door
    assert after(2, 2).at_the_door
    assert not after(2, 10).at_the_door
    phone_only = due(Case(LONG_AGO, (weekly(),), wish="phone_only"))
    assert not phone_only.at_the_door


days = st.integers(0, 400).map(lambda back: TODAY - timedelta(days=back))
moments = st.integers(0, 400 * 24).map(lambda hours: datetime(2026, 3, 18, tzinfo=UTC) - timedelta(hours=hours))
calls = st.builds(
    Call, moments, st.sampled_from(sorted(OUTCOME.labels)), st.sampled_from(sorted(CHANNEL.labels)), st.none() | days
)
cares = st.builds(Care, st.sampled_from(["V1", "V2", "V3", "V9"]), st.sampled_from(["C1", "C3", "C9"]), days)
cases = st.builds(
    Case,
    days,
    st.lists(cares, max_size=3).map(tuple),
    st.lists(calls, max_size=5).map(tuple),
    st.lists(st.builds(ReturnDue, days, st.integers(1, 9)), max_size=2).map(tuple),
    st.lists(moments, max_size=2).map(tuple),
    st.sampled_from([None, "welcome", "phone_only"]),
    st.booleans(),
    st.sampled_from([None, "V1", "V3"]),
)


@given(cases)
def test_a_household_that_may_be_visited_always_has_a_day(case: Case) -> None:
    found = due(case)
    assert found.since <= found.on
    assert found.overdue(TODAY) >= 0
    assert found.on <= TODAY + timedelta(days=POLICIES["V4"].interval_days + POLICIES["V4"].grace_days)
    assert found == next_visit(case._replace(calls=tuple(reversed(case.calls))), TODAY) or _same_time(case)


@given(cases, days)
def test_one_more_care_never_makes_a_visit_later(case: Case, start: date) -> None:
    more = case._replace(cares=(*case.cares, Care("V1", "C3", start)))
    if not case.cares and not case.cadence:
        return
    first, second = due(case), due(more)
    assert second.on <= max(first.on, TODAY)


def _same_time(case: Case) -> bool:
    return len({call.at for call in case.calls}) < len(case.calls)


def entry(household: int, day: date, policy: str, *place: str) -> Entry:
    return Entry(household, Due(day, day, POLICIES[policy], Reason("usual", Label("Weekly"))), Place("", *place))


def test_order_of_today_is_overdue_days_times_weight_then_building() -> None:
    entries = [
        entry(1, date(2026, 3, 19), "V4", "1", "1", "101"),
        entry(2, TODAY, "V1", "10", "1", "101"),
        entry(3, TODAY, "V4", "2", "1", "1001"),
        entry(4, TODAY, "V4", "2", "1", "201"),
        entry(5, date(2026, 3, 16), "V1", "9", "1", "101"),
        entry(6, date(2026, 3, 9), "V4", "1", "1", "101"),
        entry(7, date(2026, 3, 15), "V2", "9", "2", "101"),
    ]
    assert [found.household for found in by_priority(entries, TODAY)] == [5, 6, 7, 4, 3, 2, 1]
    assert [found.household for found in by_route(entries)] == [1, 6, 4, 3, 5, 7, 2]


@pytest.mark.parametrize(
    ("day", "section"),
    [(17, Section.OVERDUE), (18, Section.TODAY), (19, Section.EARLY), (22, Section.EARLY), (23, Section.LATER)],
)
def test_sections(day: int, section: Section) -> None:
    assert section_of(entry(1, date(2026, 3, day), "V1").due, TODAY) is section
