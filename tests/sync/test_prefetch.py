"""Bundles are opened before their turn, in another thread; one that cannot be is left for its turn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Event, get_ident
from types import SimpleNamespace
from typing import Any

import pytest

from gridworker.errors import BundleAltered, NotForUs, StoreClosed
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


def test_small_ones_are_opened_elsewhere_a_row_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "SMALL", 4)
    monkeypatch.setattr(prefetch, "ROW", 2)
    texts, threads = ["abc", "ab", "a", "abcdef", "abd", "abe", "abf"], set[int]()
    for at, text in enumerate(texts):
        (tmp_path / str(at)).write_text(text)
    rows: list[list[str]] = []

    @contextmanager
    def reading() -> Iterator[Callable[[bytes], Any]]:
        row: list[str] = []
        rows.append(row)

        def read(data: bytes) -> Any:
            row.append(data.decode())
            threads.add(get_ident())
            return Opened(data.decode())

        yield read

    with prefetching(sorted(tmp_path.iterdir()), reading) as opening:
        assert [str(opening.take().bundle) for _ in texts] == texts
    assert rows == [["abc", "ab"], ["a"], ["abcdef"], ["abd", "abe"], ["abf"]]
    assert len(threads) == 1
    assert get_ident() not in threads


def test_a_row_is_merged_while_the_next_one_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "SMALL", 4)
    monkeypatch.setattr(prefetch, "ROW", 1)
    for text in ("abc", "abd"):
        (tmp_path / text).write_text(text)
    opened = Event()

    def read(data: bytes) -> Any:
        if data == b"abd":
            opened.set()
        return Opened(data.decode())

    with prefetching(sorted(tmp_path.iterdir()), within(read)) as opening:
        opening.take()
        assert opened.wait(5), "nobody asked for it"


def test_a_row_ends_where_it_may_be_all_that_fits_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "SMALL", 4)
    monkeypatch.setattr(prefetch, "ROW", 4)
    monkeypatch.setattr(prefetch, "ROW_THINGS", 5)
    texts = ["a", "b", "c", "d", "e", "f"]  # of three things each
    for text in texts:
        (tmp_path / text).write_text(text)
    with prefetching(sorted(tmp_path.iterdir()), within(read_by(set()))) as opening:
        assert [one.data.decode() for one in opening.ready()] == ["a", "b"]
        opening.skip(2)
        assert [one.data.decode() for one in opening.ready()] == ["c", "d"], "what is left of a row goes first"
        assert [opening.take().data.decode() for _ in texts[2:]] == texts[2:]


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
        assert [one.data for one in opening.ready()] == [b"four, which is large"], "it is by itself"
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


@pytest.mark.parametrize("small", [0, 4])
def test_what_is_merged_goes_on_where_the_store_is_being_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(prefetch, "SMALL", small)
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
    merging = get_ident()

    @contextmanager
    def reading() -> Iterator[Callable[[bytes], Any]]:
        if get_ident() != merging:
            raise StoreClosed("The data are locked.")
        yield read_by(set())

    with prefetching(sorted(tmp_path.iterdir()), reading) as opening:
        assert [str(opening.take().bundle) for _ in range(2)] == ["one", "two"]


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
