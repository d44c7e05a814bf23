"""Two versions of the program: what the older one does not understand waits in its log and shows after the upgrade."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from types import MappingProxyType

import pytest

from gridworker import discover
from gridworker.domain.resident import Resident
from gridworker.errors import StoreNewer, StoreProblem
from gridworker.record import CodeList
from gridworker.store.engine.database import Connection, Database, raw_cursor
from gridworker.store.health.check import check
from gridworker.store.health.digest import digest
from gridworker.store.log import log
from gridworker.store.log.op import What
from gridworker.store.meta import Meta
from gridworker.store.search import search
from gridworker.store.search import sources as search_sources
from gridworker.store.store import Store
from gridworker.store.tables.layout import Table
from gridworker.store.upgrade import add_missing, reread, tables
from tests.builders import CHAIN_KEY, DEK, add, bring_back, edit, make_store, pour, remove, reopen


@contextmanager
def older_program() -> Iterator[None]:
    """A version whose residents have no remark and only one sex, and that knows no grids."""
    kind = Resident.kind
    sex = kind.specs["sex"]
    one_sex = replace(sex, codes=CodeList("sex", {"1": sex.codes.labels["1"]}) if sex.codes else None)
    specs = {name: one_sex if name == "sex" else spec for name, spec in kind.specs.items() if name != "note"}
    numbered = {spec.number: spec for spec in specs.values()}
    kinds = {name: record for name, record in discover.kinds().items() if name != "grid"}
    by_number = {record.kind.number: record for record in kinds.values()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Resident, "kind", replace(kind, specs=specs, numbered=MappingProxyType(numbered)))
        patch.setattr(discover, "kinds", lambda: kinds)
        patch.setattr(discover, "by_number", lambda: by_number)
        forget_kinds()
        try:
            yield
        finally:
            forget_kinds()


def forget_kinds() -> None:
    """Forget what was made from the kinds: another program starts afresh."""
    for made in (Table.of, search_sources.sources, search_sources.watched):
        made.cache_clear()


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path / "newer")
    yield store
    store.close()


def pending(store: Store) -> int:
    with store.db.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM pending").scalar_one())


def test_what_an_older_program_does_not_understand_shows_after_its_upgrade(newer: Store, tmp_path: Path) -> None:
    edited, made, plain = (add(newer, "resident") for _ in range(3))
    grid = add(newer, "grid")
    edit(newer, "resident", edited, sex="2", note="三楼", name="周敏")
    made = add(newer, "resident", sex="2", note="四楼")
    with older_program():
        older = make_store(tmp_path / "older", laptop=1)
        pour(newer, older)
        assert older.get("resident", edited) == {**(older.get("resident", plain) or {}), "name": "周敏"}
        assert pending(older) == 5
        edit(older, "resident", made, name="李英")
        older.close()
    upgraded = reopen(older, tmp_path / "older")
    assert pending(upgraded) == 0
    assert upgraded.get("grid", grid) == newer.get("grid", grid)
    pour(upgraded, newer)
    for record in (edited, made, plain):
        assert upgraded.get("resident", record) == newer.get("resident", record)
    assert (newer.get("resident", made) or {})["note"] == "四楼"
    with upgraded.db.read() as one, newer.db.read() as other:
        assert digest(one) == digest(other)
    upgraded.close()


def test_what_was_pending_is_not_any_more_once_it_is_replaced(newer: Store, tmp_path: Path) -> None:
    record = add(newer, "resident", sex="2")
    with older_program():
        older = make_store(tmp_path / "older", laptop=1)
        pour(newer, older)
        assert pending(older) == 1
        edit(older, "resident", record, sex="1")
        assert pending(older) == 0
        older.close()


def test_what_is_not_understood_stays_named_however_its_record_is_read(newer: Store, tmp_path: Path) -> None:
    """Made so, edited so, or two who differ; and read anew since it was deleted and brought back."""
    other = make_store(tmp_path / "other", laptop=2)
    made, edited, disputed = (
        add(newer, "resident", sex="2", note="四楼"),
        add(newer, "resident"),
        add(newer, "resident"),
    )
    edit(newer, "resident", edited, sex="2")
    pour(newer, other)
    for store, sex in ((newer, "2"), (other, "1")):
        edit(store, "resident", disputed, sex=sex)
    with older_program():
        older = make_store(tmp_path / "older", laptop=1)
        for store in (newer, other):
            pour(store, older)
        before = pending(older)
        assert before >= 3
        for record in (made, edited):
            remove(older, "resident", record)
            bring_back(older, "resident", record)
        assert pending(older) == before
        reread.reread(older.db)
        assert pending(older) == before
        older.close()
    other.close()


def test_an_older_program_refuses_a_newer_store(newer: Store, tmp_path: Path) -> None:
    newer.close()
    db = Database(tmp_path / "newer" / "store.db", DEK)
    with older_program(), pytest.raises(StoreNewer, match="Install the newer one") as refused:
        Store.open(db, CHAIN_KEY)
    said = refused.value.values
    assert said["version"] == said["here"], "both may bear the same name"
    assert said["format"] != said["own"], "what they can tells them apart"
    db.close()


def test_a_store_of_a_higher_format_is_refused_though_its_fields_are_all_known(newer: Store) -> None:
    with newer.db.write() as connection:
        meta = Meta(raw_cursor(connection))
        meta.set("signature", json.dumps({**tables.signature(), "format": tables.FORMAT + 1}))
        with pytest.raises(StoreNewer) as refused:
            tables.is_current(connection)
    said = refused.value.values
    assert str(said["format"]).startswith(f"{tables.FORMAT + 1}.")
    assert str(said["own"]).startswith(f"{tables.FORMAT}.")


def test_a_store_of_a_program_that_knows_more_sorts_of_ops_is_refused(tmp_path: Path) -> None:
    """One that an older program read would show less of it than is there, and what it wrote would name less."""
    with pytest.MonkeyPatch.context() as patch:
        sorts = {what.name: int(what) for what in What}
        patch.setattr(tables, "What", IntEnum("What", {**sorts, "LATER": 7}))
        store = make_store(tmp_path / "later")
        reopen(store, tmp_path / "later").close()
    db = Database(tmp_path / "later" / "store.db", DEK)
    with pytest.raises(StoreNewer):
        Store.open(db, CHAIN_KEY)
    db.close()


def test_a_read_only_window_does_not_read_the_tables_anew(tmp_path: Path) -> None:
    with older_program():
        make_store(tmp_path / "older").close()
    db = Database(tmp_path / "older" / "store.db", DEK, read_only=True)
    with pytest.raises(StoreProblem):
        Store.open(db, CHAIN_KEY)
    db.close()


def test_reading_anew_tells_how_far_it_is(tmp_path: Path) -> None:
    with older_program():
        store = make_store(tmp_path / "older")
        edit(store, "resident", add(store, "resident"), name="周敏")
        store.close()
    told: list[float] = []
    db = Database(tmp_path / "older" / "store.db", DEK)
    Store.open(db, CHAIN_KEY, progress=told.append)
    assert told == sorted(told)
    assert {0.25, 0.75, 0.8125, 1.0} == set(told), "the index tells of itself too"
    before = len(told)
    Store.open(db, CHAIN_KEY, progress=told.append)
    assert len(told) == before
    db.close()


def make_outdated(store: Store) -> None:
    """Close a store as if a version had written it of which nothing is known but its log."""
    with store.db.write() as connection:
        Meta(raw_cursor(connection)).set("signature", "{}")
        connection.exec_driver_sql("DELETE FROM resident")
    store.db.checkpoint()
    store.close()


def test_what_is_searched_by_now_is_found_in_a_store_of_before(tmp_path: Path) -> None:
    """An older version indexed fewer fields: its signature says so, and the index is completed when it is opened."""
    store = make_store(tmp_path)
    topic = add(store, "training_record", topic="消防演练", staff_id=add(store, "staff"), start_on="2026-03-01", days=1)
    with store.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM search_words")
        before = tables.signature()
        before["searched"] = [fields for fields in before["searched"] if fields[0] != "training_record"]
        Meta(raw_cursor(connection)).set("signature", json.dumps(before))
    store.close()
    opened = Store.open(Database(tmp_path / "store.db", DEK), CHAIN_KEY)
    with opened.db.read() as connection:
        assert [hit.id for hit in search.find(connection, "演练")] == [topic]
    opened.close()


class Cut(Exception):
    """Stands for a kill."""


def test_reading_anew_goes_on_where_it_was_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever transaction is the last one: nothing is read twice, and the end is as if nothing had happened."""
    store = make_store(tmp_path / "older")
    records = [add(store, "resident", sex="2", note=f"第{number}户") for number in range(4)]
    for record in records[:3]:
        edit(store, "resident", record, name="周敏")
    make_outdated(store)
    monkeypatch.setattr(reread, "LOT", 2)
    monkeypatch.setattr(log, "CHUNK", 2)
    file = tmp_path / "older" / "store.db"
    whole = file.read_bytes()
    opened, in_one_go = counting(file)
    opened.close()
    ends, cuts = set(), 0
    for allowed in range(1, 12):
        file.write_bytes(whole)
        was_cut = cut_after(tmp_path / "older", allowed)
        cuts += was_cut
        opened, left = counting(file)
        db = opened.db
        assert left + allowed <= in_one_go + 1 or not was_cut, "it began anew"
        assert check(opened) == []
        assert (opened.get("resident", records[0]) or {})["note"] == "第0户"
        with db.read() as connection:
            ends.add(digest(connection))
        opened.close()
    assert len(ends) == 1
    assert cuts > 5


