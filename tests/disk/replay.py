"""What a power cut may leave of what a program wrote: a disk that keeps what was synced, and of the rest what it likes.

Of writes that no sync followed any may be there and any not, sector by sector, whatever their order; a length may have
arrived without what belongs there. Names reach the disk when their folder is synced; of others in a folder the first so
many may be there, for file systems keep their order. A folder and the files in it are independent of each other.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeAlias

CREATE, OPEN, WRITE, RESIZE, SYNC, RENAME, UNLINK, FOLDER, LINK, MARK = range(1, 11)
_HEAD = struct.Struct("<IIQq")
SECTOR = 512
KEPT = (0.0, 0.1, 0.5, 0.9, 1.0)
"""Shares of the writes that are kept; none and all too."""

State: TypeAlias = dict[str, bytes | None]
"""What is on a disk: contents by path below the folder; None is a folder."""


class Event(NamedTuple):
    """One call, as recorder.c wrote it down. ``file`` is the number of an inode, ``at`` an offset or a size."""

    what: int
    file: int
    at: int
    data: bytes

    @property
    def path(self) -> str:
        """Of a call with a name."""
        return self.data.decode()


def events(diary: Path) -> list[Event]:
    """All calls of a diary."""
    found, data, at = [], diary.read_bytes(), 0
    while at < len(data):
        what, length, file, where = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        found.append(Event(what, file, where, data[at : at + length]))
        at += length
    return found


class _File:
    """A file: what is safe, and what was written since. A piece without data is a new length."""

    def __init__(self, data: bytes = b"") -> None:
        self.safe = bytearray(data)
        self.since: list[tuple[int, bytes | None]] = []

    def sync(self) -> None:
        for at, piece in self.since:
            _resize(self.safe, at) if piece is None else _put(self.safe, at, piece)
        self.since.clear()

    def left(self, chance: Random) -> bytes:
        """What may be left of it."""
        data = bytearray(self.safe)
        keep, torn = chance.choice(KEPT), chance.random() < 0.5
        for at, piece in self.since:
            if piece is None:
                if chance.random() < keep:
                    _resize(data, at)
                continue
            for start, part in _sectors(at, piece) if torn else ((at, piece),):
                if chance.random() < keep:
                    _put(data, start, part)
                elif chance.random() < keep:
                    _resize(data, max(len(data), start + len(part)))
        return bytes(data)


class _Folder:
    """A folder: the names that are safe, those of now, and what was done to them since. A name without node is gone."""

    def __init__(self) -> None:
        self.safe: dict[str, _Node] = {}
        self.now: dict[str, _Node] = {}
        self.since: list[dict[str, _Node | None]] = []

    def change(self, changed: "dict[str, _Node | None]") -> None:
        _rename(self.now, changed)
        self.since.append(changed)

    def sync(self) -> None:
        self.safe = dict(self.now)
        self.since.clear()

    def left(self, chance: Random) -> "dict[str, _Node]":
        """The names that may be left."""
        names = dict(self.safe)
        for changed in self.since[: chance.choice((0, len(self.since), chance.randint(0, len(self.since))))]:
            _rename(names, changed)
        return names


_Node: TypeAlias = _File | _Folder


@dataclass
class Disk:
    """A disk on which all of ``folder`` is safe, to which events are added one by one. ``told`` counts the marks."""

    folder: Path
    told: int = 0
    _root: _Folder = field(default_factory=_Folder)
    _by_number: dict[int, _Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._load(self._root, self.folder)

    def add(self, event: Event) -> None:
        """What a call did."""
        match event.what:
            case _ if event.what in {CREATE, OPEN}:
                self._by_number[event.file] = self._node(event.path) or self._made(event.path, _File())
            case _ if event.what in {WRITE, RESIZE}:
                self._file(event.file).since.append((event.at, event.data if event.what == WRITE else None))
            case _ if event.what == SYNC:
                self._by_number[event.file].sync()
            case _ if event.what in {RENAME, LINK}:
                self._rename(*event.path.split("\0"), gone=event.what == RENAME)
            case _ if event.what == UNLINK:
                parent, name = self._place(event.path)
                parent.change({name: None})
            case _ if event.what == FOLDER:
                self._made(event.path, _Folder())
            case _:
                self.told += 1

    def left(self, chance: Random) -> State:
        """One of the states that a power cut may leave now."""
        return dict(_walk(self._root, "", chance))

    def _load(self, into: _Folder, path: Path) -> None:
        for one in path.iterdir():
            node: _Node = _Folder() if one.is_dir() else _File(one.read_bytes())
            into.now[one.name] = node
            if isinstance(node, _Folder):
                self._load(node, one)
        into.safe = dict(into.now)

    def _made(self, path: str, node: _Node) -> _Node:
        parent, name = self._place(path)
        parent.change({name: node})
        return node

    def _rename(self, old: str, new: str, *, gone: bool) -> None:
        (source, before), (target, after) = self._place(old), self._place(new)
        node = source.now[before]
        if source is target:
            source.change({after: node, before: None} if gone else {after: node})
        else:
            target.change({after: node})
            if gone:
                source.change({before: None})

    def _node(self, path: str) -> _Node | None:
        node: _Node | None = self._root
        for name in filter(None, path.split("/")):
            node = node.now.get(name) if isinstance(node, _Folder) else None
        return node

    def _place(self, path: str) -> tuple[_Folder, str]:
        above, _, name = path.rpartition("/")
        folder = self._node(above)
        if not isinstance(folder, _Folder):
            raise TypeError(f"{above} is no folder")
        return folder, name

    def _file(self, number: int) -> _File:
        node = self._by_number[number]
        if not isinstance(node, _File):
            raise TypeError("a folder is not written to")
        return node


def without_syncs(found: Iterable[Event], ending: str) -> list[Event]:
    """The same calls as if files with this ending (of a path) had never been synced: for a control."""
    kept: list[Event] = []
    numbers: set[int] = set()
    for event in found:
        if event.what in {CREATE, OPEN}:
            (numbers.add if event.path.endswith(ending) else numbers.discard)(event.file)
        if event.what != SYNC or event.file not in numbers:
            kept.append(event)
    return kept


def cuts(folder: Path, found: list[Event], count: int, chance: Random) -> Iterator[tuple[int, State]]:
    """So many states after cuts at moments all along, each with how many marks there were by then."""
    disk = Disk(folder)
    moments = sorted(chance.randint(0, len(found)) for _ in range(count))
    done = 0
    for moment in moments:
        for event in found[done:moment]:
            disk.add(event)
        done = moment
        yield disk.told, disk.left(chance)


def _walk(folder: _Folder, above: str, chance: Random) -> Iterator[tuple[str, bytes | None]]:
    for name, node in folder.left(chance).items():
        if isinstance(node, _File):
            yield above + name, node.left(chance)
        else:
            yield above + name, None
            yield from _walk(node, f"{above}{name}/", chance)


def _sectors(at: int, piece: bytes) -> Iterator[tuple[int, bytes]]:
    """A write as the disk does it."""
    end = at + len(piece)
    edges = [at, *range((at // SECTOR + 1) * SECTOR, end, SECTOR), end]
    for start, stop in pairwise(edges):
        yield start, piece[start - at : stop - at]


def _put(data: bytearray, at: int, piece: bytes) -> None:
    _resize(data, max(len(data), at))
    data[at : at + len(piece)] = piece


def _resize(data: bytearray, size: int) -> None:
    del data[size:]
    data.extend(bytes(size - len(data)))


def _rename(names: "dict[str, _Node]", changed: "dict[str, _Node | None]") -> None:
    for name, node in changed.items():
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node
