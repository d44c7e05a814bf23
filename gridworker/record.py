"""What every kind of record has in common: stable numbers, labels, privacy, validation, caption.

A kind is a ``Record`` subclass in its own file of ``gridworker.domain``::

    class Grid(Record, table=True):
        '''A grid: 300-500 households with one worker.'''

        kind: ClassVar[Kind] = Kind(2, Label("Grid"), Label("Grids"), caption=("name",))

        name: str | None = field(1, Label("Name"), required=True, max_length=50, search=True)
        community_id: int | None = field(2, Label("Community"), Type.REF, ref="community")

Values are ``None``, ``int`` or ``str`` everywhere: in the log, in bundles and in the tables (dates as
``YYYY-MM-DD``, moments as ``YYYY-MM-DDTHH:MM:SSZ`` in UTC, flags as 0 and 1, several codes as sorted words).
So a value means the same wherever it is compared, and a table is a plain reading of the log.

Numbers of kinds and fields never change and are never used again: bundles between versions rest on them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias

from pydantic.fields import FieldInfo
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from gridworker import dates
from gridworker.errors import Invalid, Problem
from gridworker.text import Label

Value: TypeAlias = int | str | None

Cleaned: TypeAlias = Mapping[str, Mapping[Any, Value]]
"""By name of field what ``Spec.clean`` makes of values: shared by the many records of an import."""

ALIVE = 0
"""The field number of a record's existence: 1 alive, 0 deleted. Every kind has it."""

MAX_INTEGER = 2**63 - 1
DEFAULT_MAX_LENGTH = 200
NOTE_MAX_LENGTH = 2000


class Privacy(IntEnum):
    """How closely a value is kept (domain.md 2.1): what is masked, counted in audits and left out of exports."""

    INTERNAL = 1
    PERSONAL = 2
    SENSITIVE = 3


class Type(StrEnum):
    """What a field holds; decides its editor, its check and how it is shown."""

    TEXT = "text"
    NOTE = "note"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"
    CODE = "code"
    CODES = "codes"
    MARKS = "marks"
    REF = "ref"
    PHONES = "phones"
    ID_NUMBER = "id_number"

    __hash__ = str.__hash__  # that of an Enum is slow, and every value that is checked asks for it


_NUMBERS = frozenset({Type.NUMBER, Type.FLAG, Type.REF})


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of codes with their labels. Codes are never removed, only marked ``retired``.

    ``first`` is the short list most people need, in the order a form shows it; the rest follows it.
    """

    name: str
    labels: Mapping[str, Label]
    retired: frozenset[str] = frozenset()
    first: tuple[str, ...] = ()

    def __contains__(self, code: object) -> bool:
        return code in self.labels

    def label(self, code: str) -> str:
        """The label of a code, or the code itself where a newer version wrote it."""
        return str(self.labels[code]) if code in self.labels else code

    @property
    def offered(self) -> tuple[str, ...]:
        """The codes a form offers, in order."""
        rest = (code for code in self.labels if code not in self.retired and code not in self.first)
        return (*self.first, *rest)


@dataclass(frozen=True, slots=True)
class Spec:
    """One field as declared: everything a form, a table, a search, a bundle or an export needs to know of it."""

    name: str
    number: int
    label: Label
    type: Type
    privacy: Privacy
    required: bool
    max_length: int
    codes: CodeList | None
    ref: str | None
    search: bool
    check: Callable[[str], str] | None
    told: bool = False

    @property
    def is_number(self) -> bool:
        """Whether values are stored as integers."""
        return self.type in _NUMBERS

    def understands(self, value: Value) -> bool:
        """Whether this version may put ``value`` in a table: right storage type, a day that is one, no unknown code."""
        if value is None:
            return True
        if self.is_number:
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_INTEGER
        return isinstance(value, str) and (self.type not in _UNDERSTOOD or _UNDERSTOOD[self.type](self, value))

    def clean(self, value: object) -> Value:
        """``value`` as it is stored. Raises Problem with what to do."""
        if value is None or value == "":
            if self.required:
                raise Problem("This is needed.")
            return None
        return _CLEANERS[self.type](self, value)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind as declared. ``caption`` names the fields a record is called by; name and specs come from its class."""

    number: int
    title: Label
    plural: Label
    caption: tuple[str, ...]
    office_only: bool = False
    """Travels to the office and to nobody else (audit rows)."""
    append_only: bool = False
    """Entries stay as they were written: what is wrong is put right by another one."""
    everywhere: bool = False
    """Needed by every device whatever its scope: places, staff, devices, policies."""
    within: tuple[str, ...] = ()
    """What says which grid a record is in: the first of these references that is set (sync.md 6)."""
    brings: tuple[str, ...] = ()
    """References whose records come along wherever this record goes."""
    name: str = ""
    specs: Mapping[str, Spec] = dataclass_field(default_factory=dict, repr=False)
    """The declared fields by name, in the order of their numbers."""
    numbered: Mapping[int, Spec] = dataclass_field(default_factory=dict, repr=False)
    """The declared fields by stable number; a newer version may have more."""
    required: tuple[str, ...] = ()
    """The fields no record may be without."""


