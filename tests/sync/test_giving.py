"""What a laptop gave back it may go through for what was erased; what it could not give, it still has to."""

from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import raw_cursor
from gridworker.store.meta import Meta
from gridworker.store.streams import Exchange
from gridworker.sync.format import canonical
from gridworker.sync.format.asks import Ask
from gridworker.sync.format.header import Header, kept_header
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.parts import Purpose
from gridworker.sync.returning import giving, returns
from gridworker.sync.returning.answered import Answered, Answering
from gridworker.sync.returning.giving import give
from gridworker.sync.returning.returns import Given
from tests.circle import Circle


@pytest.fixture
def laptop(circle: Circle) -> Workspace:
    """One that had several replies, and is asked for all of them."""
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    for number in range(4):
        circle.office.records.save("household", {"remark": f"第{number}次"}, family.household)
        circle.round(laptop)
    with laptop.session.store.settings() as settings:
        asked = Ask(settings.number("office_device"), 0)
        settings.set(giving.ASKS, canonical.pack([asked.thing()]))
        settings.forget_secret(giving.KIT)
    return laptop


def replies(laptop: Workspace) -> list[tuple[Header, Path]]:
    """What it had from the office, oldest first."""
    with laptop.session.store.cursor() as cursor:
        rows = Exchange(cursor).bundles(outgoing=False)
    archive = laptop.session.folder.archive
    return sorted(((kept_header(row.header), archive / row.path) for row in rows), key=lambda one: one[0].upto)


def gives(laptop: Workspace) -> Given:
    session = laptop.session
    with session.store.db.read() as connection:
        keys = DeviceKeys.parse(Meta(raw_cursor(connection)).secret("device_keys") or b"")
        return give(connection, session.folder, keys)


def kept(laptop: Workspace) -> Answered:
    """What counts as answered."""
    with laptop.session.store.cursor() as cursor:
        return Answered.of(Exchange(cursor), Meta(cursor))


def answered(circle: Circle, laptop: Workspace) -> Answered:
    """What counts as answered once the office has taken in what the laptop gives now, and still asks for all."""
    circle.hand_in(laptop)
    with laptop.session.store.settings() as settings:
        asks = settings.blob(giving.ASKS)
    circle.reply(laptop)
    with laptop.session.store.settings() as settings:
        settings.set(giving.ASKS, asks)
    return kept(laptop)


def test_a_reply_that_could_not_be_read_is_not_answered_and_all_others_are(circle: Circle, laptop: Workspace) -> None:
    had = replies(laptop)
    assert len({header.upto for header, _ in had}) == len(had) > 2
    unread = had[1]
    unread[1].write_bytes(b"a disk that fails")
    done = answered(circle, laptop)
    assert [header for header, _ in had if not done.holds(header)] == [unread[0]]


def test_what_had_room_is_answered_though_all_had_not_and_the_rest_goes_with_the_next(
    circle: Circle, laptop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the office asks for all of it."""
    had = replies(laptop)
    monkeypatch.setattr(returns, "SOFT", 1)
    for done in range(1, len(had) + 1):
        assert len(gives(laptop).inner) == 1
        told = answered(circle, laptop)
        assert [header for header, _ in had if told.holds(header)] == [header for header, _ in had[:done]]
    new = len(replies(laptop)) - len(had)
    for _ in range(new):  # what came meanwhile is asked for here too
        assert len(gives(laptop).inner) == 1
        answered(circle, laptop)
    assert gives(laptop).reaches[0].n >= had[-1][0].upto


def test_what_no_receipt_can_tell_of_was_not_taken_in(
    circle: Circle, laptop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gift so large that no op had room beside it is lost; the reply that comes next says nothing of it."""
    monkeypatch.setattr(returns, "SOFT", 1)
    first = gives(laptop).inner
    assert gives(laptop).large
    laptop.exchange.pack(circle.stick)
    circle.reply(laptop)
    with laptop.session.store.settings() as settings:
        settings.set(giving.ASKS, canonical.pack([Ask(0, 0).thing()]))
    assert kept(laptop) == Answered()
    assert gives(laptop).inner == first


def test_what_one_life_of_the_office_has_another_may_have_lost(
    circle: Circle, laptop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returns, "SOFT", 1)
    first = gives(laptop).inner
    answered(circle, laptop)
    laptop.exchange.pack(circle.stick)
    assert kept(laptop) != Answered()
    assert gives(laptop).inner != first
    with laptop.session.store.settings() as settings:
        settings.set("office_device", settings.number("office_device") + 1)
    assert kept(laptop) == Answered()
    assert gives(laptop).inner == first


def test_what_no_bundle_can_carry_holds_nothing_up(laptop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returns, "HARD", 1)
    given = gives(laptop)
    assert given.inner == ()
    assert given.answers == (returns.Stretch(0, 0, replies(laptop)[-1][0].upto),)


@drawn(st.integers(0, 3), st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=8))
def test_answered_is_what_was_read_and_nothing_else(low: int, offered: list[tuple[int, bool]]) -> None:
    """Of two that reach as far both have to have been read."""
    offered = sorted((upto, read) for upto, read in offered if upto > low)
    telling = Answering(Ask(0, low))
    for upto, read in offered:
        telling.add(upto, is_done=read)
    told = Answered(tuple(telling.stretches()))
    unread = {upto for upto, read in offered if not read}
    for upto, _ in offered:
        header = Header(
            purpose=Purpose.BUNDLE, community="420204001006", sender=0, recipient=64, n=1, time="2026-03-18T01:42:00Z",
            upto=upto,
        )  # fmt: skip
        assert told.holds(header) == (upto not in unread)
