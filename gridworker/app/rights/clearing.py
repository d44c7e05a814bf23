"""What is let go of after a no: of people all but that they live there, of the household what it told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.app.rights.mentioned import places, usual, wish_of
from gridworker.domain.codes_need import CLOSED
from gridworker.domain.retention import STANDS_FOR
from gridworker.store.queries import held
from gridworker.store.queries.consents import ids_of
from gridworker.store.records import kind_named

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.wish import Wish

_HOUSE = ("contact_phone", "contact_preference", "access_need", "remark", "head_name", "booklet_no",
          "living_arrangement", "residence_status", "party_plaque")  # fmt: skip
_PERSON = ("name", "sex", "birth_date", "birth_year", "phones", "id_number", "id_last4", "id_hash", "resident_kind",
           "registered_elsewhere", "note", "tags")  # fmt: skip
_VISIT = ("accompany", "met_other", "resident_words", "situation_note", "backdated_reason")
_PARTY = ("display_name", "resident_id", "phone")
TOLD = {"need": ("title", "words", "answer"), "service_request": ("materials", "received_by", "fee_note"),
        "issue": ("title", "place_text", "summary", "words"), "issue_step": ("note", "to_person")}  # fmt: skip
"""What was said of a matter that is over; that there was one, of which kind and when, stays."""
_STANDS = {"need": {"title": "某需求"}, "issue": {"title": "某事件"}}
"""What is written where a title was. Data like the title itself, so it is in the language of the data."""
OF_HOME = frozenset({"household", "visit", "attachment", *TOLD})
_BESIDE = frozenset({"id_last4", "id_hash"})
"""Parts of a number, which are not named beside it."""
_LISTED = "official_list"
"""The basis of care that needs no consent."""


@dataclass(frozen=True, slots=True)
class One:
    """One who lives there."""

    resident: int
    name: str
    membership: int
    relation: str | None
    on_ledger: bool


class Clearing:
    """Reads what a no lets go of; changes nothing."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def wishes(self, household: int, going: Sequence[One], connection: "Connection", *, whole: bool) -> "list[Wish]":
        """What is to be forgotten: of people all but that one more lives there; of the household what it told."""
        from gridworker.store.wish import Wish

        found = list(self._wishes(household, going, connection, whole=whole))
        if whole and found and not held.households(connection, [household]):
            # Also where it told nothing: with it go the forms about it that are half filled in, on every laptop.
            found += (
                [] if any(one.kind == "household" for one in found) else [Wish("household", household, _HOUSE, False)]
            )
        return found

    def refused(self, kind: str, record: int, fields: Iterable[str]) -> "tuple[tuple[str, ...], list[Wish]]":
        """What is known of one in some fields, in words, and letting go of it; nothing where nothing is."""
        specs, values = kind_named(kind).kind.specs, self._session.store.get(kind, record) or {}
        held_here = [name for name in specs if name in fields and values.get(name) is not None]
        labels = tuple(str(specs[name].label) for name in held_here if name not in _BESIDE)
        return labels, list(self._parts(kind, record, held_here))

    def _wishes(
        self, household: int, going: Sequence[One], connection: "Connection", *, whole: bool
    ) -> "Iterable[Wish]":
        from gridworker.store.wish import Wish

        for one in going:
            yield from self._parts("resident", one.resident, _PERSON, {"name": STANDS_FOR["resident"]})
            yield from self._parts("household_member", one.membership, ("relation",))
        for party in ids_of(connection, "issue_party", "resident_id", [one.resident for one in going]):
            yield from self._parts("issue_party", party, _PARTY, {"display_name": STANDS_FOR["issue_party"]})
        people = [one.resident for one in going]
        cares = ids_of(connection, "care_membership", "resident_id", people)
        consents = ids_of(connection, "consent", "resident_id", people)
        if whole:
            cares += ids_of(connection, "care_membership", "household_id", [household])
            consents += ids_of(connection, "consent", "household_id", [household])
            yield from self._of_house(household, connection)
        for consent in consents:  # that they said no stays on record; who else was there is nobody's matter any more
            yield from self._parts("consent", consent, ("witness",))
        for contact in ids_of(connection, "care_contact", "care_id", cares):  # nobody's list names them
            yield Wish("care_contact", contact)
        for care in cares:
            if (self._session.store.get("care_membership", care) or {}).get("basis") != _LISTED:
                yield Wish("care_membership", care)

    def _of_house(self, household: int, connection: "Connection") -> "Iterable[Wish]":
        """What the household told of itself, the words of visits, and pictures; what is open keeps what it needs."""
        from gridworker.store.wish import Wish

        if not held.households(connection, [household]):
            yield from self._parts("household", household, _HOUSE)
        for kind, matter in self._over(household, connection):
            yield from self._parts(kind, matter, TOLD[kind], _STANDS.get(kind))
        visits = set(ids_of(connection, "visit", "household_id", [household]))
        visits -= held.visits(connection, visits)
        for visit in sorted(visits):
            yield from self._parts("visit", visit, _VISIT)
        pictures = ids_of(connection, "attachment", "household_id", [household])
        for picture in [*pictures, *ids_of(connection, "attachment", "visit_id", visits)]:
            yield Wish("attachment", picture)

    def _over(self, household: int, connection: "Connection") -> Iterable[tuple[str, int]]:
        """Their issues with their steps, needs and agency requests that are over."""
        issues = ids_of(connection, "issue", "household_id", [household])
        still_open = held.issues(connection, issues)
        over = [one for one in issues if one not in still_open]
        yield from (("issue", one) for one in over)
        yield from (("issue_step", one) for one in ids_of(connection, "issue_step", "issue_id", over))
        for need in ids_of(connection, "need", "household_id", [household]):
            if (self._session.store.get("need", need) or {}).get("status") in CLOSED:
                yield "need", need
        for request in ids_of(connection, "service_request", "household_id", [household]):
            if (self._session.store.get("service_request", request) or {}).get("finished_on"):
                yield "service_request", request

    def named(self, people: Sequence[int], wishes: "Sequence[Wish]") -> "list[Wish]":
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
        from gridworker.store.wish import Wish

        values, stands = self._session.store.get(kind, record) or {}, instead or {}
        if any(values.get(name) not in (None, stands.get(name)) for name in fields):
            yield Wish(kind, record, tuple(fields), gone=False, instead=stands)
