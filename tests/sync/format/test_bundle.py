"""A bundle comes back as it was written, for those it is for, from whom it is known to be; all else is one sentence."""

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker import discover
from gridworker.errors import BundleAltered, NewerFormat, NotForUs, UnknownSender
from gridworker.record import Type
from gridworker.store.log.op import OpRow
from gridworker.sync.format import canonical, seal
from gridworker.sync.format.bundle import (
    MAGIC,
    PAD,
    Bundle,
    Contents,
    hash_of,
    pack_inner,
    padme,
    read_bundle,
    read_inner,
    write_bundle,
)
from gridworker.sync.format.code import Code
from gridworker.sync.format.header import MAX_HEADER, pack_header
from gridworker.sync.format.keys import DeviceKeys, PublicKeys
from gridworker.sync.format.sections import Chunk, ScopeChange
from gridworker.sync.kit import read_kit
from tests.sync import golden
from tests.sync.samples import (
    AUTHORS,
    COMMUNITY,
    LAPTOP,
    OFFICE,
    OPS,
    contents,
    creations,
    header,
    laptop,
    mixed,
    office,
    open_inner,
    read,
    recovery,
)  # fmt: skip


def inner_of(given: Contents | None = None, signer: DeviceKeys | None = None) -> bytes:
    return pack_inner(given or contents(), signer or laptop())


def sealed(inner: bytes) -> bytes:
    return seal.seal(inner, [office().public.recipient])


# ------------------------------------------------------------------------------------------------------------ and back


def test_a_bundle_comes_back() -> None:
    scope = ScopeChange(3, (11,), (21, 22), (23,))
    chunk = Chunk(hashlib.sha256(b"photo").digest(), 5, 0, b"photo")
    data, digest = write_bundle(contents(scope=scope, chunks=[chunk]), laptop(), [office().public.recipient])
    bundle = read(data)
    assert bundle.ops == mixed()
    assert bundle.bad_ops == []
    assert bundle.authors == AUTHORS
    assert bundle.scope == scope
    assert bundle.chunks == (chunk,)
    assert bundle.hash == digest
    assert bundle.header.ops == len(mixed())
    assert replace(bundle.header, ops=0, seed=bytes(16), sections=()) == header()


@given(OPS)
def test_any_ops_come_back(rows: list[OpRow]) -> None:
    assert open_inner(inner_of(contents(rows))).ops == rows


def test_a_receipt_alone_is_a_bundle() -> None:
    bundle = open_inner(inner_of(Contents(header())))
    assert (bundle.ops, bundle.authors, bundle.scope, bundle.chunks) == ([], [], None, ())


def test_each_recipient_reads_it() -> None:
    data, _ = write_bundle(contents(), laptop(), [office().public.recipient, recovery().public.recipient])
    for keys in (office(), recovery()):
        assert read_bundle(data, [keys.identity], known=lambda _: laptop().public).ops == mixed()


def test_sections_to_come_are_kept() -> None:
    bundle = open_inner(inner_of(contents(other={"weather": b"\0fine"})))
    assert bundle.other == {"weather": b"\0fine"}
    assert bundle.ops == mixed()


def test_the_hash_is_that_of_the_inner_bundle_however_it_is_sealed() -> None:
    inner = inner_of()
    assert read(sealed(inner)).hash == read(sealed(inner)).hash == hashlib.sha256(inner).hexdigest()
    assert read(sealed(inner)).inner == inner
    assert hash_of(inner_of()) != hash_of(inner_of()), "the seed makes every bundle another"


def test_the_signature_may_be_checked_by_others_later() -> None:
    bundle = read(sealed(inner_of()))
    assert read_inner(bundle.inner, known=lambda _: laptop().public) == bundle


def test_the_sender_is_asked_for_by_the_header() -> None:
    asked = []

    def known(head: object) -> PublicKeys:
        asked.append(head)
        return laptop().public

    bundle = read_bundle(sealed(inner_of()), [office().identity], known=known, community=COMMUNITY, device=OFFICE | 3)
    assert asked == [bundle.header]


