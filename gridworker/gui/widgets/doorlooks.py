"""How the doors of a building look under each colouring: by last visit, care, the office's task, open issues."""

from typing import TYPE_CHECKING, Literal, TypeAlias

from gridworker.app.building.task import task_words
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.doors import Door, DoorState, House, Shop, Unit
from gridworker.gui.widgets.legend import Swatch
from gridworker.gui.widgets.signs import care_icon
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.building.view import BuildingView, DoorView

Colouring: TypeAlias = Literal["visits", "care", "task", "issues"]

_DONE = {"": "neu-soft", "todo": "due-soft", "done": "ok-soft"}


def swatches(colouring: Colouring) -> list[Swatch]:
    """What the colours mean."""
    over, flag = Swatch("over", gettext("Overdue")), Swatch("flag", gettext("Open issue"))
    if colouring == "care":
        return [Swatch("care-soft", gettext("In care")), Swatch("r1", gettext("Not in care")), flag]
    if colouring == "task":
        steps = [Swatch(_DONE["todo"], gettext("To do")), Swatch(_DONE["done"], gettext("Seen to"))]
        return [*steps, Swatch(_DONE[""], gettext("Not needed")), flag]
    if colouring == "issues":
        return [Swatch("due-soft", gettext("Open issue")), Swatch("r1", gettext("Nothing open"))]
    fresh = [
        Swatch("r3", gettext("Within {days} days").format(days=7)),
        Swatch("r2", gettext("Within {days} days").format(days=30)),
        Swatch("r1", gettext("Earlier")),
    ]
    return [*fresh, over, flag]


def house_of(view: "BuildingView", colouring: Colouring) -> House:
    """The building for the matrix."""
    return House(
        tuple(Unit(unit.title, unit.aside, unit.columns) for unit in view.units),
        view.floors,
        {place: _door(door, colouring) for place, door in view.doors.items()},
        tuple(Shop(shop.id, shop.name, shop.vacant, shop.words) for shop in view.shops),
        gettext("Shopfronts"),
    )


def _door(door: "DoorView", colouring: Colouring) -> Door:
    if door.shop is not None:
        icon = (("storefront", "info-ink"),)
        return Door(door.dwelling, door.room, door.name, icons=icon, state="shop", accessible=door.words)
    by_task = colouring == "task"
    icons = tuple(dict.fromkeys((care_icon(sign.group), "care-ink") for sign in door.cares))
    return Door(
        key=door.dwelling,
        number=door.room,
        name=door.name,
        people=door.people,
        note=task_words(door.task) if by_task else door.note,
        brief="" if by_task else door.brief,
        fill=_fill(door, colouring),
        icons=icons[:2],
        chip=ChipSpec(door.due_today, "due") if door.due_today and not by_task else None,
        flag=bool(door.issues),
        overdue=door.overdue and colouring == "visits",
        state=_state(door),
        draft=door.draft,
        accessible=door.words,
    )


def _fill(door: "DoorView", colouring: Colouring) -> str:
    if colouring == "care":
        return "care-soft" if door.cares else "r1"
    if colouring == "issues":
        return "due-soft" if door.issues else "r1"
    if colouring == "task":
        return _DONE[door.task]
    return door.recency


def _state(door: "DoorView") -> DoorState:
    states: dict[str, DoorState] = {
        "vacant": "vacant", "unknown": "unknown", "refused": "refused", "shop": "shop",
    }  # fmt: skip
    return states.get(door.state, "home")
