"""The list of pages. A new page is one file in ``gridworker.gui.pages`` and one line here."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.gui.page import FIELD, OFFICE, PageEntry
from gridworker.text import Label

if TYPE_CHECKING:
    from gridworker.app.session import Session

_FIELD, _OFFICE = frozenset({FIELD}), frozenset({OFFICE})
_PAGES = "gridworker.gui.pages"

ENTRIES: tuple[PageEntry, ...] = (
    PageEntry("merge", Label("Merge inbox"), "tray", f"{_PAGES}.merge:MergePage", _OFFICE, 0),
    PageEntry("today", Label("Today"), "sun-horizon", f"{_PAGES}.today:TodayPage", _FIELD, 1),
    PageEntry("buildings", Label("Buildings"), "buildings", f"{_PAGES}.buildings:BuildingsPage", group=1),
    PageEntry("households", Label("Households"), "identification-card", f"{_PAGES}.households:HouseholdsPage", group=1),
    PageEntry("issues", Label("Issues"), "flag-banner", f"{_PAGES}.issues:IssuesPage", group=2),
    PageEntry(
        "devices",
        Label("Devices and people"),
        "laptop",
        f"{_PAGES}.devices:DevicesPage",
        _OFFICE,
        3,
        short=Label("Devices"),
    ),
    PageEntry("backups", Label("Backups"), "floppy-disk", f"{_PAGES}.backups:BackupsPage", group=3),
    PageEntry("sync", Label("Sync"), "arrows-down-up", f"{_PAGES}.sync:SyncPage", _FIELD),
    PageEntry(
        "household",
        Label("Household file"),
        "identification-card",
        f"{_PAGES}.household:HouseholdPage",
        under="households",
    ),
    PageEntry("visit", Label("Visit"), "person-simple-walk", f"{_PAGES}.visit:VisitPage", place="window"),
    PageEntry("roster", Label("Import a roster"), "tray", f"{_PAGES}.roster:RosterPage", _OFFICE),
    PageEntry("settings", Label("Settings"), "gear", f"{_PAGES}.settings:SettingsPage"),
    PageEntry(
        "retention",
        Label("How long things are kept"),
        "clock-counter-clockwise",
        f"{_PAGES}.retention:RetentionPage",
        _OFFICE,
        under="settings",
    ),
    PageEntry("records", Label("Records"), "file-text", f"{_PAGES}.records:RecordsPage", group=3),
    PageEntry("log", Label("Who looked at what"), "eye", f"{_PAGES}.log:LogPage"),
    PageEntry("audit", Label("Audit log"), "clipboard-text", f"{_PAGES}.audit:AuditPage", _OFFICE, 3),
    PageEntry("tasks", Label("Task slips"), "note", f"{_PAGES}.tasks:TasksPage", group=2),
    PageEntry("search", Label("Search"), "magnifying-glass", f"{_PAGES}.search:SearchPalette", place="dialog"),
    PageEntry(
        "passphrase", Label("Change the passphrase"), "key", f"{_PAGES}.passphrase:PassphraseDialog", place="dialog"
    ),
    PageEntry(
        "peoplehere", Label("People on this computer"), "users", f"{_PAGES}.peoplehere:PeopleHereDialog", place="dialog"
    ),
    PageEntry(
        "drafts", Label("Left half written here"), "pencil-simple", f"{_PAGES}.drafts:DraftsDialog", place="dialog"
    ),
    PageEntry(
        "recovery", Label("Try the recovery sheet"), "key", f"{_PAGES}.recovery:RecoveryDialog", _OFFICE, place="dialog"
    ),
    PageEntry(
        "newsheet",
        Label("Make a new recovery sheet"),
        "key",
        f"{_PAGES}.newsheet:NewSheetDialog",
        _OFFICE,
        place="dialog",
    ),
    PageEntry("datakey", Label("A new data key"), "lock-key", f"{_PAGES}.datakey:DataKeyDialog", place="dialog"),
    PageEntry("reset", Label("A forgotten passphrase"), "key", f"{_PAGES}.reset:ResetDialog", _OFFICE, place="dialog"),
    PageEntry("report", Label("Report issue"), "flag-banner", f"{_PAGES}.report:ReportDialog", place="dialog"),
)


ALSO_CALLED: Mapping[str, Label] = MappingProxyType(
    {
        "merge": Label("receive, bundle, conflict, duplicate"),
        "today": Label("start visit, visit plan"),
        "buildings": Label("door, add a building"),
        "households": Label("resident, people, export"),
        "devices": Label("laptop, grid, staff, device bundle"),
        "backups": Label("back up, restore"),
        "sync": Label("hand over, receive, USB stick, bundle"),
        "roster": Label("import, roster, residents from Excel"),
        "settings": Label("language, text size, dark, about"),
        "retention": Label("retention, erase"),
        "records": Label("ledger, register, export"),
        "log": Label("log"),
        "audit": Label("audit, log"),
        "passphrase": Label("passphrase"),
        "peoplehere": Label("add a person who unlocks"),
        "drafts": Label("draft"),
        "recovery": Label("recovery sheet"),
        "newsheet": Label("recovery sheet"),
        "datakey": Label("data key"),
        "reset": Label("forgotten passphrase"),
    }
)
"""Other words a page, or what is done on it, is looked for by in the search box; commas between them."""


NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "merge": "READ CONFLICTS",
        "today": "MASKED VISITS",
        "buildings": "MASKED PEOPLE",
        "households": "MASKED PEOPLE",
        "household": "MASKED PEOPLE",
        "issues": "MASKED ISSUES",
        "devices": "READ DEVICES",
        "sync": "READ BUNDLES",
        "backups": "READ STORE",
        "visit": "CREATE VISITS",
        "roster": "IMPORT PEOPLE / CREATE STAFF / CHANGE ISSUES",
        "records": "READ STAFF",
        "log": "READ OWN_LOG",
        "audit": "READ AUDIT",
        "tasks": "READ TASKS",
        "search": "MASKED PEOPLE",
        "report": "CREATE ISSUES",
        "peoplehere": "READ KEYS",
        "drafts": "MASKED PEOPLE",
        "retention": "CHANGE RULES",
        "recovery": "CHANGE KEYS",
        "newsheet": "EXPORT KEYS",
        "datakey": "CHANGE KEYS",
        "reset": "ENROL DEVICES",
    }
)
"""What somebody must be allowed to find a page there (see Session.knows); of several deeds one is enough.

Forms of the duty roster, of training and posts are taken in on the page for ledgers by who keeps these, requests by
who is on duty.
"""


def permitted(session: "Session", entries: Sequence[PageEntry]) -> tuple[PageEntry, ...]:
    """The pages that the person at the keyboard may open. The others are absent, and so are their keys."""
    return tuple(entry for entry in entries if entry.name not in NEEDS or may_open(session, entry.name))


def may_open(session: "Session", name: str) -> bool:
    """Whether the person at the keyboard is allowed one of the deeds that a page is for."""
    return any(map(session.knows, NEEDS[name].split(" / ")))


def present(role: str, entries: Sequence[PageEntry] = ENTRIES) -> tuple[PageEntry, ...]:
    """The pages of a role that are built. What is not built is absent, not greyed out."""
    return tuple(
        entry for entry in entries if role in entry.roles and find_spec(entry.factory.partition(":")[0]) is not None
    )
