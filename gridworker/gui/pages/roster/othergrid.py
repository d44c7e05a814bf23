"""The one question about a ledger whose people live in another grid than the one it was read for."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.gui.pages.roster.start import StartPanel
from gridworker.gui.pages.roster.words import of_people
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.roster.rosters import Seen


def ask_for_grid(
    preview: "Seen", start: StartPanel, show: Callable[[str, str, str], Strip], read: Callable[[Path], object]
) -> None:
    """Say of which grid it seems to be, once for the file, and offer to ``read`` it for that one."""
    people = of_people(preview)
    if people is None or not people.of_grid:
        return
    ids = [id_ for id_, name in start.grids() if name == people.of_grid]
    strip = show(
        gettext("By the books the people of this ledger live in {grid}. Is it a ledger of that grid?").format(
            grid=people.of_grid
        ),
        gettext("Imported as it is, they move to the grid that was chosen or stand there a second time."),
        gettext("Read it for {grid}").format(grid=people.of_grid) if len(ids) == 1 else "",
    )
    if len(ids) == 1:
        strip.pressed.connect(partial(_read_for, ids[0], start, partial(read, people.path)))


def _read_for(grid: int, start: StartPanel, read: Callable[[], object]) -> None:
    start.prefer(grid)
    read()
