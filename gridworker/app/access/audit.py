"""The audit in words: who looked at what in this store, and at the office everything that came with the bundles.

A row holds numbers of records and never what they say. A worker's own page adds what the people are called, from the
store at hand; the office's page does not, for the auditor sees no residents.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from gridworker.app.files.keeping_files import refuse_data_folder
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.long_sort import ID
from gridworker.app.session import LOCAL, Session
from gridworker.app.staff.namesakes import one_meant, told_apart
from gridworker.app.staff.slot_rollback import SET_BACK
from gridworker.app.words.called import computer_called
from gridworker.domain.codes_office import AUDIT_ACTION, AUDIT_DETAIL, DEVICE_STATE, EXPORT_PURPOSE, KEEP_REASON
from gridworker.domain.masking import share_name
from gridworker.domain.moments import local
from gridworker.domain.retention import RULES
from gridworker.errors import Problem
from gridworker.store import records
from gridworker.store.log.clock import INCARNATION_BITS, moment_of
from gridworker.store.queries import audit as rows
from gridworker.store.queries.audit import Wanted
from gridworker.store.queries.erase_requests import ANSWERS
from gridworker.store.queries.issues import staff_names
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.queries.audit import AuditRow

__all__ = ["LOOKING", "Audit", "AuditView", "Filter"]

Filter: TypeAlias = Wanted

LOOKING = ("reveal", "search", "export", "print", "audit_export", "login", "login_failed")
"""The acts of looking, which a worker's own page shows first."""

_PAGE = 1000

_ALARMED = 30
"""Days for which a log that did not check is said above the list; the row itself stays."""


@dataclass(frozen=True, slots=True)
class AuditView:
    """One row in words. ``id`` is what the next page goes on from; ``about`` names the record, by number or by name.

    ``kind`` and ``record`` say which it is.
    """

    id: int
    at: str
    who: str
    device: str
    action: str
    did: str
    about: str
    count: int | None
    purpose: str
    detail: str
    kind: str = ""
    record: int | None = None

    @property
    def short(self) -> str:
        """``about`` as a list has it: of a long number the last digits, which are the same for the same record."""
        number = str(self.record)
        if self.record is None or self.record < rows.TAIL or not self.about.endswith(number):
            return self.about
        return f"{self.about.removesuffix(number)}…{self.record % rows.TAIL:08d}"


