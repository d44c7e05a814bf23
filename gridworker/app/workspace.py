"""What a person can do: the one object the window and the command line hold.

Its services are made when first asked for, so opening a store loads only what the first page needs. Nothing above
this module knows a table, a bundle or a key.
"""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.session import Session
from gridworker.paths import Folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from gridworker.app.access.audit import Audit
    from gridworker.app.access.key_ring import KeyRing
    from gridworker.app.access.recovery import RecoveryTest
    from gridworker.app.access.resets import Resets
    from gridworker.app.attachment.attachments import Attachments
    from gridworker.app.backup.backups import Backups
    from gridworker.app.backup.care_of_store import CareOfStore
    from gridworker.app.backup.data_key import DataKey
    from gridworker.app.backup.plan import BackupPlan
    from gridworker.app.backup.self_check import SelfCheck
    from gridworker.app.building.buildings import Buildings
    from gridworker.app.drafts import Drafts
    from gridworker.app.exchange.bundles_back import BundlesBack
    from gridworker.app.exchange.clocks import Clocks
    from gridworker.app.exchange.compacting import Compacting
    from gridworker.app.exchange.devices import Devices
    from gridworker.app.exchange.exchange import Exchange
    from gridworker.app.exchange.grids import Grids
    from gridworker.app.exchange.watched import WatchedFolder
    from gridworker.app.household.care import HouseholdCare
    from gridworker.app.household.handovers import Handovers
    from gridworker.app.household.households import Households
    from gridworker.app.household.life import HouseholdLife
    from gridworker.app.household.needs import HouseholdNeeds
    from gridworker.app.household.people import People
    from gridworker.app.inbox.asides import Asides
    from gridworker.app.inbox.merge import Merge
    from gridworker.app.issue.issues import Issues
    from gridworker.app.issue.tasks import Tasks
    from gridworker.app.ledger.approvals import Approvals
    from gridworker.app.ledger.presets import Presets
    from gridworker.app.office_rules import OfficeRules
    from gridworker.app.register.records import Records
    from gridworker.app.rights.erasing import Erasing
    from gridworker.app.rights.person_file import PersonFiles
    from gridworker.app.rights.retention import Retention
    from gridworker.app.roster.rosters import Rosters
    from gridworker.app.search.alike import Alike
    from gridworker.app.search.search import Search
    from gridworker.app.staff.people_here import PeopleHere
    from gridworker.app.today.today import Today
    from gridworker.app.visit.visits import Visits
    from gridworker.store.intake.transaction import Commit, Progress
    from gridworker.store.keys.kdf import KdfProfile


