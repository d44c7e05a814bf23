"""Damaged stores: every damage is noticed, and what is on undamaged pages is salvaged."""

import json
import os
import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from gridworker.errors import StoreDamaged, StoreNewer, StoreProblem
from gridworker.paths import Folder
from gridworker.store.backup.carving import carve
from gridworker.store.backup.rescue import _ops, begin_anew, salvage
from gridworker.store.engine.database import PAGE_SIZE, Database, raw_cursor
from gridworker.store.health import freshness, sidecar
from gridworker.store.health.check import check
from gridworker.store.health.lives import freshen
from gridworker.store.keys.vault import Keys
from gridworker.store.log.log import Log
from gridworker.store.log.sheaves import SHEAF, is_bound
from gridworker.store.meta import Meta
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act
from gridworker.store.upgrade.tables import FORMAT
from gridworker.store.worked_out import WorkedOut
from tests.builders import DEK, add, edit, make_store, new
from tests.figures import tell
from tests.pages import pages

COUNT = int(os.environ.get("GRIDWORKER_DAMAGED", "2"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))
KEYS = Keys(DEK)


def made(folder: Path, people: int = 60) -> Path:
    """A closed store with people, some of them with texts that fill several pages, and with a ledger of others.

    The values of those lie in two sheaves.
    """
    store = make_store(folder)
    store.close()
    store = Store.open(Database(folder / "store.db", DEK), KEYS.derive("chain"))
    for number in range(people):
        person = add(store, "resident", name=f"王{number}", note=f"第{number}次" * (400 if number % 40 == 0 else 3))
        if number % 3 == 0:
            edit(store, "resident", person, name=f"李{number}")
    notes = (sha256(bytes([at % 256, people])).hexdigest() for at in range(people * 5))  # a sheaf fills several pages
    bound = [new(store, "resident", name="叶", note=note) for note in notes]
    store.write(bound, Act("import", 7))
    store.db.checkpoint()
    store.close()
    return folder / "store.db"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a sound store."""
    return made(tmp_path_factory.mktemp("sound")).read_bytes()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of another store under the same key."""
    return made(tmp_path_factory.mktemp("other"), 10).read_bytes()


def is_noticed(path: Path) -> bool:
    """Whether opening or checking a store says that it is damaged."""
    try:
        store = Store.open(Database(path, DEK), KEYS.derive("chain"))
    except StoreProblem:
        return True
    try:
        return any(fault.serious for fault in check(store))
    except StoreProblem:
        return True
    finally:
        store.close()


