"""What the soak has counted of a program so far, so that a run that was broken off goes on where it was.

A line of JSON for each piece, added as soon as it is done. What was counted of other sources of the program does not
count; ``begin_anew`` draws a line under a part. Two runs at once may write into one book: a line is one write.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

TOP = Path(__file__).parents[2]
PLACE = TOP / "build" / "soak" / "counted.jsonl"

Figures: TypeAlias = dict[str, Counter[str]]
"""Numbers by what they are of, by what told them."""


def program() -> str:
    """A name for the program as it stands: the same where none of its sources differs."""
    whole = sha256()
    for path in sorted((TOP / "gridworker").rglob("*.py")):
        whole.update(f"{path.relative_to(TOP)}\0".encode() + sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


@dataclass
class Counted:
    """Of one part: how many were good, in how many seconds, up to which seed, and what the tests told."""

    done: int = 0
    seconds: float = 0.0
    seed: int = 0
    figures: Figures = field(default_factory=dict)

    def add(self, piece: dict[str, object]) -> None:
        """One more piece that was good."""
        self.done += int(str(piece["count"]))
        self.seconds += float(str(piece["seconds"]))
        self.seed = max(self.seed, int(str(piece["seed"])))
        for line in str(piece["told"]).splitlines():
            name, label, number = line.split("\t")
            self.figures.setdefault(name, Counter())[label] += int(number)


@dataclass(frozen=True)
class Book:
    """Where it is written down, for one program."""

    path: Path
    program: str

    def of(self, what: str) -> Counted:
        """What is counted of a part."""
        found = Counted()
        for piece in self._pieces(what):
            if piece.get("anew"):
                found = Counted()
            else:
                found.add(piece)
        return found

    def add(self, what: str, seed: int, count: int, seconds: float, told: str) -> None:
        """A piece that was good."""
        self._write({"what": what, "seed": seed, "count": count, "seconds": round(seconds, 1), "told": told})

    def begin_anew(self, parts: Iterable[str]) -> None:
        """What is counted of these parts counts no more."""
        for what in parts:
            self._write({"what": what, "anew": True})

    def _write(self, line: dict[str, object]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"program": self.program, **line}, ensure_ascii=False) + "\n")

    def _pieces(self, what: str) -> Iterator[dict[str, object]]:
        lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else ()
        for line in lines:
            piece = json.loads(line)
            if piece["program"] == self.program and piece["what"] == what:
                yield piece
