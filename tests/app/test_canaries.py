"""What a stranger finds in the files of a data folder: nothing that anybody typed."""

from pathlib import Path

import pytest

from gridworker.app.demo import make_demo
from gridworker.app.workspace import Workspace
from gridworker.store.kdf import CHEAP

CANARIES = ("金丝雀陈", "canary-note-7731", "13800007731", "麻雀弄七三一号", "canarypass7731 four words")
ENCODINGS = ("utf-8", "utf-16-le", "gb18030")


def _hits(folder: Path) -> list[str]:
    needles = {(word, code): word.encode(code) for word in CANARIES for code in ENCODINGS}
    return [
        f"{path.name}: {word} as {code}"
        for path in folder.rglob("*")
        if path.is_file()
        for (word, code), needle in needles.items()
        if needle in path.read_bytes() or word in path.name
    ]


@pytest.fixture
def worked(tmp_path: Path) -> Path:
    """A community in which everything was done once with canaries, the stores still open while scanned."""
    demo = make_demo(tmp_path, people=40, profile=CHEAP)
    laptop = Workspace.open(demo.laptops[0], demo.passphrase, profile=CHEAP)
    office = Workspace.open(demo.office, demo.passphrase, profile=CHEAP)
    name, note, phone, street, _ = CANARIES
    person = laptop.records.save("resident", {"name": name, "phones": phone, "note": note, "status": "in_place"}).id
    household = laptop.records.page("household", limit=1)[0].id
    laptop.records.save("household", {"remark": street}, household)
    laptop.drafts.keep("visit:1", {"note": note, "who": name})
    laptop.records.remove("resident", person)
    bundle = laptop.exchange.pack(tmp_path)
    assert office.exchange.merge(bundle).trip
    laptop.exchange.merge(office.exchange.pack(tmp_path, 1))
    assert _hits(tmp_path) == []
    laptop.close()
    office.close()
    return tmp_path


def test_nothing_typed_is_readable_in_any_file(worked: Path) -> None:
    assert {path.suffix for path in worked.rglob("*") if path.is_file()} >= {".db", ".json", ".gwb"}
    assert _hits(worked) == []


def test_the_scan_would_find_one(tmp_path: Path) -> None:
    (tmp_path / "leak.log").write_text(f"saved {CANARIES[0]}", encoding="utf-8")
    assert _hits(tmp_path) == [f"leak.log: {CANARIES[0]} as utf-8"]


def test_only_the_user_may_read_the_folder(worked: Path) -> None:
    laptop = worked / "laptop-1"
    assert [path.name for path in laptop.rglob("*") if path.is_file() and path.stat().st_mode & 0o077] == []
