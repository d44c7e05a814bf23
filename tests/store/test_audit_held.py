"""No row of the audit is altered, removed or exchanged unnoticed; no act is without its row, nor a row without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gridworker.store.health.freshness import FRESH
from tests.store import audit_held

BENT = int(os.environ.get("GRIDWORKER_AUDIT_BENT", "4"))
KILLS = os.environ.get("GRIDWORKER_AUDIT_KILLS", "3")
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))
ROOT = Path(__file__).parents[2]


def test_every_manipulation_is_noticed_by_the_next_check(tmp_path: Path) -> None:
    assert audit_held.undetected(BENT, seed=SEED, folder=tmp_path) == []


@pytest.mark.parametrize("way", audit_held.WAYS, ids=lambda way: way.__name__)
def test_each_way_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: object) -> None:
    monkeypatch.setattr(audit_held, "WAYS", (way,))
    assert audit_held.undetected(1, seed=SEED + 7, folder=tmp_path) == []


def test_a_check_that_notices_nothing_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_held, "check", lambda _store: [])
    monkeypatch.setattr("gridworker.store.health.freshness.check", lambda *_: FRESH)
    assert len(audit_held.undetected(2, seed=SEED, folder=tmp_path)) == 2


@pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")
def test_a_kill_leaves_act_and_audit_or_neither(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_audit.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, KILLS, str(SEED)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
