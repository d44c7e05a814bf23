"""What a laptop wrote about somebody before it heard that they are forgotten goes with them when it comes."""

import pytest

from gridworker.app.exchange import exchange
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, NotFound
from gridworker.store.attached import Files
from gridworker.sync.format import seal
from gridworker.sync.format.bundle import CHUNKS, sections_of
from gridworker.sync.format.keys import DeviceKeys
from tests.circle import Circle, Family, made_visit
from tests.convergence.forgotten import lies
from tests.pictures import photo
from tests.sync.test_attached_erasure import SIZE, holding

WORDS = "金丝雀在阳台上"


def erase_household(circle: Circle, family: Family) -> None:
    circle.office.records.save("household", {"head_id": None}, family.household)
    circle.office.erasing.erase("household", family.household)


def left(circle: Circle, laptop: Workspace, *words: str) -> list[str]:
    """Where a photo, or any of the words, still is, for who has every key."""
    found = [*holding(circle.office), *holding(laptop)]
    return found + [place for at in (circle.office, laptop) for place in lies(at, list(words or [WORDS]))]


def with_pieces(workspace: Workspace) -> list[str]:
    """The bundles of the archive that hold pieces of files."""
    with workspace.session.store.settings() as settings:
        own = DeviceKeys.parse(settings.secret("device_keys") or b"")
    archive = workspace.session.folder.archive.glob("*.gwb")
    opened = {path.name: seal.open_sealed(path.read_bytes(), [own.identity]) for path in archive}
    return [name for name, inner in opened.items() if CHUNKS in sections_of(inner)]


