import json
import subprocess
import sys
import time
from base64 import b64encode
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from gridworker.errors import DiskFull, Problem, StoreDamaged, StoreMissing, StoreNewer, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.engine.database import Database
from gridworker.store.keys import kdf, sealing, slots, vault
from gridworker.store.keys.kdf import CHEAP, PRODUCTION, KdfProfile
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.store.keys.vault import Keys, Vault

PASSPHRASE = "梧桐 面条 火车 春天"
OTHER = "another one entirely"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


@pytest.fixture
def recovery() -> Identity:
    return Identity.generate()


def opened(folder: Folder, passphrase: str = PASSPHRASE) -> Keys:
    return Vault(folder, CHEAP).open(passphrase)


def changes(folder: Folder, keys: Keys) -> SlotChanges:
    return SlotChanges(Vault(folder, CHEAP), keys)


def contents(folder: Folder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(folder.keys.read_bytes())
    return found


def put(folder: Folder, found: dict[str, Any]) -> None:
    for path in (folder.keys, folder.keys_copy):
        path.write_text(json.dumps(found))


def make_store(folder: Folder, keys: Keys) -> None:
    with closing(Database(folder.database, keys.dek, create=True)) as store, store.write() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id)")


def test_what_is_made_is_opened_again(folder: Folder) -> None:
    made = Vault(folder, CHEAP).create(PASSPHRASE)
    assert len(made.dek) == 32
    assert opened(folder) == made
    assert folder.keys.read_bytes() == folder.keys_copy.read_bytes()


def test_only_this_user_may_read_the_key_files(folder: Folder) -> None:
    Vault(folder, CHEAP).create(PASSPHRASE)
    if sys.platform != "win32":
        assert folder.keys.stat().st_mode & 0o777 == 0o600
        assert folder.root.stat().st_mode & 0o777 == 0o700


def test_two_vaults_share_nothing(tmp_path: Path) -> None:
    one = Vault(Folder(tmp_path / "1"), CHEAP).create(PASSPHRASE)
    two = Vault(Folder(tmp_path / "2"), CHEAP).create(PASSPHRASE)
    assert one.dek != two.dek
    slot = contents(Folder(tmp_path / "1"))["slots"][0]
    found = contents(Folder(tmp_path / "2"))
    put(Folder(tmp_path / "2"), found | {"slots": [slot]})
    with pytest.raises(WrongPassphrase):
        opened(Folder(tmp_path / "2"))


@pytest.mark.parametrize("wrong", ["", "梧桐 面条 火车", PASSPHRASE + " ", PASSPHRASE.upper() + "x", "\ud800"])
def test_the_wrong_passphrase_opens_nothing(folder: Folder, wrong: str) -> None:
    Vault(folder, CHEAP).create(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        opened(folder, wrong)


def test_full_width_letters_of_an_input_method_are_the_same_passphrase(folder: Folder) -> None:
    made = Vault(folder, CHEAP).create("tree lamp 2026 soup")
    assert opened(folder, "ｔｒｅｅ　ｌａｍｐ　２０２６　ｓｏｕｐ") == made


def test_there_is_no_vault_or_there_is_one_already(folder: Folder) -> None:
    assert not Vault(folder, CHEAP).exists
    with pytest.raises(StoreMissing):
        opened(folder)
    Vault(folder, CHEAP).create(PASSPHRASE)
    assert Vault(folder, CHEAP).exists
    folder.database.touch()
    with pytest.raises(StoreMissing):
        Vault(folder, CHEAP).create(OTHER)
    assert opened(folder).slot


def test_keys_of_a_set_up_that_was_cut_off_are_put_aside(folder: Folder) -> None:
    Vault(folder, CHEAP).create(PASSPHRASE)
    old = folder.keys.read_bytes()
    folder.keys_copy.unlink()
    made = Vault(folder, CHEAP).create(OTHER)
    assert opened(folder, OTHER) == made
    assert [path.read_bytes() for path in folder.root.glob("keys.????????.json")] == [old]


def test_keys_for_different_purposes_tell_nothing_about_each_other(folder: Folder) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    assert len({keys.derive("chain"), keys.derive("mark"), keys.derive("slots"), keys.dek}) == 4
    assert keys.derive("chain") == opened(folder).derive("chain")
    assert len(keys.derive("chain", 16)) == 16


def test_keys_are_not_in_their_representation(folder: Folder) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    assert keys.dek.hex() not in repr(keys)
    assert repr(keys.dek)[2:-1] not in repr(keys)


def test_nothing_of_the_secrets_is_in_the_files(folder: Folder, recovery: Identity) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE, str(recovery.to_public()))
    changes(folder, keys).change_passphrase(OTHER)
    for path in folder.root.iterdir():
        data = path.read_bytes()
        for secret in (PASSPHRASE.encode(), OTHER.encode(), keys.dek, keys.dek.hex().encode(), b64encode(keys.dek)):
            assert secret not in data


