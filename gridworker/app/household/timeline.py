"""The timeline of one household: visits, what was done about issues, changes with old and new value, newest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.due.today_view import Sign
from gridworker.app.household.made_one import MadeOne
from gridworker.app.household.story import Books, Story
from gridworker.app.household.taken_back import as_taken_back, undoings
from gridworker.app.household.verdict_words import marked, verdict_moment
from gridworker.app.household.view import MomentView
from gridworker.app.words import days
from gridworker.app.words.showing import erased_word, show
from gridworker.domain.codes import RELATION
from gridworker.domain.codes_issue import ACTION
from gridworker.domain.codes_life import CAME_BY
from gridworker.domain.codes_visit import CHECK_MARK, HOME_CHECK, OUTCOME, SATISFACTION, VISIT_KIND
from gridworker.domain.consent_rules import is_refusal
from gridworker.domain.masking import HIDDEN
from gridworker.domain.moments import local_day, moment
from gridworker.domain.visit_due import EFFECTIVE
from gridworker.record import Privacy, Type
from gridworker.store.log.op import What
from gridworker.store.queries import timeline as rows
from gridworker.store.queries.unmade import unmade
from gridworker.store.records import kind_named
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.record import Spec, Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.history import Event, FieldChange

_ENDS = {
    ("consent", "withdrawn_on"): ("consent", Label("Consent withdrawn")),
    ("care_membership", "end_on"): ("care", Label("Care file ended")),
}
"""Fields whose day ends what a record is about: the icon and the words of it."""
_SAID = {"0": "not-reached", "1": "not-satisfied"}
"""Answers of a return visit (domain.md 3.5) that are no good news."""
_QUIET = frozenset({"id_last4", "id_hash", "household_id", "resident_id", "need_no", "care_id"})
"""Fields whose changes say nothing beside those they come with."""


class _Entry(NamedTuple):
    at: datetime
    view: MomentView


def timeline(connection: "Connection", books: Books, today: date, *, sharing: bool = False) -> tuple[MomentView, ...]:
    """Everything that happened, newest first; years are headed. ``sharing`` leaves out what people wrote."""
    entries = [*_visits(connection, books, today), *_steps(connection, books, today)]
    entries += _changes(connection, books, today)
    entries += [*_unmade(connection, books, today), *_sharers(connection, books, today)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return tuple(_headed([_bare(entry) if sharing else entry for entry in entries]))


def _headed(entries: Iterable[_Entry]) -> Iterator[MomentView]:
    year = 0
    for entry in entries:
        day = local_day(entry.at)
        heading = "" if day.year == year else gettext("{year}").format(year=day.year)
        year = day.year
        yield replace(entry.view, year=heading)


def _bare(entry: _Entry) -> _Entry:
    """Without what was written and without values."""
    view = entry.view
    body = gettext("Hidden while others look on") if view.body or view.change else ""
    title = gettext("Issue") if view.part == "issue" else view.title
    return entry._replace(view=replace(view, title=title, body=body, change=None, signs=()))


def _right(at: datetime, who: str | None, today: date) -> str:
    day = days.short_day(local_day(at), today)
    return gettext("{day} · {name}").format(day=day, name=who) if who else day


def _visits(connection: "Connection", books: Books, today: date) -> Iterator[_Entry]:
    raised = _raised(connection, books)
    for row in rows.visits(connection, books.household):
        at = moment(row.at)
        met = row.outcome in EFFECTIVE
        title = VISIT_KIND.label(row.kind) if met else OUTCOME.label(row.outcome)
        body = "\n".join(filter(None, (row.note, row.words)))
        icon = "visit" if met else "missed"
        key = ("visit", row.id, "")
        right = _right(at, row.visitor, today)
        signs = (*_problems(row.checks), *(raised.get(row.id, ()) if met else ()))
        yield _Entry(at, MomentView(key, "visit", icon, title, right, body, signs=signs))


def _raised(connection: "Connection", books: Books) -> dict[int, list[Sign]]:
    """The issues and needs each visit brought up, as far as they may be read."""
    known: dict[str, tuple[Mapping[int, str], Label]] = {
        "issue": (books.issues, Label("Issue: {title}")), "need": (books.needs, Label("Need: {title}")),
    }  # fmt: skip
    found: dict[int, list[Sign]] = {}
    for visit, kind, record in rows.raised(connection, books.household):
        titles, words = known[kind]
        if record in titles:
            found.setdefault(visit, []).append(Sign(f"raised-{kind}", str(words).format(title=titles[record])))
    return found


def _problems(checks: str | None) -> Iterator[Sign]:
    for mark in (checks or "").split():
        key, _, answer = mark.partition("=")
        if answer == "problem":
            words = gettext("{check}: {answer}").format(check=HOME_CHECK.label(key), answer=CHECK_MARK.label(answer))
            yield Sign("problem", words)


def _steps(connection: "Connection", books: Books, today: date) -> Iterator[_Entry]:
    for row in rows.steps(connection, books.issues):
        at = moment(row.at)
        title = gettext("{action}: {title}").format(action=ACTION.label(row.action), title=books.issues[row.issue])
        said = _SAID.get(row.satisfaction or "", "satisfaction")
        signs = (Sign(said, SATISFACTION.label(row.satisfaction)),) if row.satisfaction else ()
        body = "\n".join(filter(None, (row.note, row.to_org)))
        icon = "return" if row.action == "return_visit" else "issue"
        key = ("issue", row.issue, str(row.id))
        yield _Entry(at, MomentView(key, "issue", icon, title, _right(at, row.actor, today), body, signs=signs))


def _changes(connection: "Connection", books: Books, today: date) -> Iterator[_Entry]:
    wanted = [record for records in books.records.values() for record in records]
    found = rows.changes(connection, wanted)
    made_one = MadeOne(connection, books, found)
    events = [*chain.from_iterable(found.values()), *(act.event for act in made_one.acts)]
    names = rows.staff_names(connection, {event.who for event in events})
    for act in made_one.acts:
        right = _right(act.event.at, names.get(act.event.who), today)
        yield _Entry(act.event.at, replace(act.view, right=right))
    story = Story.read(connection, books, found, today)
    for kind, records in books.records.items():
        specs = kind_named(kind).kind.specs
        for record in records:
            back = undoings(found.get(record, ()))
            for event in found.get(record, ()):
                for view in _told(_Told(kind, record, books, specs, story, made_one, today, event.clk in back), event):
                    right = _right(event.at, names.get(event.who), today)
                    told = replace(marked(view, event), right=right)
                    yield _Entry(event.at, replace(told, part="need", icon="need") if kind == "need" else told)


def _unmade(connection: "Connection", books: Books, today: date) -> Iterator[_Entry]:
    """Who was written down by mistake and taken back: nothing is kept of them but that it was so."""
    found = unmade(connection, books.household, books.records["household_member"])
    names = rows.staff_names(connection, {one.who for one in found})
    for one in found:
        title = CAME_BY.label(one.came_by) if one.came_by else gettext("Person added")
        told = MomentView(("unmade", one.membership, ""), "change", "person", title, "", one.name)
        right = _right(one.at, names.get(one.who), today)
        yield _Entry(one.at, replace(as_taken_back(told), right=right))


def _sharers(connection: "Connection", books: Books, today: date) -> Iterator[_Entry]:
    """Tenants who were written down behind the household's door while it was there: their own file tells the rest."""
    sharing = rows.sharers(connection, books.household)
    if not sharing:
        return
    found = rows.changes(connection, [books.household, *(one.household for one in sharing)])
    names = rows.staff_names(connection, {event.who for events in found.values() for event in events})
    for one in sharing:
        here = max((event.clk for event in _came_to(one.dwelling, found.get(books.household, ()))), default=0)
        for event in _came_to(one.dwelling, found.get(one.household, ())):
            if event.what == What.CREATE and event.clk > here:
                body = gettext(" · ").join(filter(None, (one.name, _other_day(event, today))))
                title, right = gettext("Tenants share the dwelling"), _right(event.at, names.get(event.who), today)
                key = ("sharers", one.household, str(event.clk))
                yield _Entry(event.at, MomentView(key, "change", "person", title, right, body))


