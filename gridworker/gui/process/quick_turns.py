"""How soon the window's thread goes on where a worker holds Python's lock."""

import sys


def take_quick_turns() -> None:
    """Let the window's thread go on at once when it wants to.

    Painting asks Qt a hundred small things, and after each Python may go on in a worker for as long as its interval:
    with Python's own 5 ms a list that is dragged through stands still for a tenth of a second.
    """
    sys.setswitchinterval(0.0005)
