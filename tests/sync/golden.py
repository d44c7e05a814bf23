"""The bundles kept from each released format, and how they were made: ``python -m tests.sync.golden FOLDER``.

A kept bundle is never made again: a later version must read the bytes that an earlier one wrote. A new format gets new
files beside the old ones.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gridworker.sync.format.bundle import Bundle, Contents, hash_of, pack_inner
from gridworker.sync.format.code import Code
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.parts import Agreement, Marks, Purpose, Redaction
from gridworker.sync.format.seal import seal
from gridworker.sync.format.sections import Chunk, ScopeChange
from gridworker.sync.kit import Kit, introduction, write_kit
from tests.sync.samples import AUTHORS, CHEAP, COMMUNITY, LAPTOP, OFFICE, header, mixed

FOLDER = Path(__file__).parents[1] / "data" / "bundles"
HEX = "ab" * 32
LATER = ("got", "asks", "returns", "vouch", "escrow", "recent", "came", "reissued", "escrow_serial",
         "recovery", "lives_left", "ticket", "tickets")  # fmt: skip
"""Keys of the header that came after the kept bundles were written; left out where they are not set."""


def full(keys: DeviceKeys) -> Contents:
    """One of everything."""
    head = header(
        n=14,
        prev=HEX,
        since=5,
        upto=3000,
        have=Marks(12, 13, (4, 5)),
        backed_up_to=Marks(11),
        scope=9,
        refused=(12,),
        keys=keys.public,
        proof=introduction(b"s" * 16, COMMUNITY, LAPTOP, keys.public),
        redacts=Redaction(HEX, 3, LAPTOP),
        digest=Agreement(HEX, 13, 9),
        program="0.1.0",
        extra={"later": [1, "x"]},
    )
    chunk = Chunk(b"c" * 32, 100, 40, b"a piece of a photo")
    scope = ScopeChange(10, (11, 12), (21, 22), (23,), (101, 102, 103))
    return Contents(head, mixed(), AUTHORS, scope, [chunk], {"later": b"a section to come"})


def seen(bundle: Bundle) -> dict[str, Any]:
    """What was read, for JSON. The random parts are left out."""
    head = asdict(bundle.header)
    for random in ("seed", "sections"):
        head.pop(random)
    for later in LATER:
        if not head[later]:
            head.pop(later)
    parts = {
        "header": head,
        "ops": bundle.ops,
        "bad": bundle.bad_ops,
        "authors": bundle.authors,
        "scope": bundle.scope and asdict(bundle.scope),
        "chunks": [asdict(chunk) for chunk in bundle.chunks],
        "other": sorted(bundle.other),
        "hash": bundle.hash,
    }
    read: dict[str, Any] = json.loads(json.dumps(parts, default=bytes.hex))
    return read


def main(folder: Path) -> None:
    """Write the files of the present format."""
    from gridworker.sync.format.bundle import read_bundle
    from gridworker.sync.kit import read_kit

    office, laptop, code = DeviceKeys.generate(), DeviceKeys.generate(), Code.new()
    inner = pack_inner(full(laptop), laptop)
    data = seal(inner, [office.public.recipient])
    head = header(purpose=Purpose.KIT, sender=OFFICE, recipient=LAPTOP)
    kit = Kit(7, 5, (11, 12), office.public, laptop.public, b"k" * 16)
    kit_data = write_kit(Contents(head, mixed(), AUTHORS), kit, office, code, work=CHEAP).data
    expected = {
        "office": office.pack().hex(),
        "laptop": laptop.public.pack().hex(),
        "code": code.text,
        "bundle": seen(read_bundle(data, [office.identity], known=lambda _: laptop.public)),
        "kit": seen(read_kit(kit_data, code)[1]),
    }
    assert expected["bundle"]["hash"] == hash_of(inner)  # type: ignore[index]  # it is the map made above
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "format-1.gwb").write_bytes(data)
    (folder / "format-1-kit.gwb").write_bytes(kit_data)
    text = json.dumps(expected, ensure_ascii=False, indent=1)
    (folder / "format-1.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
