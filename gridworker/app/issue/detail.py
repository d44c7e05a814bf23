"""One issue in full: how far it is, what was done, what comes next and why it cannot be closed yet."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from gridworker.app.issue.case import RETURN, WAITING, IssueCase
from gridworker.app.issue.list import Told
from gridworker.app.issue.views import ActionView, IssueView, Mark, StepView
from gridworker.app.issue.words import (
    is_office,
    moment_words,
    pace_of,
    place_of,
    severity_mark,
    span,
    step_word,
    title_of,
)
from gridworker.app.words import days
from gridworker.domain.codes_issue import ACTION, CATEGORY, RESULT, RETURN_METHOD, SOLVE_METHOD, SOURCE_CHANNEL
from gridworker.domain.codes_visit import SATISFACTION
from gridworker.domain.deadline import Light
from gridworker.domain.findings import issue_findings
from gridworker.domain.issue_actions import next_actions, step_faults
from gridworker.domain.issue_flow import State
from gridworker.domain.moments import local, moment
from gridworker.errors import Problem
from gridworker.store.queries.issues import MoreRow, StepRow
from gridworker.text import Label, gettext, ngettext

ASK_OFFICE = "ask_office"
"""Passing an issue on to the office: the step ``refer``, with the office as whom it goes to."""

ACTION_WORDS: Mapping[str, Label] = MappingProxyType({
    "first_response": Label("Note first response"),
    "handle": Label("Add a step"),
    "resolve": Label("It is solved"),
    "schedule_return": Label("Plan return"),
    "return_visit": Label("Note return visit"),
    "close": Label("Close it"),
    "reopen": Label("Take up again"),
    "refer": Label("Pass on"),
    ASK_OFFICE: Label("Ask the office"),
    "suspend": Label("Put on hold for now"),
    "reject": Label("Do not take on"),
    "verify": Label("Checked, it is right"),
    "note": Label("Add a remark"),
})  # fmt: skip
"""The actions as a person presses them; ``ACTION`` names them once done."""

_PLANNED: Mapping[str, Label] = MappingProxyType({
    "schedule_return": Label("Planned: {day}"),
    "suspend": Label("On hold until {day}"),
})  # fmt: skip
_SAID_PACE: Mapping[str, str] = MappingProxyType({"0": "plain", "1": "late"})
"""How a return visit looks where nobody was reached, or they are not satisfied."""
_FIRST = frozenset({"first_response", "handle", "refer", "resolve"})


def issue_view(
    case: IssueCase, more: MoreRow, rows: Sequence[StepRow], told: Told, care: tuple[str, ...] = ()
) -> IssueView:
    """Everything the panel shows."""
    row, status = case.row, case.status
    return IssueView(
        id=row.id,
        number=row.issue_no or "",
        title=title_of(row, sharing=told.sharing),
        category=row.category,
        marks=_marks(case),
        place=place_of(row, sharing=told.sharing),
        household=row.household,
        care=() if told.sharing else care,
        done=status.state.done,
        pace=pace_of(case),
        spoken=gettext("Step {number} of 5: {step}").format(number=min(status.state.done + 1, 5), step=step_word(case)),
        breach=_breach(case),
        steps=_Story(case, more, told).steps(rows),
        actions=_actions(case, told),
        can_close=not step_faults(status, {"action": "close"}),
        why_open=_why_open(case, told),
        is_open=status.state.is_open,
        early_sign=bool(row.early_sign),
    )


def _marks(case: IssueCase) -> tuple[Mark, ...]:
    row = case.row
    marks = [Mark("category", CATEGORY.label(row.category)), severity_mark(row.severity)]
    if row.early_sign:
        marks.append(Mark("early", gettext("Early sign")))
    if case.status.reopened:
        marks.append(Mark("again", gettext("Taken up again {count}×").format(count=case.status.reopened)))
    return tuple(mark for mark in marks if mark)


def _breach(case: IssueCase) -> tuple[str, str] | None:
    """What was promised and not kept, and what helps now."""
    if case.part == RETURN and case.return_on is not None and case.is_late() and not case.status.may_close:
        title = gettext("The return visit is {count} d late").format(count=(case.today - case.return_on).days)
        day = days.full_day(case.return_on)
        return title, gettext("It was due {day}. A call counts as a return visit too.").format(day=day)
    if case.part != WAITING or case.light is not Light.RED:
        return None
    due = days.near_moment(case.deadline.due, case.today)
    title = gettext("First response is {span} late").format(span=span(-case.left))
    return title, gettext("{target}, it was due {time}. A call counts as a response too.").format(
        target=days.limit(int(case.deadline.limit.total_seconds())), time=due
    )


def _actions(case: IssueCase, told: Told) -> tuple[ActionView, ...]:
    own_work = case.status.resolved_by == told.who
    codes = [code for code in next_actions(case.status) if not (code == "verify" and own_work)]
    if "refer" in codes and told.office_may_help:
        codes.insert(codes.index("refer"), ASK_OFFICE)
    return tuple(ActionView(code, str(ACTION_WORDS[code])) for code in codes)


def _why_open(case: IssueCase, told: Told) -> str:
    if case.part == WAITING and told.office_may_help:
        return gettext("What the office is asked travels with the next hand-over.")
    if not case.status.state.is_open or case.status.may_close:
        return ""
    return gettext("It closes after a return visit, when the resident agrees.")


class _Story:
    """The steps in words, the newest first."""

    def __init__(self, case: IssueCase, more: MoreRow, told: Told) -> None:
        self._case, self._more, self._told = case, more, told
        self._unapplied = frozenset(case.status.unapplied)
        self._responded = False
        self._odd: Mapping[str, str] = {}

    def _odd_times(self, ordered: Sequence[StepRow]) -> Mapping[str, str]:
        """What looks wrong in the times of an issue, by where it stands: a field, or the id of a step."""
        moments: list[tuple[str, str | None]] = [
            ("occurred_at", self._more.occurred_at), ("reported_at", self._case.row.reported_at)
        ]  # fmt: skip
        for actions in (frozenset({"accept"}), _FIRST, frozenset({"resolve"}), frozenset({"close"})):
            moments += [(str(row.step.id), row.step.at) for row in ordered if row.step.action in actions][:1]
        return {one.field: str(one) for one in issue_findings(moments, self._case.now)}

    def steps(self, rows: Sequence[StepRow]) -> tuple[StepView, ...]:
        """All of them, and the report where a step for it has not come (yet)."""
        by_id = {row.step.id: row for row in rows}
        ordered = [by_id[id] for id in self._case.status.order if id in by_id]
        self._odd = self._odd_times(ordered)
        views = [self._step(row) for row in ordered]
        if not any(row.step.action == "report" for row in ordered):
            views.insert(0, self._unwritten_report())
        return tuple(reversed(views))

    def _unwritten_report(self) -> StepView:
        when = moment_words(self._case.row.reported_at, self._case.today)
        return StepView(0, "report", ACTION.label("report"), when, self._words(None), marks=self._report_marks())

    def _step(self, row: StepRow) -> StepView:
        step = row.step
        marks: list[Mark] = []
        pace = "plain"
        if step.action == "report":
            marks += self._report_marks()
        elif step.action in _FIRST and not self._responded:
            self._responded = True
            took, pace = self._took(step.at)
            marks.append(took)
        marks += self._doubts(step.id)
        if row.result:
            marks.append(Mark("result", RESULT.label(row.result)))
        if row.solve_method:
            marks.append(Mark("result", SOLVE_METHOD.label(row.solve_method)))
        if row.method:
            marks.append(Mark("method", RETURN_METHOD.label(row.method)))
        if step.action in {"schedule_return", "return_visit", "resolve", "close"} and pace == "plain":
            pace = _SAID_PACE.get(step.satisfaction or "", "good")
        name = self._told.names.get(step.actor_id or 0, "")
        right = gettext(" · ").join(part for part in (moment_words(step.at, self._case.today), name) if part)
        icon = "not_reached" if step.satisfaction == "0" else step.action
        return StepView(step.id, icon, self._title(row), right, self._words(row), pace, tuple(marks))

    def _doubts(self, step: int) -> list[Mark]:
        """What looks wrong about a step."""
        found = [Mark("odd", self._odd[str(step)])] if str(step) in self._odd else []
        return (
            [*found, Mark("unapplied", gettext("Does not fit the other steps"))] if step in self._unapplied else found
        )

    def _title(self, row: StepRow) -> str:
        step, action = row.step, ACTION.label(row.step.action)
        if step.action == "return_visit":
            return gettext("{step}: {answer}").format(step=action, answer=SATISFACTION.label(step.satisfaction or "0"))
        if step.action == "refer":
            org = row.to_org or ""
            asked = is_office(org, self._told.office)
            whom = org if self._told.sharing else gettext(", ").join(filter(None, (org, row.to_person)))
            return gettext("Asked the office") if asked else gettext("Passed on to {org}").format(org=whom)
        if step.action in _PLANNED and step.due_on:
            return str(_PLANNED[step.action]).format(day=days.full_day(date.fromisoformat(step.due_on)))
        return gettext("Handling") if step.action == "handle" else action

    def _words(self, row: StepRow | None) -> str:
        """What was written. Nothing of it where somebody looks on."""
        if self._told.sharing:
            return ""
        is_report = row is None or row.step.action == "report"
        said = gettext("“{words}”").format(words=self._more.words) if self._more.words and is_report else None
        parts = (self._more.summary if is_report else None, said, row.note if row is not None else None)
        return "\n".join(part for part in parts if part)

    def _report_marks(self) -> tuple[Mark, ...]:
        row, today = self._case.row, self._case.today
        marks = [Mark("odd", self._odd[name]) for name in ("occurred_at", "reported_at") if name in self._odd]
        if row.visit is not None and self._more.visited_at:
            day = days.short_day(local(self._more.visited_at).date(), today)
            marks.append(Mark("visit", gettext("From the visit on {day}").format(day=day)))
        elif row.source and row.source != "manual":
            marks.append(Mark("source", SOURCE_CHANNEL.label(row.source)))
        if self._more.shop and not self._told.sharing:
            marks.append(Mark("shop", self._more.shop))
        if self._more.due_at:
            due = days.near_moment(moment(self._more.due_at), today)
            marks.append(Mark("planned", gettext("To be solved by {time}").format(time=due)))
        if self._more.people_count:
            count = self._more.people_count
            said = ngettext("{count} person concerned", "{count} people concerned", count)
            marks.append(Mark("people", said.format(count=count)))
        return tuple(marks)

    def _took(self, at: str) -> tuple[Mark, str]:
        """How long the first action took, against its limit."""
        took = moment(at) - moment(self._case.row.reported_at)
        over = took - self._case.deadline.limit
        if over > timedelta(0):
            words = gettext("Took {span}, {over} late").format(span=span(took), over=span(over))
            return Mark("late", words), "late"
        return Mark("good", gettext("Took {span}, on time").format(span=span(took))), "good"


def done_words(action: str, state: State, satisfaction: str | None) -> str:
    """What the toast says after a step."""
    if action == "return_visit" and satisfaction == "1":
        return gettext("Not satisfied, so it is taken up again.")
    if action == "close" and state is State.CLOSED:
        return gettext("Closed. Well done.")
    return gettext("Done: {step}.").format(step=ACTION.label(action))


def no_such_issue() -> Problem:
    """It went while it was on screen: deleted, or undone."""
    return Problem("This issue is not here any more.")
