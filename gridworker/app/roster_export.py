"""Residents out of the store: who may take how many, what is left out; on record before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from gridworker.app.approvals import Approvals, put_back, use_up
from gridworker.app.id_keeping import number_shown
from gridworker.app.office_rules import OfficeRules
from gridworker.app.purposes import checked_purpose
from gridworker.domain import codes
from gridworker.domain.consent_rules import is_child
from gridworker.domain.masking import mask_phones
from gridworker.errors import Denied, Problem
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Value
    from gridworker.store.database import Connection
    from gridworker.store.transaction import Commit
    from gridworker.sync.approval import Ask

SEX = {"1": "男", "2": "女"}

Row: TypeAlias = "list[str | int | None]"


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to be handed out: to which file, what for, of which grid (None is all).

    ``minors`` asks for all that is known of under-14s; ``approval`` is the office's code, where one is needed.
    """

    path: Path
    purpose: str
    grid: int | None = None
    minors: bool = False
    approval: str = ""


class NeedsApproval(Denied):
    """More than a laptop exports on its own; ``values`` has the number of people."""

    code = "needs_approval"


@dataclass(slots=True)
class Home:
    """One household: its door, its head, its people with their relation to the head."""

    key: tuple[str, str, str] | None
    head_name: str | None
    people: "list[tuple[dict[str, Value], str | None]]"


class RosterExport:
    """One export."""

    def __init__(self, session: "Session", wish: ExportWish) -> None:
        self._session, self._wish = session, wish

    def write(self, homes: Sequence[Home]) -> int:
        """Check, put on record, write."""
        from gridworker.sheets.write import Table, check_table_path, write_table

        purpose = checked_purpose(self._wish.purpose)
        check_table_path(self._wish.path)
        rows = list(self._rows(homes))
        used = self._approval(len(rows))
        self._put_on_record(len(rows), purpose, used)
        try:
            write_table(self._wish.path, Table(gettext("Residents"), _headers(), rows))
        except Problem:
            self._take_back(used)
            raise
        return len(rows)

    def _approval(self, count: int) -> "Ask | None":
        """The ask that covers it, where the office has to approve: above the cap, and for more of under-14s."""
        cap = OfficeRules(self._session).export_cap()
        if self._session.is_office or (count <= cap and not self._wish.minors):
            return None
        if not self._wish.approval.strip():
            if count <= cap:
                raise NeedsApproval(
                    "What is known of under-14s leaves a laptop only with a code from the office.", count=count
                )
            raise NeedsApproval(
                "The list has {count} people; up to {cap} leave a laptop without a code from the office.",
                count=count, cap=cap,
            )  # fmt: skip
        return Approvals(self._session).covering(self._wish.approval, self._wish.grid, count, minors=self._wish.minors)

    def _put_on_record(self, count: int, purpose: str, used: "Ask | None") -> None:
        from gridworker.store.changes import Act
        from gridworker.store.database import raw_cursor
        from gridworker.store.meta import Meta

        def beside(connection: "Connection", _commit: "Commit") -> None:
            if used is not None:
                use_up(Meta(raw_cursor(connection)), used)

        self._session.require_writer()
        detail = "minors" if self._wish.minors else ""
        act = Act.note("export", self._session.who, kind="resident", count=count, purpose=purpose, detail=detail)
        self._session.store.write([], act, beside)

    def _take_back(self, used: "Ask | None") -> None:
        """Nothing was written: the code is good for another attempt. The row stays, with one that says so."""
        from gridworker.store.changes import Act
        from gridworker.store.database import raw_cursor
        from gridworker.store.meta import Meta

        def beside(connection: "Connection", _commit: "Commit") -> None:
            if used is not None:
                put_back(Meta(raw_cursor(connection)), used)

        act = Act.note("export", self._session.who, kind="resident", count=0, detail="unwritten")
        self._session.store.write([], act, beside)

    def _rows(self, homes: Sequence[Home]) -> Iterator[Row]:
        for home in homes:
            for person, relation in home.people:
                yield [*_door(home), *self._person(person, relation)]

    def _person(self, person: "Mapping[str, Value]", relation: str | None) -> Row:
        said = codes.RELATION.label(relation) if relation else ""
        year = person["birth_year"]
        if not self._wish.minors and is_child(
            self._session.today(),
            birth_date=str(person["birth_date"]) if person["birth_date"] else None,
            birth_year=year if isinstance(year, int) else None,
        ):
            return [gettext("(under 14)"), said, "", str(person["birth_date"] or year or "")[:4], "", "", "", ""]
        return [
            str(person["name"]), said, sex_word(person), str(person["birth_date"] or year or ""),
            number_shown(person), mask_phones(str(person["phones"] or "")),
            str(person["tags"] or ""), str(person["note"] or ""),
        ]  # fmt: skip


def _door(home: Home) -> Row:
    return list(home.key) if home.key else ["", "", ""]


def sex_word(person: "Mapping[str, Value]") -> str:
    """A sex as ledgers write it."""
    return SEX.get(str(person["sex"] or ""), "")


def _headers() -> list[str]:
    return [
        gettext("Building"), gettext("Unit"), gettext("Room"), gettext("Full name"), gettext("Relation to head"),
        gettext("Sex"), gettext("Date of birth"), gettext("ID number"), gettext("Phone"), gettext("Tags"),
        gettext("Remark"),
    ]  # fmt: skip
