"""Questions and answers about a forgotten passphrase, as codes and as files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import Problem
from gridworker.sync.enrolment.reset_code import MAX_FILE, AnswerCode, QuestionCode, whose
from gridworker.sync.format.code import ALPHABET

QUESTION = QuestionCode(7, bytes(range(32)))
ANSWER = AnswerCode(QUESTION.tag, bytes(range(32, 64)))


@given(st.integers(1, 1023), st.binary(min_size=32, max_size=32), st.integers(0, 63), st.integers(0, 2**63 - 1))
def test_what_is_written_is_read(laptop: int, point: bytes, serial: int, person: int) -> None:
    question = QuestionCode(laptop, point, serial, whose(person))
    assert QuestionCode.read(question.text) == question
    assert QuestionCode.read(question.file.decode()) == question
    answer = AnswerCode(question.tag, point)
    assert AnswerCode.read(answer.text, question) == answer
    assert AnswerCode.read("\ufeff" + answer.file.decode(), question) == answer


def test_the_code_is_fourteen_groups_of_five() -> None:
    assert [len(group) for group in QUESTION.text.split("-")] == [5] * 14
    assert len(QUESTION.file) < MAX_FILE
    shared = QuestionCode(7, bytes(range(32)), whose=whose(5))
    assert [len(group) for group in shared.text.split("-")] == [5] * 16
    assert len(ANSWER.text) == len(QUESTION.text)


def test_whose_it_is_stands_in_the_tag_and_cannot_be_cut_off() -> None:
    first, second = (QuestionCode(7, bytes(range(32)), whose=whose(person)) for person in (5, 6))
    assert len({first.tag, second.tag, QUESTION.tag}) == 3
    with pytest.raises(Problem, match="sixteen"):
        QuestionCode.read(first.text[:-6])
    with pytest.raises(Problem, match="no code"):
        QuestionCode.read(first.text[:-12])


def test_how_people_type_does_not_matter() -> None:
    typed = QUESTION.text.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert QuestionCode.read(f"  {typed}\n") == QUESTION


@given(st.integers(0, 13), st.integers(0, 4), st.sampled_from(ALPHABET))
def test_a_slip_is_found_at_its_group(group: int, place: int, sign: str) -> None:
    groups = QUESTION.text.split("-")
    before = groups[group]
    if {before[place], sign} in ({sign}, {"0", "Z"}):
        return
    groups[group] = before[:place] + sign + before[place + 1 :]
    with pytest.raises(Problem) as slip:
        QuestionCode.read("-".join(groups))
    assert slip.value.values == {"group": group + 1}


def test_groups_in_the_wrong_order_are_found() -> None:
    groups = QUESTION.text.split("-")
    groups[3], groups[4] = groups[4], groups[3]
    with pytest.raises(Problem, match="group 4"):
        QuestionCode.read(" ".join(groups))


@pytest.mark.parametrize("typed", ["", "7K2MX", "x" * 70, "U" * 70, "0" * 71])
def test_what_is_no_code_is_said(typed: str) -> None:
    with pytest.raises(Problem, match=r"fourteen|slip|no code"):
        QuestionCode.read(typed)


def test_each_end_says_when_it_gets_the_others_code() -> None:
    with pytest.raises(Problem, match="belongs on the laptop"):
        QuestionCode.read(ANSWER.text)
    with pytest.raises(Problem, match="question of the laptop"):
        AnswerCode.read(QUESTION.text, QUESTION)
    with pytest.raises(Problem, match="another question"):
        AnswerCode.read(ANSWER.text, QuestionCode(8, bytes(32)))
