"""What every test of the window gets: the application dressed in light at 100%, and the same look afterwards."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from gridworker.gui import background
from gridworker.gui.look import theme as themes
from gridworker.gui.person.writtenanew import WrittenAnew
from tests.circle import Circle


@pytest.fixture(scope="session")
def fusion(qapp: QApplication) -> None:
    """The style below the style sheet, as ``start`` chooses it; setting it again dresses every widget anew."""
    qapp.setStyle("Fusion")


@pytest.fixture(autouse=True)
def dressed(fusion: None) -> Iterator[themes.Look]:
    """The look of the application; whatever a test does to it is undone."""
    look = themes.look()
    look.use("light", 1.0)
    yield look
    background.wait()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.unfreeze()  # what the program takes for lasting is that of one test here
    look.use("light", 1.0)


@pytest.fixture(params=[1.0, 1.25, 1.5], ids=["100%", "125%", "150%"])
def each_scale(request: pytest.FixtureRequest, dressed: themes.Look) -> float:
    """The test runs once at each text size."""
    dressed.use(scale=request.param)
    return float(request.param)


@pytest.fixture(params=["light", "dark"])
def each_mode(request: pytest.FixtureRequest, dressed: themes.Look) -> str:
    """The test runs once in light and once in dark."""
    dressed.use(request.param)
    return str(request.param)


@pytest.fixture
def circle(circle: Circle) -> Iterator[Circle]:
    """The circle, closed only when nothing works in the background any more."""
    yield circle
    background.wait()


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, bool]]:
    """How far a writing anew was said to be, and whether that was seen."""
    told: list[tuple[float, bool]] = []
    show_share = WrittenAnew.show_share

    def telling(self: WrittenAnew, share: float) -> None:
        show_share(self, share)
        told.append((share, self.isVisible()))

    monkeypatch.setattr(WrittenAnew, "show_share", telling)
    return told
