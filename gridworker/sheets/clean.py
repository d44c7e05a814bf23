"""Cells of residents into values, by the rules of the domain; what a cell says twice is worked out once.

A ``Cleaner`` lives for one file: its caches hold what people wrote and go with it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from gridworker.domain.address import parse_door
from gridworker.domain.codes_care import care_labels
from gridworker.domain.consent_rules import COVERED
from gridworker.domain.id_parts import NumberParts
from gridworker.domain.identity import id_fault, normal_id
from gridworker.domain.names import clean_name, may_be_name
from gridworker.domain.phones import is_mobile, read_phones
from gridworker.domain.tags import NO_TAG, sort_tags
from gridworker.errors import Problem
from gridworker.sheets.cells import EXACT, Cell, bare, is_error, squeezed, text_of, word_set
from gridworker.sheets.days import Day, read_day
from gridworker.sheets.name_remarks import NameRemark, begins_with_kin, has_number, parted, unlabelled, without_brackets
from gridworker.sheets.no_names import NEVER_NAMED, NO_NAMES, VACANT
from gridworker.sheets.relations import Relation, read_relation
from gridworker.text import in_every_language

MAX_NAME = 50
MAX_NOTE = 2000
_LONGEST = 400
"""Characters of a cell of names. What is longer names nobody and is no remark: it is not taken apart, which can take
as long as the square of its length."""
_PLAIN_NAME = re.compile(
    "(?!户主|租户|租客|房东|房主|业主|以[上下]|截[止至])[\u4e00-\u9fff]{2,4}"
    "(?<!户主|已故|去世|死亡|迁出|夫妇|夫妻|一家|全家|父子|父女|母子|母女|等人|之妻|之夫|之子|之女|母亲|父亲|爱人|妻子|丈夫|老婆|老公"
    "|儿媳|女婿|保姆|低保|核实)"
)
_ID_CALLED = re.compile("^(?:居民|公民)?身份(?:证件号码|证号码|证号|号码|证):?")
"""What some write before the number itself."""
_ID_REMARK = re.compile("(?=.*[\u4e00-\u9fff])(?!.*[0-9X*]{5}).*")
"""``（2025年补办中）``: words, and no number among them."""
_OTHER_PAPER = re.compile("(?:港澳|往来|外国人)?[^0-9]{0,6}(?:护照|通行证|台胞证|回乡证|军官证|士兵证|居留证|居留许可)")
"""``护照E12345678``: another document, whose number is none of an ID card."""
_ID_BESIDE = re.compile(r"\([^()0-9X*]*[\u4e00-\u9fff][^()0-9X*]*\)$")
"""``（补办）`` behind the number itself."""
_MARKS_BEHIND = "★☆●◆■▲△▼※◎√✓✔。，,、；;”"
_MARKS = f"'‘’`“*＊{_MARKS_BEHIND}"
"""What some write before or behind a name, for a note elsewhere; a star behind may stand for what is covered."""
_BRACKETED = re.compile(r"(?:\(|\[|【)(.*)(?:\)|\]|】)")
_SEVERAL = re.compile("[\u4e00-\u9fff]{2,4}(?:[、,;/&+][\u4e00-\u9fff]{2,4})+")
_PHONE_BESIDE = re.compile(r"(?<=[\u4e00-\u9fff])[\s:：]*1[3-9][0-9]{9}")
_BETWEEN = re.compile(r"[\s、,，;；/]+")
_EACH_LABELLED = re.compile("[\u4e00-\u9fff]{1,4}[:：]([\u4e00-\u9fff]{2,4})")
"""``妻：王芳 子：李明``."""
_EACH_TOLD = re.compile("([\u4e00-\u9fff]{2,4})[(（][^()（）]+[)）]([\u4e00-\u9fff]{2,4})[(（][^()（）]+[)）]")
"""``王强（夫）李梅（妻）``."""
_SEX: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(word_set("男 男性 男士 先生 男孩 男童 M MALE 1 01 1男 1-男 1.男 男1"), "男")
    | dict.fromkeys(word_set("女 女性 女士 女孩 女童 F FEMALE 2 02 2女 2-女 2.女 女2"), "女")
)
_NO_TICK = word_set("× ✗ ✘ ╳ X ☐ □ 否 无 0 - — -- —— / N NO F FALSE 不 不是 没有 未 〇 ○ 非 不属于 正常 不享受")
_TICK_WORD = re.compile("[√✓✔☑✅●★▲]+")
_TAG_PARTS = re.compile(r"(?:\([^()]*\)|（[^（）]*）|[^\s、，,；;/+|。&])+")
_TWO_DIGITS = re.compile("[0-9].*[0-9]")
_LATIN = re.compile("[A-Za-z]{3}")
_TAG_NUMBER = re.compile(r"(?:^|(?<=[\s,，;；、\u4e00-\u9fff]))[(（]?[0-9]{1,2}[.、．)）]\s*(?=[^0-9\s])")
"""``1.低保 2.残疾``."""
_RESIDENCE = word_set(
    "户籍人口 流动人口 人户分离 常住 常住人口 寄住人口 境外人员 户籍 非户籍 流动 寄住 人户一致 人在户在",
    "人户同在 人在户不在 户在人不在 外来人口 本地户籍 外地户籍 空挂户 暂住人口 户籍常住 非户籍常住 常住户籍",
    "户籍居民 居民 群众",
)
_DOCUMENT = re.compile("(?!.*(?:通行证|护照)).*(?:身份证|户口|居民|公民)|^$|^[0-9]+$")


_BESIDE_DOOR = re.compile("[0-9](?:号?楼|栋|幢|座|单元|室)|^[0-9]+-[0-9]")
"""``1栋1单元102张三``: a door and a name in one cell, which are no name."""


class IdNumber(NamedTuple):
    """An ID cell: the number in plain form, or the kind of its fault; neither where there is none."""

    number: str | None = None
    fault: str | None = None


class TagCell(NamedTuple):
    """A cell of tags: those kept, words of residence, whether some were dropped."""

    kept: tuple[str, ...] = ()
    residence: str | None = None
    dropped: bool = False


class PhoneCell(NamedTuple):
    """A cell of phones and whether some of it is none."""

    phones: tuple[str, ...] = ()
    invalid: bool = False


_NO_ID = IdNumber()


class Cleaner:
    """The values of cells. ``today`` is what birth dates are judged by."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.parts = NumberParts(today)
        self._days: dict[tuple[type, Cell], Day] = {}
        self._relations: dict[Cell, Relation] = {}
        self._tags: dict[Cell, TagCell] = {}
        self._sexes: dict[Cell, str | None] = {}
        self._names: dict[str, str] = {}
        self.remarks: dict[Cell, NameRemark] = {}
        """What stands beside the names of some cells."""

    def name(self, cell: Cell) -> str:
        """A name, empty where the cell holds none."""
        if not isinstance(cell, str):
            return self._name(cell)
        found = self._names.get(cell)
        if found is None:
            found = self._names[cell] = self._name(cell)
        return found

    def is_no_name(self, cell: Cell) -> bool:
        """Whether what stands where a name should is none and no remark either: an error, ``=1+1``, a number."""
        return is_error(cell) or (text_of(cell) != "" and not self.name(cell) and not is_remark(cell))

    def names(self, cells: Sequence[Cell]) -> list[str]:
        """The names in cells, empty where one holds none."""
        known = self._names
        return [known[cell] if type(cell) is str and cell in known else self.name(cell) for cell in cells]

    def _name(self, cell: Cell) -> str:
        if _is_too_long(cell):
            return ""
        if isinstance(cell, str) and _PLAIN_NAME.fullmatch(cell) and cell not in NO_NAMES and not begins_with_kin(cell):
            return cell
        text, relation = unlabelled(text_of(cell).lstrip(_MARKS).rstrip(_MARKS_BEHIND))
        if isinstance(cell, bool) or _names_nobody(squeezed(text)) or names_several(text):
            return ""
        text, remark = parted(text)
        if relation:
            remark = remark or NameRemark()
            remark.relation = remark.relation or read_relation(relation)
        if remark is not None:
            self.remarks[cell] = remark
        try:
            name = clean_name(text) if text else ""
        except Problem:
            return ""
        return name if len(name) <= MAX_NAME and not (_is_door(name) or _BESIDE_DOOR.search(name)) else ""

    def id_number(self, cell: Cell) -> IdNumber:
        """An ID number. A number cell of more than 15 digits has lost the last ones, whatever they look like now."""
        if isinstance(cell, str):
            return IdNumber(cell) if self.parts.day_of(cell) else self._id_text(cell)
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return _NO_ID if is_error(cell) else IdNumber(fault="id_format")
        if not abs(cell) < EXACT:
            return IdNumber(fault="id_precision_lost")
        return self._id_text(text_of(cell)) if cell else _NO_ID

    def number_beside(self, row: Sequence[Cell], name: int) -> IdNumber:
        """The ID number that stands beside a name in its cell, if one does."""
        remark = self.remarks.get(row[name]) if name >= 0 else None
        return self.id_number(remark.id_number) if remark and remark.id_number else _NO_ID

    def _id_text(self, text: str) -> IdNumber:
        plain = _ID_BESIDE.sub("", _ID_CALLED.sub("", normal_id(bare(text))))
        if _ID_REMARK.fullmatch(plain) or _OTHER_PAPER.match(plain):
            return _NO_ID
        if not plain or plain == "0" or is_error(plain) or not re.search(r"[0-9*]|X{4}", plain):
            return _NO_ID
        fault = id_fault(plain, self.today)
        if fault is None:
            return IdNumber(plain)
        lost = fault.value == "id_checksum" and plain.endswith("000")
        return IdNumber(None, "id_precision_lost" if lost else fault.value)

    def sex(self, cell: Cell) -> str | None:
        """男, 女 or None."""
        if cell not in self._sexes:
            self._sexes[cell] = _SEX.get(squeezed(text_of(cell)))
        return self._sexes[cell]

    def day(self, cell: Cell) -> Day:
        """The day a cell means."""
        key = type(cell), cell
        if key not in self._days:
            self._days[key] = read_day(cell, self.today)
        return self._days[key]

    def phones(self, cell: Cell) -> PhoneCell:
        """The phones of a cell."""
        if isinstance(cell, str) and is_mobile(cell):
            return PhoneCell((cell,))
        text = cell if isinstance(cell, str) and cell.isdigit() else text_of(cell)
        found = read_phones("" if text == "0" else text)
        return PhoneCell(found.valid, bool(found.invalid) or "*" in text)

    def relation(self, cell: Cell) -> Relation:
        """The relation of a cell."""
        if cell not in self._relations:
            self._relations[cell] = read_relation(text_of(cell))
        return self._relations[cell]

    def tags(self, cell: Cell) -> TagCell:
        """The tags of a cell in which several may stand, one after the other."""
        if cell not in self._tags:
            text = text_of(cell)
            words = [
                word
                for word in _TAG_PARTS.findall(
                    _TAG_NUMBER.sub(" ", _in_usual_words("" if squeezed(text) in NO_TAG else text))
                )
                if word != "0"
            ]
            residence = [word for word in words if word in _RESIDENCE]
            found = sort_tags(word for word in words if word not in _RESIDENCE)
            self._tags[cell] = TagCell(found.kept, residence[0] if residence else None, bool(found.blocked))
        return self._tags[cell]

    def text(self, cell: Cell) -> str:
        """A short text in one line."""
        return " ".join(text_of(cell).split())

    def note(self, cell: Cell) -> str:
        """A remark, with its line breaks."""
        text = text_of(cell).replace("\r\n", "\n").replace("\r", "\n")
        return "\n".join(line.rstrip() for line in text.split("\n"))


