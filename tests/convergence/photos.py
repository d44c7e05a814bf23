"""Photos: attached anywhere, carried in pieces, let go of where they were taken once the office's backup has them."""

from functools import cache
from typing import TYPE_CHECKING

from hypothesis.stateful import precondition, rule

from gridworker.app.attachment.picture import prepared
from gridworker.errors import NotFound
from gridworker.store.attached import BLOCK, Files
from tests.convergence.community import Community
from tests.convergence.concern import NUMBERS, Concern
from tests.convergence.ground import OFFICE
from tests.pictures import photo

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from tests.convergence.settled import Views

SIZE, LIMIT = 2 * BLOCK + 1000, BLOCK + 40_000
"""Of a photo, three pieces; of a bundle on a small stick, so that it has room for one piece or two."""

LARGE = SIZE + 2 * BLOCK
"""Of a photo that two small sticks do not hold."""


@cache
def picture(number: int, size: int = SIZE) -> bytes:
    """A photo as it is kept."""
    return prepared(photo(number, size)).data


class Photos(Concern):
    """Rules for attachments."""

    @rule(who=NUMBERS, which=NUMBERS, number=NUMBERS)
    def attach(self, who: int, which: int, number: int) -> None:
        name = self.someone(who)
        household = self.one_of(name, "household", which)
        if household:
            self.community.attach(name, household, picture(number))

    @precondition(lambda self: self.community.photos)
    @rule(who=NUMBERS)
    def hand_in_on_a_small_stick(self, who: int) -> None:
        """As much of the photos as there is room for."""
        self._on_a_small_stick(self.some_laptop(who))

    @precondition(lambda self: self.community.photos)
    @rule(who=NUMBERS)
    def make_room(self, who: int) -> None:
        """A laptop lets go of every photo that is safe at the office."""
        self.community.make_room(self.some_laptop(who))

    @precondition(lambda self: self.community.photos)
    @rule(who=NUMBERS, what=NUMBERS)
    def be_without_files(self, who: int, what: int) -> None:
        """The files of a device are away while it goes on, and come back."""
        name = self.someone(who)
        laptop = self.some_laptop(who) if name == OFFICE else name
        done = (
            lambda: None,
            lambda: self.community.deliver(self.community.pack(laptop), OFFICE),
            lambda: self.community.back_up(name),
        )
        self.community.be_without_files(name, done[what % len(done)])

    @precondition(lambda self: self.community.photos)
    @rule(who=NUMBERS, which=NUMBERS)
    def make_room_before_the_office_falls(self, who: int, which: int) -> None:
        """A laptop lets go of what it may, and the office is put back to any backup."""
        name = self.some_laptop(who)
        self.community.exchange(name)
        self.community.exchange(name)
        self.community.make_room(name)
        backups = self.community.useful(OFFICE, self.community.backups.get(OFFICE, ()))
        if backups and self.community.may_fall():
            self.community.restore_backup(OFFICE, backups[-1 - which % len(backups)], gone=True)

    @rule(who=NUMBERS, which=NUMBERS, number=NUMBERS, to=NUMBERS)
    def leave_with_a_photo_half_sent(self, who: int, which: int, number: int, to: int) -> None:
        """The office has a photo in part when it gives the laptop another grid, backs that up and says so."""
        name = self.some_laptop(who)
        household = self.one_of(name, "household", which)
        if household:
            self.community.attach(name, household, picture(number, LARGE))
            self._on_a_small_stick(name)
            grids = [grid for grid, _ in self.community.device(OFFICE).devices.grids()]
            laptop, grid = self.community.number(name), grids[to % len(grids)]
            self.community.act(OFFICE, lambda at: at.grids.give(laptop, [grid]))
            self._told(name)
            self._on_a_small_stick(name)
            self.community.back_up(OFFICE)
            self._told(name)

    def _on_a_small_stick(self, name: str) -> None:
        self.community.deliver(self.community.pack(name, limit=LIMIT), OFFICE)

    def _told(self, name: str) -> None:
        self.community.deliver(self.community.pack(OFFICE, self.community.number(name)), name)


def opened(device: "Workspace", attachment: int) -> bytes | None:
    """A photo as a device has it."""
    try:
        return device.attachments.show(attachment)
    except NotFound:
        return None


def known_photos(community: Community) -> set[int]:
    """Those that are on a disk still in use, or were let go of."""
    return community.safe.union(*(disk.photos for disk in community.disks.values()))


def missed(device: "Workspace") -> set[int]:
    """The attachments of which a device knows that their files were there and are gone."""
    with device.session.store.cursor() as cursor:
        mislaid = {file.hash for file in Files(cursor).mislaid()}
        return {wanted.record for wanted in Files(cursor).lacking() if wanted.hash in mislaid}


def require_photos(community: Community, _views: "Views") -> None:
    """Each that is on a disk still in use, or was let go of, opens at the office unless its record was deleted."""
    office = community.device(OFFICE)
    for attachment in known_photos(community) - community.clashing:
        if office.session.store.get("attachment", attachment) is not None:
            taken = community.photos
            might_be = {taken[attachment]} if attachment in taken else community.pictures  # else: written anew
            assert opened(office, attachment) in might_be, f"photo {attachment} is lost"