def counting(file: Path) -> tuple[Store, int]:
    """Open a store to the end of its upgrade. Returns it, and how many transactions that took."""
    write, done = Database.write, 0

    @contextmanager
    def counted(self: Database) -> Iterator[Connection]:
        nonlocal done
        done += 1
        with write(self) as connection:
            yield connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", counted)
        return Store.open(Database(file, DEK), CHAIN_KEY), done


def cut_after(folder: Path, allowed: int) -> bool:
    """Begin an upgrade that is cut off after so many transactions. Returns whether it was."""
    db = Database(folder / "store.db", DEK)
    write, done = Database.write, 0

    @contextmanager
    def counted(self: Database) -> Iterator[Connection]:
        nonlocal done
        done += 1
        if done > allowed:
            raise Cut
        with write(self) as connection:
            yield connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", counted)
        try:
            Store.open(db, CHAIN_KEY)
        except Cut:
            with db.read() as connection:
                assert not tables.is_current(connection), "half-read tables were taken for whole ones"
            return True
        finally:
            db.close()
    return False


def test_what_another_version_began_is_begun_anew(tmp_path: Path) -> None:
    store = make_store(tmp_path / "older")
    record = add(store, "resident", sex="2", note="三楼")
    with store.settings() as settings:
        settings.set(tables.REREADING, json.dumps([{"format": 1}, 2, 5]))
    make_outdated(store)
    opened = Store.open(Database(tmp_path / "older" / "store.db", DEK), CHAIN_KEY)
    assert (opened.get("resident", record) or {})["note"] == "三楼"
    assert check(opened) == []
    opened.close()


def test_tables_and_columns_that_came_later_are_added(newer: Store) -> None:
    with newer.db.write() as connection:
        for statement in (
            "DROP TABLE given_back",
            "ALTER TABLE stream DROP COLUMN backed_up",
            "ALTER TABLE span DROP gone",
        ):
            connection.exec_driver_sql(statement)
        add_missing.bring_up(raw_cursor(connection))
        connection.exec_driver_sql("INSERT INTO stream (peer) VALUES (1)")
        row = connection.exec_driver_sql("SELECT backed_up FROM stream").scalar_one()
        assert connection.exec_driver_sql("SELECT count(*) FROM given_back").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT count(gone) FROM span").scalar_one() == 0
    assert row == 0
