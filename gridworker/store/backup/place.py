"""Where backups lie: which are there, which may go, and what of the files that several of them share.

A place may be a stick that several computers use. Nothing here needs a key.
"""

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from gridworker.errors import Problem, StoreDamaged, StoreMissing, StoreProblem
from gridworker.paths import Folder
from gridworker.plainfile import NOT_WAITING, open_plain, read_plain
from gridworker.store.backup.manifest import LISTING, Named, damaged, file_hash, peek
from gridworker.store.engine.filesafe import (
    PRIVATE_FILE,
    cut_away,
    disk_problems,
    fsync_folder,
    make_folder,
    write_durably,
)
from gridworker.store.meta import Meta

POOL = "files"
PART = ".part"
_PROBE = 4096
LAST = 3
"""The newest that are never removed."""

MOST = 12
"""How many are kept of one store."""

PLACES = "backup_places"
"""In meta: where else than in the data folder backups were made."""

DOUBTED = "backup_doubted"
"""In meta: by place, the shared files that were found bad there, until a backup has brought them anew."""


def real_place(place: Path) -> Path:
    """A place without links, to tell it from others; of one whose links lead nowhere, what is known of it."""
    return Path(os.path.realpath(place))


def elsewhere(places: Iterable[Path], folder: Path) -> list[Path]:
    """The places that are not lost with a folder, however they are spelled."""
    root = real_place(folder)
    return [place for place in places if not real_place(place).is_relative_to(root)]


def refuse_within(place: Path, known: Iterable[Path], folder: Folder) -> None:
    """Raise Problem for the data folder, and for where a store clears away what is not its own below it.

    Where backups are ``known`` to lie already, an erasure has to make them anew.
    """
    root, real = real_place(folder.root), real_place(place)
    below = next(iter(real.relative_to(root).parts), "") if real.is_relative_to(root) else ""
    own = {path.name for path in (folder.attachments, folder.archive, folder.outbox)}
    if (real == root or below in own or below.startswith(".")) and real not in map(real_place, known):
        raise Problem("This is the data folder itself. A second place is a stick or another disk.")


def refuse_part_of_backups(place: Path, known: Iterable[Path] = ()) -> None:
    """Raise Problem for the folder of a backup, or of what backups share, or below one: it would go with that.

    Where backups are ``known`` to lie already, as above.
    """
    real = real_place(place)
    for path in (real, *real.parents) if real not in map(real_place, known) else ():
        is_one = Named.parse(path.name) is not None and Folder(path).manifest.exists()
        if is_one or (path.name == POOL and finished(path.parent)):
            raise Problem(
                "This folder is a part of the backups that lie in “{name}”. Choose that one.",
                name=path.parent.name or str(path.parent),
            )


def is_same_disk(place: Path, folder: Path) -> bool:
    """Whether a place, or where it would be made, lies on the disk of a folder; one that gives no answer may."""
    there = next((path for path in (place, *place.parents) if path.exists()), folder)
    try:
        return there.stat().st_dev == folder.stat().st_dev
    except OSError:
        return True


def refuse_out_of_reach(place: Path, meta: Meta, folder: Path) -> None:
    """Raise Problem, StoreProblem for a place that is away: a stick is not plugged in, its mount point may be left.

    A backup made there all the same would lie on the disk of the computer, that of ``folder``, and count as one that
    does not. Another stick in its place is none of this disk.
    """
    if newest_of(meta, place) is not None and not finished(place) and is_same_disk(place, folder):
        raise Problem(
            "Backups were made in “{name}”, and there are none now. If it is a stick or another disk, plug it in; else "
            "name another folder.",
            name=place.name or str(place),
        )
    if not place.parent.is_dir():
        raise StoreProblem("There is no folder for “{name}”. Nothing was changed. Choose another one.", name=place.name)


def places_of(meta: Meta) -> list[Path]:
    """Where else than in the data folder backups of a store were made."""
    return [Path(place) for place in json.loads(meta.text(PLACES, "{}"))]


def newest_of(meta: Meta, place: Path) -> tuple[int, str] | None:
    """Journal number and moment of the newest backup in another place, as it is remembered while out of reach."""
    found = json.loads(meta.text(PLACES, "{}")).get(str(real_place(place)))
    return (found[0], found[1]) if found else None


def remember_place(meta: Meta, place: Path, own: Path, newest: Named | None = None) -> None:
    """Remember one, where it is another than the data folder's ``own``. An erasure has to reach what lies there.

    ``newest`` is the backup just made there; without one, what is known of it stays.
    """
    if real_place(place) == real_place(own):
        return
    known = json.loads(meta.text(PLACES, "{}"))
    before = known.get(str(real_place(place)))
    meta.set(PLACES, json.dumps({**known, str(real_place(place)): (newest.chain, newest.at) if newest else before}))


