"""``gridworker retention`` as a script uses it."""

from pathlib import Path

import pytest

from gridworker.cli import frame
from tests.cli.script import Script


@pytest.fixture
def person(script: Script, office: Path) -> int:
    given = {"name": "金丝雀陈", "status": "moved_out", "status_date": "2001-02-03", "phones": "13800007731"}
    return int(script.json("record", "save", "resident", "--dir", office, given=given)["id"])


def test_a_preview_changes_nothing_and_names_nobody(script: Script, office: Path, person: int) -> None:
    found = script.json("retention", "preview", "--dir", office)
    assert [(one["record"], one["since"], one["caption"]) for one in found["going"]] == [
        (person, "2001-02-03", "金**陈")
    ]
    status, out, err = script.run("retention", "preview", "--dir", office)
    assert (status, err) == (0, "")
    assert "gone_people  People who moved out or died  1 year  1\n" in out
    assert f"--seen {found['seen']}" in out
    assert "金丝雀" not in out
    assert script.json("record", "show", "resident", person, "--dir", office)["name"] == "金丝雀陈"


def test_at_a_terminal_it_says_how_far_the_writing_anew_is(
    script: Script, office: Path, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = script.json("retention", "preview", "--dir", office)["seen"]
    monkeypatch.setattr(frame, "_is_watched", lambda: True)
    status, _, err = script.run("retention", "apply", "--seen", seen, "--dir", office)
    assert status == 0
    said = "\rErased. The data and the backups are written anew: {} %"
    assert err.startswith(said.format(0))
    assert said.format(50) in err
    assert script.json("record", "show", "resident", person, "--dir", office)["name"] == "某居民"


@pytest.mark.parametrize("given", [(), ("--seen", ""), ("--seen", " ")])
def test_nothing_goes_that_nobody_looked_at(script: Script, office: Path, person: int, given: tuple[str, ...]) -> None:
    """A clock that is wrong by years makes everything due, and a script would let go of all of it for good."""
    sentence = "Look first at what goes: gridworker retention preview. Its last line has the word for --seen.\n"
    assert script.run("retention", "apply", *given, "--dir", office) == (1, "", sentence)
    assert script.json("record", "show", "resident", person, "--dir", office)["name"] == "金丝雀陈"


def test_what_is_due_goes_by_a_word_and_periods_are_set(script: Script, office: Path, person: int) -> None:
    seen = script.json("retention", "preview", "--dir", office)["seen"]
    sentence = "Something else is due than what was shown. Look at it again.\n"
    assert script.run("retention", "apply", "--seen", "0", "--dir", office) == (1, "", sentence)
    assert script.json("retention", "apply", "--rule", "visit_words", "--seen", seen, "--dir", office)["records"] == 0
    assert script.json("retention", "apply", "--seen", seen, "--dir", office)["due"] == {"gone_people": 1}
    found = script.json("record", "show", "resident", person, "--dir", office)
    assert (found["name"], found["phones"]) == ("某居民", None)
    assert script.json("check", "--dir", office)["ok"]
    assert script.json("retention", "set", "gone_people", "keep", "--dir", office)["gone_people"] == "keep"
    sentence = "Write so many years like 3y, so many days like 30d, or keep.\n"
    assert script.run("retention", "set", "gone_people", "soon", "--dir", office) == (1, "", sentence)
