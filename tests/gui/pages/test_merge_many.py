"""The merge inbox where very much waits: what is read at once is what is shown at once."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gridworker.app.inbox import conflict_views, merge
from gridworker.app.inbox.conflict_views import Arrival
from gridworker.gui.page import Shell
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.pages.merge.found import Found
from gridworker.gui.pages.merge.inbox import Inbox
from gridworker.gui.widgets.rows import Section
from gridworker.gui.widgets.state import LoadingPanel
from tests.app.inbox.test_asides import NEW, write_anyway
from tests.circle import Circle
from tests.gui.pages.test_merge import rows, shown
from tests.gui.seen import settle, unnamed

MANY = 4


@pytest.fixture
def people(circle: Circle) -> list[int]:
    """Residents whom the office and a laptop both changed; the laptop is number 1."""
    grid = circle.office.devices.add_grid("第一网格")
    people = [circle.family(grid, f"10{number}", f"陈建{number}").resident for number in range(MANY)]
    laptop = circle.enrol("周敏", grid)
    for number, one in enumerate(people):
        laptop.records.save("resident", {"phones": f"1380000012{number}"}, one)
        circle.office.records.save("resident", {"phones": f"1380000035{number}"}, one)
    return people


@pytest.fixture
def bundle(circle: Circle, people: list[int]) -> Path:
    del people
    return circle.opened["laptop-1"].exchange.pack(circle.stick)


@pytest.fixture
def page(circle: Circle, bundle: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MergePage:
    """The page after the bundle came, of which one conflict is told at a time."""
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    monkeypatch.setattr("gridworker.gui.pages.merge.found.TOLD", 1)
    monkeypatch.setattr("gridworker.gui.pages.merge.reading.AHEAD", 1)
    circle.office.exchange.merge(bundle)
    return shown(circle, qtbot)


def titled(page: MergePage) -> str:
    deciding = page.deciding()
    return deciding.conflict.title if deciding else ""


def test_of_many_conflicts_those_are_told_that_are_looked_at(
    page: MergePage, circle: Circle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, tell = list[int](), conflict_views.conflicts_of

    def telling(connection: object, found: Sequence[object]) -> object:
        told.append(len(found))
        return tell(connection, found)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(merge, "conflicts_of", telling)
    page.refresh({})
    settle(qtbot)
    assert told
    assert max(told) == 1
    assert titled(page) == "3栋1单元100 陈建0"
    assert page.detail.conflict.place.text() == f"1 of {MANY}"
    assert circle.office.merge.count() == MANY


def test_the_next_conflict_is_read_when_somebody_goes_on_to_it(page: MergePage, qtbot: QtBot) -> None:
    """Nothing can be decided on the one before meanwhile."""
    page.keep(0)
    page.step(1)
    assert page.deciding() is None
    assert page.detail.conflict.title.text() == "Reading what disagrees"
    page.keep(0)
    page.settle()
    settle(qtbot)
    assert titled(page) == "3栋1单元101 陈建1"
    deciding = page.deciding()
    assert deciding is not None
    assert deciding.left() == 1
    page.step(-1)
    assert titled(page) == "3栋1单元100 陈建0", "what was read stays until the page is read again"
    deciding = page.deciding()
    assert deciding is not None
    assert deciding.left() == 0, "and so does what was decided"


def test_who_settles_one_goes_on_with_the_next(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    for number in range(MANY):
        assert titled(page) == f"3栋1单元10{number} 陈建{number}"
        page.keep(1)
        page.settle()
        settle(qtbot)
    assert circle.office.merge.count() == 0
    assert page.deciding() is None


def test_a_conflict_that_was_settled_meanwhile_is_not_shown(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    second = page.conflicts()[1]
    circle.office.merge.resolve(second.kind, second.record, {"phones": "13844440001"})
    page.step(1)
    settle(qtbot)
    assert titled(page) == "3栋1单元102 陈建2"
    assert len(page.conflicts()) == MANY - 1


def test_what_came_is_listed_before_it_is_counted_and_says_so(
    page: MergePage, circle: Circle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.pages.merge.found.MANY", 0)
    begun = list[Found]()
    whole = Found.read(circle.office, (), begun.append, begins=True)  # type: ignore[arg-type]  # it is told what it is
    assert [(one.counted, len(one.arrivals), one.arrivals[0].conflicts) for one in begun] == [(False, 1, ())]
    assert (whole.counted, len(whole.arrivals[0].conflicts)) == (True, MANY)
    page._show_found(begun[0])
    assert [one.title for one in page.inbox.list._rows._items if isinstance(one, Section)] == [
        "Looking for what disagrees"
    ]
    (row,) = rows(page)
    assert row.right_chip is None, "nobody knows yet whether it is merged or waits"
    assert unnamed(page) == []
    page._show_found(whole)
    assert [row.right_chip.text for row in rows(page) if row.right_chip] == [f"{MANY} conflicts"]
    fresh = shown(circle, qtbot)
    assert titled(fresh) == "3栋1单元100 陈建0"


def test_before_it_is_counted_nothing_is_said_of_a_bundle(
    page: MergePage, circle: Circle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the page is opened; what stands there counted stays while it is read again."""
    monkeypatch.setattr("gridworker.gui.pages.merge.found.MANY", 0)
    begun, show_begun = list[bool](), Inbox.show_begun

    def seen(inbox: Inbox, arrivals: Sequence[Arrival], today: date) -> None:
        show_begun(inbox, arrivals, today)
        inbox.list.choose(inbox.list.rows()[0].key)
        (fresh,) = (one for one in opened if one.inbox is inbox)
        begun.append(isinstance(fresh._right.currentWidget(), LoadingPanel))

    monkeypatch.setattr(Inbox, "show_begun", seen)
    opened = [MergePage(circle.office, Shell())]
    qtbot.addWidget(opened[0])
    opened[0].show()
    settle(qtbot)
    assert begun == [True]
    assert titled(opened[0]) == "3栋1单元100 陈建0"
    opened[0].refresh({})
    settle(qtbot)
    assert begun == [True]
    assert page.deciding() is not None


