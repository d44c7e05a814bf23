"""How soon a thread goes on that waits for Python's lock, while two of them write very much side by side."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

QUICK = 0.0005
"""Seconds. A statement that fills the search index takes 10 ms: with Python's own 5 ms its thread waits up to half as
long to begin it and to end it, and whoever needs it waits along."""


@contextmanager
def quick_turns() -> Iterator[None]:
    """Let threads take turns quickly; where they do already, as in the window's process, nothing changes."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(QUICK, before))
    try:
        yield
    finally:
        sys.setswitchinterval(before)
