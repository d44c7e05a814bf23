"""More kinds of work: a ledger taken in, ledgers written out, another data key, a backup put back, an erasure.

And an office that is set up.
"""

from contextlib import closing

import openpyxl

from gridworker.app.access.founding import Founding, found_office
from gridworker.app.access.opening import open_session, open_with_keys
from gridworker.app.backup.restoring import Restoring
from gridworker.app.openers import finish_cut_off, is_set_up
from gridworker.app.roster.export import ExportWish
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.sheets.write import Table, write_table
from gridworker.store.backup.moving_in import STAGING
from gridworker.store.backup.restore import stores_aside
from gridworker.store.engine.database import Database
from gridworker.store.health.check import check
from gridworker.store.health.freshness import Reason, has_log
from gridworker.store.health.lives import freshen, raise_mark
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.resealing import resealed
from gridworker.store.keys.vault import Keys, Vault
from gridworker.store.records import page
from gridworker.store.rekey import finish, rekey
from gridworker.store.store import Store
from tests.builders import DEK
from tests.circle import PASSPHRASE
from tests.convergence.forgotten import lies
from tests.disk.ground import BUNDLES, KEYS, LAPTOP, OFFICE, opened, require, require_sound
from tests.disk.phases import PHASES, Phase, Tell
from tests.pages import found_in
from tests.village import HandClock

LEDGER = ("姓名", "性别", "与户主关系", "联系电话", "楼栋", "单元", "室")
OTHER = Keys(bytes(range(100, 132)))


class TakingIn(Phase):
    """The office takes a ledger in: all of it or nothing."""

    name = "taking a ledger in"
    people = 30

    def prepare(self) -> None:
        rows = [
            [f"王{chr(0x4E00 + n)}", "女", "户主", f"138{n:08d}", "9", "1", f"{n + 1}02"] for n in range(self.people)
        ]
        write_table(self.folder / "ledger.xlsx", Table("居民台账", LEDGER, rows))

    def work(self, tell: Tell) -> None:
        with opened(self.folder, OFFICE) as office:
            office.rosters.save(office.rosters.preview(self.folder / "ledger.xlsx", office.session.grids()[0]))
            tell()

    def look(self, told: int) -> None:
        with opened(self.folder, OFFICE) as office:
            require_sound(office)
            names = [str(one.values["name"]) for one in office.records.page("resident", limit=500)]
        came = sum(name.startswith("王") for name in names)
        require(came in ((self.people,) if told else (0, self.people)), f"{came} of {self.people} came")


class WritingOut(Phase):
    """The office writes ledgers out: a file that has its name is whole, and the audit knows of it."""

    name = "writing ledgers out"
    times = 2

    def work(self, tell: Tell) -> None:
        with opened(self.folder, OFFICE) as office:
            for number in range(self.times):
                path = self.folder / "stick" / f"out-{number}.xlsx"
                office.rosters.export(ExportWish(path, "check", office.session.grids()[0]))
                tell()

    def look(self, told: int) -> None:
        with opened(self.folder, OFFICE) as office:
            require_sound(office)
            noted = len(office.records.page("audit_event", where={"action": "export"}))
        files = sorted((self.folder / "stick").glob("out-*.xlsx"))
        for file in files:
            require(bool(openpyxl.load_workbook(file).worksheets), "half a file has a name")
        require(told <= len(files) <= noted, f"{told} told, {len(files)} there, {noted} on record")


class ChangingDataKey(Phase):
    """A laptop's store is put under another data key: the old one opens it whole, or the new one does."""

    name = "changing the data key"

    def work(self, tell: Tell) -> None:
        home = Folder(self.folder / LAPTOP)
        finish(home)
        rekey(home, KEYS, OTHER, resealed(Vault(home, CHEAP), KEYS, OTHER, PASSPHRASE))
        tell()

    def start(self) -> None:
        self._keys_of_what_is_left()

    def look(self, told: int) -> None:
        keys = self._keys_of_what_is_left()
        require(not told or keys.dek != DEK, "the old key is back")

    def _keys_of_what_is_left(self) -> Keys:
        """Open it by its passphrase; it is whole."""
        home = Folder(self.folder / LAPTOP)
        finish(home)
        keys = Vault(home, CHEAP).open(PASSPHRASE)
        there = has_log(home)
        with closing(Database(home.database, keys.dek)) as db:
            store = Store.open(db, keys.derive("chain"), wall=HandClock().ms)
            reason = freshen(store, home, keys, log_there=there).reason
            raise_mark(store, home, keys)
            faults = check(store)
            note = (store.get("resident", self.ground.resident) or {})["note"]
        require(not faults, f"not sound: {faults}")
        require(note == f"{BUNDLES}", "what was written is gone")
        require(reason in (None, Reason.COPIED), f"{reason}")  # a disk that is laid out anew has other files
        return keys


