"""Reading a file as it lies on its medium: the same bytes, whatever the system and the file system can do."""

import io
import os
from contextlib import closing
from errno import EINVAL, EIO
from pathlib import Path
from typing import Any

import pytest

from gridworker.store.backup import medium
from gridworker.store.backup.medium import Medium

PAGE = 4096
CONTENT = bytes(range(256)) * (7 * PAGE // 256)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of seven pages."""
    (tmp_path / "file").write_bytes(CONTENT)
    return tmp_path / "file"


def read(path: Path, rooms: int = 2) -> bytes:
    """All of a file, two pages at a time."""
    blocks = []
    with closing(Medium(path, 2 * PAGE, rooms)) as reader:
        while block := reader.read(2 * PAGE):
            blocks.append(bytes(block))
    return b"".join(blocks)


def test_a_file_is_read_past_the_memory_of_the_system_where_it_can_be(path: Path) -> None:
    """What ``os`` offers decides, and whether this file system goes along: it is asked here in the same words."""
    reader = Medium(path, PAGE, 1)
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_DIRECT))
        expected = True
    except (OSError, AttributeError):
        expected = False
    assert reader.is_direct == expected
    assert reader.read(PAGE) == CONTENT[:PAGE]
    reader.close()
    assert read(path) == CONTENT


def test_a_system_without_such_reading_reads_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medium, "_DIRECT", 0)
    assert read(path) == CONTENT


def test_a_file_system_that_opens_no_file_so_is_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medium, "_DIRECT", 1 << 14)
    opening = os.open

    def refused(name: str, flags: int, *rest: Any, **named: Any) -> int:
        if flags & 1 << 14:
            raise OSError(EINVAL, "not here")
        return opening(name, flags, *rest, **named)

    monkeypatch.setattr(os, "open", refused)
    assert read(path) == CONTENT


def test_what_is_opened_so_and_not_read_so_is_read_on_from_where_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third read is refused, as one is that begins where a read that was cut short ended."""
    monkeypatch.setattr(medium, "_opened", lambda name: (failing(name, EINVAL), True))
    assert read(path) == CONTENT


def test_an_error_of_the_medium_is_no_reason_to_ask_the_memory(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medium, "_opened", lambda name: (failing(name, EIO), True))
    with pytest.raises(OSError, match="on purpose"):
        read(path)


def test_a_share_that_gives_less_than_it_is_asked_for_fills_the_block(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(medium, "_opened", lambda name: (Slow(name), False))
    reader = Medium(path, 3 * PAGE, 1)
    assert [len(reader.read(3 * PAGE)) for _ in range(4)] == [3 * PAGE, 3 * PAGE, PAGE, 0]
    reader.close()


def test_a_block_stands_while_the_next_ones_are_read(path: Path) -> None:
    reader = Medium(path, PAGE, 3)
    blocks = [reader.read(PAGE) for _ in range(3)]
    assert b"".join(blocks) == CONTENT[: 3 * PAGE]
    reader.close()


class Slow(io.FileIO):
    """Gives a page at a time."""

    def readinto(self, room: Any) -> int:
        return super().readinto(memoryview(room)[:PAGE]) or 0


def failing(path: Path, number: int) -> io.FileIO:
    """A file whose third read fails."""
    reads = iter((None, None, OSError(number, "on purpose")))

    class Failing(io.FileIO):
        def readinto(self, room: Any) -> int:
            fault = next(reads, None)
            if fault is not None:
                raise fault
            return super().readinto(room) or 0

    return Failing(path)
