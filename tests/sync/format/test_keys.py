"""Keys are read back, recognised, certified, and never shown."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest

from gridworker.errors import NotForUs
from gridworker.sync.format import canonical, seal
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.code import ALPHABET, Code
from gridworker.sync.format.keys import (
    Certificate,
    DeviceKeys,
    PublicKeys,
    new_recovery,
    open_recovery,
    seal_identity,
    seal_recovery,
)
from gridworker.sync.format.words import key_words
from tests.sync.samples import CHEAP, COMMUNITY, laptop, office, recovery


def test_keys_are_read_back() -> None:
    keys = DeviceKeys.generate()
    assert DeviceKeys.parse(keys.pack()) == keys
    assert PublicKeys.parse(keys.public.pack()) == keys.public


def test_keys_differ() -> None:
    assert DeviceKeys.generate().public != DeviceKeys.generate().public


def test_secrets_are_never_shown() -> None:
    keys = DeviceKeys.generate()
    shown = f"{keys} {keys!r} {[keys]} {keys.public}"
    assert keys.secret not in shown
    assert repr(keys.seed) not in shown
    assert keys.public.fingerprint in repr(keys)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc0",
        canonical.pack([2, bytes(32), "age1"]),
        canonical.pack([1, bytes(31), "AGE-SECRET-KEY-1"]),
        canonical.pack([1, bytes(32), "age1qqqq"]),
        canonical.pack([1, bytes(32), "AGE-SECRET-KEY-1QQQQ"]),
        canonical.pack([1, "x" * 32, "age1"]),
        canonical.pack([1, bytes(32)]),
        canonical.pack({"suite": 1}),
    ],
)
def test_other_bytes_are_no_keys(data: bytes) -> None:
    for parse in (DeviceKeys.parse, PublicKeys.parse):
        with pytest.raises(Damaged):
            parse(data)


def test_what_people_compare_follows_from_the_keys() -> None:
    keys = PublicKeys(bytes(32), office().public.recipient)
    other = PublicKeys(bytes(31) + b"\1", keys.recipient)
    groups = keys.fingerprint.split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)
    assert len(keys.digest) == 32
    assert keys.words == key_words(keys.digest)
    assert len(keys.windows) == 25
    assert keys.fingerprint != other.fingerprint
    assert keys.words != other.words
    assert keys.windows != other.windows


def test_signatures_check_with_the_right_key_only() -> None:
    signature = office().sign(b"body")
    assert office().public.verify(b"body", signature)
    assert not office().public.verify(b"bodY", signature)
    assert not laptop().public.verify(b"body", signature)
    assert not office().public.verify(b"body", signature[:-1])


def test_openssl_takes_the_signing_key(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(office().public.signing_pem())
    shown = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", tmp_path / "key.pem", "-pubout", "-outform", "DER"],
        capture_output=True,
        check=True,
    )
    assert shown.stdout == bytes.fromhex("302a300506032b6570032100") + office().public.signing


# --------------------------------------------------------------------------------------------------------- recovery key


def test_the_recovery_key_comes_back_with_its_code() -> None:
    key, code = new_recovery(), Code.new()
    sealed = seal_recovery(key, code, work=CHEAP)
    assert open_recovery(sealed, code) == key
    assert key.secret.encode() not in sealed


@pytest.mark.usefixtures("as_shipped")
@pytest.mark.parametrize("seal_it", [seal_recovery, seal_identity])
def test_guessing_its_code_takes_as_long_as_any(seal_it: Callable[[DeviceKeys, Code], bytes]) -> None:
    assert b" 15\n" in seal_it(office(), Code.new())[:80]


def test_a_wrong_code_opens_nothing() -> None:
    sealed = seal_recovery(new_recovery(), Code.new(), work=CHEAP)
    with pytest.raises(NotForUs):
        open_recovery(sealed, Code.new())


def test_the_signing_half_of_a_recovery_key_follows_from_the_kept_half() -> None:
    key = new_recovery()
    assert DeviceKeys.of_recovery(key.secret) == key
    assert DeviceKeys.of_recovery(new_recovery().secret).public.signing != key.public.signing


def test_an_opened_recovery_file_is_a_key_file_of_age() -> None:
    code = Code.new()
    text = pyrage.passphrase.decrypt(seal_recovery(recovery(), code, work=CHEAP), code.text).decode()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines == [recovery().secret]


def test_what_a_code_opens_must_be_a_recovery_key() -> None:
    code = Code.new()
    for content in (b"", b"no key", b"\xff"):
        with pytest.raises(NotForUs):
            open_recovery(seal.lock(content, code.text, work=CHEAP), code)


# --------------------------------------------------------------------------------------------------------- certificates


def test_new_keys_are_vouched_for_by_the_old_or_the_recovery_keys() -> None:
    new = DeviceKeys.generate().public
    for by in (office(), recovery()):
        certificate = Certificate.of(Certificate.issue(COMMUNITY, 0, 2, new, by=by).thing())
        assert certificate.keys == new
        assert certificate.holds(by.public)
        assert not certificate.holds(laptop().public)


def test_a_certificate_is_about_what_it_says() -> None:
    certificate = Certificate.issue(COMMUNITY, 0, 2, laptop().public, by=office())
    assert certificate.holds(office().public)
    for changed in (
        replace(certificate, serial=3),
        replace(certificate, device=64),
        replace(certificate, community="420203001002"),
        replace(certificate, keys=recovery().public),
    ):
        assert not changed.holds(office().public)


@pytest.mark.parametrize(
    "thing", [None, [], [1, 2, 3, 4, 5], ["c", 0, 0, [1, bytes(32), "age1"], b""], ["c", 0, 1, 7, b""]]
)
def test_other_things_are_no_certificates(thing: object) -> None:
    with pytest.raises(Damaged):
        Certificate.of(thing)
