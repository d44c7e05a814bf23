"""Issues from report to closing: the list, one issue in full, and every step as one act.

What a visit needs to raise an issue stands in ``app/issue/report.py``.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.blocks import blocks
from gridworker.app.drafts import dropping
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.issue.book import Book, Standings
from gridworker.app.issue.case import IssueCase
from gridworker.app.issue.choices import IssueChoices
from gridworker.app.issue.detail import ASK_OFFICE, done_words, issue_view, no_such_issue
from gridworker.app.issue.list import Plan, Told, fits, plan, row_view
from gridworker.app.issue.reading import SoFar, WordBook
from gridworker.app.issue.report import IssueDraft, report_changes
from gridworker.app.issue.standing import tick_of
from gridworker.app.issue.views import Done, IssueFilter, IssuesView, IssueView, StepDraft
from gridworker.app.issue.words import OFFICE_WORDS
from gridworker.app.session import Session
from gridworker.domain.issue_actions import step_faults
from gridworker.domain.issue_steps import follows_text, step_of
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.record import Value
from gridworker.store.engine.connection import scanning
from gridworker.store.queries import issues as rows
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import gettext, language

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

__all__ = ["IssueDraft", "Issues", "report_changes"]

PAGE = 40
"""Rows that the window asks for at once."""


class _Asked(NamedTuple):
    """What list is asked for; ``whole``: whoever asks waits until all issues were looked through."""

    wanted: IssueFilter
    sharing: bool
    whole: bool = True


class Issues(Service):
    """The issues this store knows of, and what is done about them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._book, self._said = session.shared(Book), session.shared(WordBook)
        self._planned: tuple[object, Plan] | None = None

    # ----------------------------------------------------------------------------------------------------- reading

    @needs(Action.READ, Matter.ISSUES)
    def view(
        self, wanted: IssueFilter | None = None, *, sharing: bool = False, most: int = PAGE, to: int | None = None
    ) -> IssuesView:
        """The page as it stands now. ``sharing``: somebody looks on. ``most``: how many rows to list, from the top.

        ``to``: an issue the list has to reach, if it is in it. Who asks for more rows of what was just listed waits
        only for these.
        """
        return self._view(_Asked(wanted or IssueFilter(), sharing), most, to)

    @needs(Action.READ, Matter.ISSUES)
    def so_far(
        self, wanted: IssueFilter | None = None, *, sharing: bool = False, most: int = PAGE, to: int | None = None
    ) -> IssuesView:
        """The same as soon as it can be had: of what was typed by the issues that were looked through until now."""
        with self._said.undisturbed():
            return self._view(_Asked(wanted or IssueFilter(), sharing, whole=False), most, to)

    def _view(self, asked: "_Asked", most: int, to: int | None) -> IssuesView:
        db = self._session.store.db
        holds = (asked.wanted, asked.sharing, language(), self.minute(), db.writes)
        kept = self._planned
        with db.read() as connection:
            again = kept is not None and kept[0] == holds and kept[1].view.is_whole and not self._session.read_only
            found = kept[1] if kept and again else self._plan(connection, asked)
            most = max(most, found.reach(to))
            missing = found.missing(most)
            if missing:
                told = self._told(connection, sharing=asked.sharing)
                files = rows.files_of(connection, missing)
                found.made.update((id_, row_view(self._case(file), told)) for id_, file in files.items())
        self._planned = holds, found
        return found.shown(most)

    def _plan(self, connection: "Connection", asked: "_Asked") -> Plan:
        wanted, known, typed = asked.wanted, self._book.standings(connection), asked.wanted.text.strip()
        closed = rows.closed_order(connection, known.settled_of(wanted.track), rows.Wanted(building=wanted.building))
        said = None
        if typed:
            said = self._saying(connection, known, typed, asked)
            closed = {issue: closed[issue] for issue in closed.keys() & said.found}
        saying = said.found if said else None
        closed.update((case.issue, case.since) for case in known.closed if fits(case, wanted, saying))
        latest = sorted(closed, key=closed.__getitem__, reverse=True)
        found = plan(known.open, latest, wanted, tick_of(self._session.now()), saying)
        looked, of = (said.looked, said.of) if said else (0, 0)
        return replace(found, view=replace(found.view, where=self._where(connection), looked=looked, of=of))

    def _saying(self, connection: "Connection", known: Standings, typed: str, asked: "_Asked") -> SoFar:
        told = self._told(connection, sharing=asked.sharing)
        if asked.whole:
            return SoFar(self._said.saying(connection, known, told, typed), 0, 0)
        return self._said.so_far(connection, known, told, typed)

    @needs(Action.READ, Matter.ISSUES)
    def detail(self, issue: int, *, sharing: bool = False) -> IssueView:
        """One issue in full. Raises NotFound."""
        with self._session.store.db.read() as connection:
            file = rows.file_of(connection, issue)
            if file is None:
                raise NotFound(no_such_issue().message)
            told = self._told(connection, sharing=sharing)
            care = self._care(connection, file.issue.household)
            more, steps = rows.more_of(connection, issue), rows.steps_of(connection, issue)
            view = issue_view(self._case(file), more, steps, told, care)
        return view if self.may(Action.CHANGE, Matter.ISSUES) else replace(view, actions=())

    @needs(Action.READ, Matter.ISSUES)
    def buildings(self) -> tuple[tuple[int, str], ...]:
        """The buildings that have open issues, in the order of their numbers: what the list can be narrowed to."""
        with self._session.store.db.read() as connection:
            parts = self._book.standings(connection).open.values()
            used = {building for part in parts for building in part.column("building")}
            return tuple(blocks(connection, used))

    @needs(Action.MASKED, Matter.ISSUES)
    def look_ahead(self, *, sharing: bool = False) -> Callable[[], None]:
        """What keeps how all issues stand for the next start, and reads what they say for whoever types next.

        In another thread while nobody asks. ``sharing``: somebody looks on.
        """

        def work() -> None:
            with suppress(Problem):  # what stopped it stops the reading of the page too, or is over
                with self._session.store.db.read() as connection:
                    self._book.standings(connection)
                self._book.keep()
                if self.may(Action.READ, Matter.ISSUES):
                    with self._session.store.db.read() as connection, scanning(connection):
                        known = self._book.standings(connection)
                        self._said.look_ahead(connection, known, self._told(connection, sharing=sharing))

        return work

    @needs(Action.MASKED, Matter.ISSUES)
    def waiting(self) -> tuple[int, int]:
        """How many issues wait for a first response, and how many of these are late: for the sidebar."""
        at = tick_of(self._session.now())
        with self._session.store.db.read() as connection:
            limits = self._book.standings(connection).waiting.column("late")
        return len(limits), sum(map(at.__ge__, limits))

    @cached_property
    @free("its own methods ask")
    def choices(self) -> IssueChoices:
        """What the forms offer: code lists in words, places, limits."""
        return IssueChoices(self._session)

    @free("the clock")
    def minute(self) -> int:
        """The minute it is: while it stays the same, no countdown shows anything else."""
        return int(self._session.now().timestamp()) // 60

    # ------------------------------------------------------------------------------------------------------- acting

    @needs(Action.CREATE, Matter.ISSUES)
    def report(self, draft: IssueDraft, *, responded: bool = False, finishes: str = "") -> Done:
        """Make an issue; ``responded``: something was done at once. ``finishes`` is the draft it came from.

        Raises Invalid naming the fields at fault.
        """
        changes = report_changes(self._session, draft, responded=responded)
        issue = changes[0].record
        commit = self._session.write(
            changes, "create", dropping(finishes, self._session.who), kind="issue", record=issue
        )
        text = gettext("Reported as {number}.").format(number=changes[0].values["issue_no"])
        return Done(issue, text, commit.batch)

    @needs(Action.CHANGE, Matter.ISSUES)
    def take_step(self, issue: int, draft: StepDraft, *, finishes: str = "") -> Done:
        """Do the next thing about an issue. Raises Invalid where it does not fit or something is missing; NotFound."""
        with self._session.store.db.read() as connection:
            file = rows.file_of(connection, issue)
            org = rows.office_name(connection) or OFFICE_WORDS[0]
        if file is None:
            raise NotFound(no_such_issue().message)
        values = self._values(issue, draft, org, follows_text(file.steps))
        faults = step_faults(self._case(file).status, values)
        kind = kind_named("issue_step")
        if faults:
            raise Invalid(faults, {name: spec.label for name, spec in kind.kind.specs.items()})
        record = self._session.new_id()
        change = Change("issue_step", record, kind.checked(values), create=True)
        commit = self._session.write(
            [change], "create", dropping(finishes, self._session.who), kind="issue", record=issue
        )
        after = IssueCase(replace(file, steps=[*file.steps, step_of(record, change.values)]), self._session.now())
        return Done(issue, done_words(str(values["action"]), after.status.state, draft.satisfaction), commit.batch)

    @needs(Action.CHANGE, Matter.ISSUES)
    def mark_early(self, issue: int, *, early: bool) -> Done:
        """Say that a matter is an early sign of something larger, or that it is not. Raises NotFound."""
        values = kind_named("issue").checked({"early_sign": 1 if early else None}, partial=True)
        commit = self._session.write([Change("issue", issue, values)], "edit")
        text = gettext("Marked as an early sign.") if early else gettext("No longer marked as an early sign.")
        return Done(issue, text, commit.batch)

    @needs(Action.CREATE, Matter.ISSUES)
    def undo(self, done: Done) -> None:
        """Take back an act. Raises NotFound, Denied for who may not write what it touched."""
        from gridworker.app.undoing import undo_batch

        undo_batch(self._session, done.batch)

    # ------------------------------------------------------------------------------------------------------- inside

    def _where(self, connection: "Connection") -> str:
        """The grids of a laptop; nothing at the office, which has them all."""
        own = () if self._session.is_office else self._session.grids()
        return gettext(", ").join(name for id_, name in rows.grids(connection) if id_ in own)

    def _case(self, file: rows.IssueFile) -> IssueCase:
        return IssueCase(file, self._session.now())

    def _told(self, connection: "Connection", *, sharing: bool) -> Told:
        return Told(
            rows.staff_names(connection),
            rows.office_name(connection),
            sharing=sharing,
            office_may_help=not self._session.is_office,
            who=self._session.who,
        )

    def _care(self, connection: "Connection", household: int | None) -> tuple[str, ...]:
        from gridworker.domain.codes_care import care_label
        from gridworker.store.queries.today import cares

        if household is None or not self.may(Action.READ, Matter.CARE):
            return ()
        found = cares(connection, [household], self._session.today()).get(household, [])
        return tuple(dict.fromkeys(str(care_label(care.group, care.arrangement)) for care in found))

    def _values(self, issue: int, draft: StepDraft, office: str, follows: str | None) -> dict[str, Value]:
        asks_office = draft.action == ASK_OFFICE
        return {
            "issue_id": issue,
            "action": "refer" if asks_office else draft.action,
            "follows": follows,
            "actor_id": self._session.who,
            "at": self._session.stamp(),
            "due_on": draft.due_on,
            "note": draft.note.strip() or None,
            "to_org": office if asks_office else draft.to_org.strip() or None,
            "result": draft.result,
            "satisfaction": draft.satisfaction,
            "method": draft.method,
            "to_person": draft.to_person.strip() or None,
            "solve_method": draft.solve_method,
        }
