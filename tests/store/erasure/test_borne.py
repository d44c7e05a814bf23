"""What a copy of another time bears of erasures, beside its log."""

from gridworker import discover
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.borne import Borne, bear_ops, borne
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.store import Store
from tests.builders import add

RESIDENT = discover.kinds()["resident"].kind


def test_it_is_without_what_was_erased_since(office: Store) -> None:
    """Of some erasures nobody has the op, so nothing of theirs comes that names what is borne."""
    record, note = add(office, "resident"), RESIDENT.specs["note"].number
    vals = pack_edits(record, [Edit(note, "金丝雀", (record,))])
    edit = OpRow(office.new_id(), RESIDENT.number, record, int(What.EDIT), 0, vals)
    with office.db.write() as connection:
        cursor = raw_cursor(connection)
        bear_ops(cursor, [Borne(edit, Author(1, 0))])
        Log(cursor).add_erasures([(record, note, office.new_id())])
        bear_ops(cursor, [])
        (left,) = borne(cursor)
    assert left.row.clk == edit.clk
    assert "金丝雀".encode() not in left.row.vals