def test_the_recovery_key_opens_the_same_store(folder: Folder, recovery: Identity) -> None:
    made = Vault(folder, CHEAP).create(PASSPHRASE, str(recovery.to_public()))
    assert Vault(folder, CHEAP).open_with_recovery(str(recovery)).dek == made.dek
    file = f"# recovery key\n# public key: {recovery.to_public()}\n{recovery}\n"
    assert Vault(folder, CHEAP).open_with_recovery(file).dek == made.dek


def test_another_recovery_key_opens_nothing(folder: Folder, recovery: Identity) -> None:
    Vault(folder, CHEAP).create(PASSPHRASE, str(recovery.to_public()))
    with pytest.raises(WrongPassphrase, match="does not belong"):
        Vault(folder, CHEAP).open_with_recovery(str(Identity.generate()))
    for text in ("", "nonsense", "AGE-SECRET-KEY-1QQQQ", "\x00"):
        with pytest.raises(WrongPassphrase, match="not a recovery key"):
            Vault(folder, CHEAP).open_with_recovery(text)


def test_a_recovery_key_can_be_added_later_and_once(folder: Folder, recovery: Identity) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        Vault(folder, CHEAP).open_with_recovery(str(recovery))
    for _ in range(2):
        changes(folder, keys).set_recovery(1, str(recovery.to_public()), bytes(32))
    assert len(contents(folder)["slots"]) == 2
    assert Vault(folder, CHEAP).open_with_recovery(str(recovery)).dek == keys.dek
    assert opened(folder) == keys
    with pytest.raises(Problem, match="age1"):
        changes(folder, keys).set_recovery(2, "nonsense", bytes(32))


def test_a_changed_passphrase(folder: Folder) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    changes(folder, keys).change_passphrase(OTHER)
    assert opened(folder, OTHER) == keys
    with pytest.raises(WrongPassphrase):
        opened(folder)


def test_a_forgotten_passphrase_is_replaced_after_recovery(folder: Folder, recovery: Identity) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE, str(recovery.to_public()))
    found = Vault(folder, CHEAP).open_with_recovery(str(recovery))
    changes(folder, found).change_passphrase(OTHER)
    assert opened(folder, OTHER).dek == keys.dek


def test_with_several_passphrases_it_must_be_said_which(folder: Folder, recovery: Identity) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE, str(recovery.to_public()))
    header = slots.read(folder.keys.read_bytes(), CHEAP)
    second = sealing.seal_with_passphrase(keys.dek, "second person", CHEAP, id="ab" * 8, store=header.store)
    Vault(folder, CHEAP).replace(keys, header.with_slot(second))
    found = Vault(folder, CHEAP).open_with_recovery(str(recovery))
    with pytest.raises(ValueError, match="which"):
        changes(folder, found).change_passphrase(OTHER)
    changes(folder, found).change_passphrase(OTHER, slot="ab" * 8)
    assert opened(folder, OTHER).slot == "ab" * 8
    assert opened(folder).slot == keys.slot


