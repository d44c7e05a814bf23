"""``gridworker consent`` as a script uses it."""

from pathlib import Path

from tests.cli.script import Script


def test_an_answer_a_withdrawal_and_what_it_lets_go_of(script: Script, office: Path) -> None:
    def save(kind: str, **values: object) -> int:
        return int(script.json("record", "save", kind, "--dir", office, given=values)["id"])

    person = save("resident", name="陈建国", status="in_place", phones="13800000142")
    home = save("household", status="active", head_id=person, remark="canary")
    save("household_member", household_id=home, resident_id=person, relation="02")
    for unclear in ('{"scope": "phone"}', '{"answer": "no"}', '{"anwser": "refused", "answer": "agreed"}'):
        assert script.run("consent", "record", home, "--dir", office, given=unclear)[0] == 1, unclear
    assert script.json("consent", "list", home, "--dir", office) == []
    (agreed,) = script.json(
        "consent", "record", home, "--dir", office, given={"scope": "basic phone", "answer": "agreed"}
    )
    assert (agreed["who"], agreed["state"]) == ("All of them", "agreed")
    status, out, err = script.run("consent", "clear", home, "--dir", office)
    assert (status, out) == (1, "")
    assert err == "There is nothing to let go of: nobody here said no, or it was done.\n"
    (gone,) = script.json("consent", "withdraw", home, agreed["id"], "--dir", office)
    assert not gone["may_withdraw"]
    assert script.json("consent", "list", home, "--dir", office) == [gone]
    shown = script.json("consent", "clear", home, "--dry-run", "--dir", office)
    assert (shown["people"], script.json("record", "show", "resident", person, "--dir", office)["name"]) == (
        ["陈建国"], "陈建国",
    )  # fmt: skip
    assert script.run("consent", "clear", home, "--dir", office)[:2] == (
        0, "Goes: all that is kept about 陈建国.\nGoes: what the household told of itself, on visits and in matters "
        "that are over; its pictures; what is half written.\n3 records\n",
    )  # fmt: skip
    kept = script.json("record", "show", "household", home, "--dir", office)
    assert (kept["remark"], script.json("record", "show", "resident", person, "--dir", office)["phones"]) == (
        None,
        None,
    )
    assert script.json("undo", "--dir", office)["erasure_stands"]
