"""The one way values get into a record: cleaned, checked, and named when at fault."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import Invalid, Problem
from gridworker.record import (
    MAX_INTEGER,
    CodeList,
    Kind,
    Privacy,
    Record,
    Type,
    Value,
    clean_text,
    field,
)
from gridworker.store.tables.fitting import fits
from gridworker.text import Label

COLOURS = CodeList(
    "colour",
    {"r": Label("Red"), "g": Label("Green"), "b": Label("Blue"), "x": Label("Gone")},
    retired=frozenset({"x"}),
    first=("b",),
)


def _upper(text: str) -> str:
    if "?" in text:
        raise Problem("No questions.")
    return text.upper().removesuffix("EMPTY")


class RecordUnderTest(Record, table=True):
    """One field of each type."""

    kind: ClassVar[Kind] = Kind(900, Label("Thing"), Label("Things"), caption=("name", "count"))

    count: int | None = field(5, Label("Count"), Type.NUMBER)
    name: str | None = field(1, Label("Name"), required=True, max_length=5, search=True)
    note: str | None = field(2, Label("Note"), Type.NOTE, privacy=Privacy.PERSONAL)
    code: str | None = field(3, Label("Colour"), Type.CODE, codes=COLOURS)
    codes: str | None = field(4, Label("Colours"), Type.CODES, codes=COLOURS)
    marks: str | None = field(6, Label("Marks"), Type.MARKS, codes=COLOURS)
    flag: int | None = field(7, Label("Flag"), Type.FLAG)
    day: str | None = field(8, Label("Day"), Type.DAY)
    at: str | None = field(9, Label("At"), Type.MOMENT)
    other_id: int | None = field(10, Label("Other"), Type.REF, ref="record_under_test")
    loud: str | None = field(11, Label("Loud"), check=_upper)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Never three."""
        return {"count": Problem("Not three.")} if values.get("count") == 3 else {}


SPECS = RecordUnderTest.kind.specs


def faults(values: dict[str, object], *, partial: bool = True) -> set[str]:
    with pytest.raises(Invalid) as caught:
        RecordUnderTest.checked(values, partial=partial)
    return set(caught.value.faults)


def test_kind_is_filled_from_its_class() -> None:
    kind = RecordUnderTest.kind
    assert kind.name == "record_under_test" == RecordUnderTest.__tablename__
    assert list(kind.specs) == [
        "name", "note", "code", "codes", "count", "marks", "flag", "day", "at", "other_id", "loud",
    ]  # fmt: skip
    assert kind.numbered[5] is kind.specs["count"]
    assert kind.specs["note"].max_length == 2000
    assert kind.specs["note"].privacy is Privacy.PERSONAL
    assert "id" not in kind.specs


@pytest.mark.parametrize(("first", "second"), [(1, 1), (0, 1)])
def test_numbers_are_unique_and_above_zero(first: int, second: int) -> None:
    with pytest.raises(TypeError, match="field numbers"):

        class Wrong(Record):
            kind: ClassVar[Kind] = Kind(901, Label("X"), Label("X"), caption=("a",))

            a: str | None = field(first, Label("A"))
            b: str | None = field(second, Label("B"))


def test_codes_are_offered_short_list_first_and_without_retired_ones() -> None:
    assert COLOURS.offered == ("b", "r", "g")
    assert "x" in COLOURS
    assert COLOURS.label("r") == "Red"
    assert COLOURS.label("newer") == "newer"


@pytest.mark.parametrize(
    ("name", "given_value", "stored"),
    [
        ("name", "  a\u200b  b ", "a b"),
        ("name", "", None),
        ("note", "a  \r\n b\r", "a\n b"),
        ("note", " \n ", None),
        ("count", " 12 ", 12),
        ("count", "-3", -3),
        ("flag", True, 1),
        ("flag", "0", 0),
        ("day", date(2026, 3, 18), "2026-03-18"),
        ("day", " 2026-03-18 ", "2026-03-18"),
        ("at", datetime(2026, 3, 18, 1, tzinfo=UTC), "2026-03-18T01:00:00Z"),
        ("at", "2026-03-18T09:42+08:00", "2026-03-18T01:42:00Z"),
        ("at", "2026-03-18T01:42:00Z", "2026-03-18T01:42:00Z"),
        ("code", "x", "x"),
        ("codes", "r b r", "b r"),
        ("codes", ["g"], "g"),
        ("codes", (), None),
        ("marks", {"gas": "r", "abc": "g"}, "abc=g gas=r"),
        ("marks", "gas=r", "gas=r"),
        ("marks", {}, None),
        ("other_id", "77", 77),
        ("loud", "abc", "ABC"),
        ("loud", "empty", None),
        ("loud", None, None),
    ],
)
def test_values_as_stored(name: str, given_value: object, stored: Value) -> None:
    partial = {name: given_value}
    if name == "name" and stored is None:
        assert faults(partial) == {"name"}
    else:
        assert RecordUnderTest.checked(partial, partial=True) == {name: stored}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "123456"),
        ("name", 5),
        ("name", "\ud800"),
        ("name", "\u200b"),
        ("count", "1.5"),
        ("count", True),
        ("count", MAX_INTEGER + 1),
        ("flag", "yes"),
        ("day", "18.3.2026"),
        ("day", "2026-02-30"),
        ("at", "2026-03-18T09:42"),
        ("at", "soon"),
        ("code", "q"),
        ("code", 1),
        ("codes", "r q"),
        ("codes", 4),
        ("marks", {"gas": "q"}),
        ("marks", {"two words": "r"}),
        ("marks", 4),
        ("other_id", "x"),
        ("loud", "eh?"),
        ("nothing", 1),
        ("count", 3),
    ],
)
def test_values_refused(name: str, value: object) -> None:
    assert faults({name: value}) == {name}


