"""Laying out a visit form: what one needs before the door opens, and every part with its default."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from gridworker.app.due.cases import Matters, case_of
from gridworker.app.due.outlook import Outlook, care_sign
from gridworker.app.due.today_view import Sign
from gridworker.app.household.care_contacts import called
from gridworker.app.household.home import lives_in
from gridworker.app.session import LOCAL
from gridworker.app.visit.entry import CHANNELS, FAMILY, MISSED, NEIGHBOUR, NOBODY, PHONE, VisitEntry
from gridworker.app.visit.view import CheckItem, Choice, Contact, NextDay, ReturnAsk, VisitSheet
from gridworker.app.words import days
from gridworker.domain.address import door_label
from gridworker.domain.codes import HEAD, RELATION
from gridworker.domain.codes_issue import TRACK_OF, WORDED, severity_word
from gridworker.domain.codes_visit import CHANNEL, CHECK_MARK, HOME_CHECK, OUTCOME, SATISFACTION, VISIT_KIND
from gridworker.domain.home_hazards import hazard_of
from gridworker.domain.identity import age_on
from gridworker.domain.links import read_ids
from gridworker.domain.masking import decade, mask_phones
from gridworker.domain.moments import local_day
from gridworker.domain.visit_due import EFFECTIVE, Call, Due, next_visit
from gridworker.domain.visit_policy import RETRY_DAYS
from gridworker.store.queries.due import made_on
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.app.due.cases import OpenIssue
    from gridworker.store.queries.care_contacts import ContactRow
    from gridworker.store.queries.households import HomeRow, MemberRow
    from gridworker.store.queries.visits import PastRow

RECENT = 3
_PEOPLE = 5
"""Members with a key of their own: with the others who may have been there they take the digits."""
_PURPOSE = {"first": "new", "return": "return", "urgent": "return"}
"""The purpose of a visit by the reason it is due for; else a regular one."""

_PHRASES = (
    Label("All is well at home."), Label("The family has been told."), Label("Reminded to turn gas and power off."),
    Label("Reminded about keeping warm."), Label("Left a number to call."), Label("Policy leaflet handed over."),
)  # fmt: skip


class Layout:
    """One household's form being laid out."""

    def __init__(
        self,
        home: "HomeRow",
        members: "Sequence[MemberRow]",
        past: "Sequence[PastRow]",
        known: Outlook,
        named: "Sequence[ContactRow]" = (),
    ) -> None:
        """``named``: the emergency contacts of those in care."""
        self._home, self._past, self._known, self._named = home, past, known, named
        self._today = known.today
        self._members = [one for one in members if lives_in(one, known.today)]
        self._due = known.due(home.household)

    def sheet(self) -> VisitSheet:
        """The form with nothing written on it."""
        sharing = self._known.sharing
        note, about = ("", "") if sharing else self._note()
        return VisitSheet(
            household=self._home.household,
            name=self._name(),
            about=self._about(),
            signs=self._signs(),
            note=note,
            note_about=about,
            recent=() if sharing else tuple(self._recent()),
            matters=() if sharing else tuple(one.issue.called for one in self._open()),
            contact=None if sharing else self._contact(),
            emergency=() if sharing else self._emergency(),
            remark="" if sharing else self._home.preference or "",
            who=tuple(self._who()),
            more=tuple(_more()),
            purposes=tuple(self._purposes()),
            checks=tuple(self._checks()),
            returns=tuple(self._returns()),
            answers=tuple(
                Choice(code, SATISFACTION.label(code), str(place)) for place, code in enumerate("3210", start=1)
            ),
            severities=tuple(Choice(code, str(severity_word(code))) for code in WORDED),
            phrases=tuple(str(phrase) for phrase in _PHRASES),
            today=self._today,
            next_days=self.next_days(),
            subjects=self.subjects,
            sharing=sharing,
        )

    def entry(self, started_at: str) -> VisitEntry:
        """What is filled in before a word is written: who was met last, the purpose by the plan."""
        last = next((row for row in self._past if row.outcome in EFFECTIVE), None)
        met = {f"r{resident}" for resident in read_ids(last.met)} if last else set[str]()
        here = [f"r{one.resident}" for one in self._members]
        seen = [value for value in here if value in met]
        if not seen:
            seen = [value for value in here if int(value[1:]) in self.subjects][:1] or here[:1]
        return VisitEntry(self._home.household, started_at, seen=tuple(seen), purpose=self._purpose())

    @property
    def subjects(self) -> frozenset[int]:
        """The residents the visit is for: those in care, else the head."""
        cares = self._known.cares.get(self._home.household, ())
        here = {one.resident for one in self._members}
        found = {row.resident for row in cares if row.resident in here}
        head = next((one.resident for one in self._members), None)
        return frozenset(id for id in (found | {head}) if id is not None)

    def next_days(self) -> Mapping[str, NextDay]:
        """The day proposed by what the visit comes to."""
        again = self._today + timedelta(days=RETRY_DAYS)
        return {
            "met": self._next(Call(_noon(self._today), "met_person", "door")),
            "phone": self._next(Call(_noon(self._today), "met_person", "phone")),
            "missed": NextDay(again, gettext("Nobody was met, so in two days")),
            "gone": NextDay(None),
        }

    def _next(self, call: Call) -> NextDay:
        household = self._home.household
        house = self._known.houses.get(household)
        if house is None:
            return NextDay(None)
        calls, cares = self._known.calls.get(household, ()), self._known.cares.get(household, ())
        case = case_of(house, made_on(household), calls, cares, Matters())
        kept = tuple(one for one in case.calls if one.at < call.at)
        due: Due | None = next_visit(case._replace(calls=(*kept, call)), self._today)
        if due is None or due.on <= self._today:
            return NextDay(None)
        if self._known.sharing:  # the reason is the care they are in
            return NextDay(due.on, gettext("By the visit plan"))
        return NextDay(due.on, gettext("By “{reason}”").format(reason=due.reason))

    def _name(self) -> str:
        return self._known.name(self._home.household) or self._door()

    def _door(self) -> str:
        return door_label(self._home.building_name or "", self._home.unit, self._home.room)

    def _about(self) -> str:
        person = self._known.person(self._home.household)
        age = age_on(self._today, person.birth_date, person.birth_year) if person else None
        if age is None:
            return self._door()
        words = gettext("{age}s").format(age=decade(age)) if self._known.sharing else gettext("{age} y").format(age=age)
        return gettext("{one}·{two}").format(one=words, two=self._door())

    def _signs(self) -> tuple[Sign, ...]:
        if self._known.sharing:
            return ()
        return tuple(dict.fromkeys(map(care_sign, self._known.cares.get(self._home.household, ()))))

    def _note(self) -> tuple[str, str]:
        """The last note, and its day."""
        row = next((row for row in self._past if row.note), None)
        if row is None:
            return "", ""
        return row.note or "", gettext("Last time, {day}").format(day=days.short_day(local_day(row.at), self._today))

    def _recent(self) -> Iterable[tuple[str, str]]:
        for row in self._past[:RECENT]:
            first = (row.note or "").strip().split("\n")[0] if row.outcome in EFFECTIVE else ""
            yield days.short_day(local_day(row.at), self._today), first or OUTCOME.label(row.outcome)

    def _open(self) -> "list[OpenIssue]":
        return [
            one
            for one in self._known.matters.issues
            if one.issue.household == self._home.household and one.status.state.is_open
        ]

    def _contact(self) -> Contact | None:
        """Family first: who to ring when nobody opens; else the household's own number."""
        for one in sorted(self._members, key=lambda one: one.resident in self.subjects):
            if one.phones:
                words = _with_relation(one)
                return Contact(words, mask_phones(one.phones), one.resident)
        return Contact(gettext("Contact"), mask_phones(self._home.phone)) if self._home.phone else None

    def _emergency(self) -> tuple[Contact, ...]:
        """Whom the care files name; somebody named in two of them once."""
        named = {(one.name, one.phones): one for one in reversed(self._named)}
        return tuple(
            Contact(called(one), mask_phones(one.phones), care_contact=one.id) for one in reversed(named.values())
        )

    def _who(self) -> Iterable[Choice]:
        """Everybody of the household; there are keys for the first few, and for who else may have been there."""
        people = [Choice(f"r{one.resident}", self._called(one)) for one in self._members]
        others = (
            Choice(FAMILY, gettext("Other family")),
            Choice(NEIGHBOUR, gettext("A neighbour")),
            Choice(PHONE, gettext("Only phoned")),
        )
        digits = map(str, count(1))
        yield from (replace(one, digit=next(digits)) for one in people[:_PEOPLE])
        yield from people[_PEOPLE:]
        yield from (replace(one, digit=next(digits)) for one in others)
        yield Choice(NOBODY, gettext("Nobody at home"), "0", alone=True)

    def _called(self, one: "MemberRow") -> str:
        return self._known.called(one.name) if self._known.sharing else _with_relation(one)

    def _purpose(self) -> str:
        return _PURPOSE.get(self._due.reason.code, "routine") if self._due else "routine"

    def _purposes(self) -> Iterable[Choice]:
        offered = dict.fromkeys((self._purpose(), *VISIT_KIND.first, "other"))
        order = sorted(offered, key=lambda code: code != "routine")
        return (Choice(code, VISIT_KIND.label(code), str(place)) for place, code in enumerate(order, start=1))

    def _checks(self) -> Iterable[CheckItem]:
        open_by_kind = {one.issue.subcategory: one for one in self._open()}
        for key in HOME_CHECK.offered:
            hazard = hazard_of(key)
            known = open_by_kind.get(hazard.subcategory)
            yield CheckItem(
                key,
                HOME_CHECK.label(key),
                last=self._last_mark(key),
                open_issue=_about_issue(known, self._today) if known else "",
                severity=hazard.severity,
                track=TRACK_OF.get(hazard.category, ""),
            )

    def _last_mark(self, key: str) -> str:
        for row in self._past:
            mark = dict(one.partition("=")[::2] for one in (row.checks or "").split()).get(key)
            if mark in {"ok", "problem"}:
                return gettext("Last time: {mark}").format(mark=CHECK_MARK.label(mark))
        return ""

    def _returns(self) -> Iterable[ReturnAsk]:
        for one in self._known.matters.issues:
            if one.issue.household == self._home.household and one.return_on and one.status.resolved_at:
                about = gettext("Return visit {day}").format(day=days.short_day(one.return_on, self._today))
                title = SHARED if self._known.sharing else one.issue.called
                yield ReturnAsk(one.issue.id, str(title), about)


SHARED = Label("An issue here")


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=LOCAL)


def _with_relation(one: "MemberRow") -> str:
    if not one.relation or one.relation == HEAD:
        return one.name
    return gettext("{name} ({relation})").format(name=one.name, relation=RELATION.label(one.relation))


def _about_issue(one: "OpenIssue", today: date) -> str:
    if one.return_on:
        return gettext("Issue open, return visit {day}").format(day=days.short_day(one.return_on, today))
    return gettext("Issue open since {day}").format(day=days.short_day(local_day(one.issue.reported_at), today))


def _more() -> Iterable[Choice]:
    for channel in CHANNELS:
        if channel != PHONE:
            yield Choice(channel, CHANNEL.label(channel))
    for value, outcome in MISSED.items():
        if value != NOBODY:
            yield Choice(value, OUTCOME.label(outcome), alone=True)
