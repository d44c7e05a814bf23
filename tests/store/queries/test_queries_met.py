"""Who was met on visits, whoever's they are: looked for by the engine where few are asked for, and here where many."""

from pathlib import Path

import pytest

from gridworker.store.queries import person
from gridworker.store.tables.changes import Act, Change
from tests.builders import make_store


@pytest.mark.parametrize("few", [0, 8])
def test_who_was_met_is_found_by_the_whole_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Not by digits of another's."""
    monkeypatch.setattr(person, "FEW_MET", few)
    store = make_store(tmp_path)
    visits = []
    for met in ("123 45", "12", "45 12 7", None, "1212"):
        visits.append(store.new_id())
        store.write([Change("visit", visits[-1], {"household_id": 1, "met": met}, create=True)], Act("create", 1))
    with store.db.read() as connection:
        assert person.met_on(connection, [12, 45]) == {12: visits[1:3], 45: [visits[0], visits[2]]}
        assert person.met_on(connection, [12, 45], visits[:2]) == {12: visits[1:2], 45: visits[:1]}
        assert person.met_on(connection, [], None) == {}
    store.close()
