"""A building as plain values: its tabs, its doors, in the current language, masked where somebody looks on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridworker.app.building.shops import ShopView
from gridworker.app.building.task import Progress
from gridworker.app.due.today_view import Sign


@dataclass(frozen=True, slots=True)
class BuildingTab:
    """One building in the row of tabs. ``overdue`` counts households whose visit is overdue."""

    id: int
    label: str
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class DoorView:
    """One door. ``state``: home, vacant, unknown, refused, shop; ``recency``: r1 (long ago) to r3 (this week).

    ``others`` are more households behind the same door, by id and name; ``household`` is then the one that is called on
    first, and people, issues and drafts are those of all.
    """

    dwelling: int
    room: str
    state: str
    household: int | None = None
    name: str = ""
    people: str = ""
    note: str = ""
    brief: str = ""
    """The note in as few letters as can be, for a narrow door; '' where it is no shorter."""
    recency: str = "r1"
    overdue: bool = False
    due_today: str = ""
    cares: tuple[Sign, ...] = ()
    issues: int = 0
    draft: bool = False
    others: tuple[tuple[int, str], ...] = ()
    words: str = ""
    called: str = ""
    """Building, unit and room, where it is empty: of many units each has a 101."""
    shop: int | None = None
    """Who does business there, where nobody lives."""
    task: Progress = ""
    """How far the task of the building is here."""


@dataclass(frozen=True, slots=True)
class UnitView:
    """One staircase and how many doors it has on a floor; at the first of them who is the building's head."""

    title: str
    columns: int
    aside: str = ""


@dataclass(frozen=True, slots=True)
class BuildingView:
    """One building. ``floors`` from the top; ``doors`` by (floor, unit, column)."""

    id: int
    title: str
    aside: str
    units: tuple[UnitView, ...] = ()
    floors: tuple[str, ...] = ()
    doors: Mapping[tuple[int, int, int], DoorView] = field(default_factory=dict)
    shops: tuple[ShopView, ...] = ()
    """Those at street level, and those of which no door is known."""
    every_shop: tuple[ShopView, ...] = ()
    """Those and the ones at their doors further up."""
    recorded: bool = False
    """Whether anybody is on its books."""
    task: str = ""
    """What the office has at hand here, '' for nothing."""

    def door_of(self, household: int) -> DoorView | None:
        """The door a household lives behind."""
        found = (
            door for door in self.doors.values() if household in (door.household, *(id_ for id_, _ in door.others))
        )
        return next(found, None)
