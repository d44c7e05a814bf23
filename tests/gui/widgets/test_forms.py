"""Editors and the record form: what is typed comes out as it is stored, and what is wrong is said beside its field."""

from threading import current_thread, main_thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gridworker.errors import Invalid, Problem
from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.editors import (
    CodeEditor,
    CodesEditor,
    DayEditor,
    FlagEditor,
    MomentEditor,
    NoteEditor,
    NumberEditor,
    TextEditor,
    read_day,
)
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.phones import MOST, PhonesEditor
from gridworker.gui.widgets.recordform import RecordForm, editor_for
from gridworker.gui.widgets.reference import ReferenceEditor, Referred
from gridworker.gui.widgets.remarks import Remarks
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.veil import Veil
from gridworker.record import CodeList, Privacy, Spec, Type, Value
from gridworker.text import Label
from tests.gui.seen import settle

FEW = CodeList("tenure", {"own": Label("Owned"), "rent": Label("Rented")})
MANY = CodeList("relation", {f"{number:02}": Label(f"Relation {number}") for number in range(12)})


def spec(name: str, type_: Type, **more: Any) -> Spec:
    given_ = {"privacy": Privacy.INTERNAL, "required": False, "max_length": 50, "codes": None, "ref": None}
    return Spec(name, 1, Label(name), type_, **(given_ | more), search=False, check=None)


class People:
    """Where references are looked up."""

    known = (Referred(7, "陈桂芳"), Referred(8, "陈亮"), Referred(9, "李红"))

    def find(self, kind: str, text: str, limit: int) -> list[Referred]:
        assert kind == "resident"
        return [one for one in self.known if text in one.caption][:limit]

    def caption(self, kind: str, id_: int) -> str:
        return next(one.caption for one in self.known if one.id == id_)


def test_text_is_taken_without_outer_spaces(qtbot: QtBot) -> None:
    editor = TextEditor(5)
    qtbot.addWidget(editor)
    with qtbot.waitSignal(editor.changed):
        QTest.keyClicks(editor.line, " ab ")
    assert editor.value() == "ab"
    editor.set_value(None)
    assert editor.value() is None


def test_showing_a_value_is_no_change(qtbot: QtBot) -> None:
    for editor in (TextEditor(), NoteEditor(), NumberEditor(), DayEditor(), FlagEditor("At work"), MomentEditor()):
        qtbot.addWidget(editor)
        with qtbot.assertNotEmitted(editor.changed):
            editor.set_value("2026-03-18T01:42:00Z" if isinstance(editor, MomentEditor) else 1)
            editor.set_value(None)
        assert editor.value() is None


@pytest.mark.parametrize(("typed", "value"), [("42", 42), ("-3", -3), ("", None), ("many", "many")])
def test_a_number_stays_what_was_typed_where_it_is_none(qtbot: QtBot, typed: str, value: Value) -> None:
    editor = NumberEditor()
    qtbot.addWidget(editor)
    QTest.keyClicks(editor.line, typed)
    assert editor.value() == value


@pytest.mark.parametrize("made", [DayEditor, MomentEditor])
def test_an_empty_day_does_not_look_like_one_that_was_chosen(
    qtbot: QtBot, made: type[DayEditor | MomentEditor]
) -> None:
    """Two of them above a list read as what it is narrowed to."""
    editor = made()
    qtbot.addWidget(editor)
    assert editor.line.placeholderText()
    assert not any(sign.isdigit() for sign in editor.line.placeholderText())


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-03-18", "2026-03-18"),
        ("2026年3月18日", "2026-03-18"),
        ("20260318", "2026-03-18"),
        ("2026.3.8", "2026-03-08"),
        ("2026-02-30", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, day: str) -> None:
    assert read_day(typed) == day


@given(st.dates())
def test_every_day_reads_back(day: Any) -> None:
    assert read_day(day.isoformat()) == (day.isoformat() if day.year >= 1000 else read_day(day.isoformat()))
    assert read_day(f"{day.year:04}年{day.month}月{day.day}日") == day.isoformat()


