"""What a file, a disk or a passphrase is refused for is one clear sentence, in both languages, and changes nothing."""

import os
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import NoReturn

import pytest

from gridworker.sheets import container
from gridworker.sync.format.bundle import Contents, write_bundle
from gridworker.sync.format.keys import DeviceKeys
from tests.cli.script import Script, enrolled
from tests.sync.samples import header

SAMPLE = Path(__file__).parents[1] / "data" / "rosters" / "01_title_merged_address.xlsx"
LOCKED = container._OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
LEDGERS = {
    "empty": b"", "encrypted": LOCKED, "truncated": SAMPLE.read_bytes()[:3000], "no table": b"\x89PNG\r\n\x1a\n" * 99,
    "no people": "一句话\n".encode(),
}  # fmt: skip


def full(_handle: int) -> NoReturn:
    raise OSError(ENOSPC, "full")


def bent(data: bytes) -> bytes:
    """One bit of the body."""
    return data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]


BUNDLES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "altered": (bent, "altered or damaged"),
    "truncated": (lambda data: data[:-100], "altered or damaged"),
    "head only": (lambda data: data[:150], "not for this computer"),
    "empty": (lambda _data: b"", "not for this computer"),
}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_refusal_is_one_sentence(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    laptop, english = enrolled(script, office), language == "en"
    (packed,) = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder)
    whole = Path(packed).read_bytes()
    (key,) = script.json("key", "show", "--of", "self", "--dir", office)
    monkeypatch.setattr("gridworker.text.system_language", lambda: language)
    before = {folder: script.json("digest", "--dir", folder) for folder in (office, laptop)}

    def said(*words: object) -> str:
        status, out, err = script.run(*words)
        told = (err or out).strip()
        assert status == 1, told
        assert told.count(". " if english else "。") == (0 if english else 1), told
        assert told.endswith("." if english else "。"), told
        return told

    def merged(data: bytes) -> str:
        path = script.folder / "01-2-00000000.gwb"
        path.write_bytes(data)
        return said("bundle", "merge", path, "--dir", office)

    for name, content in LEDGERS.items():
        ledger = script.folder / "ledger.xlsx"
        ledger.write_bytes(content)
        assert said("roster", "import", ledger, "--dir", office, "--grid", "第一网格"), name
    for name, (bend, words) in BUNDLES.items():
        assert words in merged(bend(whole)) or not english, name
    assert "wrote this bundle for the office" in said("bundle", "merge", packed, "--dir", laptop) or not english
    stranger = DeviceKeys.generate()
    for community, words in (("420202005002", "no computer known here"), ("420202005003", "another community")):
        forged = write_bundle(Contents(header(community=community)), stranger, [key["recipient"]]).data
        assert words in merged(forged) or not english
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert "room" in said("bundle", "pack", "--dir", laptop, "--out", script.folder) or not english
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert "full" in said("backup", "--dir", laptop, "--out", script.folder / "stick") or not english
    assert {folder: script.json("digest", "--dir", folder) for folder in (office, laptop)} == before
    with monkeypatch.context() as patch:
        patch.setenv("GRIDWORKER_PASSPHRASE", "not the four words")
        assert "passphrase" in said("digest", "--dir", laptop) or not english
