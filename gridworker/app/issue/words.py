"""Issues in words: where, who, when, how long still, what comes next."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from gridworker.app.issue.case import CLOSED, HANDLING, RETURN, WAITING, IssueCase
from gridworker.app.issue.views import Mark
from gridworker.app.words import days
from gridworker.domain.address import building_label, door_label
from gridworker.domain.codes_dispute import SUBCATEGORY
from gridworker.domain.codes_issue import CATEGORY, severity_word
from gridworker.domain.codes_visit import SATISFACTION
from gridworker.domain.issue_flow import State
from gridworker.domain.masking import share_name
from gridworker.domain.moments import local_day, moment
from gridworker.store.queries.issues import IssueRow
from gridworker.text import Label, gettext

PART_WORDS: Mapping[str, Label] = MappingProxyType({
    WAITING: Label("Do these first"),
    HANDLING: Label("In progress"),
    RETURN: Label("Waiting for the return visit"),
    CLOSED: Label("Closed"),
})  # fmt: skip

STATE_WORDS: Mapping[State, Label] = MappingProxyType({
    State.REPORTED: Label("To respond"),
    State.RESOLVED: Label("Return due"),
    State.CLOSED: Label("Closed"),
})  # fmt: skip
"""Short words for narrow places, where the state's own label is a sentence in English."""

OFFICE_WORDS = ("社区办公室", "办公室")
"""What an office is called in ``to_org`` where the community does not name its own. Data, so not translated."""

_WEEK = timedelta(days=6)
_LONG_NAME = 6


def title_of(row: IssueRow, *, sharing: bool) -> str:
    """The title; where somebody looks on, or it was erased, only what kind of issue it is, for titles name people."""
    if row.title and not sharing:
        return row.title
    return SUBCATEGORY.label(row.subcategory) if row.subcategory else CATEGORY.label(row.category)


def place_of(row: IssueRow, *, sharing: bool) -> str:
    """``3栋1单元202 陈桂芳``, ``5栋门前``, ``小广场``."""
    block = door_label(row.building_name or "", row.unit, row.room) if row.unit or row.room else ""
    if not block and row.building_name:
        block = building_label(row.building_name)
    head = share_name(row.head) if row.head and sharing else row.head
    # Inside an address there are no spaces: 5栋门前.
    parts = (block, head, row.place_text) if head else (f"{block}{row.place_text or ''}",)
    return " ".join(part for part in parts if part)


def moment_words(at: str, today: date) -> str:
    """``today 07:13``, ``9 Mar``: with the time of day where it was today or yesterday."""
    day = local_day(at)
    return days.near_moment(moment(at), today) if (today - day).days <= 1 else days.short_day(day, today)


def severity_mark(code: str) -> Mark | None:
    """A chip for what is urgent; nothing for what is normal."""
    return Mark(code, str(severity_word(code))) if code in {"S1", "S2"} else None


def step_word(case: IssueCase) -> str:
    """The name of the step at work, under the five segments."""
    if case.part == HANDLING and case.row.track == "F4":
        return gettext("Opening a file")
    state = case.status.state
    return str(STATE_WORDS.get(state, state.label))


def pace_of(case: IssueCase) -> str:
    """Whether somebody waits too long: late, soon or fine."""
    if case.is_late():
        return "late"
    return "soon" if case.is_soon() else "fine"


def mark_of(case: IssueCase, office: str) -> Mark:
    """The chip at the end of a row: time left, the day agreed, whom one waits for."""
    if case.part == WAITING:
        kind = {"late": "late", "soon": "soon"}.get(pace_of(case), "clock")
        return Mark(kind, days.time_left(int(case.left.total_seconds())))
    if case.part == CLOSED:
        return _closed(case)
    if case.status.may_close:
        return Mark("ready", str(State.ANSWERED.label))
    if case.part == RETURN and case.return_on is not None:
        return _return(case.return_on, case.today, planned=bool(case.status.planned_on))
    return _handling(case, office)


def _handling(case: IssueCase, office: str) -> Mark:
    state = case.status.state
    if state is State.REFERRED:
        return Mark("office", waiting_for(case.passed_to, office))
    again = case.look_again_on
    if state is State.SUSPENDED and again is not None:
        kind = "held" if again > case.today else "soon"
        return Mark(kind, gettext("Again {day}").format(day=days.short_day(again, case.today)))
    if case.return_on is not None:
        return _return(case.return_on, case.today, planned=True)
    count = (case.today - local_day(case.row.reported_at)).days + 1
    return Mark("day", gettext("Day {count}").format(count=max(count, 1)))


def waiting_for(org: str, office: str) -> str:
    """``等办公室``, or whom else one waits for."""
    if is_office(org, office):
        return gettext("With the office")
    return gettext("With {org}").format(org=org if len(org) <= _LONG_NAME else f"{org[: _LONG_NAME - 1]}…")


def is_office(org: str, office: str) -> bool:
    """Whether an issue was passed on to our own office. ``office`` is what it calls itself."""
    return not org or org in {office, *OFFICE_WORDS}


def _return(day: date, today: date, *, planned: bool) -> Mark:
    if day < today:
        return Mark("late", gettext("Return {count} d late").format(count=(today - day).days))
    if day == today:
        return Mark("soon", gettext("Return today"))
    kind = "planned" if planned else "clock"
    if day == today + timedelta(days=1):
        return Mark(kind, gettext("Visit tomorrow"))
    if day - today <= _WEEK:
        return Mark(kind, gettext("Return {weekday}").format(weekday=days.weekday(day)))
    return Mark(kind, gettext("Return {day}").format(day=days.short_day(day, today)))


def _closed(case: IssueCase) -> Mark:
    status = case.status
    if status.state is State.REJECTED:
        return Mark("done", str(status.state.label))
    if status.satisfaction in {"2", "3"}:
        return Mark("pleased" if status.satisfaction == "3" else "done", SATISFACTION.label(status.satisfaction))
    return Mark("done", SATISFACTION.label("0"))


def span(length: timedelta) -> str:
    """``1 h 50 min``, ``40 min``, ``3 d``: how long something took."""
    minutes = max(int(length.total_seconds()) // 60, 0)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return gettext("{count} d").format(count=hours // 24)
    if not hours:
        return gettext("{count} min").format(count=rest)
    if not rest:
        return gettext("{count} h").format(count=hours)
    return gettext("{hours} h {minutes} min").format(hours=hours, minutes=rest)
