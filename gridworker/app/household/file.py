"""One household's file: header, people, open issues, care, home safety, timeline, and what stands in its way."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from gridworker.app.due.outlook import care_sign, outlook, people_words
from gridworker.app.household.asked import AskedFor, asked_words
from gridworker.app.household.attention import attention
from gridworker.app.household.care_contacts import contact_view
from gridworker.app.household.handovers import Handovers
from gridworker.app.household.home import Home, consents_of
from gridworker.app.household.story import Books
from gridworker.app.household.timeline import timeline
from gridworker.app.household.view import CareView, CheckView, FileView, HomeView, NeedView, PersonView, WishView
from gridworker.app.session import Session
from gridworker.app.words import days
from gridworker.app.words.kept_words import in_words
from gridworker.domain import masking
from gridworker.domain.codes import VISIT_WISH
from gridworker.domain.codes_care import PRIORITY_SERVICE
from gridworker.domain.codes_need import NEED_KIND, NEED_STATUS
from gridworker.domain.codes_office import HANDOVER_DECLINED
from gridworker.domain.codes_visit import HOME_CHECK
from gridworker.domain.consent_rules import declined_on, in_force, is_whole, person_declined_on
from gridworker.domain.moments import local_day
from gridworker.domain.retention import GONE_PEOPLE, periods
from gridworker.store.conflicts import contested
from gridworker.store.departed import Departed
from gridworker.store.engine.database import raw_cursor
from gridworker.store.queries import care_contacts as contact_rows
from gridworker.store.queries import households as rows
from gridworker.store.queries import timeline as timeline_rows
from gridworker.store.queries.issues import staff_names
from gridworker.store.queries.life import emptied_on
from gridworker.store.queries.needs import NeedRow
from gridworker.store.queries.needs import needs as need_rows
from gridworker.store.records import get_many, kind_named, page
from gridworker.store.scope.scope import grids_of
from gridworker.text import gettext

if TYPE_CHECKING:
    from datetime import date

    from gridworker.store.engine.database import Connection
    from gridworker.store.queries.today import CareRow


def read_file(session: Session, connection: "Connection", row: rows.HomeRow, *, sharing: bool) -> FileView:
    """The whole file of a household."""
    today = session.today()
    known = outlook(connection, [row.household], today, sharing=sharing)
    home = Home(row, rows.members(connection, row.household), known)
    left = row.household in Departed(raw_cursor(connection)).among([row.household])
    owner = "" if left else _other_owner(session, connection, row)
    if owner:
        return _foreign(home, owner)
    everyone = [one.resident for one in (*home.members, *home.former)]
    consents = rows.consents(connection, row.household, everyone)
    asked = need_rows(connection, row.household) if session.knows("READ ISSUES") else []
    books = _books(connection, home, everyone, consents, asked)
    conflicts = _contested(connection, books)
    view = home.view(connection, consents)
    members = tuple(home.person(one, consents, conflicts.get(one.resident, frozenset())) for one in home.members)
    checks, checked_on = _checks(connection, row.household, today)
    return FileView(
        home=_with_members(view, members),
        people=people_words(rows.people_counts(connection, [row.household], today).get(row.household, 0)),
        contact=_contact(row, sharing=sharing),
        former=tuple(home.person(one) for one in home.gone()),
        needs=() if sharing else tuple(_need(need, today) for need in asked if need.is_open),
        cares=() if sharing else _cares(connection, known.cares.get(row.household, ()), books, today),
        checks=() if sharing else checks,
        checked_on=checked_on,
        wish=_wish(row),
        moments=timeline(connection, books, today, sharing=sharing),
        behind=_behind(connection, home),
        asked=() if sharing or left else _asked(session, row.household),
        strips={
            **_strips(
                row,
                today,
                consents,
                _labels(conflicts),
                people=bool(home.members) and not left,
            ),
            **_moved_strip(session, row),
            **_no_strips(home, consents),
            **_emptied_strip(connection, row, today),
            **_handing_strips(session, row.household, left=left),
            **_attention_strip(row, home, show=not left and not sharing),
        },
        may_visit=row.status == "active" and not left and session.knows("CREATE VISITS"),
        may_edit=session.can("CHANGE PEOPLE") and not left,
    )


def _wish(row: rows.HomeRow) -> str:
    """What they wish about visits where these are not welcome, with its label: by itself it might be about anything."""
    if not row.wish or row.wish == "welcome":
        return ""
    label = kind_named("household").kind.specs["visit_wish"].label
    return gettext("{check}: {answer}").format(check=label, answer=VISIT_WISH.label(row.wish))


def _behind(connection: "Connection", home: Home) -> tuple[tuple[int, str], ...]:
    """Who else lives behind this door: those after this household in the order they came, then those before."""
    if home.row.status != "active":
        return ()
    found = rows.behind(connection, home.row.dwelling, home.row.household)
    found.sort(key=lambda one: one[0] < home.row.household)
    return tuple((id_, home.known.called(name)) for id_, name in found)


def _asked(session: Session, household: int) -> tuple[WishView, ...]:
    """Who wishes to be forgotten: nothing that is shown while others look on."""
    if not session.knows("READ PEOPLE"):
        return ()
    found = AskedFor(session).of(household)
    return tuple(WishView(one.kind, one.record, one.whom, asked_words(session, one), one.here) for one in found)


def _foreign(home: Home, owner: str) -> FileView:
    """A household of another grid: its door, whose it is, and nothing else."""
    view = HomeView(home.row.household, home.door, "", home.door, home.row.estate or "", "", (), "", "", "", "")
    text = gettext("This household is in {owner}.").format(owner=owner)
    return FileView(view, "", "", strips={"foreign": text}, may_visit=False, may_edit=False)


def _other_owner(session: Session, connection: "Connection", row: rows.HomeRow) -> str:
    """``Grid 5, 赵海`` where the household is in a grid this laptop has not; '' where it is ours."""
    if session.is_office or row.grid is None:
        return ""
    mine = grids_of(connection, session.store.identity.laptop)
    if not mine or row.grid in mine:
        return ""
    workers = rows.grid_workers(connection, row.grid)
    return gettext(", ").join(filter(None, (row.grid_name or gettext("another grid"), *workers)))


def _books(
    connection: "Connection",
    home: Home,
    everyone: Sequence[int],
    consents: Sequence[Mapping[str, object]],
    asked: Sequence[NeedRow],
) -> Books:
    known, household = home.known, home.row.household
    members = (*home.members, *home.former)
    cares = rows.care_ids(connection, household, everyone)
    called = contact_rows.names(connection, cares)
    return Books(
        household,
        {
            "household": [household],
            "resident": everyone,
            "household_member": [one.membership for one in members],
            "care_membership": cares,
            "care_contact": list(called),
            "consent": [int(str(consent["id"])) for consent in consents],
            "need": [need.id for need in asked],
        },
        {one.resident: known.called(one.name) for one in members},
        {one.membership: one.resident for one in members},
        {one.issue.id: one.issue.called for one in known.matters.issues if one.issue.household == household},
        {need.id: need.title for need in asked},
        called,
    )


def _contested(connection: "Connection", books: Books) -> dict[int, frozenset[str]]:
    """The fields with two values, by record: of the household, its people and its care."""
    cursor = raw_cursor(connection)
    found: dict[int, frozenset[str]] = {}
    for records in books.records.values():
        for record in records:
            for one in contested(cursor, record):
                label = f"{one.kind}.{one.field}"
                found[record] = found.get(record, frozenset()) | {label}
    return found


def _labels(conflicts: Mapping[int, frozenset[str]]) -> str:
    """What is in conflict, in words."""
    labels: dict[str, None] = {}
    for name in sorted(name for names in conflicts.values() for name in names):
        kind, _, field = name.partition(".")
        spec = kind_named(kind).kind.specs.get(field)
        labels[str(spec.label) if spec else str(kind_named(kind).kind.title)] = None
    return gettext(", ").join(labels)


def _with_members(view: HomeView, members: tuple[PersonView, ...]) -> HomeView:
    from dataclasses import replace

    return replace(view, members=members)


def _contact(row: rows.HomeRow, *, sharing: bool) -> str:
    if not row.phone:
        return ""
    return masking.share_phone(row.phone) if sharing else masking.mask_phones(row.phone)


def _cares(connection: "Connection", cares: "Sequence[CareRow]", books: Books, today: date) -> tuple[CareView, ...]:
    """The care in force: for whom, what it is about, when it is looked at again."""
    in_force_now = {(care.resident, care.group): care for care in cares}
    names = staff_names(connection) if in_force_now else {}
    named = defaultdict(list)
    for row in contact_rows.contacts(connection, books.household, list(books.people), today):
        named[row.care].append(contact_view(row))
    views = []
    for id_, values in get_many(connection, "care_membership", books.records["care_membership"]).items():
        resident = values.get("resident_id")
        care = in_force_now.get((resident if isinstance(resident, int) else None, str(values.get("care_group"))))
        if care is not None and (values.get("end_on") is None or str(values["end_on"]) >= today.isoformat()):
            about = _care_about(values, books, names, today)
            views.append(CareView(id_, care_sign(care), about, tuple(named.get(id_, ()))))
    return tuple(views)


def _care_about(values: Mapping[str, object], books: Books, names: Mapping[int, str], today: date) -> str:
    services = [PRIORITY_SERVICE.label(code) for code in str(values.get("priority_services") or "").split()]
    resident = values.get("resident_id")
    who = books.people.get(resident, "") if isinstance(resident, int) else ""
    stored = values.get("end_on") or values.get("review_on")
    words = gettext("ends on {day}") if values.get("end_on") else gettext("review on {day}")
    review = words.format(day=days.short_day(date.fromisoformat(str(stored)), today)) if stored else ""
    owner = values.get("owner_id")
    carer = names.get(owner, "") if isinstance(owner, int) else ""
    by = gettext("looked after by {name}").format(name=carer) if carer else gettext("nobody looks after it yet")
    return gettext(" · ").join(filter(None, (who, gettext(", ").join(services), by, review)))


def _need(need: NeedRow, today: date) -> NeedView:
    raised = days.short_day(date.fromisoformat(need.raised_on), today) if need.raised_on else ""
    about = gettext(" · ").join(filter(None, (NEED_KIND.label(need.kind or ""), raised)))
    return NeedView(need.id, need.title, about, NEED_STATUS.label(need.status or ""), need.urgency == "S1")


def _checks(connection: "Connection", household: int, today: date) -> tuple[tuple[CheckView, ...], str]:
    """What was looked at on the last visit with checks, and its day."""
    for row in timeline_rows.visits(connection, household):
        marks = dict(mark.partition("=")[::2] for mark in (row.checks or "").split())
        seen = {key: mark for key, mark in marks.items() if mark != "not_checked"}
        if seen:
            worst_first = sorted(seen.items(), key=lambda item: item[1] != "problem")
            views = tuple(CheckView(key, HOME_CHECK.label(key), mark) for key, mark in worst_first)
            return views, days.short_day(local_day(row.at), today)
    return (), ""


def _moved_strip(session: Session, row: rows.HomeRow) -> dict[str, str]:
    """That they moved out, and how long the office keeps what is known of people who did."""
    if row.status != "moved_out":
        return {}
    with session.store.db.read() as connection:
        found = page(connection, "community", limit=1)
    stored = found[0][1].get("retention") if found else None
    period = in_words(periods(stored if isinstance(stored, str) else None)[GONE_PEOPLE])
    words = gettext("Moved out {day}. Kept: {period}; after that the office decides.")
    return {"moved": words.format(day=_day(row.status_date, session.today()), period=period)}


def _day(stored: str | None, today: date) -> str:
    return days.short_day(date.fromisoformat(stored), today) if stored else ""


def _strips(
    row: rows.HomeRow,
    today: date,
    consents: Sequence[dict[str, object]],
    conflict: str,
    *,
    people: bool,
) -> dict[str, str]:
    """What has to be said above the file, by what it is about: conflict, consent."""
    strips = {}
    if conflict:
        strips["conflict"] = gettext("The office is checking: {fields}.").format(fields=conflict)
    asked = any(in_force(one, today) or (one["withdrawn_on"] and is_whole(one)) for one in consents)
    if people and not asked and row.status == "active":
        strips["consent"] = gettext("No consent yet: for now only the door and how many people.")
    return strips


def _emptied_strip(connection: "Connection", row: rows.HomeRow, today: date) -> dict[str, str]:
    """That nobody is left of a household that counts as living here: a ledger takes people out, and no household."""
    day = emptied_on(connection, row.household, today) if row.status == "active" else ""
    words = gettext("Everybody has left, the last of them on {day}; the household still counts as living here.")
    return {"emptied": words.format(day=_day(day, today))} if day else {}


def _no_strips(home: Home, consents: Sequence[dict[str, object]]) -> dict[str, str]:
    """That they refused, or withdrew what they agreed to: all of them, or some."""
    whole = declined_on([consent for consent in consents if not consent["resident_id"]], home.today)
    if whole:
        words = gettext(
            "They said no on {day}: nothing of them is handed out, and only the door and how many people may be kept."
        )
        return {"no": words.format(day=_day(whole, home.today))}
    no = [one for one in home.members if person_declined_on(consents_of(consents, one), home.today)]
    names = gettext(", ").join(home.known.called(one.name) for one in no)
    return {"no": gettext("Said no, so that nothing of them is handed out: {names}").format(names=names)} if no else {}


def _attention_strip(row: rows.HomeRow, home: Home, *, show: bool) -> dict[str, str]:
    """What looks wrong; nothing of it where somebody looks on."""
    words = attention(row, home.members, home.today) if show else ""
    return {"attention": words} if words else {}


def _handing_strips(session: Session, household: int, *, left: bool) -> dict[str, str]:
    """That it has left this laptop, and what became of a request to hand it over."""
    strips = {}
    if left:
        strips["left"] = gettext(
            "This household has moved to another grid, or the home it was in was deleted. It is only shown here until "
            "the office has all of your work."
        )
    request = Handovers(session).of(household) if session.knows("READ HANDOVERS") else None
    if request is not None and request.waits:
        words = gettext("{name} asks to hand this household over: {reason}")
        strips["handover"] = words.format(name=request.asked_by, reason=request.reason)
    elif request is not None and request.state == HANDOVER_DECLINED and not session.is_office:
        strips["declined"] = gettext("The office did not hand this household over: {answer}").format(
            answer=request.answer
        )
    return strips
