"""Duplicates at entry: who on the books may be the person just being typed, with the facts that speak for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.id_keeping import IdKeeping
from gridworker.app.session import Session
from gridworker.domain import likeness
from gridworker.domain.address import door_label
from gridworker.domain.identity import age_on, birth_of, clean_id_number
from gridworker.domain.likeness import Fact, Known
from gridworker.domain.masking import share_name
from gridworker.domain.names import clean_name
from gridworker.domain.phones import read_phones
from gridworker.errors import Problem
from gridworker.store.search import alike as search_alike
from gridworker.store.search.pinyin import readings, units
from gridworker.text import gettext

MOST = 4
"""So many are shown; more help nobody to decide."""


@dataclass(frozen=True, slots=True)
class AlikeView:
    """Somebody who may be meant. ``household`` is where to look; ``here``: they belong to the household at hand.

    ``by_number``: found by their ID number, which is put on record as in the search (``Search.noted``).
    """

    resident: int
    household: int | None
    name: str
    about: str
    facts: tuple[str, ...]
    here: bool = False
    gone: bool = False
    by_number: bool = False


class Alike(Service):
    """Asked while somebody types; it never stands in the way of saving."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.PEOPLE)
    def to(self, household: int, values: Mapping[str, object], *, sharing: bool = False) -> tuple[AlikeView, ...]:
        """Who may be the person of a half-filled form, the weightiest facts first."""
        name = _name(values.get("name"))
        number = _number(values.get("id_number"))
        if not name and not number:
            return ()
        with self._session.store.db.read() as connection:
            dwelling, building, estate = search_alike.door_of(connection, household)
            phones = read_phones(str(values.get("phones") or "")).valid
            rows = search_alike.alike(connection, name, number, phones=phones, building=building)
        asked = _typed(values, Known(name, sounds(name), id_number=number, household=household, dwelling=dwelling,
                                     building=building))  # fmt: skip
        hashed = IdKeeping.load(self._session.store).hashed(number) if number else ""
        found = [(likeness.facts(asked, _known(row, (hashed, number))), row) for row in rows]
        namesakes = sum(not likeness.NAMED.isdisjoint(facts) for facts, _ in found)
        found = [(facts, row) for facts, row in found if likeness.may_be_one(facts, namesakes)]
        found.sort(key=lambda one: (_weight(one[0]), one[1].resident))
        today = self._session.today()
        shown = [(facts, row if row.estate != estate else row._replace(estate=None)) for facts, row in found[:MOST]]
        return tuple(_view(facts, row, today, sharing=sharing) for facts, row in shown)


def sounds(name: str) -> tuple[tuple[str, ...], ...]:
    """The readings of each character; of one that has none, itself."""
    return tuple(ways or (unit.text,) for ways, unit in zip(readings(name), units(name), strict=True))


def _weight(facts: Sequence[Fact]) -> tuple[bool, bool, int, list[int]]:
    order = list(Fact)
    return Fact.ID_NUMBER not in facts, Fact.NEAR in facts, -len(facts), [order.index(fact) for fact in facts]


def _typed(values: Mapping[str, object], asked: Known) -> Known:
    from dataclasses import replace

    born, year = str(values.get("birth_date") or ""), values.get("birth_year")
    told = birth_of(asked.id_number) if asked.id_number else None
    return replace(
        asked,
        birth_date=born if _is_day(born) else told.isoformat() if told else "",
        birth_year=year if isinstance(year, int) else None,
        phones=frozenset(read_phones(str(values.get("phones") or "")).valid),
    )


def _known(row: search_alike.AlikeRow, typed: tuple[str, str]) -> Known:
    """Somebody in the books; ``typed`` is the number asked for with its hash, which stands for one not kept in full."""
    hashed, number = typed
    known = bool(hashed and row.id_hash)
    kept = row.id_number or (number if known and row.id_hash == hashed else "")
    end = "" if known and not kept else row.id_end or ""  # another number, whatever its end is
    return Known(
        row.name, sounds(row.name), row.birth_date or "", row.birth_year, frozenset((row.phones or "").split()),
        kept, end, row.household, row.dwelling, row.building,
    )  # fmt: skip


def _view(facts: Sequence[Fact], row: search_alike.AlikeRow, today: date, *, sharing: bool) -> AlikeView:
    """In words. The estate is told where the row has one: every estate has a 3栋."""
    age = age_on(today, row.birth_date, row.birth_year)
    years = gettext("{age} y").format(age=age) if age is not None and not sharing else ""
    door = door_label(row.building_name, row.unit, row.room) if row.building_name else ""
    state = {"moved_out": gettext("Moved out"), "deceased": gettext("Deceased")}.get(row.status or "", "")
    about = gettext(" · ").join(filter(None, (years, row.estate if door else "", door, state)))
    words = tuple(str(likeness.WORDS[fact]) for fact in facts)
    name = share_name(row.name) if sharing else row.name
    here, by_number = Fact.HOUSEHOLD in facts, Fact.ID_NUMBER in facts
    return AlikeView(row.resident, row.household, name, about, words, here, bool(state), by_number)


def _name(value: object) -> str:
    try:
        return clean_name(str(value or "")) if str(value or "").strip() else ""
    except Problem:
        return ""


def _number(value: object) -> str:
    try:
        return clean_id_number(str(value)) if value else ""
    except Problem:
        return ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
