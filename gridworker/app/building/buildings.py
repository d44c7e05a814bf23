"""Buildings as a person walks them: tabs with what is overdue, and the doors of one building."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gridworker.app.blocks import blocks
from gridworker.app.building.shops import ShopView, shop_views
from gridworker.app.building.task import Task, task_of, task_words
from gridworker.app.building.view import BuildingTab, BuildingView, DoorView, UnitView
from gridworker.app.drafts import Drafts
from gridworker.app.due.outlook import FRESH, RECENT, Outlook, outlook, people_words, recency
from gridworker.app.entry.numbers import number_for
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.session import Session
from gridworker.app.today.due_book import DueBook
from gridworker.app.today.round import overdue_homes
from gridworker.app.today.today import VISIT
from gridworker.app.words import days
from gridworker.domain.address import building_label, door_label, floor_of, level_below, natural_key
from gridworker.errors import NotFound
from gridworker.store.queries import doors as rows
from gridworker.store.queries import news
from gridworker.store.queries.requests import requests_of
from gridworker.store.queries.shops import shops as shops_of
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.building.change import BuildingChange
    from gridworker.app.building.plan import BuildingPlan
    from gridworker.store.engine.database import Connection

__all__ = ["FRESH", "RECENT", "Buildings"]

_GROUND = "1"
_A_YEAR = timedelta(days=330)
"""Nearly one: a day this far ahead is told with its year."""


class Buildings(Service):
    """Reading buildings, and adding one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._late: tuple[tuple[int, date], Mapping[int, int]] | None = None

    @property
    @needs(Action.READ, Matter.PLACES)
    def plan(self) -> "BuildingPlan":
        """Adding a building by generating its doors."""
        from gridworker.app.building.plan import BuildingPlan

        return BuildingPlan(self._session)

    @property
    @needs(Action.READ, Matter.PLACES)
    def change(self) -> "BuildingChange":
        """Changing a building and its doors later."""
        from gridworker.app.building.change import BuildingChange

        return BuildingChange(self._session)

    @needs(Action.READ, Matter.PLACES)
    def tabs(self, *, counted: bool = True) -> tuple[BuildingTab, ...]:
        """All buildings in order, with how many households are overdue in each.

        Without ``counted`` they are there at once, with what was counted last: for who counts them next.
        """
        with self._session.store.db.read() as connection:
            found = blocks(connection)
            late = self._overdue(connection) if found and counted else self._late[1] if self._late else {}
        return tuple(BuildingTab(id_, label, late.get(id_, 0)) for id_, label in found)

    def _overdue(self, connection: "Connection") -> Mapping[int, int]:
        """How many households are overdue, by building; counted once until the journal brings something, or a day."""
        asked = news.newest(connection), self._session.today()
        if self._late is None or self._late[0] != asked:
            asks = self._session.shared(DueBook).asks(connection)
            self._late = asked, rows.homes_by_building(connection, overdue_homes(connection, asks, asked[1]))
        return self._late[1]

    @needs(Action.READ, Matter.PEOPLE)
    def view(self, building: int, *, sharing: bool = False) -> BuildingView:
        """One building with its doors. Raises NotFound."""
        today = self._session.today()
        begun = {int(draft.name.removeprefix(VISIT)) for draft in Drafts(self._session).all(VISIT)}
        with self._session.store.db.read() as connection:
            row = rows.building(connection, building)
            if row is None:
                raise NotFound("This building is no longer here.")
            found = rows.doors(connection, building, today)
            known = outlook(connection, {door.household for door in found if door.household}, today, sharing=sharing)
            shops = shop_views(shops_of(connection, building), today, sharing=sharing)
            told = not sharing and self._session.knows("READ ISSUES")
            task = task_of(requests_of(connection, building)) if told else Task()
        return _Plan(row, found, known, begun, task).view(shops)

    @needs(Action.READ, Matter.PLACES)
    def find(self, wanted: object) -> tuple[int | None, int | None]:
        """Building and dwelling of a household's id, ``("dwelling", id)`` or ``("building", id)``, as far as known."""
        match wanted:
            case ("building", int(building)):
                return building, None
            case ("dwelling", int(dwelling)):
                return self._reference("dwelling", dwelling, "building_id"), dwelling
            case int(household):
                home = self._reference("household", household, "dwelling_id")
                return (None, None) if home is None else (self._reference("dwelling", home, "building_id"), home)
            case _:
                return None, None

    def _reference(self, kind: str, record: int, field: str) -> int | None:
        values = self._session.store.get(kind, record) or {}
        found = values.get(field)
        return found if isinstance(found, int) else None

    @needs(Action.CREATE, Matter.PEOPLE)
    def settle(self, dwelling: int) -> tuple[int, int]:
        """Open a file for whoever lives behind a door, which is vacant no more. Returns its id and the act for undo."""
        household = self._session.new_id()
        number = number_for(self._session, "household")
        values = kind_named("household").checked({"dwelling_id": dwelling, "status": "active", "household_no": number})
        changes = [Change("household", household, values, create=True)]
        if (self._session.store.get("dwelling", dwelling) or {}).get("vacancy") != "occupied":
            changes.append(Change("dwelling", dwelling, {"vacancy": "occupied"}))
        commit = self._session.write(changes, "create")
        return household, commit.batch


