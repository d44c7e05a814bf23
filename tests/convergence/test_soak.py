"""The full counts say what failed, count nothing that did not run, and go on where they were broken off."""

import os
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.convergence import soak
from tests.convergence.counted import Book
from tests.figures import tell

TOP = Path(__file__).parents[2]
PART = soak.Part("kills of something", 20, 10, "GRIDWORKER_SOMETHING", "tests/none.py")
FIXED = {"GRIDWORKER_ALL": "== 5040", "GRIDWORKER_DEEP": "max_examples=5000"}
"""Parts that need not be told how many, and how their tests say it."""
GOOD = subprocess.CompletedProcess((), 0, stdout="", stderr="")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "soak" / "counted.jsonl", "this one")


@pytest.mark.parametrize(
    ("code", "good", "line"),
    [
        (0, True, "kills of something: 20 of 20, all good, "),
        (1, False, "kills of something: 0 of 20, failed from seed 1, "),
        (-9, False, "kills of something: 0 of 20, failed from seed 1, "),
    ],
)
def test_a_piece_that_fails_or_dies_without_a_word_fails_its_part(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], book: Book, code: int, good: bool, line: str
) -> None:
    ran = subprocess.CompletedProcess((), code, stdout="", stderr="")
    monkeypatch.setattr(subprocess, "run", Mock(return_value=ran))
    assert PART.run(float("inf"), book) is good
    said = capsys.readouterr().out
    assert said.startswith(line)
    assert ("ended with" in said) is not good


def test_a_part_is_named_by_a_word_of_its_own() -> None:
    lines = [part.what for part in soak.PARTS]
    assert len(set(lines)) == len(lines)
    assert [part.what for part in soak.chosen(["kills of seven commands"])] == ["kills of seven commands"]


def test_every_part_has_its_share_whatever_those_before_it_took() -> None:
    machine = soak.Part("lives", soak.ENDLESS, 1, "GRIDWORKER_LIVES", "tests/none.py")
    assert soak.share([PART, PART, machine], 600) == 300
    assert soak.share([PART, machine], 600) == 600
    assert soak.share([PART, machine], -5) == 0
    assert soak.share([machine], 600) == 600


def test_a_part_runs_once_at_least(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], book: Book
) -> None:
    monkeypatch.setattr(subprocess, "run", Mock(return_value=GOOD))
    assert PART.run(0.0, book)
    assert capsys.readouterr().out.startswith("kills of something: 10 of 20, good so far, ")


def test_a_run_goes_on_from_the_seed_after_the_last_good_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], book: Book
) -> None:
    seeds: list[str] = []
    codes = [0, 1, 0]

    def ran(*_: object, env: dict[str, str], **__: object) -> subprocess.CompletedProcess[str]:
        seeds.append(env["GRIDWORKER_SEED"])
        monkeypatch.setitem(os.environ, "GRIDWORKER_FIGURES", env["GRIDWORKER_FIGURES"])
        tell("merge", {"done": 3, "not begun": 7})
        return subprocess.CompletedProcess((), codes[len(seeds) - 1], stdout="", stderr="")

    monkeypatch.setattr(subprocess, "run", ran)
    assert not PART.run(float("inf"), book)
    assert PART.run(float("inf"), book)
    assert PART.run(float("inf"), book), "full: nothing is left to run"
    assert seeds == ["1", "2", "2"]
    last = capsys.readouterr().out.splitlines()[-2:]
    assert last == ["kills of something: 20 of 20, all good, 0 s", "  merge: 6 done, 14 not begun"]


def test_what_was_counted_of_another_program_or_before_a_new_beginning_does_not_count(book: Book) -> None:
    book.add(PART.what, 1, 10, 2.0, "")
    assert book.of(PART.what).done == 10
    assert book.of("kills of nothing").done == 0
    assert Book(book.path, "another one").of(PART.what).done == 0
    book.begin_anew([PART.what])
    assert book.of(PART.what).done == 0


def test_how_far_it_is_is_said_without_running_anything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], book: Book
) -> None:
    book.add(PART.what, 1, 10, 2.0, "merge\tdone\t4\n")
    monkeypatch.setattr(soak, "PARTS", (PART,))
    monkeypatch.setattr(soak, "program", lambda: book.program)
    monkeypatch.setattr(soak, "PLACE", book.path)
    monkeypatch.setattr(sys, "argv", ["soak", soak.COUNTED])
    soak.main()
    assert capsys.readouterr().out == "kills of something: 10 of 20, good so far, 2 s\n  merge: 4 done\n"


def test_every_part_names_tests_that_are_there() -> None:
    named = [word for part in soak.PARTS for word in part.tests.split("|") if word.endswith(".py")]
    assert len(named) > 20
    assert [one for one in named if not (TOP / one).is_file()] == []


@pytest.mark.parametrize("part", [part for part in soak.PARTS if part.piece > 1], ids=lambda part: part.what)
def test_what_says_how_many_is_read_by_the_tests_of_its_part(part: soak.Part) -> None:
    """A variable that nobody reads would have a few of them counted as thousands."""
    files = [TOP / word for word in part.tests.split("|") if word.endswith(".py")] or [TOP / "tests" / "conftest.py"]
    texts = [file.read_text("utf-8") for file in files]
    fixed = FIXED.get(part.name)
    said = [*([] if fixed else [part.name]), *(name for name, _ in part.more)]
    assert [name for name in said if not any(_reads(text, name) for text in texts)] == []
    assert fixed is None or any(fixed in text for text in texts)


def _reads(text: str, name: str) -> bool:
    """By its whole name, or, where several are read at once, by what is peculiar to it."""
    return f'"{name}"' in text or ('f"GRIDWORKER_{name}"' in text and f'"{name.removeprefix("GRIDWORKER_")}"' in text)


@pytest.mark.parametrize("part", [part for part in soak.PARTS if "|-k|" in part.tests], ids=lambda part: part.what)
def test_the_words_of_a_part_pick_tests(part: soak.Part) -> None:
    files, _, words = part.tests.partition("|-k|")
    names = [
        name for file in files.split("|") for name in re.findall(r"def (test_\w+)", (TOP / file).read_text("utf-8"))
    ]
    names += [
        word for file in files.split("|") for word in re.findall(r"ids=\[(.*?)\]", (TOP / file).read_text("utf-8"))
    ]
    assert all(any(word in name for name in names) for word in words.split(" or "))
