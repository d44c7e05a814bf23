"""Wrong passphrases, and windows that only showed: counted beside the store, put on record by the next who writes.

A store that is closed takes no row, and nor does one in which another window is writing.

The file holds how many there ever were and when the last ones came; the store remembers up to which number it has
them, in the transaction of the audit row. So a cut between the two neither loses an attempt nor tells it twice.

After five in a row one waits, twice as long after each further one (ui/ux.md, 4i). That stands in the file too, so that
neither another page nor another start of the program begins to count anew. Nothing is ever wiped.

Where several people share a computer, what was tried for one of them does not end because another one unlocks: who has
a passphrase of their own could guess at a colleague's for ever, four at a time. Four stay on the account of whoever was
tried until they come themselves, so each further one is waited for; and no more, for who is away for long shuts nobody
out by the slips of others.

Only the clock that runs from the start of the computer on is believed, for that on the wall can be set. After another
start it says that so much time has gone at least, so a restart begins the wait anew and shortens none. What cannot be
prevented: who carries the disk or the file away does not wait; there the cost of each try (kdf.py) is what holds.
"""

import json
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import Problem, StoreProblem, TooSoon, WrongPassphrase
from gridworker.plainfile import read_plain

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.paths import Folder
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.tables.changes import Act

SEEN, LOOKS_SEEN = "failed_seen", "looks_seen"
"""Names of the store's own numbers."""

FREE_TRIES = 5
FIRST_WAIT = 30
"""Seconds after the fifth wrong passphrase in a row; doubled after each further one."""

QUESTION = "question"
"""Stands among the slots for the question to the office that is on its way."""

