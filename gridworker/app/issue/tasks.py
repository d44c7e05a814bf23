"""The task slip: what somebody was asked to do, as a name, a place and a time - all that a volunteer ever sees."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.app.due.outlook import outlook
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.domain.address import door_label
from gridworker.store.queries import open_issues
from gridworker.store.records import get_many

if TYPE_CHECKING:
    from gridworker.app.due.outlook import Outlook
    from gridworker.app.session import Session
    from gridworker.record import Value
    from gridworker.store.queries.open_issues import IssueFile

_NEVER = "9999"
"""Issues that were settled at any time before this are left out."""


@dataclass(frozen=True, slots=True)
class TaskSlip:
    """One task: whom it is for, where, and the day until which; nothing of why."""

    id: int
    name: str
    place: str
    due: str


class Tasks(Service):
    """The tasks of the person at the keyboard: open issues that are theirs."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @needs(Action.READ, Matter.TASKS)
    def mine(self) -> list[TaskSlip]:
        """What is to be done, the soonest first; what has no day comes last."""
        with self._session.store.db.read() as connection:
            unsettled = open_issues.unsettled(connection, _NEVER)
            issues = get_many(connection, "issue", [file.issue.id for file in unsettled])
            own = {id_: values for id_, values in issues.items() if values["owner_id"] == self._session.who}
            files = [file for file in unsettled if file.issue.id in own]
            homes = {file.issue.household for file in files if file.issue.household}
            known = outlook(connection, homes, self._session.today())
        return sorted(_slips(files, own, known), key=lambda slip: (slip.due or _NEVER, slip.id))


def _slips(files: "list[IssueFile]", own: "dict[int, dict[str, Value]]", known: "Outlook") -> Iterator[TaskSlip]:
    for file in files:
        household = file.issue.household or 0
        house = known.houses.get(household)
        door = door_label(house.building or "", house.unit, house.room) if house else ""
        days = [step.due_on for step in file.steps if step.due_on]
        place = door or str(own[file.issue.id]["place_text"] or "")
        yield TaskSlip(file.issue.id, known.name(household) if house else "", place, max(days, default=""))
