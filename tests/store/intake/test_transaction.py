"""The pause of the garbage collector: what grew in it is old afterwards, and nothing of it is walked at once."""

import gc

from gridworker.store.intake.transaction import collecting_paused


def test_what_grew_in_a_pause_is_not_young_after_it() -> None:
    assert gc.isenabled()
    with collecting_paused():
        assert not gc.isenabled()
        grown = [[number] for number in range(20_000)]
    assert gc.isenabled()
    young = {id(one) for generation in (0, 1) for one in gc.get_objects(generation)}
    assert young.isdisjoint(map(id, grown))
    assert len(grown) == 20_000
