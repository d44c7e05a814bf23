"""Signs of a household as chips: each reason and care group with its own tone and icon, the same on every page."""

from typing import TYPE_CHECKING

from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.chip import ChipSpec

if TYPE_CHECKING:
    from gridworker.app.due.today_view import Sign

_CARE = {
    "C1": "briefcase",
    "C2": "baby",
    "C3": "heart-fill",
    "C3-2": "heart-fill",
    "C3-4": "users-fill",
    "C4": "wheelchair",
    "C5": "house",
    "L1": "baby",
}
_SIGNS: dict[str, tuple[Tone, str]] = {
    "overdue": ("over", "warning-fill"),
    "due": ("due", "clock"),
    "agreed": ("due", "clock"),
    "later": ("neu", "clock"),
    "left": ("neu", "sign-out"),
    "draft": ("neu", "note-pencil"),
    "return": ("accent", "arrow-u-up-left"),
    "urgent": ("over", "warning-fill"),
    "urgent-today": ("due", "warning"),
    "urgent-ahead": ("neu", "warning"),
    "first": ("accent", "door"),
    "tenant": ("neu", "key"),
    "usual": ("neu", "calendar-blank"),
    "own": ("neu", "calendar-blank"),
    "tag": ("neu", "tag"),
    "problem": ("over", "warning"),
    "raised-issue": ("neu", "flag-banner"),
    "raised-need": ("neu", "handshake"),
    "satisfaction": ("ok", "check"),
    "not-satisfied": ("over", "warning"),
    "not-reached": ("neu", "door"),
}
_TRACKS = {"F1": "shield-warning", "F2": "scales", "F3": "fire", "F4": "heart"}


def care_icon(group: str) -> str:
    """The icon of a care group (``C3-2``: group and living arrangement)."""
    return _CARE.get(group) or _CARE.get(group.partition("-")[0], "heart-fill")


def chip_of(sign: "Sign") -> ChipSpec:
    """A sign as a chip."""
    if sign.kind == "care":
        return ChipSpec(sign.text, "care", care_icon(sign.group))
    if sign.kind == "hidden":
        return ChipSpec(sign.text, "outline", "eye-slash")
    tone, icon = _SIGNS.get(sign.kind, ("neu", ""))
    return ChipSpec(sign.text, tone, icon)


def track_icon(track: str) -> str:
    """The icon of a first-response track."""
    return _TRACKS.get(track, "flag-banner")


def tone_of(word: str) -> Tone:
    """A tone by its name; anything else is information."""
    tones: dict[str, Tone] = {"over": "over", "due": "due", "ok": "ok", "neu": "neu", "conf": "conf", "care": "care"}
    return tones.get(word, "info")
