"""The shared folder in the window: chosen on a page, looked into by itself, told in words."""

import errno

import pytest
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.page import Shell
from gridworker.gui.pages.devices import DevicesPage
from gridworker.gui.pages.sync import SyncPage
from gridworker.gui.watching.folderwatch import FolderWatch
from tests.circle import Circle, made_visit, write_ahead
from tests.gui.seen import clipped, settle, unnamed


@pytest.fixture
def laptop(circle: Circle) -> Workspace:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    made_visit(laptop, family.household)
    return laptop


def shown(page: SyncPage | DevicesPage, qtbot: QtBot) -> None:
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    qtbot.waitExposed(page)
    settle(qtbot)


def test_a_folder_is_chosen_and_bundles_come_and_go(circle: Circle, laptop: Workspace, qtbot: QtBot) -> None:
    page = SyncPage(laptop, Shell())
    shown(page, qtbot)
    assert not page.shared.card.stop.isVisible()
    page.shared.watch(circle.stick)
    settle(qtbot)
    assert page.shared.card.place.text() == str(circle.stick)
    assert list(circle.stick.glob("01-1-*.gwb"))
    assert page.shared.card.stop.isVisible()
    assert not clipped(page)
    assert not unnamed(page)
    page.shared.card.stop.click()
    settle(qtbot)
    assert laptop.watched.folder is None


def test_the_office_has_the_same_card_and_says_what_is_damaged(circle: Circle, laptop: Workspace, qtbot: QtBot) -> None:
    laptop.watched.watch(circle.stick)
    [path] = laptop.watched.look().packed
    path.write_bytes(path.read_bytes()[:-3])
    page = DevicesPage(circle.office, Shell())
    shown(page, qtbot)
    page.shared.watch(circle.stick)
    settle(qtbot)
    assert "1 bundle is not whole yet" in page.shared.card.state.text()
    circle.clock.move(minutes=5)
    page.shared.card.now.click()
    settle(qtbot)
    assert path.name in page.shared.card.state.text()
    assert not clipped(page)


def test_the_card_says_that_something_of_a_newer_version_came(circle: Circle, laptop: Workspace, qtbot: QtBot) -> None:
    write_ahead(laptop, laptop.records.page("resident")[0].id)
    laptop.exchange.pack(circle.stick)
    page = DevicesPage(circle.office, Shell())
    shown(page, qtbot)
    page.shared.watch(circle.stick)
    settle(qtbot)
    looked, newer = page.shared.card.state.text().splitlines()
    assert looked.startswith("Looked into")
    assert newer.startswith("3 entries of a newer version came too")
    assert not clipped(page)


def test_a_folder_that_is_gone_is_a_sentence(circle: Circle, laptop: Workspace, qtbot: QtBot) -> None:
    page, share = SyncPage(laptop, Shell()), circle.folder / "share"
    share.mkdir()
    shown(page, qtbot)
    page.shared.watch(share)
    settle(qtbot)
    for file in share.iterdir():
        file.unlink()
    share.rmdir()
    page.shared.look()
    settle(qtbot)
    assert "out of reach" in page.shared.card.state.text()


def test_a_share_that_cannot_be_read_any_more_is_not_called_looked_into(
    circle: Circle, laptop: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = SyncPage(laptop, Shell())
    shown(page, qtbot)
    page.shared.watch(circle.stick)
    settle(qtbot)
    made_visit(laptop, laptop.records.page("household")[0].id)

    def stale(*_folder: object) -> None:
        raise OSError(errno.ESTALE, "Stale file handle")

    with monkeypatch.context() as away:
        away.setattr("os.scandir", stale)
        page.shared.look()
        settle(qtbot)
    assert "out of reach" in page.shared.card.state.text()
    page.shared.look()
    settle(qtbot)
    assert page.shared.card.state.text().startswith("Looked into")
    assert len(list(circle.stick.glob("01-*.gwb"))) == 2, "what was written meanwhile went too"


def test_it_looks_by_itself_while_a_desk_is_open(circle: Circle, laptop: Workspace, qtbot: QtBot) -> None:
    laptop.watched.watch(circle.stick)
    shell = Shell()
    watch = FolderWatch(laptop, shell)
    with qtbot.waitSignal(shell.folder_looked, timeout=5000):
        watch.look()
    settle(qtbot)
    [first] = circle.stick.glob("01-1-*.gwb")
    shell.closing.emit()
    first.unlink()
    laptop.watched.watch(circle.stick)
    watch.look()
    settle(qtbot)
    assert laptop.watched.last is None