@pytest.mark.parametrize("broken", ["missing", "empty", "garbage", "half"])
@pytest.mark.parametrize("first", [True, False])
def test_one_damaged_copy_is_made_good_from_the_other(folder: Folder, broken: str, first: bool) -> None:
    made = Vault(folder, CHEAP).create(PASSPHRASE)
    whole = folder.keys.read_bytes()
    path = folder.keys if first else folder.keys_copy
    if broken == "missing":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "garbage": b"\xff{", "half": whole[: len(whole) // 2]}[broken])
    with pytest.raises(WrongPassphrase):
        opened(folder, OTHER)
    assert opened(folder) == made
    assert folder.keys.read_bytes() == folder.keys_copy.read_bytes() == whole


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("passphrase", [PASSPHRASE, OTHER])
def test_a_key_file_of_other_data_does_not_take_the_place_of_the_last_good_one(
    tmp_path: Path, first: bool, passphrase: str
) -> None:
    folder, other = Folder(tmp_path / "data"), Folder(tmp_path / "other")
    made, whole = Vault(folder, CHEAP).create(PASSPHRASE), folder.keys.read_bytes()
    make_store(folder, made)
    changes(other, Vault(other, CHEAP).create(OTHER)).change_passphrase(passphrase)  # so it is the newer one
    (folder.keys if first else folder.keys_copy).write_bytes(other.keys.read_bytes())
    Vault(folder, CHEAP).open(passphrase)
    assert opened(folder) == made
    assert folder.keys.read_bytes() == folder.keys_copy.read_bytes() == whole


def test_a_key_file_from_before_another_data_key_does_not_either(folder: Folder) -> None:
    before = Vault(folder, CHEAP).create(OTHER)
    earlier = folder.keys.read_bytes()
    for path in (folder.keys, folder.keys_copy):
        path.unlink()
    after = Vault(folder, CHEAP).create(PASSPHRASE)
    make_store(folder, after)
    folder.keys.write_bytes(earlier)
    assert Vault(folder, CHEAP).open(OTHER) == before
    assert opened(folder) == after


def test_both_copies_damaged(folder: Folder) -> None:
    Vault(folder, CHEAP).create(PASSPHRASE)
    folder.keys.write_bytes(b"{}")
    folder.keys_copy.unlink()
    with pytest.raises(StoreDamaged):
        opened(folder)


def test_a_full_disk_keeps_nobody_out(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Vault(folder, CHEAP).create(PASSPHRASE)
    folder.keys.unlink()

    def full(path: Path, data: bytes) -> None:
        raise DiskFull("full")

    monkeypatch.setattr(vault, "write_durably", full)
    assert opened(folder) == made
    with pytest.raises(DiskFull):
        changes(folder, made).change_passphrase(OTHER)
    assert opened(folder) == made


def test_after_a_cut_between_the_two_copies_the_later_one_counts(folder: Folder) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    before = folder.keys.read_bytes()
    changes(folder, keys).change_passphrase(OTHER)
    after = folder.keys.read_bytes()
    for stale in (folder.keys, folder.keys_copy):
        stale.write_bytes(before)
        with pytest.raises(WrongPassphrase):
            opened(folder)
        assert opened(folder, OTHER) == keys
        assert folder.keys.read_bytes() == folder.keys_copy.read_bytes() == after


def test_after_a_cut_while_a_recovery_key_is_added_the_passphrase_still_opens(
    folder: Folder, recovery: Identity
) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    before = folder.keys.read_bytes()
    changes(folder, keys).set_recovery(1, str(recovery.to_public()), bytes(32))
    for stale in (folder.keys, folder.keys_copy):
        stale.write_bytes(before)
        assert opened(folder) == keys
        assert Vault(folder, CHEAP).open_with_recovery(str(recovery)).dek == keys.dek


def test_a_slot_that_is_added_by_a_stranger_is_noticed(folder: Folder) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    header = slots.read(folder.keys.read_bytes(), CHEAP)
    stranger = sealing.seal_with_passphrase(bytes(32), "stranger", CHEAP, id="cd" * 8, store=header.store)
    put(folder, json.loads(header.with_slot(stranger).signed(bytes(32)).to_bytes()))
    for passphrase in (PASSPHRASE, "stranger"):
        try:
            assert opened(folder, passphrase).dek != keys.dek
        except StoreDamaged:
            assert passphrase == PASSPHRASE


def test_unknown_slots_are_kept(folder: Folder) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    header = slots.read(folder.keys.read_bytes(), CHEAP)
    later = slots.Slot("ef" * 8, "smartcard", {"anything": [1, {"a": None}]})
    Vault(folder, CHEAP).replace(keys, header.with_slot(later))
    changes(folder, keys).change_passphrase(OTHER)
    assert opened(folder, OTHER) == keys
    assert contents(folder)["slots"][1] == later.as_json()


def test_a_newer_format_names_the_version_and_is_not_written_over(folder: Folder) -> None:
    made = Vault(folder, CHEAP).create(PASSPHRASE)
    newer = json.dumps({"format": 2, "needs": "1.4", "anything": 1})
    folder.keys.write_text(newer)
    assert opened(folder) == made
    assert folder.keys.read_text() == newer
    folder.keys_copy.write_text(newer)
    with pytest.raises(StoreNewer, match=r"1\.4"):
        opened(folder)
    folder.keys_copy.write_text("damaged")
    with pytest.raises(StoreNewer):
        opened(folder)


ABSURD = [
    {"memory": 4 * 2**30}, {"memory": 2**32 - 1}, {"memory": 2**40}, {"time": 2**31}, {"time": 0}, {"lanes": 0},
    {"lanes": 2**20}, {"memory": -1}, {"memory": 7}, {"memory": 64.5}, {"memory": True}, {"memory": "64"},
    {"time": None}, {"memory": 1024 * 1024, "time": 16}, {"name": "argon2d"}, {"salt": ""},
]  # fmt: skip


@pytest.mark.parametrize("absurd", ABSURD, ids=str)
def test_absurd_costs_are_refused_at_once(folder: Folder, absurd: dict[str, object]) -> None:
    Vault(folder, CHEAP).create(PASSPHRASE)
    found = contents(folder)
    found["slots"][0]["kdf"].update(absurd)
    put(folder, found)
    spent = []
    for _ in range(3):  # what another thread of this process does counts too
        start = time.process_time()
        with pytest.raises(StoreDamaged):
            opened(folder)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.1


def test_the_production_profile_refuses_cheap_slots_and_takes_its_own(folder: Folder) -> None:
    Vault(folder, CHEAP).create(PASSPHRASE)
    with pytest.raises(StoreDamaged):
        Vault(folder).open(PASSPHRASE)
    assert PRODUCTION.accepts(PRODUCTION)
    assert PRODUCTION.accepts(KdfProfile(3, 128 * 1024, 4))
    assert CHEAP.accepts(PRODUCTION)
    assert not PRODUCTION.accepts(CHEAP)


def test_without_being_asked_otherwise_a_slot_costs_what_the_design_says(folder: Folder) -> None:
    Vault(folder).create(PASSPHRASE)
    cost = contents(folder)["slots"][0]["kdf"]
    assert (cost["name"], cost["memory"], cost["time"], cost["lanes"]) == ("argon2id", 256 * 1024, 2, 1)


def test_too_little_memory_is_said(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import low_level
    from argon2.exceptions import HashingError

    def refuse(*_: object) -> bytes:
        raise HashingError("Memory allocation error")

    monkeypatch.setattr(low_level, "hash_secret_raw", refuse)
    with pytest.raises(StoreProblem, match="memory"):
        Vault(folder, CHEAP).create(PASSPHRASE)


MADE: dict[str, Any] = {}


def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, bytes, Keys, str]:
    """One vault for all examples: what is mutated is its bytes."""
    if not MADE:
        folder = Folder(tmp_path_factory.mktemp("mutated"))
        recovery = Identity.generate()
        keys = Vault(folder, CHEAP).create(PASSPHRASE, str(recovery.to_public()))
        MADE.update(folder=folder, whole=folder.keys.read_bytes(), keys=keys, recovery=str(recovery))
    return MADE["folder"], MADE["whole"], MADE["keys"], MADE["recovery"]


def attempt(folder: Folder, data: bytes, keys: Keys, recovery: str) -> None:
    """With both copies replaced: the right key or one of our errors; a wrong passphrase never."""
    mutated = Vault(folder, CHEAP)
    for way, secret in ((mutated.open, PASSPHRASE), (mutated.open_with_recovery, recovery)):
        folder.keys.write_bytes(data)
        folder.keys_copy.write_bytes(data)
        with suppress(StoreProblem):
            assert way(secret).dek == keys.dek
    with pytest.raises(StoreProblem):
        Vault(folder, CHEAP).open(OTHER)


@given(place=st.integers(0, 10**6), value=st.integers(1, 255))
def test_a_changed_byte_never_opens_wrongly(tmp_path_factory: pytest.TempPathFactory, place: int, value: int) -> None:
    folder, whole, keys, recovery = sample(tmp_path_factory)
    data = bytearray(whole)
    data[place % len(data)] ^= value
    attempt(folder, bytes(data), keys, recovery)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data())
def test_a_changed_value_never_opens_wrongly(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder, whole, keys, recovery = sample(tmp_path_factory)
    found = json.loads(whole)
    target: Any = found
    while True:
        key = data.draw(st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target))))
        if not isinstance(target[key], dict | list) or data.draw(st.booleans()):
            break
        target = target[key]
    if data.draw(st.booleans()):
        target[key] = data.draw(JSON)
    else:
        del target[key]
    attempt(folder, json.dumps(found).encode(), keys, recovery)


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_anything_else_is_damaged(data: bytes) -> None:
    with pytest.raises((StoreDamaged, StoreNewer)):
        slots.read(data, CHEAP)


