"""Restoring: the old store is kept, the new one lives on as another life, and a cut loses neither."""

import os
import shutil
from datetime import UTC, datetime
from errno import EIO
from pathlib import Path

import pytest

from gridworker.app.access.opening import open_session
from gridworker.app.backup.restoring import Restoring
from gridworker.errors import DiskFull, StoreBusy, StoreDamaged, StoreMissing, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.backup import carried, moving_in, restore
from gridworker.store.backup.backup import Source, back_up
from gridworker.store.backup.manifest import Manifest
from gridworker.store.backup.moving_in import STAGING
from gridworker.store.engine import diskspace, filesafe
from gridworker.store.engine.database import PAGE_SIZE, Database
from gridworker.store.engine.lock import WriterLock
from gridworker.store.erasure.erasure import Erasure
from gridworker.store.health import sidecar
from gridworker.store.health.check import check
from gridworker.store.health.sidecar import Sidecar
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.store.keys.vault import Keys, Vault
from gridworker.store.meta import FIELD_ROLE, OFFICE_ROLE, Identity, Meta
from gridworker.store.store import Store
from tests.builders import DEK, Wall, add
from tests.circle import PASSPHRASE, write_keys

NOW = datetime(2026, 3, 18, 1, 42, tzinfo=UTC)
KEYS = Keys(DEK)


class Place:
    """A data folder with a store, a place for backups, and what happens between them."""

    def __init__(self, root: Path, laptop: int = 0) -> None:
        self.folder, self.place = Folder(root / "data"), root / "place"
        self.folder.root.mkdir()
        identity = Identity(FIELD_ROLE if laptop else OFFICE_ROLE, "420202001001", laptop, 0)
        db = Database(self.folder.database, DEK, create=True)
        store = Store.create(db, KEYS.derive("chain"), identity, wall=Wall())
        person = add(store, "staff", name="刘芳")
        with store.settings() as settings:
            settings.set("person", person)
        store.close()
        write_keys(self.folder)

    def work(self, *names: str) -> list[int]:
        """Open the store, write people, close it."""
        session, close = open_session(self.folder, PASSPHRASE, CHEAP)
        ids = [add(session.store, "resident", name=name) for name in names]
        close()
        return ids

    def back_up(self) -> Path:
        session, close = open_session(self.folder, PASSPHRASE, CHEAP)
        made = back_up(Source(session.store, self.folder, session.keys, CHEAP), self.place, NOW)
        close()
        return made.path

    def restoring(self, backup: Path, folder: Path | None = None, passphrase: str = PASSPHRASE) -> Restoring:
        return Restoring(backup, folder or self.folder.root, passphrase, profile=CHEAP)

    def life(self, folder: Folder | None = None) -> int:
        """The life the store is when it is opened."""
        session, close = open_session(folder or self.folder, PASSPHRASE, CHEAP)
        close()
        return session.store.identity.incarnation

    def has(self, record: int) -> bool:
        session, close = open_session(self.folder, PASSPHRASE, CHEAP)
        found = session.store.get("resident", record) is not None
        close()
        return found


