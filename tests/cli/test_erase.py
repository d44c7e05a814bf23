"""``gridworker erase`` and ``compact`` as a script uses them."""

from pathlib import Path

import pytest

from tests.cli.script import Script


@pytest.fixture
def person(script: Script, office: Path) -> int:
    given = {"name": "金丝雀陈", "status": "in_place", "phones": "13800007731"}
    found = script.json("record", "save", "resident", "--dir", office, given=given)
    script.json("record", "save", "household", "--dir", office, given={"status": "active", "remark": "找金丝雀陈"})
    return int(found["id"])


def test_a_dry_run_changes_nothing(script: Script, office: Path, person: int) -> None:
    found = script.json("erase", "resident", person, "--dir", office, "--dry-run")
    assert [one["record"] for one in found["going"]] == [person]
    assert [one["excerpt"] for one in found["mentioned"]] == ["找金丝雀陈"]
    assert script.json("record", "show", "resident", person, "--dir", office)["name"] == "金丝雀陈"


def test_a_dry_run_of_a_field_shows_what_the_run_itself_would_take(script: Script, office: Path, person: int) -> None:
    given = {"resident_id": person, "purpose": "file", "scope": "phone", "method": "oral", "given_on": "2026-01-02"}
    script.json("record", "save", "consent", "--dir", office, given=given)
    whole = script.json("erase", "resident", person, "--dir", office, "--dry-run")["going"]
    assert {one["kind"] for one in whole} == {"resident", "consent"}
    field = script.json("erase", "resident", person, "--fields", "phones", "--dir", office, "--dry-run")["going"]
    assert [one["record"] for one in field] == [person]


@pytest.mark.parametrize("more", [["--dry-run"], []])
def test_a_number_that_is_nobodys_is_said(script: Script, office: Path, person: int, more: list[str]) -> None:
    household = script.json("record", "save", "household", "--dir", office, given={"status": "active"})["id"]
    for number in (household, person + 1):
        status, out, err = script.run("erase", "resident", number, "--dir", office, *more)
        assert (status, out) == (1, "")
        assert str(number) in err
    assert script.json("record", "show", "resident", person, "--dir", office)["name"] == "金丝雀陈"


def test_whoever_was_erased_already_may_be_erased_again(script: Script, office: Path, person: int) -> None:
    for _ in range(2):
        assert script.run("erase", "resident", person, "--dir", office)[::2] == (0, "")


def test_an_erased_person_is_gone(script: Script, office: Path, person: int) -> None:
    status, out, err = script.run("erase", "resident", person, "--dir", office)
    assert (status, err) == (0, "")
    assert "找金丝雀陈" in out
    status, _, err = script.run("record", "show", "resident", person, "--dir", office)
    assert status == 1
    assert err
    assert script.json("check", "--dir", office)["ok"]


def test_their_name_goes_from_texts_of_others_where_that_is_asked_for(
    script: Script, office: Path, person: int
) -> None:
    found = script.json(
        "record", "save", "household", "--dir", office, given={"status": "active", "remark": "金丝雀陈家"}
    )
    script.json("record", "save", "household", found["id"], "--dir", office, given={"remark": "有狗"})
    status, out, _ = script.run("erase", "resident", person, "--dir", office, "--dry-run")
    assert status == 0
    assert "金丝雀陈家" in out
    outcome = script.json("erase", "resident", person, "--dir", office, "--texts")
    assert outcome["preview"]["mentioned"] == []
    _, out, _ = script.run("record", "history", "household", found["id"], "--dir", office)
    assert "有狗" in out
    assert "金丝雀" not in out


def test_single_fields_go(script: Script, office: Path, person: int) -> None:
    script.json("erase", "resident", person, "--fields", "phones, note", "--dir", office)
    found = script.json("record", "show", "resident", person, "--dir", office)
    assert (found["name"], found["phones"]) == ("金丝雀陈", None)


