"""A forgotten passphrase, replaced with what the office answers; every step cut off, repeated and bent."""

import json
from typing import Any

import pytest
from pyrage.x25519 import Identity

from gridworker.errors import Problem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.keys import escrow, slots
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.reset import Question, Reset
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.store.keys.vault import Keys, Vault

SEED, COMMUNITY, LAPTOP = b"s" * 32, "420204001006", 3
OLD, NEW, OTHER = "梧桐 面条 火车 春天", "新的口令好记又不短呢", "something else entirely"
RECOVERY = Identity.generate()


@pytest.fixture
def keys(vault: Vault) -> Keys:
    made = vault.create(OLD, str(RECOVERY.to_public()))
    SlotChanges(vault, made).seal_to_office(LAPTOP, escrow.key_for(SEED, COMMUNITY, LAPTOP))
    return made


@pytest.fixture
def reset(folder: Folder, vault: Vault, keys: Keys) -> Reset:
    return Reset(folder, vault)


def answer_to(question: Question, laptop: int = LAPTOP) -> bytes:
    return escrow.answer(escrow.number_for(SEED, COMMUNITY, laptop), question.asked)


def test_the_new_passphrase_takes_the_place_of_the_old_one(
    folder: Folder, reset: Reset, vault: Vault, keys: Keys
) -> None:
    question = reset.ask(NEW, keys.slot)
    assert (question.laptop, reset.pending()) == (LAPTOP, keys.slot)
    assert vault.open(OLD) == keys, "asking changes nothing"
    assert reset.finish(NEW, answer_to(question)) == keys
    assert vault.open(NEW) == keys
    with pytest.raises(WrongPassphrase):
        vault.open(OLD)
    assert (reset.pending(), folder.reset.exists()) == ("", False)


def test_an_answer_serves_once_whatever_was_copied_before(
    folder: Folder, reset: Reset, vault: Vault, keys: Keys
) -> None:
    question = reset.ask(NEW, keys.slot)
    copy, answer = folder.reset.read_bytes(), answer_to(question)
    reset.finish(NEW, answer)
    SlotChanges(vault, keys).change_passphrase(OTHER)
    folder.reset.write_bytes(copy)
    assert reset.pending() == ""
    with pytest.raises(Problem, match="asked anew"):
        reset.finish(NEW, answer)
    assert vault.open(OTHER) == keys


def test_only_the_answer_to_the_last_question_opens(reset: Reset, vault: Vault, keys: Keys) -> None:
    first = answer_to(reset.ask(NEW, keys.slot))
    second = reset.ask(NEW, keys.slot)
    with pytest.raises(WrongPassphrase, match="does not fit"):
        reset.finish(NEW, first)
    with pytest.raises(WrongPassphrase, match="does not fit"):
        reset.finish(NEW, answer_to(second, laptop=4))
    assert reset.again(NEW) == second
    assert reset.finish(NEW, answer_to(second)) == keys


def test_whoever_took_the_laptop_and_heard_the_answer_lacks_the_new_passphrase(reset: Reset, keys: Keys) -> None:
    question = reset.ask(NEW, keys.slot)
    for tried in (OTHER, OLD, ""):
        with pytest.raises(WrongPassphrase, match="you chose"):
            reset.finish(tried, answer_to(question))
        with pytest.raises(WrongPassphrase):
            reset.again(tried)
    assert reset.finish(NEW, answer_to(question)) == keys


def test_nothing_in_the_file_is_readable(folder: Folder, reset: Reset, keys: Keys) -> None:
    reset.ask(NEW, keys.slot)
    data = folder.reset.read_bytes()
    assert NEW.encode() not in data
    assert slots.as_text(keys.dek).encode() not in data
    assert folder.reset.stat().st_mode & 0o077 == 0


def test_a_passphrase_that_opens_is_not_asked_for(reset: Reset, keys: Keys) -> None:
    with pytest.raises(Problem, match="opens the data already"):
        reset.ask(OLD, keys.slot)


def test_without_the_offices_key_it_cannot_help(folder: Folder) -> None:
    vault = Vault(folder, CHEAP)
    keys = vault.create(OLD)
    reset = Reset(folder, vault)
    assert not reset.is_possible()
    with pytest.raises(Problem, match="cannot reset this from afar"):
        reset.ask(NEW, keys.slot)
    with pytest.raises(Problem, match="not asked"):
        reset.finish(NEW, bytes(32))


def test_the_others_on_the_computer_keep_theirs(reset: Reset, vault: Vault, keys: Keys) -> None:
    second = SlotChanges(vault, keys).add(12, OTHER, {0: "周敏", 12: "赵海"})
    question = reset.ask(NEW, second)
    assert reset.finish(NEW, answer_to(question)).person == 12
    assert vault.open(OLD) == keys
    assert vault.open(NEW).slot == second


def test_a_person_who_was_taken_off_meanwhile_is_not_let_in(reset: Reset, vault: Vault, keys: Keys) -> None:
    second = SlotChanges(vault, keys).add(12, OTHER, {0: "周敏", 12: "赵海"})
    question = reset.ask(NEW, second)
    SlotChanges(vault, keys).remove(second)
    assert reset.pending() == ""
    with pytest.raises(Problem, match="asked anew"):
        reset.finish(NEW, answer_to(question))


def test_a_forgotten_question_is_gone(folder: Folder, reset: Reset, keys: Keys) -> None:
    reset.ask(NEW, keys.slot)
    reset.forget()
    reset.forget()
    assert (reset.pending(), folder.reset.exists()) == ("", False)


def test_the_recovery_key_replaces_it_too(reset: Reset, vault: Vault, keys: Keys) -> None:
    reset.ask(OTHER, keys.slot)
    assert reset.recover(str(RECOVERY), NEW, keys.slot) == keys
    assert vault.open(NEW) == keys
    assert reset.pending() == ""
    with pytest.raises(WrongPassphrase):
        reset.recover(str(Identity.generate()), OTHER, keys.slot)
    with pytest.raises(Problem, match="not asked"):
        reset.recover(str(RECOVERY), OTHER, "ff" * 8)


BENT: list[dict[str, Any]] = [
    {"format": 2}, {"escrow": "ff" * 8}, {"slot": "ff" * 8}, {"kdf": None}, {"nonce": ""}, {"sealed": "AAAA"},
    {"escrow": 5}, {"slot": []},
    {"kdf": {"name": "argon2id", "time": 1, "memory": 2**31, "lanes": 1, "salt": "A" * 24}},
]  # fmt: skip


@pytest.mark.parametrize("bent", BENT, ids=str)
def test_a_bent_file_is_no_question(folder: Folder, reset: Reset, keys: Keys, bent: dict[str, Any]) -> None:
    reset.ask(NEW, keys.slot)
    found = json.loads(folder.reset.read_bytes())
    folder.reset.write_text(json.dumps(found | bent))
    assert reset.pending() == ""
    folder.reset.write_bytes(b"[" * 4000)
    assert reset.pending() == ""
    assert reset.ask(NEW, keys.slot).laptop == LAPTOP
