"""The section ``files``: what is said of attachments reads as it was written, and nothing else is believed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import BundleAltered
from gridworker.record import MAX_INTEGER
from gridworker.sync.files import attaching
from gridworker.sync.files.filenotes import MOST, SECTION, FileNotes, Have
from gridworker.sync.format import canonical
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.frame import compressed
from tests.circle import Circle, head

HASHES = st.binary(min_size=32, max_size=32)
HAVES = st.builds(Have, HASHES, st.integers(0, MAX_INTEGER), st.integers(0, 1))


@given(st.lists(HAVES, max_size=5), st.lists(HASHES, max_size=5))
def test_what_is_written_is_read(have: list[Have], ask: list[bytes]) -> None:
    notes = FileNotes.of(have, ask)
    read = FileNotes.parse(notes.sections().get(SECTION))
    assert read == (notes if have or ask else None)


def test_no_more_is_said_than_may_be_read() -> None:
    notes = FileNotes.of([Have(bytes(32), 1)] * (MOST + 1), [bytes(32)] * (MOST + 1))
    assert (len(notes.have), len(notes.ask)) == (MOST, MOST)
    assert FileNotes.parse(notes.sections()[SECTION]) == notes


BAD: list[canonical.Thing] = [
    {"have": []},
    {"ask": []},
    {"have": 1, "ask": []},
    {"have": [[bytes(31), 0, 0]], "ask": []},
    {"have": [[bytes(32), -1, 0]], "ask": []},
    {"have": [[bytes(32), 0, 2]], "ask": []},
    {"have": [[bytes(32), 0]], "ask": []},
    {"have": [], "ask": ["text"]},
    {"have": [], "ask": [bytes(32)] * (MOST + 1)},
]


@pytest.mark.parametrize("thing", BAD)
def test_what_is_not_built_so_is_damaged(thing: canonical.Thing) -> None:
    with pytest.raises(Damaged):
        FileNotes.parse(compressed(canonical.pack(thing)))


@given(st.binary(max_size=200))
def test_noise_is_damaged(noise: bytes) -> None:
    with pytest.raises(Damaged):
        FileNotes.parse(noise)


def test_a_bundle_with_a_bad_section_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    circle = Circle(tmp_path)
    grid = circle.office.devices.add_grid("第一网格")
    circle.family(grid)
    laptop = circle.enrol("周敏", grid)

    class Spoilt(FileNotes):
        def sections(self) -> dict[str, bytes]:
            return {SECTION: b"noise"}

    monkeypatch.setattr(attaching, "notes_to_office", lambda _cursor: Spoilt())
    bundle = laptop.exchange.pack(circle.stick)
    before = head(circle.office)
    with pytest.raises(BundleAltered):
        circle.office.exchange.merge(bundle)
    assert head(circle.office) == before
    archive = circle.office.session.folder.archive
    assert not archive.is_dir() or list(archive.iterdir()) == []
    circle.close()
