"""How long until a person sees something: the unlock page after the start, Today after unlocking.

Unlocking is measured twice: with keys at hand against the bare window, and whole, with the passphrase's key derived at
the cost of the product.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks import stores
from tests.benchmarks.figures import Figure

ROUNDS = 7

_BARE = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Bare(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)
    def painted(self):
        print(time.time())
        QApplication.quit()
app = QApplication([])
window = Bare()
window.resize(1440, 900)
window.show()
app.exec()
"""

_UNLOCK = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from gridworker.gui.start import run
def painted():
    print(time.time(), flush=True)
    QApplication.quit()
run(Path(sys.argv[1]), painted=painted)
"""

_TODAY = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QEventLoop
from gridworker.gui import background
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.start import Program, make_application, take_quick_turns
from gridworker.gui.widgets.rowlist import RowList
from gridworker.paths import Folder
from tests.benchmarks.stores import keys_of
folder, derived = Path(sys.argv[1]), len(sys.argv) > 2
keys = keys_of(folder)
class Door(AppFrontDoor):
    def open(self, folder, passphrase):
        from gridworker.app.access.opening import open_with_keys
        from gridworker.app.workspace import Workspace
        if derived:
            from gridworker.store.keys.kdf import PRODUCTION, stretch
            stretch("as long as a passphrase", bytes(16), PRODUCTION)
        return Workspace(*open_with_keys(Folder(folder), keys))
take_quick_turns()
app = make_application()
program = Program(app, folder, Door())
begun, opened = [], []
program.loaded.connect(lambda: begun.append(True))
program.start()
while not begun:  # what is loaded while a person types the passphrase
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
def show(workspace):
    opened.append(workspace)
    program.show_desk(workspace)
start = time.perf_counter()
background.run(lambda: Door().open(folder, ""), done=show)
while not any(part.rows() for part in program.window.findChildren(RowList)):
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
program.window.grab()
print(time.perf_counter() - start)
background.wait()
opened[0].close()
"""


def _spawn(code: str, *arguments: str) -> float:
    """What the process prints: a number of seconds."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return float(done.stdout)


def _until_painted(code: str, *arguments: str) -> float:
    """From the start of the process to the first paint; what it loads after that is not counted."""
    start = time.time()
    return _spawn(code, *arguments) - start


def measure() -> list[Figure]:
    """Both against a bare PySide6 window started the same way."""
    folder = str(stores.large_laptop())
    bare, unlock, today, whole = [], [], [], []
    for code in (_BARE, _UNLOCK):
        _until_painted(code, folder)
    for _ in range(ROUNDS):
        bare.append(_until_painted(_BARE))
        unlock.append(_until_painted(_UNLOCK, folder))
        today.append(_spawn(_TODAY, folder))
        whole.append(_spawn(_TODAY, folder, "derived"))
    floor = statistics.median(bare)
    return [
        Figure("bare PySide6 window: start to first paint", floor, "s"),
        Figure("process start to unlock page painted", statistics.median(unlock) / floor, "x bare window", 4.0),
        Figure("unlock to Today, 100,000 residents", statistics.median(today) / floor, "x bare window", 4.0),
        Figure("locked page to Today, key derivation counted", statistics.median(whole), "s", 1.5),
    ]
