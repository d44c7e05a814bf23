"""Whoever closes the data without a window, as a command does, ends what its threads still read."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from gridworker.errors import StoreClosed
from gridworker.looking import looking
from tests.circle import Circle

FOR_EVER = "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n)"


@pytest.mark.parametrize("way", ["close", "lock"])
def test_what_threads_still_read_ends_with_the_workspace(circle: Circle, way: str) -> None:
    office, begun = circle.office, Event()

    def read() -> None:
        with office.session.store.cursor() as cursor:
            begun.set()
            cursor.execute(FOR_EVER)

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        assert begun.wait(20)
        getattr(office, way)()
        assert isinstance(reading.exception(20), StoreClosed)
    circle.opened.pop("office")
    acts = [one.action for one in circle.open("office").audit.here()]
    assert ("lock" in acts) == (way == "lock")


def test_who_only_looks_is_told_that_it_is_locked_and_who_saves_goes_on(circle: Circle) -> None:
    office = circle.office
    office.session.stop_looking()
    with looking(), pytest.raises(StoreClosed):
        office.records.page("resident")
    office.records.save("resident", {"name": "陈桂芳", "status": "in_place"})
    assert len(office.records.page("resident")) == 1