class _Plan:
    """Puts the doors of a building where they are."""

    def __init__(
        self, row: rows.BuildingRow, found: Sequence[rows.DoorRow], known: Outlook, begun: set[int], task: Task
    ) -> None:
        self._row, self._known, self._begun, self._task = row, known, begun, task
        self._doors: dict[int, list[rows.DoorRow]] = {}
        for door in _on_their_floors(found):
            self._doors.setdefault(door.dwelling, []).append(door)

    def view(self, shops: Sequence[ShopView] = ()) -> BuildingView:
        """The building in words. A shop's door at street level stands in the row of shops, unless somebody lives there.

        Doors are counted once and not searched again: a tower of 40 units has thousands.
        """
        street = [shop for shop in shops if shop.dwelling is None or self._at_street(shop.dwelling)]
        beside = {shop.dwelling for shop in street if not self._lived_in(shop.dwelling)}
        above = {shop.dwelling: shop for shop in shops if shop not in street}
        first = [several[0] for dwelling, several in self._doors.items() if dwelling not in beside]
        floors = {floor: at for at, floor in enumerate(sorted(set(map(_floor, first)), key=_height, reverse=True))}
        names = {name: at for at, name in enumerate(sorted({door.unit or "" for door in first}, key=natural_key))}
        placed: dict[tuple[int, int, int], DoorView] = {}
        columns: list[int] = []
        for name, unit in names.items():
            places = _side_by_side([door for door in first if (door.unit or "") == name])
            columns.append(max((at + 1 for _, at in places), default=1))
            for (floor, at), door in places.items():
                placed[floors[floor], unit, at] = self._door(self._doors[door.dwelling], above.get(door.dwelling))
        title = " ".join(filter(None, (self._row.estate, building_label(self._row.name or ""))))
        return BuildingView(
            self._row.id,
            title,
            self._aside({shop.dwelling for shop in shops if not shop.vacant}),
            tuple(
                UnitView(_unit(name), count, "" if number else self._head())
                for number, (name, count) in enumerate(zip(names, columns, strict=True))
            ),
            tuple(floors),
            placed,
            tuple(street),
            tuple(shops),
            recorded=bool(self._known.houses),
            task=self._task.name,
        )

    def _head(self) -> str:
        """Who is the head of the building, where somebody is."""
        name = self._known.called(self._row.head or "")
        return gettext("Building head {name}").format(name=name) if name else ""

    def _at_street(self, dwelling: int) -> bool:
        several = self._doors.get(dwelling)
        return several is None or _height(_floor(several[0])) <= (0, 1, "")

    def _lived_in(self, dwelling: int | None) -> bool:
        return any(one.household in self._known.houses for one in self._doors.get(dwelling or 0, ()))

    def _aside(self, at_work: Set[int | None]) -> str:
        """The building in numbers; ``at_work``: doors of shops that do business, of whom no household is expected."""
        homes = len(self._known.houses)
        vacant = sum(_is_vacant(several[0]) for several in self._doors.values())
        unknown = sum(
            not (self._lived_in(dwelling) or _is_vacant(several[0]) or dwelling in at_work)
            for dwelling, several in self._doors.items()
        )
        fresh = sum(self._days(household) <= RECENT for household in self._known.houses)
        late = sum(bool(self._known.overdue(household)) for household in self._known.houses)
        told = gettext(
            "Households: {homes}, vacant: {vacant}, not recorded: {unknown}. "
            "Visited within {days} days: {visited}, overdue: {late}"
        )
        if not unknown:  # nothing to do about it, and the line is short
            told = gettext(
                "Households: {homes}, vacant: {vacant}. Visited within {days} days: {visited}, overdue: {late}"
            )
        return told.format(homes=homes, vacant=vacant, unknown=unknown, days=RECENT, visited=fresh, late=late)

    def _days(self, household: int) -> int:
        last = self._known.last(household)
        return (self._known.today - last).days if last else RECENT + 1

    def _door(self, several: Sequence[rows.DoorRow], shop: ShopView | None) -> DoorView:
        door = several[0]
        homes = [one for one in several if one.household is not None and one.household in self._known.houses]
        if not homes and shop is not None and not shop.vacant:
            words = gettext(", ").join((self._called(door), shop.name, gettext("Shop")))
            return DoorView(door.dwelling, door.room or "", "shop", name=shop.name, words=words, shop=shop.id)
        if not homes:
            state = "vacant" if _is_vacant(door) else "unknown"
            word = gettext("Vacant") if state == "vacant" else gettext("Not recorded")
            words = gettext(", ").join((self._called(door), word))
            return DoorView(door.dwelling, door.room or "", state, name=word, words=words, called=self._called(door))
        return self._home(homes)

    def _home(self, homes: Sequence[rows.DoorRow]) -> DoorView:
        """A door somebody lives behind. Of several households the one to call on first stands for all."""
        door, *beside = sorted(homes, key=self._pressing) if len(homes) > 1 else homes
        household = int(door.household or 0)
        ids = [int(one.household or 0) for one in homes]
        people = sum(one.people for one in homes)
        due = self._known.due(household)
        sign = self._known.overdue_sign(household)
        refused = door.wish == "not_wanted"
        last = self._known.last(household)
        note = days.ago(last, self._known.today)
        if refused:
            note = self._until(due.on) if due else gettext("No visits")
        elif due and sign and sign.kind == "overdue":  # a door is narrow: fewer letters than the sign has elsewhere
            note = gettext("Late {count} d").format(count=due.overdue(self._known.today))
        elif sign and sign.kind == "left":
            note = sign.text
        name = self._named(door)
        view = DoorView(
            dwelling=door.dwelling,
            room=door.room or "",
            state="refused" if refused else "home",
            household=household,
            name=f"{name} +{len(beside)}" if beside else name,
            people=gettext("{count} p.").format(count=people) if people else "",
            note=note,
            brief=self._brief(due.on) if refused and due else "",
            recency=recency(last, self._known.today),
            overdue=bool(sign and sign.kind == "overdue"),
            due_today=sign.text if sign and sign.kind == "due" else "",
            cares=tuple(dict.fromkeys(sign for id_ in ids for sign in self._known.cares_of(id_))),
            issues=sum(map(self._known.open_issues, ids)),
            draft=not self._begun.isdisjoint(ids),
            others=tuple((int(one.household or 0), self._named(one)) for one in beside),
            task=self._task.progress(ids),
        )
        overdue = sign.text if sign and view.overdue else ""
        return _spoken(view, self._called(door), people_words(people), overdue, self._task.name)

    def _until(self, day: date) -> str:
        """That nobody is to call before a day. A door is narrow: the year only where the day alone would mislead."""
        today = self._known.today
        return gettext("Not till {day}").format(day=days.short_day(day, today if day - today > _A_YEAR else None))

    def _brief(self, day: date) -> str:
        """That day alone, or its month where the day would need its year."""
        return f"{day:%Y-%m}" if day - self._known.today > _A_YEAR else days.short_day(day)

    def _named(self, door: rows.DoorRow) -> str:
        return self._known.name(int(door.household or 0)) or gettext("No name yet")

    def _pressing(self, door: rows.DoorRow) -> tuple[int, bool]:
        """What several households behind one door are sorted by: the longest overdue first, then who is due today."""
        household = int(door.household or 0)
        sign = self._known.overdue_sign(household)
        return -self._known.overdue(household), not (sign and sign.kind == "due")

    def _called(self, door: rows.DoorRow) -> str:
        return door_label(self._row.name or "", door.unit, door.room)


