"""The keys of who decides on the merge page."""

from functools import partial
from typing import TYPE_CHECKING

from gridworker.gui.pages.merge.deciding import KEYS
from gridworker.gui.shortcuts import bind
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.gui.pages.merge.page import MergePage


def bind_deciding(page: "MergePage") -> None:
    """Bind them; each does something only where what it is about is on screen."""
    words = (gettext("Keep the first side"), gettext("Keep the second side"))
    for side, key in enumerate(KEYS):
        bind(page, key, partial(page.keep, side), words[side] if side < len(words) else "")
    bind(page, "Space", page.keep_both, gettext("Keep both"))
    bind(page, "E", page.edit, gettext("Edit"))
    bind(page, "Return", page.settle, gettext("Settle, next"))
    bind(page, "S", page.later, gettext("Later"))
    bind(page, "Y", partial(page.rule, accept=True), gettext("Accept"))
    bind(page, "X", partial(page.rule, accept=False), gettext("Do not accept"))