def begin_anew(meta: Meta, place: Path) -> None:
    """Know of no newest backup in a place: it was emptied, or another stick has its name now."""
    known = json.loads(meta.text(PLACES, "{}"))
    if str(real_place(place)) in known:
        meta.set(PLACES, json.dumps({**known, str(real_place(place)): None}))


def forget_place(meta: Meta, place: Path) -> None:
    """Know of a place no more: nothing ever came to lie there."""
    known = json.loads(meta.text(PLACES, "{}"))
    known.pop(str(real_place(place)), None)
    meta.set(PLACES, json.dumps(known))


def require_writable(place: Path) -> None:
    """Whether anything can be kept in a place. Raises StoreProblem, DiskFull."""
    probe = place / f"probe{PART}"
    write_durably(probe, bytes(_PROBE))
    with disk_problems(probe):
        probe.unlink()


def doubted_of(meta: Meta, place: Path) -> list[str]:
    """The shared files (SHA-256) that were found bad in a place, and not brought anew since."""
    return list(json.loads(meta.text(DOUBTED, "{}")).get(str(real_place(place)), []))


def doubt(meta: Meta, place: Path, digests: Sequence[str]) -> None:
    """Remember them, in the place of those that were remembered; none: that they were brought anew."""
    known = json.loads(meta.text(DOUBTED, "{}"))
    known.pop(str(real_place(place)), None)
    meta.set(DOUBTED, json.dumps({**known, str(real_place(place)): list(digests)} if digests else known))


def surplus(backups: Sequence[Named], most: int = MOST) -> list[Named]:
    """Those of one store's verified backups that may go, oldest first.

    The last three stay. Of the others one stays for each doubling of the distance along the journal, the oldest, so
    that there is always one from about half as long ago; then the oldest go until there are ``most``. No clock is
    asked: one that is wrong by years removes nothing.
    """
    ordered = sorted(backups, key=lambda named: named.serial)
    kept = set(ordered[-LAST:])
    newest = ordered[-1].chain if ordered else 0
    oldest_at: dict[int, Named] = {}
    for named in ordered[:-LAST]:
        oldest_at.setdefault(abs(newest - named.chain).bit_length(), named)
    others = sorted(oldest_at.values(), key=lambda named: named.serial)
    kept.update(others[-max(most - LAST, 0) :] if most > LAST else ())
    return [named for named in ordered if named not in kept]


def finished(place: Path, store: str | None = None) -> list[tuple[Named, Path]]:
    """The finished backups of a place, oldest first; with ``store``, only those of it."""
    if not place.is_dir():
        return []
    with disk_problems(place):
        found = [(named, path) for path in place.iterdir() if (named := Named.parse(path.name)) and path.is_dir()]
    own = [(named, path) for named, path in found if store is None or _store_of(path) == store]
    return sorted(own, key=lambda one: one[0].serial)


def any_before(place: Path, store: str, laptop: int, link: int, but: Collection[Path] = ()) -> bool:
    """Whether a backup of a store ``but`` these ends before a link of its journal; also one that was cut off.

    While it was made, how far that one is nobody knows; or while it was removed, and by its number it may be of a life
    before a restore, which the link does not tell of.
    """
    parts = (Named.parse(path.name.removesuffix(PART)) for path in place.glob(f"*{PART}"))
    cut_off = any(named and named.laptop == laptop for named in parts) or being_made(place, laptop).exists()
    return cut_off or any(named.chain < link and path not in but for named, path in finished(place, store))


def being_made(place: Path, laptop: int) -> Path:
    """Where a backup of a device lies until it is verified."""
    return place / f"new-{laptop:02d}{PART}"


def nameless(place: Path) -> list[Path]:
    """Backups that do not say of which store they are: nobody removes them unasked."""
    return [path for _, path in finished(place, "")]


def thin(
    place: Path,
    store: str,
    most: int = MOST,
    kept: Collection[Path] = (),
    checks: Callable[[Path], bool] = lambda _path: True,
) -> list[Named]:
    """Remove what ``surplus`` names, but ``kept``, and shared files that no backup needs any more.

    One that does not check, by what it says of itself, is none of the last three; it goes once those are newer.
    """
    by_name = dict(finished(place, store))
    sound = [named for named, path in by_name.items() if checks(path)]
    oldest = sound[-LAST].serial if len(sound) >= LAST else 0
    bad = [named for named in by_name if named not in sound and named.serial < oldest]
    stays = set(map(real_place, kept))
    gone = [named for named in (*surplus(sound, most), *bad) if real_place(by_name[named]) not in stays]
    for named in gone:
        remove(by_name[named])
    if gone:
        _sweep(place)
    return gone


