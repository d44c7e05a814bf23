"""One person's file by a command: all of it, for them, on record, and never in the place of another file."""

import json
from pathlib import Path

from tests.cli.script import Script


def test_all_that_is_kept_is_written_out_for_the_person_and_on_record(script: Script, office: Path) -> None:
    given = {"name": "陈桂芳", "status": "in_place", "phones": "13800000142"}
    person = int(script.json("record", "save", "resident", "--dir", office, given=given)["id"])
    out = script.folder / "out"
    told = script.json("person", "file", person, "--dir", office, "--out", f"{out}/")
    assert told == {"file": str(out / f"person-{person}.json"), "records": 1}
    [resident, *_] = json.loads(Path(told["file"]).read_text("utf-8"))
    assert (resident["kind"], resident["phones"]) == ("resident", "13800000142"), "theirs, so not masked"
    [row] = [one for one in script.json("audit", "--dir", office) if one["action"] == "export"]
    assert (row["purpose"], row["count"]) == ("Asked for by the person concerned", 1)
    code, _, err = script.run("person", "file", person, "--dir", office, "--out", told["file"])
    assert (code, "is kept" in err) == (1, True)
    code, _, err = script.run("person", "file", 5, "--dir", office, "--out", script.folder / "nobody.json")
    assert (code, err) == (1, "This record is not here.\n")
    assert not (script.folder / "nobody.json").exists()
