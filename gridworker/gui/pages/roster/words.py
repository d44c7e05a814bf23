"""What an import is called on its page: of people, or of the entries of another ledger."""

from typing import TYPE_CHECKING, NamedTuple, Protocol

from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.ledger.forms import FormImported
    from gridworker.app.roster.preview import Preview
    from gridworker.app.roster.rosters import Imported, Seen


def of_people(preview: "Seen | None") -> "Preview | None":
    """A preview of a ledger of people: only in such columns are chosen and cells corrected."""
    from gridworker.app.roster.preview import Preview

    return preview if isinstance(preview, Preview) else None


def import_label(preview: "Seen") -> str:
    """The words of the button."""
    count = preview.counts.get("new", 0) + preview.counts.get("changed", 0)
    if not count:
        return gettext("Import")
    if of_people(preview):
        return ngettext("Import {count} person", "Import {count} people", count).format(count=count)
    return ngettext("Import {count} entry", "Import {count} entries", count).format(count=count)


def imported_line(imported: "Imported | FormImported") -> str:
    """What was done."""
    count = imported.counts["new"] + imported.counts["changed"]
    if imported.kind == "resident":
        return ngettext("Imported {count} person.", "Imported {count} people.", count).format(count=count)
    return ngettext("Imported {count} entry.", "Imported {count} entries.", count).format(count=count)


class TakenBack(Protocol):
    """What is left after an import was taken back: records, and households that were used since."""

    @property
    def kept(self) -> int:
        """How many records and values stay."""

    @property
    def homes(self) -> int:
        """How many households stay with their people."""


def taken_back_line(undone: TakenBack) -> str:
    """What became of an import that was taken back: what went, and what stays."""
    if undone.homes:
        said = ngettext(
            "The import is taken back. {homes} household that was visited or used since stays, with all who live "
            "there.",
            "The import is taken back. {homes} households that were visited or used since stay, with all who live "
            "there.",
            undone.homes,
        )
        return said.format(homes=undone.homes)
    if undone.kept:
        said = gettext("The import is taken back. What was changed or used since stays: {count}.")
        return said.format(count=undone.kept)
    return gettext("The import is taken back.")


class Heads(NamedTuple):
    """What the rows of a preview are called by, in how many pixels, and where they are."""

    called: str
    width: int
    place: str


def heads(preview: "Seen | None") -> Heads:
    """Those of people, or of entries, which take more words."""
    if preview is None or of_people(preview):
        return Heads(gettext("Full name"), 90, gettext("Door"))
    return Heads(gettext("Entry"), 170, gettext("Place"))
