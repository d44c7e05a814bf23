"""What the people of a household agreed to, refused and withdrew, and what follows from a no (PIPL 15, 17, 29, 47).

After a no only the door and how many live behind it are kept: that is offered, and done at the office by a person who
decides it, for good and everywhere. Who stands in an official ledger stays on that basis unless that is decided too
(domain.md, decision 4); what an open issue still needs stays until it is closed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.forgetting import Forgetting, Report, forget
from gridworker.app.gate import Action, Matter, free, needs
from gridworker.app.household.people import FormView, consent_values
from gridworker.app.rights.clearing import OF_HOME, Clearing, One
from gridworker.app.words.apart import told_apart
from gridworker.app.words.days import told_day
from gridworker.app.words.showing import show
from gridworker.domain.codes import OFFICIAL_LEDGER
from gridworker.domain.consent_rules import (
    declined_on,
    in_force,
    is_refusal,
    left,
    person_declined_on,
    refused_fields,
    standing,
)
from gridworker.domain.household_member import is_over
from gridworker.domain.retention import STANDS_FOR
from gridworker.errors import Denied, Invalid, NotFound, Problem
from gridworker.record import CodeList, Privacy, Spec, Type
from gridworker.store.queries import held
from gridworker.store.queries import households as rows
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Act, Change
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.wish import Wish

_KIND, EVERYBODY = "consent", "household"
AGREED, REFUSED = "agreed", "refused"
_ASKED = ("purpose", "scope", "method", "given_on", "expires_on", "witness")


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

    ``since`` is the day of the no to everything, '' where there is none; ``records`` is how many records lose
    something; ``home``: what the household told goes too; ``parts``: what goes of whom after a no to that alone.
    ``elsewhere``, once it is done: files a person has to see to.
    """

    since: str
    people: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    records: int = 0
    home: bool = False
    parts: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


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
        count = {one["id"]: one["scope"] for owner in (None, *people)
                 for one in standing([own for own in known if own["resident_id"] == owner], self._session.today())
                 }  # fmt: skip
        for one in sorted(known, key=lambda one: (str(one["given_on"]), _id(one["id"]))):
            values = self._session.store.get(_KIND, _id(one["id"])) or {}
            values = {**values, "scope": str(count.get(one["id"]) or values.get("scope") or "") or None}
            told = [show(kind.specs[name], values.get(name)) for name in ("scope", "purpose", "method")]
            told.append(told_day(show(kind.specs["given_on"], values.get("given_on")), self._session.today()))
            who = people.get(_id(one["resident_id"]), "") if one["resident_id"] else gettext("All of them")
            force = one["id"] in count
            views.append(
                ConsentView(_id(one["id"]), who, gettext(" · ").join(told), self._state(one, force=force), force)
            )
        return tuple(reversed(views))

    def _state(self, one: Mapping[str, object], *, force: bool) -> str:
        if is_refusal(one):
            return gettext("refused")
        if one["withdrawn_on"]:
            day = told_day(str(one["withdrawn_on"]), self._session.today())
            return gettext("withdrawn on {day}").format(day=day)
        return gettext("agreed") if force else gettext("over")

    @needs(Action.CREATE, Matter.PEOPLE)
    def form(self, household: int) -> FormView:
        """The form of an answer: whose it is, yes or no, and what was asked. Raises NotFound."""
        found = self._people(household)
        people = {str(one.resident): Label(told_apart(one, found)) for one in found}
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
            changes += self._ended([one for one in mine if str(one["given_on"]) <= day], checked, day)
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
    def carry_out(self, household: int, *, ledgers: bool = False, report: Report | None = None) -> Consequence:
        """Let go of it, for good and everywhere: only door and head count stay. Nobody can undo it.

        ``report`` is told how far the data and the backups are that are written anew: it stops nothing.
        Raises Denied on a laptop, NotFound, Problem where nobody said no, StoreBusy, DiskFull.
        """
        if not self._session.is_office:
            raise Denied("Only the office can erase. Ask it to.")
        with self._session.store.db.read() as connection:
            plan, wishes = self._plan(connection, household, ledgers=ledgers)
        gone = [wish.record for wish in wishes if wish.kind == "resident" and "name" in (wish.fields or ())]
        wishes += Clearing(self._session).named(gone, wishes)
        if not wishes:
            raise Problem("There is nothing to let go of: nobody here said no, or it was done.")
        act = Act.note("erase", self._session.who, kind="household", record=household, count=len(wishes))
        files = forget(self._session, self._copies, wishes, act, report)
        return replace(plan, elsewhere=files.elsewhere)

    def _plan(self, connection: "Connection", household: int, *, ledgers: bool) -> "tuple[Consequence, list[Wish]]":
        today, people = self._session.today(), self._people(household)
        known = self._known(household, [one.resident for one in people])
        whole = declined_on([one for one in known if not one["resident_id"]], today)
        of_one = {one.resident: [c for c in known if c["resident_id"] in (None, one.resident)] for one in people}
        said = {one: person_declined_on(found, today) for one, found in of_one.items()}
        no = [one for one in people if said[one.resident]]
        busy = held.residents(connection, [one.resident for one in no])
        going = [one for one in no if one.resident not in busy and (ledgers or not one.on_ledger)]
        wishes = Clearing(self._session).wishes(household, going, connection, whole=whole is not None)
        since = max((day for day in (whole, *said.values()) if day), default="")
        stays = [one for one in no if one.resident not in busy and one not in going]
        kept = [one.name for one in no if one.resident in busy]
        home = any(wish.kind in OF_HOME for wish in wishes)
        if whole and held.households(connection, [household]):
            kept.append(gettext("the household itself"))
        named = tuple(one.name for one in going if one.name != STANDS_FOR["resident"])
        part = [one for one in people if one not in no]
        loose = [one for one in part if ledgers or not one.on_ledger]
        parts, more = self._refused(self._in_part(household, connection, loose, of_one, known))
        wishes += more
        bound, _ = self._refused(self._of_people(connection, [one for one in part if one not in loose], of_one))
        listed = (*_names(stays), *bound)
        return Consequence(since, named, listed, tuple(kept), len(wishes), home, tuple(parts)), wishes

    def _refused(self, found: Iterable[tuple[str, str, int, frozenset[str]]]) -> "tuple[list[str], list[Wish]]":
        """What goes of whom after a no to that alone, in words, and the wishes to let go of it."""
        parts: list[str] = []
        wishes: list[Wish] = []
        for who, kind, record, closed in found:
            labels, more = Clearing(self._session).refused(kind, record, closed)
            wishes += more
            parts += [gettext("{name}: {field}").format(name=who, field=gettext(", ").join(labels))] if labels else []
        return parts, wishes

    def _in_part(
        self,
        household: int,
        connection: "Connection",
        people: Sequence[One],
        of_one: Mapping[int, Sequence[Mapping[str, object]]],
        known: Sequence[Mapping[str, object]],
    ) -> Iterable[tuple[str, str, int, frozenset[str]]]:
        """Who said no to some of it, and to which fields: people, and the household, whose phone goes with phones."""
        yield from self._of_people(connection, people, of_one)
        own = refused_fields(self._session.today(), [one for one in known if not one["resident_id"]])
        if "phones" in own and not held.households(connection, [household]):
            yield gettext("All of them"), "household", household, frozenset({"contact_phone"})

    def _of_people(
        self, connection: "Connection", people: Sequence[One], of_one: Mapping[int, Sequence[Mapping[str, object]]]
    ) -> Iterable[tuple[str, str, int, frozenset[str]]]:
        busy = held.residents(connection, [one.resident for one in people])
        for one in people:
            if one.resident not in busy:
                yield one.name, "resident", one.resident, refused_fields(self._session.today(), of_one[one.resident])

    def _ended(self, before: Iterable[Mapping[str, object]], no: Mapping[str, object], day: str) -> list[Change]:
        """What a no leaves nothing of is withdrawn; what was agreed to that very day covers only what is left of it.

        What is older and in part ended stays as it was said: the rule takes the no off it wherever it is read.
        """
        over, narrower = [], []
        for one in before:
            now = left(one, [no])
            if now is None:
                over.append(one)
            elif now is not one and one["given_on"] == day:
                narrower.append(Change(_KIND, _id(one["id"]), {"scope": str(now["scope"])}))
        return self._withdrawn(over, day) + narrower

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

    def _people(self, household: int) -> list[One]:
        """Who belongs there today. Raises NotFound."""
        if self._session.store.get("household", household) is None:
            raise NotFound("This household is no longer here.")
        today = self._session.today().isoformat()
        with self._session.store.db.read() as connection:
            found = [one for one in rows.members(connection, household) if not is_over(one.valid_to, today)]
        basis = {one.resident: (self._session.store.get("resident", one.resident) or {}).get("basis") for one in found}
        return [
            One(one.resident, one.name, one.membership, one.relation, basis[one.resident] == OFFICIAL_LEDGER)
            for one in found
        ]


def follow_words(plan: Consequence) -> list[str]:
    """What a no lets go of, and what stays and why, a line each."""
    told = (
        (gettext("Goes: all that is kept about {names}."), plan.people),
        ("{names}", _home_words(plan)),
        (gettext("Goes, for they said no to it: {names}."), plan.parts),
        (gettext("Stays, masked, by an official ledger: {names}."), plan.listed),
        (gettext("Stays until an open issue is closed: {names}."), plan.held),
    )
    return [words.format(names=gettext(", ").join(names)) for words, names in told if names]


def _home_words(plan: Consequence) -> tuple[str, ...]:
    words = gettext(
        "Goes: what the household told of itself, on visits and in matters that are over; its pictures; what is half "
        "written."
    )
    return (words,) if plan.home else ()


def _choice(name: str, label: Label, codes: Mapping[str, Label]) -> Spec:
    return Spec(name, 1, label, Type.CODE, Privacy.INTERNAL, True, 20, CodeList(name, codes), None, False, None)


def _names(people: Iterable[One]) -> tuple[str, ...]:
    return tuple(one.name for one in people)


def _id(value: object) -> int:
    return value if isinstance(value, int) else 0