def test_a_day_that_is_none_is_kept_for_the_check_to_name(qtbot: QtBot) -> None:
    editor = DayEditor()
    qtbot.addWidget(editor)
    QTest.keyClicks(editor.line, "31 June")
    assert editor.value() == "31 June"


def test_a_moment_is_shown_in_chinas_time_and_kept_in_utc(qtbot: QtBot) -> None:
    editor = MomentEditor()
    qtbot.addWidget(editor)
    editor.set_value("2026-03-18T01:42:07Z")
    assert editor.line.text() == "2026-03-18 09:42"
    assert editor.value() == "2026-03-18T01:42:07Z", "nobody changed it"


@pytest.mark.parametrize("typed", ["2026-03-18 6:30", "20260318 06:30", "2026年3月18日 6点30", "2026.3.18 06：30"])
def test_a_moment_is_typed_as_people_write_it_and_taken_out_again(qtbot: QtBot, typed: str) -> None:
    editor = MomentEditor()
    qtbot.addWidget(editor)
    editor.set_value(None)
    assert (editor.line.text(), editor.value()) == ("", None), "what nobody said looks empty"
    editor.line.setText(typed)
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert (editor.line.text(), editor.value()) == ("2026-03-18 06:30", "2026-03-17T22:30:00Z")
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(editor.line, Qt.Key.Key_Delete)
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert (editor.line.text(), editor.value()) == ("", None)


@pytest.mark.parametrize("typed", ["2026-03-18", "2026-03-18 25:00", "2026-02-30 06:30", "soon"])
def test_what_is_no_moment_is_kept_for_the_check_to_name(qtbot: QtBot, typed: str) -> None:
    editor = MomentEditor()
    qtbot.addWidget(editor)
    editor.line.setText(typed)
    assert editor.value() == typed
    form = RecordForm([spec("starts_at", Type.MOMENT)])
    qtbot.addWidget(form)
    form.editor("starts_at").set_value(typed)
    assert form.values() == {"starts_at": typed}


def test_a_flag_nobody_touched_is_unknown(qtbot: QtBot) -> None:
    editor = FlagEditor("At work")
    qtbot.addWidget(editor)
    assert editor.value() is None
    QTest.mouseClick(editor.check, Qt.MouseButton.LeftButton)
    assert editor.value() == 1
    QTest.mouseClick(editor.check, Qt.MouseButton.LeftButton)
    assert editor.value() == 0


@pytest.mark.parametrize("codes", [FEW, MANY], ids=["chips", "list"])
def test_a_code_of_a_newer_version_is_kept(qtbot: QtBot, codes: CodeList) -> None:
    editor = CodeEditor(codes)
    qtbot.addWidget(editor)
    for code in (codes.offered[1], "from-2031", codes.offered[0], None):
        editor.set_value(code)
        assert editor.value() == code


def test_several_codes_are_sorted_words(qtbot: QtBot) -> None:
    editor = CodesEditor(FEW)
    qtbot.addWidget(editor)
    editor.chips.pick("rent")
    editor.chips.pick("own")
    assert editor.value() == "own rent"
    editor.set_value("new-code own")
    assert editor.value() == "new-code own"


def test_phones_are_one_value_on_several_lines(qtbot: QtBot) -> None:
    editor = PhonesEditor()
    qtbot.addWidget(editor)
    editor.show()
    assert editor.value() is None
    QTest.keyClicks(editor.lines()[0], "138 0000 0142")
    editor._more.click()
    QTest.keyClicks(editor.lines()[1], "0714-6350000")
    assert editor.value() == "13800000142 07146350000"
    editor.set_value("1 2 3 4 5 6 7")
    assert len(editor.lines()) == MOST
    assert not editor._more.isVisible()


def test_removing_the_last_phone_leaves_an_empty_line(qtbot: QtBot) -> None:
    editor = PhonesEditor()
    qtbot.addWidget(editor)
    editor.set_value("13800000142")
    place = editor.lines()[0].parentWidget()
    assert place is not None
    with qtbot.waitSignal(editor.changed):
        place.findChildren(IconButton)[0].click()
    assert (editor.value(), len(editor.lines())) == (None, 1)


