"""What entry by hand keeps to, in a form or by a script; what a ledger or a bundle brings is not asked (domain.md).

Neither a visit nor anything about an issue is still to come (2.6). Of a child under 14 nothing is kept beyond name,
relation and year of birth without the guardian's consent (2.6, decision 4). Every care has somebody who looks after it
(decision 1). That a visit is written down late without a reason, a form asks about; a script is told (``doubts``).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.domain.codes import OFFICIAL_LEDGER
from gridworker.domain.consent_rules import is_child, withheld_fields
from gridworker.domain.findings import issue_findings, resident_findings, visit_findings
from gridworker.domain.identity import told_by_number
from gridworker.errors import Invalid, Problem
from gridworker.record import Record, Value
from gridworker.store.queries import households as rows
from gridworker.store.records import page

if TYPE_CHECKING:
    from gridworker.app.session import Session

_TOLD_AT = frozenset({"issue", "issue_step"})
_BIRTHS = frozenset({"birth_date", "birth_year", "id_number"})
"""The fields of a resident that tell how old they are."""


def refuse_unfit(
    session: "Session", record: type[Record], id_: int | None, values: Mapping[str, Value], before: Mapping[str, Value]
) -> None:
    """Raise Invalid where the values to be saved of a record break a rule of entry by hand. ``before`` is what it has.

    Only what is changed is asked: old records err.
    """
    changed = {name: value for name, value in values.items() if value != before.get(name)}
    after = {**before, **values}
    faults: dict[str, Problem] = {}
    if record.kind.name == "visit" and "started_at" in changed:
        found = visit_findings(after, session.now())
        faults = {one.field: Problem(one.text.message) for one in found if one.code == "visit_future"}
    elif record.kind.name == "resident" and after.get("basis") != OFFICIAL_LEDGER:
        asked = after if changed.keys() & _BIRTHS else changed  # who turns out to be a child
        closed = closed_of_child(session, id_, after) & {name for name, value in asked.items() if value is not None}
        faults = dict.fromkeys(closed, consent_first())
    elif record.kind.name in _TOLD_AT:
        faults = _to_come(changed, session.now())
    elif record.kind.name == "care_membership" and "owner_id" in changed and not after["owner_id"]:
        faults = {"owner_id": Problem("Say who looks after it.")}
    if faults:
        raise Invalid(faults, {name: record.kind.specs[name].label for name in faults})


def owned(session: "Session", kind: str, values: Mapping[str, object]) -> Mapping[str, object]:
    """The values of a new record; care that names nobody is looked after by who enters it."""
    return {**values, "owner_id": session.who} if kind == "care_membership" and not values.get("owner_id") else values


def doubts(session: "Session", kind: str, values: Mapping[str, Value]) -> tuple[str, ...]:
    """What looks wrong about a record that is saved, in words: a form asks about it, a script is told."""
    match kind:
        case "visit":
            found = visit_findings(values, session.now())
        case "resident":
            found = resident_findings(values, session.today())
        case _:
            found = ()
    return tuple(map(str, found))


def by_number(
    changed: Mapping[str, Value], before: Mapping[str, Value], closed: Collection[str] = ()
) -> dict[str, Value]:
    """Birth and sex of a person whose ID number is written down, where neither says them; of ``closed`` nothing.

    So does an import. What somebody said otherwise stays, and is to be looked at. The year of birth is never closed,
    and is kept where the day is: it says who is a child.
    """
    after = {**before, **changed}
    told: dict[str, Value] = {**told_by_number(str(changed.get("id_number") or ""))}
    born, year = str(told.get("birth_date") or ""), after.get("birth_year")
    if born and "birth_date" in closed and after.get("birth_date") is None:
        told["birth_year"] = int(born[:4])
    if year is not None and not born.startswith(str(year)):
        told.pop("birth_date", None)
    return {name: value for name, value in told.items() if after.get(name) is None and name not in closed}


def _to_come(changed: Mapping[str, Value], now: datetime) -> dict[str, Problem]:
    """Nothing happened, was reported or done at a time to come. A step of that time could never be put right."""
    moments = [(name, str(changed[name])) for name in ("occurred_at", "reported_at", "at") if changed.get(name)]
    return {
        one.field: Problem(one.text.message)
        for one in issue_findings(moments, now)
        if one.code == "time_future"
    }  # fmt: skip


def standing(record: type[Record], values: Mapping[str, Value]) -> dict[str, Value]:
    """What a stored record is known to hold, for rules across fields: without what it needs and does not show.

    That is said in a newer version's words, and a person who changes something else does not have to say it anew.
    """
    return {name: value for name, value in values.items() if value is not None or name not in record.kind.required}


def consent_first() -> Problem:
    """Why a field stays empty for now."""
    return Problem("Record the consent first; of a child under 14 the guardian's.")


def withheld(
    session: "Session", households: Iterable[int], resident: int | None, person: Mapping[str, Value]
) -> frozenset[str]:
    """The fields of a resident that no consent opens, neither one of their own nor one for all of a household."""
    with session.store.db.read() as connection:
        found = [
            consent
            for household in [*households] or [0]
            for consent in rows.consents(connection, household, [resident] if resident else [])
        ]
    return withheld_fields(
        session.today(),
        [consent for consent in found if consent["resident_id"] in (None, resident)],
        birth_date=_born(person),
        birth_year=_year(person),
    )


def closed_of_child(session: "Session", id_: int | None, person: Mapping[str, Value]) -> frozenset[str]:
    """The fields of a child under 14 that no consent of the guardian opens; none of anybody else's."""
    if not is_child(session.today(), _born(person), _year(person)):
        return frozenset()
    with session.store.db.read() as connection:
        memberships = page(connection, "household_member", where={"resident_id": id_}) if id_ else []
    homes = [values["household_id"] for _, values in memberships]
    return withheld(session, [home for home in homes if isinstance(home, int)], id_, person)


def _born(person: Mapping[str, Value]) -> str | None:
    """The day of birth that is known of a person; the ID number says it as well."""
    said = person.get("birth_date") or told_by_number(str(person.get("id_number") or "")).get("birth_date")
    return str(said) if said else None


def _year(person: Mapping[str, Value]) -> int | None:
    year = person.get("birth_year")
    return year if isinstance(year, int) else None
