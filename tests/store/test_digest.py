"""The digest is equal where the visible records are, and differs where one value does."""

from pathlib import Path

from gridworker.store.digest import digest
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
