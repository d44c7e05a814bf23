"""Bundles that were bent, and bundles that lie: none goes in, and the office's store stays as it was, byte for byte.

``GRIDWORKER_BENT`` says how many are bent in each way. Reading alone is tried in tests/sync/format/test_bundle_fuzz.py.
"""

import hashlib
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import BundleProblem
from gridworker.sync.format import seal
from gridworker.sync.format.keys import DeviceKeys
from tests.convergence.community import Community
from tests.convergence.ground import OFFICE, Template
from tests.convergence.machine import fast_folder
from tests.sync.bent import bend

BENT = int(os.environ.get("GRIDWORKER_BENT", "500"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))
MEMORY = 256


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    """Three laptops and an office."""
    folder = fast_folder()
    yield Template.make(folder / "template")
    shutil.rmtree(folder)


@pytest.fixture
def community(template: Template) -> Iterator[Community]:
    """A community from it."""
    community = Community(template, template.folder.parent / "hostile")
    yield community
    community.close()


def bytes_of(office: Workspace) -> dict[str, str]:
    """Hashes of all files of an office but who reads at the moment, and what came and could not be read."""
    root = office.session.folder.root
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix != ".db-shm" and path != office.session.folder.unread
    }


def bundle_of(community: Community) -> bytes:
    """What a laptop with an edit hands in."""
    laptop, resident = community.laptops[0], community.families[0].resident
    assert community.act(laptop, lambda at: at.records.save("resident", {"phones": "13800000009"}, resident))
    return community.pack(laptop).path.read_bytes()


@pytest.mark.parametrize("inside", [False, True], ids=["outside", "inside, and sealed again"])
def test_no_bent_bundle_goes_in(community: Community, inside: bool) -> None:
    office = community.device(OFFICE)
    with office.session.store.settings() as settings:
        keys = DeviceKeys.parse(settings.secret("device_keys") or b"")
    whole = bundle_of(community)
    inner = seal.open_sealed(whole, [keys.identity])
    before, chance = bytes_of(office), random.Random(SEED)
    path, refused = community.circle.stick / "bent.gwb", 0
    for _ in range(BENT):
        bent = bend(inner if inside else whole, chance)
        if bent in (inner, whole):
            continue
        path.write_bytes(seal.seal(bent, [keys.public.recipient]) if inside else bent)
        with pytest.raises(BundleProblem):
            office.exchange.merge(path)
        refused += 1
    assert refused > BENT * 0.9
    assert bytes_of(office) == before
    assert len(office.exchange.missing()) == 1, "that such came is named, however many there were"
    path.write_bytes(whole)
    assert office.exchange.merge(path).trip, "the whole one does go in"
    assert bytes_of(office) != before


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured through /proc")
def test_what_a_laptop_signs_and_should_not_is_refused_or_set_aside(template: Template) -> None:
    folder = template.folder.parent / "liar"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("hostile.py"), template.folder, folder],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY * 2**20,) * 2),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seconds, mebibytes = map(float, done.stdout.split())
    assert seconds <= 5
    assert mebibytes <= MEMORY
