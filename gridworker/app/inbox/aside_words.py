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


def along_words(one: "SetAside") -> str:
    """How much is accepted with it; empty where nothing is."""
    words = ngettext("accepted with {count} more", "accepted with {count} more", one.along)
    return words.format(count=one.along) if one.along else ""
