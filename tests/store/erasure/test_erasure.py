"""Forgetting a person in one store: gone from every byte of it, and nothing brings them back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gridworker.errors import NotFound
from gridworker.store import drafts, forgetting, settling
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.erasure import erase, erasures, reapply
from gridworker.store.erasure.eviction import evict
from gridworker.store.health.check import check
from gridworker.store.history import history
from gridworker.store.log import sheaves
from gridworker.store.log.clock import Clock, device
from gridworker.store.log.log import Log
from gridworker.store.log.op import Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.log.sheaves import Sheaves
from gridworker.store.search import search
from gridworker.store.store import Store
from gridworker.store.streams import Aside, Exchange
from gridworker.store.tables.changes import Act
from gridworker.store.undo import undo_batch, undo_last
from gridworker.store.upgrade.reread import reread
from gridworker.store.wish import Wish
from tests.builders import MORNING, Wall, add, batches, edit, make_store, new, pour, remove, take
from tests.pages import found_in

ACT = Act.note("erase", 7)
NAME, PHONE, NOTE, BEFORE = "金丝雀陈", "13800007731", "canary-note-7731", "canary-before-9954"


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path / "laptop", laptop=1, wall=Wall(MORNING + 99))
    yield store
    store.close()


def person(store: Store) -> int:
    """Somebody with a past: an edit, a draft that names them, an op of theirs that was set aside."""
    record = add(store, "resident", name=NAME, phones=PHONE, note=BEFORE)
    edit(store, "resident", record, note=NOTE)
    aside = OpRow(store.new_id(), 6, record, What.EDIT, 0, pack_edits(record, [Edit(1, NAME, (record,))]))
    with store.db.write() as connection:
        body = json.dumps({"words": f"{NAME}要找人", "other": "x"}, ensure_ascii=False).encode()
        drafts.put(connection, "visit:5", body, datetime(2026, 3, 6, tzinfo=UTC))
        drafts.put(connection, f"person:{record}", b"{}", datetime(2026, 3, 6, tzinfo=UTC))
        row = Aside(aside.clk, 6, record, aside.what, 3, 0, aside.vals, "out_of_scope", b"s")
        Exchange(raw_cursor(connection)).set_aside([row])
    return record


def forget(store: Store, record: int) -> None:
    erase(store, [Wish("resident", record)], ACT)


def faults(store: Store) -> list[str]:
    return [fault.sentence for fault in check(store) if fault.serious]


def left(folder: Path) -> set[str]:
    return found_in(folder / "store.db", (NAME, PHONE, NOTE, BEFORE, "jinsiquechen", "jsqc"))


def test_nothing_of_an_erased_person_is_left_in_any_byte(office: Store, tmp_path: Path) -> None:
    record = person(office)
    assert left(tmp_path / "office") >= {NAME, PHONE, NOTE, BEFORE}
    forget(office, record)
    assert office.db.checkpoint()
    assert left(tmp_path / "office") == set()
    assert faults(office) == []


def test_what_only_a_newer_version_can_show_of_a_person_goes_too(office: Store, tmp_path: Path) -> None:
    """Whether they were created with it, or it was written later; and with them, not with a field of theirs."""
    made, edited = office.new_id(), add(office, "resident", name=NAME)
    newer = pack_edits(edited, [Edit(900, BEFORE, (edited,))])
    take(office, [
        OpRow(made, 6, made, What.CREATE, 0, pack_create({1: NAME, 900: NOTE})),
        OpRow(office.new_id(), 6, edited, What.EDIT, 0, newer),
    ])  # fmt: skip
    erase(office, [Wish("resident", record, ("name",)) for record in (made, edited)], ACT)
    assert office.db.checkpoint()
    assert left(tmp_path / "office") == {NOTE, BEFORE}
    erase(office, [Wish("resident", record) for record in (made, edited)], ACT)
    assert office.db.checkpoint()
    assert left(tmp_path / "office") == set()
    assert faults(office) == []


def test_a_thousand_people_are_gone_at_once(office: Store, tmp_path: Path) -> None:
    names = [f"金丝雀{chr(0x4E00 + number)}{chr(0x5000 + number)}" for number in range(1000)]
    people = [new(office, "resident", name=name, note=f"canary-{number}-x") for number, name in enumerate(names)]
    records = [change.record for change in people]
    office.write(people, Act("import", 7))
    edit(office, "resident", records[0], note="later")
    others = [add(office, "resident", name="王秀英") for _ in range(3)]
    erase(office, [Wish("resident", record) for record in records], ACT)
    assert office.db.checkpoint()
    words = [*names[::50], "canary-", "金丝雀"]  # all of them begin so
    assert found_in(tmp_path / "office" / "store.db", words) == set()
    assert found_in(tmp_path / "office" / "store.db", ["王秀英"])
    assert all(office.get("resident", other) for other in others)
    assert faults(office) == []


def test_rows_leave_nothing_where_they_once_lay(office: Store, tmp_path: Path) -> None:
    """What several laptops wrote at one time comes one after the other, so pages are divided and rows are moved."""
    clocks = {laptop: Clock(device(laptop, 0), wall=Wall(MORNING + laptop)) for laptop in range(1, 6)}
    written: dict[int, list[OpRow]] = {laptop: [] for laptop in clocks}
    for number in range(200):
        for laptop, clock in clocks.items():
            name = f"金丝雀{chr(0x4E00 + number)}{laptop}"
            clk, values = clock.next(), {1: name, 13: f"canary-{number}-{laptop}-x"}
            written[laptop].append(OpRow(clk, 6, clk, What.CREATE, 0, pack_create(values)))
    for at in range(0, 200, 40):
        for rows in written.values():
            take(office, rows[at : at + 40])
    people = [row.record for rows in written.values() for row in rows]
    erase(office, [Wish("resident", record) for record in people], ACT)
    assert office.db.checkpoint()
    assert found_in(tmp_path / "office" / "store.db", ["canary-", "金丝雀"]), "the engine leaves copies"
    office.db.write_anew()
    assert office.db.checkpoint()
    assert found_in(tmp_path / "office" / "store.db", ["canary-", "金丝雀"]) == set()
    assert faults(office) == []


@pytest.mark.parametrize(
    ("where", "name"),
    [(search, "purge"), (forgetting, "forget"), (settling, "relink"), (Sheaves, "take_out")],
    ids=lambda value: str(value),
)
def test_the_scan_sees_what_is_left_out(
    office: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    """Planted: one of the places that hold values is passed over."""
    monkeypatch.setattr(sheaves, "FEWEST", 1)
    record = person(office)
    monkeypatch.setattr(where, name, lambda *_: None)
    forget(office, record)
    assert office.db.checkpoint()
    assert left(tmp_path / "office")


def test_a_tombstone_remains(office: Store) -> None:
    record = person(office)
    forget(office, record)
    assert office.get("resident", record) is None
    with office.cursor() as cursor:
        events = history(cursor, record)
        assert [event.what for event in events] == [What.DELETE, What.ERASE, What.EDIT, What.CREATE]
        assert {change.after for event in events[1:] for change in event.changes} <= {None}
        assert [(one.record, one.clk) for one in erasures(cursor)] == [(record, events[1].clk)]


def test_drafts_keep_all_but_the_words_of_the_erased(office: Store) -> None:
    record = person(office)
    forget(office, record)
    with office.db.read() as connection:
        found = {one.name: json.loads(one.body) for one in drafts.find(connection, "")}
    assert found == {"visit:5": {"words": "要找人", "other": "x"}}


def test_a_name_of_two_signs_and_each_of_several_numbers_goes_out_of_drafts(office: Store) -> None:
    """Most names here are as short; and of two numbers whoever types one types that one alone."""
    record = add(office, "resident", name="周敏", phones=f"{PHONE} 13800007732")
    with office.db.write() as connection:
        body = json.dumps({"lines": [{"note": f"周敏 {PHONE}"}, "13800007732"]}, ensure_ascii=False).encode()
        drafts.put(connection, "visit:5", body, datetime(2026, 3, 6, tzinfo=UTC))
    forget(office, record)
    with office.db.read() as connection:
        [draft] = drafts.find(connection, "")
    assert json.loads(draft.body) == {"lines": [{"note": " "}, ""]}


def test_a_draft_about_who_stays_keeps_what_was_not_erased(office: Store) -> None:
    """Of the person one field went; what somebody typed about them is no part of that."""
    record = person(office)
    with office.db.write() as connection:
        drafts.put(connection, f"person:{record}", b'{"sex": "2"}', datetime(2026, 3, 6, tzinfo=UTC))
    erase(office, [Wish("resident", record, ("note",), gone=False)], ACT)
    with office.db.read() as connection:
        (kept,) = [one for one in drafts.find(connection, "person:") if one.name == f"person:{record}"]
    assert json.loads(kept.body) == {"sex": "2"}


def test_single_fields_go_and_the_record_stays(office: Store) -> None:
    record = person(office)
    erase(office, [Wish("resident", record, ("note",), gone=False)], ACT)
    values = office.get("resident", record) or {}
    assert (values["name"], values["note"]) == (NAME, None)
    assert faults(office) == []
    edit(office, "resident", record, note="neu")
    assert (office.get("resident", record) or {})["note"] == "neu"
    reread(office.db)
    assert (office.get("resident", record) or {})["note"] == "neu"
    assert faults(office) == []


def test_a_record_that_never_was_here_cannot_be_erased(office: Store) -> None:
    with pytest.raises(NotFound):
        forget(office, 12345)


def test_a_deleted_person_can_be_erased(office: Store, tmp_path: Path) -> None:
    record = person(office)
    remove(office, "resident", record)
    forget(office, record)
    assert office.db.checkpoint()
    assert left(tmp_path / "office") == set()
    assert office.get("resident", record) is None, "it stays deleted"


@pytest.mark.parametrize("again", [Wish("resident", 0), Wish("resident", 0, ("note",), gone=False)])
def test_who_was_erased_stays_deleted_when_more_of_them_is_erased(office: Store, again: Wish) -> None:
    record = person(office)
    forget(office, record)
    erase(office, [again._replace(record=record)], Act("erase", 1))
    assert office.get("resident", record) is None
    assert [fault for fault in check(office) if fault.serious] == []


def test_undo_does_not_bring_back(office: Store) -> None:
    record = person(office)
    edit(office, "resident", record, who=7, note="dritte")
    with office.cursor() as cursor:
        cursor.execute("SELECT max(no) FROM batch")
        newest = cursor.fetchone()[0]
    forget(office, record)
    assert undo_last(office, 7).kept  # the edit before it, whose values are gone
    for no in (newest, newest + 1):
        with pytest.raises(NotFound) if no > newest else pytest.MonkeyPatch.context():
            undo_batch(office, no, 7)
    assert office.get("resident", record) is None
    assert faults(office) == []


def test_it_travels_and_an_old_bundle_does_not_undo_it(office: Store, laptop: Store, tmp_path: Path) -> None:
    record = person(office)
    pour(office, laptop)
    old = batches(office)
    edit(laptop, "resident", record, note=f"{NAME} unterwegs", phones=PHONE)
    forget(office, record)
    pour(laptop, office)  # written without having seen it
    assert office.get("resident", record) is None
    pour(office, laptop)
    for rows, authors in old:
        assert take(laptop, rows, authors).forks == ()
    for store, folder in ((office, "office"), (laptop, "laptop")):
        assert store.get("resident", record) is None
        assert store.db.checkpoint()
        assert left(tmp_path / folder) == set(), folder
        assert faults(store) == []
        with store.db.read() as connection:
            assert not search.find(connection, NAME)
            assert not connection.exec_driver_sql("SELECT 1 FROM conflict").fetchall()


def test_what_was_written_in_sight_of_one_erasure_goes_with_the_next(
    office: Store, laptop: Store, tmp_path: Path
) -> None:
    """The laptop had heard of the first alone, and whichever of the two comes first to the other ends the same."""
    record = person(office)
    wish = Wish("resident", record, ("note",), gone=False)
    erase(office, [wish], ACT)
    pour(office, laptop)
    edit(laptop, "resident", record, note=NOTE)
    erase(office, [wish], ACT)
    pour(laptop, office)
    pour(office, laptop)
    for store, folder in ((office, "office"), (laptop, "laptop")):
        assert (store.get("resident", record) or {})["note"] is None
        assert store.db.checkpoint()
        assert NOTE not in left(tmp_path / folder), folder
        assert faults(store) == []
    edit(laptop, "resident", record, note="neu")
    pour(laptop, office)
    assert (office.get("resident", record) or {})["note"] == "neu", "that was written in sight of both"


def test_an_erasure_may_come_before_what_it_erases(office: Store, laptop: Store, tmp_path: Path) -> None:
    record = person(office)
    forget(office, record)
    with office.cursor() as cursor:
        erasure = next(row for rows in Log(cursor).ops() for row in rows if row.what == What.ERASE)
    take(laptop, [erasure._replace(author=0)])
    with laptop.cursor() as cursor:
        assert not Log(cursor).awaited()  # it is not for everybody to have what was erased
    assert faults(laptop) == []
    whole = [row for rows, _ in batches(office) for row in rows]
    assert whole
    pour(office, laptop)
    assert laptop.get("resident", record) is None
    assert faults(laptop) == []
    laptop.db.checkpoint()
    assert left(tmp_path / "laptop") == set()


def test_what_was_written_in_sight_of_it_stays(office: Store, laptop: Store) -> None:
    record = person(office)
    erase(office, [Wish("resident", record, ("note",), gone=False)], ACT)
    pour(office, laptop)
    edit(laptop, "resident", record, note="neu")
    edit(laptop, "resident", record, note="noch neuer")
    pour(laptop, office)
    assert (office.get("resident", record) or {})["note"] == "noch neuer"
    assert faults(office) == []


def test_a_late_op_is_set_aside_without_its_values(office: Store, tmp_path: Path) -> None:
    record = person(office)
    forget(office, record)
    vals = pack_edits(record, [Edit(1, NAME, (record,))])
    with office.db.write() as connection:
        tables_ = Exchange(raw_cursor(connection))
        tables_.set_aside([Aside(99, 6, record, What.EDIT, 3, 0, vals, "out_of_scope", b"late")])
        tables_.set_aside([Aside(98, 6, record, What.EDIT, 3, 0, b"\xc1" + NAME.encode(), "malformed", b"late")])
    assert office.db.checkpoint()
    assert left(tmp_path / "office") == set()


def test_an_erasure_that_an_older_version_did_not_know_of_counts_after_the_upgrade(office: Store) -> None:
    record = person(office)
    old = [row for rows, _ in batches(office) for row in rows if row.record == record]
    forget(office, record)
    with office.cursor() as cursor:
        before = erasures(cursor)
    with office.db.write() as connection:
        raw_cursor(connection).execute("DELETE FROM erased")
    reread(office.db)
    with office.cursor() as cursor:
        assert erasures(cursor) == before != []
    take(office, old)
    assert office.get("resident", record) is None
    assert faults(office) == []


def test_an_evicted_record_stays_erased(office: Store, laptop: Store, tmp_path: Path) -> None:
    record = person(office)
    pour(office, laptop)
    old = batches(office)
    forget(office, record)
    pour(office, laptop)
    evict(laptop, [record], Act("evict", 7))
    assert faults(laptop) == []
    for rows, authors in old:
        take(laptop, rows, authors)
    laptop.db.checkpoint()
    assert left(tmp_path / "laptop") == set()
    assert faults(laptop) == []


def test_a_store_set_back_to_before_the_erasure_erases_again(office: Store, laptop: Store, tmp_path: Path) -> None:
    """It knows of one before."""
    forget(office, person(office))
    record = person(office)
    pour(office, laptop)  # the laptop stands for the copy
    forget(office, record)
    with office.cursor() as cursor:
        known = erasures(cursor)
    assert reapply(laptop, known, ACT) is not None
    assert reapply(laptop, known, ACT) is None
    laptop.db.checkpoint()
    assert left(tmp_path / "laptop") == set()
    assert faults(laptop) == []
    reread(laptop.db)
    assert (laptop.get("resident", record) or {})["name"] is None  # the deletion is on its way back
    pour(office, laptop)
    assert laptop.get("resident", record) is None
    assert faults(laptop) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM erased",
        "UPDATE op SET vals = x'9201a178' WHERE clk = (SELECT min(record) FROM erased)",
    ],
)
def test_the_check_finds_what_came_back(office: Store, statement: str) -> None:
    forget(office, person(office))
    with office.db.write() as connection:
        assert connection.exec_driver_sql(statement).rowcount
    assert "erasures" in {fault.where for fault in check(office)}