def field(
    number: int,
    label: Label,
    type: Type = Type.TEXT,  # noqa: A002 - the word every declaration reads best with
    *,
    privacy: Privacy = Privacy.INTERNAL,
    required: bool = False,
    max_length: int | None = None,
    codes: CodeList | None = None,
    ref: str | None = None,
    search: bool = False,
    told: bool = False,
    index: bool = False,
    check: Callable[[str], str] | None = None,
) -> Any:
    """Declare a field. ``check`` normalises a text or raises Problem; ``index`` asks for a database index.

    ``search``: what a record goes by, or a note about it. ``told``: found by its words alone, and nobody goes by it.
    """
    length = max_length or (NOTE_MAX_LENGTH if type is Type.NOTE else DEFAULT_MAX_LENGTH)
    info = {
        "number": number, "label": label, "type": type, "privacy": privacy, "required": required,
        "max_length": length, "codes": codes, "ref": ref, "search": search, "told": told, "check": check,
    }  # fmt: skip
    return Field(default=None, nullable=True, index=index, sa_column_kwargs={"info": info})


class Record(SQLModel):
    """Base of all kinds. Never construct one to save it: ``checked`` and the store's one write path are the way in."""

    kind: ClassVar[Kind]

    id: int | None = Field(default=None, primary_key=True)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Read the declared fields once, so that nothing else has to look at columns."""
        super().__pydantic_init_subclass__(**kwargs)
        if "kind" not in vars(cls):
            return
        found = {name: _spec(name, info) for name, info in cls.model_fields.items() if name != "id"}
        specs = dict(sorted(found.items(), key=lambda item: item[1].number))
        numbered = {spec.number: spec for spec in specs.values()}
        if len(numbered) != len(specs) or ALIVE in numbered:
            raise TypeError(f"{cls.__name__}: field numbers must be unique and above 0")
        required = tuple(spec.name for spec in specs.values() if spec.required)
        by_name, by_number = MappingProxyType(specs), MappingProxyType(numbered)
        cls.kind = replace(cls.kind, name=str(cls.__tablename__), required=required, specs=by_name, numbered=by_number)

    @classmethod
    def checked(
        cls, values: Mapping[str, object], *, partial: bool = False, cleaned: Cleaned | None = None
    ) -> dict[str, Value]:
        """``values`` cleaned and validated, by field name. Raises Invalid naming every field at fault.

        ``partial`` leaves out the check for required fields that are absent: an edit names only what it sets. Of a new
        record the rules take what is absent as empty. ``cleaned`` remembers what was cleaned before.
        """
        clean, faults = cls._looked_up(values, cleaned) if cleaned else cls._cleaned(values)
        if not partial:
            faults |= {name: Problem("This is needed.") for name in cls.kind.required if name not in values}
        if not faults:
            faults.update(cls.rules(clean if partial else {**dict.fromkeys(cls.kind.specs), **clean}))
        if faults:
            raise Invalid(faults, {name: spec.label for name, spec in cls.kind.specs.items()})
        return cls.completed(clean)

    @classmethod
    def completed(cls, clean: dict[str, Value]) -> dict[str, Value]:
        """Checked values with what follows from them put beside them; a kind overrides it."""
        return clean

    @classmethod
    def all_completed(cls, columns: dict[str, list[Value]]) -> dict[str, list[Value]]:
        """``completed`` for many records, field by field and none of them null; goes with it in a kind."""
        return columns

    @classmethod
    def any_breaks(cls, columns: Mapping[str, Sequence[Value]]) -> bool:
        """Whether ``rules`` stop any of many new records, given field by field; a kind may tell sooner."""
        rows: Iterable[tuple[Value, ...]] = zip(*columns.values(), strict=True)
        return any(cls.rules(dict(zip(columns, row, strict=True))) for row in rows)

    @classmethod
    def _looked_up(cls, values: Mapping[str, object], cleaned: Cleaned) -> tuple[dict[str, Value], dict[str, Problem]]:
        try:
            return {name: cleaned[name][value] for name, value in values.items()}, {}
        except (KeyError, Problem):
            return cls._cleaned(values)  # says which

    @classmethod
    def _cleaned(cls, values: Mapping[str, object]) -> tuple[dict[str, Value], dict[str, Problem]]:
        clean: dict[str, Value] = {}
        faults: dict[str, Problem] = {}
        for name, value in values.items():
            spec = cls.kind.specs.get(name)
            if spec is None:
                faults[name] = Problem("There is no such field.")
                continue
            try:
                clean[name] = spec.clean(value)
            except Problem as fault:
                faults[name] = fault
        return clean, faults

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Rules across the given fields that stop a save; a kind overrides it. Only present fields can be judged."""
        del values
        return {}

    @classmethod
    def caption(cls, values: Mapping[str, Value]) -> str:
        """What the record is called in lists."""
        named = ((cls.kind.specs[name].codes, values.get(name)) for name in cls.kind.caption)
        return " ".join(codes.label(str(value)) if codes else str(value) for codes, value in named if value is not None)

    def values(self) -> dict[str, Value]:
        """The fields by name."""
        return {name: getattr(self, name) for name in self.kind.specs}


