"""What a history says of the office's verdicts: one line for each, and a word on what was not accepted."""

from dataclasses import replace
from typing import TYPE_CHECKING

from gridworker.app.household.view import MomentView
from gridworker.store.log.verdicts import Ruling
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.history import Event


def verdict_moment(event: "Event", right: str) -> MomentView:
    """The line for a verdict itself, with what the office wrote beside it."""
    titles = {
        Ruling.REFUSED: gettext("The office did not accept a change"),
        Ruling.WAITING: gettext("A change was set aside: it waits for the office's word"),
    }
    accepted = gettext("The office accepted a change")
    title = titles.get(event.ruling, accepted) if event.ruling is not None else accepted
    return MomentView(("verdict", event.clk, ""), "change", "change", title, right, event.note)


def marked(view: MomentView, event: "Event") -> MomentView:
    """A line of an op, saying so where the office did not accept it."""
    if event.waits:
        return replace(view, title=gettext("{title} (set aside)").format(title=view.title))
    if not event.refused:
        return view
    return replace(view, title=gettext("{title} (not accepted by the office)").format(title=view.title))