def test_asking_is_put_on_record(script: Script, office: Path, person: int) -> None:
    assert script.json("erase", "resident", person, "--ask", "--dir", office) == {"asked": person}
    found = script.json("record", "list", "audit_event", "--dir", office)
    assert [one["record"] for one in found if one["action"] == "erase_request"] == [person]


def test_who_asked_is_listed_until_they_are_answered(script: Script, office: Path, person: int) -> None:
    none = "Nobody waits for an answer.\n"
    assert script.run("erase", "--asked", "--dir", office) == (0, "", none)
    told = script.run("erase", "resident", person, "--ask", "--dir", office)
    assert told == (0, "It stands on the office's list.\n", "")
    (found,) = script.json("erase", "--asked", "--dir", office)
    assert (found["kind"], found["record"], found["whom"], found["by"]) == ("resident", person, "金丝雀陈", "刘芳")
    _, out, _ = script.run("erase", "--asked", "--dir", office)
    assert out.startswith(f"resident {person}  金丝雀陈 wishes to be forgotten. 刘芳 asked on ")
    status, _, said = script.run("erase", "resident", person, "--keep", "--dir", office)
    assert (status, said[:20]) == (1, "Say why it is kept: ")
    assert script.json("erase", "resident", person, "--keep", "--why", "law", "--dir", office) == {"kept": person}
    assert script.run("erase", "--asked", "--dir", office) == (0, "", none)
    script.json("erase", "resident", person, "--ask", "--dir", office)
    assert script.json("erase", "resident", person, "--take-back", "--dir", office) == {"taken_back": person}
    assert script.json("erase", "--asked", "--dir", office) == []
    script.json("erase", "resident", person, "--ask", "--dir", office)
    script.json("erase", "resident", person, "--dir", office)
    assert script.json("erase", "--asked", "--dir", office) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("erase",), "Say what to erase: its kind and its number."),
        (("erase", "resident"), "Say what to erase: its kind and its number."),
        (("erase", "resident", "5", "--ask"), "This record is not here."),
        (
            ("erase", "resident", "5", "--keep", "--why", "law"),
            "Nobody asked that this be erased, or it was answered.",
        ),
        (("erase", "grid", "1"), "Only what is about residents can be erased. Delete the record instead."),
        (("erase", "resident", "5"), 'There is no record 5 of kind "resident" here.'),
        (("erase", "resident", "5", "--fields", "x"), "There is no field called x."),
        (("erase", "resident", "5", "--fields", ""), 'There is no field called "".'),
        (("erase", "resident", "5", "--fields", " , "), 'There is no field called " , ".'),
        (("compact",), "The office keeps everything."),
    ],
)
def test_what_cannot_be_is_one_sentence(script: Script, office: Path, words: tuple[str, ...], sentence: str) -> None:
    assert script.run(*words, "--dir", office) == (1, "", f"{sentence}\n")


def test_the_history_says_erased_where_something_was_and_empty_where_nothing_was(
    script: Script, office: Path, person: int
) -> None:
    script.json("record", "save", "resident", person, "--dir", office, given={"phones": "13800007732"})
    script.json("record", "save", "resident", person, "--dir", office, given={"note": "看门"})
    script.json("record", "save", "resident", person, "--dir", office, given={"note": None})
    script.json("erase", "resident", person, "--fields", "phones", "--dir", office)
    script.json("record", "save", "resident", person, "--dir", office, given={"phones": "13800007733"})
    _, out, _ = script.run("record", "history", "resident", person, "--dir", office)
    told = [line.split("  ", 2)[2] for line in out.splitlines()]
    assert told[:5] == [
        "changed  Phone: (erased) → 138****7733",
        "erased  Phone",
        "changed  Remark: 看门 → (empty)",
        "changed  Remark: (empty) → 看门",
        "changed  Phone: (erased) → (erased)",
    ]
    script.json("erase", "resident", person, "--dir", office)
    _, out, _ = script.run("record", "history", "resident", person, "--dir", office)
    assert "(empty)" not in "".join(line for line in out.splitlines() if "erased  " in line)
    assert "changed  Remark: (erased) → (erased)" in out