def _came_to(dwelling: int, events: Iterable["Event"]) -> Iterator["Event"]:
    """How a household came to a door."""
    for event in events:
        if any((change.field, change.after) == ("dwelling_id", dwelling) for change in event.changes):
            yield event


def _other_day(event: "Event", today: date) -> str:
    """The day something was so, where it is another than that on which it was written down."""
    told = next((str(change.after) for change in event.changes if change.field == "status_date" and change.after), "")
    day = date.fromisoformat(told) if told else None
    return days.short_day(day, today) if day and day != local_day(event.at) else ""


class _Told(NamedTuple):
    """A record whose history is being told."""

    kind: str
    record: int
    books: Books
    specs: "Mapping[str, Spec]"
    story: Story
    made_one: MadeOne
    today: date
    undone: bool = False
    """The event at hand takes back what was written before."""

    @property
    def person(self) -> str:
        """Whom or what it is about, '' for the household."""
        if self.kind == "need":
            return self.books.needs.get(self.record, "")
        if self.kind == "care_contact":
            return self.books.contacts.get(self.record, "")
        resident = self.books.members.get(self.record, self.record)
        return self.books.people.get(resident, "")


def _told(told: _Told, event: "Event") -> Iterator[MomentView]:
    if event.what == What.VERDICT:
        yield verdict_moment(event, "")
        return
    for view in told.story.leads(told.kind, event):
        yield as_taken_back(view) if told.undone and told.kind == "household" else view
    if event.what == What.CREATE:
        if not told.story.came(event):
            yield from _created(told, event)
        return
    for change in event.changes:
        if change.field == "alive":
            yield from _existence(told, event, gone=not change.after)
        elif change.field not in _QUIET and not told.story.explains(told.kind, told.record, event, change.field):
            yield from _changed_once(told, event, change)


