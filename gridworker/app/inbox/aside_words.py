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
    fields = gettext(", ").join(gettext("{field} → {value}").format(field=label, value=value) for label, value in pairs)
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
        "foreign_author": gettext("Written by another computer"),
        "not_for_laptops": gettext("Only the office decides this"),
        "wrong_kind": gettext("Does not fit the record"),
        "malformed": gettext("Breaks the format"),
        "fork": gettext("The same number with other content: a copied laptop"),
        "many_deletions": gettext("Many deletions at once"),
        "on_refused": gettext("Belongs to what was refused"),
        "revoked": gettext("From a laptop that was lost or stolen"),
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
        "on_refused": gettext(
            "It belongs to something that was not accepted. Accept it where that is right after all."
        ),
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
