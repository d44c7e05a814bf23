"""The task that the office has at hand in a building: at which doors it is done, to do, or not needed (ux.md 4b).

It is not a kind of its own: a task of many doors (医保核对) is one agency request for each, called the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.queries.requests import RequestRow

Progress: TypeAlias = Literal["", "todo", "done"]
"""'' is not needed."""


@dataclass(frozen=True, slots=True)
class Task:
    """The task by its name, '' where there is none, and the households it is about: whether it is done."""

    name: str = ""
    done: Mapping[int, bool] = field(default_factory=dict)

    def progress(self, households: Iterable[int]) -> Progress:
        """How far it is behind a door: to do until it is done for all whom it is about."""
        asked = [self.done[one] for one in households if one in self.done]
        if not asked:
            return ""
        return "done" if all(asked) else "todo"


def task_of(requests: "Iterable[RequestRow]") -> Task:
    """What most doors are still to do of what was asked for; where all is done, what was asked for last."""
    rows = [row for row in requests if row.item]
    if not rows:
        return Task()
    still = {row.item for row in rows if not row.done}
    doors = Counter(row.item for row in rows if row.item in still)
    newest = {row.item: (row.requested_on, at) for at, row in enumerate(rows)}
    name = max(still or newest, key=lambda item: (doors[item], newest[item]))
    done: dict[int, bool] = {}
    for row in rows:
        if row.item == name:
            done[row.household] = done.get(row.household, True) and row.done
    return Task(name, done)


def task_words(progress: Progress) -> str:
    """How far it is, in a word; '' where it is not needed."""
    return {"todo": gettext("To do"), "done": gettext("Seen to")}.get(progress, "")
