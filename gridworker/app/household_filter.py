"""The filters of the list of households: what can be chosen, in words, and which households a choice leaves."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.session import LOCAL, Session
from gridworker.domain.address import natural_key
from gridworker.domain.codes_care import CARE_GROUP
from gridworker.store.queries import household_filters as rows
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.store.database import Connection

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


def narrowed(session: Session, connection: "Connection", wanted: HouseholdFilter) -> set[int] | None:
    """The households a filter leaves; None for all."""
    if wanted.is_empty:
        return None
    today = session.today()
    left: list[set[int]] = []
    if wanted.building:
        left.append(rows.in_building(connection, int(wanted.building)))
    if wanted.care:
        left.append(rows.in_care(connection, "" if wanted.care == ANY_CARE else wanted.care, today))
    if wanted.missing:
        left.append(rows.missing(connection, wanted.missing, today))
    if wanted.unvisited:
        since = datetime.combine(today - timedelta(days=int(wanted.unvisited)), time(), LOCAL).astimezone(UTC)
        moment = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        left.append(rows.not_visited_since(connection, moment))
    return set.intersection(*left)
