"""A filled-in form as the changes of one act: the visit, the issues it raises, the answers it brings home."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from gridworker.app.attachment.attachments import Attachments
from gridworker.app.entry.numbers import number_for
from gridworker.app.household.needs import new_need
from gridworker.app.issue.report import IssueDraft, report_changes
from gridworker.app.session import Session
from gridworker.app.visit.entry import FAMILY, NEIGHBOUR, NO_DAY, PHONE, PROPOSED, NeedEntry, VisitEntry
from gridworker.app.words import days
from gridworker.domain.codes_life import ROSTER_CHANGE
from gridworker.domain.codes_visit import CHANNEL, CHECK_MARK, HOME_CHECK, VISIT_KIND
from gridworker.domain.findings import visit_findings
from gridworker.domain.home_hazards import hazard_of
from gridworker.domain.issue_steps import follows_text
from gridworker.domain.links import join_ids
from gridworker.domain.moments import local, local_day, moment
from gridworker.errors import Invalid, Problem
from gridworker.store.queries.open_issues import of_household
from gridworker.store.queries.visits import roster_changes
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.app.visit.view import VisitSheet

_METHODS = {PHONE: "phone", "door": "door"}
"""How a return visit was made, by how people met; else it was spoken."""


def visit_changes(session: Session, entry: VisitEntry, sheet: "VisitSheet") -> list[Change]:
    """All changes of one visit, the visit first. Raises Invalid naming the parts at fault. Writes nothing.

    Ids are minted now, not when the form was opened: an id older than what went out with the last bundle would look
    as if the office had it already.
    """
    faults = entry_faults(session, entry)
    if faults:
        raise Invalid(faults, _LABELS)
    visit = session.new_id()
    checked = kind_named("visit").checked(_values(session, entry, sheet))
    changes = [Change("visit", visit, checked, create=True)]
    if entry.has_checks:
        for draft, done in _raised(entry, sheet):
            changes += report_changes(session, draft, visit, responded=done, beside=changes)
    if not entry.missed:
        changes += _answers(session, entry)
        for need in asked_for(entry):
            values = {"title": need.title.strip(), "need_kind": need.kind, "urgency": "S3", "source_channel": "visit"}
            changes.append(new_need(session, entry.household, values, changes))
    return [*changes, *_photos(session, entry, sheet, visit)]


def _photos(session: Session, entry: VisitEntry, sheet: "VisitSheet", visit: int) -> list[Change]:
    """What was added while the form was open lay with the household, to be safe at once: now it is the visit's."""
    added = Attachments(session).of("household", sheet.household, since=entry.started_at)
    return [Change("attachment", view.id, {"visit_id": visit, "household_id": None}) for view in added]


def entry_faults(session: Session, entry: VisitEntry) -> dict[str, Problem]:
    """What stops a form from being finished, by its part."""
    faults: dict[str, Problem] = {}
    if not _outcome(entry, frozenset()):
        faults["seen"] = Problem("Say who was there, or that nobody was.")
    values = {"started_at": entry.started_at, "backdated_reason": entry.late_reason.strip() or None}
    for finding in visit_findings(values, session.now()):
        if finding.code == "visit_late":
            faults["late_reason"] = Problem(finding.text.message)
    if entry.next_on not in {PROPOSED, NO_DAY} and entry.next_on < local_day(entry.started_at).isoformat():
        faults["next_on"] = Problem("The next visit lies before this one.")
    return faults


def next_day(entry: VisitEntry, sheet: "VisitSheet") -> date | None:
    """The day agreed for the next visit."""
    if entry.next_on == NO_DAY:
        return None
    if entry.next_on != PROPOSED:
        return date.fromisoformat(entry.next_on)
    return sheet.next_days[outcome_group(entry)].day


def outcome_group(entry: VisitEntry) -> str:
    """Which proposal fits: met, phone, missed, gone."""
    if entry.missed in {"moved_away", "wrong_address"}:
        return "gone"
    if entry.missed in {"nobody_home", "postponed"} or set(entry.seen) == {NEIGHBOUR}:
        return "missed"
    return "phone" if entry.channel == PHONE else "met"


