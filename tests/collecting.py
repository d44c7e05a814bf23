"""Garbage collection out of the way of proofs that fork, open and look thousands of times."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def only_new_collected() -> Iterator[None]:
    """Have garbage looked for when asked alone, and not among what is here by now: that took three times a run."""
    gc.collect()
    gc.disable()  # as in the window; else a write brings what is frozen back among the rest (transaction.py)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()
