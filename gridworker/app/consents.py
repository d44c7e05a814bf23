"""What the people of a household agreed to, refused and withdrew, and what follows from a no (PIPL 15, 17, 29, 47).

After a no only the door and how many live behind it are kept: that is offered, and done at the office by a person who
decides it, for good and everywhere. Who stands in an official ledger stays on that basis unless that is decided too
(domain.md, decision 4); what an open issue still needs stays until it is closed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.forgetting import Forgetting, forget
from gridworker.app.gate import Action, Matter, free, needs
from gridworker.app.mentioned import places, usual, wish_of
from gridworker.app.people import FormView, consent_values
from gridworker.app.showing import show
from gridworker.domain.codes import OFFICIAL_LEDGER
from gridworker.domain.codes_need import CLOSED
from gridworker.domain.consent_rules import declined_on, in_force, is_refusal, person_declined_on, standing
from gridworker.domain.household_member import is_over
from gridworker.domain.retention import STANDS_FOR
from gridworker.errors import Denied, Invalid, NotFound, Problem
from gridworker.record import CodeList, Privacy, Spec, Type
from gridworker.store.changes import Act, Change
from gridworker.store.queries import held
from gridworker.store.queries import households as rows
from gridworker.store.queries.consents import ids_of
from gridworker.store.records import kind_named
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.database import Connection
    from gridworker.store.erasure import Wish
    from gridworker.store.transaction import Commit

_KIND, EVERYBODY = "consent", "household"
AGREED, REFUSED = "agreed", "refused"
_ASKED = ("purpose", "scope", "method", "given_on", "expires_on", "witness")
_HOUSE = ("contact_phone", "contact_preference", "access_need", "remark", "head_name", "booklet_no",
          "living_arrangement", "residence_status", "party_plaque")  # fmt: skip
_PERSON = ("name", "sex", "birth_date", "birth_year", "phones", "id_number", "id_last4", "id_hash", "resident_kind",
           "registered_elsewhere", "note", "tags")  # fmt: skip
_VISIT = ("accompany", "met_other", "resident_words", "situation_note", "backdated_reason")
_PARTY = ("display_name", "resident_id", "phone")
_TOLD = {"need": ("words", "answer"), "service_request": ("materials", "received_by", "fee_note"),
         "issue": ("summary", "words")}  # fmt: skip
"""What was said of a matter that is over; that there was one stays."""
_OF_HOME = frozenset({"household", "visit", "attachment", *_TOLD})
_LISTED = "official_list"
"""The basis of care that needs no consent."""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent in words. ``may_withdraw``: it is in force.

    ``state``: agreed, over, also by a refusal that came after it, withdrawn, or refused.
    """

    id: int
    who: str
    about: str
    state: str
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a no lets go of. ``people``: whose data go; ``listed``: who stays, by a ledger; ``held``: by an open issue.

    ``since`` is the day of the no, '' where there is none; ``records`` is how many records lose something; ``home``:
    what the household told goes too. ``elsewhere``, once it is done: files a person has to see to.
    """

    since: str
    people: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    records: int = 0
    home: bool = False
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _One:
    resident: int
    name: str
    membership: int
    relation: str | None
    on_ledger: bool


class Consents(Forgetting):
    """Reading and writing consents of a household and its people; what follows from a no."""

    @property
    @free("it says whether")
    def may_write(self) -> bool:
        """Whether answers are written down here, by this person."""
        return not self._session.read_only and self.may(Action.CHANGE, Matter.PEOPLE)

    @needs(Action.READ, Matter.PEOPLE)
    def listed(self, household: int) -> tuple[ConsentView, ...]:
        """All that was agreed to, refused or withdrawn, the newest first. Raises NotFound."""
        people = {one.resident: one.name for one in self._people(household)}
        kind = kind_named(_KIND).kind
        known, views = self._known(household, people), []
        count = {one["id"] for owner in (None, *people)
                 for one in standing([own for own in known if own["resident_id"] == owner], self._session.today())
                 }  # fmt: skip
        for one in sorted(known, key=lambda one: (str(one["given_on"]), _id(one["id"]))):
            values = self._session.store.get(_KIND, _id(one["id"])) or {}
            told = [show(kind.specs[name], values.get(name)) for name in ("scope", "purpose", "method", "given_on")]
            who = people.get(_id(one["resident_id"]), "") if one["resident_id"] else gettext("All of them")
            force = one["id"] in count
            views.append(ConsentView(_id(one["id"]), who, gettext(" · ").join(told), _state(one, force=force), force))
        return tuple(reversed(views))

    @needs(Action.CREATE, Matter.PEOPLE)
    def form(self, household: int) -> FormView:
        """The form of an answer: whose it is, yes or no, and what was asked. Raises NotFound."""
        people = {str(one.resident): Label(one.name) for one in self._people(household)}
        specs = kind_named(_KIND).kind.specs
        whose = _choice("who", Label("Whose answer"), {EVERYBODY: Label("All of them"), **people})
        answer = _choice("answer", Label("Answer"), {AGREED: Label("Agreed"), REFUSED: Label("Refused")})
        usual = consent_values(self._session.today())
        values: dict[str, Value] = {"who": EVERYBODY, "answer": AGREED, **usual}
        return FormView((whose, answer, *(specs[name] for name in _ASKED)), {"witness": None, **values})

    @needs(Action.CREATE, Matter.PEOPLE)
    def record(self, household: int, values: Mapping[str, object], *, finishes: str = "") -> "Commit":
        """Write an answer down. The last word of its owner counts, in whatever order they are written down.

        A refusal takes the place of what was agreed to until that day; a yes from before a no is over since. Raises
        Invalid.
        """
        people = {str(one.resident): one.resident for one in self._people(household)}
        who, said = str(values.get("who") or EVERYBODY), values.get("answer", AGREED)
        if who != EVERYBODY and who not in people:
            raise Invalid({"who": Problem("Say whose consent this is.")}, {"who": Label("Whose answer")})
        if said not in {AGREED, REFUSED}:
            raise Invalid({"answer": Problem("Say whether they agreed or refused.")}, {"answer": Label("Answer")})
        owner = {"resident_id": people.get(who), "household_id": None if who in people else household}
        asked = {name: values.get(name) for name in _ASKED} | owner
        if said == REFUSED:
            asked |= {"withdrawn_on": asked["given_on"], "expires_on": None}
        checked = kind_named(_KIND).checked(asked)
        if str(checked["given_on"]) > self._session.today().isoformat():
            label = kind_named(_KIND).kind.specs["given_on"].label
            raise Invalid({"given_on": Problem("This day is still to come.")}, {"given_on": label})
        mine = [one for one in self._known(household, people.values()) if one["resident_id"] == people.get(who)]
        day, no = str(checked["given_on"]), declined_on(mine, self._session.today())
        if said == AGREED and no is not None and day < no:
            checked = {**checked, "withdrawn_on": no}
        new = self._session.new_id()
        changes = [Change(_KIND, new, checked, create=True)]
        if said == REFUSED:
            changes += self._withdrawn([one for one in mine if str(one["given_on"]) <= day], day)
        drop = dropping(finishes, self._session.who)
        return self._session.write(changes, "create", drop, kind=_KIND, record=new)  # also where it ends others

    @needs(Action.CHANGE, Matter.PEOPLE)
    def withdraw(self, household: int, consent: int, day: str = "") -> "Commit":
        """They take back what they agreed to, from a day on, today where none is named. Raises NotFound, Problem."""
        today = self._session.today().isoformat()
        people = [one.resident for one in self._people(household)]
        found = [one for one in self._known(household, people) if one["id"] == consent]
        if not found or not in_force(found[0], self._session.today()):
            raise NotFound("There is no consent in force by this number.")
        wanted = str(kind_named(_KIND).kind.specs["withdrawn_on"].clean(day or today))
        if wanted > today:
            raise Problem("This day is still to come.")
        if wanted < str(found[0]["given_on"]):
            raise Problem("The end lies before the start.")
        return self._session.write(self._withdrawn(found, wanted), "edit")

    @needs(Action.READ, Matter.PEOPLE)
    def consequence(self, household: int, *, ledgers: bool = False) -> Consequence:
        """What a no lets go of; nothing is changed. ``ledgers``: who stands in an official ledger goes too."""
        with self._session.store.db.read() as connection:
            return self._plan(connection, household, ledgers=ledgers)[0]

    @needs(Action.ERASE, Matter.PEOPLE)
    def carry_out(self, household: int, *, ledgers: bool = False) -> Consequence:
        """Let go of it, for good and everywhere: only door and head count stay. Nobody can undo it.

        Raises Denied on a laptop, NotFound, Problem where nobody said no, StoreBusy, DiskFull.
        """
        if not self._session.is_office:
            raise Denied("Only the office can erase. Ask it to.")
        with self._session.store.db.read() as connection:
            plan, wishes = self._plan(connection, household, ledgers=ledgers)
        wishes += self._named([wish.record for wish in wishes if wish.kind == "resident"], wishes)
        if not wishes:
            raise Problem("There is nothing to let go of: nobody here said no, or it was done.")
        act = Act.note("erase", self._session.who, kind="household", record=household, count=len(wishes))
        files = forget(self._session, self._copies, wishes, act)
        return replace(plan, elsewhere=files.elsewhere)

    def _plan(self, connection: "Connection", household: int, *, ledgers: bool) -> "tuple[Consequence, list[Wish]]":
        today, people = self._session.today(), self._people(household)
        known = self._known(household, [one.resident for one in people])
        whole = declined_on([one for one in known if not one["resident_id"]], today)
        said = {
            one.resident: person_declined_on([c for c in known if c["resident_id"] in (None, one.resident)], today)
            for one in people
        }
        no = [one for one in people if said[one.resident]]
        busy = held.residents(connection, [one.resident for one in no])
        going = [one for one in no if one.resident not in busy and (ledgers or not one.on_ledger)]
        wishes = list(self._wishes(household, going, connection, whole=whole is not None))
        since = max((day for day in (whole, *said.values()) if day), default="")
        stays = [one for one in no if one.resident not in busy and one not in going]
        kept = [one.name for one in no if one.resident in busy]
        home = any(wish.kind in _OF_HOME for wish in wishes)
        if whole and held.households(connection, [household]):
            kept.append(gettext("the household itself"))
        named = tuple(one.name for one in going if one.name != STANDS_FOR["resident"])
        return Consequence(since, named, _names(stays), tuple(kept), len(wishes), home), wishes

    def _wishes(
        self, household: int, going: Sequence[_One], connection: "Connection", *, whole: bool
    ) -> "Iterable[Wish]":
        """What is to be forgotten: of people all but that one more lives there; of the household what it told."""
        from gridworker.store.erasure import Wish

        for one in going:
            yield from self._parts("resident", one.resident, _PERSON, {"name": STANDS_FOR["resident"]})
            yield from self._parts("household_member", one.membership, ("relation",))
        for party in ids_of(connection, "issue_party", "resident_id", [one.resident for one in going]):
            yield from self._parts("issue_party", party, _PARTY, {"display_name": STANDS_FOR["issue_party"]})
        cares = ids_of(connection, "care_membership", "resident_id", [one.resident for one in going])
        if whole:
            cares += ids_of(connection, "care_membership", "household_id", [household])
            yield from self._of_house(household, connection)
        for care in cares:
            if (self._session.store.get("care_membership", care) or {}).get("basis") != _LISTED:
                yield Wish("care_membership", care)

    def _of_house(self, household: int, connection: "Connection") -> "Iterable[Wish]":
        """What the household told of itself, the words of visits, and pictures; what is open keeps what it needs."""
        from gridworker.store.erasure import Wish

        if not held.households(connection, [household]):
            yield from self._parts("household", household, _HOUSE)
        for kind, matter in self._over(household, connection):
            yield from self._parts(kind, matter, _TOLD[kind])
        visits = set(ids_of(connection, "visit", "household_id", [household]))
        visits -= held.visits(connection, visits)
        for visit in sorted(visits):
            yield from self._parts("visit", visit, _VISIT)
        pictures = ids_of(connection, "attachment", "household_id", [household])
        for picture in [*pictures, *ids_of(connection, "attachment", "visit_id", visits)]:
            yield Wish("attachment", picture)

    def _over(self, household: int, connection: "Connection") -> Iterable[tuple[str, int]]:
        """Their issues, needs and agency requests that are over."""
        issues = ids_of(connection, "issue", "household_id", [household])
        still_open = held.issues(connection, issues)
        yield from (("issue", one) for one in issues if one not in still_open)
        for need in ids_of(connection, "need", "household_id", [household]):
            if (self._session.store.get("need", need) or {}).get("status") in CLOSED:
                yield "need", need
        for request in ids_of(connection, "service_request", "household_id", [household]):
            if (self._session.store.get("service_request", request) or {}).get("finished_on"):
                yield "service_request", request

    def _named(self, people: Sequence[int], wishes: "Sequence[Wish]") -> "list[Wish]":
        """Their names in texts that stay, taken out; where they are no more than like somebody else's they stay."""
        from gridworker.store.concerned import Concerned, names_of
        from gridworker.store.mentions import mentions

        with self._session.store.db.read() as connection:
            concerned = [Concerned("resident", one) for one in people]
            words = names_of(connection, concerned)
            found = mentions(connection, words, concerned) if words else []
        done = {(wish.kind, wish.record, name) for wish in wishes for name in wish.fields or ()}
        gone = {wish.record for wish in wishes if wish.gone}
        asked = usual(places(self._session, "resident", found, words))
        return [
            wish_of(one, words)
            for one in asked
            if one.record not in gone and (one.kind, one.record, one.field) not in done
        ]

    def _parts(
        self, kind: str, record: int, fields: Sequence[str], instead: "Mapping[str, Value] | None" = None
    ) -> "Iterable[Wish]":
        """The fields of a record, where one of them says anything."""
        from gridworker.store.erasure import Wish

        values, stands = self._session.store.get(kind, record) or {}, instead or {}
        if any(values.get(name) not in (None, stands.get(name)) for name in fields):
            yield Wish(kind, record, tuple(fields), gone=False, instead=stands)

    def _withdrawn(self, found: Iterable[Mapping[str, object]], day: str) -> list[Change]:
        """The end of those in force. What ends on the day it was given lasted until then: it was no refusal."""
        ends = ((one, max(day, str(one["given_on"]))) for one in found if in_force(one, self._session.today()))
        return [
            Change(
                _KIND, _id(one["id"]), {"withdrawn_on": end} | ({"expires_on": end} if end == one["given_on"] else {})
            )
            for one, end in ends
        ]

    def _known(self, household: int, people: Iterable[int]) -> list[dict[str, object]]:
        with self._session.store.db.read() as connection:
            return rows.consents(connection, household, people)

    def _people(self, household: int) -> list[_One]:
        """Who belongs there today. Raises NotFound."""
        if self._session.store.get("household", household) is None:
            raise NotFound("This household is no longer here.")
        today = self._session.today().isoformat()
        with self._session.store.db.read() as connection:
            found = [one for one in rows.members(connection, household) if not is_over(one.valid_to, today)]
        basis = {one.resident: (self._session.store.get("resident", one.resident) or {}).get("basis") for one in found}
        return [
            _One(one.resident, one.name, one.membership, one.relation, basis[one.resident] == OFFICIAL_LEDGER)
            for one in found
        ]


