"""A list with nothing in it says so beside the answer: what counts lines counts none, and who reads is told."""

from pathlib import Path

import pytest

from tests.cli.script import Script, enrolled

AT_THE_OFFICE = (
    ("preset", "list"), ("attachment", "list"), ("bundle", "missing"), ("bundle", "aside", "list"),
    ("conflict", "list"), ("draft", "list"), ("record", "list", "merchant"), ("audit", "--action", "print"),
)  # fmt: skip


@pytest.mark.parametrize("words", AT_THE_OFFICE, ids=" ".join)
def test_an_empty_list_is_a_sentence_beside_an_empty_answer(
    script: Script, office: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, said = script.run(*words, "--dir", office)
    assert (status, out, said.count("\n"), said[-2:]) == (0, "", 1, ".\n")
    assert script.run(*words, "--dir", office, "--json") == (0, "[]\n", "")
    monkeypatch.setattr("gridworker.text.system_language", lambda: "zh_CN")
    chinese = script.run(*words, "--dir", office)[2]
    assert (chinese[-2:], chinese == said) == ("。\n", False)


def test_before_the_first_grid_and_laptop(script: Script) -> None:
    office = script.folder / "office"
    script.json("office", "new", "--dir", office, "--community", "420202005002", "--name", "师院社区办公室")
    assert script.run("grid", "list", "--dir", office) == (0, "", "There is no grid yet.\n")
    assert script.run("device", "list", "--dir", office) == (0, "", "No laptop was enrolled yet.\n")


def test_answers_to_a_household_and_a_shared_folder(script: Script, office: Path) -> None:
    home = script.json("record", "save", "household", "--dir", office, given={"status": "active"})["id"]
    assert script.run("consent", "list", home, "--dir", office) == (0, "", "No answer was written down.\n")
    share, laptop = script.folder / "share", enrolled(script, office)
    share.mkdir()
    script.json("bundle", "exchange", share, "--dir", laptop)
    status, out, said = script.run("bundle", "exchange", share, "--dir", laptop)
    assert (status, out, said) == (0, "", "Nothing new came, and nothing had to be put there.\n")


def test_what_was_done_is_said(script: Script, office: Path) -> None:
    saved = script.json("record", "save", "staff", "--dir", office, given={"name": "赵海", "role": "grid_worker"})
    removed = script.run("record", "remove", "staff", saved["id"], "--dir", office)
    assert removed == (0, "Deleted. One undo brings it back.\n", "")
    for word, said in (("accept", "Accepted: 0. Left: 0."), ("refuse", "Refused: 0. Left: 0.")):
        assert script.run("bundle", "aside", word, "--all", "--dir", office) == (0, f"{said}\n", "")
