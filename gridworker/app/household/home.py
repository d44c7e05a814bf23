"""One household in words: who lives there, masked, when the next visit is and why, what is open."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from gridworker.app.due.outlook import Outlook
from gridworker.app.due.today_view import Sign
from gridworker.app.household.view import HomeView, IssueView, PersonView
from gridworker.app.words import days
from gridworker.domain import masking
from gridworker.domain.address import door_label
from gridworker.domain.codes import RELATION, SEX
from gridworker.domain.codes_issue import CATEGORY
from gridworker.domain.codes_place import DWELLING_USAGE
from gridworker.domain.codes_visit import OUTCOME
from gridworker.domain.consent_rules import is_child, withheld_fields
from gridworker.domain.household_member import is_over
from gridworker.domain.identity import age_on
from gridworker.domain.issue_flow import State
from gridworker.domain.moments import local_day
from gridworker.domain.tags import says_only
from gridworker.domain.visit_due import EFFECTIVE
from gridworker.store.queries import households as rows
from gridworker.store.queries import timeline
from gridworker.store.queries.today import last_notes
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.due.cases import OpenIssue
    from gridworker.store.engine.database import Connection

_TONES = {State.REPORTED: "over", State.RESOLVED: "due", State.ANSWERED: "due", State.SUSPENDED: "neu"}


class Home:
    """A household being put into words."""

    def __init__(self, home: rows.HomeRow, members: Sequence[rows.MemberRow], known: Outlook) -> None:
        self.row, self.known, self.today = home, known, known.today
        self.members = [one for one in members if lives_in(one, known.today)]
        self.former = [one for one in members if not lives_in(one, known.today)]

    def gone(self) -> Sequence[rows.MemberRow]:
        """Who lived here before and does not now, each once: somebody may come and go several times."""
        here = {one.resident for one in self.members}
        return [*{one.resident: one for one in self.former if one.resident not in here}.values()]

    @property
    def head(self) -> rows.MemberRow | None:
        """Whom the file is named after."""
        return self.members[0] if self.members else self.former[0] if self.former else None

    @property
    def door(self) -> str:
        """``3栋1单元202``."""
        return door_label(self.row.building_name or "", self.row.unit, self.row.room)

    def view(self, connection: "Connection", consents: Sequence[dict[str, object]] = ()) -> HomeView:
        """What panel and file show."""
        household = self.row.household
        due, sign = self.known.due(household), self.known.overdue_sign(household)
        note, about = self._note(connection)
        return HomeView(
            id=household,
            name=self._name(),
            about=self._about(),
            door=self.door,
            place=gettext(" · ").join(filter(None, (self.row.estate, self.row.grid_name))),
            house=DWELLING_USAGE.label(self.row.usage) if self.row.usage else "",
            signs=tuple(self._signs()),
            last=days.ago(self.known.last(household), self.today),
            next_on=days.short_day(due.on, self.today) if due else "",
            overdue=sign.text if sign and sign.kind == "overdue" else "",
            why=self.known.reason_words(due.reason) if due else "",
            note=note,
            note_about=about,
            issues=tuple(self._issue(one) for one in self._open()),
            members=tuple(self.person(one, consents) for one in self.members),
            sharing=self.known.sharing,
        )

    def person(
        self,
        one: rows.MemberRow,
        consents: Sequence[dict[str, object]] = (),
        contested: frozenset[str] = frozenset(),
    ) -> PersonView:
        """One person, masked."""
        sharing = self.known.sharing
        age = age_on(self.today, one.birth_date, one.birth_year)
        child = is_child(self.today, one.birth_date, one.birth_year)
        id_number = masking.mask_id(one.id_number) if one.id_number else f"****{one.id_last4}" if one.id_last4 else ""
        return PersonView(
            resident=one.resident,
            membership=one.membership,
            name=self.known.called(one.name),
            relation=RELATION.label(one.relation) if one.relation else "",
            age=self._age(age),
            phone=masking.share_phone(one.phones) if sharing and one.phones else masking.mask_phones(one.phones or ""),
            id_number="*" * 18 if sharing and id_number else id_number,
            aside="" if one.lives_here in (None, 1) else gettext("lives elsewhere"),
            contested=contested,
            withheld=withheld_fields(
                self.today, consents_of(consents, one), birth_date=one.birth_date, birth_year=one.birth_year
            ),
            child=child,
        )

    def _name(self) -> str:
        if self.head and self.head.name:
            return self.known.called(self.head.name)
        return self.known.name(self.row.household) or self.door

    def _about(self) -> str:
        if self.head is None:
            return ""
        age = self._age(age_on(self.today, self.head.birth_date, self.head.birth_year))
        sex = SEX.label(self.head.sex) if self.head.sex in {"1", "2"} and not self.known.sharing else ""
        return gettext("{sex}, {age}").format(sex=sex, age=age) if sex and age else sex or age

    def _age(self, age: int | None) -> str:
        if age is None:
            return ""
        if self.known.sharing:
            return gettext("{age}s").format(age=masking.decade(age))
        return gettext("{age} y").format(age=age)

    def _signs(self) -> list[Sign]:
        """Care first, then the tags of the people that say more; one sign in their place where somebody looks on."""
        if self.known.sharing:
            return [Sign("hidden", gettext("Tags hidden"))]
        cares = self.known.cares.get(self.row.household, ())
        tags = dict.fromkeys(tag for one in self.members for tag in (one.tags or "").split())
        more = [tag for tag in tags if not any(says_only(tag, care.group, care.arrangement) for care in cares)]
        return [*self.known.cares_of(self.row.household), *(Sign("tag", tag) for tag in more)]

    def _open(self) -> "list[OpenIssue]":
        found = [one for one in self.known.matters.issues if one.issue.household == self.row.household]
        return sorted((one for one in found if one.status.state.is_open), key=lambda one: one.issue.reported_at)

    def _issue(self, one: "OpenIssue") -> IssueView:
        category = CATEGORY.label(one.issue.category)
        since = days.short_day(local_day(one.issue.reported_at), self.today)
        return IssueView(
            id=one.issue.id,
            title=category if self.known.sharing else one.issue.called,
            state=str(one.status.state.label),
            about=gettext("{category} · since {day}").format(category=category, day=since),
            track=one.issue.track or "",
            tone=_TONES.get(one.status.state, "info"),
        )

    def _note(self, connection: "Connection") -> tuple[str, str]:
        """What was written last time, and when by whom."""
        calls = self.known.calls.get(self.row.household, ())
        if not calls:
            return "", ""
        call = calls[0]
        ago = days.ago(local_day(call.at), self.today)
        if self.known.sharing:
            return gettext("Visit notes hidden"), ago
        words = last_notes(connection, [call.visit]).get(call.visit, "") if call.outcome in EFFECTIVE else ""
        visitor = next((row.visitor for row in timeline.visits(connection, self.row.household)[:1]), None)
        about = gettext("{day} · visited by {name}").format(day=ago, name=visitor) if visitor else ago
        return words or OUTCOME.label(call.outcome), about


def lives_in(one: rows.MemberRow, today: date) -> bool:
    """Whether a membership is not over."""
    return not is_over(one.valid_to, today.isoformat())


def consents_of(consents: Sequence[dict[str, object]], one: rows.MemberRow) -> list[dict[str, object]]:
    """What was agreed for one person: their own consents and those for the whole household."""
    return [consent for consent in consents if consent["resident_id"] in (None, one.resident)]