def _spoken(view: DoorView, door: str, people: str, overdue: str, task: str) -> DoorView:
    """The sentence a screen reader says of a door."""
    from dataclasses import replace

    issues = (
        ngettext("{count} open issue", "{count} open issues", view.issues).format(count=view.issues)
        if view.issues
        else ""
    )
    cares = [sign.text for sign in view.cares]
    draft = gettext("Draft") if view.draft else ""
    far = task_words(view.task)
    errand = gettext("{what}: {state}").format(what=task, state=far) if far else ""
    parts = (door, view.name, people, *cares, overdue or view.due_today or view.note, draft, issues, errand)
    return replace(view, words=gettext(", ").join(filter(None, parts)))


def _is_vacant(door: rows.DoorRow) -> bool:
    return door.household is None and (door.vacancy == "vacant" or door.usage == "unused")


def _on_their_floors(doors: Sequence[rows.DoorRow]) -> Iterator[rows.DoorRow]:
    """Cellars below the ground, where nobody wrote the floor down: B01, but not where a letter is a wing (A01, B01)."""
    wings = any((door.room or "")[:1].isalpha() and (door.room or "")[0] != "B" for door in doors)
    for door in doors:
        level = level_below(door.room or "") if door.floor is None else 0
        wing = wings and (door.room or "").startswith("B")
        yield door._replace(floor=-level) if level and not wing else door


