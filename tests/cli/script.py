"""Commands run as a script runs them, and an office and a laptop set up by them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from gridworker.cli.main import main


class Script:
    """Runs commands and reads their answers."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._capsys, self._monkeypatch, self.folder = capsys, monkeypatch, folder
        self.recovery_code = ""

    def run(self, *words: object, given: str = "") -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(given))
        status = main([str(word) for word in words])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err

    def json(self, *words: object, given: object = None) -> Any:
        text = json.dumps(given) if given is not None else ""
        status, out, err = self.run(*words, "--json", given=text)
        assert status == 0, err
        return json.loads(out)


def enrolled(script: Script, office: Path) -> Path:
    """A laptop set up by script."""
    kit, code = script.folder / "kit.gwk", script.folder / "code.txt"
    script.json(
        "device", "issue", "--dir", office, "--worker", "周敏", "--grid", "第一网格", "--out", kit, "--code-file", code
    )
    laptop = script.folder / "laptop"
    script.json("device", "enrol", kit, "--code-file", code, "--dir", laptop)
    return laptop