def test_bad_ops_harm_nobody() -> None:
    bad = OpRow(999, 3, 999, 0, 0, b"\xc1")
    bundle = open_inner(inner_of(contents([*mixed(), bad])))
    assert bundle.ops == mixed()
    assert [(each.at, each.row) for each in bundle.bad_ops] == [(len(mixed()), bad)]


def test_what_is_in_a_bundle_is_not_in_its_repr() -> None:
    bundle = open_inner(inner_of(contents(creations(3))))
    assert "000000" not in f"{bundle!r} {contents(creations(3))!r}"


# ---------------------------------------------------------------------------------------------------------------- size


@pytest.mark.parametrize(
    ("length", "padded"), [(0, 512), (512, 512), (513, 544), (10_000, 10_240), (1_000_000, 1_015_808)]
)
def test_few_lengths_are_used(length: int, padded: int) -> None:
    assert padme(length) == padded


@given(st.integers(1, 2**40))
def test_padding_costs_little(length: int) -> None:
    padded = padme(length)
    assert padme(padded) == padded >= length
    assert padded <= max(512, length * 1.12)


@given(st.integers(0, 3000))
def test_bundles_are_padded(length: int) -> None:
    inner = inner_of(contents([], other={"x": bytes(length)}))
    assert padme(len(inner)) == len(inner)
    opened = open_inner(inner)
    assert PAD not in opened.other
    pad = next(section.length for section in opened.header.sections if section.name == PAD)
    assert len(inner) <= padme(padme(len(inner) - pad) + (pad in {127, 128, 255, 256})), "no longer than it has to be"


# ----------------------------------------------------------------------------------------------------------- not for us


def test_another_key_opens_nothing() -> None:
    with pytest.raises(NotForUs):
        read_bundle(sealed(inner_of()), [recovery().identity], known=lambda _: laptop().public)


def test_a_bundle_for_another_laptop_is_not_for_us() -> None:
    reply = contents()
    reply = replace(reply, header=header(sender=OFFICE, recipient=LAPTOP))
    inner = inner_of(reply)
    assert read_inner(inner, known=lambda _: laptop().public, device=LAPTOP | 2).ops
    with pytest.raises(NotForUs):
        read_inner(inner, known=lambda _: laptop().public, device=LAPTOP + 64)


def test_a_bundle_of_another_community_is_not_opened() -> None:
    with pytest.raises(UnknownSender, match=COMMUNITY):
        read_inner(inner_of(), known=lambda _: laptop().public, community="420203001002")


def test_an_unknown_sender_is_not_opened() -> None:
    with pytest.raises(UnknownSender):
        read_inner(inner_of(), known=lambda _: None)


# -------------------------------------------------------------------------------------------------------------- altered


def test_another_signature_is_refused() -> None:
    with pytest.raises(BundleAltered):
        open_inner(inner_of(signer=recovery()))


def test_every_cut_is_refused() -> None:
    inner = inner_of(contents(mixed()[:1]))
    for length in range(len(inner)):
        with pytest.raises(BundleAltered):
            open_inner(inner[:length])
    with pytest.raises(BundleAltered):
        open_inner(inner + b"\0")


def resigned(change: Callable[[bytes], bytes]) -> bytes:
    """A bundle changed by its own sender, who signs the change."""
    return seal.sign(change(inner_of()[: -seal.SIGNATURE]), laptop())


