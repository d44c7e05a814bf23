"""Of which ops of others that lost their clk a laptop is told: it may have read them before the office fell."""

from gridworker import discover
from gridworker.record import Value
from gridworker.store.log.op import What, pack_create
from gridworker.store.streams import Aside
from gridworker.sync.forks import _held
from gridworker.sync.judging.judge import FORK

DOOR, ELSEWHERE = 64, 128


def lost(kind: str, record: int, **values: Value) -> Aside:
    """A record that somebody made under the clk of another op."""
    told = discover.kinds()[kind].kind
    vals = pack_create({told.specs[name].number: value for name, value in values.items()})
    return Aside(record, told.number, record, int(What.CREATE), 1, 0, vals, FORK, b"bundle")


def test_of_what_lies_in_its_grid_and_of_all_that_hangs_on_that() -> None:
    visit, person = lost("visit", 256, household_id=192), lost("resident", 320, name="王小明")
    home = lost("household", 192, dwelling_id=DOOR)
    member = lost("household_member", 384, household_id=192, resident_id=320)
    other = lost("visit", 448, household_id=ELSEWHERE)
    told = _held([visit, person, home, member, other], [{DOOR}], [])
    assert sorted(told) == sorted([visit, person, home, member])


def test_of_what_was_written_anew_where_that_is_now() -> None:
    anew = lost("visit", 256, household_id=192)._replace(written=512)
    assert _held([anew], [{192}], []) == []
    assert _held([anew], [{512}], []) == [anew]