def _is_door(text: str) -> bool:
    """Whether a door stands where a name should."""
    return _TWO_DIGITS.search(text) is not None and parse_door(text) is not None


def _in_usual_words(text: str) -> str:
    """Tags with what a ledger of our own in another language calls care as one word each."""
    if not text.isascii() and not _LATIN.search(text):
        return text
    for called, usual in _care_words():
        text = text.replace(called, usual)
    return text


@cache
def _care_words() -> tuple[tuple[str, str], ...]:
    """What care is called in words with spaces between, and in one word, longest first."""
    pairs = [(label.message, in_every_language(label.message)) for label in care_labels()]
    found = {called: min(words - {called}, default=called) for called, words in pairs}
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))


_NUMBERS_BESIDE = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9Xx])")
"""ID numbers in a cell of names: as many as there are people in it."""


def _is_too_long(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) > _LONGEST


def names_several(cell: Cell) -> bool:
    """Whether the names of several people stand in one cell: ``张三、李四``."""
    if _is_too_long(cell):
        return False
    text = _PHONE_BESIDE.sub("", without_brackets(text_of(cell)))
    lines = [squeezed(line) for line in text.split("\n")]
    by_line = len(lines) > 1 and all(_PLAIN_NAME.fullmatch(line) and may_be_name(line) for line in lines)
    return (
        by_line
        or len(_NUMBERS_BESIDE.findall(text)) > 1
        or _are_labelled(text)
        or _SEVERAL.fullmatch(squeezed(text)) is not None
        or _each_is_told(squeezed(text_of(cell)))
    )


