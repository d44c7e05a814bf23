"""Ledgers out of the store: who may take how many, what is left out; on record before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.files.keeping_files import refuse_data_folder
from gridworker.app.ledger.approvals import Approvals, put_back, use_up
from gridworker.app.ledger.cells import Shown, cells, words_of
from gridworker.app.ledger.handed_out import marks, of_the_day, put_to_the_day
from gridworker.app.ledger.layout import Layout, head_line, preset_layout, usual_layout
from gridworker.app.ledger.presets import Presets
from gridworker.app.ledger.rejoining import require_rejoined
from gridworker.app.ledger.rows import Asked, ledger_rows
from gridworker.app.ledger.stream import STREAMED, EntryStream, LedgerStream
from gridworker.app.office_rules import OfficeRules
from gridworker.app.words.purposes import checked_purpose
from gridworker.domain.codes_export import IN_FULL
from gridworker.domain.codes_office import EXPORT_PURPOSE
from gridworker.domain.rights import Action, matter_of, refusal
from gridworker.errors import Denied, Problem
from gridworker.store.queries.ledgers import ENTRIES, Wanted
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.stream import Report
    from gridworker.app.session import Session
    from gridworker.sheets.write import Table
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.queries.ledgers import Row
    from gridworker.sync.enrolment.approval import Ask

RESIDENTS = "residents"


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to be handed out: to which file, what for, of which grid (None is all), which ledger by which preset.

    ``minors`` asks for all that is known of under-14s; ``approval`` is the office's code, where one is needed. Without
    a ledger it is the preset's, else that of the residents. ``since`` and ``until`` are days, both in it.
    """

    path: Path
    purpose: str
    grid: int | None = None
    minors: bool = False
    approval: str = ""
    ledger: str = ""
    preset: str = ""
    since: date | None = None
    until: date | None = None


class NeedsApproval(Denied):
    """More than a laptop exports on its own; ``values`` has the number of people, or of entries."""

    code = "needs_approval"


class LedgerExport:
    """One export."""

    def __init__(self, session: "Session", wish: ExportWish, report: "Report | None" = None) -> None:
        self._session, self._wish, self._report = session, wish, report

    def write(self) -> int:
        """Check, put on record, write. Returns how many rows."""
        from gridworker.sheets.write import check_table_path, write_table

        if self._wish.grid is not None:
            self._session.require_grid(self._wish.grid)
        purpose = checked_purpose(self._wish.purpose)
        check_table_path(self._wish.path)
        refuse_data_folder(self._wish.path, self._session.folder.root)
        layout = wished_layout(self._session, self._wish)
        require_ledger(self._session, layout)
        wanted = Wanted(self._session.today(), self._wish.grid)
        asked = Asked(wanted, self._session.stamp(), self._wish.minors, self._wish.since, self._wish.until)
        table, count, keys = made_table(self._session, layout, asked, purpose, self._report)
        new = marks(layout.ledger.kind, keys)
        used = self._approval(count, new, layout)
        self._put_on_record(count, layout, (purpose, used), new)
        try:
            write_table(self._wish.path, table)
        except BaseException:  # broken off too: nothing was written
            self._take_back(layout, used)
            raise
        return count

    def _approval(self, count: int, new: frozenset[str], layout: Layout) -> "Ask | None":
        """The ask that covers it, where the office has to approve: above the cap, and for more of under-14s.

        The cap holds for all that one person hands out in 24 hours, ``new`` being what this list would add.
        """
        cap, day = OfficeRules(self._session).export_cap(), of_the_day(self._session, new)
        if self._session.is_office or (max(count, day) <= cap and not self._wish.minors):
            return None
        if not self._wish.approval.strip():
            if count <= cap < day:
                raise NeedsApproval(
                    "Together with what was handed out in the last 24 hours these are {day} people or entries; up to "
                    "{cap} in 24 hours leave a laptop without a code from the office.",
                    count=count, cap=cap, day=day,
                )  # fmt: skip
            if count <= cap:
                raise NeedsApproval(
                    "What is known of under-14s leaves a laptop only with a code from the office.", count=count
                )
            if layout.ledger.name == RESIDENTS:
                raise NeedsApproval(
                    "People on the list: {count}; up to {cap} leave a laptop without a code from the office.",
                    count=count, cap=cap,
                )  # fmt: skip
            raise NeedsApproval(
                "Entries on the list: {count}; up to {cap} leave a laptop without a code from the office.",
                count=count, cap=cap,
            )  # fmt: skip
        return Approvals(self._session).covering(self._wish.approval, self._wish.grid, count, minors=self._wish.minors)

    def _put_on_record(self, count: int, layout: Layout, why: "tuple[str, Ask | None]", new: frozenset[str]) -> None:
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.meta import Meta
        from gridworker.store.tables.changes import Act

        purpose, used = why

        def beside(connection: "Connection", _commit: "Commit") -> None:
            meta = Meta(raw_cursor(connection))
            if used is not None:
                use_up(meta, used)
            else:
                put_to_the_day(self._session, meta, new)

        self._session.require_writer()
        said = (
            "minors" if self._wish.minors else "",
            "full" if layout.style.number_form == IN_FULL else "",
            "approved" if used is not None else "",
        )
        act = Act.note(
            "export", self._session.who, kind=layout.ledger.kind, count=count, purpose=purpose,
            detail=" ".join(filter(None, said)),
        )  # fmt: skip
        self._session.store.write([], act, beside)

    def _take_back(self, layout: Layout, used: "Ask | None") -> None:
        """Nothing was written: the code is good for another attempt. The row stays, with one that says so."""
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.meta import Meta
        from gridworker.store.tables.changes import Act

        def beside(connection: "Connection", _commit: "Commit") -> None:
            if used is not None:
                put_back(Meta(raw_cursor(connection)), used)

        act = Act.note("export", self._session.who, kind=layout.ledger.kind, count=0, detail="unwritten")
        self._session.store.write([], act, beside)


