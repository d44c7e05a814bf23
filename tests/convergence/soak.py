"""The full counts, for hours: ``python -m tests.convergence.soak``, or ``make soak``. One line for each figure.

Words pick parts: ``soak kills "bent inside"`` runs those whose line has one of them, ``make soak ARGS=kills`` too.
What is counted is kept (counted.py): of a program that is the same a run goes on where another one ended. ``--counted``
says how far it is, also while one runs; ``--anew`` begins again.
``GRIDWORKER_HOURS`` bounds it (4). Each part is run in pieces from seeds of their own, one at least, until its count is
full or its share of the time is over: half of it is for the machine, all others share alike in what those before them
left of the rest. What is begun is finished. Exits 1 where anything failed.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.convergence.counted import PLACE, Book, Counted, program

HERE = Path(__file__).parent
HOURS = float(os.environ.get("GRIDWORKER_HOURS", "4"))
ENDLESS = 10**9
FLAGS = COUNTED, ANEW = "--counted", "--anew"


@dataclass(frozen=True)
class Part:
    """One figure. ``name`` is the variable that says how many in one piece; a piece counts ``each`` times as many."""

    what: str
    total: int
    piece: int
    name: str
    tests: str
    each: int = 1
    more: tuple[tuple[str, str], ...] = ()
    program: str = ""
    """What has to be installed for it; without it the line says so."""

    def run(self, until: float, book: Book) -> bool:
        """Piece by piece; print the line, and below it the figures that the tests told. Returns whether none failed."""
        if self.program and shutil.which(self.program) is None:
            sys.stdout.write(f"{self.what}: not run, {self.program} is not installed\n")
            return True
        report, ran = "", False
        while book.of(self.what).done < self.total and not report and (not ran or time.monotonic() < until):
            report, ran = self._one(book), True
        counted = book.of(self.what)
        failed = f"failed from seed {counted.seed + 1}" if report else ""
        sys.stdout.write(self.line(counted, failed) + report)
        sys.stdout.flush()
        return not report

    def line(self, counted: Counted, failed: str = "") -> str:
        """What is said of it, with the figures."""
        of = "" if self.total == ENDLESS else f" of {self.total}"
        result = failed or ("all good" if counted.done >= self.total else "good so far")
        figures = (
            f"  {name}: " + ", ".join(f"{n} {label}" for label, n in counts.items()) + "\n"
            for name, counts in counted.figures.items()
        )
        return f"{self.what}: {counted.done}{of}, {result}, {counted.seconds:.0f} s\n{''.join(figures)}"

    def _one(self, book: Book) -> str:
        """Run the next piece and write it down. Returns what is wrong where it fails."""
        seed, began = book.of(self.what).seed + 1, time.monotonic()
        with TemporaryDirectory() as place:
            told = Path(place) / "figures"
            report = self._ran(seed, told)
            figures = told.read_text("utf-8") if told.exists() else ""
        if not report:
            book.add(self.what, seed, self.piece * self.each, time.monotonic() - began, figures)
        return report

    def _ran(self, seed: int, told: Path) -> str:
        """What pytest says where it fails, or what ended it before it could say anything."""
        wanted = {self.name: str(self.piece), "GRIDWORKER_SEED": str(seed), "GRIDWORKER_FIGURES": str(told)}
        wanted |= dict(self.more)
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", *self.tests.split("|")],
            cwd=HERE.parents[1], env={**os.environ, **wanted}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return f"{ran.stdout}{ran.stderr}\nended with {ran.returncode}\n" if ran.returncode else ""


_DISK = "tests/disk/test_disk.py"
_OTHERS_OFF = (("GRIDWORKER_CUTS", "0"), ("GRIDWORKER_FAILING", "0"), ("GRIDWORKER_PHASE_KILLS", "0"))
_BENT, _BREAKDOWN = "tests/convergence/test_hostile.py", "tests/convergence/test_breakdown.py"
PARTS = (
    Part("planted bugs come upon by chance, within so many examples", 120, 120, "GRIDWORKER_PLANTED",
         "tests/convergence/test_convergence.py|-k|planted"),
    Part("orders of seven bundles on the kernel", 5040, 5040, "GRIDWORKER_ALL",
         "tests/store/log/test_merge.py|-k|seven"),
    Part("bundles bent outside", 100_000, 20_000, "GRIDWORKER_BENT", f"{_BENT}|-k|outside"),
    Part("bundles bent inside and sealed again", 100_000, 20_000, "GRIDWORKER_BENT", f"{_BENT}|-k|inside"),
    Part("bundles bent for the reader alone, in each of four ways", 100_000, 100_000, "GRIDWORKER_MUTATIONS",
         "tests/sync/format/test_bundle_fuzz.py"),
    Part("manipulations of the audit", 10_000, 500, "GRIDWORKER_AUDIT_BENT", "tests/store/test_audit_held.py|-k|every"),
    Part("kills between act and audit", 1000, 100, "GRIDWORKER_AUDIT_KILLS", "tests/store/test_audit_held.py|-k|kill"),
    Part("forged codes for an export", 10_000, 2000, "GRIDWORKER_FORGED",
         "tests/sync/enrolment/test_approval.py|-k|forged"),
    Part("formulas and numbers through every export, opened with LibreOffice", 200, 200, "GRIDWORKER_LIBREOFFICE",
         "tests/app/ledger/test_ledgers.py|tests/app/ledger/test_every_export.py|tests/sheets/test_payloads.py"
         "|-k|payload or formula",
         program="soffice"),
    Part("lies that a laptop signed, sets of 30", 1, 1, "GRIDWORKER_LIES", f"{_BENT}|-k|signs"),
    Part("disks full at every size", 384, 128, "GRIDWORKER_SIZES", f"{_BREAKDOWN}|-k|full", each=3),
    Part("power cuts, in the first seven phases", 70_000, 500, "GRIDWORKER_CUTS", f"{_DISK}|-k|power or controls",
         each=7, more=(*_OTHERS_OFF[1:], ("GRIDWORKER_CUT", "first"))),
    Part("power cuts, in seven more phases", 70_000, 250, "GRIDWORKER_CUTS", f"{_DISK}|-k|power or controls", each=7,
         more=(*_OTHERS_OFF[1:], ("GRIDWORKER_CUT", "more"))),
    Part("power cuts while what one left is opened, in fourteen phases", 2800, 60, "GRIDWORKER_CUTS_AGAIN",
         f"{_DISK}|-k|power", each=14, more=(("GRIDWORKER_CUTS", "20"), *_OTHERS_OFF[1:])),
    Part("calls that fail: all there are, in fourteen phases, once and from there on, read, and a full disk", 1, 1,
         "GRIDWORKER_ONE_ROUND", f"{_DISK}|-k|error", more=(("GRIDWORKER_FAILING", "100000"), *_OTHERS_OFF[::2])),
    Part("kills in the first seven phases", 14_000, 250, "GRIDWORKER_PHASE_KILLS", f"{_DISK}|-k|kill", each=7,
         more=(*_OTHERS_OFF[:2], ("GRIDWORKER_KILLED", "first"))),
    Part("kills in seven more phases", 14_000, 250, "GRIDWORKER_PHASE_KILLS", f"{_DISK}|-k|kill", each=7,
         more=(*_OTHERS_OFF[:2], ("GRIDWORKER_KILLED", "more"))),
    Part("kills of seven commands", 14_000, 100, "GRIDWORKER_PHASE_KILLS", f"{_DISK}|-k|kill", each=7,
         more=(*_OTHERS_OFF[:2], ("GRIDWORKER_KILLED", "commands"))),
    Part("kills while merging, packing, taking a receipt", 6000, 200, "GRIDWORKER_KILLS", f"{_BREAKDOWN}|-k|kill",
         each=3),
    Part("wrong passphrases and bent key files", 10_000, 2_500, "GRIDWORKER_FORGED",
         "tests/store/keys/test_forged_slots.py"),
    Part("kills while changing a passphrase", 2000, 500, "GRIDWORKER_KILLS", "tests/store/test_killed_passphrase.py"),
    Part("kills while changing the data key", 2000, 100, "GRIDWORKER_REKEY_KILLS", "tests/store/test_killed_rekey.py"),
    Part("orders of seven bundles through files", 5040, 5040, "GRIDWORKER_ORDERS", "tests/convergence/test_orders.py"),
    Part("backups killed; every one that has its name opened and compared", 2000, 100, "GRIDWORKER_BACKUP_KILLS",
         "tests/store/test_killed_backup.py|-k|killed"),
    Part("erasures killed", 2000, 100, "GRIDWORKER_ERASURE_KILLS", "tests/store/test_killed_erasure.py"),
    Part("upgrades killed", 2000, 100, "GRIDWORKER_UPGRADE_KILLS", "tests/store/test_killed_upgrade.py"),
    Part("disks full at every size while backing up", 300, 100, "GRIDWORKER_BACKUP_SIZES",
         "tests/store/test_killed_backup.py|-k|room"),
    Part("stores damaged: 2,000 bits, 500 cut off, 500 pages, noticed and salvaged", 3000, 50, "GRIDWORKER_DAMAGED",
         "tests/store/backup/test_rescue.py|-k|every", each=6),
    Part("write-ahead logs taken away", 100, 100, "GRIDWORKER_DAMAGED", "tests/store/backup/test_rescue.py|-k|missing"),
    Part("old copies put back at office and laptop, noticed", 2000, 20, "GRIDWORKER_OLD_COPIES",
         "tests/store/health/test_spliced.py|-k|put_back", each=2),
    Part("backups put back in a row, each a life of its own", 40, 40, "GRIDWORKER_LIVES",
         "tests/store/health/test_lives.py|-k|in_order"),
    Part("old copies put back at office and laptop, and everything exchanged", 2000, 50, "GRIDWORKER_PUT_BACK",
         "tests/convergence/test_put_back.py", each=2),
    Part("old pages put into a store", 446, 20, "GRIDWORKER_SPLICES",
         "tests/store/health/test_spliced.py|-k|page", each=2),
    Part("people erased, and searched for everywhere", 1000, 50, "GRIDWORKER_ERASED",
         "tests/app/test_erased_everywhere.py"),
    Part("people erased whom others named, then and now", 200, 50, "GRIDWORKER_ERASED",
         "tests/app/rights/test_named_by_others.py|-k|nothing_is_left"),
    Part("canaries through every workflow", 50, 50, "GRIDWORKER_CANARIES", "tests/app/test_canaries.py"),
    Part("attempts to write to one store by three", 1500, 500, "GRIDWORKER_OPENINGS",
         "tests/store/engine/test_opened_twice.py|-k|writers", each=3),
    Part("attempts to open one store by three, some killed with it open", 1500, 100, "GRIDWORKER_OPENED",
         "tests/store/engine/test_opened_twice.py|-k|nor", each=3),
    Part("mutated spreadsheets imported, whole or not at all", 1000, 200, "GRIDWORKER_SHEETS",
         "tests/app/roster/test_roster_mutated.py"),
    Part("lives of a store full of undoing", 2000, 200, "GRIDWORKER_UNDONE",
         "tests/store/test_undo_still_referenced.py|-k|ever"),
    Part("examples of every property test", 5000, 5000, "GRIDWORKER_DEEP", "tests|-m|hypothesis",
         more=(("HYPOTHESIS_PROFILE", "deep"),)),
    Part("lives walked at random, of forty steps and fewer", 1000, 50, "GRIDWORKER_WALKS",
         "tests/convergence/test_walk.py|-k|whatever"),
    Part("lives of a community", ENDLESS, 100, "GRIDWORKER_EXAMPLES",
         "tests/convergence/test_convergence.py|-k|whatever", more=(("GRIDWORKER_STEPS", "50"),)),
)  # fmt: skip


def chosen(words: Sequence[str]) -> list[Part]:
    """The parts whose line has one of the words; all without words."""
    return [part for part in PARTS if not words or any(word in part.what for word in words)]


def share(parts: Sequence[Part], left: float) -> float:
    """How many of the seconds that are left to it and to those like it the first of the parts gets."""
    return left if parts[0].total == ENDLESS else max(left, 0) / sum(part.total != ENDLESS for part in parts)


def main() -> None:
    """All parts, or those that were asked for."""
    began, good, book = time.monotonic(), True, Book(PLACE, program())
    parts = chosen([word for word in sys.argv[1:] if word not in FLAGS])
    if not parts:
        sys.exit("no such part; there are:\n" + "\n".join(part.what for part in PARTS))
    if COUNTED in sys.argv:
        sys.stdout.writelines(part.line(book.of(part.what)) for part in parts)
        return
    if ANEW in sys.argv:
        book.begin_anew(part.what for part in parts)
    has_machine = any(part.total == ENDLESS for part in parts)
    for at, part in enumerate(parts):
        part_of_it = 0.5 if has_machine and part.total != ENDLESS else 1.0
        left = began + part_of_it * HOURS * 3600 - time.monotonic()
        good &= part.run(time.monotonic() + share(parts[at:], left), book)
    sys.exit(not good)


if __name__ == "__main__":
    main()
