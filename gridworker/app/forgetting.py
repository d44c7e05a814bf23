"""Carrying an erasure to wherever a value may lie: the store, what lies beside it, kept bundles, and backups."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from gridworker.app.gate import Action, Matter, Service, free
from gridworker.errors import DiskFull, Problem, StoreClosed, StoreDamaged, StoreProblem
from gridworker.text import Label

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.tables.changes import Act
    from gridworker.store.wish import Wish


Report: TypeAlias = Callable[[float], object]
"""Told the share that is done. It stops nothing: what was begun is carried to its end."""

ERASED = Label("It is erased here for good.")

WRITTEN = 0.5
"""The share after which the store is written anew; then come the backups, which take as long."""


class Copies(Protocol):
    """The backups of this store, as far as an erasure has to reach them."""

    def renew(self, report: Report | None = None) -> tuple[int, tuple[str, ...]]:
        """Make a new one, remove those made before that are within reach; their number, and the names of all others."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many kept files were replaced and removed, how many backups made anew, and what a person has to see to."""

    replaced: int
    removed: int
    elsewhere: tuple[str, ...]
    backups: int = 0


class Forgetting(Service):
    """What lets go of something for good and everywhere: done at the office, by somebody who may erase."""

    def __init__(self, session: "Session", copies: Copies | None = None) -> None:
        self._session = session
        self._copies = copies

    @property
    @free("it says whether")
    def is_allowed(self) -> bool:
        """Whether this is where it is decided and done, and by this person."""
        return self._session.is_office and self.may(Action.ERASE, Matter.PEOPLE)


def forget(
    session: "Session", copies: Copies | None, wishes: "Sequence[Wish]", act: "Act", report: Report | None = None
) -> Forgotten:
    """Erase as one act, for good, and see to everything that holds a copy; ``copies`` None leaves the backups.

    It is remembered outside the store too: no older backup that is put back brings anything back. Raises NotFound,
    StoreBusy, DiskFull, StoreProblem. What a full disk cuts off is taken up again before the next bundle.
    """
    from gridworker.store.erasure.erasure import erase

    session.require_writer()
    session.announce(erase(session.store, wishes, act))
    with once_done(ERASED):
        return carry(session, copies, report)


@contextmanager
def once_done(done: Label) -> Iterator[None]:
    """What follows something that is done for good: where a disk stops it, nobody is told that nothing was changed.

    ``done`` says in a sentence what holds already. The next chores and commands go on with the rest.
    """
    try:
        yield
    except (StoreClosed, StoreDamaged):
        raise
    except DiskFull as fault:
        raise DiskFull(
            "{done} Older backups and files are not all made anew, for the disk is full: make some room, and the "
            "program goes on with it by itself.",
            done=done,
        ) from fault
    except Problem as fault:
        raise StoreProblem(
            "{done} Older backups and files are not all made anew yet; the program tries it again by itself.",
            done=done,
        ) from fault


@contextmanager
def but_not_opened(done: Label) -> Iterator[None]:
    """The same for a store that is opened right afterwards, which does the rest whenever it is opened."""
    try:
        yield
    except DiskFull as fault:
        raise DiskFull(
            "{done} But the disk is full, so the data could not be opened: make some room, then unlock them.", done=done
        ) from fault


def carry(session: "Session", copies: Copies | None, report: Report | None = None) -> Forgotten:
    """Carry what was erased in the store to everything that holds a copy. Raises StoreBusy, DiskFull, StoreProblem."""
    from gridworker.app.exchange.exchange import Exchange
    from gridworker.store.health import sidecar

    told = report or _unheard
    told(0.0)
    sidecar.keep(session.store, session.folder, session.keys)
    files = Exchange(session).settle_erasures()
    told(WRITTEN)
    backups, beyond = copies.renew(lambda share: told(WRITTEN + share * (1 - WRITTEN))) if copies else (0, ())
    return Forgotten(files.replaced, files.removed, (*files.elsewhere, *files.unread, *beyond), backups)


def settle_left(session: "Session") -> None:
    """Go through the files that an erasure did not reach before it was cut off, where no backup tells that it was.

    Once for each: what has to stay until later is taken up before the next bundle. Raises what ``carry`` does.
    """
    from gridworker.app.exchange.exchange import Exchange
    from gridworker.store.forgetting import is_left_to_redact
    from gridworker.store.meta import FILES_SETTLED, STALE, Meta

    with session.store.cursor() as cursor:
        link, settled = Meta(cursor).number(STALE), Meta(cursor).number(FILES_SETTLED)
        left = link != settled and is_left_to_redact(cursor)
    if left:
        Exchange(session).settle_erasures()
        with session.store.settings() as settings:
            settings.set(FILES_SETTLED, link)


def _unheard(_share: float) -> None:
    """Nobody wants to know how far it is."""
