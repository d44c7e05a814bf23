"""Who may do what with which records: the one table of role x action x record class (domain.md 7.1-7.3, 7.5).

A row is a class of records, a column a role, a cell the letters of the actions the role may do. What is in no cell is
refused, to everybody; so is everything to a role that a newer version brought and this one does not know.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from gridworker.errors import Denied
from gridworker.text import Label, gettext


class Action(StrEnum):
    """What can be done; the value is the letter of the table."""

    READ = "r"
    MASKED = "m"
    """Read as share mode shows it: surname and door, no numbers, tags, notes."""
    REVEAL = "v"
    SEARCH = "n"
    CREATE = "c"
    CHANGE = "w"
    DELETE = "d"
    IMPORT = "i"
    EXPORT = "x"
    PRINT = "p"
    EXCHANGE = "g"
    DECIDE = "j"
    APPROVE = "a"
    ENROL = "e"
    ERASE = "z"


class Matter(StrEnum):
    """The classes of records, and of what is no record: bundles, the store itself, settings, keys, a task slip."""

    AREAS = "areas"
    PLACES = "places"
    PEOPLE = "people"
    CARE = "care"
    VISITS = "visits"
    ISSUES = "issues"
    FILES = "files"
    STAFF = "staff"
    DEVICES = "devices"
    HANDOVERS = "handovers"
    CONFLICTS = "conflicts"
    AUDIT = "audit"
    OWN_LOG = "own_log"
    BUNDLES = "bundles"
    STORE = "store"
    SETTINGS = "settings"
    RULES = "rules"
    KEYS = "keys"
    TASKS = "tasks"


ROLES = ("grid_worker", "branch_secretary", "building_head", "duty", "office", "administrator", "auditor", "volunteer")
"""The columns of the table."""

# A building head's own building is not written down anywhere, so of people they see no more than share mode shows.
# The keys that are given out (x) open every bundle and every store in clear, which the administrator has no view of.
# Nor may they enrol: a kit, an answer to a forgotten passphrase and a lost laptop let in again open whole grids.
_TABLE = """
            grid_worker  branch_secretary  building_head  duty  office        administrator  auditor  volunteer
areas       r            r                 r              r     rcwd          rcwd           r        -
places      rcwd         rcwd              r              r     rcwd          r              -        -
people      rvncwdixp    rvncwdixp         m              m     rvncwdixpzja  m              -        -
care        rvcwd        rvcwdj            -              -     rvcwdjz       -              -        -
visits      rvcwdp       rvcwdp            m              -     rvcwdpz       m              -        -
issues      rvcwd        rvcwdj            mc             rvcw  rvcwdjz       m              -        -
files       rcwdx        rcwdx             -              rcw   rcwdxz        -              -        -
staff       rv           rv                r              r     rvcwdz        rvcwd          r        -
devices     r            r                 r              r     rcwde         rcwd           r        -
handovers   rc           rc                -              -     rcj           r              -        -
conflicts   r            r                 -              -     rj            -              -        -
audit       -            -                 -              -     rxp           -              rxp      -
own_log     r            r                 r              r     r             r              r        -
bundles     rg           rg                rg             rg    rg            rg             r        -
store       rcw          rcw               rcw            rcw   rcw           rcw            r        -
settings    rw           rw                rw             rw    rw            rw             r        -
rules       r            r                 r              r     rw            rw             r        -
keys        rw           rw                r              r     rwx           rw             r        -
tasks       -            -                 -              -     -             -              -        r
"""

MATTER_OF: Mapping[str, Matter] = MappingProxyType(
    {
        "community": Matter.AREAS,
        "grid": Matter.AREAS,
        "building": Matter.PLACES,
        "dwelling": Matter.PLACES,
        "household": Matter.PEOPLE,
        "resident": Matter.PEOPLE,
        "household_member": Matter.PEOPLE,
        "consent": Matter.PEOPLE,
        "merchant": Matter.PLACES,
        "export_preset": Matter.RULES,
        "ledger_columns": Matter.RULES,
        "care_membership": Matter.CARE,
        "care_contact": Matter.CARE,
        "visit": Matter.VISITS,
        "issue": Matter.ISSUES,
        "issue_step": Matter.ISSUES,
        "issue_party": Matter.ISSUES,
        "need": Matter.ISSUES,
        "service_request": Matter.ISSUES,
        "volunteer_service": Matter.VISITS,
        "duty_shift": Matter.STAFF,
        "training_record": Matter.STAFF,
        "post_assignment": Matter.STAFF,
        "disclosure": Matter.STAFF,
        "attachment": Matter.FILES,
        "staff": Matter.STAFF,
        "device": Matter.DEVICES,
        "device_grid": Matter.DEVICES,
        "clock_correction": Matter.DEVICES,
        "handover_request": Matter.HANDOVERS,
        "audit_event": Matter.AUDIT,
    }
)
"""Every kind of record is of one class; a guard test holds it."""


def matter_of(kind: str) -> Matter:
    """The class of a kind. One that was forgotten here is kept as closely as people are."""
    return MATTER_OF.get(kind, Matter.PEOPLE)


def _read(table: str) -> Mapping[tuple[str, Matter], frozenset[Action]]:
    head, *lines = (line.split() for line in table.strip().splitlines())
    if tuple(head) != ROLES or [line[0] for line in lines] != list(Matter):
        raise ValueError("the table of rights names other roles or classes than there are")
    return {
        (role, Matter(name)): frozenset(Action(letter) for letter in cell if letter != "-")
        for name, *cells in lines
        for role, cell in zip(head, cells, strict=True)
    }


_RIGHTS = MappingProxyType(_read(_TABLE))

STORE_KEPT = frozenset({(Action.READ, Matter.STORE), (Action.CREATE, Matter.STORE)})
"""What the program does by itself, whoever is at the keyboard: backups that are due, and the daily check."""


def may(role: str | None, action: Action, matter: Matter) -> bool:
    """Whether somebody of a role may do that. Who may read may read masked."""
    found = _RIGHTS.get((role or "", matter), frozenset())
    return action in found or (action is Action.MASKED and Action.READ in found)


def rises(role: str | None, to: str | None) -> bool:
    """Whether another role may do anything that this one may not; a task slip of one's own is nothing more."""
    matters = [matter for matter in Matter if matter is not Matter.TASKS]
    return any(may(to, action, matter) and not may(role, action, matter) for matter in matters for action in Action)