def test_what_is_needed_must_be_there_unless_partial() -> None:
    assert faults({"count": 1}, partial=False) == {"name"}
    assert RecordUnderTest.checked({"count": 1}, partial=True) == {"count": 1}
    assert RecordUnderTest.checked({"name": "a"}) == {"name": "a"}


def test_every_fault_is_named_in_words() -> None:
    with pytest.raises(Invalid) as caught:
        RecordUnderTest.checked({"name": None, "code": "q"})
    assert str(caught.value) == "Name: This is needed. Colour: Choose one from the list."
    assert set(caught.value.faults) == {"name", "code"}


def test_caption_is_made_of_the_fields_named() -> None:
    assert RecordUnderTest.caption({"name": "a", "count": 0}) == "a 0"
    assert RecordUnderTest.caption({"name": None}) == ""
    assert RecordUnderTest(name="a").values()["name"] == "a"


@pytest.mark.parametrize(
    ("name", "value", "understood"),
    [
        ("count", 1, True), ("count", "1", False), ("count", True, False), ("count", 2**63, False),
        ("name", "a", True), ("name", 1, False), ("name", None, True),
        ("code", "r", True), ("code", "newer", False),
        ("codes", "r g", True), ("codes", "r newer", False),
        ("marks", "gas=r new=g", True), ("marks", "gas=newer", False),
        ("day", "2026-03-18", True), ("other_id", 5, True), ("other_id", "5", False),
    ],
)  # fmt: skip
def test_what_this_version_understands(name: str, value: Value, *, understood: bool) -> None:
    assert SPECS[name].understands(value) is understood


@given(st.text(max_size=40))
def test_clean_text_is_stable_and_clean(text: str) -> None:
    try:
        once = clean_text(text)
    except Problem:
        assert any("\ud800" <= letter <= "\udfff" for letter in text)
        return
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once) & set("\u0000\u200b\u202e\u2066\ufeff\r\n\t")


@given(st.dictionaries(st.sampled_from(sorted(SPECS)), st.one_of(st.none(), st.text(max_size=8), st.integers())))
def test_checked_takes_its_own_results(values: dict[str, object]) -> None:
    try:
        clean = RecordUnderTest.checked(values, partial=True)
    except Invalid:
        return
    assert RecordUnderTest.checked(clean, partial=True) == clean
    assert all(SPECS[name].understands(value) for name, value in clean.items())


@given(st.datetimes(), st.integers(-12, 14))
def test_moments_keep_the_instant(naive: datetime, hours: int) -> None:
    at = naive.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    try:
        stored = str(RecordUnderTest.checked({"at": at}, partial=True)["at"])
    except Invalid:
        assert not 1871 <= naive.year <= 2199  # nobody's life or work lies there
        return
    assert datetime.fromisoformat(stored) == at
    assert len(stored) == len("2026-03-18T01:42:00Z")
    assert stored.endswith("Z")


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-08:00", "0001-01-01T00:00:00+08:00", "2300-01-01T00:00:00Z"])
def test_a_year_far_away_is_told_as_such(at: str) -> None:
    with pytest.raises(Invalid, match="The year lies too far away"):
        RecordUnderTest.checked({"at": at}, partial=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at", "soon"), ("at", "9999-12-31T23:59:59Z"), ("at", "2026-03-18T01:42:00+08:00"),
        ("at", "2026-02-30T01:42:00Z"), ("day", "someday"), ("day", "2026-W12-3"), ("day", "20260318"),
        ("day", "2026-02-30"), ("day", "0001-01-01"), ("day", "2201-01-01"), ("day", "\uff12026-03-18"),
    ],
)  # fmt: skip
def test_no_table_holds_a_day_that_is_none(name: str, value: str) -> None:
    """It would break whatever counts with it: it stays in the log and is not shown (house.md 1.3)."""
    assert not SPECS[name].understands(value)
    assert not fits(SPECS[name], ["2026-03-18" if name == "day" else "2026-03-18T01:42:00Z", None, value])


@given(st.lists(st.dates(date(1870, 1, 1), date(2200, 12, 31)).map(date.isoformat) | st.none()))
def test_a_column_of_days_is_looked_at_at_once(column: list[str | None]) -> None:
    assert fits(SPECS["day"], column)
    assert all(SPECS["day"].understands(value) for value in column)


@pytest.mark.parametrize("name", ["day", "note"])
@pytest.mark.parametrize("value", [7, b"2026-03-18", ("2026-03-18",), 1.5, True])
def test_a_column_with_anything_but_text_is_none(name: str, value: object) -> None:
    assert fits(SPECS[name], ["2026-03-18", None, "2026-03-18"])
    assert not fits(SPECS[name], ["2026-03-18", value])  # type: ignore[list-item]  # no value of ours
    assert not fits(SPECS[name], [value, None, "2026-03-18"])  # type: ignore[list-item]  # no value of ours


def test_a_day_kept_in_mind_lets_no_other_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridworker.dates._KNOWN", 1)
    monkeypatch.setattr("gridworker.dates._known_days", known := set[str]())
    assert fits(SPECS["day"], ["2026-03-18", "2026-03-18", None])
    assert fits(SPECS["day"], ["2026-03-19"])
    assert not fits(SPECS["day"], ["2026-03-18", "2026-02-30"])
    assert known == {"2026-03-18"}