def wished_layout(session: "Session", wish: ExportWish) -> Layout:
    """The form an export has. Raises NotFound, Problem where the preset is one of another ledger."""
    if not wish.preset:
        return _with_grids(session, wish, usual_layout(wish.ledger or RESIDENTS))
    preset = Presets(session).named(wish.preset)
    if wish.ledger and wish.ledger != preset.ledger:
        raise Problem("The preset “{name}” is one of another ledger.", name=preset.name)
    return _with_grids(session, wish, preset_layout(preset.values))


def _with_grids(session: "Session", wish: ExportWish, layout: Layout) -> Layout:
    """The list of residents of several grids says which one each is of, or doors of one number would be one.

    A preset that chooses its columns stays as it is.
    """
    from gridworker.store.scope.scope import grids_apart

    usual = [shown.column for shown in layout.shown] == list(layout.ledger.usual)
    if layout.ledger.name != RESIDENTS or wish.grid is not None or not usual:
        return layout
    with session.store.db.read() as connection:
        is_one = len(grids_apart(connection)) < 2
    column = layout.ledger.column("grid")
    return layout if is_one else replace(layout, shown=(Shown(str(column.label), column), *layout.shown))


def require_ledger(session: "Session", layout: Layout) -> None:
    """Raise Denied where the person may not see what the ledger says, or not hand it out in this form, or here."""
    require_rejoined(session)
    matter = matter_of(layout.ledger.kind)
    if not session.may(Action.READ, matter):
        raise refusal(session.role, Action.READ, matter)
    if layout.style.number_form == IN_FULL:
        if not session.is_office:
            raise Denied("Numbers in full leave the house from the office only. Take a preset that masks them.")
        if not session.may(Action.REVEAL, matter_of("resident")):
            raise refusal(session.role, Action.REVEAL, matter_of("resident"))


def made_table(
    session: "Session", layout: Layout, asked: Asked, purpose: str, report: "Report | None" = None
) -> "tuple[Table, int, list[object]]":
    """The ledger as a table, with its head lines, how many rows it has, and what tells each from the others.

    Rows that there may be a million of are read as they are written: an office, which may have them, gets no keys then.
    """
    from gridworker.sheets.write import Table

    name = layout.ledger.name
    if name == "disputes":
        asked = replace(asked, wanted=replace(asked.wanted, category="B"))
    database = session.store.db
    rows: Iterable[Row]
    ids: Iterable[object] = ()
    with database.read() as connection:
        if name in STREAMED and asked.wanted.households is None:
            stream = LedgerStream(connection, name, asked)
            rows, size = stream.rows(database, report), stream.size
            if not session.is_office:  # it has few, and they count towards what may be handed out in a day
                ids = (row["id"] for row in stream.rows(database))
        elif name in ENTRIES:
            entries = EntryStream(connection, name, asked)
            rows, size = entries.rows(database, report), entries.size
            ids = () if session.is_office else entries.ids
        else:
            rows = found = ledger_rows(connection, name, asked)
            size = len(found)
            ids = (row.get("id") or cells(row, layout.shown, layout.style) for row in found)
        keys = list(ids)
    made = (cells(row, layout.shown, layout.style) for row in rows)
    lists = {at: words_of(shown.column) for at, shown in enumerate(layout.shown) if shown.column}
    return (
        Table(
            layout.title,
            [shown.header for shown in layout.shown],
            made,
            note=head_note(session, layout, EXPORT_PURPOSE.label(purpose)),
            lists={at: words for at, words in lists.items() if words},
            size=size,
        ),
        size,
        keys,
    )


def head_note(session: "Session", layout: Layout, purpose: str) -> str:
    """Who reports, who made it, the day, and what for: a table that was handed on says so by itself (domain.md 7.6)."""
    return head_line([
        (gettext("Reporting office"), layout.unit or office_name(session)),
        (gettext("Made by"), session.person),
        (gettext("Day"), layout.style.day(session.today())),
        (gettext("For"), purpose),
    ])  # fmt: skip


def office_name(session: "Session") -> str:
    """What the office calls itself, else the name of its community."""
    from gridworker.store.records import page

    with session.store.db.read() as connection:
        found = page(connection, "community", limit=1)
    return str(found[0][1]["office_name"] or found[0][1]["name"] or "") if found else ""
