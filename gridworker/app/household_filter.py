"""The filters of the list of households: what can be chosen, in words, and which households a choice leaves."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.session import LOCAL, Session
from gridworker.domain.address import natural_key
from gridworker.domain.codes_care import CARE_GROUP
from gridworker.store.queries import household_filters as rows
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.store.database import Connection

FEW = 20_000
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


class Choice(NamedTuple):
    """One line of a filter: its value, '' for all, and its words."""

    value: str
    label: str


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


EVERYBODY = HouseholdFilter()
"""No narrowing."""

ANY_CARE = "any"
"""The care filter that asks for no group in particular."""


def choices(session: Session) -> dict[str, tuple[Choice, ...]]:
    """What can be chosen, by the name of the filter; the first of each is all."""
    with session.store.db.read() as connection:
        found = rows.buildings(connection)
    several = len({estate for _, estate, _ in found}) > 1
    found.sort(key=lambda one: (natural_key(one[1]), natural_key(one[2])))
    named = [Choice(str(id_), f"{estate} {label}" if several and estate else label) for id_, estate, label in found]
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
    session: Session, connection: "Connection", wanted: HouseholdFilter, among: Collection[int] | None = None
) -> set[int] | None:
    """The households a filter leaves, of some where these are given; None for all.

    Each part is asked of what those before it left, so that a building is never paid for with a walk through all.
    """
    left = None if among is None else set(among)
    for part in _parts(session, connection, wanted):
        found = part(left if left is not None and len(left) <= FEW else None)
        left = found if left is None else left & found
    return left


_Part = Callable[[set[int] | None], set[int]]


def _parts(session: Session, connection: "Connection", wanted: HouseholdFilter) -> Iterator[_Part]:
    """What each filter that is set leaves, of some households or of all; those that leave least first."""
    today = session.today()
    if wanted.building:
        yield lambda _among: rows.in_building(connection, int(wanted.building))
    if wanted.care:
        group = "" if wanted.care == ANY_CARE else wanted.care
        yield (
            lambda among: (
                rows.in_care(connection, group, today)
                if among is None
                else rows.cared_for(connection, group, today, among)
            )
        )
    if wanted.missing:
        yield partial(rows.missing, connection, wanted.missing, today)
    if wanted.unvisited:
        since = datetime.combine(today - timedelta(days=int(wanted.unvisited)), time(), LOCAL).astimezone(UTC)
        yield partial(rows.not_visited_since, connection, since.strftime("%Y-%m-%dT%H:%M:%SZ"))
