"""A small invented community, written through the one write path: for tests of services and pages.

village = Village(session)
chen = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", since="2025-01-01")
village.care(chen, "C3", cadence="V1", arrangement="2", start="2025-06-01")
village.visit(chen, "2026-03-09T02:00:00Z", note="女儿周末才能来。")
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from gridworker.app.session import LOCAL, Session
from gridworker.record import Value
from gridworker.store.log.clock import EPOCH, MS_SHIFT
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change

WEDNESDAY = datetime(2026, 3, 18, 1, 42, tzinfo=UTC)
"""The day of the mock-ups, 09:42 here."""


@dataclass
class HandClock:
    """A wall clock moved by hand."""

    at: datetime = WEDNESDAY
    set_on: timedelta = timedelta()
    """By how much it was set, and not moved by the time that went."""
    start: str = "a start of the computer"

    def __call__(self) -> datetime:
        return self.at

    def ms(self) -> int:
        """What the store's clock reads."""
        return int((self.at - EPOCH) / timedelta(milliseconds=1))

    def move(self, **step: float) -> None:
        """Let time pass: ``clock.move(minutes=6)``."""
        self.at += timedelta(**step)

    def set_forward(self, **step: float) -> None:
        """Set it, though no time passes."""
        self.at += timedelta(**step)
        self.set_on += timedelta(**step)

    def steady(self) -> tuple[float, str]:
        """What runs from the start of the computer on, and cannot be set."""
        return (self.at - self.set_on - WEDNESDAY).total_seconds() + 1000, self.start


@dataclass
class Home:
    """A household with its door and its people."""

    id: int
    dwelling: int
    people: dict[str, int] = field(default_factory=dict)


class Village:
    """Adds records. Every method is one act of the session's person."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._minted = 0
        self.grid = self.add("grid", name="第三网格")
        self._buildings: dict[str, int] = {}
        self._homes: dict[str, Home] = {}

    def add(self, kind: str, *, since: str = "2025-01-01", **values: Any) -> int:
        """A record of any kind, on the books since a day."""
        record = self._id_on(date.fromisoformat(since))
        if kind == "visit":
            values.setdefault("visit_no", f"V-{record}")
        checked = kind_named(kind).checked(values)
        self.session.write([Change(kind, record, checked, create=True)], "create")
        return record

    def change(self, kind: str, record: int, values: Mapping[str, Value]) -> None:
        """Change fields of a record."""
        self.session.write([Change(kind, record, values)], "edit")

    def building(self, name: str) -> int:
        """A building by its number, made once."""
        if name not in self._buildings:
            self._buildings[name] = self.add("building", grid_id=self.grid, building_name=name)
        return self._buildings[name]

    def household(
        self,
        head: str,
        building: str = "3",
        unit: str = "1",
        room: str = "202",
        *,
        birth: str | None = None,
        since: str = "2025-01-01",
        usage: str | None = "own",
        **values: Any,
    ) -> Home:
        """A household behind a door of its own."""
        dwelling = self.add("dwelling", building_id=self.building(building), unit_no=unit, room_no=room, usage=usage)
        resident = self.add("resident", name=head, birth_date=birth, status="in_place")
        household = self.add(
            "household", since=since, dwelling_id=dwelling, head_id=resident, **{"status": "active", **values}
        )
        home = Home(household, dwelling, {head: resident})
        self.add("household_member", household_id=household, resident_id=resident, relation="02")
        return home

    def member(self, home: Home, name: str, relation: str, birth: str | None = None, **values: Any) -> int:
        """One more in a household."""
        resident = self.add("resident", name=name, birth_date=birth, status="in_place", **values)
        self.add("household_member", household_id=home.id, resident_id=resident, relation=relation)
        home.people[name] = resident
        return resident

    def care(
        self,
        home: Home,
        group: str = "C3",
        *,
        cadence: str = "V1",
        arrangement: str | None = None,
        start: str = "2025-06-01",
        person: str | None = None,
        end: str | None = None,
    ) -> int:
        """A care membership of the household, or of one in it."""
        day = date.fromisoformat(start)
        who: dict[str, Any] = {"resident_id": home.people[person]} if person else {"household_id": home.id}
        return self.add(
            "care_membership",
            **who,
            care_group=group,
            cadence=cadence,
            living_arrangement=arrangement,
            basis="own_request",
            start_on=start,
            review_on=(day + timedelta(days=150)).isoformat(),
            end_on=end,
        )

    def visit(
        self,
        home: Home,
        at: str,
        outcome: str = "met_person",
        *,
        channel: str = "door",
        note: str | None = None,
        **values: Any,
    ) -> int:
        """A visit; ``at`` is a day (then at ten here) or a moment."""
        moment = at if "T" in at else f"{at}T02:00:00Z"
        return self.add(
            "visit",
            household_id=home.id,
            started_at=moment,
            visitor_id=self.session.who,
            channel=channel,
            visit_kind="routine",
            outcome=outcome,
            situation_note=note,
            **values,
        )

    def issue(self, title: str, category: str = "C", *, at: str, home: Home | None = None, **values: Any) -> int:
        """A reported issue."""
        tracks = {"A": "F1", "B": "F2", "C": "F3", "D": "F4"}
        issue = self.add(
            "issue",
            title=title,
            category=category,
            reported_at=at,
            household_id=home.id if home else None,
            **{"severity": "S3", "track": tracks.get(category), **values},
        )
        self.step(issue, "report", at=at)
        return issue

    def step(self, issue: int, action: str, *, at: str, **values: Any) -> int:
        """A step of an issue."""
        return self.add("issue_step", issue_id=issue, action=action, at=at, actor_id=self.session.who, **values)

    def _id_on(self, day: date) -> int:
        self._minted += 1
        noon = datetime.combine(day, time(12), LOCAL) + timedelta(milliseconds=self._minted)
        return int((noon - EPOCH) / timedelta(milliseconds=1)) << MS_SHIFT | self.session.store.identity.device
