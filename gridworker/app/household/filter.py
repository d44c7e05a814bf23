"""The filters of the list of households: what can be chosen, in words, and which households a choice leaves."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker.app.blocks import blocks
from gridworker.app.session import LOCAL, Session
from gridworker.domain.codes_care import CARE_GROUP
from gridworker.store.queries import household_filters as rows
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

FEW = 100_000
"""Of so many households a filter is asked one by one; of more all are read in one go."""

DAYS = (30, 60, 90, 180)
"""Not visited for so long."""

_MISSING = {
    "phone": Label("Phone missing"),
    "birth": Label("Birth missing"),
    "consent": Label("Consent missing"),
    "head": Label("Head missing"),
    "one_head": Label("More than one head"),
    "identity": Label("Birth or sex to check"),
    "people": Label("Nobody recorded"),
    "emptied": Label("Everybody has left"),
    "door": Label("Door missing"),
    "number": Label("Number given twice"),
}


OF_ALL = frozenset({"number"})
"""What may be missing and is seen in all households together only."""


class Choice(NamedTuple):
    """One line of a filter: its value, '' for all, and its words."""

    value: str
    label: str


class Part(NamedTuple):
    """One filter that is set: its name and what was chosen."""

    name: str
    value: str

    @property
    def is_of_all(self) -> bool:
        """Whether it is seen in all households together only: what is done to one bears on others."""
        return self.name == "missing" and self.value in OF_ALL


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """What the list is narrowed to. Empty fields narrow nothing."""

    building: str = ""
    care: str = ""
    unvisited: str = ""
    missing: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it lets everybody through."""
        return self == HouseholdFilter()

    def parts(self) -> list[Part]:
        """What is asked of each household by itself, the building apart; what leaves least first."""
        asked = (Part("care", self.care), Part("missing", self.missing), Part("unvisited", self.unvisited))
        return [part for part in asked if part.value]


Known: TypeAlias = 'Callable[["Connection", Part, Collection[int] | None], set[int] | None]'
"""Who knows without the books which of some households, or of all, one part of a filter leaves; None where he does not.
"""

EVERYBODY = HouseholdFilter()
"""No narrowing."""

ANY_CARE = "any"
"""The care filter that asks for no group in particular."""


def parts() -> list[Part]:
    """All that can be chosen beside a building."""
    care = [Part("care", value) for value in (ANY_CARE, *CARE_GROUP.offered)]
    return [*care, *(Part("unvisited", str(days)) for days in DAYS), *(Part("missing", what) for what in _MISSING)]


def choices(session: Session) -> dict[str, tuple[Choice, ...]]:
    """What can be chosen, by the name of the filter; the first of each is all."""
    with session.store.db.read() as connection:
        named = [Choice(str(id_), label) for id_, label in blocks(connection)]
    care = [Choice(code, CARE_GROUP.label(code)) for code in CARE_GROUP.offered]
    days = [Choice(str(count), gettext("Not visited for {days} days").format(days=count)) for count in DAYS]
    return {
        "building": (Choice("", gettext("All buildings")), *named),
        "care": (Choice("", gettext("With and without care")), Choice(ANY_CARE, gettext("In care")), *care),
        "unvisited": (Choice("", gettext("Visited or not")), *days),
        "missing": (
            Choice("", gettext("Complete or not")), *(Choice(code, str(label)) for code, label in _MISSING.items())
        ),
    }  # fmt: skip


def narrowed(
    session: Session,
    connection: "Connection",
    wanted: HouseholdFilter,
    among: Collection[int] | None = None,
    known: "Known | None" = None,
) -> set[int] | None:
    """The households a filter leaves, of some where these are given; None for all.

    Each part is asked of what those before it left, so that a building is never paid for with a walk through all.
    ``known`` is asked before the books.
    """
    left = None if among is None else set(among)
    if wanted.building:
        found = rows.in_building(connection, int(wanted.building))
        left = found if left is None else left & found
    for part in wanted.parts():
        some = left if left is not None and len(left) <= FEW else None
        told = known(connection, part, some) if known else None
        found = part_of(session, connection, part)(some) if told is None else told
        left = found if left is None else left & found
    return left


def part_of(session: Session, connection: "Connection", part: Part) -> Callable[[set[int] | None], set[int]]:
    """What asks some households, or all for None, for one part of a filter, and says which of them it leaves."""
    today = session.today()
    if part.name == "care":
        return partial(_cared_for, connection, "" if part.value == ANY_CARE else part.value, today)
    if part.name == "missing":
        return partial(rows.missing, connection, part.value, today)
    return partial(rows.not_visited_since, connection, unvisited_since(part.value, today))


def unvisited_since(days: str, today: date) -> str:
    """The moment since which nobody called who is left by not having been visited for so many days; '' for no days."""
    if not days:
        return ""
    since = datetime.combine(today - timedelta(days=int(days)), time(), LOCAL).astimezone(UTC)
    return since.strftime("%Y-%m-%dT%H:%M:%SZ")


def _cared_for(connection: "Connection", group: str, today: date, among: set[int] | None) -> set[int]:
    if among is None:
        return rows.in_care(connection, group, today)
    return rows.cared_for(connection, group, today, among)