def _are_labelled(text: str) -> bool:
    """Whether two names or more stand there, each behind its relation, and nothing else."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    found = [_EACH_LABELLED.fullmatch(part) for part in parts]
    return len(parts) > 1 and all(one is not None and may_be_name(one[1]) for one in found)


def _each_is_told(plain: str) -> bool:
    """Whether two names stand there, each with a bracket behind it."""
    found = _EACH_TOLD.fullmatch(plain)
    return found is not None and all(map(may_be_name, found.groups()))


def _names_nobody(plain: str) -> bool:
    """Whether what stands where a name should is a remark: ``（空置）``, ``待核实``, ``截止2025年9月30日``."""
    bracketed = _BRACKETED.fullmatch(plain)
    said = bracketed[1] if bracketed else plain
    told = plain if bracketed else without_brackets(plain)
    several = _SEVERAL.fullmatch(plain) is not None or _each_is_told(plain)
    if has_number(plain):
        return False
    if bracketed and not (_PLAIN_NAME.fullmatch(said) or "·" in said or said.isascii() or plain in _covered()):
        return True
    return several or said in NO_NAMES or told in VACANT or NEVER_NAMED.search(told) is not None


@cache
def _covered() -> frozenset[str]:
    """What a ledger of our own has in place of the name of a child."""
    return frozenset(map(squeezed, in_every_language(COVERED.message)))


def is_remark(cell: Cell) -> bool:
    """Whether a cell of names says in words that nobody is meant, or not one: ``空户``, ``待核实``, ``共12户``."""
    return not _is_too_long(cell) and _names_nobody(squeezed(text_of(cell)))


def is_ticked(cell: Cell) -> bool:
    """Whether a tick column is ticked: √ 是 Y 1 or any text, but for × 否 无 0 - / and blanks."""
    text = text_of(cell)
    if not text:
        return False
    plain = squeezed(text)
    return plain not in _NO_TICK and not re.fullmatch(r"[0.]+", plain)


def is_own_document(text: str) -> bool:
    """Whether a kind of document is the ID card, so that its number is an ID number."""
    return _DOCUMENT.search(squeezed(text)) is not None
