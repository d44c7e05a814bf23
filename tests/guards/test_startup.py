"""A start loads what its first page needs: no Qt for a command, no database for the unlock page."""

import subprocess
import sys

import pytest

LAZY = [
    (
        "gridworker.cli.main",
        ("PySide6", "qtawesome", "sqlalchemy", "sqlmodel", "sqlcipher3", "python_calamine", "xlsxwriter"),
    ),
    ("gridworker.app.workspace", ("PySide6", "qtawesome", "python_calamine", "xlsxwriter")),
    ("gridworker.gui.start", ("sqlalchemy", "sqlmodel", "sqlcipher3", "pydantic", "python_calamine", "xlsxwriter")),
]


@pytest.mark.parametrize(("module", "heavy"), LAZY, ids=[module for module, _ in LAZY])
def test_import_stays_light(module: str, heavy: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