def slip_words(entry: VisitEntry, sheet: "VisitSheet") -> str:
    """What a slip at the door says; no name but the visitor's."""
    at, day = local(entry.started_at), next_day(entry, sheet)
    if day is None:
        sentence = gettext("{day} {time}: I came by and met nobody. {who}, grid worker")
        return sentence.format(day=days.short_day(at.date()), time=days.clock(at), who=sheet.visitor)
    return gettext("{day} {time}: I came by and met nobody, and will come again on {next}. {who}, grid worker").format(
        day=days.short_day(at.date()), time=days.clock(at), next=days.full_day(day), who=sheet.visitor
    )


def _outcome(entry: VisitEntry, subjects: frozenset[int]) -> str:
    """The outcome in code, or '' where nothing was said."""
    if entry.missed:
        return entry.missed
    if entry.people:
        return "met_person" if not subjects or subjects & set(entry.people) else "met_family"
    if FAMILY in entry.seen:
        return "met_family"
    if entry.channel != "door":
        return "met_person"
    return "met_neighbour" if NEIGHBOUR in entry.seen else ""


def _values(session: Session, entry: VisitEntry, sheet: "VisitSheet") -> dict[str, object]:
    today, day = session.today(), next_day(entry, sheet)
    with session.store.db.read() as connection:
        changed = roster_changes(connection, entry.household, moment(entry.started_at))
    same_day = local_day(entry.started_at) == today
    return {
        "visit_no": number_for(session, "visit"),
        "household_id": entry.household,
        "started_at": entry.started_at,
        "ended_at": max(session.stamp(), entry.started_at) if same_day else None,
        "visitor_id": session.who,
        "channel": entry.channel if entry.channel in CHANNEL else "door",
        "visit_kind": entry.purpose if entry.purpose in VISIT_KIND else "routine",
        "outcome": _outcome(entry, sheet.subjects),
        "met": join_ids(entry.people) if not entry.missed else None,
        "situation_note": entry.note,
        "home_checks": _marks(entry),
        "follow_up_on": day,
        "backdated_reason": entry.late_reason,
        "roster_changes": [code for code in changed if code in ROSTER_CHANGE],
    }


def _marks(entry: VisitEntry) -> Mapping[str, str] | None:
    """What was looked at; what was not is left out."""
    marks = {key: mark for key, mark in entry.checks.items() if mark in CHECK_MARK and mark != "not_checked"}
    return marks if marks and entry.has_checks else None


def _raised(entry: VisitEntry, sheet: "VisitSheet") -> Iterable[tuple[IssueDraft, bool]]:
    """The issues a form raises: of problems that have none open yet."""
    known = {item.key for item in sheet.checks if item.open_issue}
    for key, hazard in entry.hazards.items():
        if entry.checks.get(key) != "problem" or key in known:
            continue
        kind = hazard_of(key)
        title = hazard.title.strip() or gettext("{check}: a problem").format(check=HOME_CHECK.label(key))
        draft = IssueDraft(
            title=title,
            category=kind.category,
            subcategory=kind.subcategory,
            severity=hazard.severity,
            household_id=entry.household,
            source_channel="visit",
            at=hazard.at,
        )
        yield draft, hazard.done


def raised_count(entry: VisitEntry, sheet: "VisitSheet") -> int:
    """How many issues a form would raise."""
    return len(list(_raised(entry, sheet))) if entry.has_checks else 0


def asked_for(entry: VisitEntry) -> tuple[NeedEntry, ...]:
    """The needs a form raises: of people who were met."""
    return () if entry.missed else tuple(need for need in entry.needs if need.title.strip())


def _answers(session: Session, entry: VisitEntry) -> list[Change]:
    """A return visit for every issue that was answered."""
    if not entry.answers:
        return []
    with session.store.db.read() as connection:
        steps = {file.issue.id: file.steps for file in of_household(connection, entry.household)}
    step = kind_named("issue_step")
    return [
        Change(
            "issue_step",
            session.new_id(),
            step.checked(
                {
                    "issue_id": issue,
                    "action": "return_visit",
                    "follows": follows_text(steps[issue]),
                    "actor_id": session.who,
                    "at": session.stamp(),
                    "satisfaction": answer,
                    "method": _METHODS.get(entry.channel, "spoken"),
                }
            ),
            create=True,
        )
        for issue, answer in entry.answers.items()
        if answer and issue in steps
    ]


_LABELS = {
    "seen": Label("Who was there"),
    "late_reason": Label("Why written down late"),
    "next_on": Label("Next visit"),
}