def refusal(role: str | None, action: Action, matter: Matter) -> Denied:
    """Why not, and who may."""
    allowed = [one for one in ROLES if may(one, action, matter)]
    deed = {"deed": ACTION_WORDS[action], "what": MATTER_WORDS[matter], "role": _Role(role)}
    if not allowed:
        return Denied("“{deed}: {what}” is open to nobody.", **deed)
    return Denied("“{deed}: {what}” is not for your role, {role}. It is for: {roles}.", **deed, roles=_Roles(allowed))


def _called(role: str) -> str:
    # Not at the top: code lists load the database, and the unlock page is painted before that.
    from gridworker.domain.codes_office import STAFF_ROLE

    return STAFF_ROLE.label(role)


class _Role:
    """A role, said in the language in which the sentence is shown."""

    def __init__(self, role: str | None) -> None:
        self._role = role

    def __str__(self) -> str:
        return _called(self._role) if self._role else gettext("without a role")


class _Roles:
    def __init__(self, roles: list[str]) -> None:
        self._roles = roles

    def __str__(self) -> str:
        return gettext(", ").join(map(_called, self._roles))


ACTION_WORDS: Mapping[Action, Label] = MappingProxyType(
    {
        Action.READ: Label("Read"),
        Action.MASKED: Label("Read, masked"),
        Action.REVEAL: Label("Show in clear"),
        Action.SEARCH: Label("Search by number"),
        Action.CREATE: Label("Add"),
        Action.CHANGE: Label("Change"),
        Action.DELETE: Label("Remove"),
        Action.IMPORT: Label("Import"),
        Action.EXPORT: Label("Export"),
        Action.PRINT: Label("Print"),
        Action.EXCHANGE: Label("Hand over and take in"),
        Action.DECIDE: Label("Decide"),
        Action.APPROVE: Label("Approve an export"),
        Action.ENROL: Label("Enrol"),
        Action.ERASE: Label("Erase"),
    }
)

MATTER_WORDS: Mapping[Matter, Label] = MappingProxyType(
    {
        Matter.AREAS: Label("Grids"),
        Matter.PLACES: Label("Buildings and doors"),
        Matter.PEOPLE: Label("Households and people"),
        Matter.CARE: Label("Care"),
        Matter.VISITS: Label("Visits"),
        Matter.ISSUES: Label("Issues"),
        Matter.FILES: Label("Photos and papers"),
        Matter.STAFF: Label("Staff"),
        Matter.DEVICES: Label("Devices"),
        Matter.HANDOVERS: Label("Requests for another grid"),
        Matter.CONFLICTS: Label("What needs a decision"),
        Matter.AUDIT: Label("Audit log"),
        Matter.OWN_LOG: Label("Who looked at what"),
        Matter.BUNDLES: Label("Bundles"),
        Matter.STORE: Label("The store and its backups"),
        Matter.SETTINGS: Label("Settings of this computer"),
        Matter.RULES: Label("Rules for everybody"),
        Matter.KEYS: Label("Keys and passphrases"),
        Matter.TASKS: Label("Task slips"),
    }
)
