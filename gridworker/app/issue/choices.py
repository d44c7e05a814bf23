"""What the forms of issues offer: code lists in words, places by what is typed, limits, a word of warning."""

from datetime import date, timedelta

from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.issue.views import Choice, PlaceView, ReportChoices
from gridworker.app.session import Session
from gridworker.app.words import days
from gridworker.app.words.wording import remarks
from gridworker.domain.address import building_label, door_label
from gridworker.domain.codes_dispute import SUBCATEGORY, subcategories
from gridworker.domain.codes_issue import (
    CATEGORY,
    RESULT,
    RETURN_METHOD,
    SOLVE_METHOD,
    SOURCE_CHANNEL,
    TRACK_OF,
    WORDED,
    severity_word,
)
from gridworker.domain.codes_visit import SATISFACTION
from gridworker.domain.deadline import ON_SITE, first_action_limit
from gridworker.domain.masking import share_name
from gridworker.record import CodeList
from gridworker.store.queries import issues as rows

_SOURCES = ("resident", "hotline", "wechat", "sms", "superior", "department", "manual")
_SOON = (1, 2, 3, 7)


class IssueChoices(Service):
    """The choices, in the current language."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @staticmethod
    @free("code lists")
    def report() -> ReportChoices:
        """Categories, severities, ways it came in."""
        return ReportChoices(
            categories=_choices(CATEGORY),
            severities=tuple(Choice(code, str(severity_word(code))) for code in WORDED),
            sources=tuple(Choice(code, SOURCE_CHANNEL.label(code)) for code in _SOURCES),
        )

    @staticmethod
    @free("code lists")
    def subcategories(category: str, *, every: bool = False) -> tuple[Choice, ...]:
        """What exactly it is; of disputes the everyday ones unless ``every``."""
        return tuple(Choice(code, SUBCATEGORY.label(code)) for code in subcategories(category, every=every))

    @staticmethod
    @free("a rule")
    def limit(category: str, *, on_site: bool = False) -> str:
        """``Target 30 min``: how long the first response may take."""
        return days.limit(int(first_action_limit(TRACK_OF.get(category), on_site=on_site).total_seconds()))

    @staticmethod
    @free("a rule")
    def is_shorter_on_site(category: str) -> bool:
        """Whether being there when it happens makes the limit shorter."""
        return TRACK_OF.get(category) in ON_SITE

    @staticmethod
    @free("a rule about what was typed")
    def remarks(text: str) -> tuple[str, ...]:
        """What does not belong in free text; it warns and stops nobody."""
        return remarks(text)

    @staticmethod
    @free("code lists")
    def methods() -> tuple[Choice, ...]:
        """Ways to make a return visit."""
        return _choices(RETURN_METHOD)

    @staticmethod
    @free("code lists")
    def results() -> tuple[Choice, ...]:
        """How an issue may end."""
        return _choices(RESULT)

    @staticmethod
    @free("code lists")
    def solve_methods() -> tuple[Choice, ...]:
        """Ways an issue may be solved."""
        return _choices(SOLVE_METHOD)

    @staticmethod
    @free("code lists")
    def answers() -> tuple[Choice, ...]:
        """What a resident may answer on a return visit."""
        return _choices(SATISFACTION)

    @free("the calendar")
    def coming_days(self) -> tuple[Choice, ...]:
        """Days to agree on: tomorrow, the day after, in three days, in a week."""
        today = self._session.today()
        return tuple(self.day(today + timedelta(days=step)) for step in _SOON)

    @staticmethod
    @free("the calendar")
    def day(day: date) -> Choice:
        """A day with its weekday."""
        return Choice(day.isoformat(), days.full_day(day))

    @needs(Action.READ, Matter.PEOPLE)
    def places(self, text: str, *, limit: int = 6, sharing: bool = False) -> tuple[PlaceView, ...]:
        """Households and buildings that a typed text may mean: a name, pinyin, a door."""
        from gridworker.store.search import search

        with self._session.store.db.read() as connection:
            hits = search.find(connection, text, limit=limit * 2, shows=search.by_no_number) if text.strip() else []
        found: dict[tuple[int | None, int | None], PlaceView] = {}
        for hit in hits:
            household, building = hit.household_id, hit.id if hit.kind == "building" else None
            if household is not None or building is not None:
                name = hit.caption if hit.kind == "resident" else hit.place.head
                shown = share_name(name) if name and sharing else name
                place = PlaceView(hit.place.door or hit.caption, shown, household, building)
                found.setdefault((household, building), place)
        return tuple(found.values())[:limit]

    @needs(Action.READ, Matter.PEOPLE)
    def place(self, household: int, *, sharing: bool = False) -> PlaceView | None:
        """Where a household lives, or None where it is not here."""
        with self._session.store.db.read() as connection:
            home = rows.home(connection, household)
        if home is None:
            return None
        building, unit, room, head = home
        shown = share_name(head) if head and sharing else head
        return PlaceView(door_label(building or "", unit, room), shown or "", household)

    @needs(Action.READ, Matter.PLACES)
    def door(self, dwelling: int) -> PlaceView | None:
        """A door nobody is behind, or None where it is not here: its building, with the door in words."""
        with self._session.store.db.read() as connection:
            found = rows.door(connection, dwelling)
        if found is None:
            return None
        building, name, unit, room = found
        return PlaceView(building_label(name or ""), building=building, words=door_label("", unit, room))

    @needs(Action.READ, Matter.AREAS)
    def grids(self) -> tuple[tuple[int, str], ...]:
        """The grids to choose from; none where there is only one."""
        own = set(self._session.grids())
        with self._session.store.db.read() as connection:
            named = [grid for grid in rows.grids(connection) if grid[0] in own]
        return tuple(named) if len(named) > 1 else ()


def _choices(codes: CodeList) -> tuple[Choice, ...]:
    return tuple(Choice(code, codes.label(code)) for code in codes.offered)