def ops_by_page(path: Path) -> dict[int, set[int]]:
    """The clks of the ops that stand on each page of a sound file; of one in a sheaf, on the pages of that as well."""
    found = defaultdict(set)
    leaves = carve(path, DEK).leaves
    rows = [row for leaf in leaves for row in leaf.rows]
    sheaves = {row[0]: _lies_on(path, row[2]) for row in rows if len(row) == 3 and is_bound(row[2])}
    for leaf in leaves:
        for row in leaf.rows:
            if len(row) == 7 and isinstance(row[-1], bytes | int):
                on = sheaves[row[-1] // SHEAF] if isinstance(row[-1], int) else set()
                for page in {leaf.page, *on}:
                    found[page].add(int(row[0] or 0))
    return found


def _lies_on(path: Path, sheaf: bytes) -> set[int]:
    """The pages on which a sheaf lies, the row and what it goes on on; these are the content from its fifth byte on."""
    numbered = enumerate(pages(path), start=1)
    return {number for number, page in numbered if sheaf[:64] in page or page[4:20] in sheaf}


def taken_over(path: Path, *salts: bytes) -> set[int]:
    """The clks of what a salvage finds whole in a file."""
    return {row.clk for row in _ops(carve(path, DEK, salts))}


def damages(whole: bytes, other: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Four bits, each in a store of its own, a cut and a page."""
    pages = len(whole) // PAGE_SIZE
    for _ in range(4):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield "bit", bytes(data)
    yield "cut", whole[: chance.randrange(len(whole))]
    data, at = bytearray(whole), chance.randrange(pages) * PAGE_SIZE
    foreign = chance.randrange(len(other) // PAGE_SIZE) * PAGE_SIZE
    page = bytes(PAGE_SIZE) if chance.random() < 0.5 else other[foreign : foreign + PAGE_SIZE]
    data[at : at + PAGE_SIZE] = page
    yield "page", bytes(data)


def test_every_damage_is_noticed_and_what_is_whole_is_salvaged(whole: bytes, other: bytes, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    path = tmp_path / "store.db"
    path.write_bytes(whole)
    sound = ops_by_page(path)
    everything = set().union(*sound.values())
    assert len(everything) > 420
    assert taken_over(path) == everything
    whole_ones = kept = 0
    for _ in range(COUNT):
        for sort, data in damages(whole, other, chance):
            path.write_bytes(data)
            carved = carve(path, DEK, [whole[:16]])  # as a backup has it
            gone = set(carved.damaged) | {page for page in sound if page * PAGE_SIZE > len(data)}
            undamaged = everything.difference(*(clks for page, clks in sound.items() if page in gone))
            salvaged = taken_over(path, whole[:16])
            assert len(salvaged & undamaged) >= 0.99 * len(undamaged), sort
            whole_ones, kept = whole_ones + len(undamaged), kept + len(salvaged & undamaged)
            assert is_noticed(path), sort
            for tail in ("-wal", "-shm"):
                path.with_name(path.name + tail).unlink(missing_ok=True)
    tell("salvaged", {"entries of the log on undamaged pages": whole_ones, "of them taken over": kept})


def test_a_missing_write_ahead_log_is_noticed(tmp_path: Path) -> None:
    for number in range(COUNT):
        folder = Folder(tmp_path / str(number))
        store = make_store(folder.root)
        store.close()
        store = Store.open(Database(folder.database, DEK), KEYS.derive("chain"))
        freshen(store, folder, KEYS)
        for _ in range(random.Random(SEED + number).randrange(1, 9)):
            add(store, "resident")
        state = folder.database.read_bytes(), folder.mark.read_bytes()
        store.close()
        folder.database.write_bytes(state[0])  # as a kill leaves it, with the log taken away
        folder.mark.write_bytes(state[1])
        there = freshness.has_log(folder)
        store = Store.open(Database(folder.database, DEK), KEYS.derive("chain"))
        assert not freshen(store, folder, KEYS, log_there=there).fresh
        store.close()


def test_what_the_log_holds_is_salvaged_too(tmp_path: Path) -> None:
    store = make_store(tmp_path / "data")
    person = add(store, "resident", name="陈桂芳")
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("store.db", "store.db-wal"):
        (copy / name).write_bytes((tmp_path / "data" / name).read_bytes())
    store.close()
    assert person in taken_over(copy / "store.db")


def test_what_is_newer_than_the_backup_comes_out_of_the_damaged_store(whole: bytes, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(whole)
    sound = ops_by_page(damaged)
    hit = max(sound)
    data = bytearray(whole)
    data[hit * PAGE_SIZE - 2000] ^= 1
    damaged.write_bytes(data)
    store = make_store(tmp_path / "new")
    done = salvage(damaged, KEYS, store, 1)
    everything = set().union(*sound.values())
    assert done.damaged == 1
    assert done.new == len(everything) - len(sound[hit])
    with store.cursor() as cursor:
        assert Log(cursor).rows(everything).keys() == everything - sound[hit]
    assert not [fault for fault in check(store) if fault.serious]
    assert salvage(damaged, KEYS, store, 1).new == 0
    store.close()


@pytest.mark.parametrize("where", ["store", "backup", "log"])
def test_a_file_without_its_first_bytes_opens_by_those_of_a_copy(whole: bytes, tmp_path: Path, where: str) -> None:
    """They are the salt of every page, and stand nowhere else in the file."""
    folder = Folder(tmp_path / "data")
    aside = folder.root / "before-restore-1" / "store.db"
    aside.parent.mkdir(parents=True)
    aside.write_bytes(whole)
    person = None
    if where == "log":
        with closing(Store.open(Database(aside, DEK), KEYS.derive("chain"))) as busy:
            person = add(busy, "resident", name="陈桂芳", note="长" * 2000)  # the file grows, which its first page says
            tail = aside.with_name(f"{aside.name}-wal")
            log = tail.read_bytes()
        tail.write_bytes(log)
        assert log.find(whole[:16]) >= 0
    everything = taken_over(aside)
    aside.write_bytes(bytes(16) + whole[16:])
    if where == "store":
        folder.database.write_bytes(whole)
        store = Store.open(Database(folder.database, DEK), KEYS.derive("chain"))
        with store.db.write() as connection:
            connection.exec_driver_sql("DELETE FROM op WHERE clk = ?", (max(everything),))
        everything = {max(everything)}
    else:
        store = make_store(folder.root)
    if where == "backup":
        made = folder.backups / "00-0001-000003-20261129T133511Z"
        made.mkdir(parents=True)
        (made / "store.db").write_bytes(whole)
    with closing(store):
        assert salvage(aside, KEYS, store, 1).new == len(everything)
        with store.cursor() as cursor:
            assert Log(cursor).rows(everything).keys() == everything
    assert person is None or person in everything


def _pages_gone(whole: bytes, gone: set[int], chance: random.Random) -> bytes:
    """Some pages, counted from 1, without what stood there; a byte of one is enough, or it is empty."""
    data = bytearray(whole)
    for number in gone:
        begins = (number - 1) * PAGE_SIZE
        if chance.random() < 0.5:
            data[begins : begins + PAGE_SIZE] = bytes(PAGE_SIZE)
        else:
            data[begins + chance.randrange(PAGE_SIZE)] ^= 1 << chance.randrange(8)
    return bytes(data)


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A data folder of somebody: with the keys of a device, settings, and the file that lies beside the store."""
    folder = Folder(tmp_path_factory.mktemp("owned"))
    with closing(Store.open(Database(made(folder.root), DEK), KEYS.derive("chain"))) as store:
        with store.settings() as settings:
            settings.set_secret("device_keys", b"the keys of the device")
            settings.set("person", 7)
            settings.set("remark", "长" * 3000)
        with store.db.write() as connection:
            cursor = raw_cursor(connection)
            cursor.execute("INSERT INTO attached VALUES (?,?,?,?,?)", (bytes(32), 5, "name.gwa", bytes(range(32)), 0))
            cursor.executemany(
                "INSERT INTO span VALUES (?,?,?,?,?,?)", [(1, at, at + 1, None, 0, None) for at in range(3000)]
            )
            cursor.execute("INSERT INTO peer_key VALUES (?,?,?,?,?)", (65, 1, b"keys", "known", 9))
        sidecar.keep(store, folder, KEYS)
    return folder


def _told(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """What a store says of itself that is to go over."""
    with store.cursor() as cursor:
        found = {}
        for table in ("secret", "attached", "span", "peer_key"):
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = sorted(cursor.fetchall())
        cursor.execute("SELECT name, value FROM meta WHERE name IN ('person', 'remark')")
        return {**found, "meta": sorted(cursor.fetchall())}


def test_without_a_backup_and_the_first_page_all_that_is_whole_is_salvaged(owned: Folder, tmp_path: Path) -> None:
    """With the first page goes the way to every table, and what the pages open by: that lies beside the store too."""
    whole, chance = owned.database.read_bytes(), random.Random(SEED)
    sound, beside = ops_by_page(owned.database), owned.sidecar.read_bytes()
    everything = set().union(*sound.values())
    with closing(Store.open(Database(owned.database, DEK), KEYS.derive("chain"))) as store:
        before, identity = _told(store), store.identity
    whole_ones = kept = 0
    for number in range(COUNT * 2):
        folder = Folder(tmp_path / str(number))
        folder.root.mkdir()
        folder.sidecar.write_bytes(beside)
        gone = {1, *(chance.sample(sorted(sound), number % 4))}
        folder.database.write_bytes(_pages_gone(whole, gone, chance))
        undamaged = everything.difference(*(sound.get(page, set()) for page in gone))
        with closing(begin_anew(folder.database, KEYS, folder.root / "new.db")) as store:
            assert (_told(store), store.identity) == (before, identity)
            done = salvage(folder.database, KEYS, store, 1)
            with store.cursor() as cursor:
                salvaged = Log(cursor).rows(everything).keys()
            assert not [fault for fault in check(store) if fault.where in {"tables", "file", "index"}]
        assert done.damaged == len(gone)
        assert len(salvaged & undamaged) >= 0.99 * len(undamaged)
        whole_ones, kept = whole_ones + len(undamaged), kept + len(salvaged & undamaged)
    tell("salvaged", {"entries with the first page gone and no backup": whole_ones, "of them taken over then": kept})


def test_where_a_page_of_the_list_of_tables_is_gone_too_its_tables_are_told_by_their_rows(
    owned: Folder, tmp_path: Path
) -> None:
    whole = owned.database.read_bytes()
    listed = [leaf for leaf in carve(owned.database, DEK).leaves if any(row[1:2] == ("table",) for row in leaf.rows)]
    assert len(listed) > 1
    folder = Folder(tmp_path / "data")
    folder.root.mkdir()
    folder.sidecar.write_bytes(owned.sidecar.read_bytes())
    folder.database.write_bytes(_pages_gone(whole, {1, *(leaf.page for leaf in listed)}, random.Random(SEED)))
    with closing(begin_anew(folder.database, KEYS, folder.root / "new.db")) as store:
        told = _told(store)
        assert store.identity.is_office
        assert told["secret"] == [("device_keys", b"the keys of the device")]
        assert [name for name, _ in told["meta"]] == ["person", "remark"]
        assert (len(told["attached"]), len(told["peer_key"])) == (1, 1)


def test_a_store_that_a_newer_program_wrote_is_not_taken_over_without_its_first_page_either(
    owned: Folder, tmp_path: Path
) -> None:
    folder = Folder(tmp_path / "data")
    folder.root.mkdir()
    folder.database.write_bytes(owned.database.read_bytes())
    with closing(Store.open(Database(folder.database, DEK), KEYS.derive("chain"))) as store:
        sidecar.keep(store, folder, KEYS)
        with store.settings() as settings:
            newer = {**json.loads(settings.text("signature")), "format": FORMAT + 1}
            settings.set("signature", json.dumps(newer))
    folder.database.write_bytes(_pages_gone(folder.database.read_bytes(), {1}, random.Random(SEED)))
    with pytest.raises(StoreNewer, match="Install the newer one"):
        begin_anew(folder.database, KEYS, folder.root / "new.db")


def test_without_a_backup_a_new_store_is_made_of_what_the_old_one_says(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(whole)
    with pytest.raises(StoreDamaged, match="whose it is"):
        begin_anew(tmp_path / "store.db", KEYS, tmp_path / "new" / "store.db")


def test_what_was_worked_out_from_a_damaged_store_is_not_taken_over(tmp_path: Path) -> None:
    path = made(tmp_path, people=3)
    with closing(Database(path, DEK)) as db, db.write() as connection:
        WorkedOut(connection).keep("households", b"1")
        Meta(raw_cursor(connection)).set_secret("device_keys", b"1")
    new_store = begin_anew(path, KEYS, tmp_path / "new.db")
    with closing(new_store), new_store.db.read() as connection:
        assert WorkedOut(connection).kept("households") is None