def _floor(door: rows.DoorRow) -> str:
    """The floor as recorded, else as the room number tells."""
    return str(door.floor) if door.floor is not None else floor_of(door.room or "") or _GROUND


def _side_by_side(doors: Sequence[rows.DoorRow]) -> dict[tuple[str, int], rows.DoorRow]:
    """The doors of a unit by floor and place: 302 stands over 102 though nobody wrote down 301.

    Where the rooms are not numbered floor by floor, one after the other.
    """
    aligned = {(_floor(door), (door.room or "")[-2:]): door for door in doors}
    lanes = {lane: at for at, lane in enumerate(sorted({lane for _, lane in aligned}))}
    several = Counter(map(_floor, doors))
    told = (door for door in doors if not _floor(door).startswith("-"))
    regular = all(floor_of(door.room or "") == _floor(door) for door in told) and len(aligned) == len(doors)
    if regular and len(lanes) <= 2 * max(several.values(), default=0):
        return {(floor, lanes[lane]): door for (floor, lane), door in aligned.items()}
    beside = Counter[str]()
    found: dict[tuple[str, int], rows.DoorRow] = {}
    for door in sorted(doors, key=lambda door: natural_key(door.room)):
        found[_floor(door), beside[_floor(door)]] = door
        beside[_floor(door)] += 1
    return found


def _height(floor: str) -> tuple[int, int, str]:
    """What floors are sorted by: cellars below the ground, what has a name above all numbers."""
    number = floor.removeprefix("-")
    return (0, int(floor), "") if number.isascii() and number.isdigit() else (1, 0, floor)


def _unit(unit: str) -> str:
    return gettext("Unit {number}").format(number=unit) if unit else gettext("Doors")
