"""Qt's binding reads the source of every module imported after it, and keeps it, unless it is told not to."""

import builtins
import subprocess
import sys

import pytest

from gridworker.gui.process.plainimports import leave_sources_unread

READ = "import linecache; print(sum(name.endswith(('start.py', 'front.py')) for name in linecache.cache))"


@pytest.mark.parametrize("first", ["", "import PySide6.QtWidgets; "], ids=["we are first", "Qt is first"])
def test_no_source_is_kept(first: str) -> None:
    code = f"{first}import gridworker.gui.start; import gridworker.gui.widgets.front; {READ}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["0"]


def test_a_binding_without_features_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = builtins.__import__
    monkeypatch.delattr(builtins, "__orig_import__", raising=False)
    leave_sources_unread()
    assert builtins.__import__ is before
    monkeypatch.setattr(builtins, "__orig_import__", print, raising=False)
    leave_sources_unread()  # what is in use is not the binding's: it may be anybody's
    assert builtins.__import__ is before
