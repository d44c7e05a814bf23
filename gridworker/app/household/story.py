"""What happened to a household, told as one moment each: born, died, moved, split off, joined.

The log knows fields of records; an act on a household changes several. The memberships say how people came and left
(``came_by``, ``left_by``), and what else was written with them, by the same person at the same time, is not told again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.household.view import MomentView
from gridworker.app.words import days
from gridworker.domain.address import door_label
from gridworker.domain.codes import HEAD, RELATION
from gridworker.domain.codes_life import BORN, CAME_BY, DIED, JOINED, LEFT_BY, MOVED_OUT, SPLIT_OFF
from gridworker.domain.moments import local_day
from gridworker.store.log.op import What
from gridworker.store.queries import life as rows
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.history import Event, FieldChange

TOGETHER = timedelta(seconds=1)
"""What one person wrote within it belongs to one act."""

_FROM_OTHERS = frozenset({SPLIT_OFF, JOINED})
_ICONS = {BORN: "person", DIED: "change", MOVED_OUT: "change"}


@dataclass(frozen=True, slots=True)
class Books:
    """The records a file is made of: ids by kind, the names of its people, the titles of its issues."""

    household: int
    records: Mapping[str, Sequence[int]]
    people: Mapping[int, str]
    members: Mapping[int, int]
    """Resident by membership."""
    issues: Mapping[int, str]
    needs: Mapping[int, str] = field(default_factory=dict)
    """Titles of needs."""
    contacts: Mapping[int, str] = field(default_factory=dict)
    """Names of emergency contacts."""


class _Passage(NamedTuple):
    """Somebody came into the household, or left it."""

    event: "Event"
    membership: int
    resident: int
    how: str
    came: bool
    day: str
    relation: str
    undone: bool = False
    """They had left, and that was taken back."""


@dataclass
class Story:
    """The passages of a household's people, and what they explain."""

    today: date
    people: Mapping[int, str]
    passages: Sequence[_Passage]
    homes: Sequence["rows.OtherHome"]
    doors: Mapping[int, str]
    moves: Sequence["Event"]
    """Of the household: another door, another head, the end."""
    led: Sequence[tuple[int, "Event"]] = ()
    """Who was written down as head, by resident, and when."""

    @classmethod
    def read(
        cls, connection: "Connection", books: "Books", found: "Mapping[int, Sequence[Event]]", today: date
    ) -> "Story":
        """What the histories of a household's records tell."""
        passages = [
            passage
            for membership in books.records["household_member"]
            for event in found.get(membership, ())
            if (passage := _passage(event, membership, books.members.get(membership, 0)))
        ]
        moves = [event for event in found.get(books.household, ()) if event.what != What.CREATE]
        dwellings = [value for event in moves for change in event.changes for value in _doors_in(change)]
        found_doors = rows.doors(connection, dwellings)
        several = len({one.estate for one in found_doors}) > 1
        doors = {one.dwelling: _called(one.estate if several else "", one) for one in found_doors}
        homes = rows.other_homes(connection, [one.membership for one in passages])
        led = [
            (books.members.get(membership, 0), event)
            for membership in books.records["household_member"]
            for event in found.get(membership, ())
            if event.what == What.CREATE and any((one.field, one.after) == ("relation", HEAD) for one in event.changes)
        ]
        return cls(today, books.people, passages, homes, doors, moves, led)

    def leads(self, kind: str, event: "Event") -> Iterator[MomentView]:
        """The moment an event begins, if it is the first of its act."""
        if kind == "household" and event.what != What.CREATE:
            yield from self._moved(event)
        elif kind == "household_member":
            act = self._act_of(event)
            if act and act[0].event is event:
                yield self._told(act)

    def explains(self, kind: str, record: int, event: "Event", field: str) -> bool:
        """Whether a change needs no words of its own."""
        match kind, field:
            case "household_member", "valid_to" | "left_by":
                return any(one.event is event for one in self.passages)
            case "household_member", "relation":
                return any(_names(move, "head_id") and is_together(move, event) for move in self.moves)
            case "household", "dwelling_id":
                return bool(list(self._moved(event)))
            case "household", "head_id":
                return self._is_first_head(event)
            case "household", "status" | "status_date":
                left = any(not one.came and is_together(one.event, event) for one in self.passages)
                return left or _names(event, "dwelling_id")
            case "resident", "status" | "status_date":
                return any(one.resident == record and is_together(one.event, event) for one in self.passages)
            case "care_membership", "end_on":
                return any(one.how in {DIED, MOVED_OUT} and is_together(one.event, event) for one in self.passages)
            case _:
                return False

    def _is_first_head(self, event: "Event") -> bool:
        """Whether nobody led the household before, and who does came on its books in the same act: that is told."""
        first = [one.after for one in event.changes if one.field == "head_id" and not any(one.before)]
        return any(resident in first and is_together(came, event) for resident, came in self.led)

    def came(self, event: "Event") -> bool:
        """Whether the beginning of a membership is told by its passage."""
        return any(one.event is event and one.came for one in self.passages)

    def _act_of(self, event: "Event") -> list[_Passage]:
        """All who came or left in one act."""
        own = next((one for one in self.passages if one.event is event), None)
        if own is None:
            return []
        if own.came and own.how not in _FROM_OTHERS:  # added one by one
            return [own]
        same = (one for one in self.passages if (one.how, one.came, one.undone) == (own.how, own.came, own.undone))
        return sorted((one for one in same if is_together(one.event, event)), key=lambda one: one.event.clk)

    def _told(self, act: Sequence[_Passage]) -> MomentView:
        first = act[0]
        title = CAME_BY.label(first.how) if first.came else LEFT_BY.label(first.how)
        if first.how == MOVED_OUT and any(
            _ended(move, first) and is_together(move, first.event) for move in self.moves
        ):
            title = gettext("The household moved out")
        if first.undone:
            title = gettext("Taken back: {what}").format(what=title)
        names = gettext(", ").join(self.people.get(one.resident, "") for one in act)
        if len(act) == 1 and first.relation:
            names = gettext(", ").join((names, first.relation))
        parts = (names, self._day(first), self._place(first))
        key = ("passage", first.membership, str(first.event.clk))
        icon = _ICONS.get(first.how, "person" if first.came else "change")
        return MomentView(key, "change", icon, title, "", gettext(" · ").join(filter(None, parts)))

    def _day(self, one: _Passage) -> str:
        return self._other_day(one.day, one.event)

    def _other_day(self, told: str, event: "Event") -> str:
        """The day, where it is another than that on which it was written down."""
        day = date.fromisoformat(told) if told else None
        return days.short_day(day, self.today) if day and day != local_day(event.at) else ""

    def _place(self, one: _Passage) -> str:
        """From which household somebody came, or to which they went."""
        if one.how not in _FROM_OTHERS or one.undone:
            return ""
        mine = [home for home in self.homes if home.resident == one.resident]
        near = [home for home in mine if (home.membership < one.membership) == one.came]
        if not near:
            return ""
        home = near[-1] if one.came else near[0]
        return gettext(", ").join(filter(None, (home.head, _called(home.estate, home) if home.building else "")))

    def _moved(self, event: "Event") -> Iterator[MomentView]:
        """Another door: from which to which."""
        for change in event.changes:
            before = change.before[-1] if change.before else None
            if change.field == "dwelling_id" and isinstance(before, int) and isinstance(change.after, int):
                pair = (self.doors.get(before, "…"), self.doors.get(change.after, "…"))
                key = ("moved", change.after, str(event.clk))
                told = next((str(one.after) for one in event.changes if one.field == "status_date" and one.after), "")
                day = self._other_day(told, event)
                yield MomentView(key, "change", "change", gettext("Moved to another door"), "", day, pair)


