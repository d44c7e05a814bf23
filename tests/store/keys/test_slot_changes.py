"""People with a passphrase each, the key ring, and the slot for the office."""

import base64
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyrage.x25519 import Identity

from gridworker.errors import DiskFull, Problem, StoreDamaged, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.engine.filesafe import write_durably
from gridworker.store.keys import escrow, key_ring, slots
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.slot_changes import SlotChanges, owners
from gridworker.store.keys.vault import Keys, Vault

FIRST, SECOND, THIRD = "梧桐 面条 火车 春天", "second person here", "the third has another"
NAMES = {11: "周敏", 12: "赵海", 13: "刘芳"}
POINT = escrow.key_for(b"s" * 32, "420204001006", 3)


@pytest.fixture
def keys(vault: Vault) -> Keys:
    made = vault.create(FIRST, str(Identity.generate().to_public()))
    SlotChanges(vault, made).belongs_to(11)
    return vault.open(FIRST)


class Ring:
    """A key ring of the system, as the package ``keyring`` offers it."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.kept[service, name] = secret

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setitem(sys.modules, "keyring", made)
    return made


# ------------------------------------------------------------------------------------------------------------- people


def test_each_person_opens_with_their_own_and_is_told_apart(vault: Vault, keys: Keys) -> None:
    assert keys.person == 11
    SlotChanges(vault, keys).add(12, SECOND, NAMES)
    second = vault.open(SECOND)
    assert (second.dek, second.person) == (keys.dek, 12)
    assert vault.open(FIRST).person == 11
    assert vault.open(SECOND, second.slot) == second
    with pytest.raises(WrongPassphrase):
        vault.open(SECOND, keys.slot)


def test_nobody_is_named_while_there_is_one_and_all_are_when_there_are_two(vault: Vault, keys: Keys) -> None:
    assert [one.name for one in owners(vault.seen())] == [""]
    SlotChanges(vault, keys).add(12, SECOND, NAMES)
    assert [one.name for one in owners(vault.seen())] == ["周敏", "赵海"]
    second = vault.open(SECOND).slot
    SlotChanges(vault, keys).remove(second)
    assert [one.name for one in owners(vault.seen())] == [""]
    assert "周敏" not in vault._folder.keys.read_text("utf-8").encode().decode("unicode_escape")


def test_a_person_who_is_called_something_else_is_renamed(vault: Vault, keys: Keys) -> None:
    changes = SlotChanges(vault, keys)
    changes.add(12, SECOND, NAMES)
    before = vault.header(keys).generation
    changes.name_all(NAMES)
    assert vault.header(keys).generation == before
    changes.name_all({**NAMES, 12: "赵\n大海" + "长" * 80})
    assert [one.name[:3] for one in owners(vault.seen())] == ["周敏", "赵大海"]
    assert vault.open(SECOND).person == 12


def test_a_removed_person_opens_nothing_and_the_others_still_do(vault: Vault, keys: Keys) -> None:
    changes = SlotChanges(vault, keys)
    gone = changes.add(12, SECOND, NAMES)
    changes.add(13, THIRD, NAMES)
    changes.remove(gone)
    with pytest.raises(WrongPassphrase):
        vault.open(SECOND)
    assert vault.open(THIRD).person == 13
    assert vault.open(FIRST).person == 11
    with pytest.raises(Problem, match="any more"):
        changes.remove(gone)


def test_a_change_counts_that_the_disk_took_once_and_it_is_not_said_that_nothing_was_changed(
    vault: Vault, keys: Keys, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old passphrase opens nothing any more then: whoever goes on with it would lock themselves out."""

    def write(path: Path, data: bytes) -> None:
        if path == folder.keys_copy:
            raise DiskFull("The disk is full, so nothing was changed: make some room, then try again.")
        write_durably(path, data)

    with monkeypatch.context() as full:
        full.setattr("gridworker.store.keys.vault.write_durably", write)
        SlotChanges(vault, keys).change_passphrase(SECOND)
        with pytest.raises(WrongPassphrase):
            vault.open(FIRST)
        assert vault.open(SECOND).dek == keys.dek
    assert folder.keys_copy.read_bytes() != folder.keys.read_bytes()
    vault.open(SECOND)
    assert folder.keys_copy.read_bytes() == folder.keys.read_bytes()