class Workspace:
    """An open store with all that can be done in it."""

    def __init__(self, session: Session, close: "Callable[[], None]") -> None:
        self.session = session
        self._close = close

    @classmethod
    def open(
        cls,
        folder: Path,
        passphrase: str,
        *,
        slot: str | None = None,
        profile: "KdfProfile | None" = None,
        progress: "Progress | None" = None,
    ) -> "Workspace":
        """Open the store in ``folder``; read-only where another window is writing. ``slot``: as one person alone.

        ``progress`` is told how far an upgrade is, where there is one. Raises StoreMissing, WrongPassphrase,
        StoreNewer, StoreDamaged.
        """
        from gridworker.app.access.opening import open_session

        return cls(*open_session(Folder(folder), passphrase, profile, slot, progress))

    def close(self) -> None:
        """Close the store and forget its keys."""
        self._close()

    def lock(self) -> None:
        """Put on record that it is locked, and close. Keys and remembered words go though the row cannot be written."""
        from gridworker.app.access.locking import lock

        lock(self.session, self._close)

    def subscribe(self, listener: "Callable[[Commit], None]") -> "Callable[[], None]":
        """Be told after every commit what it touched. Returns the way to stop."""
        return self.session.subscribe(listener)

    @cached_property
    def records(self) -> "Records":
        """Any kind, by name: list, show, save, remove, history, undo."""
        from gridworker.app.register.records import Records

        return Records(self.session)

    @cached_property
    def today(self) -> "Today":
        """Whom to visit next and why."""
        from gridworker.app.today.today import Today

        return Today(self.session)

    @cached_property
    def visits(self) -> "Visits":
        """Beginning, keeping and finishing a visit."""
        from gridworker.app.visit.visits import Visits

        return Visits(self.session)

    @cached_property
    def drafts(self) -> "Drafts":
        """What is typed and not yet saved."""
        from gridworker.app.drafts import Drafts

        return Drafts(self.session)

    @cached_property
    def buildings(self) -> "Buildings":
        """Buildings and their doors."""
        from gridworker.app.building.buildings import Buildings

        return Buildings(self.session)

    @cached_property
    def households(self) -> "Households":
        """The list of households and one household's file."""
        from gridworker.app.household.households import Households
        from gridworker.app.household.roll import Roll

        return Households(self.session, self.session.shared(Roll))

    @cached_property
    def people(self) -> "People":
        """Residents: adding, changing, revealing a number."""
        from gridworker.app.household.people import People

        return People(self.session)

    @cached_property
    def alike(self) -> "Alike":
        """Who on the books may be the person just being typed."""
        from gridworker.app.search.alike import Alike

        return Alike(self.session)

    @cached_property
    def life(self) -> "HouseholdLife":
        """What happens to households: birth, death, moves, splitting, joining, another head."""
        from gridworker.app.household.life import HouseholdLife

        return HouseholdLife(self.session)

    @cached_property
    def care(self) -> "HouseholdCare":
        """The care files of households."""
        from gridworker.app.household.care import HouseholdCare

        return HouseholdCare(self.session)

    @cached_property
    def needs(self) -> "HouseholdNeeds":
        """What households asked for."""
        from gridworker.app.household.needs import HouseholdNeeds

        return HouseholdNeeds(self.session)

    @cached_property
    def issues(self) -> "Issues":
        """Issues from report to closing."""
        from gridworker.app.issue.issues import Issues

        return Issues(self.session)

    @cached_property
    def search(self) -> "Search":
        """Finding anyone and anything."""
        from gridworker.app.search.search import Search

        return Search(self.session, lambda: self.today)

    @cached_property
    def rosters(self) -> "Rosters":
        """Ledgers in and out."""
        from gridworker.app.roster.rosters import Rosters

        return Rosters(self.session)

    @cached_property
    def exchange(self) -> "Exchange":
        """Bundles to and from the other side."""
        from gridworker.app.exchange.exchange import Exchange

        return Exchange(self.session, self.backup_plan.before_merge, self.backups.renew)

    @cached_property
    def watched(self) -> "WatchedFolder":
        """A shared folder in which bundles come and go by themselves."""
        from gridworker.app.exchange.watched import WatchedFolder

        return WatchedFolder(self.session, self.exchange)

    @cached_property
    def merge(self) -> "Merge":
        """Conflicts waiting for a person."""
        from gridworker.app.inbox.merge import Merge

        return Merge(self.session)

    @cached_property
    def asides(self) -> "Asides":
        """Changes that were set aside, and the office's word on them."""
        from gridworker.app.inbox.asides import Asides

        return Asides(self.session)

    @cached_property
    def bundles_back(self) -> "BundlesBack":
        """Taking bundles back, and bringing them back."""
        from gridworker.app.exchange.bundles_back import BundlesBack

        return BundlesBack(self.session)

    @cached_property
    def care_of_store(self) -> "CareOfStore":
        """The digest and the self-check."""
        from gridworker.app.backup.care_of_store import CareOfStore

        return CareOfStore(self.session)

    @cached_property
    def compacting(self) -> "Compacting":
        """Letting go of what was replaced."""
        from gridworker.app.exchange.compacting import Compacting

        return Compacting(self.session)

    @cached_property
    def erasing(self) -> "Erasing":
        """Forgetting a person."""
        from gridworker.app.rights.erasing import Erasing

        return Erasing(self.session, self.backups)

    @cached_property
    def retention(self) -> "Retention":
        """How long things are kept, and letting go of what is due."""
        from gridworker.app.rights.retention import Retention

        return Retention(self.session, self.backups)

    @cached_property
    def person_files(self) -> "PersonFiles":
        """One person's own file, for them."""
        from gridworker.app.rights.person_file import PersonFiles

        return PersonFiles(self.session, self.attachments)

    @cached_property
    def keys(self) -> "KeyRing":
        """The public keys known here, and the office's own, sealed."""
        from gridworker.app.access.key_ring import KeyRing

        return KeyRing(self.session)

    @cached_property
    def data_key(self) -> "DataKey":
        """Another data key for this store."""
        from gridworker.app.backup.data_key import DataKey

        return DataKey(self.session, self.backups)

    @cached_property
    def people_here(self) -> "PeopleHere":
        """Who opens these data by which passphrase."""
        from gridworker.app.staff.people_here import PeopleHere

        return PeopleHere(self.session)

    @cached_property
    def resets(self) -> "Resets":
        """At the office: answers to laptops whose passphrase was forgotten."""
        from gridworker.app.access.resets import Resets

        return Resets(self.session)

    @cached_property
    def recovery(self) -> "RecoveryTest":
        """At the office: trying the recovery sheet, and making another one."""
        from gridworker.app.access.recovery import RecoveryTest

        return RecoveryTest(self.session, self.backups)

    @cached_property
    def attachments(self) -> "Attachments":
        """Photos and papers."""
        from gridworker.app.attachment.attachments import Attachments

        return Attachments(self.session)

    @cached_property
    def backups(self) -> "Backups":
        """Verified backups of this store."""
        from gridworker.app.backup.backups import Backups

        return Backups(self.session)

    @cached_property
    def backup_plan(self) -> "BackupPlan":
        """When a backup is due, and the second place."""
        from gridworker.app.backup.plan import BackupPlan

        return BackupPlan(self.session, self.backups)

    @cached_property
    def self_check(self) -> "SelfCheck":
        """Whether the store is sound, in words."""
        from gridworker.app.backup.self_check import SelfCheck

        return SelfCheck(self.session)

    @cached_property
    def devices(self) -> "Devices":
        """Grids, staff, laptops and their kits."""
        from gridworker.app.exchange.devices import Devices

        return Devices(self.session)

    @cached_property
    def clocks(self) -> "Clocks":
        """Which clocks are wrong, and the office's corrections."""
        from gridworker.app.exchange.clocks import Clocks

        return Clocks(self.session)

    @cached_property
    def grids(self) -> "Grids":
        """Which laptop holds which grids; grids renamed, split and merged."""
        from gridworker.app.exchange.grids import Grids

        return Grids(self.session)

    @cached_property
    def handovers(self) -> "Handovers":
        """Households that a worker asks to be put into another grid."""
        from gridworker.app.household.handovers import Handovers

        return Handovers(self.session)

    @cached_property
    def audit(self) -> "Audit":
        """Who looked at what, and who did what."""
        from gridworker.app.access.audit import Audit

        return Audit(self.session)

    @cached_property
    def approvals(self) -> "Approvals":
        """Exports that need the office's word."""
        from gridworker.app.ledger.approvals import Approvals

        return Approvals(self.session)

    @cached_property
    def presets(self) -> "Presets":
        """How superiors want their ledgers."""
        from gridworker.app.ledger.presets import Presets

        return Presets(self.session)

    @cached_property
    def rules(self) -> "OfficeRules":
        """Rules the office sets for everybody."""
        from gridworker.app.office_rules import OfficeRules

        return OfficeRules(self.session, self.backups)

    @cached_property
    def tasks(self) -> "Tasks":
        """What somebody was asked to do: the one thing a volunteer sees."""
        from gridworker.app.issue.tasks import Tasks

        return Tasks(self.session)
