"""Undo in any order: what came late, and what an undo itself had given."""

from pathlib import Path

from gridworker.store.health.check import check
from gridworker.store.store import Store
from gridworker.store.undo import undo_batch
from tests.builders import add, batches, edit, make_store, pour, take
from tests.store.test_undo import ME, OTHER, sides, value


def test_a_bundle_that_came_late_and_was_taken_back_gives_nothing_when_what_was_written_over_it_goes_too(
    tmp_path: Path, office: Store, laptop: Store
) -> None:
    """One laptop had seen what another wrote, and its bundle was here first."""
    other = make_store(tmp_path / "other", laptop=2)
    record = add(office, "resident", who=ME, note="一")
    for device in (laptop, other):
        pour(office, device)
    edit(other, "resident", record, who=OTHER, note="二")
    below = batches(other)[-1]
    other.close()
    take(laptop, *below)
    edit(laptop, "resident", record, who=3, note="三")
    above = take(office, *batches(laptop)[-1])
    late = take(office, *below)
    assert undo_batch(office, late.batch, ME).kept == 1
    assert value(office, record) == "三"
    undo_batch(office, above.batch, ME)
    assert (value(office, record), sides(office)) == ("一", [])
    assert check(office) == []


def test_what_stood_beside_a_bundle_that_was_taken_back_stands_alone_below_a_later_act(
    office: Store, laptop: Store
) -> None:
    """The undo gave it anew in place of both; that one of the two does not stand bears on nothing."""
    record = add(office, "resident", who=ME, note="一")
    pour(office, laptop)
    edit(office, "resident", record, who=ME, note="办公室")
    edit(laptop, "resident", record, who=OTHER, note="入户")
    undo_batch(office, pour(laptop, office).batch, ME)
    later = edit(office, "resident", record, who=OTHER, note="三")
    undo_batch(office, later.batch, OTHER)
    assert (value(office, record), sides(office)) == ("办公室", [])


def test_what_the_same_person_wrote_since_stands(office: Store) -> None:
    """The earlier of two bundles of one laptop is taken back; the later one is a word of its own."""
    record = add(office, "resident", who=ME, note="一")
    first = edit(office, "resident", record, who=OTHER, note="二")
    edit(office, "resident", record, who=OTHER, note="三")
    assert undo_batch(office, first.batch, ME).kept == 1
    assert value(office, record) == "三"
