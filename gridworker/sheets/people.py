"""What a ledger says, once read: residents, their households, and what was found on the way."""

from dataclasses import dataclass, field

from gridworker.sheets.contacts import Contact
from gridworker.sheets.findings import Finding
from gridworker.sheets.mapping import Layout, Mapping


@dataclass(slots=True)
class Household:
    """One door and who lives behind it. ``address`` is the text as written where no building was found in it."""

    building: str = ""
    unit: str = ""
    room: str = ""
    estate: str = ""
    number: str | None = None
    head: str | None = None
    address: str | None = None
    phone: str | None = None
    remark: str | None = field(default=None, repr=False)
    """What a list of households remarks of this one."""

    @property
    def key(self) -> str | None:
        """``building|unit|room``, None where nothing of it is known."""
        return f"{self.building}|{self.unit}|{self.room}" if self.building or self.room else None


@dataclass(slots=True)
class Resident:
    """One row. ``birth_date`` is ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; ``sex`` is 男, 女 or None.

    ``relation`` is the ledger's word, ``relation_code`` its code; ``status`` is a code of ``resident_status``;
    ``residence`` and ``change`` are the ledger's own words for how the person is registered and what changed.
    """

    sheet: str | None
    row: int
    name: str
    household: Household | None = None
    sex: str | None = None
    birth_date: str | None = None
    id_number: str | None = field(default=None, repr=False)
    id_last4: str | None = field(default=None, repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    relation: str | None = None
    relation_code: str | None = None
    tags: tuple[str, ...] = ()
    note: str | None = field(default=None, repr=False)
    status: str = "in_place"
    residence: str | None = None
    change: str | None = None
    gone_on: str | None = None
    """The day somebody died or moved out, where the ledger says it: ``YYYY-MM-DD``."""
    contact: Contact | None = field(default=None, repr=False)
    """Whom to ring in an emergency."""
    member: int = 0
    """Which of several people in the row."""

    def to_neutral(self) -> dict[str, object]:
        """The neutral form of one resident."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "name": self.name,
            "sex": self.sex,
            "birth_date": self.birth_date,
            "id_number": self.id_number,
            "phones": list(self.phones),
            "relation": self.relation,
            "tags": list(self.tags),
            "household_key": self.household.key if self.household else None,
            "note": self.note,
            "status": "active" if self.status == "in_place" else self.status,
        }


@dataclass(slots=True)
class Roster:
    """A ledger as read. ``rejected`` are the rows that are not imported, as far as they could be read, for mending."""

    households: list[Household] = field(default_factory=list)
    residents: list[Resident] = field(default_factory=list)
    rejected: list[Resident] = field(default_factory=list)
    passed_over: list[Resident] = field(default_factory=list)
    """Rows that say something of people and name nobody; no fault, but none is lost without a word."""
    findings: list[Finding] = field(default_factory=list)
    sheets: tuple[str | None, ...] = ()
    """The names of its sheets, in order."""
    layouts: list[Layout] = field(default_factory=list)
    mapping: Mapping = field(default_factory=Mapping)
    """What was chosen for its columns by hand, now or for a ledger like it."""
    ways: dict[str | None, str] = field(default_factory=dict)
    """How the sheets that are no list were turned into one, by their names (turned.py)."""
    turned_rows: dict[str | None, frozenset[int]] = field(default_factory=dict)
    """The rows of such sheets in which people stand then."""
    digest: str = ""
    apart: frozenset[tuple[str | None, int, int]] = frozenset()
    """Rows that a person told apart from whom they would be taken for (corrections.py)."""
    rows: int = 0
    """Rows that hold anything, headers, titles and sums included."""

    def to_neutral(self) -> dict[str, object]:
        """The neutral form of the roster corpus."""
        return {
            "households": [
                {"building": home.building, "unit": home.unit, "room": home.room, "head": home.head}
                for home in self.households
                if home.key
            ],
            "residents": [resident.to_neutral() for resident in self.residents],
            "problems": [finding.to_neutral() for finding in self.findings],
        }
