"""What a ledger says, checked like anything that is saved; a text that comes again is not cleaned again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gridworker.app.ledger.cells import SEX as SEX_WORDS
from gridworker.domain.identity import upgraded
from gridworker.errors import Problem
from gridworker.record import Record, Spec, Value
from gridworker.store.records import kind_named

if TYPE_CHECKING:
    from gridworker.sheets.people import Resident

SEX = {word: code for code, word in SEX_WORDS.items()}
_NUMBER = ("id_number", "id_hash", "id_last4")
FULL_DAY = len("YYYY-MM-DD")


class Checked(NamedTuple):
    """Records of those that were checked together, by their places among them, and their values by name of field."""

    places: Sequence[int]
    columns: dict[str, list[Value]]

    def has_blanks(self) -> bool:
        """Whether any of the values is null."""
        return any(None in column for column in self.columns.values())


def _is_good(record: type[Record], found: Checked) -> bool:
    """Whether records name all they need, leave nothing blank that they name and break no rule."""
    whole = found.columns.keys() >= set(record.kind.required)
    return whole and not found.has_blanks() and not record.any_breaks(found.columns)


class Checker:
    """Checks the records of one import. It remembers what people wrote, so it lives no longer than the import."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[str, _Cleaned]] = {}
        self._brought: dict[Value, Value] = {}

    def trust(self, kind: str, *fields: str) -> None:
        """Take the texts of fields as they are: who read them has checked them by the fields' own rules."""
        for field in fields:
            self._of(kind)[field].trusts = True

    def checked(self, kind: str, values: Mapping[str, object], *, partial: bool = False) -> dict[str, Value]:
        """``Record.checked`` of a kind. Raises Invalid, NotFound."""
        return kind_named(kind).checked(values, partial=partial, cleaned=self._of(kind))

    def all_checked(self, kind: str, listed: Sequence[Mapping[str, object]]) -> "list[Checked]":
        """``checked`` for many records, a column at a time: they name few sets of fields. Raises Invalid, NotFound."""
        record, groups = kind_named(kind), defaultdict[tuple[str, ...], list[int]](list)
        for place, values in enumerate(listed):
            groups[tuple(values)].append(place)
        try:
            found = [
                Checked(places, self._columns(kind, names, [listed[at] for at in places]))
                for names, places in groups.items()
            ]
        except (KeyError, Problem):
            return self._one_by_one(kind, listed)
        if not all(_is_good(record, one) for one in found):
            return self._one_by_one(kind, listed)
        return [one._replace(columns=self._completed(record, one.columns)) for one in found]

    def all_columns(self, kind: str, columns: "Mapping[str, Sequence[Value]]") -> "list[Checked]":
        """``all_checked`` for records that name the same fields, given field by field. Raises Invalid, NotFound."""
        record, cleaned = kind_named(kind), self._of(kind)
        count = len(next(iter(columns.values())))
        try:
            found = Checked(range(count), {name: cleaned[name].all(column) for name, column in columns.items()})
        except (KeyError, Problem):
            found = None
        if found is not None and _is_good(record, found):
            return [found._replace(columns=self._completed(record, found.columns))]
        rows = zip(*columns.values(), strict=True)
        return self._one_by_one(kind, [dict(zip(columns, row, strict=True)) for row in rows])

    def _completed(self, record: type[Record], columns: dict[str, list[Value]]) -> dict[str, list[Value]]:
        """With what others bring along: a ledger has each of these words many times, and one of each is kept."""
        whole, alike = record.all_completed(columns), self._brought.setdefault
        for name in whole.keys() - columns.keys():
            if set(map(type, whole[name])) == {str}:  # 1, True and 1.0 would be one key
                whole[name] = list(map(alike, whole[name], whole[name]))
        return whole

    def _one_by_one(self, kind: str, listed: Sequence[Mapping[str, object]]) -> "list[Checked]":
        """The same record by record, which says what is wrong."""
        found = enumerate([self.checked(kind, values) for values in listed])
        return [Checked([at], {name: [value] for name, value in clean.items()}) for at, clean in found]

    def _columns(
        self, kind: str, names: tuple[str, ...], listed: Sequence[Mapping[str, object]]
    ) -> dict[str, list[Value]]:
        cleaned = self._of(kind)
        columns = zip(*(values.values() for values in listed), strict=True)
        return {name: cleaned[name].all(column) for name, column in zip(names, columns, strict=True)}

    def _of(self, kind: str) -> "dict[str, _Cleaned]":
        found = self._kinds.get(kind)
        if found is None:
            specs = kind_named(kind).kind.specs
            found = self._kinds[kind] = {name: _Cleaned(spec) for name, spec in specs.items()}
        return found


