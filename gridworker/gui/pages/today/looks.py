"""How the plain values of Today look: rows, chips, tones."""

from collections.abc import Iterator

from gridworker.app.due.today_view import HeroView, SectionView, TodayRow, TodayView
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.avatar import AvatarSpec, first_character
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.rows import Item, Row, Section
from gridworker.gui.widgets.signs import chip_of
from gridworker.gui.widgets.weekstrip import WeekDay
from gridworker.text import gettext

_HERO_CHIPS = 3


def items_of(view: TodayView) -> list[Item]:
    """The list: every part under its line but the first, whose line stands above the list."""
    items: list[Item] = []
    for number, part in enumerate(view.sections):
        if number:
            items.append(Section(part.title, part.aside))
        items += [row_of(row) for row in part.rows]
        items += _rest(part)
    return items


def _rest(part: SectionView) -> Iterator[Item]:
    more = part.count - len(part.rows)
    if more > 0:
        yield Section("", gettext("{count} more, not listed").format(count=more))


def row_of(row: TodayRow) -> Row:
    """One household."""
    return Row(
        key=row.household,
        title=row.name,
        aside=row.about,
        subtitle=row.door if row.door != row.name else "",
        avatar=AvatarSpec(first_character(row.name), tone_of(row)),
        chips=tuple(chip_of(sign) for sign in row.signs),
        right=row.ago,
        hint=(gettext("Resume") if row.draft else gettext("Start"), "Enter"),
        accessible=words_of(row),
    )


def tone_of(row: TodayRow) -> Tone:
    """The colour behind the first character: late, care, new, or plain."""
    kinds = {sign.kind for sign in row.signs}
    if row.overdue:
        return "over"
    return "care" if "care" in kinds else "accent" if "first" in kinds else "neu"


def words_of(row: TodayRow) -> str:
    """A row as it is read aloud."""
    last = gettext("last visit {ago}").format(ago=row.ago)
    words = (row.name, row.about, row.door, *(sign.text for sign in row.signs), last)
    return gettext(", ").join(word for word in words if word)


def hero_chips(hero: HeroView) -> tuple[ChipSpec, ...]:
    """Why the next household is next, on the strong panel."""
    chips = []
    for sign in hero.row.signs[:_HERO_CHIPS]:
        chip = chip_of(sign)
        late = sign.kind == "overdue"
        chips.append(ChipSpec(chip.text, "hero-warn" if late else "hero", chip.icon, bold=late))
    return tuple(chips)


def week_of(view: TodayView) -> list[WeekDay]:
    """The strip of days."""
    return [
        WeekDay(day.day.isoformat(), day.name, day.day.day, day.done, day.planned, day.overdue, day.is_today, day.words)
        for day in view.week
    ]