def in_header(**changes: canonical.Thing) -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        start = len(MAGIC) + 4
        end = start + int.from_bytes(body[len(MAGIC) : start], "big")
        things = canonical.unpack_map(body[start:end], MAX_HEADER)
        head = canonical.pack({**things, **changes})
        return MAGIC + len(head).to_bytes(4, "big") + head + body[end:]

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda body: b"x" + body[1:],
        lambda body: body.replace(MAGIC, b"gridworker-bundle-0\n"),
        lambda _: MAGIC,
        lambda body: MAGIC + b"\xff\xff\xff\xff" + body[len(MAGIC) + 4 :],
        lambda _: MAGIC + b"\0\0\0\1\x80",
        lambda body: body[:-1] + bytes([body[-1] ^ 1]),
        lambda body: body + b"more",
        in_header(ops=5),
        in_header(seed=b"another seed    "),
        in_header(sections=[]),
        in_header(sections=[["ops", 2**62, bytes(32)]]),
        in_header(sections=[["scope", 0, hashlib.sha256(bytes(16)).digest()]], seed=bytes(16)),
        in_header(n=0),
    ],
)
def test_what_its_sender_signed_wrongly_is_refused_too(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BundleAltered):
        open_inner(resigned(change))


@pytest.mark.parametrize("more", [-1, 1])
def test_a_header_that_counts_other_ops_than_there_are_is_refused(more: int) -> None:
    with pytest.raises(BundleAltered):
        open_inner(resigned(in_header(ops=len(mixed()) + more)))


def test_the_sender_may_change_what_may_be_changed() -> None:
    assert open_inner(resigned(in_header(n=8, new="thing"))).header.n == 8


@pytest.mark.parametrize("name", ["ops", "scope", "chunks"])
def test_sections_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(BundleAltered):
        open_inner(inner_of(contents(other={name: b"none"})))


def test_a_header_that_is_too_long_is_not_written() -> None:
    with pytest.raises(ValueError, match="header"):
        inner_of(Contents(header(extra={"long": "x" * MAX_HEADER})))


# ---------------------------------------------------------------------------------------------------------------- newer