def test_the_last_passphrase_and_ones_own_stay(vault: Vault, keys: Keys) -> None:
    with pytest.raises(Problem, match="last passphrase"):
        SlotChanges(vault, keys).remove(keys.slot)
    SlotChanges(vault, keys).add(12, SECOND, NAMES)
    with pytest.raises(Problem, match="yourself"):
        SlotChanges(vault, keys).remove(keys.slot)
    second = vault.open(SECOND)
    SlotChanges(vault, second).remove(keys.slot)
    assert vault.open(SECOND).dek == keys.dek
    with pytest.raises(WrongPassphrase):
        vault.open(FIRST)


def test_two_people_do_not_share_a_passphrase(vault: Vault, keys: Keys) -> None:
    changes = SlotChanges(vault, keys)
    with pytest.raises(Problem, match="Somebody here"):
        changes.add(12, FIRST, NAMES)
    changes.add(12, SECOND, NAMES)
    with pytest.raises(Problem, match="Somebody here"):
        changes.change_passphrase(SECOND)
    with pytest.raises(Problem, match="already"):
        changes.add(12, THIRD, NAMES)
    assert vault.open(FIRST).person == 11


def test_changing_ones_passphrase_leaves_the_others(vault: Vault, keys: Keys) -> None:
    SlotChanges(vault, keys).add(12, SECOND, NAMES)
    SlotChanges(vault, vault.open(SECOND)).change_passphrase(THIRD)
    assert (vault.open(FIRST).person, vault.open(THIRD).person) == (11, 12)
    with pytest.raises(WrongPassphrase):
        vault.open(SECOND)


@pytest.mark.parametrize("bad", [{"person": -1}, {"person": "11"}, {"name": 5}, {"name": "a\nb"}, {"name": "x" * 51}])
def test_an_owner_that_cannot_be_is_damage(vault: Vault, keys: Keys, folder: Folder, bad: dict[str, object]) -> None:
    found = json.loads(folder.keys.read_bytes())
    found["slots"][0].update(bad)
    for path in (folder.keys, folder.keys_copy):
        path.write_text(json.dumps(found))
    with pytest.raises(StoreDamaged):
        vault.open(FIRST)


def test_a_slot_given_to_somebody_else_is_noticed(vault: Vault, keys: Keys, folder: Folder) -> None:
    SlotChanges(vault, keys).add(12, SECOND, NAMES)
    found = json.loads(folder.keys.read_bytes())
    found["slots"][2]["person"] = 11
    for path in (folder.keys, folder.keys_copy):
        path.write_text(json.dumps(found))
    with pytest.raises(StoreDamaged):
        vault.open(SECOND)


# ----------------------------------------------------------------------------------------------------------- key ring


def test_with_the_key_ring_passphrase_and_secret_are_both_needed(vault: Vault, keys: Keys, ring: Ring) -> None:
    SlotChanges(vault, keys).change_passphrase("六个字就够了", with_ring=True)
    assert vault.open("六个字就够了") == keys
    [one] = owners(vault.seen())
    assert one.with_ring
    with pytest.raises(WrongPassphrase):
        vault.open("六个字不够了")
    entry = next(iter(ring.kept))
    ring.kept[entry] = base64.b64encode(bytes(32)).decode()
    with pytest.raises(WrongPassphrase):
        vault.open("六个字就够了")
    ring.kept.clear()
    with pytest.raises(WrongPassphrase):
        vault.open("六个字就够了")


def test_changing_back_lets_the_secret_go(vault: Vault, keys: Keys, ring: Ring) -> None:
    SlotChanges(vault, keys).change_passphrase("六个字就够了", with_ring=True)
    SlotChanges(vault, keys).change_passphrase("七个字也就够了", with_ring=True)
    assert len(ring.kept) == 1
    SlotChanges(vault, keys).change_passphrase(SECOND)
    assert ring.kept == {}
    assert vault.open(SECOND) == keys