@pytest.fixture(params=[0, 7], ids=["office", "laptop"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(tmp_path, request.param)


def test_a_store_is_put_back_and_the_later_one_kept_aside(place: Place) -> None:
    kept = place.work("陈桂芳")[0]
    backup = place.back_up()
    later = place.work("王小明")[0]
    done = place.restoring(backup).restore()
    assert (place.has(kept), place.has(later)) == (True, False)
    assert done.aside is not None
    aside = Database(done.aside / "store.db", DEK, read_only=True)
    old = Store(aside, KEYS.derive("chain"))
    assert old.get("resident", later) is not None
    old.close()


def test_every_store_that_was_put_aside_is_kept(place: Place) -> None:
    place.work("陈桂芳")
    backup = place.back_up()
    later = []
    for name in ("王小明", "李强"):
        later += place.work(name)
        place.restoring(backup).restore()
    found = []
    for aside in restore.stores_aside(place.folder):
        old = Store(Database(aside / "store.db", DEK, read_only=True), KEYS.derive("chain"))
        found += [record for record in later if old.get("resident", record) is not None]
        old.close()
    assert found == later


def test_a_log_that_a_failing_disk_does_not_let_in_is_put_aside_with_its_store(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written last is in it alone; beside another store it would be taken for that one's, or thrown away."""
    kept = place.work("陈桂芳")[0]
    backup = place.back_up()
    log = place.folder.database.with_name("store.db-wal")

    def fail(_folder: Folder, _keys: Keys) -> None:
        log.write_bytes(b"not brought in")

    monkeypatch.setattr(restore, "_close_in_order", fail)
    done = place.restoring(backup).restore()
    assert done.aside is not None
    assert (done.aside / log.name).read_bytes() == b"not brought in"
    assert place.has(kept)


def test_a_restored_store_never_lives_a_life_twice(place: Place, tmp_path: Path) -> None:
    """sync.md 5: an edit under an id that was given out before would hide one of the two."""
    place.work("陈桂芳")
    backup = place.back_up()
    lives = [place.life()]
    for _ in range(3):
        lives.append(place.restoring(backup).restore().identity.incarnation)
        place.work("王小明")
        assert place.life() == lives[-1]  # taken once, and kept at the next starts
    assert len(set(lives)) == 4


def test_restored_elsewhere_it_remembers_what_lies_beside_the_backups(place: Place, tmp_path: Path) -> None:
    place.work("陈桂芳")
    backup = place.back_up()
    first = place.restoring(backup).restore().identity.incarnation
    place.back_up()
    elsewhere = Folder(tmp_path / "elsewhere")
    second = place.restoring(backup, elsewhere.root).restore().identity.incarnation
    assert len({0, first, second}) == 3
    assert place.life(elsewhere) == second


def test_every_backup_leaves_beside_it_what_is_known_outside_the_store_by_then(place: Place) -> None:
    """The computer may be gone with all that lay in the data folder."""
    place.work("陈桂芳")
    before = Manifest.read(place.back_up(), KEYS)
    known = Sidecar(laptop=40, erased=frozenset({Erasure(5, 6, (1,))}))
    sidecar.remember(place.folder, KEYS, known)
    place.work("王小明")
    place.back_up()
    found = sidecar.found_for([place.place], before.store, KEYS)
    assert (found.laptop, found.erased) == (40, known.erased)


def test_a_preview_counts_what_is_newer_and_changes_nothing(place: Place) -> None:
    place.work("陈桂芳")
    backup = place.back_up()
    assert place.restoring(backup, place.folder.root.parent / "empty").preview().newer is None
    place.work("王小明", "李强")
    before = place.folder.database.read_bytes()
    newer = place.restoring(backup).preview().newer
    assert newer is not None
    assert newer.known
    assert newer.acts is not None
    assert newer.acts["create"] == 2
    assert place.folder.database.read_bytes() == before
    place.restoring(backup).restore()
    place.work("赵海")
    other = place.back_up()
    shutil.rmtree(place.folder.root)
    place.restoring(backup).restore()
    place.work("另一个", "人")
    diverged = place.restoring(other).preview().newer
    assert diverged is not None
    assert not diverged.known


def test_a_damaged_store_is_replaced_and_kept(place: Place) -> None:
    kept = place.work("陈桂芳")[0]
    backup = place.back_up()
    place.folder.database.write_bytes(b"damaged" * 2000)
    newer = place.restoring(backup).preview().newer
    assert newer is not None
    assert not newer.known
    done = place.restoring(backup).restore()
    assert place.has(kept)
    assert done.aside is not None
    assert (done.aside / "store.db").read_bytes() == b"damaged" * 2000


def test_a_damaged_backup_is_refused_and_the_store_untouched(place: Place) -> None:
    place.work("陈桂芳")
    backup = place.back_up()
    data = bytearray((backup / "store.db").read_bytes())
    data[5000] ^= 1
    (backup / "store.db").write_bytes(data)
    before = place.folder.database.read_bytes()
    with pytest.raises(StoreDamaged):
        place.restoring(backup).restore()
    assert place.folder.database.read_bytes() == before
    assert not (place.folder.root / ".restore").exists()
    with pytest.raises(StoreMissing):
        place.restoring(place.place)


def test_where_it_does_not_fit_it_is_said_before_anything_is_begun(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk a step in the middle would say so too, and mean less."""
    place.work("陈桂芳")
    backup = place.back_up()
    size = (backup / "store.db").stat().st_size
    before = place.folder.database.read_bytes()
    monkeypatch.setattr(diskspace, "free_bytes", lambda _: size - 1)
    monkeypatch.setattr(restore, "_stage", lambda *_: pytest.fail("it was begun"))
    for folder in (place.folder.root, tmp_path / "new"):
        with pytest.raises(DiskFull, match="nothing was changed"):
            restore.restore(backup, Folder(folder), KEYS, CHEAP)
    assert place.folder.database.read_bytes() == before


@pytest.mark.parametrize("beside", [True, False], ids=["in the place of a store", "on a new computer"])
def test_one_bad_page_that_nothing_looks_at_is_enough_to_refuse_a_backup(
    place: Place, tmp_path: Path, *, beside: bool
) -> None:
    """The last of the file is that of a table which putting back never reads."""
    place.work("陈桂芳")
    session, close = open_session(place.folder, PASSPHRASE, CHEAP)
    with session.store.db.write() as connection:
        connection.exec_driver_sql("CREATE TABLE unread AS SELECT randomblob(20000) AS more")
    close()
    backup = place.back_up()
    data = bytearray((backup / "store.db").read_bytes())
    data[-PAGE_SIZE + 100] ^= 1
    (backup / "store.db").write_bytes(data)
    folder = place.folder.root if beside else tmp_path / "new"
    with pytest.raises(StoreDamaged):
        place.restoring(backup, folder).restore()
    assert Folder(folder).database.exists() == beside


def test_the_passphrase_that_was_changed_since_stays_changed(place: Place) -> None:
    place.work("陈桂芳")
    backup = place.back_up()
    vault = Vault(place.folder, CHEAP)
    SlotChanges(vault, vault.open(PASSPHRASE)).change_passphrase("another one entirely")
    with pytest.raises(WrongPassphrase):
        place.restoring(backup, passphrase="neither of them")
    place.restoring(backup, passphrase="another one entirely").restore()
    with pytest.raises(WrongPassphrase):
        Vault(place.folder, CHEAP).open(PASSPHRASE)
    assert Vault(place.folder, CHEAP).open("another one entirely").dek == DEK


def test_nothing_is_put_back_while_the_store_is_open(place: Place) -> None:
    place.work("陈桂芳")
    backup = place.back_up()
    lock = WriterLock(place.folder)
    assert lock.acquire()
    with pytest.raises(StoreBusy):
        place.restoring(backup).restore()
    lock.release()
    assert place.life() == 0


@pytest.mark.parametrize("step", ["move_in", "_mark", "make_folder", "_live_anew"])
def test_a_cut_at_any_step_loses_neither_store(place: Place, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    kept = place.work("陈桂芳")[0]
    backup = place.back_up()
    later = place.work("王小明")[0]

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(restore, step, cut)
    with pytest.raises(KeyboardInterrupt):
        place.restoring(backup).restore()
    monkeypatch.undo()
    if step == "_mark":
        assert place.life() > 0  # nobody could say it had been marked: one more life, no alarm missed
    else:
        assert (place.has(kept), place.has(later)) == (True, True)
        assert place.life() == 0
        place.restoring(backup).restore()
    assert place.has(kept)


def test_what_a_failing_disk_left_in_the_log_moves_in_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that fails as the store made ready is closed leaves its write-ahead log beside it, and nobody hears."""
    backup = place.back_up()
    place.work("陈桂芳")

    def carry(staging: Folder, keys: Keys, *_: object) -> None:
        log = staging.database.with_name("store.db-wal")
        db = Database(staging.database, keys.dek)
        with db.write() as connection:
            connection.exec_driver_sql("INSERT INTO draft (name, body, at) VALUES ('visit:1', x'00', 1)")
        left = staging.database.read_bytes(), log.read_bytes()
        db.close()
        staging.database.write_bytes(left[0])
        log.write_bytes(left[1])

    monkeypatch.setattr(carried, "carry", carry)
    place.restoring(backup).restore()
    session, close = open_session(place.folder, PASSPHRASE, CHEAP)
    with session.store.cursor() as cursor:
        cursor.execute("SELECT name FROM draft")
        assert cursor.fetchall() == [("visit:1",)]
    assert not check(session.store)
    close()


def test_a_move_that_the_disk_stopped_is_said_in_a_sentence(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    later = place.work("王小明")[0]
    (place.folder.root / STAGING).mkdir()

    def unreadable(_path: Path) -> bytes:
        raise OSError(EIO, "Input/output error")

    monkeypatch.setattr(moving_in, "read_plain", unreadable)
    with pytest.raises(StoreProblem):
        moving_in.move_in(place.folder)
    monkeypatch.undo()
    assert place.has(later)  # the next start finished it
    assert not (place.folder.root / STAGING).exists()


def test_what_moves_is_where_it_was_until_its_new_name_is_on_the_disk(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut may take the new names and leave the old ones removed: then it would be nowhere."""
    backup = place.back_up()
    place.work("王小明")
    folder, there, sync = place.folder, list[tuple[str, set[str]]](), filesafe.fsync_folder

    def synced(of: Path) -> None:
        before = folder.root if of != folder.root else folder.root / STAGING
        there.append((of.name, {path.name for path in before.iterdir()}))
        sync(of)

    monkeypatch.setattr(moving_in, "fsync_folder", synced)
    place.restoring(backup).restore()
    keys = {folder.keys.name, folder.keys_copy.name, folder.database.name}
    (aside, old), (root, made) = there
    assert (aside, root) == ("before-restore-1", folder.root.name)
    assert old >= {*keys, folder.mark.name}
    assert made == {*keys, moving_in.READY}


@pytest.mark.parametrize("steps", range(8))
def test_cut_off_while_it_moves_the_next_start_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Also where the store still has two names: those are its own."""
    kept = place.work("陈桂芳")[0]
    backup = place.back_up()
    later = place.work("王小明")[0]
    put, left = filesafe.put_in_place, [steps]

    def put_some(made: Path, to: Path) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        put(made, to)

    with monkeypatch.context() as patch:
        patch.setattr(moving_in, "put_in_place", put_some)
        try:
            place.restoring(backup).restore()
        except KeyboardInterrupt:
            assert not left[0]
    assert (place.has(kept), place.has(later)) == (True, False)
    assert not (place.folder.root / STAGING).exists()
    assert place.folder.database.stat().st_nlink == 1
    assert (place.folder.root / f"{moving_in.ASIDE}-1" / "store.db").stat().st_nlink == 1


def test_what_a_failing_disk_did_not_clear_away_keeps_nobody_out(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store has two names then, both its own."""
    kept = place.work("陈桂芳")[0]
    backup = place.back_up()

    def stopped(staging: Path) -> None:
        (staging / moving_in.READY).unlink()
        raise OSError(EIO, "Input/output error")

    with monkeypatch.context() as patch:
        real = filesafe.fsync_folder
        patch.setattr(
            moving_in, "fsync_folder",
            lambda of: (real(of), patch.setattr("gridworker.store.backup.moving_in.shutil.rmtree", stopped)),
        )  # fmt: skip
        with pytest.raises(StoreProblem):
            place.restoring(backup).restore()
    assert place.folder.database.stat().st_nlink > 1
    assert place.has(kept)
    assert place.folder.database.stat().st_nlink == 1


@pytest.mark.parametrize("steps", range(8))
def test_cut_off_between_its_second_name_and_its_place_the_next_start_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """The name under which it waits is its own too."""
    kept = place.work("陈桂芳")[0]
    backup = place.back_up()
    later = place.work("王小明")[0]
    link, left = os.link, [steps]

    def link_some(made: Path, to: Path) -> None:
        link(made, to)
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", link_some)
        try:
            place.restoring(backup).restore()
        except KeyboardInterrupt:
            assert not left[0]
    assert (place.has(kept), place.has(later)) == (True, False)
    assert place.folder.database.stat().st_nlink == 1
    assert not [path for path in place.folder.root.rglob(f"*{filesafe.PART}") if "lock" not in path.name]


def test_what_lies_outside_only_ever_adds(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    erased = Erasure(5, 7, (1, 2))
    sidecar.remember(folder, KEYS, Sidecar(7, frozenset({2})), life=2)
    sidecar.remember(folder, KEYS, Sidecar(3, frozenset({4}), frozenset({erased})))
    assert sidecar.read(folder.sidecar, KEYS) == Sidecar(7, frozenset({2, 4}), frozenset({erased}), life=2)
    assert sidecar.read(folder.sidecar, Keys(bytes(32))) == Sidecar()
    data = folder.sidecar.read_bytes()
    folder.sidecar.write_bytes(data.replace(b'"laptop": 7', b'"laptop": 1'))
    assert sidecar.read(folder.sidecar, KEYS) == Sidecar()
    folder.sidecar.write_bytes(b"[1]")
    assert sidecar.read(folder.sidecar, KEYS) == Sidecar()


def test_laptop_numbers_jump_above_all_that_were_given_out(tmp_path: Path) -> None:
    office = Place(tmp_path)
    backup = office.back_up()
    sidecar.remember(office.folder, KEYS, Sidecar(33))
    office.restoring(backup).restore()
    session, close = open_session(office.folder, PASSPHRASE, CHEAP)
    with session.store.cursor() as cursor:
        assert sidecar.highest_laptop(Meta(cursor)) == 83
    close()
    assert sidecar.read(office.folder.sidecar, KEYS).laptop == 83


def test_a_preview_counts_what_a_laptop_never_handed_in(tmp_path: Path) -> None:
    """Nobody has confirmed anything to it yet: no exchange brings that back."""
    place = Place(tmp_path, laptop=1)
    place.work("陈桂芳")
    backup = place.back_up()
    place.work("王小明", "李强")
    newer = place.restoring(backup).preview().newer
    assert newer is not None
    assert (newer.unsent, newer.goes) == (2, True)
