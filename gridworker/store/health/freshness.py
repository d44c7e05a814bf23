"""Notices a store that was copied, moved or put back from an older copy, before anything is written to it.

A nonce stands in the store and in a mark outside it, and both change at each start; the mark also keeps the head of
the journal at that time and, of a store closed in order, codes of what no journal covers. A store that does not fit
its mark goes on as a new incarnation (sync.md §5).

The change has two phases, so that a power cut between them is no false alarm::

    mark: old or new   ->   store: new   ->   mark: new

What this cannot notice - the whole folder put back in its place together with its mark - the receipts of the office
do (security.md). The mark tells a stranger nothing: random bytes and codes under keys derived from the data key.
"""

import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

from gridworker.paths import Folder
from gridworker.plainfile import open_plain
from gridworker.store.engine.filesafe import disk_problems, write_durably
from gridworker.store.engine.machine import STEADY, machine_id, volume_of
from gridworker.store.keys.vault import Keys

FORMAT = 1
MAX_SIZE = 4096


class Reason(Enum):
    """Why a store is not taken for the one that was closed here last."""

    NO_MARK = "no_mark"
    MARK_DAMAGED = "mark_damaged"
    OTHER_NONCE = "other_nonce"
    """The store or its mark is of another time."""
    OTHER_MACHINE = "other_machine"
    COPIED = "copied"
    """The store file is not the file it was: a copy on the same computer."""
    BEHIND = "behind"
    """The journal is shorter than it was."""
    FORKED = "forked"
    """The journal went another way."""
    LOG_MISSING = "log_missing"
    """It was not closed in order, which leaves a write-ahead log, and there is none."""
    ALTERED = "altered"
    """What neither log nor records hold is not what it was: a page of the file is of another time."""
    IDS_SPENT = "ids_spent"
    """It is the one that was closed, and its clock stood at the end of all ids: a new life begins at the time it is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reason`` is None where the store is the one that was closed here last, or is new."""

    reason: Reason | None = None

    @property
    def fresh(self) -> bool:
        """Whether it goes on as the same incarnation."""
        return self.reason is None


FRESH = Verdict()


@dataclass(frozen=True, slots=True)
class StoreState:
    """What the store offers. ``write_nonce`` is durable when it returns."""

    nonce: Callable[[], str]
    """Empty in a new store."""
    write_nonce: Callable[[str], None]
    head: Callable[[], tuple[int, bytes]]
    """Number and code of the journal's last link; (0, any) where there is none."""
    link: Callable[[int], bytes | None]
    """The code of one link; None where the journal does not reach back or on to it."""
    rest: Callable[[], tuple[str, ...]] = tuple
    """How the store keeps what no link covers, and what that is (unlogged.py)."""


@dataclass(frozen=True, slots=True)
class _Mark:
    nonces: list[str]
    number: int
    code: str
    machine: str
    file: str
    running: bool = False
    """Written while the store is open: whatever ends that without closing it leaves its write-ahead log behind."""
    rest: list[str] = field(default_factory=list)
    """Codes of ``StoreState.rest`` as it was closed; of an open store there are none."""


def check(folder: Folder, keys: Keys, state: StoreState, *, log_there: bool = True) -> Verdict:
    """Whether the store fits its mark. Changes nothing. ``log_there``: see ``has_log``.

    Where it does not: write the new incarnation to the store first, then ``advance``. A cut between the two costs
    one more incarnation; the other way round it would cost the alarm.
    """
    nonce = state.nonce()
    if not folder.mark.exists():
        return FRESH if not nonce else Verdict(Reason.NO_MARK)
    mark = _read(folder, keys)
    if mark is None:
        return Verdict(Reason.MARK_DAMAGED)
    if nonce not in mark.nonces:
        return Verdict(Reason.OTHER_NONCE)
    if mark.machine != _machine(keys):
        return Verdict(Reason.OTHER_MACHINE)
    if mark.file != _file(folder, keys):
        return Verdict(Reason.COPIED)
    if mark.running and not log_there:
        return Verdict(Reason.LOG_MISSING)
    verdict = _compare_head(mark, state)
    return Verdict(Reason.ALTERED) if verdict.fresh and _is_altered(mark, keys, state) else verdict


def has_log(folder: Folder) -> bool:
    """Whether a write-ahead log lies beside the store. To be asked before anybody opens the store, which makes one."""
    return folder.database.with_name(f"{folder.database.name}-wal").exists()


def advance(folder: Folder, keys: Keys, state: StoreState, *, running: bool = False) -> None:
    """Change the nonce on both sides and raise the mark. Once at each start, after ``check``, by the writer.

    ``running``: the store stays open after this, until ``raise_mark`` says that it is closed in order.
    """
    new = secrets.token_hex(16)
    _write(folder, keys, state, [state.nonce(), new])
    state.write_nonce(new)
    _write(folder, keys, state, [new], running=running)


def raise_mark(folder: Folder, keys: Keys, state: StoreState) -> None:
    """Raise the mark to the journal's head as it is now: when closing."""
    _write(folder, keys, state, [state.nonce()])


def _compare_head(mark: _Mark, state: StoreState) -> Verdict:
    number, _ = state.head()
    if number < mark.number:
        return Verdict(Reason.BEHIND)
    code = state.link(mark.number) if mark.number else None
    if code is not None and code.hex() != mark.code:
        return Verdict(Reason.FORKED)
    return FRESH


def _is_altered(mark: _Mark, keys: Keys, state: StoreState) -> bool:
    """Whether what no link covers differs, though it is kept in the same way and no act came after the mark."""
    if not mark.rest or state.head()[0] != mark.number:
        return False
    rest = _rest(keys, state)
    return mark.rest[:1] == rest[:1] and mark.rest != rest


def _rest(keys: Keys, state: StoreState) -> list[str]:
    return [_code(keys, "mark rest", part) for part in state.rest()]


def _write(folder: Folder, keys: Keys, state: StoreState, nonces: list[str], *, running: bool = False) -> None:
    rest = [] if running or len(nonces) > 1 else _rest(keys, state)  # in the midst of it the store changes yet
    number, code = state.head()
    body = asdict(_Mark(nonces, number, code.hex(), _machine(keys), _file(folder, keys), running, rest))
    body |= {"format": FORMAT}
    write_durably(folder.mark, json.dumps(body | {"mac": _mac(keys, body)}, sort_keys=True).encode())


def _read(folder: Folder, keys: Keys) -> _Mark | None:
    """The mark, or None where anything about it is not as this version wrote it."""
    with disk_problems(folder.mark), open_plain(folder.mark) as file:
        data = file.read(MAX_SIZE)
    try:
        body: dict[str, Any] = json.loads(data)
        if not hmac.compare_digest(str(body.pop("mac")), _mac(keys, body)) or body.pop("format") != FORMAT:
            return None
        return _Mark(**body)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _mac(keys: Keys, body: dict[str, object]) -> str:
    return _code(keys, "mark", json.dumps(body, sort_keys=True))


def _machine(keys: Keys) -> str:
    return _code(keys, "mark machine", machine_id())


def _file(folder: Folder, keys: Keys) -> str:
    """The identity of the store file, where the file system gives it one for life."""
    if volume_of(folder.root).kind not in STEADY:
        return ""
    with disk_problems(folder.database):
        return _code(keys, "mark file", str(folder.database.stat().st_ino))


def _code(keys: Keys, label: str, text: str) -> str:
    return hmac.digest(keys.derive(label), text.encode("utf-8", "backslashreplace"), "sha256").hex()
