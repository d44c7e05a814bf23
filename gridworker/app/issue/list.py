"""The list of issues: tiles, counts, and groups in the order of what to do first.

Thousands may be open where a screen shows a dozen: the order is found first, and words only for the rows shown.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from types import MappingProxyType

from gridworker.app.issue.case import CLOSED, PARTS, WAITING, IssueCase
from gridworker.app.issue.standing import Standing
from gridworker.app.issue.views import GroupView, IssueFilter, IssueRowView, IssuesView, Mark, TileView
from gridworker.app.issue.words import (
    PART_WORDS,
    mark_of,
    moment_words,
    pace_of,
    place_of,
    severity_mark,
    step_word,
    title_of,
)
from gridworker.domain.codes_issue import SOURCE_CHANNEL
from gridworker.store.queries.issues import IssueRow
from gridworker.text import Label, gettext

LAST_CLOSED = 3

TRACKS: Mapping[str, tuple[Label, Label]] = MappingProxyType({
    "F1": (Label("Security hazard"), Label("Check first")),
    "F2": (Label("Dispute"), Label("Mediate first")),
    "F3": (Label("Safety hazard"), Label("Fix first")),
    "F4": (Label("Care cases"), Label("Open a file first")),
})  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What the words need beside the issues: names of staff by id, the office's name, whether somebody looks on.

    ``office_may_help``: this is a laptop, so there is an office to ask. ``who`` looks: nobody verifies their own work.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    office: str = ""
    sharing: bool = False
    office_may_help: bool = False
    who: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the list before its rows are made: its heading, and its issues in their order."""

    heading: GroupView
    issues: Sequence[int]


@dataclass(frozen=True, slots=True)
class Plan:
    """The page without rows, and what its list has. ``made``: rows that were shown already."""

    view: IssuesView
    parts: Sequence[Part]
    made: dict[int, IssueRowView] = field(default_factory=dict)

    def reach(self, issue: int | None) -> int:
        """How many rows the list has down to an issue; 0 where it is not in it."""
        listed = [one for part in self.parts for one in part.issues] if issue is not None else []
        return listed.index(issue) + 1 if issue in listed else 0

    def missing(self, most: int) -> list[int]:
        """Those of the first issues of the list whose rows are still to be made."""
        return [issue for part in self._first(most) for issue in part.issues if issue not in self.made]

    def shown(self, most: int) -> IssuesView:
        """The page with so many rows. Issues that are gone meanwhile are left out."""
        groups = tuple(
            replace(part.heading, rows=tuple(self.made[issue] for issue in part.issues if issue in self.made))
            for part in self._first(most)
        )
        return replace(self.view, groups=groups, more=sum(len(part.issues) for part in self.parts) > most)

    def _first(self, most: int) -> Iterator[Part]:
        left = most
        for part in self.parts:
            if left > 0:
                yield Part(part.heading, part.issues[:left])
            left -= len(part.issues)


def plan(
    cases: Sequence[Standing],
    closed: Sequence[int],
    wanted: IssueFilter,
    at: int,
    saying: Collection[int] | None = None,
) -> Plan:
    """The page at a moment. ``cases`` are all open ones in their order.

    ``closed`` are the closed ones that ``wanted`` lets through, latest first; ``saying`` are the issues that say what
    was typed, where something was.
    """
    here = [case for case in cases if case.building == wanted.building] if wanted.building else cases
    said = here if saying is None else [case for case in here if case.issue in saying]
    fitting = [case for case in said if case.track == wanted.track] if wanted.track else said
    parts = _closed_part(closed) if wanted.state == CLOSED else _parts(fitting, wanted)
    state = "some" if parts else "filtered" if cases or wanted.is_narrow or wanted.state == CLOSED else "empty"
    if state == "empty" and closed:
        parts = (Part(GroupView("last", gettext("Closed lately"), ""), closed[:LAST_CLOSED]),)
    waiting = [case.late for case in cases if case.part == WAITING]
    among = Counter([case.part for case in fitting])
    return Plan(
        IssuesView(
            state=state,
            tiles=_tiles(here, at),
            counts={"open": len(fitting), **{part: among[part] for part in PARTS}, CLOSED: len(closed)},
            groups=(),
            waiting=len(waiting),
            late=_passed(waiting, at),
        ),
        parts,
    )


def fits(case: Standing, wanted: IssueFilter, saying: Collection[int] | None) -> bool:
    """Whether the filter lets an issue through, whatever its state. ``saying`` as of ``plan``."""
    is_one = saying is None or case.issue in saying
    return is_one and (not wanted.track or case.track == wanted.track) and _at(case, wanted)


def _at(case: Standing, wanted: IssueFilter) -> bool:
    return not wanted.building or case.building == wanted.building


def _tiles(cases: Sequence[Standing], at: int) -> tuple[TileView, ...]:
    found: dict[str | None, list[Standing]] = defaultdict(list)
    for case in cases:
        found[case.track].append(case)
    return tuple(_tile(track, title, text, found[track], at) for track, (title, text) in TRACKS.items())


def _tile(track: str, title: Label, text: Label, cases: Sequence[Standing], at: int) -> TileView:
    mark = None
    if late := _passed([case.late for case in cases], at):
        mark = Mark("late", gettext("{count} late").format(count=late))
    elif soon := _passed([case.soon for case in cases], at):
        mark = Mark("soon", gettext("{count} due soon").format(count=soon))
    return TileView(track, str(title), str(text), len(cases), mark)


def _passed(limits: list[int], at: int) -> int:
    """How many limits are over. Of tens of thousands to sort them and look once takes less than to ask each."""
    limits.sort()
    return bisect_right(limits, at)


def _parts(cases: Sequence[Standing], wanted: IssueFilter) -> tuple[Part, ...]:
    found = []
    for part in PARTS if wanted.state == "open" else (wanted.state,):
        here = [case for case in cases if case.part == part]
        if wanted.newest:
            here.sort(key=attrgetter("issue"))
            here.sort(key=attrgetter("reported_at"), reverse=True)
        if here:
            aside = gettext("no first response yet") if part == WAITING else str(len(here))
            found.append(Part(GroupView(part, str(PART_WORDS[part]), aside), [case.issue for case in here]))
    return tuple(found)


def _closed_part(closed: Sequence[int]) -> tuple[Part, ...]:
    if not closed:
        return ()
    return (Part(GroupView(CLOSED, str(PART_WORDS[CLOSED]), str(len(closed))), closed),)


def row_view(case: IssueCase, told: Told) -> IssueRowView:
    """One row."""
    row, state = case.row, case.status.state
    where = place_of(row, sharing=told.sharing)
    when = moment_words(row.reported_at, case.today)
    about = gettext(" · ").join(part for part in (where, _reporter_of(case, told), when) if part)
    return IssueRowView(
        id=row.id,
        title=title_of(row, sharing=told.sharing),
        severity=severity_mark(row.severity),
        category=row.category,
        about=about,
        done=state.done,
        step=step_word(case),
        pace=pace_of(case),
        mark=mark_of(case, told.office),
    )


def _reporter_of(case: IssueCase, told: Told) -> str:
    first = next((step for step in case.file.steps if step.action == "report"), None)
    return reporter(case.row, first.actor_id if first is not None else None, told)


def reporter(row: IssueRow, who: int | None, told: Told) -> str:
    """Who wrote it down; of what others told us, by which way. ``who`` made the first step."""
    if row.source and row.source not in {"visit", "manual"}:
        return SOURCE_CHANNEL.label(row.source)
    return told.names.get(who or 0, "")