def _passage(event: "Event", membership: int, resident: int) -> _Passage | None:
    values = {change.field: change.after for change in event.changes}
    if event.what == What.CREATE:
        how, relation = str(values.get("came_by") or ""), _relation(values.get("relation"))
        if not how:
            return None
        return _Passage(event, membership, resident, how, True, str(values.get("valid_from") or ""), relation)
    how = str(values.get("left_by") or "")
    if how:
        return _Passage(event, membership, resident, how, False, str(values.get("valid_to") or ""), "")
    return _back(event, membership, resident)


def _back(event: "Event", membership: int, resident: int) -> _Passage | None:
    """How somebody had left who never did, as it turned out: an undo empties it."""
    before = [value for change in event.changes if change.field == "left_by" for value in change.before[-1:]]
    if not before or not before[0]:
        return None
    return _Passage(event, membership, resident, str(before[0]), False, "", "", undone=True)


def _relation(code: "Value") -> str:
    return RELATION.label(str(code)) if code else ""


def _called(estate: str | None, place: "rows.DoorRow | rows.OtherHome") -> str:
    """A door, behind its estate where that tells it from another: every estate has a 3栋."""
    return " ".join(filter(None, (estate, door_label(place.building or "", place.unit, place.room))))


def _doors_in(change: "FieldChange") -> Iterable[int]:
    if change.field != "dwelling_id":
        return ()
    return [value for value in (*change.before, change.after) if isinstance(value, int)]


def _names(event: "Event", field: str) -> bool:
    return any(change.field == field for change in event.changes)


def _ended(event: "Event", passage: _Passage) -> bool:
    """Whether a household moved out as a whole, or came back by an undo."""
    changed = (change for change in event.changes if change.field == "status")
    return any(MOVED_OUT in change.before if passage.undone else change.after == MOVED_OUT for change in changed)


def is_together(one: "Event", other: "Event") -> bool:
    """Whether two things were written in one act."""
    return one.who == other.who and abs(one.at - other.at) <= TOGETHER
