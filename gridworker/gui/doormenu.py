"""What the menu of a door offers: the same as the panel beside the doors, and the files of all who live behind it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gridworker.gui.rowmenu import Entry
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.building.view import DoorView
    from gridworker.app.session import Session


class DoorActs(NamedTuple):
    """What a page does at the chosen door; ``shop`` and ``household`` open the record they are given."""

    visit: Callable[[], object]
    file: Callable[[], object]
    settle: Callable[[], object]
    mark: Callable[[], object]
    issue: Callable[[], object]
    shop: Callable[[int], object]
    household: Callable[[int], object]


def entries_of(door: "DoorView", session: "Session", acts: DoorActs) -> Iterator[Entry]:
    """The lines of the menu, as far as this person may do what they say."""
    if door.shop is not None:
        yield Entry(gettext("Open the file"), "Enter", partial(acts.shop, door.shop))
    elif door.household is not None:
        yield from _of_a_home(door, session, acts)
    else:
        yield from _of_an_empty_door(door, session, acts)
    if session.knows("CREATE ISSUES"):
        yield Entry(gettext("Report issue"), "E", acts.issue)


def _of_a_home(door: "DoorView", session: "Session", acts: DoorActs) -> Iterator[Entry]:
    if session.can("CREATE VISITS"):
        yield Entry(gettext("Start visit"), "Enter", acts.visit)
    yield Entry(gettext("Open the file"), "O", acts.file)
    for household, name in door.others:
        words = gettext("{name}: {field}").format(name=name, field=gettext("Open the file"))
        yield Entry(words, "", partial(acts.household, household))


def _of_an_empty_door(door: "DoorView", session: "Session", acts: DoorActs) -> Iterator[Entry]:
    if session.can("CREATE PEOPLE"):
        yield Entry(gettext("Open a file"), "Enter", acts.settle)
    if session.can("CHANGE PLACES"):
        mark = gettext("Not vacant") if door.state == "vacant" else gettext("Nobody lives here")
        yield Entry(mark, "K", acts.mark)
