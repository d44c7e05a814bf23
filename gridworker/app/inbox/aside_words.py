"""A change that was set aside, in words: what it is, why it waits, and what the office said of it."""

from typing import TYPE_CHECKING

from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.views import SetAside


def about_words(one: "SetAside") -> str:
    """What it would do to which record, as pages show it."""
    what = {
        "create": gettext("New: {record}"),
        "delete": gettext("Deleted: {record}"),
        "restore": gettext("Brought back: {record}"),
    }.get(one.what, gettext("Changed: {record}"))
    pairs = () if one.what == "create" else one.fields.items()
    fields = gettext(", ").join(f"{label} {value}" for label, value in pairs)
    return gettext(" · ").join(filter(None, (what.format(record=one.caption or one.kind), fields)))


def ruling_words(one: "SetAside") -> str:
    """The office's word on it; empty where it waits for one."""
    if one.ruling in {None, "waiting"}:
        return ""
    return gettext("not accepted by the office") if one.ruling == "refused" else gettext("accepted by the office")


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
        "revoked": gettext("From a laptop that was revoked"),
        "returned": gettext("Given back by a laptop; the office's signature went with an erasure"),
    }
    return reasons.get(one.reason, one.reason)


def along_words(one: "SetAside") -> str:
    """How much is accepted with it; empty where nothing is."""
    words = ngettext("accepted with {count} more", "accepted with {count} more", one.along)
    return words.format(count=one.along) if one.along else ""