def _spec(name: str, info: FieldInfo) -> Spec:
    return Spec(name=name, **vars(info)["sa_column_kwargs"]["info"])


_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def clean_text(value: str, *, lines: bool = False) -> str:
    """Text as it is kept: NFC, without control, zero-width and bidi characters, outer spaces removed.

    Raises Problem on lone surrogates, which no encoding can store.
    """
    if value.isprintable() and unicodedata.is_normalized("NFC", value):  # no space in it but U+0020, and no line ends
        return value.strip() if lines or "  " not in value else " ".join(value.split())
    if _SURROGATE.search(value):
        raise Problem("This text has a broken character; please type it again.")
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", value))
    if lines:
        return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    return _SPACES.sub(" ", text).strip()


def _text(spec: Spec, value: object) -> str | None:
    if not isinstance(value, str):
        raise Problem("This must be text.")
    text = clean_text(value, lines=spec.type is Type.NOTE)
    if len(text) > spec.max_length:
        raise Problem("At most {count} characters; shorten it.", count=spec.max_length)
    if text and spec.check:
        text = spec.check(text)
    if not text and spec.required:
        raise Problem("This is needed.")
    return text or None


def _number(_spec: Spec, value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,18}", value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_INTEGER:
        raise Problem("This must be a whole number.")
    return value


def _flag(_spec: Spec, value: object) -> int:
    if value in (True, 1, "1"):
        return 1
    if value in (False, 0, "0"):
        return 0
    raise Problem("This must be yes or no.")


def _code(spec: Spec, value: object) -> str:
    if not isinstance(value, str) or spec.codes is None or value not in spec.codes:
        raise Problem("Choose one from the list.")
    return value


def _codes(spec: Spec, value: object) -> str | None:
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list | tuple | set | frozenset) or spec.codes is None:
        raise Problem("Choose from the list.")
    if any(word not in spec.codes for word in words):
        raise Problem("Choose from the list.")
    return " ".join(sorted(set(words))) or None


def _marks(spec: Spec, value: object) -> str | None:
    pairs = dict(mark.partition("=")[::2] for mark in value.split()) if isinstance(value, str) else value
    if not isinstance(pairs, Mapping) or spec.codes is None:
        raise Problem("Choose from the list.")
    for key, mark in pairs.items():
        if mark not in spec.codes or not re.fullmatch(r"[^\s=]{1,40}", str(key)):
            raise Problem("Choose from the list.")
    return " ".join(f"{key}={mark}" for key, mark in sorted(pairs.items())) or None


def _known(spec: Spec, codes: Iterable[str]) -> bool:
    return spec.codes is None or all(code in spec.codes for code in codes)


_UNDERSTOOD: Mapping[Type, Callable[[Spec, str], bool]] = MappingProxyType({
    Type.DAY: lambda _spec, text: dates.are_days((text,)),
    Type.MOMENT: lambda _spec, text: dates.is_moment(text),
    Type.CODE: lambda spec, text: spec.codes is None or text in spec.codes.labels,
    Type.CODES: lambda spec, text: _known(spec, text.split()),
    Type.MARKS: lambda spec, text: _known(spec, (mark.partition("=")[2] for mark in text.split())),
})  # fmt: skip
"""What a text has to be for this version to show it, by type; of the others any text is good."""

_CLEANERS: Mapping[Type, Callable[[Spec, Any], Value]] = MappingProxyType({
    Type.TEXT: _text, Type.NOTE: _text, Type.PHONES: _text, Type.ID_NUMBER: _text,
    Type.NUMBER: _number, Type.REF: _number, Type.FLAG: _flag,
    Type.DAY: lambda _spec, value: dates.day(value), Type.MOMENT: lambda _spec, value: dates.moment(value),
    Type.CODE: _code, Type.CODES: _codes, Type.MARKS: _marks,
})  # fmt: skip