def test_without_a_key_ring_it_is_said_and_nothing_changes(
    vault: Vault, keys: Keys, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    SlotChanges(vault, keys).change_passphrase("六个字就够了", with_ring=True)
    SlotChanges(vault, keys).add(12, SECOND, NAMES)

    def refuse(*_: object) -> str:
        raise RuntimeError("NoKeyringError")

    missing = SimpleNamespace(get_password=refuse, set_password=refuse, delete_password=refuse)
    for module in (missing, None):
        monkeypatch.setitem(sys.modules, "keyring", module)
        assert not key_ring.is_there()
        with pytest.raises(StoreProblem, match="key ring"):
            vault.open("六个字就够了")
        assert vault.open(SECOND).person == 12
        with pytest.raises(StoreProblem, match="key ring"):
            SlotChanges(vault, keys).change_passphrase(THIRD, with_ring=True)
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert key_ring.is_there()
    assert vault.open("六个字就够了").person == 11


def test_a_key_ring_is_never_the_only_way_in(folder: Folder, ring: Ring) -> None:
    vault = Vault(folder, CHEAP)
    keys = vault.create(FIRST)
    with pytest.raises(Problem, match="key ring alone"):
        SlotChanges(vault, keys).change_passphrase("六个字就够了", with_ring=True)
    assert vault.open(FIRST) == keys


# ---------------------------------------------------------------------------------------------------------- the office


def test_the_slot_for_the_office_is_sealed_once_and_anew_when_asked(vault: Vault, keys: Keys) -> None:
    changes = SlotChanges(vault, keys)
    assert changes.seal_to_office(3, POINT)
    [first] = vault.header(keys).of_type(slots.ESCROW)
    assert not changes.seal_to_office(3, POINT)
    assert changes.seal_to_office(3, POINT, anew=True)
    [second] = vault.header(keys).of_type(slots.ESCROW)
    assert (first.id == second.id, first.body["point"] == second.body["point"]) == (False, False)
    assert changes.seal_to_office(3, escrow.key_for(b"t" * 32, "420204001006", 3))
    assert len(vault.header(keys).of_type(slots.ESCROW)) == 1
    assert not changes.seal_to_office(3, b"\xff" * 32)
    assert vault.open(FIRST) == keys


# ------------------------------------------------------------------------------------------------------------- a cut


class Cut(BaseException):
    """The power goes."""


def _cut_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Callable[[], int]:
    """Let the power go at the given step of writing; steps are counted over syncs and renames."""
    count = 0
    fsync, replace = os.fsync, Path.replace

    def tick() -> None:
        nonlocal count
        count += 1
        if count == step:
            raise Cut

    def cut_fsync(handle: int) -> None:
        tick()
        fsync(handle)

    def cut_replace(self: Path, target: Path) -> Path:
        tick()
        done = replace(self, target)
        tick()
        return done

    monkeypatch.setattr("gridworker.store.engine.filesafe.os.fsync", cut_fsync)
    monkeypatch.setattr(Path, "replace", cut_replace)
    return lambda: count


def _opens(folder: Folder, passphrase: str) -> bool:
    try:
        Vault(folder, CHEAP).open(passphrase)
    except WrongPassphrase:
        return False
    return True


def test_cut_at_any_step_of_changing_it_one_of_the_two_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both copies: written, synced, renamed, folder synced. Exactly one of the two passphrases opens at each step."""
    ended, step, seen = False, 0, set()
    while not ended:
        step += 1
        folder = Folder(tmp_path / str(step))
        keys = Vault(folder, CHEAP).create(FIRST)
        with monkeypatch.context() as patch:
            _cut_at(patch, step)
            try:
                SlotChanges(Vault(folder, CHEAP), keys).change_passphrase(SECOND)
                ended = True
            except Cut:
                pass
        ways = (_opens(folder, FIRST), _opens(folder, SECOND))
        assert sum(ways) == 1, (step, ways)
        seen.add(ways)
        assert folder.keys.read_bytes() == folder.keys_copy.read_bytes(), "healed by the one that opened"
    assert (step, seen) == (9, {(True, False), (False, True)})
    assert ways == (False, True)
