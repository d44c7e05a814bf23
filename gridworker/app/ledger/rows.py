"""What the rows of a ledger say: records put together, steps folded, under-14s left out. Not yet in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.app.ledger.declined import without_declined
from gridworker.domain.address import door_label, natural_key
from gridworker.domain.codes_care import care_label
from gridworker.domain.codes_issue import ACTION
from gridworker.domain.codes_place import RENTED
from gridworker.domain.codes_visit import SATISFACTION
from gridworker.domain.consent_rules import COVERED, is_child
from gridworker.domain.deadline import first_action
from gridworker.domain.issue_flow import FIRST_ACTIONS, fold
from gridworker.domain.issue_steps import step_of
from gridworker.domain.masking import mask_name
from gridworker.domain.moments import local, local_day, moment, written
from gridworker.domain.need_score import DAYS_A_MONTH, need_score
from gridworker.domain.visit_policy import MONTHLY, POLICIES, TENANT, USUAL
from gridworker.errors import Problem
from gridworker.store.queries import ledgers as rows
from gridworker.store.queries.consents import Declined, declined

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.queries.ledgers import Row, Wanted


@dataclass(frozen=True, slots=True)
class Asked:
    """What rows are read for. ``minors``: all that is known of under-14s; ``at`` is now, as moments are stored.

    ``no``: who is left out for having said no to being kept; asked anew where that is None.
    """

    wanted: "Wanted"
    at: str
    minors: bool = False
    since: date | None = None
    until: date | None = None
    """Of rows that have a day, only those between, both ends in it."""
    no: Declined | None = None


DATED = {
    "visits": "day", "issues": "reported_at", "disputes": "day", "needs": "raised_on", "requests": "requested_on",
    "volunteering": "day", "shifts": "day", "trainings": "start_on",
}  # fmt: skip
"""Ledgers whose rows have a day, and the column it is in; the others say how things are."""


def ledger_rows(connection: "Connection", ledger: str, asked: Asked) -> "list[Row]":
    """The rows of a ledger, in the order it has them in. Raises Problem for a period of one that has no days."""
    check_period(ledger, asked)
    no = declined(connection, asked.wanted.today) if asked.no is None else asked.no
    found = without_declined(ledger, _READERS[ledger](connection, asked), no)
    if asked.since is None and asked.until is None:
        return found
    return [row for row in found if is_between(row[DATED[ledger]], asked)]


def check_period(ledger: str, asked: Asked) -> None:
    """Raise Problem for a period of a ledger that has no days."""
    if ledger not in DATED and (asked.since or asked.until):
        raise Problem("This ledger says how things are; it has no period.")


def is_between(at: "Value", asked: Asked) -> bool:
    """Whether a day, or the day of a moment, is in the period asked for."""
    told = str(at or "")
    day = local_day(told).isoformat() if "T" in told else told
    return (asked.since or date.min).isoformat() <= day <= (asked.until or date.max).isoformat()


# ------------------------------------------------------------------------------------------------- people and doors


def _residents(connection: "Connection", asked: Asked) -> "list[Row]":
    cares: dict[Value, list[str]] = {}
    found = rows.residents(connection, asked.wanted)
    for care in rows.cares(connection, asked.wanted.today, (_id(row["id"]) for row in found)):
        cares.setdefault(care["resident_id"], []).append(_care(care))
    for row in found:
        words = dict.fromkeys([*str(row["tags"] or "").split(), *cares.get(row["id"], ())])
        row["tags"] = "、".join(words)
        row["lives_here"] = 0 if row["lives_here"] == 0 else 1
        if not asked.minors and _of_child(row, asked):
            _leave_out_child(row)
        elif not row["born"]:
            row["born"] = row["born_year"]
    return sorted(found, key=lambda row: (*_by_door(row), int(str(row["household"])), bool(row["other"])))


def _id(value: object) -> int:
    return value if isinstance(value, int) else 0


def _leave_out_child(row: "Row") -> None:
    """Of an under-14 only relation and year of birth (domain.md 7.2)."""
    year = str(row["born"] or row["born_year"] or "")[:4]
    row.update(dict.fromkeys(("sex", "phones", "tags", "note", "id_number", "id_last4", "lives_here", "status")))
    row.update({"name": str(COVERED), "born": int(year) if year.isdigit() else None})


def _households(connection: "Connection", asked: Asked) -> "list[Row]":
    members = {_id(row["id"]): row["household"] for row in rows.residents(connection, asked.wanted)}
    found = rows.households(connection, asked.wanted)
    cadences: dict[Value, list[str]] = {}
    for care in rows.cares(connection, asked.wanted.today, members, (_id(row["id"]) for row in found)):
        home = care["household_id"] or members.get(_id(care["resident_id"]))
        cadences.setdefault(home, []).append(str(care["cadence"] or MONTHLY))
    for row in found:
        usual = TENANT if row["usage"] == RENTED else USUAL
        own = [*cadences.get(row["id"], ()), str(row["visit_policy"])]
        codes = [code for code in own if code in POLICIES] or [usual]
        row["cadence"] = str(min((POLICIES[code] for code in codes), key=lambda policy: policy.interval_days).word)
    if asked.wanted.households is not None:  # in the order they were chosen in
        places = {household: place for place, household in enumerate(asked.wanted.households)}
        return sorted(_heads(found, asked), key=lambda row: places[int(str(row["id"]))])
    return sorted(_heads(found, asked), key=_by_door)


def _heads(found: "Iterable[Row]", asked: Asked) -> "Iterator[Row]":
    """Without the names of heads who are under 14."""
    for row in found:
        if not asked.minors and _of_child(row, asked):
            row["head"] = str(COVERED)
        yield row


def _of_child(row: "Mapping[str, Value]", asked: Asked) -> bool:
    born, year = row["born"], row["born_year"]
    return is_child(asked.wanted.today, str(born) if born else None, year if isinstance(year, int) else None)


def _by_door(row: "Mapping[str, Value]") -> tuple[object, ...]:
    texts = (row[name] for name in ("grid", "estate", "building", "unit", "room"))
    return tuple(natural_key(str(text) if text is not None else None) for text in texts)


def _door(row: "Mapping[str, Value]") -> str:
    texts = [str(row[name] or "") for name in ("estate", "building", "unit", "room")]
    label = door_label(*texts[1:]) if texts[1] else ""
    return " ".join(filter(None, (texts[0], label)))


def _care(care: "Mapping[str, Value]") -> str:
    arrangement = care["living_arrangement"]
    return str(care_label(str(care["care_group"]), str(arrangement) if arrangement else None))


# ------------------------------------------------------------------------------------------------------ visits, shops


def _visits(connection: "Connection", asked: Asked) -> "list[Row]":
    found = rows.visits(connection, asked.wanted)
    for row in found:
        start, end = str(row["started_at"] or ""), str(row["ended_at"] or "")
        row["day"] = local_day(start).isoformat() if start else None
        row["start"], row["end"] = (f"{local(at):%H:%M}" if at else None for at in (start, end))
        row["door"] = _door(row)
    return sorted(_heads(found, asked), key=lambda row: (str(row["started_at"]), int(str(row["id"]))))


def _needs(connection: "Connection", asked: Asked) -> "list[Row]":
    found, today = rows.needs(connection, asked.wanted), asked.wanted.today
    raisers: dict[tuple[Value, Value], set[Value]] = {}
    for row in found:
        raisers.setdefault((row["title"], row["need_kind"]), set()).add(row["household"])
    for row in found:
        row["homes"] = len(raisers[row["title"], row["need_kind"]] - {None})
        raised = date.fromisoformat(str(row["raised_on"])) if row["raised_on"] else today
        people, homes = int(str(row["people_affected"] or 1)), int(str(row["homes"]))
        wait = max((today - raised).days // DAYS_A_MONTH, 0)
        row["score"] = f"{need_score(str(row['urgency'] or ''), people, homes, wait, cared=bool(row['cared'])):g}"
    return found


def _posts(connection: "Connection", asked: Asked) -> "list[Row]":
    found = rows.register(connection, "post_assignment", asked.wanted)
    for row in found:
        row["area"] = _door({**row, "unit": None, "room": None}) or row["grid"]
    return found


def _shops(connection: "Connection", asked: Asked) -> "list[Row]":
    found = rows.shops(connection, asked.wanted)
    for row in found:
        row["place"] = row["address"] or _door(row)
    return sorted(found, key=lambda row: (*_by_door(row), str(row["name"])))


# --------------------------------------------------------------------------------------------------- issues, disputes


def _issues(connection: "Connection", asked: Asked) -> "list[Row]":
    found = rows.issues(connection, asked.wanted)
    steps = rows.steps(connection, [int(str(row["id"])) for row in found])
    for row in found:
        _tell_issue(row, steps.get(int(str(row["id"])), []), asked)
    return sorted(found, key=lambda row: (str(row["reported_at"]), int(str(row["id"]))))


def _tell_issue(row: "Row", steps: "Sequence[Row]", asked: Asked) -> None:
    status = fold(step_of(int(str(step["id"])), step) for step in steps)
    first = next((step for step in steps if step["action"] in FIRST_ACTIONS), None)
    reported = moment(str(row["reported_at"]))
    done = moment(status.first_action_at) if status.first_action_at else None
    deadline = first_action(str(row["track"] or ""), reported, done, on_site=bool(row["on_site"]))
    _tell_place(row)
    row.update({
        "told": row["summary"] or row["title"],
        "first_at": status.first_action_at,
        "first_what": (first["note"] or ACTION.label(str(first["action"]))) if first else None,
        "accepted_at": next((step["at"] for step in steps if step["action"] == "accept"), None),
        "due_at": written(deadline.due),
        "late": int(deadline.left(moment(asked.at)).total_seconds() < 0),
        "result": _last(steps, "result"),
        "solve_method": _last(steps, "solve_method"),
        "closed_at": status.closed_at,
        "returned_on": local_day(status.returned_at[-1]).isoformat() if status.returned_at else None,
        "satisfaction": status.satisfaction,
        "state": str(status.state.label),
        "remark": _remark(steps),
    })  # fmt: skip


_SAID_BY = frozenset({"note", "suspend", "reject", "reopen", "return_visit", "close"})


def _remark(steps: "Sequence[Row]") -> str:
    """Remarks, and what was noted when it waited, was opened again, called back on or closed; the rest has columns."""
    noted = (str(step["note"]) for step in steps if step["action"] in _SAID_BY and step["note"])
    return "\n".join(dict.fromkeys(noted))


def _last(steps: "Sequence[Row]", field: str) -> "Value":
    """What the last step that says something of it says."""
    return next((step[field] for step in reversed(steps) if step[field]), None)


def _disputes(connection: "Connection", asked: Asked) -> "list[Row]":
    found = rows.issues(connection, asked.wanted)
    ids = [int(str(row["id"])) for row in found]
    steps, parties = rows.steps(connection, ids), rows.parties(connection, ids)
    for row in found:
        _tell_place(row)
        _tell_dispute(row, steps.get(int(str(row["id"])), []), parties.get(int(str(row["id"])), []))
    return sorted(found, key=lambda row: (str(row["reported_at"]), int(str(row["id"]))))


def _tell_dispute(row: "Row", steps: "Sequence[Row]", parties: "Sequence[Row]") -> None:
    mediators = [str(party["display_name"]) for party in parties if party["role"] == "mediator"]
    mediators = mediators or list(
        dict.fromkeys(str(s["actor"]) for s in steps if s["action"] == "handle" and s["actor"])
    )
    resolved = [step for step in steps if step["action"] == "resolve"]
    row.update({
        "day": local_day(str(row["reported_at"])).isoformat(),
        "parties": "、".join(_other_name(party) for party in parties if party["role"] not in {"mediator", "witness"}),
        "told": row["summary"] or row["title"],
        "mediators": "、".join(mediators),
        "steps": "\n".join(str(step["note"]) for step in steps if step["action"] == "handle" and step["note"]),
        "result": _last(steps, "result"),
        "agreed": resolved[-1]["note"] if resolved else None,
    })  # fmt: skip
    back = [step for step in steps if step["action"] == "return_visit"]
    for number in range(3):
        row[f"back_{number + 1}"] = _return_visit(back[number]) if number < len(back) else None


def _other_name(party: "Mapping[str, Value]") -> str:
    """What a party is called in a report: a resident's own name is covered, another name stands as it was given."""
    name = str(party["display_name"] or "")
    return mask_name(name) if party["resident_id"] else name


def _return_visit(step: "Mapping[str, Value]") -> str:
    answer = SATISFACTION.label(str(step["satisfaction"])) if step["satisfaction"] else ""
    return " ".join(filter(None, (local_day(str(step["at"])).isoformat(), answer)))


def _tell_place(row: "Row") -> None:
    """Where it is: what was said, else the door, else the building. In a report no further than the building."""
    building = {**row, "unit": None, "room": None, "estate": row["estate"] or row["other_estate"],
                "building": row["building"] or row["other_building"]}  # fmt: skip
    row["place"] = row["place_text"] or _door(building)


def _register(kind: str, connection: "Connection", asked: Asked) -> "list[Row]":
    return rows.register(connection, kind, asked.wanted)


_READERS: "Mapping[str, Callable[[Connection, Asked], list[Row]]]" = MappingProxyType({
    "residents": _residents, "households": _households, "visits": _visits, "issues": _issues, "disputes": _disputes,
    "needs": _needs, "shops": _shops, "posts": _posts, **{
        name: partial(_register, kind)
        for name, kind in (("requests", "service_request"), ("volunteering", "volunteer_service"),
                           ("shifts", "duty_shift"), ("trainings", "training_record"), ("disclosures", "disclosure"))
    },
})  # fmt: skip
