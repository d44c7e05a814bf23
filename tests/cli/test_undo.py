"""Taking back by script: what was given out stays out, and what was settled is open again."""

from pathlib import Path

from tests.cli.script import Script, enrolled


def test_after_a_kit_was_given_out_undo_takes_back_nothing(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    before = script.json("digest", "--dir", office)
    for _ in range(2):
        status, out, err = script.run("undo", "--dir", office)
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert "gridworker device retire" in err
    assert script.json("digest", "--dir", office) == before
    assert script.json("check", "--dir", office) == {"ok": True, "faults": []}
    script.json("device", "retire", 1, "--dir", office)
    assert script.json("undo", "--dir", office)["records"] == 1
    assert [one["state"] for one in script.json("device", "list", "--dir", office)] == ["active"]
    carried(script, laptop, office)


def saved(script: Script, where: Path, kind: str, *number: int, **values: object) -> int:
    """Save a record. Returns its id."""
    made: int = script.json("record", "save", kind, *number, "--dir", where, given=values)["id"]
    return made


def carried(script: Script, source: Path, target: Path, *to: object) -> None:
    """Pack at one and merge at the other."""
    (bundle,) = script.json("bundle", "pack", "--dir", source, "--out", script.folder, *to)
    script.json("bundle", "merge", bundle, "--dir", target)


def behind_a_door(script: Script, office: Path) -> int:
    """A household, made last."""
    grid = script.json("record", "list", "grid", "--dir", office)[0]["id"]
    building = saved(script, office, "building", grid_id=grid, building_name="3")
    dwelling = saved(script, office, "dwelling", building_id=building, room_no="101")
    return saved(script, office, "household", dwelling_id=dwelling, status="active")


def test_what_a_laptop_has_used_stays_and_undo_says_so(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    household = behind_a_door(script, office)
    carried(script, laptop, office)  # it shows itself
    carried(script, office, laptop, "--to", 1)
    worker = script.json("record", "list", "staff", "--dir", laptop)[-1]["id"]
    visit = {"started_at": "2026-03-18T01:00:00Z", "channel": "door", "outcome": "met_person", "visit_kind": "routine",
             "backdated_reason": "补记"}  # fmt: skip
    saved(script, laptop, "visit", household_id=household, visitor_id=worker, **visit)
    carried(script, laptop, office)
    _, out, _ = script.run("undo", "--dir", office)
    done, homes, stands = out.splitlines()
    assert homes == "Households that were visited or used since stay, with all who live there: 1."
    assert done.startswith("Taken back: Created a record; 0 records changed, 1 left because they were changed")
    assert (
        stands
        == "The bundle that was merged since stands; the office takes one back as a whole, on its page Merge inbox."
    )
    assert script.json("check", "--dir", office) == {"ok": True, "faults": []}


def contested(script: Script, office: Path) -> int:
    """A household whose remark the office and a laptop wrote differently."""
    household = behind_a_door(script, office)
    laptop = enrolled(script, office)
    saved(script, office, "household", household, remark="周三在家")
    saved(script, laptop, "household", household, remark="周五在家")
    carried(script, laptop, office)
    return household


def test_a_settled_conflict_is_in_the_list_again(script: Script, office: Path) -> None:
    household = contested(script, office)
    waiting = script.json("conflict", "list", "--dir", office)
    assert {(side["value"], side["device"]) for side in waiting[0]["fields"]["remark"]} == {
        ("周三在家", "Office"), ("周五在家", "Laptop 1"),
    }  # fmt: skip
    assert waiting[0]["door"] == "3栋101"
    for decision in ("周三在家", "周五在家"):
        script.json("conflict", "resolve", "household", household, "--dir", office, given={"remark": decision})
        assert script.json("conflict", "list", "--dir", office) == []
        assert script.json("undo", "--dir", office) == {
            "act": "resolve", "records": 1, "kept": 0, "homes": 0, "merge_stands": False, "erasure_stands": False,
        }  # fmt: skip
        assert script.json("conflict", "list", "--dir", office) == waiting


def test_what_is_settled_and_that_nothing_is_left_is_said(script: Script, office: Path) -> None:
    household = contested(script, office)
    settled = script.run("conflict", "resolve", "household", household, "--dir", office, given='{"remark": "周三在家"}')
    assert settled == (0, "Settled. The other side stays in the history.\n", "")
    assert script.run("conflict", "list", "--dir", office) == (0, "", "Nothing disagrees.\n")


def test_a_bundle_is_taken_back_and_brought_back_by_its_file(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    someone = saved(script, laptop, "resident", name="陈桂芳", status="in_place")
    (bundle,) = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder)
    script.json("bundle", "merge", bundle, "--dir", office)
    before = script.json("digest", "--dir", office)
    assert script.json("bundle", "take-back", bundle, "--dir", office) == {"records": 1, "kept": 0}
    assert script.run("record", "show", "resident", someone, "--dir", office)[0] == 1
    (again,) = script.json("bundle", "merge", bundle, "--dir", office)
    assert again["again"]
    assert again["taken_back"]
    status, out, _ = script.run("bundle", "merge", bundle, "--dir", office)
    assert (status, out.count("\n")) == (0, 1)
    assert f"bundle bring-back {Path(bundle).name}" in out
    _, out, _ = script.run("bundle", "bring-back", Path(bundle).name, "--dir", office)
    assert out == "Brought back: 1 record changed, 0 left because they were changed or used since.\n"
    assert script.json("digest", "--dir", office) == before
    assert script.json("check", "--dir", office) == {"ok": True, "faults": []}


def test_a_bundle_is_known_by_what_is_in_its_file_whatever_that_is_called(script: Script, office: Path) -> None:
    """Somebody gave each the name of the other, and one a name of their own."""
    laptop, bundles, made = enrolled(script, office), list[Path](), []
    for name in ("陈桂芳", "王秀英"):
        made.append(saved(script, laptop, "resident", name=name, status="in_place"))
        (bundle,) = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder)
        _, told, _ = script.run("bundle", "merge", bundle, "--dir", office)
        assert told == f"{Path(bundle).name}: merged; 1 new record, 0 changed, 0 conflicts.\n"
        bundles.append(Path(bundle))
    first = bundles[0].rename(script.folder / "周敏的.gwb")
    bundles[1].rename(bundles[0])
    assert script.json("bundle", "take-back", first, "--dir", office)["records"] == 1
    assert [script.run("record", "show", "resident", one, "--dir", office)[0] for one in made] == [1, 0]
    assert script.json("bundle", "take-back", bundles[0], "--dir", office)["records"] == 1
    assert [script.run("record", "show", "resident", one, "--dir", office)[0] for one in made] == [1, 1]
    assert script.json("bundle", "bring-back", bundles[1].name, "--dir", office)["records"] == 1, "by its first name"
    (strange,) = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder / "new.gwb")
    code, _, said = script.run("bundle", "take-back", Path(strange).rename(bundles[0]), "--dir", office)
    assert (code, said) == (1, f"No bundle {bundles[0].name} was taken in here.\n")
