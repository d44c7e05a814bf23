"""What is loaded before the first page, and what Python looks through for garbage from then on."""

import gc
import sys

from pytestqt.qtbot import QtBot

from gridworker.gui import background, loading


def test_what_is_loaded_stays_and_the_rest_is_looked_through_in_small_lots(qtbot: QtBot) -> None:
    before = gc.get_threshold()
    try:
        loading.settle()
        assert gc.get_freeze_count() > len(sys.modules)
        young, rounds, old = gc.get_threshold()
        assert (young, old) == (before[0], before[2])
        assert rounds == loading.ROUNDS > before[1]
        _sweep_after_sweep(rounds)
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def _sweep_after_sweep(rounds: int) -> None:
    """What outlived the first sweeps is not looked through with each of the next."""
    gc.collect()
    gc.disable()
    kept, collected = list[object](), list[int]()
    gc.callbacks.append(lambda phase, told: collected.append(told["generation"]) if phase == "start" else None)
    try:
        for _ in range(rounds):
            kept.append([[number] for number in range(gc.get_threshold()[0] + 1)])
            background._collect()
    finally:
        gc.callbacks.pop()
        gc.enable()
    assert collected == [0] * rounds
