"""The ledger of chosen households (住户台账, domain.md 5.3): written to a file or printed, masked, on record."""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.files.keeping_files import refuse_data_folder
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.ledger.handed_out import marks, of_the_day, put_to_the_day, too_many_today
from gridworker.app.ledger.presets import Presets
from gridworker.app.ledger.rows import Asked
from gridworker.app.office_rules import OfficeRules
from gridworker.app.roster.export import ExportWish, made_table, require_ledger, wished_layout
from gridworker.app.session import Session
from gridworker.app.words.purposes import checked_purpose
from gridworker.domain.codes_office import EXPORT_PURPOSE
from gridworker.errors import Denied, Problem
from gridworker.record import CodeList, Privacy, Spec, Type
from gridworker.store.queries.ledgers import Wanted
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.sheets.write import Plain, Table
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit


ONE, ALL = "one", "all"
"""What may leave where one household of a list is chosen."""


class HouseholdLedger(Service):
    """One row for each household, by door."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.EXPORT, Matter.PEOPLE)
    def write(self, path: Path, households: Sequence[int], *, purpose: str, preset: str = "") -> int:
        """Write it to .xlsx or .csv. Returns how many households. Raises Denied, Problem, DiskFull."""
        from gridworker.sheets.write import check_table_path, write_table

        table, keys = self._table(households, checked_purpose(purpose), preset)
        check_table_path(path)
        refuse_data_folder(path, self._session.folder.root)
        self._note("export", keys, purpose)
        try:
            write_table(path, table)
        except Problem:  # nothing left: the row stays, with one that says so
            self._session.note("export", kind="household", count=0, detail="unwritten")
            raise
        return len(keys)

    @needs(Action.PRINT, Matter.PEOPLE)
    def page(self, households: Sequence[int], *, purpose: str, preset: str = "") -> str:
        """The same as a page to be printed, in HTML. It goes on record as printed."""
        table, keys = self._table(households, checked_purpose(purpose), preset)
        head = "".join(f"<th align='left'>{html.escape(title)}</th>" for title in table.columns)
        body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
        self._note("print", keys, purpose)
        return (
            f"<h3>{html.escape(table.title)}</h3><p>{html.escape(table.note)}</p>"
            f"<table border='1' cellspacing='0' cellpadding='3' width='100%'><tr>{head}</tr>{body}</table>"
        )

    def _note(self, action: str, keys: "list[object]", purpose: str) -> None:
        """Put it on record before anything leaves; of more than the office lets a laptop give out, nothing does."""
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.meta import Meta

        cap, count, new = OfficeRules(self._session).export_cap(), len(keys), marks("household", keys)
        day = of_the_day(self._session, new)
        if max(count, day) > cap and not self._session.is_office:
            raise _too_many(count, cap, day)

        def beside(connection: "Connection", _commit: "Commit") -> None:
            put_to_the_day(self._session, Meta(raw_cursor(connection)), new)

        self._session.require_writer()
        self._session.note(action, beside, kind="household", count=count, purpose=purpose)

    @needs(Action.READ, Matter.RULES)
    def fields(self, *, one_of: int = 0) -> list[Spec]:
        """What is asked first: what it is for, and in whose form where the office laid any down for households.

        ``one_of``: one household of so many is chosen; whether it alone leaves is asked too.
        """
        names = [preset.name for preset in Presets(self._session).all() if preset.ledger == "households"]
        return [
            *([_which_spec(one_of)] if one_of else []), purpose_spec(), *([_preset_spec(names)] if names else [])
        ]  # fmt: skip

    def _table(self, households: Sequence[int], purpose: str, preset: str) -> "tuple[Table, list[object]]":
        wish = ExportWish(Path(), purpose, ledger="households", preset=preset)
        layout = wished_layout(self._session, wish)
        require_ledger(self._session, layout)
        wanted = Wanted(self._session.today(), households=tuple(households))
        table, _, keys = made_table(self._session, layout, Asked(wanted, self._session.stamp()), purpose)
        return table, keys


def _too_many(count: int, cap: int, day: int) -> Denied:
    if count <= cap:
        return too_many_today(cap, day)
    return Denied(
        "Households on the list: {count}; up to {cap} leave a laptop this way. Choose fewer, or export the "
        "roster with a code from the office.",
        count=count, cap=cap,
    )  # fmt: skip


def purpose_spec() -> Spec:
    """The field that asks what it is for: what may be said, and not that nothing was."""
    asked = CodeList("export_purpose", {code: EXPORT_PURPOSE.labels[code] for code in EXPORT_PURPOSE.first})
    return Spec("purpose", 1, Label("What for"), Type.CODE, Privacy.INTERNAL, True, 100, asked, None, False, None)


def _which_spec(count: int) -> Spec:
    codes = CodeList(
        "which", {ONE: Label("Only the one chosen"), ALL: Label(gettext("All {count}").format(count=count))}
    )
    return Spec("which", 3, Label("Which"), Type.CODE, Privacy.INTERNAL, True, 100, codes, None, False, None)


def _preset_spec(names: Sequence[str]) -> Spec:
    codes = CodeList("presets", {name: Label(name) for name in names})  # what somebody called them, in any language
    label = Label("In which form")
    return Spec("preset", 2, label, Type.CODE, Privacy.INTERNAL, False, 100, codes, None, False, None)


def _cell(value: "Plain") -> str:
    return f"<td>{html.escape(str(value if value is not None else ''))}</td>"