@pytest.mark.parametrize("data", [b"[" * 60_000, b"{" * 60_000, b'{"format":' + b"9" * 60_000, b" " * 70_000])
def test_hostile_files_are_damaged(data: bytes) -> None:
    with pytest.raises(StoreDamaged):
        slots.read(data, CHEAP)


@pytest.mark.parametrize("depth", [100, 300, 900])
def test_what_is_kept_unread_is_not_nested_without_end(folder: Folder, depth: int) -> None:
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    found = contents(folder)
    found["slots"].append({"id": "ab" * 8, "type": "later", "deep": None})
    data = json.dumps(found).replace('"deep": null', f'"deep": {"[" * depth}{"]" * depth}').encode()
    if depth > 100:
        with pytest.raises(StoreDamaged):
            slots.read(data, CHEAP)
    else:
        assert slots.read(slots.read(data, CHEAP).signed(keys.dek).to_bytes(), CHEAP).genuine(keys.dek)


def test_importing_the_vault_loads_no_cryptography() -> None:
    code = (
        "import sys, gridworker.store.keys.vault\n"
        "heavy = {'argon2', 'cryptography', 'pyrage', 'sqlalchemy', 'sqlmodel', 'sqlcipher3', 'pydantic'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == "[]"


def test_a_longer_key_is_derived_when_asked(folder: Folder) -> None:
    assert len(kdf.derive(bytes(32), "x", 64)) == 64


def test_a_store_made_with_more_passes_opens_as_before(folder: Folder) -> None:
    made = Vault(folder, KdfProfile(4, 256 * 1024, 1)).create(PASSPHRASE)
    assert Vault(folder).open(PASSPHRASE).dek == made.dek
