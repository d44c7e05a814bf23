"""Who opens these data on this computer: each person of the staff with a passphrase of their own."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.last_here import made_for, people_of_slots
from gridworker.app.openers import Here, vault_in
from gridworker.app.staff import attempts
from gridworker.app.staff.namesakes import meant, several, told_apart
from gridworker.app.staff.slot_rollback import note_slot_rollback
from gridworker.errors import NotFound, Problem, StoreProblem

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.keys.slot_changes import SlotChanges
    from gridworker.store.keys.vault import Noted, Vault


class PeopleHere(Service):
    """The passphrases of an open store. Every change is on record before it is made."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @property
    @free("a random number, and one's own")
    def own_slot(self) -> str:
        """The key slot that was opened."""
        return self._session.keys.slot

    @needs(Action.READ, Matter.KEYS)
    def listed(self) -> list[Here]:
        """Everybody who has a passphrase here, in the order in which they came."""
        changes = self._changes()
        own, names = changes.own(), staff_names(self._session)
        return [
            Here(one.slot, self._person(one.person), names.get(self._person(one.person), one.name), one.slot == own,
                 one.with_ring)
            for one in changes.owners()
        ]  # fmt: skip

    @needs(Action.READ, Matter.STAFF)
    def candidates(self) -> list[tuple[int, str]]:
        """Those of the staff at work who have no passphrase here yet: (id, name)."""
        from gridworker.store.records import page

        taken = {one.person for one in self.listed()}
        with self._session.store.db.read() as connection:
            staff = page(connection, "staff", limit=10_000)
        called = staff_names(self._session)
        return [(id_, called.get(id_, "")) for id_, values in staff if values["active"] != 0 and id_ not in taken]

    @free("one's own passphrase")
    def change(self, old: str, new: str, *, with_ring: bool = False) -> None:
        """Another passphrase for whoever is at the keyboard.

        Raises WrongPassphrase where ``old`` is not the present one, TooSoon: it counts like one at the unlock page, for
        whoever comes by an open window may guess too. Problem where ``new`` is too short or somebody else's, StoreBusy,
        DiskFull, StoreProblem where there is no key ring. Cut off anywhere, one of the two opens.
        """
        self._session.require_writer()
        changes = self._changes()
        own = changes.own()
        with attempts.counted(self._session.folder, self._session.now(), own):
            self._vault().open(old, own)
        require_enough(new, with_ring=with_ring)
        others = [one.slot for one in changes.owners() if one.slot != own]
        tried = attempts.tried_as_new(self._session.folder, others) if others else nullcontext()
        with tried, self._noting(0, "passphrase") as noted:
            changes.change_passphrase(new, slot=own, with_ring=with_ring, noted=noted)
        note_slot_rollback(self._session, self._vault())

    @needs(Action.READ, Matter.KEYS)
    def needs_second(self, person: int) -> bool:
        """Whether a second person has to type their passphrase for this one to get theirs (vouching.py)."""
        from gridworker.app.staff.vouching import needs_second

        return needs_second(self._session, person)

    @needs(Action.CHANGE, Matter.KEYS)
    def add(self, person: int, passphrase: str, *, witness: str = "") -> None:
        """A passphrase for one more of the staff.

        ``witness`` is that of a second person, where the role may do more than that of who gives it. Raises NotFound,
        Denied, WrongPassphrase, TooSoon, Problem, StoreBusy, DiskFull, StoreProblem.
        """
        from gridworker.app.staff.vouching import vouched

        self._session.require_writer()
        names = staff_names(self._session)
        if person not in names:
            raise NotFound("This record is not here.")
        require_enough(passphrase)
        changes = self._changes()
        owners = changes.owners()
        if len(owners) == 1:
            changes.belongs_to(self._person(owners[0].person))
        here = people_of_slots(self._session)
        by = vouched(self._session, person, witness, here.items())

        told = attempts.told_of_others(self._session.folder, [one.slot for one in owners])
        with told, self._noting(person, "person added", by) as noted:
            changes.add(person, passphrase, names, noted)
        note_slot_rollback(self._session, self._vault())

    @needs(Action.CHANGE, Matter.KEYS)
    def remove(self, slot: str) -> None:
        """Take somebody's passphrase away; what they wrote stays.

        Raises Problem for the last one, for one's own and, at the office, for the last of the community office;
        StoreBusy, DiskFull, StoreProblem.
        """
        from gridworker.app.last_here import refuse_last_here

        self._session.require_writer()
        listed = self.listed()
        person = next((one.person for one in listed if one.slot == slot), 0)
        if len(listed) > 1 and slot != self._session.keys.slot:
            refuse_last_here(self._session, {person}, (one.person for one in listed))
        with self._noting(person, "person removed") as noted:
            self._changes().remove(slot, noted)
        note_slot_rollback(self._session, self._vault())

    @needs(Action.READ, Matter.KEYS)
    def named(self, name: str) -> Here:
        """One of them by name. Raises NotFound."""
        listed = {one.person: one for one in self.listed()}
        found = meant(name, _plain_names(self._session), listed)
        if len(found) > 1:
            raise several(name)
        if not found:
            raise NotFound("Nobody called {name} has a passphrase here.", name=name)
        return listed[found[0]]

    @needs(Action.READ, Matter.STAFF)
    def candidate(self, name: str) -> int:
        """One of the staff without a passphrase here, by name. Raises NotFound."""
        found = meant(name, _plain_names(self._session), [id_ for id_, _ in self.candidates()])
        if len(found) > 1:
            raise several(name)
        if not found:
            raise NotFound("{name} is not among the staff, or has a passphrase here already.", name=name)
        return found[0]

    @staticmethod
    @free("what the computer has")
    def ring_is_there() -> bool:
        """Whether a key ring could stand beside a passphrase."""
        from gridworker.store.keys.key_ring import is_there

        return is_there()

    @contextmanager
    def _noting(self, person: int, detail: str, by: int = 0) -> Iterator["Noted"]:
        """What puts a change of the slots on record as it is made; and that it was not, where the disk refused it then.

        ``by``: who vouched for it. Else who reads the log would take somebody for shut out who is not.
        """
        kind, record = ("staff", person) if person else (None, None)
        told = False

        def noted() -> None:
            nonlocal told
            if by:
                self._session.note("key", kind="staff", record=by, detail="vouched")
            self._session.note("key", kind=kind, record=record, detail=detail)
            told = True

        try:
            yield noted
        except StoreProblem:
            if told:
                with suppress(Problem):
                    self._session.note("key", kind=kind, record=record, detail="unwritten")
            raise

    def _person(self, person: int) -> int:
        return person or made_for(self._session)

    def _vault(self) -> "Vault":
        return vault_in(self._session.folder.root, self._session.profile)

    def _changes(self) -> "SlotChanges":
        from gridworker.store.keys.slot_changes import SlotChanges

        return SlotChanges(self._vault(), self._session.keys)


def staff_names(session: "Session") -> dict[int, str]:
    """What everybody who ever worked here is called, by record; two of one name are told apart."""
    return told_apart(_plain_names(session))


def _plain_names(session: "Session") -> dict[int, str]:
    from gridworker.store.records import page

    with session.store.db.read() as connection:
        return {id_: str(values["name"] or "") for id_, values in page(connection, "staff", limit=10_000)}


def require_enough(passphrase: str, *, with_ring: bool = False) -> None:
    """Raise Problem for a passphrase that is too short."""
    from gridworker.app.staff.passphrases import judge

    if judge(passphrase, with_ring=with_ring).enough:
        return
    if with_ring:
        raise Problem("This passphrase is too short: take at least six characters.")
    raise Problem("This passphrase is too short: take at least ten characters or four words.")
