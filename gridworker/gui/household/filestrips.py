"""How each thing that is said above a household's file looks, by what it is about."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridworker.gui.look.theme import Tone

STRIPS: "dict[str, tuple[Tone, str]]" = {
    "moved": ("neu", "sign-out"),
    "conflict": ("conf", "warning"),
    "consent": ("info", "lock-simple"),
    "emptied": ("due", "sign-out"),
    "no": ("info", "lock-simple"),
    "foreign": ("neu", "lock-simple"),
    "left": ("neu", "lock-simple"),
    "handover": ("info", "sign-out"),
    "declined": ("neu", "sign-out"),
    "attention": ("due", "warning"),
}
