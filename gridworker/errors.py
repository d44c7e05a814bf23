"""The expected errors: what a person can act on, each carrying the sentence to show.

    Problem                     the user can act; str() is the sentence in the user's language
    |- Invalid                  what was typed cannot be saved; names each field and why
    |- NotFound                 no such record, file, device, ...
    |- Denied                   this person, role or device may not do that
    |- PlaceRefused             what is to be accepted lies in what was not: nothing was changed, the office is asked
    |- StoreProblem             the data folder: busy, damaged, newer, read-only, full, ...
    |  |- WrongPassphrase
    |  |- TooSoon              after wrong passphrases: nothing was tried
    |  |- StoreMissing          no store in this folder (or one is already there)
    |  |- StoreBusy             another process is the writer
    |  |- StoreDamaged
    |  |  `- FilesNotWhole      a backup is sound but for files that go with it; names them
    |  |- StoreNewer            written by a newer program
    |  |- StoreClosed           it was locked meanwhile; who still asks is somebody nobody waits for
    |  `- DiskFull
    |- BundleProblem            a bundle that is not taken in; nothing was changed
    |  |- NotForUs              no key here opens it, or its head is damaged: no more is knowable from outside
    |  |- BundleAltered         for us, but truncated, altered or badly signed
    |  |- UnknownSender
    |  `- NewerFormat
    `- RosterProblem            a spreadsheet that cannot be read; `code` is its kind for machines
       `- NobodyFound           it can be, and no list of people was found in it

Everything else is a bug and goes to the crash page with a traceback.
"""

from collections.abc import Collection, Mapping
from typing import ClassVar

from gridworker.text import Label, gettext, sentences

SHOWN = 3
"""Files that a sentence names; of more it says how many."""


class Problem(Exception):
    """An expected error. ``message`` is a message id with ``{named}`` places filled from ``values``."""

    code: ClassVar[str] = "problem"

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        """The sentence in the current language."""
        return gettext(self.message).format(**self.values)


class Invalid(Problem):
    """Values that cannot be saved. ``faults`` maps a field name to its reasons, translated when shown."""

    code = "invalid"

    def __init__(self, faults: Mapping[str, Problem], labels: Mapping[str, Label] | None = None) -> None:
        super().__init__("{faults}")
        self.faults = dict(faults)
        self.labels = dict(labels or {})

    def __str__(self) -> str:
        """A sentence a field: its label and what to do."""
        sentence = gettext("{label}: {fault}")
        told = (sentence.format(label=self.labels.get(name, name), fault=fault) for name, fault in self.faults.items())
        return sentences(*told)


class NotFound(Problem):
    """What was asked for is not in this store."""

    code = "not_found"


class Denied(Problem):
    """Not allowed for this person, role or device."""

    code = "denied"


class PlaceRefused(Problem):
    """What is to be accepted lies in what was not accepted before."""

    code = "place_refused"


class StoreProblem(Problem):
    """The data folder cannot be used as asked."""

    code = "store"


class WrongPassphrase(StoreProblem):
    """The passphrase opens no slot."""

    code = "wrong_passphrase"


class TooSoon(StoreProblem):
    """Too many wrong passphrases in a row: the next one may be tried after {seconds} seconds."""

    code = "too_soon"


class StoreMissing(StoreProblem):
    """There is no store in the folder, or there is one where a new one was to be made."""

    code = "store_missing"


class StoreBusy(StoreProblem):
    """Another process is writing to this store."""

    code = "store_busy"


class StoreDamaged(StoreProblem):
    """The file, the log or the tables do not check."""

    code = "store_damaged"


class FilesNotWhole(StoreDamaged):
    """Files that go with a backup are missing or bad; ``names`` are theirs, and {count} and the first in {names}."""

    code = "files_not_whole"

    def __init__(self, message: str, names: Collection[str]) -> None:
        self.names = tuple(sorted(names))
        listed = ", ".join(self.names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
        super().__init__(message, count=len(names), names=listed)


class StoreNewer(StoreProblem):
    """The store was written by a newer program; the sentence names the version needed."""

    code = "store_newer"


class StoreClosed(StoreProblem):
    """Read or written after it was closed: work in the background that the lock overtook."""

    code = "store_closed"


class DiskFull(StoreProblem):
    """No room left; nothing was changed."""

    code = "disk_full"


class BundleProblem(Problem):
    """A bundle that is not taken in. Nothing was changed."""

    code = "bundle"


class NotForUs(BundleProblem):
    """Not for this computer, or its head is damaged: no more is knowable from outside."""

    code = "not_for_us"


class BundleAltered(BundleProblem):
    """It is for us, but it is truncated, altered or its signature is wrong."""

    code = "bundle_altered"


class UnknownSender(BundleProblem):
    """From another office or from a device this office never enrolled."""

    code = "unknown_sender"


class NewerFormat(BundleProblem):
    """A format this program cannot read; the sentence names the version needed."""

    code = "newer_format"


class RosterProblem(Problem):
    """A spreadsheet that is refused. ``kind`` is one of file_empty, file_encrypted, file_corrupt."""

    code = "roster"

    def __init__(self, kind: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.kind = kind


class NobodyFound(RosterProblem):
    """A spreadsheet in which no list of people was found: a person may say what its columns hold."""
