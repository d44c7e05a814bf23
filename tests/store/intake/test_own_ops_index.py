"""What a laptop wrote itself is found whatever became of its clock, its lives and its log, which is not read for it."""

from pathlib import Path
from random import Random

import pytest

from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.eviction import evict
from gridworker.store.health import lives
from gridworker.store.log.clock import MS_SHIFT, TICK, device, device_of, laptop_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.meta import Meta
from gridworker.store.streams import Exchange, own_ops
from gridworker.store.tables.changes import Act, Change
from tests.builders import MORNING, Wall, add, make_store, reopen, take
from tests.store.steps import steps_of

LAPTOP, RESIDENT = 3, 6
YEAR = 365 * 24 * 3600 * 1000
DROP = f"DROP INDEX own_op_{LAPTOP}"


def made(clks: list[int]) -> list[OpRow]:
    return [OpRow(clk, RESIDENT, clk, int(What.CREATE), 0, pack_create({1: "陈建国"})) for clk in sorted(set(clks))]


class History:
    """A laptop to which anything happens."""

    def __init__(self, folder: Path, chance: Random) -> None:
        self.wall, self.chance = Wall(), chance
        self.store = make_store(folder, laptop=LAPTOP, wall=self.wall)

    def write(self) -> None:
        """A few records, or so many that they are bound in a sheaf."""
        ids, count = self.store.new_ids(), self.chance.choice((1, 3, 300))
        new = [Change("resident", next(ids), {"name": "王秀英"}, create=True) for _ in range(count)]
        self.store.write(new, Act("create", 1))

    def come(self) -> None:
        """From others, from before and after; also of this laptop's lives, which may be at work elsewhere."""
        writers = [0, device(2, 0), device(LAPTOP + 1, 0), *(device(LAPTOP, life) for life in range(3))]
        ms = [MORNING + self.chance.randint(-3, 3) * YEAR + at for at in range(4)]
        take(self.store, made([one << MS_SHIFT | self.chance.choice(writers) for one in ms]), [Author(9, 0)])

    def live_on(self) -> None:
        """Put back, or copied."""
        lives.take_new_life(self.store)

    def correct(self) -> None:
        """The clock was wrong, and is again."""
        self.wall.now = MORNING + self.chance.randint(-3, 3) * YEAR
        lives.leave_wrong_time(self.store)

    def jump(self) -> None:
        """Nobody corrects it."""
        self.wall.now = MORNING + self.chance.randint(-3, 3) * YEAR

    def erase(self) -> None:
        """Links of the journal are made anew."""
        record = self._any()
        vals = pack_edits(record, [Edit(1, None, (record,))])
        clk = self.wall() << MS_SHIFT  # of the office
        take(self.store, [OpRow(clk, RESIDENT, record, int(What.ERASE), 0, vals)], [Author(9, 0)])

    def let_go(self) -> None:
        """Ops leave the log."""
        evict(self.store, {self._any()}, Act("evict", 1))

    def confirm(self) -> None:
        """Of one life, up to somewhere."""
        own = [row.clk for row in self.scanned({})]
        clk = self.chance.choice(own or [0])
        with self.store.db.write() as connection:
            Exchange(raw_cursor(connection)).raise_marks([(device_of(clk), clk)])

    def _any(self) -> int:
        with self.store.cursor() as cursor:
            cursor.execute("SELECT id FROM resident")
            found = [record for (record,) in cursor.fetchall()]
        return self.chance.choice(found) if found else add(self.store, "resident", name="王秀英")

    def scanned(self, marks: dict[int, int]) -> list[OpRow]:
        """The same by a look at everything."""
        with self.store.cursor() as cursor:
            rows = [row for part in Log(cursor).ops() for row in part]
        return [row for row in rows if laptop_of(row.clk) == LAPTOP and row.clk > marks.get(device_of(row.clk), -1)]

    def found(self) -> list[OpRow]:
        """What is found."""
        with self.store.cursor() as cursor:
            return own_ops(cursor, LAPTOP, Exchange(cursor).marks())


@pytest.mark.parametrize("seed", range(3))
def test_it_finds_what_a_look_at_everything_finds(tmp_path: Path, seed: int) -> None:
    history = History(tmp_path, Random(seed))
    events = [
        history.write, history.come, history.live_on, history.correct, history.jump, history.erase, history.let_go,
        history.confirm, history.confirm,
    ]  # fmt: skip
    history.write()
    for _ in range(40):
        history.chance.choice(events)()
        with history.store.cursor() as cursor:
            marks = Exchange(cursor).marks()
        assert history.found() == history.scanned(marks)
    with history.store.db.write() as connection:
        connection.exec_driver_sql(DROP)
    assert history.found() == history.scanned(marks), "without the index too"
    history.store.close()


@pytest.mark.parametrize("came", ["new", "of another version"])
def test_what_others_wrote_is_not_read_for_it(tmp_path: Path, came: str) -> None:
    """Where nothing of a life is confirmed, and its clock stood before all that came."""
    store = make_store(tmp_path, laptop=LAPTOP, wall=Wall(MORNING - 3 * YEAR))
    take(store, made([(MORNING << MS_SHIFT) + at * TICK for at in range(2000)]), [Author(9, 0)])
    lives.leave_wrong_time(store)
    own = add(store, "resident", name="王秀英")
    if came == "of another version":
        with store.db.write() as connection:
            connection.exec_driver_sql(DROP)
            Meta(raw_cursor(connection)).set("signature", "{}")
        store = reopen(store, tmp_path)
    found = list[OpRow]()
    with store.cursor() as cursor:
        steps = steps_of(cursor, lambda: found.extend(own_ops(cursor, LAPTOP, {})))
    assert own in {row.clk for row in found}
    assert steps < 1000, "of the engine; a look at every op takes some ten thousand"
    store.close()
