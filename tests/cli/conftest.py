"""An office that a script set up."""

from pathlib import Path

import pytest

from gridworker.store.keys import kdf
from tests.cli.script import PASSPHRASE, Script


@pytest.fixture(autouse=True)
def _cheap_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWORKER_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(kdf, "PRODUCTION", kdf.CHEAP)
    monkeypatch.setattr("gridworker.text.system_language", lambda: "en")


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Script:
    return Script(capsys, monkeypatch, tmp_path)


@pytest.fixture
def office(script: Script) -> Path:
    folder = script.folder / "office"
    answer = script.json(
        "office", "new", "--dir", folder, "--community", "420202005002", "--name", "师院社区办公室", "--clerk", "刘芳",
        "--recovery", script.folder / "recovery.age",
    )  # fmt: skip
    assert answer["recovery_code"]
    assert (script.folder / "recovery.age").read_bytes().startswith(b"age-encryption.org")
    script.recovery_code = answer["recovery_code"]
    script.json("grid", "add", "--dir", folder, "第一网格")
    return folder
