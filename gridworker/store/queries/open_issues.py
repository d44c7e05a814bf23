"""Issues something is still to be done about, with their steps: for the clocks of Today and the file of a visit."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.codes_issue import CATEGORY
from gridworker.domain.issue_flow import FIRST_ACTIONS
from gridworker.domain.issue_steps import Step
from gridworker.domain.links import read_ids
from gridworker.domain.return_visits import RETURN_DAYS
from gridworker.store.log.log import id_list
from gridworker.store.queries.gathered import gathered
from gridworker.store.queries.made import made_at

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def _quoted(codes: Iterable[str]) -> str:
    return ", ".join(f"'{code}'" for code in sorted(codes))


def last_seen(step: str) -> str:
    """In SQL, the last record that a step follows, NULL where it follows none.

    A greater id than its own tells of a clock that was far behind: then the order of ids is not that of the fold.
    """
    return f"CAST(replace({step}.follows, rtrim({step}.follows, '0123456789'), '') AS INTEGER)"


_COLUMNS = (
    "i.id, i.household_id, i.building_id, i.title, i.category, i.subcategory, i.track, i.severity, "
    f"coalesce(i.reported_at, {made_at('i')}), i.visit_id, i.on_site, i.place_text"
)
_LOT = 1_000
"""Issues that are at hand with their steps at once, where there may be tens of thousands."""
_SETTLED = "SELECT 1 FROM issue_step s WHERE s.issue_id = i.id AND s.action IN ('close', 'reject')"

_ACTED = f"SELECT 1 FROM issue_step s WHERE s.issue_id = i.id AND s.action IN ({_quoted(FIRST_ACTIONS | {'reject'})})"
_RETURNS = "SELECT 1 FROM issue_step s WHERE s.issue_id = i.id AND s.action IN ('resolve', 'schedule_return')"
_URGENT = "(i.severity IN ('S1', 'S2') AND i.visit_id IS NULL)"
_SEVERAL = tuple(track for track, days in RETURN_DAYS.items() if len(days) > 1)
"""Tracks that are asked about again after an answer."""

_ANSWERED = f"""
    SELECT NOT sum(s.action = 'schedule_return')
        AND NOT coalesce(sum({last_seen("s")} > s.id), 0)
        AND max(CASE WHEN s.action = 'return_visit' AND s.satisfaction <> '0' THEN s.id END)
            > max(CASE s.action WHEN 'resolve' THEN s.id END)
    FROM issue_step s WHERE s.issue_id = i.id"""
"""Whether it was answered after it was last resolved, and nobody planned to ask again: no fold waits for a return visit
then, unless its track has several."""


class IssueRow(NamedTuple):
    """An issue as stored."""

    id: int
    household: int | None
    building: int | None
    title: str | None
    """None where it was erased."""
    category: str
    subcategory: str | None
    track: str | None
    severity: str
    reported_at: str
    visit: int | None
    on_site: int | None
    place: str | None

    @property
    def called(self) -> str:
        """Its title; where that was erased, what kind of issue it is."""
        return self.title or CATEGORY.label(self.category)


class ClockRow(NamedTuple):
    """What the clock of the first action on an issue runs by."""

    id: int
    track: str | None
    reported_at: str
    on_site: int | None


@dataclass(frozen=True, slots=True)
class IssueFile:
    """An issue and its steps, in no order."""

    issue: IssueRow
    steps: list[Step] = field(default_factory=list)


def unsettled(connection: "Connection", since: str) -> list[IssueFile]:
    """Issues nobody has closed or turned down, and those with a resolution, plan or reopening since a moment.

    A mediated dispute is asked about again for three months, closed or not, so what was resolved lately comes along.
    """
    rows = gathered(
        connection,
        len(IssueRow._fields),
        f"SELECT {_COLUMNS} FROM issue i WHERE NOT EXISTS ({_SETTLED}) OR i.id IN (SELECT s.issue_id FROM issue_step s "
        "WHERE s.action IN ('resolve', 'schedule_return', 'reopen', 'return_visit') AND s.at >= ?)",
        (since,),
    )
    return _with_steps(connection, [IssueRow(*row) for row in rows])


def pressing(connection: "Connection", since: str, among: Collection[int] | None = None) -> Iterator[IssueFile]:
    """Those of the unsettled issues that ask for a call on a household: an urgent one, or a return visit.

    ``among``: only those of some households. At an office hundreds are under way and ask for nobody today; their steps
    need not be read. It may let one through too many, never one too few.
    """
    chosen = "" if among is None else " AND i.household_id IN (SELECT value FROM json_each(?))"
    found = gathered(
        connection,
        1,
        f"SELECT i.id FROM issue i WHERE i.household_id IS NOT NULL AND ((NOT EXISTS ({_SETTLED}) "
        f"AND ({_URGENT} OR EXISTS ({_RETURNS}))) "
        f"OR {_lately(among)}) "
        f"AND ({_URGENT} OR i.track IN ({_quoted(_SEVERAL)}) OR NOT coalesce(({_ANSWERED}), 0)){chosen}",
        (since,) if among is None else (since, id_list(among)),
    )
    for at in range(0, len(found), _LOT):
        yield from _with_steps(connection, issues(connection, (id for (id,) in found[at : at + _LOT])))


def _lately(among: Collection[int] | None) -> str:
    """What is true of issues with such a step since a moment: of all asked at once, of few one by one."""
    steps = "FROM issue_step s WHERE s.action IN ('resolve', 'schedule_return', 'reopen', 'return_visit') AND s.at >= ?"
    if among is None:
        return f"i.id IN (SELECT s.issue_id {steps})"
    return f"EXISTS (SELECT 1 {steps} AND s.issue_id = i.id)"


def leaving(connection: "Connection", since: str, until: str) -> list[tuple[str, int]]:
    """The households of issues whose last such step lies between two days; with that day."""
    rows = gathered(
        connection,
        2,
        "SELECT max(substr(s.at, 1, 10)) AS last, i.household_id FROM issue_step s JOIN issue i ON i.id = s.issue_id "
        "WHERE s.action IN ('resolve', 'schedule_return', 'reopen', 'return_visit') AND s.at >= ? "
        "AND i.household_id IS NOT NULL GROUP BY s.issue_id HAVING last < ?",
        (since, until),
    )
    return [(day, household) for day, household in rows]


def issues(connection: "Connection", ids: Iterable[int]) -> list[IssueRow]:
    """Some issues."""
    rows = gathered(
        connection,
        len(IssueRow._fields),
        f"SELECT {_COLUMNS} FROM json_each(?) w CROSS JOIN issue i ON i.id = w.value",
        (id_list(ids),),
    )
    return [IssueRow(*row) for row in rows]


def unanswered(connection: "Connection") -> list[ClockRow]:
    """Issues nobody has acted on yet nor turned down: by the fold of their steps they are still only reported.

    Of ten thousand only what their clocks need; the few that are shown are read whole.
    """
    rows = gathered(
        connection,
        len(ClockRow._fields),
        f"SELECT i.id, i.track, coalesce(i.reported_at, {made_at('i')}), i.on_site FROM issue i "
        f"WHERE NOT EXISTS ({_ACTED})",
    )
    return [ClockRow(*row) for row in rows]


def of_household(connection: "Connection", household: int) -> list[IssueFile]:
    """All issues of a household."""
    return of_households(connection, [household])


def of_households(connection: "Connection", households: Iterable[int]) -> list[IssueFile]:
    """All issues of some households."""
    rows = gathered(
        connection,
        len(IssueRow._fields),
        f"SELECT {_COLUMNS} FROM json_each(?) w CROSS JOIN issue i ON i.household_id = w.value",
        (id_list(households),),
    )
    return _with_steps(connection, [IssueRow(*row) for row in rows])


def _with_steps(connection: "Connection", issues: Iterable[IssueRow]) -> list[IssueFile]:
    files = {issue.id: IssueFile(issue, []) for issue in issues}
    rows = gathered(
        connection,
        8,
        f"SELECT s.id, s.issue_id, s.action, coalesce(s.at, {made_at('s')}), s.follows, s.actor_id, s.due_on, "
        "s.satisfaction FROM json_each(?) w CROSS JOIN issue_step s ON s.issue_id = w.value",
        (id_list(files),),
    )
    for record, issue, action, at, follows, *rest in rows:
        files[issue].steps.append(Step(record, action or "note", at or "", read_ids(follows), *rest))
    return list(files.values())
