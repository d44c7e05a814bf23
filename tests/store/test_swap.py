"""A restore that is stopped anywhere in the midst is turned back at the next start, and said; so is a change of key."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gridworker.app.openers import vault_in, who_opens
from gridworker.app.opening import open_session
from gridworker.app.self_check import SelfCheck
from gridworker.errors import StoreMissing, StoreProblem
from gridworker.paths import Folder
from gridworker.store import rekey, swap
from gridworker.store.filesafe import write_durably
from gridworker.store.kdf import CHEAP
from gridworker.store.resealing import resealed
from gridworker.store.vault import Keys, Vault
from tests.circle import PASSPHRASE
from tests.store.test_restore import KEYS, Place

NAMES = ("rename", "replace", "unlink", "rmdir")
WORD = "Putting a backup back was cut off: the store that was here before is in its place again."


@contextmanager
def failing_from(number: int) -> Iterator[Callable[[], int]]:
    """Every change of a name fails from that one on, as on a disk that has gone; gives how many there were."""
    count = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal count
            count += 1
            if count >= number:
                raise OSError(5, "an error of the disk")
            return real(*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.setattr(Path, name, counted(getattr(Path, name)))
        yield lambda: count


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def swapping(place: Place, number: int) -> int:
    """Have a backup moved in, with the disk gone from that call on. Returns how many calls there were."""
    staging = Folder(place.folder.root / swap.STAGING)
    staging.root.mkdir()
    for path in (place.folder.database, place.folder.keys, place.folder.keys_copy):
        (staging.root / path.name).write_bytes(path.read_bytes())
    with failing_from(number) as calls:
        try:
            swap.swap(staging, place.folder, KEYS)
        except (StoreProblem, OSError):
            assert calls() >= number
        else:
            assert calls() < number
        return calls()


def test_a_disk_that_goes_in_the_midst_of_a_swap_leaves_the_old_store(place: Place) -> None:
    """Whatever the call: what was there is there again, under its own passphrase, and it is said once."""
    later = place.work("王小明")[0]
    whole = place.folder.database.read_bytes()
    told = []
    for number in range(1, 40):
        if swapping(place, number) < number:
            break
        assert who_opens(place.folder.root, CHEAP)
        assert place.folder.database.read_bytes() == whole
        assert not list(place.folder.root.glob("before-restore*"))
        session, close = open_session(place.folder, PASSPHRASE, CHEAP)
        found = SelfCheck(session).at_start()
        assert session.store.get("resident", later) is not None
        assert session.store.identity.incarnation == 0
        close()
        whole = place.folder.database.read_bytes()
        told.append(found.sentence if found else "")
    assert set(told[:2]) <= {"", WORD}
    assert set(told[3:]) == {WORD}
    assert len(told) > 7
    assert swap.take_word(place.folder) is False


def test_an_error_that_passes_turns_the_swap_back_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.work("王小明")
    whole = place.folder.database.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(5, "an error of the disk")

    monkeypatch.setattr(swap, "_move_in", fail)
    with pytest.raises(StoreProblem):
        swapping_once(place)
    assert place.folder.database.read_bytes() == whole
    assert swap.stores_aside(place.folder) == []
    assert not (place.folder.root / swap.SWAPPING).exists()


def swapping_once(place: Place) -> None:
    staging = Folder(place.folder.root / swap.STAGING)
    staging.root.mkdir()
    swap.swap(staging, place.folder, KEYS)


def test_a_store_that_was_taken_away_is_not_replaced_by_one_of_long_ago(place: Place) -> None:
    """Only a swap under way is turned back: one that lies aside since an earlier restore would live a life twice."""
    backup = place.back_up()
    place.restoring(backup).restore()
    place.folder.database.rename(place.folder.root.parent / "taken.db")
    (place.folder.root / swap.STAGING).mkdir()
    with pytest.raises(StoreMissing):
        open_session(place.folder, PASSPHRASE, CHEAP)
    assert not (place.folder.root / swap.STAGING).exists()


def test_a_change_of_the_data_key_is_given_up_whole(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cleared away half, with the word that all is ready, it would put the new keys beside the old store."""
    place.work("王小明")
    real = write_durably

    def write(path: Path, data: bytes) -> None:
        real(path, data)
        if path.name == rekey.READY:
            raise StoreProblem("The disk reported an error at “{name}”.", name=path.name)

    def clear(path: Path, **_: object) -> None:
        (path / "store.db").unlink(missing_ok=True)

    with monkeypatch.context() as patch:
        patch.setattr("gridworker.store.rekey.write_durably", write)
        patch.setattr("shutil.rmtree", clear)
        new = Keys(bytes(range(100, 132)))
        with pytest.raises(StoreProblem):
            rekey.rekey(place.folder, KEYS, new, resealed(Vault(place.folder, CHEAP), KEYS, new, PASSPHRASE))
    assert vault_in(place.folder.root, CHEAP).open(PASSPHRASE).dek == KEYS.dek
    session, close = open_session(place.folder, PASSPHRASE, CHEAP)
    close()
    assert session.keys.dek == KEYS.dek
