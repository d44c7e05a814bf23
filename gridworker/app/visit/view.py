"""The visit form as plain values: what stands on it before a word is written, in the current language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from gridworker.app.due.today_view import Sign
from gridworker.app.visit.entry import VisitEntry


@dataclass(frozen=True, slots=True)
class Choice:
    """One option. ``alone`` excludes the others."""

    value: str
    label: str
    digit: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One thing to look at: what it was last time, and the open issue about it, if there is one."""

    key: str
    label: str
    last: str = ""
    open_issue: str = ""
    severity: str = "S3"
    track: str = ""


@dataclass(frozen=True, slots=True)
class ReturnAsk:
    """An issue this household is to be asked about."""

    issue: int
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class NextDay:
    """A proposed day for the next visit and why; None where none is wanted."""

    day: date | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A number to call, masked. It is of a ``resident``, of a ``care_contact``, or of the household."""

    label: str
    masked: str
    resident: int | None = None
    care_contact: int | None = None


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """Everything on the form that is not written on it.

    ``next_days`` by what the visit comes to: met, phone, missed, gone. ``subjects`` are the residents it is for.
    """

    household: int
    name: str
    about: str
    signs: tuple[Sign, ...]
    note: str
    note_about: str
    recent: tuple[tuple[str, str], ...]
    matters: tuple[str, ...]
    contact: Contact | None
    emergency: tuple[Contact, ...]
    remark: str
    who: tuple[Choice, ...]
    more: tuple[Choice, ...]
    purposes: tuple[Choice, ...]
    checks: tuple[CheckItem, ...]
    returns: tuple[ReturnAsk, ...]
    answers: tuple[Choice, ...]
    severities: tuple[Choice, ...]
    phrases: tuple[str, ...]
    today: date
    next_days: Mapping[str, NextDay] = field(default_factory=dict)
    subjects: frozenset[int] = frozenset()
    visitor: str = ""
    sharing: bool = False


@dataclass(frozen=True, slots=True)
class EarlierVisit:
    """A visit that is written down; ``at`` is the time of day."""

    visit: int
    at: str


@dataclass(frozen=True, slots=True)
class OpenedVisit:
    """A form to fill in. ``kept_at`` is when its draft was last kept; None for a fresh one.

    ``room`` is the megabytes left on the disk where they run out; None where there are plenty. ``others`` are
    colleagues who began a visit here on this computer and did not finish it. ``earlier`` is the last visit that the
    same person made here today: who calls on a household and types it in twice is told so.
    """

    sheet: VisitSheet
    entry: VisitEntry
    kept_at: datetime | None = None
    room: int | None = None
    others: tuple[str, ...] = ()
    earlier: EarlierVisit | None = None


@dataclass(frozen=True, slots=True)
class FinishedVisit:
    """A visit written down. ``text`` says so; ``batch`` and ``fields`` are what taking it back needs."""

    household: int
    visit: int
    issues: tuple[int, ...]
    batch: int
    text: str
    fields: Mapping[str, object] = field(repr=False, default_factory=dict)
