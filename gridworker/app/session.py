"""Who is at the keyboard, at which store, and what time it is: what every service of the Workspace works with."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from threading import local
from typing import TYPE_CHECKING, Any, TypeVar

from gridworker.errors import Denied, NotFound, StoreBusy

if TYPE_CHECKING:
    from gridworker.domain.rights import Action, Matter
    from gridworker.paths import Folder
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.health.freshness import Reason
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.keys.vault import Keys
    from gridworker.store.store import Beside, Store
    from gridworker.store.tables.changes import Change
    from gridworker.store.tables.creations import NewRecords

T = TypeVar("T")

LOCAL = timezone(timedelta(hours=8), "+08:00")
"""Times are stored in UTC and shown in the one zone of the country (domain.md, decision 4)."""


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def steady() -> tuple[float, str]:
    """Seconds since the computer was started, and which start that was: nobody can set that clock."""
    from gridworker.store.engine.machine import since_start

    return since_start()


@dataclass
class Session:
    """An open store and the person working in it. ``now`` is the wall clock, passed in so that tests can hold it."""

    store: "Store"
    folder: "Folder"
    keys: "Keys"
    who: int
    writer: str | None = None
    """The name of the person writing in another window; None where this one writes."""
    now: Callable[[], datetime] = utc_now
    steady: Callable[[], tuple[float, str]] = steady
    is_sample: bool = False
    """A sample community: it says so on every page."""
    profile: "KdfProfile | None" = None
    """The cost of the key slots, where it is not the usual one."""
    started: "Reason | None" = None
    """Why the store is not taken for the one that was closed here last; see self_check.py."""
    salvaged: int = 0
    """Entries of the log that were taken out of a damaged store while this one was opened; see after_restore.py."""
    damaged_pages: int = 0
    """Pages of that store which could not be read."""
    _listeners: list[Callable[["Commit"], None]] = field(default_factory=list)
    _staff: "dict[str, Value] | None" = None
    _safekeeping: local = field(default_factory=local)
    _held: local = field(default_factory=local)
    _shared: dict[object, Any] = field(default_factory=dict)

    def shared(self, make: "Callable[[Session], T]") -> T:
        """What several services work with, made by whoever asks first."""
        if make not in self._shared:
            self._shared.setdefault(make, make(self))
        found: T = self._shared[make]
        return found

    @property
    def read_only(self) -> bool:
        """Whether another window is the writer."""
        return self.writer is not None

    @property
    def is_office(self) -> bool:
        """Whether this is the office's store."""
        return self.store.identity.is_office

    @property
    def laptop(self) -> int:
        """The number of this computer; 0 at the office."""
        return self.store.identity.laptop

    @property
    def role(self) -> str | None:
        """What the person at the keyboard is here (rights.py); None for who is not at work any more, or unknown."""
        if self._staff is None or self.read_only:
            self._staff = self.store.get("staff", self.who) or self._not_come_yet()
        return None if self._staff.get("active") == 0 else str(self._staff.get("role") or "") or None

    def _not_come_yet(self) -> "dict[str, Value]":
        """A large kit comes in parts: until a laptop's own person has come, they are what kits are made for.

        One who was deleted has a history, and no role. Of an office all that tells who works there may have been on
        pages that are lost: until it comes back with a bundle, which somebody has to take in, whom the store was made
        for is of the office.
        """
        from gridworker.store.history import history
        from gridworker.store.last_office import LEAD, leads
        from gridworker.store.log.op import What
        from gridworker.store.meta import Meta

        with self.store.cursor() as cursor:
            events = history(cursor, self.who)
            if not self.is_office:
                return {} if events else {"role": "grid_worker"}
            is_founder = self.who == Meta(cursor).number("person")
            is_gone = any(event.what is What.DELETE for event in events)
            return {"role": LEAD} if is_founder and not is_gone and not leads(cursor) else {}

    def may(self, action: "Action", matter: "Matter") -> bool:
        """Whether the person at the keyboard may do that (rights.py)."""
        from gridworker.domain.rights import STORE_KEPT, may

        if (action, matter) in STORE_KEPT and getattr(self._safekeeping, "on", False):
            return True
        return may(self.role, action, matter)

    @contextmanager
    def safekeeping(self) -> Iterator[None]:
        """In this thread: backups and checks that the program makes by itself are nobody's right and owed to all."""
        self._safekeeping.on = True
        try:
            yield
        finally:
            self._safekeeping.on = False

    def can(self, deed: str) -> bool:
        """The same for a window that asks before it offers: ``can("CREATE VISITS")``; false where read-only."""
        return not self.read_only and self.knows(deed)

    def knows(self, deed: str) -> bool:
        """The same for what only shows: ``knows("MASKED PEOPLE")``."""
        from gridworker.domain.rights import Action, Matter

        action, matter = deed.split()
        return self.may(Action[action], Matter[matter])

    def refusal(self, deed: str) -> "Denied":
        """Why the person at the keyboard may not do something, and who may."""
        from gridworker.domain.rights import Action, Matter, refusal

        action, matter = deed.split()
        return refusal(self.role, Action[action], Matter[matter])

    @property
    def person(self) -> str:
        """The name of the person at the keyboard."""
        return str((self.store.get("staff", self.who) or {}).get("name") or "")

    def grids(self) -> list[int]:
        """The grids this laptop holds; at the office all of them."""
        from gridworker.store.records import page
        from gridworker.store.scope.scope import grids_of

        with self.store.db.read() as connection:
            if self.is_office:
                return [id_ for id_, _ in page(connection, "grid", limit=10_000)]
            return grids_of(connection, self.store.identity.laptop)

    def require_grid(self, grid: int) -> None:
        """Raise NotFound where this laptop does not hold a grid: it has not all of it, and may not add to it.

        Of a large kit that comes in parts it may hold none yet that it knows of.
        """
        held = self.grids()
        if not self.is_office and held and grid not in held:
            name = (self.store.get("grid", grid) or {}).get("name") or grid
            raise NotFound("This laptop does not hold the grid {name}; that is for the office to do.", name=name)

    def today(self) -> date:
        """The day it is here."""
        return self.now().astimezone(LOCAL).date()

    def stamp(self) -> str:
        """Now, as moments are stored."""
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def new_id(self) -> int:
        """An id for a record to be created."""
        return self.store.new_id()

    def new_ids(self) -> Iterator[int]:
        """Ids for very many records."""
        return self.store.new_ids()

    def write(
        self,
        changes: "Sequence[Change]",
        name: str,
        beside: "Beside | None" = None,
        new: "NewRecords | None" = None,
        **act: "Value",
    ) -> "Commit":
        """Save what the person did as one act. Raises StoreBusy in a read-only window, Denied, Invalid, Problem.

        ``beside`` writes in the same transaction what is no record, like dropping the draft that became one; ``new``
        are records to be made beside the changes.
        """
        from gridworker.app.id_keeping import as_kept, new_as_kept
        from gridworker.store.tables.changes import Act

        self.require_writer()
        self._refuse_last_here(changes)
        changes = as_kept(self.store, changes)
        new = new_as_kept(self.store, new) if new else None
        commit = self.store.write(changes, Act(name, self.who, **act), beside, new)  # type: ignore[arg-type]  # fields of Act by name
        self.announce(commit)
        return commit

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is read and written within is one transaction: nobody writes in between. Listeners hear of it after."""
        self._held.commits = held = list["Commit"]()
        try:
            with self.store.together():
                yield
        finally:
            self._held.commits = None
        for commit in held:
            self.announce(commit)

    def _refuse_last_here(self, changes: "Sequence[Change]") -> None:
        """Somebody of the community office can unlock the office afterwards: others in the books open nothing."""
        leaving = {one.record for one in changes if one.kind == "staff" and not one.create and _leaves_office(one)}
        if not leaving or not self.is_office:
            return
        from gridworker.app.last_here import people_of_slots, refuse_last_here

        refuse_last_here(self, leaving, people_of_slots(self).values())

    def note(self, name: str, beside: "Beside | None" = None, **audit: "Value") -> None:
        """Put something on record that changes no record: a reveal, an export, a search by number.

        ``beside`` writes in the same transaction what it did change. Raises StoreBusy in a read-only window: what
        cannot be put on record is not done.
        """
        from gridworker.store.tables.changes import Act

        self.require_writer()
        self.store.write([], Act.note(name, self.who, **audit), beside)

    def change_setting(self, setting: str, value: "int | str", name: str, **audit: "Value") -> None:
        """Change a setting of this store and put it on record, in one transaction: never one without the other.

        Raises StoreBusy in a read-only window.
        """
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.meta import Meta

        def beside(connection: "Connection", _commit: "Commit") -> None:
            Meta(raw_cursor(connection)).set(setting, value)

        self.note(name, beside, **audit)

    @property
    def writing_elsewhere(self) -> StoreBusy | None:
        """Who is the writer in another window, in a sentence; None where this one is."""
        if self.writer is None:
            return None
        return StoreBusy("{name} is writing in another window. This one only shows.", name=self.writer)

    def break_off(self, patience: float) -> bool:
        """Before the lock: end what another thread writes and does not end within so many seconds; all of it goes back.

        Returns whether that was needed.
        """
        return self.store.db.break_off(patience)

    def stop_looking(self) -> None:
        """Before the lock: end what other threads read only to look (looking.py); whoever saves goes on."""
        self.store.db.stop_looking()

    def require_writer(self) -> None:
        """Raise StoreBusy where another window is the writer."""
        if busy := self.writing_elsewhere:
            raise busy

    def subscribe(self, listener: "Callable[[Commit], None]") -> Callable[[], None]:
        """Call ``listener`` after every commit of this session, in the thread that wrote. Returns the way to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def announce(self, commit: "Commit") -> None:
        """Tell the listeners what a commit touched."""
        held: list[Commit] | None = getattr(self._held, "commits", None)
        if held is not None:
            held.append(commit)
            return
        if "staff" in commit.touched:
            self._staff = None
        if commit.batch:
            for listener in list(self._listeners):
                listener(commit)


def _leaves_office(change: "Change") -> bool:
    """Whether somebody would not be of the community office at work, if they are."""
    role, active = change.values.get("role", "office"), change.values.get("active", 1)
    return change.alive is False or role != "office" or not active
