"""D12: wrong passphrases, bent key files, absurd costs: none opens, and what is absurd is refused before it is paid.

``GRIDWORKER_FORGED`` sets how many (400), ``GRIDWORKER_SEED`` from where; 10,000 by ``make soak``.
"""

import json
import os
import random
import time
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyrage.x25519 import Identity

from gridworker.errors import StoreDamaged, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.keys import escrow, slots
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.store.keys.vault import Keys, Vault

COUNT = int(os.environ.get("GRIDWORKER_FORGED", "400"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "7"))
FIRST, SECOND = "梧桐 面条 火车 春天", "second person here"
LEAST_ABSURD, SOON = 2 * 1024 * 1024, 0.1
"""KiB of memory that no slot of ours asks for; seconds of computing in which that is to be refused."""


class Target:
    """A store with every type of slot that needs no key ring, and another one to steal slots from."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = Folder(tmp_path / "own")
        self.recovery = Identity.generate()
        self.keys = self._made(self.folder)
        other = Folder(tmp_path / "other")
        self._made(other)
        self.whole = self.folder.keys.read_bytes()
        self.header = slots.read(self.whole, CHEAP)
        self.stolen: list[dict[str, Any]] = json.loads(other.keys.read_bytes())["slots"]

    def _made(self, folder: Folder) -> Keys:
        vault = Vault(folder, CHEAP)
        keys = vault.create(FIRST, str(self.recovery.to_public()))
        changes = SlotChanges(vault, keys)
        changes.add(12, SECOND, {0: "周敏", 12: "赵海"})
        changes.seal_to_office(3, escrow.key_for(b"s" * 32, "420204001006", 3))
        return keys

    def put(self, data: bytes) -> None:
        for path in (self.folder.keys, self.folder.keys_copy):
            path.write_bytes(data)

    def opens(self, data: bytes, passphrase: str) -> bool:
        """Whether a file opens: with the right key where it says what ours says, and never else."""
        self.put(data)
        try:
            keys = Vault(self.folder, CHEAP).open(passphrase)
        except StoreProblem:
            return False
        assert keys.dek == self.keys.dek
        return True

    def says_the_same(self, data: bytes) -> bool:
        """Whether only the way it is written differs: spaces, or two ways to write one thing."""
        try:
            return replace(slots.read(data, CHEAP), mac=b"") == replace(self.header, mac=b"")
        except StoreProblem:
            return False


def wrong_passphrase(chance: random.Random) -> str:
    base = chance.choice((FIRST, SECOND, FIRST + SECOND, ""))
    at = chance.randrange(len(base) + 1)
    wrong = base[:at] + chance.choice("aZ0 天\u3000\u0000") + base[at + chance.randrange(2) :]
    same = unicodedata.normalize("NFKC", wrong) in (FIRST, SECOND)  # as an input method types it
    return wrong + "x" if same else wrong


def bent(target: Target, chance: random.Random) -> bytes:
    """The key file with bytes changed, cut or added, or with other slots and numbers in it."""
    way, data = chance.randrange(4), bytearray(target.whole)
    if way == 0:
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] ^= chance.randint(1, 255)
        return bytes(data)
    if way == 1:
        at = chance.randrange(len(data))
        return bytes(data[:at] if chance.random() < 0.5 else data[:at] + chance.randbytes(4) + data[at:])
    found = json.loads(target.whole)
    place = chance.randrange(len(found["slots"]))
    if way == 2:
        _rearrange(found, place, target, chance)
    else:
        _change_a_value(found["slots"][place], chance)
    return json.dumps(found).encode()


def _rearrange(found: dict[str, Any], place: int, target: Target, chance: random.Random) -> None:
    listed, way = found["slots"], chance.randrange(5)
    if way == 0:
        del listed[place]
    elif way == 1:
        listed.append(chance.choice(target.stolen))
    elif way == 2:
        listed[place] = chance.choice(target.stolen)
    elif way == 3:
        listed[place]["id"], listed[place - 1]["id"] = listed[place - 1]["id"], listed[place]["id"]
    else:
        found[chance.choice(("generation", "store", "mac", "needs"))] = chance.choice((99, "ab" * 16, "", None))


def _change_a_value(slot: dict[str, Any], chance: random.Random) -> None:
    holder = slot["kdf"] if "kdf" in slot and chance.random() < 0.4 else slot
    name = chance.choice(sorted(holder))
    value = holder[name]
    if isinstance(value, int):
        holder[name] = chance.choice((0, -1, value + 1, value * 2, 2**31, 2**40, 0.5, str(value)))
    elif isinstance(value, str) and value:
        at = chance.randrange(len(value))
        holder[name] = value[:at] + chance.choice("Aa0/=") + value[at + 1 :]
    else:
        holder[name] = None


def test_none_of_them_opens(tmp_path: Path) -> None:
    chance, target = random.Random(SEED), Target(tmp_path)
    counted: Counter[str] = Counter()
    for number in range(COUNT):
        if number % 4 == 0:
            assert not target.opens(target.whole, wrong_passphrase(chance)), number
            counted["wrong passphrase"] += 1
            continue
        data = bent(target, chance)
        same = target.says_the_same(data)
        for passphrase in (FIRST, SECOND):
            assert target.opens(data, passphrase) <= same, (number, data)
        assert not target.opens(data, "neither of the two"), number
        counted["says the same" if same else "bent"] += 1
    assert target.opens(target.whole, FIRST)
    assert target.opens(target.whole, SECOND)
    assert counted["bent"] > COUNT // 2, counted


def test_an_absurd_cost_is_refused_before_it_is_paid(tmp_path: Path) -> None:
    """Up to 4 TiB of memory, in either passphrase slot and in both: counted in computing, not on the wall."""
    chance, target = random.Random(SEED), Target(tmp_path)
    slowest = 0.0
    for _ in range(max(COUNT // 4, 30)):
        found = json.loads(target.whole)
        for slot in chance.sample([slot for slot in found["slots"] if "kdf" in slot], chance.randint(1, 2)):
            name, most = chance.choice((("memory", 2**32), ("time", 2**31), ("lanes", 2**24)))
            slot["kdf"][name] = chance.choice((most, chance.randint(LEAST_ABSURD, most), -most, 2**70))
        target.put(json.dumps(found).encode())
        start = time.process_time()
        try:
            Vault(target.folder, CHEAP).open(FIRST)
            refused = False
        except StoreDamaged:
            refused = True
        except WrongPassphrase:
            refused = False
        slowest = max(slowest, time.process_time() - start)
        assert refused, found
    assert slowest <= SOON


def test_the_check_would_see_a_file_that_opens_wrongly(tmp_path: Path) -> None:
    """A control: where nothing checks the code over the slots, one given to somebody else would open."""
    target = Target(tmp_path)
    found = json.loads(target.whole)
    owned = [slot for slot in found["slots"] if "person" in slot]
    owned[-1]["person"] = 99
    data = json.dumps(found).encode()
    assert not target.says_the_same(data)
    header = slots.read(data, CHEAP)
    assert target.opens(header.signed(target.keys.dek).to_bytes(), SECOND)
    assert not target.opens(data, SECOND)
