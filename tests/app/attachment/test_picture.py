"""What is taken out of pictures before they are kept, and what is refused."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from gridworker.app.attachment.picture import prepared
from gridworker.domain.attachment import MAX_SIZE
from gridworker.errors import Problem
from tests.pictures import CANARY, jpeg, pdf, photo, png


@pytest.mark.parametrize("data", [jpeg(b"\x00\xff\x01abc" * 20), png()], ids=["jpeg", "png"])
def test_what_cameras_and_programs_write_is_gone_and_the_picture_is_not(data: bytes) -> None:
    assert CANARY in data
    kept = prepared(data)
    assert CANARY not in kept.data
    for word in (b"Exif", b"ICC_PROFILE", b"Photoshop", b"JFIF", b"tEXt", b"iTXt", b"eXIf", b"tIME"):
        assert word not in kept.data
    assert prepared(kept.data) == kept, "what is clean stays as it is"


def test_the_picture_itself_is_not_touched() -> None:
    content = b"\x01\xff\x02" * 50
    kept = prepared(jpeg(content)).data
    scan = content.replace(b"\xff", b"\xff\x00")
    assert scan[: len(scan) // 2] + b"\xff\xd0" + scan[len(scan) // 2 :] in kept
    assert kept.startswith(b"\xff\xd8\xff\xdb")
    assert kept.endswith(b"\xff\xd9")


def test_a_paper_keeps_its_pages_and_loses_what_programs_wrote_about_it() -> None:
    data = pdf()
    assert data.count(CANARY) == 4
    kept = prepared(data)
    assert kept.media_type == "application/pdf"
    assert b"(hello) Tj" in kept.data
    for word in (CANARY, b"/Info", b"/Metadata", b"/PieceInfo", b"/Author", b"/Producer", b"/LastModified", b"Word"):
        assert word not in kept.data
    assert prepared(kept.data) == kept, "what is clean stays as it is"


def test_an_earlier_state_of_a_paper_goes_with_what_was_changed_since() -> None:
    changed = pdf(words=b"(hello) Tj") + pdf(words=b"(later) Tj")[len(b"%PDF-1.7\n") :]
    assert CANARY not in prepared(changed).data


def test_a_locked_paper_is_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt("open sesame", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(Problem, match="damaged"):
        prepared(locked.getvalue())


@given(st.binary(max_size=60), st.integers(0, 900))
def test_whatever_comes_as_a_paper_is_kept_clean_or_refused(noise: bytes, at: int) -> None:
    data = pdf()
    kept = None
    with suppress(Problem):
        kept = prepared(data[:at] + noise + data[at + len(noise) :])
    assert kept is None or kept.data.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"<svg/>", b"%PDF-1.7 cut off", b"\xff\xd8\xff", jpeg(b"abc")[:-60], png()[:60],
     b"\xff\xd8\xff\xd9", png().replace(b"IDAT", b"IDAX")],
)  # fmt: skip
def test_what_is_not_known_or_not_whole_is_refused(data: bytes) -> None:
    with pytest.raises(Problem):
        prepared(data)


def test_what_is_too_large_is_refused_with_its_size() -> None:
    with pytest.raises(Problem, match=r"11 MB; at most 10 MB"):
        prepared(photo(1, MAX_SIZE + 1))


@given(st.binary(max_size=400), st.integers(0, 400), st.sampled_from([jpeg(b"abc" * 20), png()]))
def test_whatever_comes_is_kept_clean_or_refused(noise: bytes, at: int, data: bytes) -> None:
    mixed = data[:at] + noise + data[at + len(noise) :]
    kept = None
    with suppress(Problem):
        kept = prepared(mixed)
    assert kept is None or (prepared(kept.data) == kept and len(kept.data) <= len(mixed))
