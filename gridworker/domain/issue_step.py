"""Steps of an issue: append-only, each naming the steps it follows."""

from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index

from gridworker.domain import codes_issue as codes
from gridworker.domain.codes_visit import SATISFACTION
from gridworker.domain.links import clean_ids
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label


class IssueStep(Record, table=True):
    """One thing done about an issue (domain.md 2.4, 3.5). ``follows``: the ids of the last steps its author had seen.

    A planned return visit has ``due_on``; a return visit done has ``satisfaction`` (0: not reached). What a step led
    from and to is the fold's to say; its pictures hang on it as attachments.
    """

    kind: ClassVar[Kind] = Kind(
        11, Label("Step"), Label("Steps"), caption=("action", "at"), within=("issue_id",), append_only=True
    )
    # How far issues have come is asked of all steps at once: answered by this index alone, without the notes beside it.
    __table_args__ = (
        Index("ix_issue_step_way", "issue_id", "action", "satisfaction", "follows", "at", "actor_id", "due_on"),
    )

    issue_id: int | None = field(1, Label("Issue"), Type.REF, ref="issue", required=True)
    action: str | None = field(2, Label("Action"), Type.CODE, required=True, codes=codes.ACTION)
    follows: str | None = field(3, Label("Follows"), max_length=400, check=clean_ids)
    actor_id: int | None = field(4, Label("Done by"), Type.REF, ref="staff")
    at: str | None = field(5, Label("Time"), Type.MOMENT, required=True)
    due_on: str | None = field(6, Label("Due on"), Type.DAY)
    note: str | None = field(7, Label("Note"), Type.NOTE, privacy=Privacy.PERSONAL, search=True)
    to_org: str | None = field(8, Label("Passed on to"), max_length=100)
    result: str | None = field(9, Label("Result"), Type.CODE, codes=codes.RESULT)
    satisfaction: str | None = field(10, Label("Satisfaction"), Type.CODE, codes=SATISFACTION)
    method: str | None = field(11, Label("How"), Type.CODE, codes=codes.RETURN_METHOD)
    to_person: str | None = field(12, Label("To whom there"), privacy=Privacy.PERSONAL, max_length=50)
    solve_method: str | None = field(13, Label("Way of solving it"), Type.CODE, codes=codes.SOLVE_METHOD)
    solve_org: str | None = field(14, Label("Body that solved it"), max_length=100)
    solve_person: str | None = field(15, Label("Who solved it"), privacy=Privacy.PERSONAL, max_length=50)

    @classmethod
    def caption(cls, values: Mapping[str, Value]) -> str:
        """The action in words."""
        return codes.ACTION.label(str(values.get("action") or "note"))
