"""A kit enrols whoever has its code, and the laptop proves in its first bundle that it had it."""

from dataclasses import replace
from functools import cache

import pytest

from gridworker.errors import BundleAltered, NotForUs, UnknownSender
from gridworker.sync.format import canonical, seal
from gridworker.sync.format.bundle import Contents, Written, pack_inner
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.code import Code
from gridworker.sync.format.header import Header
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.parts import Purpose
from gridworker.sync.format.sections import ScopeChange
from gridworker.sync.kit import MAX_KIT, Kit, introduced, introduction, read_kit, write_kit
from tests.sync.samples import AUTHORS, CHEAP, COMMUNITY, LAPTOP, OFFICE, header, laptop, mixed, office, recovery

CODE = Code.new()


@cache
def kit() -> Kit:
    return Kit(7, 5, (11, 12), office().public, recovery().public, Kit.new_secret())


def kit_header(**changes: object) -> Header:
    return header(purpose=Purpose.KIT, sender=OFFICE, recipient=LAPTOP, **changes)


def contents(**changes: object) -> Contents:
    return Contents(kit_header(**changes), mixed(), AUTHORS, ScopeChange(1, (11, 12)))


def written(given: Kit | None = None, signer: DeviceKeys | None = None) -> Written:
    return write_kit(contents(), given or kit(), signer or office(), CODE, work=CHEAP)


def locked(inner: bytes) -> bytes:
    return seal.lock(inner, CODE.text, work=CHEAP)


def test_a_kit_carries_what_a_laptop_starts_with() -> None:
    data, digest = written()
    got, bundle = read_kit(data, CODE)
    assert got == kit()
    assert bundle.ops == mixed()
    assert bundle.scope == ScopeChange(1, (11, 12))
    assert bundle.header.recipient == LAPTOP
    assert bundle.hash == digest


@pytest.mark.usefixtures("as_shipped")
def test_guessing_its_code_takes_as_long_as_any() -> None:
    assert b" 15\n" in write_kit(contents(), kit(), office(), CODE).data[:80]


def test_only_the_code_opens_it() -> None:
    with pytest.raises(NotForUs, match="code"):
        read_kit(written().data, Code.new())
    with pytest.raises(NotForUs):
        read_kit(written().data[:-1], CODE)


def test_its_secret_is_never_shown() -> None:
    _, bundle = read_kit(written().data, CODE)
    assert repr(kit().secret) not in f"{kit()!r} {bundle!r}"


def test_the_office_of_the_kit_must_have_signed_it() -> None:
    with pytest.raises(BundleAltered):
        read_kit(written(signer=laptop()).data, CODE)


def test_a_bundle_is_no_kit() -> None:
    with pytest.raises(ValueError, match="kit"):
        write_kit(replace(contents(), header=header()), kit(), office(), CODE)
    with pytest.raises(BundleAltered):
        read_kit(locked(pack_inner(contents(), office())), CODE)
    plain = replace(contents(), header=header(sender=OFFICE, recipient=LAPTOP))
    with pytest.raises(UnknownSender):
        read_kit(locked(pack_inner(plain, office(), {"kit": kit().pack()})), CODE)


@pytest.mark.parametrize("inner", [b"", b"no bundle", b"gridworker-bundle-1\n", b"gridworker-bundle-1\n\0\0\0\1\x80"])
def test_what_a_code_opens_must_be_a_kit(inner: bytes) -> None:
    with pytest.raises(BundleAltered):
        read_kit(locked(inner), CODE)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 0}, {"number": 1024}, {"number": "7"}, {"worker": 0}, {"grids": [0]}, {"grids": ["x"]}, {"grids": 5},
        {"office": None}, {"recovery": [1, b"", "x"]}, {"secret": b"short"}, {"secret": "x" * 16},
        {"escrow": b"short"}, {"escrow_serial": 64}, {"escrow_serial": -1}, {"escrow_serial": "1"},
    ],
)  # fmt: skip
def test_broken_kits_are_refused(changed: dict[str, Thing]) -> None:
    broken = canonical.pack({**canonical.unpack_map(kit().pack(), MAX_KIT), **changed})
    with pytest.raises(Damaged):
        Kit.parse(broken)
    with pytest.raises(BundleAltered):
        read_kit(locked(pack_inner(contents(), office(), {"kit": broken})), CODE)


def test_the_point_of_the_offices_help_comes_with_its_number() -> None:
    for serial in (0, 1, 63):
        given = replace(kit(), escrow=b"e" * 32, escrow_serial=serial)
        assert Kit.parse(given.pack()) == given


def test_what_is_new_in_a_kit_is_no_obstacle() -> None:
    assert Kit.parse(canonical.pack({**canonical.unpack_map(kit().pack(), MAX_KIT), "colour": "red"})) == kit()


def test_a_laptop_introduces_itself() -> None:
    proof = introduction(kit().secret, COMMUNITY, LAPTOP, laptop().public)
    first = header(keys=laptop().public, proof=proof)
    assert introduced(first, kit().secret) == laptop().public


def test_nobody_else_can() -> None:
    proof = introduction(kit().secret, COMMUNITY, LAPTOP, laptop().public)
    assert introduced(header(), kit().secret) is None
    assert introduced(header(keys=laptop().public, proof=proof), Kit.new_secret()) is None
    assert introduced(header(keys=recovery().public, proof=proof), kit().secret) is None
    assert introduced(header(keys=laptop().public, proof=proof, sender=LAPTOP + 64), kit().secret) is None
    assert introduced(header(keys=laptop().public, proof=proof, community="420203001002"), kit().secret) is None
