"""After the lock the process knows neither the key nor the passphrase, nor anybody: its memory is read through."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from gridworker.app.access.new_store import Blueprint, make_store
from gridworker.paths import Folder
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Vault
from gridworker.store.meta import FIELD_ROLE, Identity
from gridworker.store.records import kind_named
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from gridworker.sync.format.keys import new_recovery

PASSPHRASE = "only this test knows it"

WHO = "陈桂芳"
ROOT = Path(__file__).parents[3]

_PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.gui import start
from gridworker.gui.page import Errand
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.process import restart
from gridworker.store.keys.kdf import CHEAP

class Door(AppFrontDoor):
    def open(self, folder, passphrase, slot=None, report=None):
        return Workspace.open(folder, passphrase, profile=CHEAP, slot=slot)

folder = Path(sys.argv[1])
app = start.make_application()
program = start.Program(app, folder, Door(), restart.begin)
program.start()
front = program.window.content()
front.passphrase_field.line().setText(sys.stdin.readline().rstrip())
front.button().click()

def look():
    if program._desk is None:
        return
    clock.stop()
    program.people = [one.caption for one in program._ws.records.page("resident")]
    print("open", flush=True)
    sys.stdin.readline()
    program.lock() if sys.argv[2] == "lock" else program._away.begin(Errand(refused, "Meanwhile", "Done."))

def refused():
    raise DiskFull("The disk is full.")

clock = QTimer()
clock.timeout.connect(look)
clock.start(50)
app.exec()
"""


def fill(store: Store) -> None:
    """One person, and the worker whose laptop it is."""
    worker = store.new_id()
    changes = [
        made("staff", worker, name="周敏", role="grid_worker", active=1),
        made("community", store.new_id(), code="420202005002", name="师院社区"),
        made("resident", store.new_id(), name=WHO, status="in_place"),
    ]
    store.write(changes, Act("create", worker))
    with store.settings() as settings:
        settings.set("person", worker)


def made(kind: str, record: int, **values: object) -> Change:
    return Change(kind, record, kind_named(kind).checked(values), create=True)


@pytest.mark.parametrize("left", ["lock", "refused"])
def test_the_process_after_the_lock_holds_no_key_no_passphrase_and_nobody(tmp_path: Path, left: str) -> None:
    """Its number stays, for it takes the place of the one before. The key is a random one.

    So it is where something was to be done with the store closed, and a full disk refused it.
    """
    folder = Folder(tmp_path / "data")
    blueprint = Blueprint(Identity(FIELD_ROLE, "420202005002", 1, 0, 1), new_recovery().public.recipient, fill)
    make_store(folder.root, PASSPHRASE, blueprint, profile=CHEAP)
    key = Vault(folder, CHEAP).open(PASSPHRASE).dek
    places = {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"}
    environment = {**os.environ, **dict.fromkeys(places, str(tmp_path)), "QT_QPA_PLATFORM": "offscreen", "LANG": "en"}
    command = [sys.executable, "-c", _PROGRAM, str(folder.root), left]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{PASSPHRASE}\n")
            process.stdin.flush()
            assert process.stdout.readline() == "open\n"
            assert found_in(process.pid, key) == {"key", "passphrase", "person"}, "it is looked for rightly"
            process.stdin.write("\n")
            process.stdin.flush()
            until(lambda: b"-m\0gridworker" in Path(f"/proc/{process.pid}/cmdline").read_bytes())
            until(lambda: loaded(process.pid))
            assert found_in(process.pid, key) == set()
        finally:
            process.kill()


def found_in(pid: int, key: bytes) -> set[str]:
    """Which of the secrets stand in the memory of a process, in whatever form Python and Qt hold them."""
    wanted = {"key": [key, key.hex().encode()], "passphrase": forms(PASSPHRASE), "person": forms(WHO)}
    found = set()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if span is None:
                continue
            first, last = (int(end, 16) for end in span.groups())
            with suppress(OSError, OverflowError):  # what is kept back by the system
                memory.seek(first)
                held = memory.read(last - first)
                found |= {name for name, spellings in wanted.items() if any(one in held for one in spellings)}
    return found


def forms(words: str) -> list[bytes]:
    return [words.encode(), words.encode("utf-16-le"), words.encode("utf-32-le")]


def loaded(pid: int) -> bool:
    """Whether Qt is there, and the window it shows."""
    return "libQt6Widgets" in Path(f"/proc/{pid}/maps").read_text()


def until(is_so: Callable[[], bool]) -> None:
    end = monotonic() + 60
    while not is_so():
        assert monotonic() < end
        Event().wait(0.1)