def _changed_once(told: _Told, event: "Event", change: "FieldChange") -> Iterator[MomentView]:
    """A change; of two records that were made one, what the other said and what stays of it in one line."""
    both = told.made_one.both(told.record, event, change)
    if both is not None:
        title = gettext("{field}: the two differed").format(field=_label(told.specs.get(change.field)))
        values = (
            _shown(told, told.specs.get(change.field), both[0]),
            _shown(told, told.specs.get(change.field), both[1]),
        )
        yield MomentView(_change_key(told, event, change), "change", "change", title, "", told.person, values)
    elif not told.made_one.is_beneath(told.record, event, change):
        view = _changed(told, event, change)
        yield as_taken_back(view) if told.undone else view


def _label(spec: "Spec | None") -> str:
    return str(spec.label) if spec else gettext("A field of a newer version")


def _created(told: _Told, event: "Event") -> Iterator[MomentView]:
    """A file that was opened; a person, a care, a consent that came. The membership tells of a resident."""
    values = {change.field: change.after for change in event.changes}
    title, icon, body = "", "person", told.person
    if told.kind == "household":
        title, icon, body = gettext("File opened"), "file", ""
    elif told.kind == "household_member":
        title = gettext("Person added")
        relation = RELATION.label(str(values["relation"])) if values.get("relation") else ""
        body = gettext(", ").join(filter(None, (told.person, relation)))
    elif told.kind == "care_membership":
        title, icon = gettext("Care file opened"), "care"
        body = gettext(", ").join(filter(None, (told.person, kind_named(told.kind).caption(values))))
    elif told.kind == "care_contact":
        title, icon = gettext("Emergency contact added"), "care"
    elif told.kind == "consent":
        title, icon = gettext("Said no") if is_refusal(values) else gettext("Consent recorded"), "consent"
        scope = show(told.specs["scope"], values.get("scope"))
        body = gettext(", ").join(filter(None, (told.person, scope)))
    elif told.kind == "need":
        title, body = gettext("Need raised"), told.person
    if title:
        yield MomentView(("created", told.record, str(event.clk)), "change", icon, title, "", body)


def _existence(told: _Told, event: "Event", *, gone: bool) -> Iterator[MomentView]:
    title = gettext("Removed: {what}") if gone else gettext("Brought back: {what}")
    what = str(kind_named(told.kind).kind.title)
    yield MomentView(
        ("change", told.record, str(event.clk)), "change", "change", title.format(what=what), "", told.person
    )


def _changed(told: _Told, event: "Event", change: "FieldChange") -> MomentView:
    spec = told.specs.get(change.field)
    if told.kind == "household_member" and change.field == "valid_to" and change.after:
        title, values = gettext("Left the household"), None
    elif (told.kind, change.field) in _ENDS and change.after:
        icon, ended = _ENDS[told.kind, change.field]
        body = gettext(" · ").join(filter(None, (told.person, _shown(told, spec, change.after))))
        return MomentView(_change_key(told, event, change), "change", icon, str(ended), "", body)
    elif event.what == What.ERASE:
        title, values = gettext("{field} erased").format(field=_label(spec)), None
    else:
        title = gettext("{field} changed").format(field=_label(spec))
        before = _before(change)
        after = erased_word() if change.erased else _shown(told, spec, change.after)
        if before is None and change.lost:
            values = (erased_word(), after)
        elif before is None:
            body = gettext(" · ").join(filter(None, (told.person, after)))
            return MomentView(_change_key(told, event, change), "change", "change", title, "", body)
        else:
            values = (_shown(told, spec, before), after)
    return MomentView(_change_key(told, event, change), "change", "change", title, "", told.person, values)


def _before(change: "FieldChange") -> "Value":
    """What a change replaced. A settlement keeps one of several values: what it replaced is the last of the others."""
    others = [value for value in change.before if value != change.after] or change.before
    return others[-1] if others else None


def _change_key(told: _Told, event: "Event", change: "FieldChange") -> tuple[str, int, str]:
    return "change", told.record, f"{event.clk}:{change.field}"


def _shown(told: _Told, spec: "Spec | None", value: "Value") -> str:
    if spec is None:
        return "…"
    if spec.privacy is Privacy.SENSITIVE and spec.type is not Type.ID_NUMBER and value is not None:
        return HIDDEN
    if spec.type is Type.REF and isinstance(value, int):
        return told.books.people.get(value, "…")
    words = show(spec, value)
    return days.told_day(words, told.today) if spec.type is Type.DAY else words
