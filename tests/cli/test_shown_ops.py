"""The debug export of a bundle: which op wrote which field over which, and nothing that anybody gave as a value."""

import json
from pathlib import Path

from tests.cli.script import Script, enrolled


def test_a_bundle_is_told_op_by_op_without_a_value(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    given = {"name": "陈桂芳", "phones": "13800000142", "status": "in_place"}
    person = script.json("record", "save", "resident", "--dir", laptop, given=given)["id"]
    script.json("record", "save", "resident", person, "--dir", laptop, given={"phones": "13800000124"})
    script.json("record", "remove", "resident", person, "--dir", laptop)
    (bundle,) = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder)
    code, out, _ = script.run("bundle", "show", bundle, "--ops", "--dir", office)
    assert code == 0
    first, *ops = map(json.loads, out.splitlines())
    assert (first["header"]["n"], first["header"]["ops"], first["header"]["recipient"]) == (1, len(ops), 0)
    made, changed, removed = (op for op in ops if op["record"] == person)
    assert [op["what"] for op in (made, changed, removed)] == ["create", "edit", "delete"]
    assert {op["kind"] for op in (made, changed, removed)} == {"resident"}
    assert set(given) <= made["fields"].keys()
    assert changed["fields"]["phones"] == [made["clk"]]
    assert list(removed["fields"]) == ["alive"]
    assert removed["device"] == first["header"]["sender"]
    for value in (*given.values(), "13800000124"):
        assert value not in out


def test_what_went_sealed_is_told_to_the_one_it_is_for_alone(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    (bundle,) = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder)
    assert script.run("bundle", "show", bundle, "--dir", laptop)[0] == 0
    code, out, said = script.run("bundle", "show", bundle, "--ops", "--dir", laptop)
    assert (code, out, said.count("\n")) == (1, "", 1)
