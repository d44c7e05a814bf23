"""Who was written down in a household and taken back since: found without going through the journal."""

from gridworker.store.queries.unmade import LINKS
from gridworker.store.store import Store


def test_the_links_that_take_others_back_are_found_by_their_index(office: Store) -> None:
    with office.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {LINKS}", (1, 1))
        steps = [str(step[3]) for step in cursor.fetchall()]
    assert any("batch_undoing" in step for step in steps if " u " in f"{step} ")
    assert not any("u USING INTEGER PRIMARY KEY" in step for step in steps)
