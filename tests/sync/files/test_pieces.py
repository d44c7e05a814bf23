"""Pieces of files on their way: where sending goes on, how much of them fits, and what is lost between them."""

import hashlib

from gridworker.app.workspace import Workspace
from gridworker.store.attached import BLOCK, Files, Piece
from gridworker.store.attachment_files import Cabinet
from gridworker.store.engine.database import raw_cursor
from gridworker.store.parcels import OFFICE_PEER, Parcels
from gridworker.sync.files.attaching import PER_PIECE, Brought, next_chunks, notes_to_laptop, receive
from gridworker.sync.files.filenotes import FileNotes, Have
from gridworker.sync.format.sections import Chunk, pack_chunks
from tests.circle import Circle
from tests.pictures import photo
from tests.sync.files.test_attaching import announced, content, start

MB = 1024 * 1024


def going(workspace: Workspace, peer: int, room: int = MB) -> list[Chunk]:
    """The pieces that go to a peer next."""
    with workspace.session.store.db.read() as connection:
        return next_chunks(connection, Cabinet(workspace.session.folder), peer, room)


def hears(workspace: Workspace, peer: int, *have: Have) -> None:
    """The other side says how far it has files."""
    with workspace.session.store.db.write() as connection:
        receive(raw_cursor(connection), peer, Brought(FileNotes(have)), late=False)


def test_whoever_has_a_part_of_a_piece_is_sent_all_of_it(circle: Circle) -> None:
    """One that begins elsewhere is kept nowhere: a peer that says so would never get the file."""
    family, laptop = start(circle)
    digest = announced(circle, laptop, family, photo(1, 3 * BLOCK))
    circle.hand_in(laptop)
    for one, peer in ((laptop, OFFICE_PEER), (circle.office, 1)):
        hears(one, peer, Have(digest, BLOCK + 5))
        assert going(one, peer)[0].offset == BLOCK


def test_many_small_files_take_no_more_room_than_there_is(circle: Circle) -> None:
    family, laptop = start(circle)
    for seed in range(12):
        laptop.attachments.add("household", family.household, photo(seed, 300))
    all_of_them = going(laptop, OFFICE_PEER)
    assert len(all_of_them) == 12
    for room in range(PER_PIECE, sum(len(chunk.data) for chunk in all_of_them), 211):
        chunks = going(laptop, OFFICE_PEER, room)
        assert len(chunks) < 12
        assert not chunks or len(pack_chunks(chunks)) <= room


def test_what_lies_before_a_piece_that_was_lost_is_all_that_is_had(circle: Circle) -> None:
    """The bundle with the first pieces is lost, the one after it comes: sending goes on where the hole begins."""
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(2, 3 * MB)).id
    lost = laptop.exchange.pack(circle.stick, limit=MB)
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=MB))
    circle.reply(laptop)
    assert going(laptop, OFFICE_PEER)[0].offset == 0
    circle.hand_in(laptop)
    assert content(circle.office, added) is not None
    assert lost.exists(), "nobody needed it"


def test_a_piece_that_came_is_not_written_over_by_another(circle: Circle) -> None:
    family, laptop = start(circle)
    digest = announced(circle, laptop, family, photo(3, 2 * BLOCK))
    good, *_ = going(laptop, OFFICE_PEER)
    with circle.office.session.store.db.write() as connection:
        files = Files(raw_cursor(connection))
        for peer, data in ((1, good.data), (2, bytes(BLOCK))):
            files.add_piece(Piece(digest, 0, good.size, peer, data))
        assert files.joined(digest) == good.data


def test_a_reply_is_no_larger_than_the_limit_and_the_next_goes_on(circle: Circle) -> None:
    family, laptop = start(circle)
    second = circle.enrol("王敏", laptop.session.grids()[0])
    added = laptop.attachments.add("household", family.household, photo(4, 2 * MB)).id
    circle.round(laptop, second)
    sizes: list[int] = []
    while content(second, added) is None and len(sizes) < 9:
        circle.hand_in(second)
        reply = circle.office.exchange.pack(circle.stick, 2, limit=MB)
        sizes.append(reply.stat().st_size)
        second.exchange.merge(reply)
    assert max(sizes) <= MB
    assert len(sizes) > 1
    assert content(second, added) is not None


def test_a_photo_added_while_a_reply_is_on_its_way_is_still_to_go(circle: Circle) -> None:
    """The office answers what it was asked before: that it says nothing of this one says nothing."""
    family, laptop = start(circle)
    circle.hand_in(laptop)
    laptop.attachments.add("household", family.household, photo(5, 1000))
    circle.hand_in(laptop)
    reply = circle.office.exchange.pack(circle.stick, 1)
    new = laptop.attachments.add("household", family.household, photo(6, 1000)).id
    laptop.exchange.merge(reply)
    assert laptop.exchange.pending().files == 1
    circle.hand_in(laptop)
    assert content(circle.office, new) is not None


def test_the_same_photo_once_more_is_not_sent_once_more(circle: Circle) -> None:
    """What the office confirmed of it holds for every record that shows it."""
    family, laptop = start(circle)
    laptop.attachments.add("household", family.household, photo(7, 3 * BLOCK))
    circle.round(laptop)
    laptop.attachments.add("household", family.household, photo(7, 3 * BLOCK))
    assert laptop.exchange.pending().files == 0
    assert going(laptop, OFFICE_PEER) == []
    digest = hashlib.sha256(content(circle.office, circle.office.attachments.all()[0].id) or b"").digest()
    with laptop.session.store.cursor() as cursor:
        assert [parcel.hash for parcel in Parcels(cursor, OFFICE_PEER).all().values()] == [digest]


def test_only_who_may_have_a_file_hears_that_the_office_lacks_it(circle: Circle) -> None:
    """Its hash tells a stranger who has the photo that this community has it too."""
    family, laptop = start(circle)
    beside = circle.enrol("王敏", laptop.session.grids()[0])
    apart = circle.enrol("李强", circle.office.devices.add_grid("第二网格"))
    circle.round(laptop, beside, apart)
    digest = announced(circle, laptop, family, photo(8, 1000))
    circle.round(beside, apart)
    with circle.office.session.store.cursor() as cursor:
        told = [digest in {one.hash for one in notes_to_laptop(cursor, number).have} for number in (1, 2, 3)]
    assert told == [True, True, False]


def test_the_file_of_the_older_record_goes_first(circle: Circle) -> None:
    """Else one that is large would wait for ever behind what is added every day."""
    family, laptop = start(circle)
    for seed in range(6):
        laptop.attachments.add("household", family.household, photo(seed, 300))
    added = [one.values["sha256"] for one in sorted(laptop.records.page("attachment"), key=lambda one: one.id)]
    assert [chunk.sha256.hex() for chunk in going(laptop, OFFICE_PEER)] == added
