"""What every test gets: no screen, English unless asked otherwise, a data folder of its own, one hypothesis profile."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings

from gridworker import text
from gridworker.store.engine import connection
from gridworker.sync.format import seal

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from tests.circle import Circle, Family

QUICK_WORK = 4
"""log2 of the work factor of scrypt."""

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# No deadlines: a shared machine may stall any single example.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=100,
    derandomize=True,
    database=None,
    print_blob=True,
    phases=(Phase.explicit, Phase.generate),
)
settings.register_profile("deep", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test away from the data folder and the passphrase of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(home / name.lower()))
        patch.delenv("GRIDWORKER_PASSPHRASE", raising=False)
        yield


@dataclass(frozen=True)
class Shipped:
    """What a run does not wait for, as it ships."""

    pragmas: Callable[..., Iterator[str]]
    work: int


@pytest.fixture(scope="session", autouse=True)
def hurried() -> Iterator[Shipped]:
    """Wait for no disk and stretch no one-time code: most of the time of a run went there.

    What outlives a power cut is proven by tests/disk, whose stores are written by a process of its own that knows
    nothing of this. A test of the recipe or of the work factor itself asks for ``as_shipped``.
    """
    shipped = Shipped(connection._pragmas, seal.WORK)

    def quick(*, query_only: bool) -> Iterator[str]:
        for pragma in shipped.pragmas(query_only=query_only):
            yield "synchronous=OFF" if pragma == "synchronous=FULL" else pragma

    def synced(handle: int) -> None:
        os.fstat(handle)  # what is no open file is an error still

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_pragmas", quick)
        patch.setattr(os, "fsync", synced)
        patch.setattr(seal, "WORK", QUICK_WORK)
        yield shipped


@pytest.fixture
def as_shipped(hurried: Shipped, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test opens stores and locks files the way they are shipped."""
    monkeypatch.setattr(connection, "_pragmas", hurried.pragmas)
    monkeypatch.setattr(seal, "WORK", hurried.work)


@pytest.fixture(autouse=True)
def language() -> Iterator[str]:
    """English, whose texts are the message ids, and back to it after a test that switches."""
    text.use("en")
    yield "en"
    text.use("en")


@pytest.fixture
def chinese(language: str) -> str:
    """The test runs in Chinese."""
    text.use("zh_CN")
    return "zh_CN"


@pytest.fixture(params=text.LANGUAGES)
def each_language(request: pytest.FixtureRequest, language: str) -> str:
    """The test runs once in each language."""
    text.use(request.param)
    return str(request.param)


@pytest.fixture
def circle(tmp_path: Path) -> "Iterator[Circle]":
    """An office alone; a test enrols the laptops it wants."""
    from tests.circle import Circle

    made = Circle(tmp_path)
    yield made
    made.close()


@pytest.fixture
def grids(circle: "Circle") -> tuple[int, int]:
    """Two grids of the office."""
    return circle.office.devices.add_grid("第一网格"), circle.office.devices.add_grid("第二网格")


@pytest.fixture
def grid(grids: tuple[int, int]) -> int:
    """The first of them."""
    return grids[0]


@pytest.fixture
def family(circle: "Circle", grids: tuple[int, int]) -> "Family":
    """A household in the first of them."""
    return circle.family(grids[0])


@pytest.fixture
def laptop(circle: "Circle", grids: tuple[int, int], family: "Family") -> "Workspace":
    """The laptop of the first grid, which has the family and is known to the office."""
    laptop = circle.enrol("周敏", grids[0])
    circle.round(laptop)
    return laptop
