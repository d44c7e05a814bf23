"""Two versions of the program: what the older one does not understand waits in its log and shows after the upgrade."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from gridworker import discover
from gridworker.domain.resident import Resident
from gridworker.errors import StoreNewer, StoreProblem
from gridworker.record import CodeList
from gridworker.store import search_sources
from gridworker.store.database import Database
from gridworker.store.digest import digest
from gridworker.store.layout import Table
from gridworker.store.store import Store
from tests.builders import CHAIN_KEY, DEK, add, edit, make_store, pour, reopen


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


def test_an_older_program_refuses_a_newer_store(newer: Store, tmp_path: Path) -> None:
    newer.close()
    db = Database(tmp_path / "newer" / "store.db", DEK)
    with older_program(), pytest.raises(StoreNewer, match="Install the newer one"):
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
        add(store, "resident")
        store.close()
    told: list[tuple[int, int]] = []
    db = Database(tmp_path / "older" / "store.db", DEK)
    Store.open(db, CHAIN_KEY, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 2)]
    Store.open(db, CHAIN_KEY, progress=lambda done, total: told.append((done, total)))
    assert len(told) == 1
    db.close()