def keep_only(place: Path, store: str, kept: Path, clean: Collection[Path] = ()) -> int:
    """Remove all other backups of a store, and shared files that only they needed. Returns how many went.

    Only for an erasure, once ``kept`` is verified: all that was erased stands in the others, but those that are
    ``clean``, of a life before a restore: what they hold may be nowhere else.
    """
    gone = [path for _, path in finished(place, store) if path != kept and path not in clean]
    for path in gone:
        remove(path)
    _sweep(place)
    if gone:
        with disk_problems(place):
            fsync_folder(place)
    return len(gone)


def remove(backup: Path) -> None:
    """Remove a backup so that what is cut off half-way is not taken for one, and nobody waits who saves meanwhile."""
    part = backup if backup.name.endswith(PART) else backup.with_name(f"{backup.name}{PART}")
    with disk_problems(backup):
        if part != backup:
            backup.rename(part)
            fsync_folder(part.parent)
        cut_away(part / "store.db")
        shutil.rmtree(part)


def clear_parts(place: Path, laptop: int) -> None:
    """Remove what backups of a device that were cut off left behind, while they were made or removed."""
    if being_made(place, laptop).is_dir():
        remove(being_made(place, laptop))
    for path in list(place.glob(f"*{PART}")):
        if not path.is_dir():  # nobody here made that, and a pipe would keep whoever removes it waiting
            continue
        named = Named.parse(path.name.removesuffix(PART))
        if named and named.laptop == laptop:
            remove(path)


def listing(backup: Path) -> dict[str, tuple[str, int]]:
    """The files that go with a backup: name below the data folder -> (sha256, size). Raises StoreDamaged."""
    try:
        found = json.loads(read_plain(backup / LISTING))
        listed = {str(name): (str(digest), int(size)) for name, (digest, size) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as fault:
        raise damaged() from fault
    if not all(_is_below(name) and digest.isalnum() for name, (digest, _) in listed.items()):
        raise damaged()
    return listed


def copy_out(place: Path, listed: Mapping[str, tuple[str, int]], root: Path) -> list[str]:
    """Put the files of a backup back below ``root``, from the pool. Returns the names of those that are not whole."""
    lost = []
    for name, (digest, _) in listed.items():
        source, target = place / POOL / digest, root / name
        if not source.is_file() or file_hash(source) != digest:
            lost.append(name)
            continue
        if target.is_file() and file_hash(target) == digest:
            continue  # it may be the very file, under its other name: to write it would empty both
        make_folder(target.parent)
        with disk_problems(target):
            part = target.with_name(f"{target.name}{PART}")
            copy_synced(source, part)
            part.replace(target)
    return lost


def not_there(place: Path, listed: Mapping[str, tuple[str, int]], root: Path) -> list[str]:
    """The names of the files of a backup that are neither in the pool nor below ``root``, by their sizes alone."""
    places = {name: (place / POOL / digest, root / name) for name, (digest, _) in listed.items()}
    return [name for name, paths in places.items() if listed[name][1] not in map(_size, paths)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def copy_synced(source: Path, target: Path) -> None:
    """Copy a file that no connection has open, durably but for its name."""
    with open_plain(source) as reading:
        handle = os.open(
            target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NOT_WAITING | getattr(os, "O_BINARY", 0), PRIVATE_FILE
        )
        with os.fdopen(handle, "wb") as writing:
            shutil.copyfileobj(reading, writing, 1024 * 1024)
            writing.flush()
            os.fsync(writing.fileno())


def _sweep(place: Path) -> None:
    """Remove files of the pool that no backup names. Where one cannot be asked, nothing goes."""
    if list(place.glob(f"*{PART}")):
        return
    try:
        needed = {digest for _, path in finished(place) for digest, _ in listing(path).values()}
    except StoreDamaged:
        return
    with suppress(OSError):
        for path in (place / POOL).iterdir():
            if path.name not in needed:
                path.unlink()
        fsync_folder(place / POOL)


def _store_of(backup: Path) -> str:
    try:
        return str(peek(backup).get("store") or "")
    except (StoreDamaged, StoreMissing):  # it may just have been removed
        return ""


def _is_below(name: str) -> bool:
    """Whether a name stays in one of the two folders that go along."""
    folder, _, file = name.partition("/")
    return folder in {"archive", "attachments"} and bool(file) and Path(file).name == file and file not in {".", ".."}
