"""The list of Today in words: rows, sections, the hero with the note of last time, the week above."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from gridworker.app.due.cases import care_behind, last_visit
from gridworker.app.due.today_view import DayView, HeroView, SectionView, Sign, TodayRow
from gridworker.app.today.parts import EARLY, LATER, NOW, OVERDUE, ROUTE, TODAY, Parts
from gridworker.app.words import days
from gridworker.domain.address import door_label
from gridworker.domain.codes_visit import OUTCOME
from gridworker.domain.identity import age_on
from gridworker.domain.masking import decade, share_name
from gridworker.domain.moments import local_day
from gridworker.domain.today_order import Entry
from gridworker.domain.visit_due import EFFECTIVE, Due, Reason
from gridworker.store.queries.today import CallRow, PersonRow
from gridworker.text import gettext


class Listing:
    """Turns parts into words. ``people``: the residents that may be named, by id."""

    def __init__(self, parts: Parts, people: Mapping[int, PersonRow]) -> None:
        self._parts = parts
        self._round = parts.round
        self._wanted = parts.wanted
        self._today = parts.round.today
        self._people = people
        self._several = len(parts.round.estates) > 1

    def sections(self) -> tuple[SectionView, ...]:
        """The parts of the list, the next visit left out."""
        counts = {code: self._parts.count(code) for code in self._parts.codes()}
        return tuple(
            SectionView(
                code,
                _title(code),
                self._aside(code, count),
                tuple(self.row(entry) for entry in self._parts.rest(code)[: self._wanted.rows]),
                count,
            )
            for code, count in counts.items()
            if count
        )

    def hero(self, notes: Mapping[int, str]) -> HeroView | None:
        """The next visit, with what was written last time. ``notes`` by visit."""
        first = self._parts.first
        if first is None:
            return None
        return HeroView(self.row(first), "" if self._wanted.sharing else self._note(first.household, notes))

    def row(self, entry: Entry) -> TodayRow:
        """One entry in words."""
        household, due = entry.household, entry.due
        name = self.name(household, due)
        last = last_visit(self._round.calls.get(household, ()), EFFECTIVE)
        return TodayRow(
            household=household,
            name=name,
            about=self._about(household, due),
            door=self.door(household),
            signs=tuple(self._signs(entry)),
            ago=days.ago(local_day(last.at) if last else None, self._today),
            day=self._parts.day(entry),
            overdue=due.overdue(self._today),
            draft=household in self._wanted.begun,
        )

    def name(self, household: int, due: Due | None = None) -> str:
        """Who the visit is for, or the door of a household nobody is named in."""
        person, house = self._person(household, due), self._round.houses.get(household)
        named = person.name if person else (house and house.named) or ""
        if not named:
            return self.door(household)
        return share_name(named) if self._wanted.sharing else named

    def door(self, household: int) -> str:
        """The door, with its estate where there are several."""
        house = self._round.houses.get(household)
        if house is None:
            return ""
        label = door_label(house.building or "", house.unit, house.room)
        return " ".join(filter(None, (house.estate, label))) if self._several else label

    def week(self) -> tuple[DayView, ...]:
        """Seven days from Monday: visits made, planned, overdue."""
        planned, late = self._parts.planned(), self._parts.overdue()
        week = (self._round.monday + timedelta(days=step) for step in range(7))
        return tuple(self._day(day, planned.get(day, 0), late if day == self._today else 0) for day in week)

    def _day(self, day: date, planned: int, late: int) -> DayView:
        done, is_today = self._parts.visited(day), day == self._today
        words = gettext("{day}: {done} visited, {planned} planned, {overdue} overdue").format(
            day=days.full_day(day), done=done, planned=planned, overdue=late
        )
        # English has no room for the weekday beside the word, so its precision there is 0.
        name = gettext("Today{weekday:.0}").format(weekday=days.weekday(day)) if is_today else days.weekday(day)
        return DayView(day, name, done, planned, late, is_today, words)

    def _aside(self, code: str, count: int) -> str:
        done = self._parts.visited(self._today)
        if code in {TODAY, ROUTE} and done:
            return gettext("{count} to go·{done} done").format(count=count, done=done)
        if code in NOW and self._parts.first in self._parts.entries.get(code, ()):
            return gettext("{count} more").format(count=count)
        return gettext("{count} to go").format(count=count)

    def _person(self, household: int, due: Due | None) -> PersonRow | None:
        house = self._round.houses.get(household)
        if house is None:
            return None
        subject = self._round.subject(household, due) if due else house.head
        return self._people.get(subject) if subject is not None else None

    def _about(self, household: int, due: Due) -> str:
        if due.reason.code == "first":
            return gettext("New here")
        person = self._person(household, due)
        age = age_on(self._today, person.birth_date, person.birth_year) if person else None
        if age is None:
            return ""
        if self._wanted.sharing:
            return gettext("{age}s").format(age=decade(age))
        return gettext("{age} y").format(age=age)

    def _signs(self, entry: Entry) -> Iterable[Sign]:
        due, household = entry.due, entry.household
        overdue, put_off = due.overdue(self._today), self._wanted.put_off.get(household)
        if overdue:
            yield Sign("overdue", gettext("{count} d overdue").format(count=overdue))
        if household in self._wanted.begun:
            yield Sign("draft", gettext("Draft"))
        if not self._wanted.sharing:
            yield from dict.fromkeys(self._sign(entry, reason) for reason in (due.reason, *due.also))
        if put_off is not None:
            yield Sign("later", gettext("Left for {day}").format(day=days.full_day(put_off)))
        elif due.on > self._today:
            yield Sign("due", gettext("Due {weekday}").format(weekday=days.weekday(due.on)))

    def _sign(self, entry: Entry, reason: Reason) -> Sign:
        cares = self._round.cares.get(entry.household, ())
        care = care_behind(reason, cares) if reason.code == "care" else None
        group = "-".join(filter(None, (care.group, care.arrangement))) if care else ""
        code = reason.code
        if code == "urgent" and not entry.due.overdue(self._today):
            code = "urgent-today" if entry.due.on <= self._today else "urgent-ahead"
        return Sign(code, str(reason), group)

    def _note(self, household: int, notes: Mapping[int, str]) -> str:
        """What was written last time; where nobody was met since, that comes first."""
        calls = self._round.calls.get(household, ())
        if not calls:
            return ""
        call = calls[0]
        words = notes.get(call.visit) if call.outcome in EFFECTIVE else None
        return last_time(call, words or OUTCOME.label(call.outcome), self._today)


def last_time(call: CallRow, words: str, today: date) -> str:
    """``Last time (9 Mar): ...`` in one line."""
    day = days.short_day(local_day(call.at), today)
    return gettext("Last time ({day}): {words}").format(day=day, words=" ".join(words.split()))


def _title(code: str) -> str:
    return {
        OVERDUE: gettext("Overdue"),
        TODAY: gettext("For today"),
        EARLY: gettext("Could do early"),
        LATER: gettext("Left for later"),
        ROUTE: gettext("To visit today"),
    }[code]
