"""Ops of a sort that only a newer version knows: kept, passed on, erased like others, and read after the upgrade."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gridworker import discover
from gridworker.store.erasure.erasure import erase
from gridworker.store.erasure.eviction import evict
from gridworker.store.health.check import check
from gridworker.store.intake import intake
from gridworker.store.log import derive, op, unread
from gridworker.store.log.log import Log
from gridworker.store.log.op import Edit, OpRow, What, pack_edits
from gridworker.store.newer_version import kept_newer
from gridworker.store.store import Store
from gridworker.store.streams import histories
from gridworker.store.tables.changes import Act
from gridworker.store.wish import Wish
from tests.builders import add, edit, make_store, pour, remove, reopen, take

SORT = 9
RESIDENT = discover.kinds()["resident"].kind


@contextmanager
def older_program() -> Iterator[None]:
    """A version that does not know yet that conflicts can be settled."""
    merged = tuple(what for what in derive.MERGED if what != What.RESOLVE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(op, "_KNOWN", op._KNOWN - {What.RESOLVE})
        patch.setattr(intake, "_MERGED", frozenset(merged))
        patch.setattr(derive, "_COUNTING", f"what IN ({','.join(map(str, merged))})")
        yield


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path / "office")
    yield store
    store.close()


def strange(store: Store, resident: int, note: str) -> OpRow:
    vals = pack_edits(resident, [Edit(RESIDENT.specs["note"].number, note, (resident,))])
    return OpRow(store.new_id(), RESIDENT.number, resident, SORT, 0, vals)


def named(store: Store, resident: int) -> list[int]:
    with store.cursor() as cursor:
        return unread.on(cursor, [resident])


def test_an_op_of_a_newer_sort_is_kept_and_counted_and_shows_nothing(office: Store) -> None:
    resident = add(office, "resident", note="三楼")
    row = strange(office, resident, "四楼")
    commit = take(office, [row])
    assert (commit.new - 1, commit.bad, kept_newer(office, [commit.batch])) == (1, (), [1])
    assert (office.get("resident", resident) or {})["note"] == "三楼"
    assert named(office, resident) == [row.clk]
    edit(office, "resident", resident, note="五楼")
    remove(office, "resident", resident)
    assert named(office, resident) == [row.clk]
    assert check(office) == []


def test_it_travels_with_its_record_and_goes_with_it(office: Store, tmp_path: Path) -> None:
    resident = add(office, "resident")
    row = strange(office, resident, "四楼")
    take(office, [row])
    with office.cursor() as cursor:
        assert row.clk in [one.clk for one in histories(cursor, [resident])]
    laptop = make_store(tmp_path / "laptop", laptop=1)
    pour(office, laptop)
    assert named(laptop, resident) == [row.clk]
    evict(laptop, [resident], Act("evict", 1))
    assert named(laptop, resident) == []
    assert check(laptop) == []
    laptop.close()


def test_what_it_says_is_erased_before_and_after_it_comes(office: Store) -> None:
    resident = add(office, "resident", note="三楼")
    early, late = strange(office, resident, "四楼"), strange(office, resident, "五楼")
    take(office, [early])
    erase(office, [Wish("resident", resident)], Act("erase", 1))
    take(office, [late])
    with office.cursor() as cursor:
        rows = Log(cursor).rows([early.clk, late.clk]).values()
    assert [op.unpack_edits(resident, row.vals)[0].value for row in rows] == [None, None]
    assert check(office) == []


def test_after_the_upgrade_it_counts(office: Store, tmp_path: Path) -> None:
    resident = add(office, "resident", note="三楼")
    settled = OpRow(office.new_id(), RESIDENT.number, resident, What.RESOLVE, 0, strange(office, resident, "四楼").vals)
    with older_program():
        older = make_store(tmp_path / "older", laptop=1)
        pour(office, older)
        commit = take(older, [settled])
        assert commit.bad == ()
        assert (older.get("resident", resident) or {})["note"] == "三楼"
        older = reopen(older, tmp_path / "older")
        assert named(older, resident) == [settled.clk]
        assert check(older) == []
        with older.settings() as settings:
            settings.set("signature", "{}")
    upgraded = reopen(older, tmp_path / "older")
    assert (upgraded.get("resident", resident) or {})["note"] == "四楼"
    assert named(upgraded, resident) == []
    assert check(upgraded) == []
    upgraded.close()


def test_an_upgrade_that_does_not_know_it_either_keeps_it_for_the_next(office: Store, tmp_path: Path) -> None:
    resident = add(office, "resident", note="三楼")
    row = strange(office, resident, "四楼")
    take(office, [row])
    with office.settings() as settings:
        settings.set("signature", "{}")
    upgraded = reopen(office, tmp_path / "office")
    assert named(upgraded, resident) == [row.clk]
    assert check(upgraded) == []
    upgraded.close()
