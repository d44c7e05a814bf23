"""One heap for all threads of the window, where the C library would give each its own."""

import ctypes
import sys

_M_ARENA_MAX = -8
"""``mallopt(3)``: the most heaps there are."""


def share_malloc_arena() -> None:
    """Have threads that start from now on allocate in the heap of the program.

    glibc gives a thread a heap of its own so that threads need not wait for each other, and what one of them let go
    lies there unused while the next grows. Those of the pool read one after the other: they wait hardly ever, and
    together took some thirteen MiB more than they needed. Where there is no glibc nothing is done.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
