"""How issues look: the icon of a category, the colour and icon of a chip, the rows of the list."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from gridworker.app.issue.views import GroupView, IssueRowView, Mark, StepView
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.avatar import AvatarSpec
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.moments import Moment
from gridworker.gui.widgets.progress import Steps, StepTone
from gridworker.gui.widgets.rows import Item, Row, Section

CATEGORY_ICONS: Mapping[str, str] = MappingProxyType({
    "A": "shield-warning", "B": "scales", "C": "fire", "D": "heart", "E": "lifebuoy", "F": "house-simple",
    "G": "chat-text", "H": "lightning", "Z": "note-pencil",
})  # fmt: skip
TRACK_ICONS: Mapping[str, str] = MappingProxyType({
    "F1": "shield-warning", "F2": "scales", "F3": "fire", "F4": "heart",
})  # fmt: skip

_CHIPS: Mapping[str, tuple[Tone, str]] = MappingProxyType({
    "S1": ("over", ""), "S2": ("due", ""), "late": ("over", "warning-fill"), "soon": ("due", "clock"),
    "clock": ("neu", "clock"), "planned": ("ok", "calendar-check"), "ready": ("ok", "check"),
    "office": ("info", "hourglass-medium"), "held": ("neu", "hourglass-medium"), "day": ("neu", "clock"),
    "done": ("neu", "check"), "pleased": ("ok", "smiley"), "early": ("info", "sparkle"),
    "unapplied": ("due", "warning"), "visit": ("neu", "person-simple-walk"), "source": ("neu", "chat-text"),
    "people": ("neu", "users"), "shop": ("neu", "storefront"), "result": ("neu", "check"), "method": ("neu", "door"),
    "good": ("ok", "check"), "odd": ("due", "warning"),
})  # fmt: skip
_BOLD = frozenset({"late", "soon", "clock", "planned", "ready", "office", "held", "day"})

_STEP_ICONS: Mapping[str, str] = MappingProxyType({
    "report": "flag-banner", "first_response": "timer", "accept": "check", "assign": "arrow-right", "handle": "wrench",
    "refer": "paper-plane-tilt", "suspend": "hourglass-medium", "resolve": "check-circle-fill",
    "verify": "shield-check", "schedule_return": "calendar-check", "return_visit": "smiley", "not_reached": "door",
    "close": "checks",
    "reopen": "arrow-counter-clockwise", "reject": "arrow-bend-up-left", "note": "chat-text",
})  # fmt: skip
_PACES: Mapping[str, Tone] = MappingProxyType({"good": "ok", "late": "over", "soon": "due", "plain": "neu"})

ACTION_ICONS: Mapping[str, str] = MappingProxyType({
    **_STEP_ICONS, "first_response": "phone-call", "handle": "plus-bold", "ask_office": "paper-plane-tilt",
    "return_visit": "person-simple-walk",
})  # fmt: skip


def chip(mark: Mark, category: str = "") -> ChipSpec:
    """The chip of a mark. ``category`` gives the icon of the one that names it."""
    if mark.kind == "category":
        return ChipSpec(mark.text, "neu", CATEGORY_ICONS.get(category, ""))
    if mark.kind == "again":
        return ChipSpec(mark.text, "outline", "arrows-clockwise")
    tone, icon = _CHIPS.get(mark.kind, ("neu", ""))
    return ChipSpec(mark.text, tone, icon, mark.kind in _BOLD)


def step_tone(pace: str) -> StepTone:
    """The colour of the step at work."""
    tones: Mapping[str, StepTone] = {"late": "over", "soon": "due"}
    return tones.get(pace, "accent")


def rows(groups: Sequence[GroupView]) -> list[Item]:
    """The lines of the list."""
    found: list[Item] = []
    for group in groups:
        found.append(Section(group.title, group.aside))
        found += [_row(view) for view in group.rows]
    return found


def _row(view: IssueRowView) -> Row:
    tones: Mapping[str, Tone] = {"late": "over", "soon": "due"}
    tone = tones.get(view.pace, "care" if view.category == "D" else "neu")
    waits = view.done == 1
    return Row(
        key=view.id,
        title=view.title,
        subtitle=view.about,
        avatar=AvatarSpec(
            icon=CATEGORY_ICONS.get(view.category, "note-pencil"), tone=tone if waits or tone == "care" else "neu"
        ),
        title_chip=chip(view.severity) if view.severity else None,
        steps=Steps(view.done, view.step, step_tone(view.pace)),
        right_chip=chip(view.mark),
    )


def moment(step: StepView) -> Moment:
    """One step of the timeline."""
    return Moment(
        key=step.id,
        icon=_STEP_ICONS.get(step.icon, "clock-counter-clockwise"),
        title=step.title,
        tone=_PACES[step.pace],
        right=step.right,
        body=step.body,
        chips=tuple(chip(mark) for mark in step.marks),
    )
