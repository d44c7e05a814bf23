"""Visits: opening a form, keeping it as it is typed, writing it down once, taking it back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gridworker.app.drafts import Draft, Drafts
from gridworker.app.due.outlook import outlook
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.app.today.today import LATER, VISIT
from gridworker.app.visit.entry import MISSED, NOBODY, VisitEntry
from gridworker.app.visit.open import Layout
from gridworker.app.visit.save import visit_changes
from gridworker.app.visit.view import EarlierVisit, FinishedVisit, OpenedVisit
from gridworker.app.words import days
from gridworker.app.words.wording import remarks
from gridworker.domain.codes_visit import OUTCOME
from gridworker.domain.deadline import first_action
from gridworker.domain.findings import visit_findings
from gridworker.domain.moments import local_day, moment, written
from gridworker.domain.visit_due import EFFECTIVE
from gridworker.errors import NotFound, Problem
from gridworker.store import drafts as draft_rows
from gridworker.store.engine.diskspace import MEGABYTE, free_bytes
from gridworker.store.queries import households as home_rows
from gridworker.store.queries import visits as rows
from gridworker.store.queries.care_contacts import contacts
from gridworker.store.records import get
from gridworker.text import gettext, ngettext, sentences

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit

LITTLE_ROOM = 200
"""Megabytes under which the form says so."""


class Visits(Service):
    """One form a household at a time. Until it is finished it is a draft on this device, and no record."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._drafts = Drafts(session)

    @needs(Action.CREATE, Matter.VISITS)
    def start(self, household: int, *, sharing: bool = False) -> OpenedVisit:
        """The form of a household: as it was left, or fresh with its defaults. Nothing is written.

        Raises NotFound, and Problem for a household that has moved away. A visit begun before can still be finished.
        """
        session, draft = self._session, self._drafts.get(f"{VISIT}{household}")
        with session.store.db.read() as connection:
            home = home_rows.home(connection, household)
            if home is None:
                raise NotFound("This household is not on this computer.")
            if home.status != "active" and draft is None:
                raise Problem("This household has moved away; there are no visits any more.")
            past = rows.past(connection, household)
            members = home_rows.members(connection, household)
            people = [one.resident for one in members]
            layout = Layout(
                home,
                members,
                past,
                outlook(connection, [household], session.today(), sharing=sharing),
                contacts(connection, household, people, session.today()) if session.knows("READ CARE") else (),
            )
            staff = get(connection, "staff", session.who) or {}
            sheet = replace(layout.sheet(), visitor=str(staff.get("name") or ""))
        room = self._room()
        name = f"{VISIT}{household}"
        others = tuple(one.called for one in self._drafts.of_others(name) if one.name == name)
        opened = OpenedVisit(sheet, layout.entry(session.stamp()), None, room, others, self._earlier(past))
        if draft is None:
            return opened
        return replace(opened, entry=_entry_of(draft, household, session.stamp()), kept_at=draft.kept_at)

    def _earlier(self, past: "list[rows.PastRow]") -> EarlierVisit | None:
        """Their own visit of today; who met nobody comes again the same day, and that is none."""
        today, who = self._session.today(), self._session.who
        own = (row for row in past if row.visitor == who and row.outcome in EFFECTIVE and local_day(row.at) == today)
        return next((EarlierVisit(row.visit, days.clock(row.at)) for row in own), None)

    @needs(Action.CREATE, Matter.VISITS)
    def newest(self) -> int | None:
        """The household of the newest draft: where to go on after the window was locked."""
        drafts = self._drafts.all(VISIT)
        return int(drafts[0].name.removeprefix(VISIT)) if drafts else None

    def _room(self) -> int | None:
        free = free_bytes(self._session.folder.root)
        return free // MEGABYTE if free < LITTLE_ROOM * MEGABYTE else None

    @needs(Action.CREATE, Matter.VISITS)
    def keep(self, entry: VisitEntry) -> datetime | None:
        """Keep a form as it stands; durable when this returns. None where it has been finished meanwhile.

        An autosave may come late, after the form was finished: it must not bring the draft back.
        """
        session = self._session
        session.require_writer()
        body = self._drafts.packed(entry.to_fields())
        now = session.now()
        with session.store.db.write() as connection:
            if rows.written_down(connection, entry.household, entry.started_at):
                return None
            draft_rows.put(connection, f"{VISIT}{entry.household}", body, now, session.who)
        return now

    @needs(Action.CREATE, Matter.VISITS)
    def discard(self, household: int) -> Mapping[str, Any] | None:
        """Throw a draft away. Returns its fields, for ``restore``."""
        draft = self._drafts.get(f"{VISIT}{household}")
        self._drafts.drop(f"{VISIT}{household}")
        return draft.fields if draft else None

    @needs(Action.CREATE, Matter.VISITS)
    def restore(self, household: int, fields: Mapping[str, Any]) -> None:
        """Bring a draft back that was thrown away."""
        self._drafts.keep(f"{VISIT}{household}", fields)

    @needs(Action.CREATE, Matter.VISITS)
    def finish(self, entry: VisitEntry, *, sharing: bool = False) -> FinishedVisit:
        """Write a visit down, with the issues it raises: one act, in one transaction with its draft's end.

        Killed in between there is either the draft or the visit, never both and never neither. Finishing the same form
        twice is refused. Raises Invalid naming the parts at fault.
        """
        session = self._session
        session.require_writer()
        opened = self.start(entry.household, sharing=sharing)
        changes = visit_changes(session, entry, opened.sheet)

        def settle(connection: "Connection", _commit: "Commit") -> None:
            if rows.written_down(connection, entry.household, entry.started_at) > 1:
                raise Problem("This visit is written down already.")
            draft_rows.drop(connection, f"{VISIT}{entry.household}", session.who)
            draft_rows.drop(connection, f"{LATER}{entry.household}")

        visit = changes[0].record
        commit = session.write(changes, "create", settle, kind="visit", record=visit)
        issues = tuple(change.record for change in changes if change.kind == "issue")
        needs = sum(change.kind == "need" and change.create for change in changes)
        text = sentences(_said(opened.sheet.name, len(issues), missed=entry.missed), _needs_said(needs))
        return FinishedVisit(entry.household, visit, issues, commit.batch, text, entry.to_fields())

    @needs(Action.CREATE, Matter.VISITS)
    def take_back(self, finished: FinishedVisit) -> None:
        """Undo a finished visit; what was written on it is a draft again.

        The draft comes first: killed in between, the text is there twice rather than not at all.
        """
        from gridworker.app.undoing import undo_batch

        self._drafts.keep(f"{VISIT}{finished.household}", finished.fields)
        undo_batch(self._session, finished.batch)

    @free("a rule about what was typed")
    def is_late(self, entry: VisitEntry) -> bool:
        """Whether it is written down so late that a reason is asked for."""
        values = {"started_at": entry.started_at}
        return any(finding.code == "visit_late" for finding in visit_findings(values, self._session.now()))

    @free("a rule about what was typed")
    def respond_by(self, track: str, at: str) -> str:
        """Until when the first response to a hazard is due: ``today 13:48``."""
        deadline = first_action(track, moment(at or self._session.stamp()))
        return days.near_moment(deadline.due, self._session.today())

    @staticmethod
    @free("a way of writing")
    def stored(at: str) -> str:
        """A moment as it is stored, from one with its zone."""
        return written(moment(at))

    @staticmethod
    @free("a rule about what was typed")
    def warnings(entry: VisitEntry) -> tuple[str, ...]:
        """What looks wrong in the words and stops nobody: numbers that have a place of their own, labels on people."""
        return remarks(
            entry.note, *(hazard.title for hazard in entry.hazards.values()), *(need.title for need in entry.needs)
        )


def _entry_of(draft: Draft, household: int, now: str) -> VisitEntry:
    entry = VisitEntry.from_fields({"household": household, "started_at": now, **draft.fields})
    return replace(entry, household=household)


def _said(name: str, issues: int, *, missed: str) -> str:
    if missed == MISSED[NOBODY]:
        return gettext("Nobody met at {name}: noted.").format(name=name)
    if missed:
        return gettext("{name}: {outcome}. Noted.").format(name=name, outcome=OUTCOME.label(missed))
    if not issues:
        return gettext("Visit to {name} written down.").format(name=name)
    return ngettext(
        "Visit to {name} written down, with {count} issue.",
        "Visit to {name} written down, with {count} issues.",
        issues,
    ).format(name=name, count=issues)


def _needs_said(count: int) -> str:
    """How many needs it brought, if any."""
    words = ngettext("{count} need was noted.", "{count} needs were noted.", count)
    return words.format(count=count) if count else ""
