"""What belongs in one person's file beyond the records that are about them alone (PIPL 44, domain.md 7.1, 7.3).

The household they belong to, with what was called for and done there while they were in it, and where texts of others
name them. It is theirs and nobody else's: of a record that concerns the household as a whole they get what was done and
when; free words only where they were there, are a party or are named, and of others in them no name and no number. A
matter between others, or one that is not for everybody, is not theirs because they share a door.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.domain import masking
from gridworker.record import Privacy, Type, Value
from gridworker.store.concerned import Concerned, names_of
from gridworker.store.queries import person_wider as rows
from gridworker.store.queries.attachments import attached_to

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Spec
    from gridworker.store.engine.database import Connection

_TOLD = frozenset({Type.TEXT, Type.NOTE})
_OF_OTHERS = frozenset({
    "head_id", "head_name", "met", "met_other", "accompany", "resident_id", "witness", "name", "to_person",
    "solve_person",
})  # fmt: skip
"""Fields that say who else it was."""
_FOR_THE_PROGRAM = frozenset({"follows"})
"""Fields that say nothing to a person."""

AROUND = 20
"""Characters shown on either side of a name in a text that is not the person's."""


class Wider(NamedTuple):
    """A record as its file shows it: only these fields."""

    kind: str
    record: int
    values: Mapping[str, Value]
    whole: bool = True
    """False of what is another's and only names them: nothing of it is theirs but the words around their name."""


class Wide:
    """What concerns them with others, and of any text what is theirs to see."""

    def __init__(self, session: "Session", connection: "Connection", resident: int, own: Collection[Concerned]) -> None:
        """``own`` is what is about them alone: by what numbers they went is read from there."""
        self._session, self._connection, self._resident = session, connection, resident
        values = session.store.get("resident", resident) or {}
        self._name = str(values.get("name") or "")
        self._phones = set(str(values.get("phones") or "").split())
        self._numbers = {_digits(word) for word in names_of(connection, own) if word[:1].isdigit()}
        self._there = rows.matters_of(connection, resident)
        self._others = rows.others(connection, resident, [record for kind, record in self._there if kind == "issue"])

    def all(self, own: Collection[int]) -> list[Wider]:
        """The household, where they were met or a party, what else was done there, texts of others that name them.

        In the order of the file, without what it has already: ``own``.
        """
        return list(self._all(set(own)))

    def covered(self, text: str) -> str:
        """A text without the names and numbers of others; their own name and numbers stay."""
        named = sorted(
            {*self._others, self._name} - {""}, key=len, reverse=True
        )  # the longest first: 陈建国 is no 陈建
        if named:
            text = re.sub("|".join(map(re.escape, named)), lambda found: self._called(found[0]), text)
        shown = masking.mask_in_text(text)
        for cover, number in masking.numbers_covered(text).items():
            if _digits(number) in self._numbers:
                shown = shown.replace(cover, number)
        return shown

    def told(self, kind: str, values: Mapping[str, Value]) -> dict[str, Value]:
        """What is about them alone, with words that somebody wrote covered where they are of others.

        Whom their care file names for an emergency they told themselves; whose number it is, is another matter.
        """
        specs = discover.kinds()[kind].kind.specs
        return {name: self._own(specs.get(name), value) for name, value in values.items()}

    def _own(self, spec: "Spec | None", value: Value) -> Value:
        if not isinstance(value, str) or spec is None:
            return value
        if spec.type is Type.PHONES:
            return " ".join(one if one in self._phones else masking.mask_phone(one) for one in value.split())
        return self.covered(value) if _is_written(spec) else value

    def _called(self, name: str) -> str:
        return name if name == self._name else masking.mask_name(name)

    def _all(self, seen: set[int]) -> Iterator[Wider]:
        homes = rows.of_homes(self._connection, self._resident, self._session.today().isoformat())
        for kind, record in (*self._there, *homes):
            if record not in seen:
                for found in self._with_steps(kind, record, there=(kind, record) in self._there):
                    seen.add(found.record)
                    yield found
        if len(self._name) >= 2 and not rows.shared_name(self._connection, self._resident):
            for kind, record, field in rows.naming(self._connection, self._name):
                if record not in seen:
                    yield Wider(kind, record, {field: self._excerpt(kind, record, field)}, whole=False)

    def _with_steps(self, kind: str, record: int, *, there: bool) -> Iterator[Wider]:
        """A record; of an issue what was done about it too, of a visit that met them what was photographed."""
        yield self._read(kind, record, there=there)
        if kind == "visit" and there:
            for photo in attached_to(self._connection, "visit_id", record):
                yield self._read("attachment", photo.id, there=True)
        if kind == "issue":
            for step in rows.steps_of(self._connection, record):
                yield self._read("issue_step", step, there=there)

    def _read(self, kind: str, record: int, *, there: bool) -> Wider:
        specs = discover.kinds()[kind].kind.specs
        values = self._session.store.get(kind, record) or {}
        shown = {name: self._told(specs[name], value, there=there) for name, value in values.items() if name in specs}
        return Wider(kind, record, {name: value for name, value in shown.items() if value is not None})

    def _told(self, spec: "Spec", value: Value, *, there: bool) -> Value:
        """A value of something that concerns others too, None where it is theirs alone."""
        if value is None or spec.name in _OF_OTHERS or spec.name in _FOR_THE_PROGRAM:
            return None
        if spec.type is Type.PHONES:
            return " ".join(number for number in str(value).split() if number in self._phones) or None
        if spec.type in _TOLD and spec.privacy >= Privacy.PERSONAL:
            text = str(value)
            named = self._name and self._name in text
            return self.covered(text) if there or named or spec.name in rows.OF_ALL else None
        if spec.type in _TOLD:  # a reason, a number: no personal field, and somebody may have written a name there
            return self.covered(str(value)) if any(name in str(value) for name in self._others) else value
        return value

    def _excerpt(self, kind: str, record: int, field: str) -> str:
        text = str((self._session.store.get(kind, record) or {}).get(field) or "")
        at = max(text.find(self._name), 0)
        low, high = max(at - AROUND, 0), at + len(self._name) + AROUND
        return f"{'…' if low else ''}{self.covered(text[low:high])}{'…' if high < len(text) else ''}"


def _digits(number: str) -> str:
    """A number however it is parted."""
    return re.sub("[ -]", "", number)


def _is_written(spec: "Spec") -> bool:
    return spec.type in _TOLD and spec.privacy >= Privacy.PERSONAL