def test_a_photo_and_a_visit_that_come_after_their_household_was_erased(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    laptop.attachments.add("household", family.household, photo(1, SIZE), WORDS)
    visit = made_visit(laptop, family.household, resident_words=WORDS)
    laptop.attachments.add("visit", visit, photo(1, SIZE), WORDS)
    assert left(circle, laptop), "the search finds it as long as it is there"
    erase_household(circle, family)
    circle.hand_in(laptop)
    circle.office.attachments.tidy()
    assert holding(circle.office) == []
    assert list(lies(circle.office, [WORDS])) == []
    for _ in range(2):
        circle.round(laptop)
        laptop.attachments.tidy()
    assert left(circle, laptop) == []
    assert laptop.exchange.pending().records == 0
    assert [at.care_of_store.check() for at in (circle.office, laptop)] == [[], []]


def test_a_photo_that_comes_in_pieces_whole_after_its_household_was_erased(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    laptop.attachments.add("household", family.household, photo(1, 2 * SIZE), WORDS)
    parts = [laptop.exchange.pack(circle.stick, limit=120_000) for _ in range(5)]
    circle.office.exchange.merge(parts[0])
    erase_household(circle, family)
    for path in parts[1:]:
        circle.office.exchange.merge(path)
    with circle.office.session.store.cursor() as cursor:
        assert (Files(cursor).begun(), Files(cursor).all()) == ({}, [])
    assert with_pieces(circle.office) == []
    for _ in range(2):
        circle.round(laptop)
    assert with_pieces(circle.office) == []


def test_who_moves_in_with_somebody_erased_goes_with_them_and_others_stay(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """A membership of who is forgotten; and a visit to a household that is here, with a photo."""
    other = circle.family(circle.office.devices.grids()[0][0], "202", "李四")
    circle.round(laptop)
    values = {"household_id": other.household, "resident_id": family.resident, "relation": "80"}
    member = laptop.records.save("household_member", values).id
    visit = made_visit(laptop, other.household, resident_words=WORDS)
    kept = laptop.attachments.add("visit", visit, photo(1, SIZE), WORDS).id
    circle.office.records.save("household", {"head_id": None}, family.household)
    circle.office.erasing.erase("resident", family.resident)
    for _ in range(2):
        circle.round(laptop)
    for at in (circle.office, laptop):
        assert at.session.store.get("household_member", member) is None
        assert at.session.store.get("visit", visit) is not None
        assert at.attachments.show(kept)
        assert at.care_of_store.check() == []


def test_what_a_full_disk_kept_from_being_looked_at_is_with_the_next_bundle(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_visit(laptop, family.household, resident_words=WORDS)
    erase_household(circle, family)

    def full(_session: object) -> bool:
        raise DiskFull("full")

    with monkeypatch.context() as cut:
        cut.setattr(exchange, "forget_late", full)
        circle.hand_in(laptop)
    assert list(lies(circle.office, [WORDS]))
    circle.hand_in(laptop)
    assert list(lies(circle.office, [WORDS])) == []


def test_of_a_visit_that_was_moved_to_others_meanwhile_nothing_goes(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    other = circle.family(circle.office.devices.grids()[0][0], "202", "李四")
    circle.round(laptop)
    visit = made_visit(laptop, family.household, resident_words=WORDS)
    laptop.records.save("visit", {"household_id": other.household}, visit)
    erase_household(circle, family)
    for _ in range(2):
        circle.round(laptop)
    for at in (circle.office, laptop):
        assert at.records.show("visit", visit).values["resident_words"] == WORDS


def test_pieces_that_come_alone_when_their_photo_was_erased_do_not_stay_in_the_archive(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """What names it is confirmed, so nothing in those bundles is about who was erased."""
    laptop.attachments.add("household", family.household, photo(1, 2 * SIZE), WORDS)
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=120_000))
    circle.reply(laptop)
    erase_household(circle, family)
    for _ in range(3):
        circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=120_000))
    assert with_pieces(circle.office) == []


def test_pieces_of_an_erased_photo_in_a_reply_that_comes_late_do_not_stay_in_a_laptop_s_archive(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.office.attachments.add("household", family.household, photo(1, 2 * SIZE), WORDS)
    circle.round(laptop)
    circle.hand_in(laptop)
    number = laptop.session.store.identity.laptop
    parts = [circle.office.exchange.pack(circle.stick, number, limit=120_000) for _ in range(2)]
    laptop.exchange.merge(parts[0])
    assert with_pieces(laptop)
    erase_household(circle, family)
    circle.reply(laptop)
    assert with_pieces(laptop) == []
    for path in parts:
        laptop.exchange.merge(path)
    assert with_pieces(laptop) == []
    assert left(circle, laptop) == []


def test_a_laptop_hears_of_whom_it_once_held_and_keeps_them_in_no_file(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    """The household left and was removed there; what the laptop had written of it is in its outbox still."""
    laptop.records.save("resident", {"note": WORDS}, family.resident)
    circle.round(laptop)
    elsewhere = circle.family(grids[1], "303", "王秀英")
    circle.office.records.save("household", {"dwelling_id": elsewhere.dwelling}, family.household)
    circle.round(laptop)
    circle.office.backups.make()
    circle.round(laptop)
    with pytest.raises(NotFound):
        laptop.records.show("resident", family.resident)
    assert list(lies(laptop, [WORDS])), "in its outbox"
    circle.office.erasing.erase("resident", family.resident, rewordings=None)
    circle.round(laptop)
    assert list(lies(laptop, [WORDS])) == []


def test_each_of_many_bundles_is_told_to_have_brought_what_is_kept_of_it(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    other = circle.family(circle.office.devices.grids()[0][0], "202", "李四")
    circle.round(laptop)
    erase_household(circle, family)
    packed = []
    for _ in range(8):
        made_visit(laptop, family.household, resident_words=WORDS)
        made_visit(laptop, other.household)
        packed.append(laptop.exchange.pack(circle.stick))
        circle.clock.move(minutes=1)
    results = circle.office.exchange.merge_all(packed)
    told = [(one.trip.counts, one.trip.forgotten) for one in results if one.trip]
    assert told == [({"visit": 1}, 1)] * 8
    assert [(trip.counts, trip.forgotten) for trip in circle.office.exchange.trips(8, outgoing=False)] == told
