"""What a verdict does to the record it is about: the value before, the history, undo, and the verdict after it."""

from pathlib import Path

import pytest

from gridworker.errors import NotFound
from gridworker.store.health.check import check
from gridworker.store.history import history
from gridworker.store.log.op import Author, What
from gridworker.store.log.verdicts import Ruling, Verdict
from gridworker.store.store import Incoming, Store
from gridworker.store.tables.changes import Act
from gridworker.store.undo import undo_batch, undo_last
from tests.builders import add, edit, make_store, pour, take

WHO = 7


@pytest.fixture
def office(tmp_path: Path) -> Store:
    return make_store(tmp_path / "office")


@pytest.fixture
def laptop(tmp_path: Path) -> Store:
    return make_store(tmp_path / "laptop", laptop=3)


@pytest.fixture
def resident(office: Store, laptop: Store) -> int:
    """One of the office, on the laptop too."""
    made = add(office, "resident", who=WHO, name="陈建国")
    pour(office, laptop)
    return made


def newest(store: Store, record: int) -> int:
    with store.cursor() as cursor:
        return next(event.clk for event in history(cursor, record) if event.what != What.VERDICT)


def rule(office: Store, on: int, record: int, ruling: Ruling, note: str = "", replaces: tuple[int, ...] = ()) -> int:
    verdict = Verdict(office.new_id(), on, record, 6, ruling, note, replaces)
    office.apply(Incoming([verdict.row(0)], [Author(WHO, 0)], Act("verdict", WHO)))
    return verdict.op


def name(store: Store, record: int) -> object:
    values = store.get("resident", record)
    return values and values["name"]


@pytest.mark.parametrize("verdict_first", [True, False])
def test_a_refused_edit_gives_the_value_before_back_on_every_device(
    office: Store, laptop: Store, resident: int, *, verdict_first: bool
) -> None:
    edit(laptop, "resident", resident, name="陈国强")
    on = newest(laptop, resident)
    if verdict_first:
        rule(office, on, resident, Ruling.REFUSED)
        pour(laptop, office)
    else:
        pour(laptop, office)
        assert name(office, resident) == "陈国强"
        rule(office, on, resident, Ruling.REFUSED)
    pour(office, laptop)
    pour(laptop, office)
    assert name(office, resident) == name(laptop, resident) == "陈建国"
    assert not check(office)
    assert not check(laptop)


def test_a_refused_creation_is_gone_and_comes_back_with_the_next_verdict(office: Store, laptop: Store) -> None:
    made = add(laptop, "resident", who=WHO, name="陈建国")
    pour(laptop, office)
    first = rule(office, made, made, Ruling.REFUSED)
    assert name(office, made) is None
    with pytest.raises(NotFound):
        edit(office, "resident", made, name="陈国强")
    rule(office, made, made, Ruling.VOUCHED, replaces=(first,))
    assert name(office, made) == "陈建国"
    pour(office, laptop)
    assert name(laptop, made) == "陈建国"
    assert not check(office)


@pytest.mark.parametrize("vouched_before", [False, True])
def test_the_history_of_a_refused_creation_can_be_opened(office: Store, laptop: Store, *, vouched_before: bool) -> None:
    made = add(laptop, "resident", who=WHO, name="陈建国")
    pour(laptop, office)
    before = (rule(office, made, made, Ruling.VOUCHED),) if vouched_before else ()
    rule(office, made, made, Ruling.REFUSED, replaces=before)
    pour(office, laptop)
    for store in (office, laptop):
        with store.cursor() as cursor:
            assert [e.clk for e in history(cursor, made, "resident") if e.refused] == [made]
            assert not history(cursor, made, "household")


def test_what_was_not_accepted_stays_in_the_history_and_says_so(office: Store, laptop: Store, resident: int) -> None:
    edit(laptop, "resident", resident, name="陈国强")
    on = newest(laptop, resident)
    pour(laptop, office)
    rule(office, on, resident, Ruling.REFUSED, "写错了人")
    with office.cursor() as cursor:
        events = {event.clk: event for event in history(cursor, resident)}
    assert events[on].refused
    assert [change.after for change in events[on].changes] == ["陈国强"]
    assert not any(change.current for change in events[on].changes)
    told = [event for event in events.values() if event.what == What.VERDICT]
    assert [(event.note, event.refused, event.changes) for event in told] == [("写错了人", False, ())]
    assert [event.refused for event in events.values()].count(True) == 1


def test_taking_back_a_bundle_leaves_verdicts_and_what_they_judged_alone(
    office: Store, laptop: Store, resident: int
) -> None:
    edit(laptop, "resident", resident, name="陈国强")
    edit(laptop, "resident", resident, phones="13800000142")
    with laptop.cursor() as cursor:
        named = next(e.clk for e in history(cursor, resident) if [c.field for c in e.changes] == ["name"])
    rule(office, named, resident, Ruling.REFUSED)
    commit = pour(laptop, office)
    undone = undo_batch(office, commit.batch, WHO)
    assert undone.kept == 0
    values = office.get("resident", resident)
    assert values is not None
    assert (values["name"], values["phones"]) == ("陈建国", None)


def test_undo_passes_a_verdict_over(office: Store, resident: int) -> None:
    edit(office, "resident", resident, who=WHO, phones="13800000142")
    rule(office, newest(office, resident), resident, Ruling.VOUCHED)
    assert undo_last(office, WHO).act == "edit"


def test_a_verdict_of_a_laptop_binds_nobody(laptop: Store, resident: int) -> None:
    edit(laptop, "resident", resident, name="陈国强")
    verdict = Verdict(laptop.new_id(), newest(laptop, resident), resident, 6, Ruling.REFUSED)
    take(laptop, [verdict.row(0)])
    assert name(laptop, resident) == "陈国强"
    assert Verdict.of(verdict.row(0)) is None