class Audit(Service):
    """Reading the audit. Nothing writes it but the acts themselves."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.OWN_LOG)
    def here(
        self, wanted: Filter | None = None, before: int | None = None, limit: int = 100, *, sharing: bool = False
    ) -> list[AuditView]:
        """What was done in this store, newest first, with the names of those it was about."""
        return self._read(self._of_here(wanted), before, limit, self._names_here(sharing))

    @needs(Action.READ, Matter.OWN_LOG)
    def ids_here(self, wanted: Filter | None = None) -> Sequence[int]:
        """A snapshot of that: a list shows how long it is, and reads what is in sight."""
        with self._session.store.db.read() as connection:
            return array(ID, rows.ids(connection, self._of_here(wanted), LOCAL))

    @needs(Action.READ, Matter.OWN_LOG)
    def of_ids_here(self, ids: Sequence[int], *, sharing: bool = False) -> list[AuditView]:
        """Some rows of it; those gone meanwhile are left out."""
        names = self._names_here(sharing)
        with self._session.store.db.read() as connection:
            found = rows.of_ids(connection, ids, self._of_here(None))
            names.load(connection, found)
        return [_view(row, names) for row in found]

    def _of_here(self, wanted: Filter | None) -> Filter:
        asked = wanted or Filter()
        return replace(asked, laptop=self._session.laptop) if self._session.is_office else asked

    def _names_here(self, sharing: bool) -> "_Names":
        return _Names(self.may(Action.MASKED, Matter.PEOPLE), self._hides(sharing))

    @needs(Action.READ, Matter.AUDIT)
    def everywhere(self, wanted: Filter | None = None, before: int | None = None, limit: int = 100) -> list[AuditView]:
        """What was done anywhere, as far as it has come, newest first; records by their number."""
        return self._read(wanted or Filter(), before, limit, _Names(shown=False))

    @needs(Action.READ, Matter.AUDIT)
    def ids(self, wanted: Filter | None = None) -> Sequence[int]:
        """A snapshot of what was done anywhere, newest first: a list shows how long it is, and reads what is in sight.

        Of half a million rows a filter is asked in a tenth of a second, and no window is to wait for it.
        """
        with self._session.store.db.read() as connection:
            return array(ID, rows.ids(connection, wanted or Filter(), LOCAL))

    @needs(Action.READ, Matter.AUDIT)
    def of_ids(self, ids: Sequence[int]) -> list[AuditView]:
        """Some rows of it; those gone meanwhile are left out."""
        names = _Names(shown=False)
        with self._session.store.db.read() as connection:
            found = rows.of_ids(connection, ids)
            names.load(connection, found)
        return [_view(row, names) for row in found]

    @needs(Action.READ, Matter.AUDIT)
    def alarms(self) -> list[str]:
        """Computers whose log did not check in the last weeks, and those with older key files; a sentence each."""
        since = self._session.today() - timedelta(days=_ALARMED)
        faults = self.everywhere(Filter(actions=("log_fault",), since=since))
        keys = self.everywhere(Filter(actions=("key",), since=since), limit=_PAGE)
        set_back = [view for view in keys if view.detail == AUDIT_DETAIL.label(SET_BACK)]
        bent = gettext(
            "{device}: on {moment} its log did not check ({detail}). Somebody wrote into the file, or it is damaged. "
            "Ask there, and have a look at what came since."
        )
        older = gettext(
            "{device}: on {moment} its key files were older than before. A passphrase that was changed or taken away "
            "may open it again. Ask there; a new data key shuts it out."
        )
        return [
            text.format(device=view.device, moment=view.at[:16], detail=view.detail)
            for text, views in ((bent, faults), (older, set_back))
            for view in _newest_each(views)
        ]

    @needs(Action.READ, Matter.AUDIT)
    def people(self) -> list[tuple[int, str]]:
        """Everybody of whom there are rows, by name."""
        with self._session.store.db.read() as connection:
            found = rows.people(connection)
            names = told_apart(staff_names(connection))
        return sorted(((id_, names.get(id_) or str(id_)) for id_ in found), key=lambda one: one[1])

    @needs(Action.READ, Matter.OWN_LOG)
    def staff(self, name: str) -> int:
        """One of the staff, at work or gone, by name or number. Raises NotFound."""
        with self._session.store.db.read() as connection:
            return one_meant(name, staff_names(connection))

    @needs(Action.READ, Matter.AUDIT)
    def devices(self) -> list[tuple[int, str]]:
        """The office and every laptop, by number, with what each is called."""
        with self._session.store.db.read() as connection:
            laptops = {number: label for number, label in rows.devices(connection).values() if number}
        return [(number, computer_called(number, label)) for number, label in [(0, ""), *sorted(laptops.items())]]

    @staticmethod
    @free("code lists")
    def actions() -> list[tuple[str, str]]:
        """Every act that is put on record, with what it is called."""
        return [(code, str(label)) for code, label in AUDIT_ACTION.labels.items()]

    @needs(Action.EXPORT, Matter.AUDIT)
    def export(self, path: Path, wanted: Filter | None = None, *, purpose: str) -> int:
        """Write rows to .xlsx or .csv; put on record first. Returns how many. Raises Problem, DiskFull, StoreBusy."""
        from gridworker.app.words.purposes import checked_purpose
        from gridworker.sheets.write import Table, check_table_path, write_table

        why = checked_purpose(purpose)
        check_table_path(path)
        refuse_data_folder(path, self._session.folder.root)
        found = self._all(wanted or Filter())
        self._session.note("audit_export", count=len(found), purpose=why)
        cells = [
            [view.at, view.who, view.device, view.did, view.about, view.count, view.purpose, view.detail]
            for view in found
        ]
        try:
            write_table(path, Table(gettext("Audit log"), headers(), cells))
        except Problem:  # nothing left: the row stays, with one that says so
            self._session.note("audit_export", count=0, detail="unwritten")
            raise
        return len(found)

    def _all(self, wanted: Filter) -> list[AuditView]:
        found: list[AuditView] = []
        while True:
            more = self._read(wanted, found[-1].id if found else None, _PAGE, _Names(shown=False))
            found += more
            if len(more) < _PAGE:
                return found

    def _hides(self, sharing: bool) -> bool:
        return sharing or not self.may(Action.READ, Matter.PEOPLE)

    def _read(self, wanted: Filter, before: int | None, limit: int, names: "_Names") -> list[AuditView]:
        with self._session.store.db.read() as connection:
            found = rows.rows(connection, wanted, LOCAL, before, limit)
            names.load(connection, found)
        return [_view(row, names) for row in found]


def _newest_each(views: Sequence[AuditView]) -> list[AuditView]:
    """The newest of each computer, of views that begin with the newest."""
    newest: dict[str, AuditView] = {}
    for view in views:
        newest.setdefault(view.device, view)
    return list(newest.values())


def headers() -> list[str]:
    """The columns of the log."""
    return [
        gettext("Time"), gettext("Done by"), gettext("Device"), gettext("Which act"), gettext("To what"),
        gettext("How many"), gettext("Purpose"), gettext("Detail"),
    ]  # fmt: skip


def told_rows(connection: "Connection", found: "Sequence[AuditRow]") -> list[dict[str, str]]:
    """Rows that are not in the log, by the columns of it: what is not said is left out, and nobody is named."""
    names = _Names(shown=False)
    names.load(connection, found)
    told = (_view(row, names) for row in found)
    return [{column: words for column, words in zip(headers(), _columns(view), strict=True) if words} for view in told]


def _columns(view: AuditView) -> list[str]:
    many = "" if view.count is None else str(view.count)
    return [view.at, view.who, view.device, view.did, view.about, many, view.purpose, view.detail]


class _Names:
    """What staff and, where they may be shown, residents of some rows are called."""

    def __init__(self, shown: bool, masked: bool = False) -> None:
        self._shown, self._masked = shown, masked
        self._staff: dict[int, str] = {}
        self._people: dict[int, str] = {}
        self._devices: dict[int, tuple[int, str]] = {}

    def load(self, connection: "Connection", found: "Sequence[AuditRow]") -> None:
        """Read them for a page of rows."""
        staff = {row.staff for row in found} | {row.record for row in found if row.kind == "staff"}
        self._staff = told_apart(staff_names(connection)) if any(staff) else {}
        self._devices = rows.devices(connection)
        if self._shown:
            self._people = rows.captions(
                connection,
                {row.record for row in found if row.kind == "resident" and row.record},
                {row.record for row in found if row.kind == "household" and row.record},
            )

    def staff(self, id_: int | None) -> str:
        """Somebody who works here."""
        return self._staff.get(id_ or 0) or (str(id_) if id_ else "")

    def device(self, row: "AuditRow") -> str:
        """The computer it was done on."""
        number = (row.device or 0) >> INCARNATION_BITS
        return computer_called(number, next((label for one, label in self._devices.values() if one == number), ""))

    def record(self, row: "AuditRow") -> str:
        """What a row is about: a name where it may be shown, else the kind and the number; of a computer both."""
        if not row.kind:
            return ""
        kind = str(records.kind_named(row.kind).kind.title) if row.kind in _known() else row.kind
        if not row.record:
            return kind
        if row.record in self._devices:
            kind = computer_called(*self._devices[row.record])
        name = self._people.get(row.record) or (self._staff.get(row.record) if row.kind == "staff" else None)
        if name and row.kind != "staff" and self._masked:
            name = share_name(name)
        return gettext("{kind} {name}").format(kind=kind, name=name or row.record)


def _known() -> frozenset[str]:
    from gridworker import discover

    return frozenset(discover.kinds())


def _view(row: "AuditRow", names: _Names) -> AuditView:
    did = AUDIT_ACTION.label(row.action) if row.action else gettext("An act this version does not know")
    why = row.purpose or ""
    purpose = (KEEP_REASON if why in KEEP_REASON else EXPORT_PURPOSE).label(why)
    return AuditView(
        row.id, f"{local(row.at):%Y-%m-%d %H:%M:%S}", names.staff(row.staff), names.device(row), row.action or "", did,
        names.record(row), row.many, purpose, _detail(row), row.kind or "", row.record or None,
    )  # fmt: skip


def _detail(row: "AuditRow") -> str:
    """The detail in words: fields by what they are called, moments as local time, acts and states by their labels."""
    text = row.detail or ""
    if row.action in ANSWERS and text.isdecimal() and not int(text) >> 63:
        return gettext("Asked {moment}").format(moment=f"{moment_of(int(text)).astimezone(LOCAL):%Y-%m-%d %H:%M}")
    if text in AUDIT_DETAIL:
        return AUDIT_DETAIL.label(text)
    specs = records.kind_named(row.kind).kind.specs if row.kind in _known() and row.kind else {}
    return gettext(", ").join(str(specs[word].label) if word in specs else _word(word) for word in text.split())


def _word(word: str) -> str:
    if len(word) == len("2026-01-01T00:00:00Z") and word.endswith("Z"):
        return f"{local(word):%Y-%m-%d %H:%M}"
    rule, _, count = word.partition("=")
    if rule in RULES:
        return f"{RULES[rule].title} {count}"
    laptop = word.removeprefix("laptop-")
    if laptop != word and laptop.isdecimal():
        return computer_called(int(laptop))
    known = (codes for codes in (DEVICE_STATE, AUDIT_DETAIL) if word in codes)
    return next(known, AUDIT_ACTION).label(word)
