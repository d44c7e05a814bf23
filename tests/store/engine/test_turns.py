"""Threads that write very much side by side take turns quickly, and no longer than they do."""

import sys
from collections.abc import Iterator

import pytest

from gridworker.store import store as written
from gridworker.store.engine.turns import QUICK, quick_turns
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from gridworker.store.tables.creations import NewRecords

PYTHONS_OWN = 0.005


@pytest.fixture(autouse=True)
def _as_python_has_it() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(PYTHONS_OWN)
    yield
    sys.setswitchinterval(before)


def test_turns_are_quick_in_an_import_and_as_before_behind_it(office: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "MANY", 2)
    found: list[float] = []
    for names in (("陈桂芳",), ("曾乐", "李")):
        new = NewRecords.of(Change("resident", office.new_id(), {"name": name}, create=True) for name in names)
        office.write([], Act("import", 1), lambda _connection, _commit: found.append(sys.getswitchinterval()), new)
        found.append(sys.getswitchinterval())
    assert found == pytest.approx([PYTHONS_OWN, PYTHONS_OWN, QUICK, PYTHONS_OWN])


def test_turns_are_as_before_where_something_went_wrong() -> None:
    with pytest.raises(RuntimeError, match="full"), quick_turns():
        raise RuntimeError("full")
    assert sys.getswitchinterval() == pytest.approx(PYTHONS_OWN)


def test_turns_that_are_quicker_already_stay_so() -> None:
    sys.setswitchinterval(QUICK / 2)
    with quick_turns():
        assert sys.getswitchinterval() == pytest.approx(QUICK / 2)
