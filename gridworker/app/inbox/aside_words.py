"""Why a change was set aside, in words."""

from typing import TYPE_CHECKING

from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.views import SetAside


def reason_words(one: "SetAside") -> str:
    """The reason as people read it; the code where a newer version wrote it."""
    reasons = {
        "out_of_scope": gettext("Not in this laptop's grids"),
        "foreign_author": gettext("Written by another device"),
        "not_for_laptops": gettext("Only the office decides this"),
        "wrong_kind": gettext("Does not fit the record"),
        "malformed": gettext("Breaks the format"),
        "fork": gettext("The same number with other content: a copied laptop"),
        "many_deletions": gettext("Many deletions at once"),
        "on_refused": gettext("Belongs to what was refused"),
        "revoked": gettext("From a laptop that was revoked"),
        "returned": gettext("Given back by a laptop; the office's signature went with an erasure"),
    }
    return reasons.get(one.reason, one.reason)


def meaning_words(one: "SetAside") -> str:
    """What the reason means to who decides, and what to ask before; empty where a newer version wrote it."""
    if not one.acceptable:
        return gettext("This change cannot be taken in as it stands. Refuse it, and write it anew where it is right.")
    meanings = {
        "out_of_scope": gettext(
            "The record lies in a grid that this laptop does not hold, or holds no more. "
            "If it is right, accept it: it then counts as the office's own."
        ),
        "foreign_author": gettext(
            "The bundle brings it as the work of another laptop. Ask the workers of both before you accept it."
        ),
        "not_for_laptops": gettext("Laptops do not write this. Accept it if the office would write the same."),
        "fork": gettext(
            "Another change bears the same number: the laptop was copied, or set back. "
            "If this one is right, accept it; the other stays too."
        ),
        "many_deletions": gettext("The bundle deletes very much at once. Ask its worker first whether that was meant."),
        "revoked": gettext("Laptop and key may be in other hands. Accept only what its worker says they wrote."),
        "returned": gettext(
            "The office had signed it, and an erasure took the signature away. Accept what still holds."
        ),
    }
    return meanings.get(one.reason, "")


def along_words(one: "SetAside") -> str:
    """How much is accepted with it; empty where nothing is."""
    words = ngettext("accepted with {count} more", "accepted with {count} more", one.along)
    return words.format(count=one.along) if one.along else ""
