"""Rules the office sets for everybody. They stand in the community's record, so every laptop has them with a bundle."""

from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING

from gridworker.app.entry.shortening import write_shortened
from gridworker.app.forgetting import ERASED, Copies, carry, once_done
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.id_keeping import IdKeeping, left_behind, shortened
from gridworker.domain.community import is_key
from gridworker.errors import NotFound, Problem
from gridworker.store.records import page
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Value

EXPORT_CAP = 1000
"""So many people a laptop exports without the office's code, where the office sets no other number: about one grid."""

_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Shortened:
    """Of how many people the number was shortened, and the files a person has to see to: they may still hold some."""

    people: int
    elsewhere: tuple[str, ...] = ()


class OfficeRules(Service):
    """Reading them anywhere; changing them at the office."""

    def __init__(self, session: "Session", copies: Copies | None = None) -> None:
        self._session = session
        self._copies = copies

    @needs(Action.READ, Matter.RULES)
    def export_cap(self) -> int:
        """How many people a laptop may export without the office's code."""
        _, known = self._community()
        cap = known.get("export_cap")
        return cap if isinstance(cap, int) and 0 <= cap <= _MOST else EXPORT_CAP

    @needs(Action.CHANGE, Matter.RULES)
    def set_export_cap(self, people: int) -> None:
        """Change it for everybody, from their next bundle on. Raises Problem."""
        if not 0 <= people <= _MOST:
            raise Problem("A number from 0 to {most} is needed.", most=_MOST)
        if not self._session.is_office:
            raise Problem("The office sets this for everybody.")
        community, _ = self._community()
        if not community:
            raise NotFound("This record is not here.")
        self._session.write([Change("community", community, {"export_cap": people})], "settings", detail="export_cap")

    @needs(Action.READ, Matter.RULES)
    def short_ids(self) -> bool:
        """Whether only the last four and a keyed hash of ID numbers are kept."""
        return IdKeeping.load(self._session.store).short

    @needs(Action.CHANGE, Matter.RULES)
    def set_short_ids(self, short: bool) -> Shortened:
        """Keep no more than the last four of ID numbers from now on, or all of new ones again.

        Those that are in the books in full are shortened at once, in the same transaction; those of laptops which have
        not heard of it yet, when they come. The numbers are erased, in the log and everywhere: nobody can undo it.
        Raises Denied for who may not erase, Problem, StoreBusy, DiskFull, StoreProblem.
        """
        if not self._session.is_office:
            raise Problem("The office sets this for everybody.")
        if short:
            self.require(Action.ERASE, Matter.PEOPLE)
        self._session.require_writer()
        with self._session.together():  # a number that a bundle brings meanwhile would be left, or settled unseen
            community, known = self._community()
            if not community:
                raise NotFound("This record is not here.")
            said = str(known.get("id_key") or "")
            key = said if is_key(said) else token_hex(32)
            keeping = IdKeeping(short, bytes.fromhex(key))
            changes = shortened(self._session.store, keeping) if short else []
            rule = Change("community", community, {"short_ids": int(short), "id_key": key})
            erased = [*changes, *left_behind(self._session.store, changes)] if short else []
            write_shortened(self._session, [rule, *erased], len(changes))
        with once_done(ERASED):
            files = carry(self._session, self._copies) if erased else None
        return Shortened(len(changes), files.elsewhere if files else ())

    def _community(self) -> "tuple[int, dict[str, Value]]":
        with self._session.store.db.read() as connection:
            found = page(connection, "community", limit=1)
        return found[0] if found else (0, {})
