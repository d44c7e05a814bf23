"""Sentences after each other, in either language."""

from gridworker import text
from gridworker.app.backup.self_check import Finding
from gridworker.errors import Invalid, Problem
from gridworker.text import Label, clauses, gettext, sentences


def test_sentences_stand_beside_each_other_as_their_language_parts_them() -> None:
    faults = Invalid({"name": Problem("This is needed."), "day": Problem("This is needed.")}, {"day": Label("Who")})
    start = Finding("A.", "B.")
    told = gettext("{fault} {todo}").format(fault=start.sentence, todo=start.todo)
    assert (told, sentences("A.", "", "B.")) == ("A. B.", "A. B.")
    assert str(faults).count(" ") > 2
    text.use("zh_CN")
    told = gettext("{fault} {todo}").format(fault=start.sentence, todo=start.todo)
    assert (told, sentences("甲。", "", "乙。")) == ("A.B.", "甲。乙。")
    assert " " not in str(faults)


def test_quotes_are_straight_in_english_and_curly_in_chinese_and_what_people_wrote_is_left_alone() -> None:
    """The Chinese faces draw curly ones as wide as a Chinese character, which tears English words apart."""
    message = "Nothing found for “{query}”."
    assert gettext(message).format(query="“老年”食堂") == 'Nothing found for "“老年”食堂".'
    assert str(Label("Citizens’ school")) == "Citizens' school"
    text.use("zh_CN")
    assert gettext(message).format(query="cgx") == "没找到“cgx”。"


def test_a_dot_between_two_facts_has_no_blanks_beside_the_room_it_brings() -> None:
    assert gettext(" · ").join(("师院南苑", "第一网格")) == "师院南苑·第一网格"
    assert gettext("{day} · {name}").format(day="18 Mar", name="甲 · 乙") == "18 Mar·甲 · 乙", "as people wrote it"
    text.use("zh_CN")
    assert gettext(" · ") == "·"


def test_a_file_is_read_whichever_quotes_it_was_written_with() -> None:
    assert {"Citizens’ school", "Citizens' school", "市民学校"} <= text.in_every_language("Citizens’ school")


def test_what_is_read_aloud_has_the_commas_of_its_language() -> None:
    assert clauses("陈桂芳", "", "78 y", "2 d overdue") == "陈桂芳, 78 y, 2 d overdue"
    text.use("zh_CN")
    assert clauses("陈桂芳", "78 岁", "", "逾期 2 天") == "陈桂芳，78 岁，逾期 2 天"
