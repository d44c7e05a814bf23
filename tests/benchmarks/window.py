"""How long until a person sees something: the unlock page after the start, Today after unlocking."""

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
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Bare(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, QApplication.quit)
app = QApplication([])
window = Bare()
window.resize(1440, 900)
window.show()
app.exec()
"""

_UNLOCK = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from gridworker.gui.start import run
run(Path(sys.argv[1]), painted=lambda: QApplication.quit())
"""

_TODAY = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from gridworker.gui import background
from gridworker.gui.start import Program, make_application
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.paths import Folder
from tests.benchmarks.stores import keys_of
folder = Path(sys.argv[1])
keys = keys_of(folder)
class Door(AppFrontDoor):
    def open(self, folder, passphrase):
        from gridworker.app.opening import open_with_keys
        from gridworker.app.workspace import Workspace
        return Workspace(*open_with_keys(Folder(folder), keys))
app = make_application()
program = Program(app, folder, Door())
program.start()
for _ in range(20):
    app.processEvents()
background.wait()
app.processEvents()
start = time.perf_counter()
background.run(lambda: Door().open(folder, ''), done=program.show_desk)
while True:
    app.processEvents()
    desk = program._desk
    page = desk.page('today') if desk is not None else None
    if page is not None and page.is_settled():
        break
program.window.grab()
print(time.perf_counter() - start)
program._ws.close()
"""


def _spawn(code: str, *arguments: str) -> tuple[float, str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return time.perf_counter() - start, done.stdout


def measure() -> list[Figure]:
    """Both against a bare PySide6 window started the same way."""
    folder = str(stores.large_laptop())
    bare, unlock, today = [], [], []
    for code in (_BARE, _UNLOCK):
        _spawn(code, folder)
    for _ in range(ROUNDS):
        bare.append(_spawn(_BARE)[0])
        unlock.append(_spawn(_UNLOCK, folder)[0])
        today.append(float(_spawn(_TODAY, folder)[1]))
    floor = statistics.median(bare)
    return [
        Figure("bare PySide6 window: start to first paint", floor, "s"),
        Figure("process start to unlock page painted", statistics.median(unlock) / floor, "x bare window", 4.0),
        Figure("unlock to Today, 100,000 residents", statistics.median(today) / floor, "x bare window", 4.0),
    ]
