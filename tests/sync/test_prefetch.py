"""Bundles are opened before their turn, in another thread; one that cannot be is left for its turn."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from threading import get_ident
from types import SimpleNamespace
from typing import Any

import pytest

from gridworker.errors import BundleAltered, NotForUs
from gridworker.sync import prefetch
from gridworker.sync.format.sections import ScopeChange
from gridworker.sync.prefetch import prefetching


class Opened(str):
    """Stands for a bundle."""

    __slots__ = ()
    header = SimpleNamespace(ops=1)
    scope = ScopeChange(1, (), (1,), (2,))


def within(read: Callable[[bytes], Any]) -> prefetch.Reading:
    """What reads so, whenever it is begun."""
    return lambda: nullcontext(read)


def read_by(threads: set[int]) -> Callable[[bytes], Any]:
    def read(data: bytes) -> str:
        threads.add(get_ident())
        if data == b"unknown":
            raise BundleAltered("altered")
        return Opened(data.decode())

    return read


@pytest.fixture(autouse=True)
def _none_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "SMALL", 0)


def test_small_ones_are_opened_here_a_row_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "SMALL", 4)
    monkeypatch.setattr(prefetch, "ROW", 2)
    texts, threads = ["abc", "ab", "a", "abcdef", "abd", "abe"], set[int]()
    for at, text in enumerate(texts):
        (tmp_path / str(at)).write_text(text)
    opened: list[str] = []

    def read(data: bytes) -> Any:
        opened.append(data.decode())
        threads.update({get_ident()} if len(data) < 4 else ())
        return Opened(data.decode())

    with prefetching(sorted(tmp_path.iterdir()), within(read)) as opening:
        assert str(opening.take().bundle) == "abc"
        assert {"abc", "ab"} <= set(opened) <= {"abc", "ab", "abcdef"}
        assert [str(opening.take().bundle) for _ in texts[1:]] == texts[1:]
    assert threads == {get_ident()}
    monkeypatch.setattr(prefetch, "ROW_THINGS", 3)
    opened.clear()
    with prefetching(sorted(tmp_path.iterdir())[:2], within(read)) as opening:
        assert str(opening.take().bundle) == "abc"
        assert opened == ["abc"], "it may be all that fits into memory"
        assert str(opening.take().bundle) == "ab"


def test_those_that_lie_open_are_shown_and_taken_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "SMALL", 4)
    for name, text in (("1", "one"), ("2", "two"), ("3", ""), ("4", "four, which is large"), ("5", "six")):
        (tmp_path / name).write_text(text)
    with prefetching(sorted(tmp_path.iterdir()), within(read_by(set()))) as opening:
        assert [one.data for one in opening.ready()] == [b"one", b"two"]
        opening.skip(1)
        assert [one.data for one in opening.ready()] == [b"two"]
        opening.skip(1)
        assert opening.ready() == [], "the next one cannot be read"
        with pytest.raises(NotForUs):
            opening.take()
        assert opening.ready() == [], "a large one is taken by itself"
        assert opening.take().data == b"four, which is large"
        assert [one.data for one in opening.ready()] == [b"six"]


def test_a_small_file_that_cannot_be_read_says_so_in_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "SMALL", 4)
    for name, text in (("1", "one"), ("2", ""), ("3", "two")):
        (tmp_path / name).write_text(text)
    with prefetching(sorted(tmp_path.iterdir()), within(read_by(set()))) as opening:
        assert opening.take().data == b"one"
        with pytest.raises(NotForUs):
            opening.take()
        assert opening.take().data == b"two"


def test_they_come_in_order_each_opened_elsewhere(tmp_path: Path) -> None:
    names, threads = ["one", "two", "unknown", "four", "five"], set[int]()
    for name in names:
        (tmp_path / name).write_text(name)
    with prefetching([tmp_path / name for name in names], within(read_by(threads))) as opening:
        found = [opening.take() for _ in names]
    assert [one.data.decode() for one in found] == names
    assert [str(one.bundle) for one in found] == ["one", "two", "None", "four", "five"]
    assert get_ident() not in threads


def test_a_file_that_cannot_be_read_says_so_in_its_turn(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("one")
    (tmp_path / "empty").touch()
    with prefetching([tmp_path / "one", tmp_path / "empty"], within(read_by(set()))) as opening:
        assert opening.take().data == b"one"
        with pytest.raises(NotForUs):
            opening.take()


def test_leaving_early_waits_for_nobody(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number:02}").write_text("x")
    opened: list[bytes] = []
    with prefetching(sorted(tmp_path.iterdir()), within(opened.append)) as opening:
        opening.take()
    assert len(opened) <= 4
