"""The list of issues: tiles, counts, and groups in the order of what to do first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from gridworker.app.issue_case import CLOSED, PARTS, WAITING, IssueCase
from gridworker.app.issue_views import GroupView, IssueFilter, IssueRowView, IssuesView, Mark, TileView
from gridworker.app.issue_words import (
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


@dataclass(frozen=True)
class Closed:
    """A page of closed issues, how many there are in all, and where the next page begins."""

    cases: Sequence[IssueCase] = ()
    count: int = 0
    after: int | None = None


def issues_view(cases: Sequence[IssueCase], closed: Closed, wanted: IssueFilter, told: Told) -> IssuesView:
    """The page. ``cases`` are all open ones, ``closed`` those that ``wanted`` asks for, or the last few."""
    fitting = [case for case in cases if fits(case, wanted, told)]
    groups = _closed_groups(closed, told) if wanted.state == CLOSED else _groups(fitting, wanted, told)
    state = "some" if groups else "filtered" if cases or wanted.is_narrow or wanted.state == CLOSED else "empty"
    if state == "empty" and closed.cases:
        title = gettext("Closed lately")
        groups = (GroupView("last", title, "", tuple(row_view(case, told) for case in closed.cases[:LAST_CLOSED])),)
    waiting = [case for case in cases if case.part == WAITING]
    return IssuesView(
        state=state,
        tiles=_tiles([case for case in cases if _at(case, wanted)]),
        counts={
            "open": len(fitting),
            **{part: sum(case.part == part for case in fitting) for part in PARTS},
            CLOSED: closed.count,
        },
        groups=groups,
        waiting=len(waiting),
        late=sum(case.is_late() for case in waiting),
        after=closed.after if wanted.state == CLOSED else None,
    )


def fits(case: IssueCase, wanted: IssueFilter, told: Told) -> bool:
    """Whether the filter lets an issue through, whatever its state."""
    return (not wanted.track or case.row.track == wanted.track) and _at(case, wanted) and _says(case, wanted, told)


def _at(case: IssueCase, wanted: IssueFilter) -> bool:
    return not wanted.building or case.row.building == wanted.building


def _says(case: IssueCase, wanted: IssueFilter, told: Told) -> bool:
    """Whether its words or their pinyin initials hold what was typed."""
    typed = "".join(wanted.text.casefold().split())
    if not typed:
        return True
    parts = (
        title_of(case.row, sharing=told.sharing),
        place_of(case.row, sharing=told.sharing),
        case.row.issue_no or "",
        _reporter(case, told),
    )
    if any(typed in "".join(part.casefold().split()) for part in parts):
        return True
    if not typed.isascii():
        return False
    from gridworker.store.pinyin import initials

    return any(typed in initials(part).casefold() for part in parts)


def _tiles(cases: Sequence[IssueCase]) -> tuple[TileView, ...]:
    return tuple(
        _tile(track, title, text, [case for case in cases if case.row.track == track])
        for track, (title, text) in TRACKS.items()
    )


def _tile(track: str, title: Label, text: Label, cases: Sequence[IssueCase]) -> TileView:
    late, soon = sum(case.is_late() for case in cases), sum(case.is_soon() for case in cases)
    mark = None
    if late:
        mark = Mark("late", gettext("{count} late").format(count=late))
    elif soon:
        mark = Mark("soon", gettext("{count} due soon").format(count=soon))
    return TileView(track, str(title), str(text), len(cases), mark)


def _groups(cases: Sequence[IssueCase], wanted: IssueFilter, told: Told) -> tuple[GroupView, ...]:
    parts = PARTS if wanted.state == "open" else (wanted.state,)
    found = []
    for part in parts:
        here = [case for case in cases if case.part == part]
        if wanted.newest:
            here.sort(key=lambda case: case.row.reported_at, reverse=True)
        else:
            here.sort(key=IssueCase.urgency)
        if here:
            aside = gettext("no first response yet") if part == WAITING else str(len(here))
            found.append(GroupView(part, str(PART_WORDS[part]), aside, tuple(row_view(case, told) for case in here)))
    return tuple(found)


def _closed_groups(closed: Closed, told: Told) -> tuple[GroupView, ...]:
    if not closed.cases:
        return ()
    rows = tuple(row_view(case, told) for case in closed.cases)
    return (GroupView(CLOSED, str(PART_WORDS[CLOSED]), str(closed.count), rows),)


def row_view(case: IssueCase, told: Told) -> IssueRowView:
    """One row."""
    row, state = case.row, case.status.state
    where = place_of(row, sharing=told.sharing)
    when = moment_words(row.reported_at, case.today)
    about = gettext(" · ").join(part for part in (where, _reporter(case, told), when) if part)
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


def _reporter(case: IssueCase, told: Told) -> str:
    """Who wrote it down; of what others told us, by which way."""
    source = case.row.source
    if source and source not in {"visit", "manual"}:
        return SOURCE_CHANNEL.label(source)
    first = next((step for step in case.file.steps if step.action == "report"), None)
    return told.names.get(first.actor_id or 0, "") if first is not None else ""
