"""Files of attachments between an office and its laptops: they arrive whole, and none goes before it is safe."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridworker.app.attachment.attachments import LetGo
from gridworker.app.attachment.picture import prepared
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, NotFound
from gridworker.store.attached import BLOCK, MAX_BEGUN, Files
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure import compaction
from gridworker.store.parcels import COVERED, OFFICE_PEER, Parcel, Parcels
from gridworker.sync.files import attaching
from gridworker.sync.files.attaching import Brought, receive
from gridworker.sync.format.sections import Chunk
from gridworker.sync.judging import guard
from tests.circle import Circle, Family
from tests.pictures import CANARY, photo

MB = 1024 * 1024


def start(circle: Circle) -> tuple[Family, Workspace]:
    """A family, and the laptop that looks after it."""
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    return family, laptop


def content(workspace: Workspace, attachment: int) -> bytes | None:
    """The file of an attachment as a device has it."""
    try:
        return workspace.attachments.show(attachment)
    except NotFound:
        return None


def files(workspace: Workspace) -> list[Path]:
    """What lies in the attachments folder."""
    folder = workspace.session.folder.attachments
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_a_photo_reaches_the_office_and_the_laptop_hears_of_it_once(circle: Circle) -> None:
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(1, 200_000), "楼道杂物")
    assert circle.office.attachments.all() == []
    circle.hand_in(laptop)
    assert content(circle.office, added.id) == prepared(photo(1, 200_000)).data
    circle.reply(laptop)
    small = circle.hand_in(laptop)
    assert small.stat().st_size < 20_000, "what was confirmed is not sent again"


def test_what_has_not_come_says_where_it_is(circle: Circle) -> None:
    family, laptop = start(circle)
    laptop.attachments.add("household", family.household, photo(1, 3 * MB), "楼道杂物")
    bundle = laptop.exchange.pack(circle.stick, limit=MB)
    circle.office.exchange.merge(bundle)
    (view,) = circle.office.attachments.of("household", family.household)
    assert (view.here, view.laptop, view.caption) == (False, 1, "楼道杂物")
    with pytest.raises(NotFound, match="still on laptop 1"):
        circle.office.attachments.show(view.id)


@pytest.mark.parametrize("limit", [MB // 2, MB, 2 * MB, 2 * MB + 12345])
def test_no_file_is_larger_than_the_limit_and_it_goes_on_where_it_was(circle: Circle, limit: int) -> None:
    family, laptop = start(circle)
    data = photo(2, 3 * MB)
    added = laptop.attachments.add("household", family.household, data)
    sizes: list[int] = []
    while content(circle.office, added.id) is None and len(sizes) < 20:
        bundle = laptop.exchange.pack(circle.stick, limit=limit)
        sizes.append(bundle.stat().st_size)
        circle.office.exchange.merge(bundle)
    assert max(sizes) <= limit
    assert len(sizes) <= 3 * MB // (limit * 7 // 8) + 1, "the room there is gets used"
    assert content(circle.office, added.id) == prepared(data).data


def test_a_lost_bundle_heals_without_a_reply_and_with_one(circle: Circle) -> None:
    family, laptop = start(circle)
    first = laptop.attachments.add("household", family.household, photo(3, 300_000))
    laptop.exchange.pack(circle.stick)  # lost
    circle.hand_in(laptop)
    assert content(circle.office, first.id) is not None
    second = laptop.attachments.add("household", family.household, photo(4, 300_000))
    laptop.exchange.pack(circle.stick)  # lost
    third = laptop.attachments.add("household", family.household, photo(5, 300_000))
    circle.hand_in(laptop)
    assert content(circle.office, third.id) is not None
    assert content(circle.office, second.id) is None
    circle.reply(laptop)
    circle.hand_in(laptop)
    assert content(circle.office, second.id) is not None


def test_a_file_that_went_and_was_not_confirmed_is_still_to_be_handed_over(circle: Circle) -> None:
    family, laptop = start(circle)
    laptop.attachments.add("household", family.household, photo(6, 200_000))
    before = laptop.exchange.pending()
    assert (before.files, before.files_size) == (1, len(prepared(photo(6, 200_000)).data))
    laptop.exchange.pack(circle.stick).unlink()
    after = laptop.exchange.pending()
    assert (after.files, after.files_size) == (before.files, before.files_size)


def test_another_laptop_of_the_grid_gets_the_file_and_one_of_another_grid_does_not(circle: Circle) -> None:
    family, laptop = start(circle)
    other_grid = circle.office.devices.add_grid("第二网格")
    second = circle.enrol("王敏", laptop.session.grids()[0])
    apart = circle.enrol("李强", other_grid)
    added = laptop.attachments.add("household", family.household, photo(6, 200_000))
    circle.round(laptop, second, apart)
    circle.round(laptop, second, apart)
    assert content(second, added.id) == prepared(photo(6, 200_000)).data
    assert apart.attachments.all() == []
    assert files(apart) == []


def test_a_laptop_is_given_no_file_its_records_do_not_name(circle: Circle) -> None:
    family, laptop = start(circle)
    other = circle.office.devices.add_grid("第二网格")
    apart = circle.enrol("李强", other)
    laptop.attachments.add("household", family.household, photo(6, 200_000))
    circle.round(laptop, apart)
    wanted = hashlib.sha256(prepared(photo(6, 200_000)).data).digest()
    with circle.office.session.store.db.write() as connection:
        Parcels(raw_cursor(connection), 2).add(wanted)  # as if it had asked
    circle.office.exchange.pack(circle.stick, 2)
    with circle.office.session.store.cursor() as cursor:
        assert Parcels(cursor, 2).all()[wanted].sent == 0


# ------------------------------------------------------------------------------------------------------------ let go


def test_a_file_goes_only_when_the_office_has_it_and_has_backed_it_up(circle: Circle) -> None:
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(7, 200_000))
    assert laptop.attachments.let_go(0).files == 0
    circle.office.backups.make()
    circle.round(laptop)
    assert laptop.attachments.let_go(0).files == 0, "the office has it, no backup has"
    circle.office.backups.make()
    assert laptop.attachments.let_go(0).files == 0, "the laptop has not heard of it"
    circle.round(laptop)
    assert laptop.attachments.let_go(10 * MB).files == 0, "there is room"
    done = laptop.attachments.let_go(0)
    assert (done.files, done.kept) == (1, 0)
    assert content(laptop, added.id) is None
    assert files(laptop) == []
    (view,) = laptop.attachments.all()
    assert (view.here, view.laptop) == (False, 0)
    circle.round(laptop)
    assert content(laptop, added.id) is None, "what was let go does not come back by itself"
    assert content(circle.office, added.id) is not None


def test_a_backup_of_the_record_alone_covers_no_file(circle: Circle) -> None:
    family, laptop = start(circle)
    laptop.attachments.add("household", family.household, photo(7, 200_000))
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=1))
    circle.office.backups.make()
    circle.round(laptop)
    assert laptop.attachments.let_go(0).files == 0, "an office restored from that backup would not have it"


def test_a_file_stays_while_the_backup_does_not_cover_its_record(circle: Circle) -> None:
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(7, 1000))
    digest = hashlib.sha256(prepared(photo(7, 1000)).data).digest()
    with laptop.session.store.db.write() as connection:
        Parcels(raw_cursor(connection), OFFICE_PEER).save([Parcel(OFFICE_PEER, digest, 0, 0, COVERED)])
    done = laptop.attachments.let_go(0)
    assert (done.files, done.kept) == (0, 1)
    assert content(laptop, added.id) is not None


@pytest.mark.parametrize("shared", [False, True])
def test_a_photo_that_was_deleted_before_it_was_handed_in_goes_once_nothing_can_bring_it_back(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, shared: bool
) -> None:
    """And not while somebody living shows the same photo that the office has not got."""
    monkeypatch.setattr(compaction, "KEPT", 3)
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(7, 1000)).id
    laptop.records.remove("attachment", added)
    assert laptop.attachments.let_go(0) == LetGo(0, 0, 1), "undo brings it back"
    circle.round(laptop)
    circle.office.backups.make()
    assert laptop.attachments.let_go(0).files == 0, "for all it knows the deletion is here alone"
    circle.round(laptop)
    laptop.records.undo()
    assert content(laptop, added) is not None
    laptop.records.remove("attachment", added)
    assert laptop.attachments.let_go(0).files == 0, "it was deleted just now"
    if shared:
        other = laptop.attachments.add("household", family.household, photo(7, 1000)).id
        circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=1))
    else:
        circle.round(laptop)
    for _ in range(3):
        circle.office.backups.make()
        circle.reply(laptop)
    assert laptop.attachments.let_go(0).files == (not shared)
    assert len(files(laptop)) == shared
    if shared:
        assert content(laptop, other) is not None
    else:
        with pytest.raises(NotFound, match="nothing"):
            laptop.records.undo()


@pytest.mark.parametrize("by_office", [False, True])
def test_a_deleted_photo_stays_as_long_as_the_office_may_bring_it_back(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, by_office: bool
) -> None:
    """It refuses a deletion that it had set aside, or takes its own back; only the laptop has the photo then."""
    monkeypatch.setattr(compaction, "KEPT", 3)
    monkeypatch.setattr(guard, "FEW", 0)
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(7, 300_000)).id
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=MB // 8))
    circle.reply(laptop)
    (circle.office if by_office else laptop).records.remove("attachment", added)
    for _ in range(5):
        circle.office.backups.make()
        circle.reply(laptop)
        circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=MB // 8))
    assert laptop.attachments.let_go(0) == LetGo(0, 0, 1)
    if by_office:
        circle.office.records.undo()
    else:
        circle.office.asides.refuse([op.id for op in circle.office.asides.waiting()])
    for _ in range(2):
        circle.round(laptop)
    assert content(circle.office, added) == content(laptop, added) == prepared(photo(7, 300_000)).data


@pytest.mark.parametrize("one", [False, True])
def test_a_photo_stays_where_only_a_part_of_what_deletes_it_is_the_laptops_own(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, one: bool
) -> None:
    """Of two records that showed it the office deleted the other one, or both ends deleted the same one."""
    monkeypatch.setattr(compaction, "KEPT", 3)
    family, laptop = start(circle)
    first, second = (laptop.attachments.add("household", family.household, photo(7, 300_000)).id for _ in range(2))
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=MB // 8))
    circle.reply(laptop)
    laptop.records.remove("attachment", first)
    if one:
        laptop.records.remove("attachment", second)
    circle.office.records.remove("attachment", second)
    for _ in range(6):
        circle.office.backups.make()
        circle.reply(laptop)
        circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=MB // 8))
    assert laptop.attachments.let_go(0) == LetGo(0, 0, 1)
    assert len(files(laptop)) == 1


def test_a_photo_whose_deletion_waits_does_not_go_with_its_household(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "FEW", 0)
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(7, 300_000)).id
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=MB // 8))
    circle.reply(laptop)
    laptop.records.remove("attachment", added)
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=MB // 8))
    other = circle.office.devices.add_grid("第二网格")
    circle.office.records.save("building", {"grid_id": other}, family.building)
    for _ in range(3):
        circle.office.backups.make()
        circle.round(laptop)
    assert laptop.session.store.get("household", family.household) is None
    circle.office.asides.refuse([op.id for op in circle.office.asides.waiting()])
    for _ in range(3):
        circle.office.backups.make()
        circle.round(laptop)
    assert content(circle.office, added) == prepared(photo(7, 300_000)).data
    assert laptop.session.store.get("attachment", added) is None, "it went once it was safe"


def test_the_newest_stay(circle: Circle) -> None:
    family, laptop = start(circle)
    added = [laptop.attachments.add("household", family.household, photo(seed, 200_000)).id for seed in (1, 2, 3)]
    circle.round(laptop)
    circle.office.backups.make()
    circle.round(laptop)
    assert laptop.attachments.let_go(450_000).files == 1
    assert [content(laptop, one) is None for one in added] == [True, False, False]


def test_a_restored_office_gets_back_what_its_copy_did_not_have(circle: Circle) -> None:
    family, laptop = start(circle)
    circle.copy("office", "old")
    circle.open("office")
    added = laptop.attachments.add("household", family.household, photo(8, 200_000))
    circle.round(laptop)
    circle.restore("office", "old")
    for _ in range(3):
        circle.round(laptop)
    assert content(circle.office, added.id) == prepared(photo(8, 200_000)).data


class Trip:
    """The bundles of a random exchange, none of them read twice by the test."""

    def __init__(self, circle: Circle, laptop: Workspace) -> None:
        self.circle, self.laptop = circle, laptop
        self.to_office: list[Path] = []
        self.to_laptop: list[Path] = []

    def step(self, what: str, limit: int, choice: int) -> None:
        """One thing that happens."""
        self.circle.clock.move(minutes=1)
        office = self.circle.office
        if what == "pack":
            self.to_office.append(self.laptop.exchange.pack(self.circle.stick, limit=limit))
        elif what == "answer":
            self.to_laptop.append(office.exchange.pack(self.circle.stick, 1, limit=limit))
        elif what == "arrive" and self.to_office:
            office.exchange.merge(self.to_office[choice % len(self.to_office)])
        elif what == "heard" and self.to_laptop:
            self.laptop.exchange.merge(self.to_laptop[choice % len(self.to_laptop)])
        elif what == "backup":
            office.backups.make()
        elif what == "free":
            self.laptop.attachments.let_go(0)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pack", "pack", "arrive", "arrive", "answer", "heard", "backup", "free"]),
        st.sampled_from([100_000, 300_000, MB]),
        st.integers(0, 20),
    ),
    max_size=25,
)


@settings(max_examples=12)
@given(steps=STEPS)
def test_whatever_is_lost_doubled_or_swapped_the_office_ends_with_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    circle = Circle(tmp_path_factory.mktemp("circle"))
    try:
        family, laptop = start(circle)
        there = {
            laptop.attachments.add("household", family.household, photo(seed, size)).id: prepared(
                photo(seed, size)
            ).data
            for seed, size in ((1, 70_000), (2, 210_000), (3, BLOCK))
        }
        trip = Trip(circle, laptop)
        for step in steps:
            trip.step(*step)
            for one, data in there.items():
                assert data in (content(laptop, one), content(circle.office, one)), "gone too early"
                assert content(laptop, one) in (data, None)
                assert content(circle.office, one) in (data, None)
        for _ in range(2):
            circle.round(laptop)
        assert [content(circle.office, one) for one in there] == list(there.values())
        circle.office.backups.make()
        circle.round(laptop)
        laptop.attachments.let_go(0)
        assert files(laptop) == []
    finally:
        circle.close()


# ------------------------------------------------------------------------------------------------------------ hostile


def arriving(circle: Circle, chunks: list[Chunk]) -> int:
    """Pieces come to the office; the number that was not kept."""
    with circle.office.session.store.db.write() as connection:
        return receive(raw_cursor(connection), 1, Brought(None, chunks), late=False)


def pieces(circle: Circle) -> int:
    """Pieces the office keeps."""
    with circle.office.session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM piece")
        return int(cursor.fetchone()[0])


def announced(circle: Circle, laptop: Workspace, family: Family, data: bytes) -> bytes:
    """The office knows of a file and has nothing of it. Returns its hash."""
    laptop.attachments.add("household", family.household, data)
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=1))
    return hashlib.sha256(prepared(data).data).digest()


def test_pieces_that_fit_nothing_are_not_kept(circle: Circle) -> None:
    family, laptop = start(circle)
    data = photo(9, 150_000)
    digest, size = announced(circle, laptop, family, data), len(prepared(data).data)
    assert pieces(circle) == 0
    block = bytes(BLOCK)
    bad = [
        Chunk(bytes(32), size, 0, block),  # no record knows it
        Chunk(digest, size + 1, 0, block),  # another size
        Chunk(digest, size, 1, block),  # over the edge of two pieces
        Chunk(digest, size, 0, block[:-1]),
        Chunk(digest, size, 0, b""),
        Chunk(digest, size, 4 * BLOCK, block),  # beyond the end
        Chunk(digest, size, 2 * BLOCK, block),  # longer than the end
    ]
    assert arriving(circle, bad) == len(bad)
    assert pieces(circle) == 0
    assert arriving(circle, [Chunk(digest, size, 0, block)] * 3) == 0
    assert pieces(circle) == 1


def test_wrong_content_is_thrown_away_and_asked_for_again(circle: Circle) -> None:
    family, laptop = start(circle)
    data = photo(10, 100_000)
    digest, size = announced(circle, laptop, family, data), len(prepared(data).data)
    arriving(circle, [Chunk(digest, size, 0, bytes(BLOCK)), Chunk(digest, size, BLOCK, bytes(size - BLOCK))])
    assert pieces(circle) == 2
    circle.reply(laptop)
    circle.hand_in(laptop)
    circle.reply(laptop)
    circle.hand_in(laptop)
    assert [content(circle.office, one.id) for one in circle.office.attachments.all()] == [prepared(data).data]
    assert pieces(circle) == 0


def test_no_more_files_are_begun_than_fit(circle: Circle) -> None:
    family, _ = start(circle)
    size = BLOCK + 1
    chunks = []
    for number in range(MAX_BEGUN + 5):
        digest = hashlib.sha256(bytes([number])).digest()
        values = {"sha256": digest.hex(), "size": size, "media_type": "image/png", "household_id": family.household}
        circle.office.records.save("attachment", values)
        chunks.append(Chunk(digest, size, 0, bytes(BLOCK)))
    assert arriving(circle, chunks) == 5
    assert pieces(circle) == MAX_BEGUN


def test_records_with_nonsense_stop_nothing(circle: Circle) -> None:
    family, laptop = start(circle)
    good = laptop.attachments.add("household", family.household, photo(11, 100_000))
    with laptop.session.store.db.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO attachment (id, sha256, size, media_type) VALUES (5, 'no hash', -1, 'image/png'), "
            "(6, 'zz', 9223372036854775807, 'image/png')"
        )
    circle.hand_in(laptop)
    assert content(circle.office, good.id) is not None


# -------------------------------------------------------------------------------------------------------------- disk


def test_nothing_of_a_picture_lies_open_in_the_data_folder(circle: Circle) -> None:
    family, laptop = start(circle)
    data = photo(12, 100_000)
    caption = "阳台上的煤气罐"
    laptop.attachments.add("household", family.household, data, caption)
    circle.round(laptop)
    circle.office.backups.make()
    digest = hashlib.sha256(prepared(data).data)
    marks = [CANARY, prepared(data).data[2000:2016], digest.digest(), digest.hexdigest().encode(), caption.encode()]
    found = [
        (path.name, mark[:8])
        for path in circle.folder.rglob("*") if path.is_file()
        for mark in marks if mark in path.read_bytes() or mark.decode("latin-1") in path.name
    ]  # fmt: skip
    assert found == []
    assert CANARY not in (content(circle.office, circle.office.attachments.all()[0].id) or CANARY)


def test_a_full_disk_while_adding_leaves_nothing(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    family, laptop = start(circle)

    def full(*_: object) -> None:
        raise DiskFull("full")

    with monkeypatch.context() as patched:
        patched.setattr("gridworker.store.attachment_files.write_durably", full)
        with pytest.raises(DiskFull):
            laptop.attachments.add("household", family.household, photo(1, 1000))
    assert laptop.attachments.all() == []
    assert files(laptop) == []


def test_a_full_disk_while_receiving_loses_no_piece(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(1, 200_000))

    def full(*_: object) -> None:
        raise DiskFull("full")

    with monkeypatch.context() as patched:
        patched.setattr("gridworker.store.attachment_files.write_durably", full)
        circle.hand_in(laptop)
    assert content(circle.office, added.id) is None
    circle.office.attachments.tidy()
    assert content(circle.office, added.id) == prepared(photo(1, 200_000)).data


def test_what_is_cut_off_between_file_and_row_is_finished_and_swept(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(1, 200_000))

    class Killed(BaseException):
        """A process that ends."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Files, "save", killed)
        bundle = laptop.exchange.pack(circle.stick)
        with pytest.raises(Killed):
            circle.office.exchange.merge(bundle)
    assert len(files(circle.office)) == 1
    circle.office.attachments.tidy()
    assert content(circle.office, added.id) is not None
    assert len(files(circle.office)) == 1
    assert circle.office.exchange.merge(bundle).again


def test_a_file_that_went_missing_is_asked_for_again(circle: Circle) -> None:
    family, laptop = start(circle)
    added = laptop.attachments.add("household", family.household, photo(1, 200_000))
    circle.round(laptop)
    files(circle.office)[0].unlink()
    circle.office.attachments.tidy()
    circle.round(laptop)
    circle.round(laptop)
    assert content(circle.office, added.id) is not None


def test_the_same_photo_twice_is_one_file(circle: Circle) -> None:
    family, laptop = start(circle)
    for _ in range(2):
        laptop.attachments.add("household", family.household, photo(1, 200_000))
    assert len(files(laptop)) == 1
    circle.round(laptop)
    assert [view.here for view in circle.office.attachments.all()] == [True, True]


def test_news_is_what_never_went(circle: Circle) -> None:
    family, laptop = start(circle)
    laptop.attachments.add("household", family.household, photo(1, MB))
    laptop.exchange.pack(circle.stick, limit=MB // 2)
    assert laptop.exchange.has_news()
    for _ in range(2):
        laptop.exchange.pack(circle.stick)
    with laptop.session.store.db.read() as connection:
        assert not attaching.has_unsent(connection, OFFICE_PEER)
