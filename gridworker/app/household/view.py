"""Households as plain values: a row of the list, the side panel, the whole file; masked where somebody looks on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridworker.app.due.today_view import Sign


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One household in the list."""

    id: int
    name: str
    door: str
    people: str
    cares: tuple[Sign, ...]
    last: str
    due: Sign | None = None


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person of a household. ``phone`` and ``id_number`` are masked; '' where none is kept.

    ``contested`` names the fields with two values; ``child`` is under 14.
    """

    resident: int
    membership: int
    name: str
    relation: str
    age: str = ""
    phone: str = ""
    id_number: str = ""
    aside: str = ""
    contested: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    child: bool = False


@dataclass(frozen=True, slots=True)
class IssueView:
    """An open issue of a household: what it is, where it stands, what is known of it."""

    id: int
    title: str
    state: str
    about: str
    track: str = ""
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class ContactView:
    """Whom to ring in an emergency, with what they are to the person in care; the number masked."""

    id: int
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class CareView:
    """A care membership in force."""

    id: int
    sign: Sign
    about: str
    contacts: tuple[ContactView, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedView:
    """An open need, in the order of the queue."""

    id: int
    title: str
    about: str
    state: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class CheckView:
    """One thing looked at on the last visit with checks. ``mark``: ok, problem, not_checked."""

    key: str
    label: str
    mark: str


@dataclass(frozen=True, slots=True)
class MomentView:
    """One moment of the timeline. ``part``: visit, issue, need, change; ``icon`` says what of it.

    ``change`` is an old and a new value; ``year`` starts a new year.
    """

    key: tuple[str, int, str]
    part: str
    icon: str
    title: str
    right: str
    body: str = ""
    change: tuple[str, str] | None = None
    signs: tuple[Sign, ...] = ()
    year: str = ""


@dataclass(frozen=True, slots=True)
class WishView:
    """Somebody, or something kept about them, that is to be forgotten: its kind and number, their name, what is said.

    ``here``: it was asked on this computer, which can take it back.
    """

    kind: str
    record: int
    whom: str
    words: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class HomeView:
    """What panel and file have in common: who, where, when next and why."""

    id: int
    name: str
    about: str
    door: str
    place: str
    house: str
    signs: tuple[Sign, ...]
    last: str
    next_on: str
    overdue: str
    why: str
    note: str = ""
    note_about: str = ""
    issues: tuple[IssueView, ...] = ()
    members: tuple[PersonView, ...] = ()
    sharing: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """One household's file. ``before`` and ``after`` are its neighbours by door; ``strips`` by what they are about."""

    home: HomeView
    people: str
    contact: str
    former: tuple[PersonView, ...] = ()
    needs: tuple[NeedView, ...] = ()
    cares: tuple[CareView, ...] = ()
    checks: tuple[CheckView, ...] = ()
    checked_on: str = ""
    wish: str = ""
    moments: tuple[MomentView, ...] = ()
    strips: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[WishView, ...] = ()
    """Who of it wishes to be forgotten, as far as nobody answered."""
    before: int | None = None
    after: int | None = None
    behind: tuple[tuple[int, str], ...] = ()
    """Other households behind the same door, the next one first, and what they are called."""
    may_visit: bool = True
    may_edit: bool = True
