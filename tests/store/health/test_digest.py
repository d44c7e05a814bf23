"""The digest is equal where the visible records are, and differs where one value does."""

from pathlib import Path

from gridworker.store.health.check import check
from gridworker.store.health.digest import digest
from gridworker.store.store import Store
from tests.builders import add, edit, make_store, pour, remove


def of(store: Store, within: set[int] | None = None) -> str:
    with store.db.read() as connection:
        return digest(connection, within)


def test_two_that_agree_are_equal_whatever_their_audits_say(tmp_path: Path) -> None:
    office, laptop = make_store(tmp_path / "office"), make_store(tmp_path / "laptop", laptop=1)
    empty = of(office)
    record = add(office, "resident")
    other = add(office, "grid")
    assert of(office) != empty
    pour(office, laptop)
    add(laptop, "resident")
    assert of(laptop) != of(office)
    assert of(laptop, {record, other}) == of(office, {record, other}) == of(office)
    edit(laptop, "resident", record, note="三楼")
    assert of(laptop, {record}) != of(office, {record})
    assert of(laptop, {other}) == of(office, {other})
    pour(laptop, office)
    assert of(laptop) == of(office)
    remove(office, "resident", record)
    assert of(laptop) != of(office)
    for store in (office, laptop):
        store.close()


def test_it_says_what_is_shown_and_damage_is_for_the_check_to_find(tmp_path: Path) -> None:
    """What it is for: whether two devices show the same. A log that was changed below the tables shows in the check."""
    store = make_store(tmp_path / "office")
    record = add(store, "resident", note="一")
    edit(store, "resident", record, note="二")
    before = of(store)
    with store.db.write() as connection:
        done = connection.exec_driver_sql("UPDATE op SET vals = x'9201a178' WHERE clk = ?", (record,))
        assert done.rowcount == 1
    assert of(store) == before
    assert {fault.where for fault in check(store)} >= {"journal", "tables"}
    with store.db.write() as connection:
        connection.exec_driver_sql("UPDATE resident SET note = '三' WHERE id = ?", (record,))
    assert of(store) != before, "what is shown is what it is taken of"
    store.close()