class PuttingBack(Phase):
    """A backup is put back on a laptop: what it had before lies aside, or, where nobody was told so, is there.

    Where the disk failed while what is newer was looked for, that is taken over too, as from a damaged store.
    """

    name = "putting a backup back"

    def prepare(self) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            self.backup = laptop.backups.make().path
            laptop.records.save("resident", {"note": "later"}, self.ground.resident)

    def work(self, tell: Tell) -> None:
        home = Folder(self.folder / LAPTOP)
        Restoring(self.backup, home.root, KEYS, profile=CHEAP).restore()
        tell()

    def start(self) -> None:
        self._note_of_what_is_left()

    def look(self, told: int) -> None:
        note = self._note_of_what_is_left()
        require(note in (f"{BUNDLES}", "later"), f"{note} is there")
        require(
            not told or bool(stores_aside(Folder(self.folder / LAPTOP))),
            "what was there before is nowhere though it was told",
        )

    def _note_of_what_is_left(self) -> object:
        """As a start finds it; it is whole, and nothing lies about that nobody knows of."""
        home = Folder(self.folder / LAPTOP)
        finish_cut_off(home)
        require(not (home.root / STAGING).exists(), "something was left")
        session, close = open_with_keys(home, KEYS, CHEAP)
        try:
            require(not check(session.store), "not sound")
            return (session.store.get("resident", self.ground.resident) or {})["note"]
        finally:
            close()


class Erasing(Phase):
    """The office erases what stands in its store, in a bundle of its outbox and in a backup: everywhere or nowhere.

    Where it is cut off before anybody was told, the program does the rest by itself when it is next at its chores.
    """

    name = "erasing"
    device = OFFICE
    word = "金丝雀九九"

    def prepare(self) -> None:
        with opened(self.folder, OFFICE) as office:
            office.records.save("resident", {"note": self.word}, self.ground.resident)
            office.exchange.pack(self.folder / "stick", 1)
            office.backups.make()
            require(len(self._places(office)) == len({"store", "bundle", "backup"}), "it is not where it was put")

    def work(self, tell: Tell) -> None:
        with opened(self.folder, OFFICE) as office:
            office.erasing.erase("resident", self.ground.resident, ("note",))
            tell()

    def look(self, told: int) -> None:
        with opened(self.folder, self.device) as device:
            require_sound(device)
            there = device.records.show("resident", self.ground.resident).values["note"] is not None
            require(not (told and there), "what was erased is back")
            if not there and not told:
                device.backup_plan.keep_up()
            left = self._places(device)
        require(there or not left, f"it is erased, and stands in {left}")
        require(not there or bool(left), "it is nowhere any more, and the store shows it")

    @staticmethod
    def _places(device: Workspace) -> list[str]:
        copies = [path for path in device.session.folder.backups.rglob("store.db") if found_in(path, [Erasing.word])]
        return [*lies(device, [Erasing.word]), *map(str, copies)]


class HearingOfIt(Erasing):
    """A laptop takes in a reply by which the office erases what stands in the laptop's store, outbox and backup."""

    name = "hearing of an erasure"
    device = LAPTOP

    def prepare(self) -> None:
        stick = self.folder / "stick"
        with opened(self.folder, LAPTOP) as laptop:
            laptop.records.save("resident", {"note": self.word}, self.ground.resident)
            brought = laptop.exchange.pack(stick)
            laptop.backups.make()
            require(len(self._places(laptop)) == len({"store", "bundle", "backup"}), "it is not where it was put")
        with opened(self.folder, OFFICE) as office:
            office.exchange.merge(brought)
            office.erasing.erase("resident", self.ground.resident, ("note",))
            self.reply = office.exchange.pack(stick, 1)

    def work(self, tell: Tell) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            laptop.exchange.merge(self.reply)
            tell()


class SettingUp(Phase):
    """An office is set up: it is there with all that fills it and with its recovery sheet, or it is not there."""

    name = "setting up"

    def prepare(self) -> None:
        self.home, self.sheet = Folder(self.folder / "new"), self.folder / "stick" / "recovery.key"

    def work(self, tell: Tell) -> None:
        founding = Founding("420202005002", "新社区", "刘芳", recovery=self.sheet)
        found_office(self.home.root, PASSPHRASE, founding, profile=CHEAP, wall=HandClock().ms)
        tell()

    def start(self) -> None:
        if is_set_up(self.home.root):
            self._office_of_what_is_left()

    def look(self, told: int) -> None:
        there = self.home.database.exists()
        require(there or not told, "what was set up is gone")
        if there:
            require(self._office_of_what_is_left() == "新社区", "it is not as it was set up")
            require(self.sheet.exists(), "there is an office and no recovery sheet")

    def _office_of_what_is_left(self) -> object:
        """Open it by its passphrase; it is whole."""
        session, close = open_session(self.home, PASSPHRASE, CHEAP)
        try:
            require(not check(session.store), "not sound")
            with session.store.db.read() as connection:
                return next(values["office_name"] for _, values in page(connection, "community"))
        finally:
            close()


ALL: tuple[type[Phase], ...] = (
    *PHASES, TakingIn, WritingOut, ChangingDataKey, PuttingBack, Erasing, HearingOfIt, SettingUp
)  # fmt: skip
