"""A state of the disk laid into a folder, and taken from one."""

from hashlib import sha256
from pathlib import Path

from tests.disk.replay import State


def lies_in(folder: Path) -> State:
    """What is in a folder."""
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")}


def lay(state: State, folder: Path) -> None:
    """Make a folder what a state says. Files that stay keep their inodes, as on a disk."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if str(path.relative_to(folder)) not in state:
            path.rmdir() if path.is_dir() else path.unlink()
    for name, data in state.items():
        path = folder / name
        if data is None:
            path.mkdir(exist_ok=True)
        elif not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)


def name_of(state: State) -> bytes:
    """The same for equal states alone."""
    whole = sha256()
    for name in sorted(state):
        whole.update(name.encode() + b"\0" + sha256(state[name] or b"").digest())
    return whole.digest()
