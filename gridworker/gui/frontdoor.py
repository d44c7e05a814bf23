"""What the first pages need done before a store is open. All of it may be slow and runs in the background."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gridworker.errors import Problem
from gridworker.gui.background import Report
from gridworker.gui.widgets.passphrase import Judged
from gridworker.paths import Folder

if TYPE_CHECKING:
    from gridworker.app.backup.way_back import WayBack
    from gridworker.app.forgotten import Forgotten
    from gridworker.app.openers import Here
    from gridworker.app.workspace import Workspace

KIT_SUFFIX = ".gwk"


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """One place in the picker: its code, name and level (province, city, district, subdistrict, community)."""

    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class NewOffice:
    """What the office's form says."""

    community_code: str
    office_name: str
    clerk: str


@dataclass(frozen=True, slots=True, repr=False)
class Recovery:
    """The office's recovery key: the code that is printed and nowhere kept, and the sealed file it opens."""

    code: str
    sealed: bytes
    office: str = ""
    fingerprint: str = ""
    words: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Recovery(...)"


@dataclass(frozen=True, slots=True, repr=False)
class Sample:
    """A sample community that was made: which folder to open, and its passphrase."""

    folder: Path
    passphrase: str

    def __repr__(self) -> str:
        return "Sample(...)"


class FrontDoor(Protocol):
    """The ways in."""

    def open(self, folder: Path, passphrase: str, slot: str | None = None, report: Report | None = None) -> "Workspace":
        """Open a store, with ``slot`` as one person alone; ``report`` is told how far an upgrade is.

        Raises WrongPassphrase and its kin.
        """

    def wait_left(self, folder: Path) -> int:
        """Seconds until the next passphrase may be tried there; quick."""

    def way_back(self, folder: Path, passphrase: str, place: Path | None = None) -> "WayBack | None":
        """The newest whole backup of a store that does not open, in the data folder or in a place; may take long."""

    def people(self, folder: Path) -> "Sequence[Here]":
        """Whose passphrases open a store; quick."""

    def forgotten(self, folder: Path) -> "Forgotten":
        """The ways past a forgotten passphrase."""

    def test_recovery(self, folder: Path, passphrase: str, sealed: Path, code: str) -> None:
        """Try the recovery sheet of an office that was just set up. Raises Problem where it does not open it."""

    def judge(self, passphrase: str) -> Judged:
        """How good a new passphrase is; quick."""

    def places(self, parent: str) -> list[PlaceChoice]:
        """The places directly below one; '' for the topmost."""

    def found_office(self, folder: Path, passphrase: str, office: NewOffice) -> Recovery:
        """Make an office's store."""

    def kits(self) -> list[Path]:
        """Device kits on removable drives."""

    def check_code(self, code: str) -> None:
        """Look whether a one-time code was mistyped. Raises Problem."""

    def check_kit(self, kit: Path, code: str) -> None:
        """Look whether a file is a kit that this code opens; takes a moment. Raises Problem."""

    def enrol(self, folder: Path, kit: Path, code: str, passphrase: str) -> None:
        """Make this laptop's store from a kit."""

    def make_sample(self, folder: Path, report: Report) -> Sample:
        """Make a sample community of invented people."""


class AppFrontDoor:
    """The real ways in, loaded when they are used."""

    def open(self, folder: Path, passphrase: str, slot: str | None = None, report: Report | None = None) -> "Workspace":
        """Open a store."""
        from gridworker.app.workspace import Workspace

        return Workspace.open(folder, passphrase, slot=slot, progress=report)

    def wait_left(self, folder: Path) -> int:
        """Seconds until the next passphrase may be tried there."""
        from gridworker.app.staff.attempts import wait_left

        return wait_left(Folder(folder))

    def way_back(self, folder: Path, passphrase: str, place: Path | None = None) -> "WayBack | None":
        """The newest whole backup."""
        from gridworker.app.backup.way_back import newest_whole

        return newest_whole(folder, passphrase, place)

    def people(self, folder: Path) -> "Sequence[Here]":
        """Whose passphrases open a store; nobody's where the key files do not say: opening it tells what is wrong."""
        from gridworker.app.openers import who_opens

        try:
            return who_opens(folder)
        except Problem:
            return ()

    def forgotten(self, folder: Path) -> "Forgotten":
        """The ways past a forgotten passphrase."""
        from gridworker.app.forgotten import Forgotten

        return Forgotten(folder)

    def test_recovery(self, folder: Path, passphrase: str, sealed: Path, code: str) -> None:
        """Try the recovery sheet."""
        opened = self.open(folder, passphrase)
        try:
            opened.recovery.test(sealed, code)
        finally:
            opened.close()

    def judge(self, passphrase: str) -> Judged:
        """How good a new passphrase is."""
        from gridworker.app.staff.passphrases import judge

        return judge(passphrase)

    def places(self, parent: str) -> list[PlaceChoice]:
        """The places directly below one."""
        from gridworker.app.places import divisions

        return [PlaceChoice(one.code, one.name, one.level) for one in divisions().below(parent)]

    def found_office(self, folder: Path, passphrase: str, office: NewOffice) -> Recovery:
        """Make an office's store."""
        from gridworker.app.access.founding import Founding, found_office

        founding = Founding(office.community_code, office.office_name, office.clerk)
        sheet = found_office(folder, passphrase, founding)
        return Recovery(sheet.code, sheet.sealed, office.office_name, sheet.fingerprint, sheet.words)

    def kits(self) -> list[Path]:
        """Device kits on removable drives: the first level of each is looked at."""
        from gridworker.gui.watching.drives import removable

        found: list[Path] = []
        for drive in removable():
            try:
                found += sorted(path for path in drive.root.glob(f"*{KIT_SUFFIX}") if path.is_file())
            except OSError:
                continue
        return found

    def check_code(self, code: str) -> None:
        """Look whether a one-time code was mistyped. Raises Problem."""
        from gridworker.app.access.enrolment import check_code

        check_code(code)

    def check_kit(self, kit: Path, code: str) -> None:
        """Look whether a file is a kit that this code opens."""
        from gridworker.app.access.enrolment import check_kit

        check_kit(kit, code)

    def enrol(self, folder: Path, kit: Path, code: str, passphrase: str) -> None:
        """Make this laptop's store from a kit."""
        from gridworker.app.access.enrolment import enrol

        enrol(kit, code, folder, passphrase)

    def make_sample(self, folder: Path, report: Report) -> Sample:
        """Make a sample community of invented people in a folder of its own, or find the one made before."""
        from gridworker.app.demo.demo import PASSPHRASE, make_demo

        apart = folder / "sample"
        laptop = apart / "laptop-1"
        if Folder(laptop).keys.exists():
            return Sample(laptop, PASSPHRASE)
        made = make_demo(apart, report=report)
        return Sample(made.folder, made.passphrase)
