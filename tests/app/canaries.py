"""Words that nobody else uses, put in wherever somebody types, and the search for them in every file."""

import json
from dataclasses import replace
from pathlib import Path

from gridworker import discover
from gridworker.app.issue.report import IssueDraft
from gridworker.app.issue.views import StepDraft
from gridworker.app.roster.export import ExportWish
from gridworker.app.visit.entry import HazardEntry
from gridworker.app.workspace import Workspace
from gridworker.errors import Invalid, Problem
from gridworker.record import Spec, Type
from gridworker.sheets.write import Table, write_table
from gridworker.store.keys.kdf import CHEAP
from tests.pages import decompressed
from tests.pictures import jpeg, pdf

ENCODINGS = ("utf-8", "utf-16-le", "gb18030")
LEDGER = ("姓名", "性别", "身份证号", "与户主关系", "联系电话", "楼栋", "单元", "室", "人员类别", "变动情况")


class Canaries:
    """Makes them and knows them all."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def word(self) -> str:
        """One more."""
        self.words.append(f"金丝雀{len(self.words):03d}号")
        return self.words[-1]

    def phone(self) -> str:
        """One more that is a number."""
        self.words.append(f"13877{len(self.words):06d}")
        return self.words[-1]

    def hits(self, *folders: Path) -> list[str]:
        """Where any of them stands in a file or in its name, in any encoding; compressed or escaped as in JSON too."""
        needles = {(word, code): word.encode(code) for word in self.words for code in ENCODINGS}
        needles |= {(word, "escapes"): json.dumps(word)[1:-1].encode() for word in self.words}
        return [
            f"{path.name}: {word} as {code}"
            for path in (path for folder in folders for path in folder.rglob("*") if path.is_file())
            for data in [_with_unpacked(path.read_bytes())]
            for (word, code), needle in needles.items()
            if needle in data or word in path.name
        ]


class Day:
    """A day on a device on which canaries are typed into everything there is. ``outside`` is not searched."""

    def __init__(self, device: Workspace, canaries: Canaries, outside: Path) -> None:
        self.device = device
        self.canaries = canaries
        self.outside = outside
        self.household = device.records.page("household", limit=1)[0].id

    def fill_in_every_field(self) -> int:
        """A record of every kind that there is one of. Returns in how many kinds."""
        kinds = 0
        for record in discover.kinds().values():
            found = self.device.records.page(record.kind.name, limit=1)
            typed = {name: self._typed(spec) for name, spec in record.kind.specs.items() if _is_typed(spec)}
            kinds += bool(found and typed and self._save(record.kind.name, dict(typed), found[0].id))
        return kinds

    def _save(self, kind: str, typed: dict[str, object], record: int) -> bool:
        """What its checks let pass."""
        try:
            self.device.records.save(kind, typed, record)
        except Invalid as invalid:
            left = {name: value for name, value in typed.items() if name not in invalid.faults}
            return len(left) < len(typed) and bool(left) and self._save(kind, left, record)
        except Problem:
            return False
        return True

    def _typed(self, spec: Spec) -> object:
        return self.canaries.phone() if spec.type is Type.PHONES else self.canaries.word()

    def visit(self) -> None:
        """Typed, kept, thrown away, brought back, written down with an issue, and one more left as a draft."""
        visits, word = self.device.visits, self.canaries.word
        entry = replace(visits.start(self.household).entry, note=word())
        visits.keep(entry)
        visits.restore(self.household, visits.discard(self.household) or {})
        hazard = HazardEntry(title=word(), done=True, at=entry.started_at)
        visits.finish(replace(entry.marked("gas", "problem", hazard), note=word()))
        self.device.drafts.keep("resident:new", {"name": word(), "phones": self.canaries.phone()})

    def issue(self) -> None:
        """Reported, answered, gone on with."""
        word = self.canaries.word
        draft = IssueDraft(
            word(), "C", household_id=self.household, summary=word(), words=word(), place_text=word(), response=word()
        )
        done = self.device.issues.report(draft, responded=True)
        self.device.issues.take_step(done.issue, StepDraft("note", note=word()))
        self.device.attachments.add("issue", done.issue, jpeg(word().encode()), word())
        self.device.attachments.add("issue", done.issue, pdf(words=b"(x) Tj"), word())

    def search(self) -> None:
        """By a word, by a number, put on record."""
        for query in (self.canaries.word(), self.canaries.phone()):
            self.device.search.find(query)
        self.device.search.noted()

    def take_back(self) -> None:
        """A record made, changed, removed, and the last of it undone."""
        made = self.device.records.save("resident", {"name": self.canaries.word(), "status": "in_place"}).id
        self.device.records.save("resident", {"note": self.canaries.word()}, made)
        self.device.records.remove("resident", made)
        self.device.records.undo()

    def ledger(self, grid: int) -> None:
        """Taken in and taken back; written out, which is read by whoever has that file and is not searched."""
        row = [self.canaries.word(), "女", "", "户主", self.canaries.phone(), "9", "1", "202", "", ""]
        path = self.outside / f"{self.canaries.word()}.xlsx"
        write_table(path, Table("居民台账", LEDGER, [row]))
        self.device.rosters.undo(self.device.rosters.save(self.device.rosters.preview(path, grid)))
        self.device.rosters.export(ExportWish(self.outside / "out.xlsx", "check", grid))

    def passphrases(self, own: str) -> None:
        """Wrong ones, and another one for oneself that is changed back again."""
        for typed in (self.canaries.word(), f"{self.canaries.word()} {self.canaries.word()}"):
            try:
                Workspace.open(self.device.session.folder.root, typed, profile=CHEAP)
            except Problem:
                continue
            raise AssertionError("a wrong passphrase opened it")
        other = " ".join(self.canaries.word() for _ in range(4))
        self.device.people_here.change(own, other)
        self.device.people_here.change(other, own)

    def office_rules(self, stick: Path) -> None:
        """A grid, a form for a ledger, a passphrase for one more of the office, a laptop's kit."""
        word, office = self.canaries.word, self.device
        stick.mkdir(exist_ok=True)
        grid = office.devices.add_grid(word())
        office.presets.save({"name": word(), "ledger": "visits", "title": word(), "unit": word()})
        office.records.save(
            "staff", {"name": "刘芳"}, office.session.who
        )  # the unlock page names who shares a computer
        clerk = office.records.save("staff", {"name": "王敏", "role": "office", "active": True}).id
        office.people_here.add(clerk, " ".join(word() for _ in range(4)))
        office.devices.issue_kit(word(), [grid], stick / "kit.gwk")


def _with_unpacked(data: bytes) -> bytes:
    return b"".join((data, *decompressed(data)))


def _is_typed(spec: Spec) -> bool:
    return spec.type in {Type.TEXT, Type.NOTE, Type.PHONES} and spec.codes is None