@pytest.mark.parametrize(
    "change",
    [
        in_header(format=2, program="9.1"),
        in_header(suite=2, program="9.1"),
        in_header(purpose="census", program="9.1"),
        lambda body: in_header(program="9.1", format=2)(body).replace(MAGIC, b"gridworker-bundle-2\n"),
        lambda _: b"gridworker-bundle-77\n\0\0\0\x0d\x81\xa7program\xa39.1who knows what is here",
    ],
)
def test_a_newer_bundle_names_the_version_needed(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(NewerFormat, match=r"9\.1"):
        open_inner(resigned(change))


@pytest.mark.parametrize("program", [7, "evil\nline", ""])
def test_a_version_that_is_none_is_not_shown(program: canonical.Thing) -> None:
    with pytest.raises(NewerFormat) as caught:
        open_inner(resigned(in_header(format=2, program=program)))
    assert str(program) not in str(caught.value) or not program


def test_a_newer_schema_is_read() -> None:
    assert open_inner(resigned(in_header(schema=99))).ops == mixed()


# ---------------------------------------------------------------------------------------- golden bundles, age, openssl


def test_bundles_of_format_1_are_read_for_ever() -> None:
    expected = json.loads((golden.FOLDER / "format-1.json").read_text("utf-8"))
    keys = DeviceKeys.parse(bytes.fromhex(expected["office"]))
    sender = PublicKeys.parse(bytes.fromhex(expected["laptop"]))
    bundle = read_bundle(
        (golden.FOLDER / "format-1.gwb").read_bytes(), [keys.identity], known=lambda _: sender, community=COMMUNITY
    )
    assert golden.seen(bundle) == expected["bundle"]
    assert bundle.ops == mixed()
    kit, kit_bundle = read_kit((golden.FOLDER / "format-1-kit.gwb").read_bytes(), Code.read(expected["code"]))
    assert golden.seen(kit_bundle) == expected["kit"]
    assert (kit.number, kit.worker, kit.grids, kit.office, kit.secret) == (7, 5, (11, 12), keys.public, b"k" * 16)


def test_what_is_written_today_is_what_was_written_then() -> None:
    """Nothing slipped into format 1 that the kept file does not show."""
    keys = DeviceKeys.generate()
    expected = json.loads((golden.FOLDER / "format-1.json").read_text("utf-8"))["bundle"]
    today = golden.seen(read_inner(pack_inner(golden.full(keys), keys), known=lambda _: keys.public))
    for own in ("keys", "proof"):
        expected["header"][own] = today["header"][own]
    assert today == {**expected, "hash": today["hash"]}


def test_age_and_openssl_open_and_check_it_as_documented(tmp_path: Path) -> None:
    """The commands of resources/help/bundle-format.md, word for word."""
    data, digest = write_bundle(contents(), laptop(), [office().public.recipient, recovery().public.recipient])
    (tmp_path / "07-13-1a2b3c4d.gwb").write_bytes(data)
    (tmp_path / "signing.pem").write_text(laptop().public.signing_pem())
    manual = (Path(__file__).parents[3] / "resources" / "help" / "bundle-format.md").read_text("utf-8")
    script = "set -e\n" + "\n".join(block.split("```")[0] for block in manual.split("```sh\n")[1:3])
    for keys in (office(), recovery()):
        (tmp_path / "key.txt").write_text(f"{keys.secret}\n")
        done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert "Signature Verified Successfully" in done.stdout
        assert hashlib.sha256((tmp_path / "inner").read_bytes()).hexdigest() == digest
        (tmp_path / "07-13-1a2b3c4d.gwb").write_bytes(data)
    (tmp_path / "body").write_bytes(b"x" + (tmp_path / "body").read_bytes()[1:])
    verify = script.splitlines()[-1]
    assert subprocess.run(["sh", "-c", verify], cwd=tmp_path, capture_output=True, check=False).returncode


def test_the_header_is_documented_whole() -> None:
    manual = (Path(__file__).parents[3] / "resources" / "help" / "bundle-format.md").read_text("utf-8")
    written = canonical.unpack_map(pack_header(golden.full(laptop()).header), MAX_HEADER)
    keys = {*written, "sections", "certificate", "recipient"} - {"later"}
    assert not [key for key in keys if f"`{key}`" not in manual]


def test_kinds_and_fields_are_documented_by_their_numbers() -> None:
    manual = (Path(__file__).parents[3] / "resources" / "help" / "bundle-format.md").read_text("utf-8")
    for number, record in discover.by_number().items():
        fields = ", ".join(f"{at} {spec.name}" for at, spec in record.kind.numbered.items())
        assert f"| {number} | {record.kind.name} | {fields} |" in manual


def test_values_are_documented_with_their_forms_codes_and_references() -> None:
    manual = (Path(__file__).parents[3] / "resources" / "help" / "bundle-values.md").read_text("utf-8")
    expected = []
    for number, record in discover.by_number().items():
        for at, spec in record.kind.numbered.items():
            needed = ", needed" if spec.required else ""
            says = spec.ref or (", ".join(spec.codes.labels) if spec.codes else "")
            if needed or says or spec.type is not Type.TEXT:
                expected.append(f"| {number} {record.kind.name} | {at} {spec.name} | {spec.type}{needed} | {says} |")
    assert [line for line in manual.splitlines() if re.match(r"\| \d", line)] == expected


def test_the_table_of_the_header_is_one_table() -> None:
    manual = (Path(__file__).parents[3] / "resources" / "help" / "bundle-format.md").read_text("utf-8")
    _, _, rest = manual.partition("| Key | Type | Needed | Meaning |\n")
    table, _, _ = rest.partition("\n\n")
    written = canonical.unpack_map(pack_header(golden.full(laptop()).header), MAX_HEADER)
    assert not [key for key in written.keys() - {"later"} if f"`{key}`" not in table]


def test_bundles_are_only_compared_by_what_is_in_them() -> None:
    inner = inner_of()
    assert isinstance(open_inner(inner), Bundle)
    assert open_inner(inner) == open_inner(inner)