SHOWN = "read_only"
"""What the audit says of a window that only showed."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_KEPT = 100
_STAMP = "%Y-%m-%dT%H:%M:%SZ"
_HIGHEST_ID = 2**63 - 1
_MOST_COUNTED = 10**9
"""What is above that, or below none, nobody counted: somebody typed it into the file."""
_MOST_DOUBLED = 20
"""Half a year and more: doubled further, a number that somebody typed into the file would fill the memory."""


@dataclass(frozen=True, slots=True)
class Failures:
    """How many there ever were, and when the last ones were.

    ``whose``: the key slot that each of these was typed for, empty where nobody was chosen.
    ``row``: how many came one after the other until now; at the last of them ``steady``: the clock that runs from the
    start of the computer on, in seconds, and ``boot``: which start that was, empty where the system gives it no name.
    """

    total: int = 0
    moments: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()
    row: int = 0
    steady: int = 0
    boot: str = ""

    tried: Mapping[str, int] = field(default_factory=dict)
    """By key slot: how many were tried for it since it was opened; of what was before another one opened, few."""

    looks: int = 0
    """How many windows there ever were that only showed."""
    looked: tuple[tuple[int, str], ...] = ()
    """Who unlocked the last ones, as a record of staff, and when."""

    @property
    def wait(self) -> int:
        """Seconds to wait after the last one."""
        return FIRST_WAIT * 2 ** min(self.row - FREE_TRIES, _MOST_DOUBLED) if self.row >= FREE_TRIES else 0


def read(folder: "Folder") -> Failures:
    """What the file says; a file that cannot be read says nothing."""
    try:
        said = json.loads(read_plain(folder.attempts).decode("ascii"))
        moments = tuple(map(_moment, said["moments"]))
        found = Failures(_counts(said["total"]), moments, _beside(moments, said.get("whose", ())))
        row, steady = (float(said.get(name, 0)) for name in ("row", "steady"))
        looked = tuple((_person(person), _moment(at)) for person, at in said.get("looked", ()))
        found = replace(found, looks=_counts(said.get("looks", 0)), looked=looked, tried=_slots(said.get("tried", {})))
        return replace(found, row=int(row), steady=int(steady), boot=str(said.get("boot", "")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return Failures()


def _slots(said: Mapping[str, object]) -> dict[str, int]:
    """How many were tried for each slot; made up by nobody who would fill the memory with them."""
    if len(said) > _KEPT:
        raise ValueError
    return {slot: _counts(count) for slot, count in said.items()}


def _beside(moments: Sequence[str], said: Sequence[object]) -> tuple[str, ...]:
    """A slot for each moment; where an earlier version wrote there is none."""
    if len(said) > _KEPT or not all(isinstance(slot, str) for slot in said):
        raise ValueError
    slots = [str(slot) for slot in said]
    return (*[""] * (len(moments) - len(slots)), *slots[max(len(slots) - len(moments), 0) :])


def _counts(said: object) -> int:
    """A number of tries. It goes into the store with the next unlocking, which must not fail on it."""
    if not isinstance(said, int) or not 0 <= said <= _MOST_COUNTED:
        raise ValueError
    return said


def _person(said: object) -> int:
    if not isinstance(said, int) or not 0 <= said <= _HIGHEST_ID:
        raise ValueError
    return said


def _moment(said: object) -> str:
    """A moment as ``_stamp`` writes it, and no other text: it is put on record."""
    datetime.strptime(str(said), _STAMP).replace(tzinfo=UTC)
    return str(said)


def wait_left(folder: "Folder") -> int:
    """Seconds until the next passphrase may be tried; 0 where it may be now.

    Where the computer was started since, what has gone is the time since then, at least.
    """
    found = read(folder)
    if not found.wait:
        return 0
    steady, boot = _steady()
    started_since = steady < found.steady or (bool(found.boot and boot) and found.boot != boot)
    gone = steady if started_since else steady - found.steady
    return max(found.wait - max(gone, 0), 0)


@contextmanager
def counted(folder: "Folder", now: datetime, slot: str) -> Iterator[None]:
    """Count a passphrase for one slot that opens nothing; one that opens ends the row. Raises TooSoon untried."""
    with guessed(folder, now, [slot]):
        yield
    end_row(folder, slot)


@contextmanager
def guessed(folder: "Folder", now: datetime, slots: Collection[str]) -> Iterator[None]:
    """Count a passphrase for some slots that opens nothing; what opens ends no row yet. Raises TooSoon untried."""
    require_waited(folder)
    try:
        yield
    except WrongPassphrase:
        note_wrong(folder, now, slots)
        raise


@contextmanager
def about_question(folder: "Folder", now: datetime) -> Iterator[None]:
    """Count a passphrase that a question to the office was not begun with. Raises TooSoon after five of these.

    Who erred at the unlock page before they asked does not wait with the answer in their hand. One that fits ends no
    row: anybody may begin a question with a passphrase of their own.
    """
    if read(folder).tried.get(QUESTION, 0) >= FREE_TRIES:
        require_waited(folder)
    try:
        yield
    except WrongPassphrase:
        note_wrong(folder, now, [QUESTION])
        raise


def of_all(folder: "Folder", profile: "KdfProfile | None") -> list[str]:
    """The slots that a passphrase is tried for where nobody was chosen; none where the key files do not say."""
    from gridworker.app.openers import who_opens

    with suppress(StoreProblem):
        return [one.slot for one in who_opens(folder.root, profile)]
    return []


def note_wrong(folder: "Folder", now: datetime, slots: Collection[str]) -> None:
    """Count one that opened none of some slots. A folder without keys has no row."""
    if not (folder.keys.exists() or folder.keys_copy.exists()):
        return
    before = read(folder)
    whose = next(iter(slots)) if len(slots) == 1 else ""
    moments, beside = (*before.moments, _stamp(now))[-_KEPT:], (*before.whose, whose)[-_KEPT:]
    _write(folder, _longer(replace(before, total=before.total + 1, moments=moments, whose=beside), slots))


@contextmanager
def tried_as_new(folder: "Folder", slots: Collection[str]) -> Iterator[None]:
    """Let a passphrase be chosen that is none yet: whether somebody has it is told, so it counts as a try of theirs.

    Raises TooSoon.
    """
    require_waited(folder)
    try:
        yield
    finally:
        _write(folder, _longer(read(folder), slots))


@contextmanager
def told_of_others(folder: "Folder", slots: Collection[str]) -> Iterator[None]:
    """The same for somebody else, which counts where it is refused alone: who gives many out need not wait.

    One that nobody has is a slot more for everybody to see, and on record. Raises TooSoon.
    """
    require_waited(folder)
    try:
        yield
    except Problem:
        _write(folder, _longer(read(folder), slots))
        raise


def end_row(folder: "Folder", *slots: str) -> None:
    """Whoever opens the store may err five times again, and nobody waits for what they did not try."""
    before = read(folder)
    left = {other: min(count, FREE_TRIES - 1) for other, count in before.tried.items() if other not in slots}
    if before.row or left != before.tried:
        _write(folder, replace(before, row=0, tried=left))


def note_look(folder: "Folder", person: int, now: datetime) -> None:
    """Somebody unlocked a window that only shows."""
    before = read(folder)
    looked = (*before.looked, (person, _stamp(now)))[-_KEPT:]
    _write(folder, replace(before, looks=before.looks + 1, looked=looked))


def require_waited(folder: "Folder") -> None:
    """Raise TooSoon where the next passphrase may not be tried yet."""
    if left := wait_left(folder):
        raise TooSoon("Wait {seconds} seconds before the next try.", seconds=left)


def _stamp(now: datetime) -> str:
    return now.strftime(_STAMP)


def _longer(found: Failures, slots: Collection[str]) -> Failures:
    steady, boot = _steady()
    tried = {**found.tried, **{slot: found.tried.get(slot, 0) + 1 for slot in slots}}
    row = max([found.row + 1, *(tried[slot] for slot in slots)])
    return replace(found, row=row, tried=tried, steady=steady, boot=boot)


def _steady() -> tuple[int, str]:
    """Seconds since the computer was started, and which start that was."""
    boot = ""
    with suppress(OSError, UnicodeDecodeError):  # not on Windows and macOS
        boot = _BOOT.read_text(encoding="ascii").strip()
    return int(time.monotonic()), boot


def _write(folder: "Folder", found: Failures) -> None:
    from gridworker.store.engine.filesafe import write_durably

    with suppress(StoreProblem):  # a full disk keeps nobody out
        write_durably(folder.attempts, json.dumps(asdict(found)).encode("ascii"))


def put_on_record(session: "Session") -> None:
    """Write audit rows for what was counted since the last time."""
    from gridworker.store.meta import Meta
    from gridworker.store.tables.changes import Act

    found = read(session.folder)
    with session.store.cursor() as cursor:
        failed, looked = Meta(cursor).number(SEEN), Meta(cursor).number(LOOKS_SEEN)
    if new := _new(found.total, failed):
        _put(session, (SEEN, found.total), _failed(session, found, new))
    if new := _new(found.looks, looked):
        moments = dict[int, list[str]]()
        for person, at in found.looked[-new:]:
            moments.setdefault(person, []).append(at)
        acts = [
            Act.note("login", person, count=len(ats), detail=f"{SHOWN} {_from_to(ats)}")
            for person, ats in moments.items()
        ]
        _put(session, (LOOKS_SEEN, found.looks), acts)


def _failed(session: "Session", found: Failures, new: int) -> "Iterator[Act]":
    """What to put on record of so many wrong ones: an act for each person they were typed for.

    One more for those where nobody was chosen, or whose slot is gone, and for those no longer told one by one.
    """
    from gridworker.app.last_here import people_of_slots
    from gridworker.store.tables.changes import Act

    people = dict[str, int]()
    with suppress(StoreProblem):
        people = people_of_slots(session)
    moments = dict[int, list[str]]()
    for slot, at in list(zip(found.whose, found.moments, strict=True))[-new:]:
        moments.setdefault(people.get(slot, 0), []).append(at)
    if (untold := new - sum(map(len, moments.values()))) > 0:
        moments.setdefault(0, [])
    for person, ats in moments.items():
        about: dict[str, Value] = {"kind": "staff", "record": person} if person else {}
        count = len(ats) + (0 if person else untold)
        yield Act.note("login_failed", session.who, count=count, detail=_from_to(ats), **about)


def _new(total: int, seen: int) -> int:
    """How many are not on record; a file that was taken away or set back begins anew."""
    return total - (seen if seen <= total else 0)


def _from_to(moments: Sequence[str]) -> str:
    return " ".join(dict.fromkeys((moments[0], moments[-1]))) if moments else ""


def _put(session: "Session", seen: tuple[str, int], acts: "Iterable[Act]") -> None:
    """Write acts, and up to where what was counted is on record by them, at once."""
    from gridworker.store.engine.database import raw_cursor
    from gridworker.store.meta import Meta

    def beside(connection: "Connection", _commit: "Commit") -> None:
        Meta(raw_cursor(connection)).set(*seen)

    with session.store.together():
        for act in acts:
            session.store.write([], act, beside)
