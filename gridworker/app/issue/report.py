"""Reporting an issue: the changes that make it, for the form, for a visit that finds one, for an import.

changes = report_changes(session, IssueDraft("Old gas hose", "C", household_id=household), visit_id=visit)
session.write([visit_change, *changes], "create")      # one act, one undo
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gridworker.app.entry.numbers import number_for
from gridworker.app.session import Session
from gridworker.domain.codes_issue import TRACK_OF
from gridworker.domain.links import join_ids
from gridworker.record import Value
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """What a person says of a new issue. Codes are those of ``domain/codes_issue.py``.

    The track follows from the category. Where nothing places the issue (household, building, grid), the grid of this
    laptop does. ``response`` is what was done at once; ``at`` is when it was reported, empty for now.
    """

    title: str
    category: str
    severity: str = "S3"
    subcategory: str | None = None
    household_id: int | None = None
    building_id: int | None = None
    grid_id: int | None = None
    place_text: str | None = None
    summary: str | None = None
    words: str | None = None
    people_count: Value = None
    source_channel: str | None = None
    occurred_at: str | None = None
    early_sign: bool = False
    on_site: bool = False
    response: str = ""
    at: str = ""


def report_changes(
    session: Session,
    draft: IssueDraft,
    visit_id: int | None = None,
    *,
    responded: bool = False,
    beside: Sequence[Change] = (),
) -> list[Change]:
    """The issue, its report step and, where ``responded``, its first response: the first change is the issue.

    ``visit_id`` is the visit it was found on. ``responded``: something was done on the spot, which is the first
    response; ``draft.response`` says what. ``beside`` are changes of the same act, so that two issues of one visit get
    two numbers. Nothing is written. Raises Invalid naming the fields at fault.
    """
    at = draft.at or session.stamp()
    checked = kind_named("issue").checked(_values(session, draft, visit_id, at))
    checked["issue_no"] = number_for(session, "issue", beside)
    issue = session.new_id()
    report = session.new_id()
    changes = [
        Change("issue", issue, checked, create=True),
        Change("issue_step", report, _step(session, issue, at, {"action": "report"}), create=True),
    ]
    if responded:
        first = {"action": "first_response", "follows": join_ids([report]), "note": draft.response or None}
        changes.append(Change("issue_step", session.new_id(), _step(session, issue, at, first), create=True))
    return changes


def _values(session: Session, draft: IssueDraft, visit: int | None, at: str) -> dict[str, object]:
    placed = draft.household_id or draft.building_id or draft.grid_id
    return {
        "title": draft.title,
        "category": draft.category,
        "subcategory": draft.subcategory,
        "track": TRACK_OF.get(draft.category),
        "severity": draft.severity,
        "early_sign": int(draft.early_sign) or None,
        "source_channel": draft.source_channel or ("visit" if visit else "manual"),
        "reported_at": at,
        "occurred_at": draft.occurred_at,
        "place_text": draft.place_text,
        "grid_id": draft.grid_id if placed else own_grid(session),
        "building_id": draft.building_id,
        "household_id": draft.household_id,
        "visit_id": visit,
        "people_count": draft.people_count,
        "summary": draft.summary,
        "words": draft.words,
        "owner_id": session.who,
        "on_site": int(draft.on_site) or None,
    }


def _step(session: Session, issue: int, at: str, values: Mapping[str, Value]) -> dict[str, Value]:
    return kind_named("issue_step").checked({"issue_id": issue, "actor_id": session.who, "at": at, **values})


def own_grid(session: Session) -> int | None:
    """The one grid there is here; None at an office and on a laptop with several."""
    found = session.grids()
    return found[0] if len(found) == 1 else None