def follow_words(plan: Consequence) -> list[str]:
    """What a no lets go of, and what stays and why, a line each."""
    told = (
        (gettext("Goes: all that is kept about {names}."), plan.people),
        ("{names}", _home_words(plan)),
        (gettext("Stays, masked, by an official ledger: {names}."), plan.listed),
        (gettext("Stays until an open issue is closed: {names}."), plan.held),
    )
    return [words.format(names=gettext(", ").join(names)) for words, names in told if names]


def _state(one: Mapping[str, object], *, force: bool) -> str:
    if is_refusal(one):
        return gettext("refused")
    if one["withdrawn_on"]:
        return gettext("withdrawn on {day}").format(day=one["withdrawn_on"])
    return gettext("agreed") if force else gettext("over")


def _home_words(plan: Consequence) -> tuple[str, ...]:
    words = gettext("Goes: what the household told of itself, on visits and in matters that are over; its pictures.")
    return (words,) if plan.home else ()


def _choice(name: str, label: Label, codes: Mapping[str, Label]) -> Spec:
    return Spec(name, 1, label, Type.CODE, Privacy.INTERNAL, True, 20, CodeList(name, codes), None, False, None)


def _names(people: Iterable[_One]) -> tuple[str, ...]:
    return tuple(one.name for one in people)


def _id(value: object) -> int:
    return value if isinstance(value, int) else 0