def test_what_was_asked_for_before_the_page_was_read_again_is_not_shown(
    page: MergePage, circle: Circle, qtbot: QtBot
) -> None:
    """It is older than what is shown: another side may have come."""
    elder = circle.office.merge.told(page.conflicts()[1:2])
    settling = page._settling
    settling.take(page._found.told)
    settling.show(page.conflicts(), 1)
    settling._on_told(settling._turn - 1, page.conflicts(), 1, elder)
    assert page.deciding() is None
    settle(qtbot)
    assert titled(page) == "3栋1单元101 陈建1"


def test_more_of_what_was_set_aside_is_read_when_it_is_looked_at(
    circle: Circle, people: list[int], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of very much the first changes are listed at once, and as many as are listed of a bundle after that."""
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    monkeypatch.setattr("gridworker.gui.pages.merge.found.SHOWN", MANY - 1)
    monkeypatch.setattr("gridworker.gui.pages.merge.found.AT_ONCE", 1)
    other = circle.office.devices.add_grid("第二网格")
    strangers = [circle.family(other, f"90{number}", f"王秀{number}").resident for number in range(MANY)]
    laptop = circle.opened["laptop-1"]
    for one in strangers:
        write_anyway(laptop, one, NEW)
    circle.hand_in(laptop)
    page = shown(circle, qtbot)
    assert len(page._found.aside) == 1
    page.detail.tabs.chosen.emit("aside")
    card = page.detail.aside
    assert [row.key for row in card.list.rows()] == [one.id for one in circle.office.asides.waiting()][: MANY - 1]
    assert card.more.text() == f"Listed: the first {MANY - 1} of {MANY}"
    card.list.choose(card.list.rows()[1].key)
    page.refresh({})
    settle(qtbot)
    assert card.list.current_key() == card.list.rows()[1].key, "whoever reads on stays where they are"
    assert len(people) == MANY
