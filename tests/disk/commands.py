"""Kinds of work done by a command, as a script or a person at a terminal does it: opened by passphrase, done, closed.

For kills alone: a command says what goes wrong in a sentence of its own and raises nothing.
"""

import contextlib
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pytest

from gridworker.app.access.opening import open_with_keys
from gridworker.app.access.recovery import opened_keys
from gridworker.app.backup.backups import Backups
from gridworker.cli.main import main
from gridworker.errors import WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.health.check import check
from gridworker.store.keys import kdf
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.store.keys.vault import Vault
from gridworker.sync.format.keys import DeviceKeys
from tests.circle import PASSPHRASE, RECOVERY
from tests.disk.ground import KEYS, LAPTOP, OFFICE, opened, require, require_sound
from tests.disk.more_phases import ALL, Erasing, PuttingBack, TakingIn
from tests.disk.phases import PHASES, BackingUp, Phase, Tell, Upgrading


class ByCommand(Phase):
    """A phase whose work is one command."""

    @property
    def words(self) -> Sequence[object]:
        """The command."""
        raise NotImplementedError

    def work(self, tell: Tell) -> None:
        """Done where it ends without a fault."""
        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            patch.setitem(os.environ, "GRIDWORKER_PASSPHRASE", PASSPHRASE)
            patch.setattr(kdf, "PRODUCTION", kdf.CHEAP)
            status = main([str(word) for word in self.words])
        require(status == 0, said.getvalue())
        tell()

    def of(self, name: str) -> tuple[str, Path]:
        """The option that says which data folder."""
        return "--dir", self.folder / name


class BackingUpByCommand(ByCommand, BackingUp):
    """``gridworker backup``."""

    name = "backup"

    @property
    def words(self) -> Sequence[object]:
        """The command."""
        return "backup", *self.of(LAPTOP)


class UpgradingByCommand(ByCommand, Upgrading):
    """Any command that meets tables of another version: a verified backup first, then all of them read anew."""

    name = "check that upgrades"

    @property
    def words(self) -> Sequence[object]:
        """The command."""
        return "check", *self.of(LAPTOP)


class ErasingByCommand(ByCommand, Erasing):
    """``gridworker erase``."""

    name = "erase"

    @property
    def words(self) -> Sequence[object]:
        """The command."""
        return "erase", "resident", self.ground.resident, "--fields", "note", *self.of(OFFICE)


class TakingInByCommand(ByCommand, TakingIn):
    """``gridworker roster import``."""

    name = "roster import"

    @property
    def words(self) -> Sequence[object]:
        """The command."""
        return "roster", "import", self.folder / "ledger.xlsx", "--grid", "第一网格", *self.of(OFFICE)


class PuttingBackByCommand(ByCommand, PuttingBack):
    """``gridworker restore``."""

    name = "restore"

    @property
    def words(self) -> Sequence[object]:
        """The command."""
        return "restore", self.backup, *self.of(LAPTOP)


class LettingGo(ByCommand):
    """``gridworker retention apply``: who moved out long ago goes, all of them or none."""

    name = "retention apply"
    people = 3

    def prepare(self) -> None:
        with opened(self.folder, OFFICE) as office:
            left = {"status": "moved_out", "status_date": "2001-02-03"}
            self.gone = [
                office.records.save("resident", {"name": f"金丝雀{number}", **left}).id for number in range(self.people)
            ]
            self.seen = office.retention.preview().seen

    @property
    def words(self) -> Sequence[object]:
        """The command."""
        return "retention", "apply", "--seen", self.seen, *self.of(OFFICE)

    def look(self, told: int) -> None:
        with opened(self.folder, OFFICE) as office:
            require_sound(office)
            names = [str(office.records.show("resident", one).values["name"]) for one in self.gone]
        there = sum(name.startswith("金丝雀") for name in names)
        require(there in ((0,) if told else (0, self.people)), f"{there} of {self.people} are there, {told} told")


class SheetComingIntoForce(ByCommand):
    """``gridworker passphrase test`` with a new recovery sheet: it opens the office then, or the one before does.

    Never none, and never both: the store says which, its slots and its backups follow.
    """

    name = "passphrase test"

    def prepare(self) -> None:
        with opened(self.folder, OFFICE) as office:
            SlotChanges(Vault(office.session.folder, CHEAP), KEYS).set_recovery(0, *_sides(RECOVERY))
            office.backups.make()
            sheet = office.recovery.renew(self.folder / "new.key")
            self.new = opened_keys(self.folder / "new.key", sheet.code)
            (self.folder / "code.txt").write_text(sheet.code)

    @property
    def words(self) -> Sequence[object]:
        """The command."""
        return "passphrase", "test", self.folder / "new.key", "--code-file", self.folder / "code.txt", *self.of(OFFICE)

    def look(self, told: int) -> None:
        home = Folder(self.folder / OFFICE)
        session, close = open_with_keys(home, KEYS, CHEAP)
        try:
            require(not check(session.store), "not sound")
            stale = Backups(session).are_stale()
        finally:
            close()
        opening = [keys for keys in (RECOVERY, self.new) if self._opens(home, keys)]
        require(len(opening) == 1, f"{len(opening)} sheets open it")
        require(not told or (opening == [self.new] and not stale), "the sheet before still opens the store or a backup")

    def _opens(self, home: Folder, keys: DeviceKeys) -> bool:
        try:
            return Vault(home, CHEAP).open_with_recovery(keys.secret).dek == KEYS.dek
        except WrongPassphrase:
            return False


def _sides(keys: DeviceKeys) -> tuple[str, bytes]:
    return keys.public.recipient, keys.public.signing


COMMANDS: tuple[type[Phase], ...] = (
    BackingUpByCommand, UpgradingByCommand, ErasingByCommand, TakingInByCommand, PuttingBackByCommand, LettingGo,
    SheetComingIntoForce,
)  # fmt: skip
GROUPS: Mapping[str, tuple[type[Phase], ...]] = MappingProxyType(
    {"all": ALL, "first": PHASES, "more": ALL[len(PHASES) :], "commands": COMMANDS}
)


def asked_for(names: str) -> tuple[type[Phase], ...]:
    """A group of phases, or those of some names, with commas between."""
    return GROUPS.get(names) or tuple(one for one in (*ALL, *COMMANDS) if one.name in names.split(","))
