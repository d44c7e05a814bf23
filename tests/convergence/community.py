"""A community as it is lived in: an office and laptops on real stores, bundles on their way, copies kept of folders.

The steps here know nothing of hypothesis: the machine draws them, tests of the test and soaks call them. ``Community``
keeps beside the stores what people were told: which ops were acknowledged on which disk, and what each edit had in
sight. ``settle`` exchanges until nothing moves; ``require_settled`` is what must hold then.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gridworker.store.meta import Meta
from tests.convergence.ground import OFFICE, Letter
from tests.convergence.keeping import Keeping
from tests.convergence.told import is_audit, ops_of
from tests.past import require_as_defined

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

ROUNDS = 8
"""Everybody meets the office that often at most until nothing moves any more."""


class Community(Keeping):
    """One life of a community."""

    def pack(self, name: str, laptop: int = 0, limit: int | None = None) -> Letter:
        """Pack at a laptop, or at the office for a laptop. The bundle is on its way then."""
        self.tick(name)
        self._note_own(name)
        if name == OFFICE:  # before, what is kept of the log is behind it
            require_as_defined(self.device(name).session.store, laptop)
        letter = Letter(self.device(name).exchange.pack(self.circle.stick, laptop, limit=limit), laptop)
        if name == OFFICE:
            require_as_defined(self.device(name).session.store, laptop)
        self.mail.append(letter)
        return letter

    def deliver(self, letter: Letter, name: str) -> None:
        """A bundle is taken in; it stays on the stick, and may be taken in again."""
        self.tick(name)
        if letter in self.mail:
            self.mail.remove(letter)
            self.taken.append(letter)
        self.device(name).exchange.merge(letter.path)
        if name == OFFICE:
            self.note_yielded()
        if name == OFFICE and self.photos:
            self.disks[name].photos |= self._photos_at(name)

    def readers(self, letter: Letter) -> list[str]:
        """The devices a bundle is for: a laptop and its twins read each other's."""
        return [name for name in self.names if self.number(name) == letter.to]

    def lose(self, letter: Letter) -> None:
        """A bundle is lost, and found when nobody looks for it any more."""
        self.mail.remove(letter)
        self.lost.append(letter)

    def exchange(self, name: str) -> None:
        """A laptop hands in and takes its reply home."""
        self.deliver(self.pack(name), OFFICE)
        self.deliver(self.pack(OFFICE, self.number(name)), name)

    def attach(self, name: str, household: int, data: bytes) -> None:
        """A photo is attached to a household."""

        def attach(at: "Workspace") -> None:
            made = at.attachments.add("household", household, data)
            self.photos[made.id] = data
            self.pictures.add(data)
            self.disks[name].photos.add(made.id)

        self.act(name, attach)

    def make_room(self, name: str) -> None:
        """A laptop lets go of the files that the office has for good, for they are in a backup of it.

        It does not where the office was set back, cannot find that one any more, and the laptop has not heard of it.
        """
        with self.device(name).session.store.cursor() as cursor:
            has_heard = Meta(cursor).number("office_device") == self.device(OFFICE).session.store.identity.device
        if not has_heard and (self.wiped or not self.finds(OFFICE)):
            return
        before = self._photos_at(name)
        self.act(name, lambda at: at.attachments.let_go(0))
        gone = before - self._photos_at(name)
        if gone:
            self.safe |= gone
            self.safe_since = max((kept.made for kept in self.backups.get(OFFICE, ())), default=0)

    def be_without_files(self, name: str, meanwhile: Callable[[], object]) -> None:
        """The files of a device are away for a while, as a virus scanner takes them, and that is noticed there.

        A backup that is made meanwhile has none of them.
        """
        at, before = self.device(name), list(self.backups.get(name, ()))
        folder = at.session.folder.attachments
        away = folder.with_name("away")
        folder.mkdir(exist_ok=True)
        folder.rename(away)
        at.attachments.tidy()
        meanwhile()
        for kept in self.backups.get(name, ()):
            if kept not in before:
                kept.disk.photos.clear()
        folder.mkdir(exist_ok=True)
        for path in away.iterdir():
            path.replace(folder / path.name)
        away.rmdir()
        at.attachments.tidy()

    def _photos_at(self, name: str) -> set[int]:
        return {one.id for one in self.device(name).attachments.all() if one.here}

    def judge(self, which: int, *, accept: bool) -> None:
        """The office rules on one of the changes set aside; what cannot be accepted as it stands it refuses."""
        waiting = self.device(OFFICE).asides.waiting()
        one = waiting[which % len(waiting)]
        if not (accept and self.act(OFFICE, lambda at: at.asides.accept([one.id]))):
            self.act(OFFICE, lambda at: at.asides.refuse([one.id]))
        self.note_yielded()

    # -------------------------------------------------------------------------------------------------------- settling

    def settle(self) -> None:
        """Everybody meets the office until nothing moves; late mail arrives, the office rules on what is aside."""
        self._meet()
        late, self.mail, self.lost = [*self.mail, *self.lost], [], []
        for letter in late:
            for name in self.readers(letter):
                self.deliver(letter, name)
        self._meet()
        self._judge_all()
        if self.clashing:  # who yielded goes on as somebody else, and hands in what it wrote since
            self._meet()
            self._judge_all()
        self.back_up(OFFICE)
        self._meet()
        for name in self.laptops:
            self.deliver(self.pack(name), OFFICE)  # what was put on record at the last reply

    def _judge_all(self) -> None:
        """Until nothing waits: two changes may wait under one clk, so that of clks there are not always fewer."""
        while waiting := len(self.device(OFFICE).asides.waiting()):
            self.judge(0, accept=bool(waiting % 2))
            assert len(self.device(OFFICE).asides.waiting()) < waiting

    def _meet(self) -> None:
        for _ in range(ROUNDS):
            before = self._marks()
            for name in self.laptops:
                self.exchange(name)
            if self._marks() == before and not any(map(self._unsent, self.laptops)):
                return
        after = self._marks()
        moved = {name: set(after[name]) ^ set(before[name]) for name in self.names}
        unsent = {name: self._unsent(name) for name in self.laptops}
        raise AssertionError(f"still moving after {ROUNDS} rounds: {moved}, unsent {unsent}")

    def _unsent(self, name: str) -> int:
        """A file of what the office has set aside waits for the ruling: it is refused until then, and goes again."""
        pending = self.device(name).exchange.pending()
        return pending.records + (0 if self.asides() else pending.files)

    def _marks(self) -> dict[str, list[int]]:
        """Changes as long as anything moves. Each exchange is put on record, so audit rows do not count."""
        return {name: [row.clk for row in ops_of(self.device(name)) if not is_audit(row)] for name in self.names}
