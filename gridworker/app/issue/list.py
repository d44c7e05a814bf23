"""The list of issues: tiles, counts, and groups in the order of what to do first.

Thousands may be open where a screen shows a dozen: the order is found first, and words only for the rows shown.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, compress
from operator import and_, eq
from types import MappingProxyType
from typing import Any

from gridworker.app.issue.book import Part as Cases
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


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Those of a part that filters let through; ``marks`` says of each whether they do, None that all are."""

    part: Cases
    marks: Sequence[bool] | None = None

    def column(self, name: str) -> Sequence[Any]:
        """A field of them."""
        whole = self.part.column(name)
        return whole if self.marks is None else list(compress(whole, self.marks))

    def issues(self) -> Sequence[int]:
        """They themselves."""
        return self.part.issues if self.marks is None else list(compress(self.part.issues, self.marks))

    def where(self, name: str, fits: Callable[[Any], bool]) -> "_Chosen":
        """Those of them that another filter lets through too."""
        fitting = map(fits, self.part.column(name))
        return _Chosen(self.part, list(fitting if self.marks is None else map(and_, self.marks, fitting)))

    def __len__(self) -> int:
        return len(self.part.issues) if self.marks is None else sum(self.marks)


def plan(
    cases: Mapping[str, Cases],
    closed: Sequence[int],
    wanted: IssueFilter,
    at: int,
    saying: Collection[int] | None = None,
) -> Plan:
    """The page at a moment. ``cases`` are all open ones by their part, in their order.

    ``closed`` are the closed ones that ``wanted`` lets through, latest first; ``saying`` are the issues that say what
    was typed, where something was.
    """
    everything = {name: _Chosen(part) for name, part in cases.items()}
    here = _where(everything, "building", partial(eq, wanted.building) if wanted.building else None)
    said = _where(here, "issue", None if saying is None else saying.__contains__)
    fitting = _where(said, "track", partial(eq, wanted.track) if wanted.track else None)
    parts = _closed_part(closed) if wanted.state == CLOSED else _parts(fitting, wanted)
    is_any = any(map(len, cases.values()))
    state = "some" if parts else "filtered" if is_any or wanted.is_narrow or wanted.state == CLOSED else "empty"
    if state == "empty" and closed:
        parts = (Part(GroupView("last", gettext("Closed lately"), ""), closed[:LAST_CLOSED]),)
    waiting = everything[WAITING].column("late") if WAITING in everything else ()
    among = {part: len(chosen) for part, chosen in fitting.items()}
    return Plan(
        IssuesView(
            state=state,
            tiles=_tiles(here.values(), at),
            counts={"open": sum(among.values()), **{part: among.get(part, 0) for part in PARTS}, CLOSED: len(closed)},
            groups=(),
            waiting=len(waiting),
            late=_passed(waiting, at),
        ),
        parts,
    )


def _where(cases: Mapping[str, _Chosen], name: str, fits: Callable[[Any], bool] | None) -> Mapping[str, _Chosen]:
    return cases if fits is None else {part: chosen.where(name, fits) for part, chosen in cases.items()}


def fits(case: Standing, wanted: IssueFilter, saying: Collection[int] | None) -> bool:
    """Whether the filter lets an issue through, whatever its state. ``saying`` as of ``plan``."""
    is_one = saying is None or case.issue in saying
    return is_one and (not wanted.track or case.track == wanted.track) and _at(case, wanted)


def _at(case: Standing, wanted: IssueFilter) -> bool:
    return not wanted.building or case.building == wanted.building


def _tiles(cases: Collection[_Chosen], at: int) -> tuple[TileView, ...]:
    """What is open of each track: all of it is counted at once, for there may be tens of thousands."""
    tracks = list(chain.from_iterable(chosen.column("track") for chosen in cases))
    late, soon = (_of_each_track(tracks, cases, limit, at) for limit in ("late", "soon"))
    many = Counter(tracks)
    return tuple(
        TileView(track, str(title), str(text), many[track], _mark(late[track], soon[track]))
        for track, (title, text) in TRACKS.items()
    )


def _of_each_track(tracks: Sequence[str | None], cases: Iterable[_Chosen], limit: str, at: int) -> Counter[str | None]:
    """Of how many a limit is over."""
    moments = chain.from_iterable(chosen.column(limit) for chosen in cases)
    return Counter(compress(tracks, map(at.__ge__, moments)))


def _mark(late: int, soon: int) -> Mark | None:
    if late:
        return Mark("late", gettext("{count} late").format(count=late))
    return Mark("soon", gettext("{count} due soon").format(count=soon)) if soon else None


def _passed(limits: Iterable[int], at: int) -> int:
    """How many limits are over."""
    return sum(map(at.__ge__, limits))


def _parts(cases: Mapping[str, _Chosen], wanted: IssueFilter) -> tuple[Part, ...]:
    found = []
    for part in PARTS if wanted.state == "open" else (wanted.state,):
        here = cases.get(part)
        issues = here.issues() if here else ()
        if here and wanted.newest:
            newest = sorted(zip(here.column("reported_at"), (-issue for issue in issues), strict=True), reverse=True)
            issues = [-issue for _, issue in newest]
        if issues:
            aside = gettext("no first response yet") if part == WAITING else str(len(issues))
            found.append(Part(GroupView(part, str(PART_WORDS[part]), aside), issues))
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
