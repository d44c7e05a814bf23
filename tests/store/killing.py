"""A child that does something and is killed at some moment, for the killed_*.py that tests run."""

import os
import signal
import sys
import traceback
from collections.abc import Callable


def killed(do: Callable[[], object], after: float | None) -> None:
    """Do it in a child that is killed after so many seconds, in the midst of it or when it is done; None lets it live.

    Exits where the child failed instead: whatever is looked at then says nothing about kills.
    """
    child = os.fork()
    if child == 0:
        _do(do, after)
    _, end = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(end) not in ({0} if after is None else {-signal.SIGALRM}):
        sys.exit(f"the child ended by itself: {end}")


def _do(do: Callable[[], object], after: float | None) -> None:
    try:
        if after is not None:
            signal.setitimer(signal.ITIMER_REAL, max(after, 0.0001))  # SIGALRM, which nothing here handles
        do()
        if after is not None:
            signal.pause()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - nothing of the parent may be done a second time here
        traceback.print_exc()
        os._exit(1)