def test_a_reference_is_taken_by_what_it_is_called(qtbot: QtBot) -> None:
    editor = ReferenceEditor("resident", People())
    qtbot.addWidget(editor)
    editor.set_value(9)
    assert editor.line.text() == "李红"
    editor.line.clear()
    editor.line.insert("陈")
    assert editor.value() is None
    editor.look()
    assert editor.offered() == []
    settle(qtbot)
    assert editor.offered() == ["陈桂芳", "陈亮"]
    editor.take(1)
    assert (editor.value(), editor.line.text()) == (8, "陈亮")


class Elsewhere(People):
    """Notes in which thread it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    def find(self, kind: str, text: str, limit: int) -> list[Referred]:
        self.asked.append((text, current_thread() is main_thread()))
        return super().find(kind, text, limit)


def test_the_window_does_not_wait_for_what_is_looked_up(qtbot: QtBot) -> None:
    references = Elsewhere()
    editor = ReferenceEditor("resident", references)
    qtbot.addWidget(editor)
    for typed, offered in (("陈", ["陈桂芳", "陈亮"]), ("陈亮", ["陈亮"])):
        editor.line.setText(typed)
        editor.line.textEdited.emit(typed)
        settle(qtbot)
        qtbot.waitUntil(lambda: not editor._wait.isActive())
        settle(qtbot)
        assert editor.offered() == offered
    editor.line.editingFinished.emit()
    assert editor.value() == 8
    assert references.asked == [("陈", False), ("陈亮", False)], "what is known is not asked for again"


def test_what_was_typed_before_is_not_offered_any_more(qtbot: QtBot) -> None:
    editor = ReferenceEditor("resident", People())
    qtbot.addWidget(editor)
    editor.line.setText("陈")
    editor.look()
    editor.line.setText("李")
    settle(qtbot)
    assert editor.offered() == []
    editor.look()
    settle(qtbot)
    assert editor.offered() == ["李红"]


def test_a_name_typed_in_full_counts_as_taken(qtbot: QtBot) -> None:
    editor = ReferenceEditor("resident", People())
    qtbot.addWidget(editor)
    editor.line.setText("陈桂芳")
    editor.line.editingFinished.emit()
    assert editor.value() == 7


@pytest.mark.parametrize("type_", list(Type))
def test_every_type_of_field_has_an_editor(qtbot: QtBot, type_: Type) -> None:
    editor = editor_for(
        spec("x", type_, codes=FEW if type_ in {Type.CODE, Type.CODES} else None, ref="resident"), People()
    )
    qtbot.addWidget(editor)
    editor.set_value(None)
    assert editor.value() is None


@pytest.fixture
def form(qtbot: QtBot) -> RecordForm:
    specs = [
        spec("name", Type.TEXT, required=True),
        spec("tenure", Type.CODE, codes=FEW),
        spec("born", Type.DAY),
        spec("note", Type.NOTE, max_length=2000),
    ]
    widget = RecordForm(specs, columns=2)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_a_form_gives_only_what_was_changed(form: RecordForm) -> None:
    form.set_values({"name": "陈桂芳", "tenure": "own", "born": "1948-02-01"})
    assert form.changes() == {}
    editor = form.editor("tenure")
    assert isinstance(editor, CodeEditor)
    assert editor.chips is not None
    editor.chips.pick("rent")
    assert form.changes() == {"tenure": "rent"}
    assert form.values() == {"name": "陈桂芳", "tenure": "rent", "born": "1948-02-01", "note": None}


def test_faults_stand_beside_their_fields_until_these_change(qtbot: QtBot, form: RecordForm) -> None:
    form.set_values({})
    form.show_faults(Invalid({"name": Problem("This is needed."), "born": Problem("Too early.")}))
    assert (form.fault("name"), form.fault("born"), form.fault("note")) == ("This is needed.", "Too early.", "")
    editor = form.editor("name")
    assert isinstance(editor, TextEditor)
    with qtbot.waitSignal(form.changed) as changed:
        editor.line.insert("陈")
    assert changed.args == ["name"]
    assert (form.fault("name"), form.fault("born")) == ("", "Too early.")


def test_what_does_not_belong_in_a_note_is_said_under_it(form: RecordForm) -> None:
    """Numbers that have a place of their own, labels on people (domain.md 7.2, 7.4); it stops nobody."""
    form.set_values({"name": "陈桂芳"})
    editor, (remarks,) = form.editor("note"), form.findChildren(Remarks)
    assert isinstance(editor, NoteEditor)
    assert not remarks.isVisible()
    editor.edit.setPlainText("女儿电话 13800000867，是个老赖")
    assert remarks.isVisible()
    assert remarks.text() == (
        "There is a phone number in this text; it has a place of its own.\n"
        "Write down what happened, not what somebody is like."
    )
    assert form.fault("note") == ""
    assert form.changes() == {"note": "女儿电话 13800000867，是个老赖"}
    form.set_values({"note": "周三下午在家"})
    assert not remarks.isVisible()


def test_every_editor_is_named_for_screen_readers(form: RecordForm) -> None:
    for name in ("name", "tenure", "born", "note"):
        inner = form.editor(name).inner
        assert inner is not None
        assert inner.accessibleName() == name


def test_large_text_makes_no_form_higher_than_the_screen(qtbot: QtBot) -> None:
    themes.look().use(scale=1.5)
    try:
        page = QWidget()
        qtbot.addWidget(page)
        dialog = FormDialog(page, FormText("Change", "Save"), [spec("name", Type.TEXT)], {})
        assert dialog.height() < dialog.screen().availableGeometry().height()
    finally:
        themes.look().use(scale=1.0)


def test_a_form_is_as_high_as_what_is_in_it_and_grows(qtbot: QtBot, each_scale: float) -> None:
    del each_scale
    above = QWidget()
    qtbot.addWidget(above)
    above.resize(1200, 900)
    above.show()
    dialog = FormDialog(above, FormText("They moved", "Move"), [spec("door", Type.TEXT), spec("day", Type.DAY)], {})
    dialog.open()
    QApplication.processEvents()
    area = next(iter(dialog.findChildren(QScrollArea)))
    before = dialog.height()
    assert before < themes.current().px(400)
    assert area.verticalScrollBar().maximum() == 0
    dialog.show_above("kept", *(Strip("Half written last time; go on.", action="Start again") for _ in range(3)))
    qtbot.waitUntil(lambda: dialog.height() > before)
    assert area.verticalScrollBar().maximum() == 0


def test_the_window_is_darkened_below_a_form_and_clear_after_it(qtbot: QtBot) -> None:
    above = QWidget()
    qtbot.addWidget(above)
    above.show()
    dialog = FormDialog(above, FormText("They moved", "Move"), [spec("door", Type.TEXT)], {})
    assert above.findChildren(Veil) == []
    dialog.open()
    assert [one.isVisible() for one in above.findChildren(Veil)] == [True]
    dialog.hide()  # as the lock does it
    assert not any(one.isVisible() for one in above.findChildren(Veil))
    dialog.open()
    dialog.reject()
    assert not any(one.isVisible() for one in above.findChildren(Veil))


def test_enter_goes_from_field_to_field_of_a_form_and_presses_nothing_by_the_way(qtbot: QtBot) -> None:
    above = QWidget()
    qtbot.addWidget(above)
    above.show()
    specs = [spec("door", Type.TEXT), spec("phones", Type.PHONES), spec("day", Type.DAY)]
    dialog = FormDialog(above, FormText("They moved", "Move", also="They left"), specs, {})
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    submitted: list[dict[str, Value]] = []
    dialog.submitted.connect(submitted.append)
    passed = []
    for _ in range(4):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
        passed.append(dialog.focusWidget().accessibleName())
    assert passed == ["phones", "day", "Move", "Move"]
    assert dialog.isVisible()
    assert len(submitted) == 1
