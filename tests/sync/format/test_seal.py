"""What is sealed opens for those it is for, here and with the reference implementation of age, and for no others."""

import os
import subprocess
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import BundleAltered, NotForUs
from gridworker.sync.format import seal
from tests.sync.samples import CHEAP, laptop, office, recovery

CODE = "7K2MX-QF9XR-3D8AW-PW4C0"


@given(st.binary(max_size=300))
def test_each_recipient_opens_it(inner: bytes) -> None:
    sealed = seal.seal(inner, [office().public.recipient, recovery().public.recipient])
    for keys in (office(), recovery()):
        assert seal.open_sealed(sealed, [keys.identity]) == inner
    with pytest.raises(NotForUs):
        seal.open_sealed(sealed, [laptop().identity])


def test_the_reference_implementation_opens_it(tmp_path: Path) -> None:
    inner = os.urandom(200_000)
    (tmp_path / "key.txt").write_text(f"{recovery().secret}\n")
    (tmp_path / "file").write_bytes(seal.seal(inner, [office().public.recipient, recovery().public.recipient]))
    opened = subprocess.run(
        ["age", "-d", "-i", tmp_path / "key.txt", tmp_path / "file"], capture_output=True, check=True
    )
    assert opened.stdout == inner


def test_we_open_what_the_reference_implementation_sealed(tmp_path: Path) -> None:
    (tmp_path / "inner").write_bytes(b"hello")
    subprocess.run(["age", "-r", office().public.recipient, "-o", tmp_path / "file", tmp_path / "inner"], check=True)
    assert seal.open_sealed((tmp_path / "file").read_bytes(), [office().identity]) == b"hello"


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"age-encryption.org/v1", b"age-encryption.org/v1\n", b"\0" * 1000])
def test_other_files_are_not_for_us(data: bytes) -> None:
    with pytest.raises(NotForUs):
        seal.open_sealed(data, [office().identity])
    with pytest.raises(NotForUs):
        seal.unlock(data, CODE)


def test_nothing_above_the_cap_is_opened() -> None:
    sealed = seal.seal(b"x" * 1000, [office().public.recipient])
    with pytest.raises(NotForUs, match="larger"):
        seal.open_sealed(sealed, [office().identity], cap=999)


def test_every_cut_is_noticed() -> None:
    sealed = seal.seal(b"x" * 100, [office().public.recipient])
    for length in range(len(sealed)):
        with pytest.raises((NotForUs, BundleAltered)):
            seal.open_sealed(sealed[:length], [office().identity])


def test_damage_to_what_is_for_us_is_told_apart_from_what_is_for_others() -> None:
    """One byte of the body or the head's code, or the end missing; a key that fits nothing says nothing of damage."""
    sealed = seal.seal(b"x" * 100_000, [office().public.recipient, recovery().public.recipient])
    body = sealed.index(b"\n", sealed.index(b"--- ")) + 1
    code = sealed.index(b"--- ") + 8
    for at in (code, body, body + 16, body + 70_000, len(sealed) - 1):
        other = b"B" if sealed[at : at + 1] == b"A" else b"A"  # a letter of the code stays one of base64
        bent = sealed[:at] + other + sealed[at + 1 :]
        for data in (bent, sealed[: body + 17], sealed[:-1], sealed[:-20_000]):
            with pytest.raises(BundleAltered, match="altered or damaged"):
                seal.open_sealed(data, [office().identity])
            with pytest.raises(NotForUs, match="not for this computer"):
                seal.open_sealed(data, [laptop().identity])


# ------------------------------------------------------------------------------------------------------- one-time codes


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_locked_files_are_files_of_age(length: int) -> None:
    data = os.urandom(length)
    locked = seal.lock(data, CODE, work=CHEAP)
    assert pyrage.passphrase.decrypt(locked, CODE) == data
    assert seal.unlock(locked, CODE) == data


@pytest.mark.usefixtures("as_shipped")
def test_the_right_work_factor_is_used() -> None:
    assert b" 15\n" in seal.lock(b"", CODE)[:80]


def test_another_code_opens_nothing() -> None:
    locked = seal.lock(b"data", CODE, work=CHEAP)
    with pytest.raises(NotForUs, match="code"):
        seal.unlock(locked, CODE[:-1] + "1")
    with pytest.raises(NotForUs):
        seal.unlock(locked, CODE, cap=10)


def test_no_locked_file_makes_us_work_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    locked = seal.lock(b"data", CODE, work=CHEAP)
    with pytest.raises(NotForUs):
        seal.unlock(locked.replace(b" 10\n", b" 30\n", 1), CODE)
    monkeypatch.setattr(seal, "MAX_WORK", CHEAP - 1)
    with pytest.raises(NotForUs):
        seal.unlock(locked, CODE)


def test_a_file_for_a_key_is_not_opened_by_a_code() -> None:
    with pytest.raises(NotForUs):
        seal.unlock(seal.seal(b"data", [office().public.recipient]), CODE)
    with pytest.raises(NotForUs):
        seal.open_sealed(seal.lock(b"data", CODE, work=CHEAP), [office().identity])


# ----------------------------------------------------------------------------------------------------------- signatures


def test_signatures_are_checked() -> None:
    signed = seal.sign(b"body", office())
    assert seal.verify(signed, office().public.signing)
    assert not seal.verify(signed, laptop().public.signing)
    assert not seal.verify(b"Body" + signed[4:], office().public.signing)
    for short in (b"", signed[:63], signed[:-1]):
        assert not seal.verify(short, office().public.signing)
    assert not seal.verify(signed, b"no key")
