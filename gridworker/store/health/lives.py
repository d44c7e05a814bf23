"""At each start: is this the store that was closed here last? If not, it goes on as a new life of its device.

A copied or restored store must never give out ids and numbers that its twin gives out too (sync.md 5).
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from gridworker.errors import DiskFull, StoreDamaged, StoreProblem
from gridworker.store.health import freshness, sidecar
from gridworker.store.health.freshness import Reason
from gridworker.store.health.lives_used import lived, next_life, remember_lived
from gridworker.store.health.sidecar import FLOOR, highest_laptop
from gridworker.store.health.unlogged import fingerprint
from gridworker.store.log.clock import MAX_LAPTOP
from gridworker.store.log.journal import Journal
from gridworker.store.meta import Meta
from gridworker.store.relink import RELINKED

if TYPE_CHECKING:
    from gridworker.paths import Folder
    from gridworker.store.health.sidecar import Sidecar
    from gridworker.store.keys.vault import Keys
    from gridworker.store.store import Store

ONLY_THE_STORE = frozenset({Reason.OTHER_NONCE, Reason.BEHIND, Reason.FORKED, Reason.LOG_MISSING})
"""What shows that the store is of another time and its mark, so all that lies beside it, is not."""
RESTORE_JUMP = 50
"""Laptop numbers skipped after a restore: some may have been given out since the copy was made."""


def freshen(store: "Store", folder: "Folder", keys: "Keys", *, log_there: bool = True) -> "freshness.Verdict":
    """Compare the store with its mark, take a new life where they do not fit, and move both on.

    ``log_there``: see ``freshness.has_log``. Whoever calls this raises the mark when the store is closed.
    """
    with _or_left_open(store):
        return _freshened(store, folder, keys, log_there=log_there)


def _freshened(store: "Store", folder: "Folder", keys: "Keys", *, log_there: bool) -> "freshness.Verdict":
    state = store_state(store)
    verdict = freshness.check(folder, keys, state, log_there=log_there)
    spent = store.is_spent
    if spent and verdict.fresh:
        verdict = freshness.Verdict(Reason.IDS_SPENT)
    if not verdict.fresh:
        complete = sidecar.complete(folder, keys) if verdict.reason in ONLY_THE_STORE else None
        take_new_life(store, outside=sidecar.read(folder.sidecar, keys), complete=complete)
    if spent:
        store.begin_clock()
    freshness.advance(folder, keys, state, running=True)
    _settle_relinked(store)
    return verdict


def raise_mark(store: "Store", folder: "Folder", keys: "Keys") -> None:
    """Raise the mark to the journal as it is now: when closing, and after its links were made anew.

    A full disk is made room on once.
    """
    with _or_left_open(store):
        try:
            _raise_mark(store, folder, keys)
        except DiskFull:
            store.db.make_room()
            _raise_mark(store, folder, keys)


def raise_mark_if_it_can_be(store: "Store", folder: "Folder", keys: "Keys") -> None:
    """The same on the way out. Never raises a problem: what was to be written is written, and must not be denied.

    Where the mark stays as it is the store looks at its next start as if it had not been closed in order.
    """
    with suppress(StoreProblem):
        raise_mark(store, folder, keys)


def _raise_mark(store: "Store", folder: "Folder", keys: "Keys") -> None:
    freshness.raise_mark(folder, keys, store_state(store))
    _settle_relinked(store)


@contextmanager
def _or_left_open(store: "Store") -> Iterator[None]:
    """Where the mark cannot be written it may say that the store is open: then it must look so at the next start."""
    try:
        yield
    except StoreProblem:
        store.db.leave_log()
        raise


def _settle_relinked(store: "Store") -> None:
    with store.cursor() as cursor:
        relinked = Meta(cursor).number(RELINKED)
    if relinked:
        with store.settings() as settings:
            settings.set(RELINKED, 0)


def take_new_life(
    store: "Store",
    choose: Callable[[Sequence[int]], int] = secrets.choice,
    outside: "Sidecar | None" = None,
    complete: "Sidecar | None" = None,
    *,
    skip: bool = True,
) -> None:
    """Become an incarnation this device never was, before its first edit. ``outside``: what is known beside the store.

    The next one, where ``complete`` surely has all that were lived, and has each that is known from anywhere; else one
    by chance. Laptop numbers of an office jump too, for some may have been given out that this store knows nothing of;
    without ``skip`` only once that is more than somebody's word (``skip_numbers``).
    """
    identity = store.identity
    with store.cursor() as cursor:
        known = lived(cursor, identity) | (outside.lives if outside else frozenset())
    after = complete.life if complete is not None and known <= complete.lives else None
    life = next_life(identity, known, choose, after)
    with store.settings() as settings:
        remember_lived(settings, known | {life})
    store.adopt(replace(identity, incarnation=life))
    if identity.is_office and skip:
        skip_numbers(store, outside.laptop if outside else 0)


def leave_wrong_time(store: "Store") -> None:
    """Go on as a new life whose ids begin at the clock as it is now."""
    take_new_life(store)
    store.begin_clock()


def skip_numbers(store: "Store", given: int = 0) -> None:
    """Give out no laptop number that a state of this office which is lost here may have given out."""
    with store.settings() as settings:
        highest = max(given, highest_laptop(settings))
        settings.set(FLOOR, min(highest + RESTORE_JUMP, MAX_LAPTOP - 1))


def store_state(store: "Store") -> "freshness.StoreState":
    """What the store tells of itself."""

    def nonce() -> str:
        with store.cursor() as cursor:
            return Meta(cursor).text("nonce")

    def write_nonce(value: str) -> None:
        with store.settings() as settings:
            settings.set("nonce", value)

    def head() -> tuple[int, bytes]:
        with store.cursor() as cursor:
            return Journal(cursor, store.chain_key).last()

    def link(number: int) -> bytes | None:
        with store.cursor() as cursor:
            relinked = Meta(cursor).number(RELINKED)
            found = Journal(cursor, store.chain_key).link(number)
        # A mark from before links were made anew knows codes that are no more: the nonce alone tells then.
        return found.mac if found and not 0 < relinked <= number else None

    def rest() -> tuple[str, ...]:
        with suppress(StoreDamaged), store.cursor() as cursor:
            return fingerprint(cursor)
        return ()  # a page of it is damaged: that is for the self-check to say, and no reason to keep anybody out

    return freshness.StoreState(nonce, write_nonce, head, link, rest)
