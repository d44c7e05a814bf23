"""A watched folder from a script: it is looked into until somebody stops it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gridworker.errors import Problem, StoreDamaged
from tests.cli.script import Script, enrolled

AWAY = 'The shared folder "share" is out of reach just now. Nothing is lost.'


def steps(monkeypatch: pytest.MonkeyPatch, *between: Callable[[], object]) -> None:
    """What happens between the looks, one thing each time; after the last the program is stopped."""
    left: Iterator[Callable[[], object]] = iter(between)

    def passed(_seconds: int) -> bool:
        step = next(left, None)
        if step is not None:
            step()
        return step is not None

    monkeypatch.setattr("gridworker.cli.bundle._passed", passed)


@pytest.fixture
def share(script: Script) -> Path:
    folder = script.folder / "share"
    folder.mkdir()
    return folder


def test_a_share_that_is_away_for_a_while_ends_nothing(
    script: Script, office: Path, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, away = enrolled(script, office), script.folder / "away"
    script.json("bundle", "exchange", share, "--dir", laptop)
    [handed] = [path.rename(script.folder / path.name) for path in share.iterdir()]
    steps(
        monkeypatch,
        lambda: share.rename(away),
        lambda: None,
        lambda: away.rename(share),
        lambda: handed.rename(share / handed.name),
        lambda: share.rename(away),
        lambda: away.rename(share),
    )
    code, out, said = script.run("bundle", "exchange", share, "--every", 1, "--dir", office)
    assert code == 0
    assert said.splitlines() == [AWAY, "The exchange goes on."] * 2
    assert handed.name in out


def test_what_time_does_not_mend_ends_it(
    script: Script, office: Path, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(_folder: object) -> None:
        raise (faults.pop(0))("It is so.")

    faults: list[type[Problem]] = [Problem, StoreDamaged]
    steps(
        monkeypatch,
        lambda: monkeypatch.setattr("gridworker.app.exchange.watched.WatchedFolder.look", look),
        lambda: None,
        lambda: None,
    )
    code, _, said = script.run("bundle", "exchange", share, "--every", 1, "--dir", office)
    assert (code, faults) == (1, [])
    assert said.count("It is so.") == 2


def test_a_single_look_names_what_is_not_whole_for_nobody_looks_again(
    script: Script, office: Path, share: Path
) -> None:
    (share / "01-1-1a2b3c4d.gwb").write_bytes(b"half of it")
    code, out, _ = script.run("bundle", "exchange", share, "--dir", office)
    assert (code, out.splitlines()) == (
        1, ["01-1-1a2b3c4d.gwb: not taken in; it is still being copied, or damaged."],
    )  # fmt: skip
