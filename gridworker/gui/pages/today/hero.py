"""The strong panel of Today: who is next, or that nothing is left."""

from typing import TYPE_CHECKING

from gridworker.gui.pages.today.looks import hero_chips
from gridworker.gui.widgets.avatar import AvatarSpec
from gridworker.gui.widgets.hero import HeroPanel
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.due.today_view import TodayRow, TodayView


class TodayHero(HeroPanel):
    """``household`` is whom its button starts with; None where there is nobody to start with."""

    def __init__(self) -> None:
        super().__init__()
        self.household: int | None = None

    def show_view(self, view: "TodayView", *, may_visit: bool) -> None:
        """The next visit; where none is due, that all is done, and the first one of the days ahead."""
        if view.hero is not None:
            self._show_row(view)
            action = gettext("Resume") if view.hero.row.draft else gettext("Start visit")
        else:
            self._show_rest(view)
            action = gettext("Visit early")
        self.show_action(action if may_visit and self.household is not None else "", "N")

    def _show_row(self, view: "TodayView") -> None:
        if view.hero is None:
            return
        row = view.hero.row
        self.household = row.household
        door = row.door if row.door != row.name else ""  # who has no name yet is called by the door
        about = gettext("{one}·{two}").format(one=row.about, two=door) if row.about and door else row.about or door
        self.show_next(gettext("Next up"), row.name, about, view.hero.note, hero_chips(view.hero))

    def _show_rest(self, view: "TodayView") -> None:
        ahead = first_ahead(view)
        self.household = ahead.household if ahead else None
        if view.state == "done":
            count = view.visited_today
            note = ngettext("{count} household visited.", "{count} households visited.", count).format(count=count)
            self.show_next("", gettext("All done for today"), "", note)
            self.show_avatar(AvatarSpec(icon="check", tone="hero"))
            return
        note = ""
        if view.tomorrow:
            note = ngettext(
                "Tomorrow there is {count}: you can have a look ahead.",
                "Tomorrow there are {count}: you can have a look ahead.",
                view.tomorrow,
            ).format(count=view.tomorrow)
        self.show_next("", gettext("No visits for today"), "", note)
        self.show_avatar(AvatarSpec(icon="sun-horizon", tone="hero"))


def first_ahead(view: "TodayView") -> "TodayRow | None":
    """The first household of the days ahead."""
    return next((row for part in view.sections if part.code == "early" for row in part.rows), None)
