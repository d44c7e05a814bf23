"""``gridworker handover``: asked on a laptop, answered at the office, told on the laptop, all by commands."""

from pathlib import Path

import pytest

from tests.cli.script import Script, enrolled


@pytest.fixture
def laptop(script: Script, office: Path) -> Path:
    script.json("grid", "add", "--dir", office, "第二网格")
    return enrolled(script, office)


def saved(script: Script, folder: Path, kind: str, **values: object) -> int:
    return int(script.json("record", "save", kind, "--dir", folder, given=values)["id"])


def dwelling(script: Script, office: Path, grid: int) -> int:
    building = saved(script, office, "building", building_name="3", grid_id=grid)
    return saved(script, office, "dwelling", building_id=building, room_no="101")


def carried(script: Script, sender: Path, receiver: Path, to: str = "") -> None:
    stick = script.folder / "stick"
    stick.mkdir(exist_ok=True)
    for bundle in script.json("bundle", "pack", "--dir", sender, "--out", stick, *(["--to", to] if to else [])):
        script.json("bundle", "merge", bundle, "--dir", receiver)


def test_a_worker_asks_the_clerk_hands_over_and_the_worker_sees_it(script: Script, office: Path, laptop: Path) -> None:
    first, second = (grid["id"] for grid in script.json("grid", "list", "--dir", office))
    before, after = dwelling(script, office, first), dwelling(script, office, second)
    home = saved(script, office, "household", status="active", dwelling_id=before)
    carried(script, laptop, office)
    carried(script, office, laptop, "all")
    status, _, err = script.run("handover", "ask", home, "--dir", laptop, given='{"to_address": "东门 3 栋"}')
    assert (status, err) == (1, "What happened: This is needed.\n")
    (asked,) = script.json(
        "handover", "ask", home, "--to", "第二网格", "--dir", laptop,
        given={"reason": "搬到女儿家", "to_address": "东门 3 栋"},
    )  # fmt: skip
    assert (asked["state"], asked["reason"], asked["address"]) == ("waiting", "搬到女儿家", "东门 3 栋")
    status, _, err = script.run("handover", "ask", home, "--dir", laptop, given='{"reason": "again"}')
    assert (status, err) == (1, "This was asked already; the office has not answered yet.\n")
    assert script.run("handover", "complete", asked["id"], "--dwelling", after, "--dir", laptop)[0] == 1
    carried(script, laptop, office)
    assert script.json("handover", "list", "--dir", office) == [asked]
    (done,) = script.json("handover", "complete", asked["id"], "--dwelling", after, "--dir", office)
    assert done["state"] == "done"
    assert script.json("record", "show", "household", home, "--dir", office)["dwelling_id"] == after
    carried(script, office, laptop, "all")
    status, out, _ = script.run("handover", "list", "--dir", laptop)
    assert (status, "Handed over" in out) == (0, True)


def test_the_office_says_why_not_and_nothing_is_taken_that_is_no_field(
    script: Script, office: Path, laptop: Path
) -> None:
    assert script.run("handover", "list", "--dir", laptop) == (0, "", "Nobody asked to hand a household over.\n")
    grid = script.json("grid", "list", "--dir", office)[0]["id"]
    home = saved(script, office, "household", status="active", dwelling_id=dwelling(script, office, grid))
    carried(script, laptop, office)
    carried(script, office, laptop, "all")
    wrong = script.run("handover", "ask", home, "--dir", laptop, given='{"reason": "搬走", "state": "done"}')
    assert (wrong[0], wrong[2]) == (1, "There is no field called state.\n")
    nowhere = script.run("handover", "ask", home, "--to", "第九网格", "--dir", laptop, given='{"reason": "搬走"}')
    assert (nowhere[0], "第九网格" in nowhere[2]) == (1, True)
    (asked,) = script.json("handover", "ask", home, "--dir", laptop, given={"reason": "搬走"})
    carried(script, laptop, office)
    status, _, err = script.run("handover", "decline", asked["id"], "--dir", office, given="{}")
    assert (status, "This is needed." in err) == (1, True)
    for answer in ('["不行", {"a": 1}]', "5", "[]", "false"):
        given = f'{{"answer": {answer}}}'
        status, _, err = script.run("handover", "decline", asked["id"], "--dir", office, given=given)
        assert (status, err) == (1, "The office's answer: This must be text.\n")
    assert script.json("handover", "list", "--dir", office) == [asked]
    (declined,) = script.json("handover", "decline", asked["id"], "--dir", office, given={"answer": "还住原处"})
    assert (declined["state"], declined["answer"]) == ("declined", "还住原处")
    carried(script, office, laptop, "all")
    assert script.json("handover", "list", "--dir", laptop) == [declined]
