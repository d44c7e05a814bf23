"""The recorder in C (recorder.c): built, preloaded into a process of its own, and spoken to from inside of it."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
COMPILER = shutil.which("cc")
USABLE = sys.platform == "linux" and COMPILER is not None

WRITES, SYNCS, SIZES, NAMES, OPENS, READS = 1, 2, 4, 8, 16, 32
"""Kinds of calls that can be told to fail: write, sync, truncate, (rename, link, remove, make a folder), open, read."""


def run(script: Path, folder: Path, *told: str) -> "subprocess.CompletedProcess[str]":
    """Run a script on ``folder``; with the recorder in it, built there, where there can be one."""
    env = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    if USABLE:
        built = folder / "recorder.so"
        flags = ["-O1", "-shared", "-fPIC", "-o", str(built), str(HERE / "recorder.c"), "-ldl", "-lpthread"]
        subprocess.run([str(COMPILER), *flags], check=True)
        env["LD_PRELOAD"] = str(built)
    return subprocess.run(
        [sys.executable, str(script), str(folder), *told], capture_output=True, text=True, check=False, env=env
    )


class Recorder:
    """The recorder of this process, which was started by ``run``."""

    def __init__(self) -> None:
        self._shim = ctypes.CDLL(None)
        self._shim.disk_calls.restype = self._shim.disk_failures.restype = ctypes.c_long

    @contextmanager
    def watching(self, folder: Path, diary: Path) -> Iterator[None]:
        """Write into ``diary`` what becomes of the files of a folder. Files open before are not seen."""
        self._shim.disk_watch(os.fsencode(folder), os.fsencode(diary))
        try:
            yield
        finally:
            self._shim.disk_watch(None, None)

    def mark(self, number: int) -> None:
        """Note in the diary that somebody was told of something: from here on it has to last."""
        self._shim.disk_mark(ctypes.c_long(number))

    @contextmanager
    def failing(self, kinds: int, at: int, error: int, *, sticky: bool) -> Iterator[None]:
        """Let the call number ``at`` of these kinds fail, and all after it where ``sticky``. 0 only counts."""
        self._shim.disk_fail(kinds, ctypes.c_long(at), error, int(sticky))
        try:
            yield
        finally:
            self._shim.disk_fail(0, ctypes.c_long(0), 0, 0)

    def slow(self, milliseconds: int) -> None:
        """Have every sync take longer by so much from here on, as on a plain disk."""
        self._shim.disk_slow(ctypes.c_long(1000 * milliseconds))

    @property
    def calls(self) -> int:
        """Calls of these kinds so far."""
        return int(self._shim.disk_calls())

    @property
    def failures(self) -> int:
        """How many of them failed."""
        return int(self._shim.disk_failures())