class _Cleaned(dict[object, Value]):
    """What was made of the texts of one field. Of nothing else: 1, True and 1.0 would be one key."""

    def __init__(self, spec: Spec) -> None:
        super().__init__()
        self._clean = spec.clean
        self.trusts = False
        """Nothing is to be made of texts, and none of them remembered."""

    def all(self, column: "Sequence[Any]") -> list[Value]:
        """What is made of each of some values."""
        if self.trusts and all(column) and set(map(type, column)) == {str}:
            return list(column)
        return list(map(self.__getitem__, column))

    def __missing__(self, value: object) -> Value:
        if self.trusts and value and type(value) is str:
            return value
        found = self._clean(value)
        if type(value) is str:
            self[value] = found
        return found


def values_of(person: "Resident", *, numberless: bool = False) -> dict[str, Value]:
    """What a row says of a resident, as fields of the kind; what it leaves blank is left out.

    ``numberless``: what is here as their number is not theirs, and goes where the row has none.
    """
    values: dict[str, Value] = dict.fromkeys(_NUMBER) if numberless and not person.id_number else {}
    values["name"] = person.name
    if person.sex:
        values["sex"] = SEX[person.sex]
    if person.birth_date:
        values |= _birth(person.birth_date)
    if person.phones:
        values["phones"] = " ".join(person.phones)
    if person.id_number:
        values["id_number"] = person.id_number
    elif person.id_last4:
        values["id_last4"] = person.id_last4
    if person.tags:
        values["tags"] = " ".join(person.tags)
    if person.note is not None and not remark_of(person):
        values["note"] = person.note
    return values


def columns_of(people: "Sequence[Resident]") -> "dict[str, Sequence[Value]]":
    """``values_of`` many, field by field and in its order; null where a row leaves a field blank."""
    births = [person.birth_date for person in people]
    full = all(born is not None and len(born) == FULL_DAY for born in births)
    parts = [_birth(born) if born else {} for born in births] if not full else []
    return {
        "name": [person.name for person in people],
        "sex": [SEX[person.sex] if person.sex else None for person in people],
        "birth_date": births if full else [part.get("birth_date") for part in parts],
        "birth_year": (None,) * len(people) if full else [part.get("birth_year") for part in parts],
        "phones": [" ".join(person.phones) if person.phones else None for person in people],
        "id_number": [person.id_number for person in people],
        "id_last4": [None if person.id_number else person.id_last4 or None for person in people],
        "tags": [" ".join(person.tags) if person.tags else None for person in people],
        "note": [None if person.note is None or remark_of(person) else person.note for person in people],
    }


def knows_less(name: str, value: Value, before: Mapping[str, Value]) -> bool:
    """Whether a ledger has only the year of somebody whose day of birth is here, or the old form of their number."""
    if name == "id_number" and value:
        return before[name] is not None and upgraded(str(value)) == before[name]
    return name == "birth_year" and before["birth_date"] is not None


def _birth(born: str) -> dict[str, Value]:
    return {"birth_date": born} if len(born) == FULL_DAY else {"birth_year": int(born[:4])}


def remark_of(person: "Resident") -> str | None:
    """What a row of a list of households remarks of the household behind its door, which is not about its head."""
    home = person.household
    return home.remark if home is not None and home.key and home.remark == person.note else None
