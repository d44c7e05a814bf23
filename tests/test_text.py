"""Sentences after each other, in either language."""

from gridworker import text
from gridworker.app.backup.self_check import Finding
from gridworker.errors import Invalid, Problem
from gridworker.text import Label, gettext, sentences


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
