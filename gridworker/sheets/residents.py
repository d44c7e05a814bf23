"""The cells of one person into a resident, and what is wrong with them.

With a good ID number, birth date and sex come from it; what the cells say is compared with it and reported.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

from gridworker.domain.identity import sex_of
from gridworker.domain.phones import is_mobile
from gridworker.domain.tags import sort_tags
from gridworker.sheets.cells import Cell, CellError, text_of
from gridworker.sheets.clean import MAX_NOTE, Cleaner, is_ticked
from gridworker.sheets.contacts import ContactColumns
from gridworker.sheets.days import Day
from gridworker.sheets.findings import Finding
from gridworker.sheets.mapping import Column, Layout
from gridworker.sheets.members import TENANTS, kin_in
from gridworker.sheets.name_remarks import NameRemark, is_word_of_going
from gridworker.sheets.people import Resident
from gridworker.sheets.relations import is_head, read_relation
from gridworker.sheets.what_became import is_not_alive, may_be_gone, status_of, status_of_all
from gridworker.sheets.words import Field

_ALIVE = frozenset({"是否健在", "是否在世"})
_ENDS = ("注销", "销户", "减少", "减员", "核减")
"""Whatever stands under these, somebody is on the list no more."""
_HEAD = read_relation("户主")
_KIN_IS = {"配偶": "配偶", "爱人": "配偶", "儿子": "子", "女儿": "女"} | dict.fromkeys(TENANTS, "租户")
_CHILDREN = {"男": "子", "女": "女"}
_LAST_FOUR = re.compile("[0-9]{3}[0-9X]$")
_PART_OF_DATE = re.compile("[年月日号]$")
_OWN_PHONE = re.compile(r"(?:本人)?(?:联系)?(?:电话|手机)?(?:号码?)?[:：]?\s*(?P<phone>1[3-9][0-9]{9})")
_MOST = 200
"""Characters of all phones, or of all tags, of a person, with the spaces between them."""
_SEXES = {"1": "男", "2": "女"}
_SEX_OF_DIGIT = {str(digit): "男" if digit % 2 else "女" for digit in range(10)}
"""By the last digit but one of an ID number."""


class Stated(NamedTuple):
    """What was read of people by their numbers, side by side."""

    fields: tuple[Iterable[Any], ...]
    """In the order of ``Resident``, from their sex to the code of their relation."""
    plain: Sequence[bool]
    """Whether that is all of each."""


class Residents:
    """Reads people by one layout. What it finds goes to ``report``."""

    def __init__(self, layout: Layout, cleaner: Cleaner, report: Callable[[Finding], None]) -> None:
        self._cleaner = cleaner
        self._report = report
        self._birth, self._phones, self._notes = map(layout.of, (Field.BIRTH, Field.PHONE, Field.NOTE))
        self._sex, self._relation, self._is_head, self._last4 = (
            layout.one(wanted) for wanted in (Field.SEX, Field.RELATION, Field.IS_HEAD, Field.ID_LAST4)
        )
        self._tags, self._changes, self._residence = map(layout.of, (Field.TAGS, Field.CHANGE, Field.RESIDENCE))
        self._gone = [(index, "moved_out") for index in layout.of(Field.MOVED_OUT)]
        self._gone += [(index, "deceased") for index in layout.of(Field.DECEASED)]
        self._alive = {column.index for column in layout.columns if column.key in _ALIVE}
        self._ends = {column.index for column in layout.columns if column.key.startswith(_ENDS)}
        self._of_all = status_of_all(layout.sheet, layout.title)
        self._change_days = layout.of(Field.CHANGE_DATE)
        self._contact = ContactColumns.of(layout)
        self._ticks = [(column.index, column.tag) for column in layout.columns if _gives_tag(column)]
        self._name = layout.one(Field.NAME)
        self._only_heads = layout.lists_heads and Field.RELATION not in layout.fields
        names = [column.key for column in layout.columns if column.field is Field.NAME and not column.member]
        self._kin = next(filter(None, map(kin_in, names)), "") if Field.RELATION not in layout.fields else ""
        self._on_homes = layout.remarks_on_homes
        self._has_id = Field.ID_NUMBER in layout.fields
        self._stated = _Stated()
        seldom = (*self._tags, *self._notes, *self._changes, *self._residence, *self._contact.all())
        seldom += tuple(index for index, _word in (*self._ticks, *self._gone))
        self._seldom = _picked(seldom)
        more = (*seldom, *self._phones[1:], *self._birth[1:], *((self._is_head,) if self._is_head >= 0 else ()))
        self._more = _picked(more)
        """The cells that are blank where all there is to read of somebody is plain."""
        self._seldom_plain = bool(self._only_heads or self._kin or self._of_all != "in_place")

    def fill(self, person: Resident, row: Sequence[Cell]) -> None:
        """Read everything but name, ID number and door."""
        self._read_birth(person, row)
        self._read_sex(person, row)
        for index in self._phones:
            if row[index] != "":
                self._read_phones(person, row[index], index)
        self._read_relation(person, row)
        if any(self._seldom(row)) or self._of_all != "in_place":
            self._read_tags(person, row)
            self._read_words(person, row)
        if self._last4 >= 0 and person.id_number is None:
            person.id_last4 = _last_four(text_of(row[self._last4]))
        remark = self._cleaner.remarks.get(row[self._name]) if self._name >= 0 else None
        if remark is not None:
            self._take_remark(person, remark)
        self._fit(person)
        if self._has_id and person.id_number is None:
            self._find("id_missing", person)

    def _take_remark(self, person: Resident, remark: NameRemark) -> None:
        """Say of a person what stands beside their name, where no column says it; what does not fit is looked at."""
        told = remark.relation.word if remark.relation else None
        unlike = (remark.sex and person.sex not in {None, remark.sex}) or (told and person.relation not in {None, told})
        if remark.relation and person.relation is None:
            person.relation, person.relation_code = remark.relation.word, remark.relation.code
        person.sex = person.sex or remark.sex
        person.phones = tuple(dict.fromkeys((*person.phones, *remark.phones)))
        person.tags = tuple(dict.fromkeys((*person.tags, *remark.tags)))
        if person.status == "in_place" and remark.status:
            person.status = remark.status
        if remark.dropped:
            self._find("tag_dropped", person, self._name)
        if remark.rest or unlike:
            self._find("name_remark", person, self._name, person.name)

    def stated(self, rows: Sequence[Sequence[Cell]], numbers: Sequence[str], days: Sequence[str]) -> "Stated":
        """What ``fill_stated`` makes of many, a column at a time, as far as the cells are plain."""
        sexes = [_SEX_OF_DIGIT[number[16]] for number in numbers]
        phones, odd = self._plain_phones(rows)
        if self._relation >= 0:
            cells = [row[self._relation] for row in rows]
            relations = {cell: self._cleaner.relation(cell) for cell in set(cells)}
            told = [relations[cell] for cell in cells]
            odd += [at for at, found in enumerate(told) if not found.known]
            words, codes = [found.word for found in told], [found.code for found in told]
        else:
            words = codes = [None] * len(rows)
        if self._sex >= 0:
            odd += [at for at, row in enumerate(rows) if row[self._sex] not in {"", sexes[at]}]
        if self._birth:
            odd += [at for at, row in enumerate(rows) if row[self._birth[0]] not in {"", days[at]}]
        odd += [at for at, row in enumerate(rows) if any(self._more(row))]
        plain = [not self._seldom_plain] * len(rows)
        for at in odd:
            plain[at] = False
        return Stated((sexes, days, numbers, repeat(None), phones, words, codes), plain)

    def _plain_phones(self, rows: Sequence[Sequence[Cell]]) -> tuple[list[tuple[str, ...]], list[int]]:
        """The phones of people, and the places of those in whose cell there is more than one plain number."""
        if not self._phones:
            return [()] * len(rows), []
        cells = [row[self._phones[0]] for row in rows]
        phones: list[tuple[str, ...]] = [(cell,) if type(cell) is str and is_mobile(cell) else () for cell in cells]
        odd = [at for at, cell in enumerate(cells) if cell != "" and not phones[at]]
        return phones, odd

    def fill_stated(self, person: Resident, row: Sequence[Cell], number: str, day: str) -> None:
        """``fill`` for somebody with a good ``number`` of 18 characters, which states ``day`` as their birth."""
        person.birth_date, person.sex = day, _SEX_OF_DIGIT[number[16]]
        if self._says_otherwise(row, day, person.sex):
            self._read_birth(person, row)
            self._read_sex(person, row)
        for index in self._phones:
            cell = row[index]
            if type(cell) is str and not person.phones and is_mobile(cell):
                person.phones = (cell,)
            elif cell != "":
                self._read_phones(person, cell, index)
        self._read_relation(person, row)
        if any(self._seldom(row)) or self._of_all != "in_place":
            self._read_tags(person, row)
            self._read_words(person, row)
        if person.tags or len(person.phones) > 1:
            self._fit(person)

    def _says_otherwise(self, row: Sequence[Cell], day: str, sex: str) -> bool:
        """Whether the cells of birth and sex are to be compared with the number, rather than blank or the very same."""
        if self._sex >= 0 and row[self._sex] not in {"", sex}:
            return True
        return bool(self._birth) and (len(self._birth) > 1 or row[self._birth[0]] not in {"", day})

    def _fit(self, person: Resident) -> None:
        """Keep of phones and tags as many as there is room for in the books."""
        for name, words in (("phones", person.phones), ("tags", person.tags)):
            if sum(map(len, words)) + len(words) > _MOST:
                setattr(person, name, _fitting(words))
                self._find("text_cut", person)

    def _find(self, kind: str, person: Resident, index: int | None = None, cell: Cell = "") -> None:
        self._report(Finding(kind, person.sheet, person.row, index, text_of(cell), member=person.member))

    # ------------------------------------------------------------------------------------------------ birth and sex

    def _read_birth(self, person: Resident, row: Sequence[Cell]) -> None:
        number = person.id_number
        stated = None
        if number is not None:
            if len(number) == 15:
                self._find("id_15_digit", person)
                number = f"{number[:6]}19{number[6:]}"
            person.birth_date = stated = self._stated[number[6:14]]
        cell: Cell = ""
        if len(self._birth) == 1:
            cell = row[self._birth[0]]
        elif self._birth:
            cell = _joined([row[index] for index in self._birth])
        if not cell or cell == stated or isinstance(cell, CellError):
            return
        day = self._cleaner.day(cell)
        if stated is None:
            self._take_birth(person, day, cell)
        elif not day.fits(stated) and (day.text or day.fault):
            self._find("birth_mismatch" if day.text else "birth_unparsed", person, self._birth[0], cell)

    def _take_birth(self, person: Resident, day: Day, cell: Cell) -> None:
        if day.fault:
            self._find("birth_unparsed", person, self._birth[0], cell)
        elif day.text and day.text > self._cleaner.today.isoformat():
            self._find("birth_future", person, self._birth[0], cell)
        else:
            person.birth_date = day.text
            if day.readings or (day.text and len(day.text) < 10):
                self._find("birth_partial", person, self._birth[0], cell)

    def _read_sex(self, person: Resident, row: Sequence[Cell]) -> None:
        told = self._cleaner.sex(row[self._sex]) if self._sex >= 0 else None
        number = person.id_number
        if number is None:
            person.sex = told
            return
        person.sex = _SEXES[sex_of(number)]
        if told is not None and told != person.sex:
            self._find("sex_mismatch", person, self._sex, row[self._sex])

    # ---------------------------------------------------------------------------------------------- phones, relation

    def _read_phones(self, person: Resident, cell: Cell, index: int) -> None:
        found = self._cleaner.phones(cell)
        if found.phones:
            person.phones = tuple(dict.fromkeys((*person.phones, *found.phones))) if person.phones else found.phones
        if found.invalid:
            self._find("phone_invalid", person, index, cell)

    def _read_relation(self, person: Resident, row: Sequence[Cell]) -> None:
        if self._relation >= 0 and row[self._relation] != "":
            found = self._cleaner.relation(row[self._relation])
            person.relation, person.relation_code = found.word, found.code
            if not found.known:
                self._find("relation_unknown", person, self._relation, row[self._relation])
        elif self._only_heads or (self._is_head >= 0 and is_ticked(row[self._is_head])):
            person.relation, person.relation_code = _HEAD.word, _HEAD.code
        elif (
            self._kin and person.name and (person.member or self._kin not in TENANTS)
        ):  # a blank beside a head says nothing of anybody
            found = read_relation(_KIN_IS.get(self._kin) or _CHILDREN.get(person.sex or "", ""))
            person.relation, person.relation_code = found.word, found.code

    def is_related(self, row: Sequence[Cell]) -> bool:
        """Whether a row says what somebody is to the head, in words that are known or not."""
        found = self._cleaner.relation(row[self._relation]) if self._relation >= 0 else None
        return found is not None and (found.word is not None or not found.known)

    # -------------------------------------------------------------------------------------------------- tags and words

    def _read_tags(self, person: Resident, row: Sequence[Cell]) -> None:
        kept: dict[str, None] = {}
        for index in self._tags:
            if row[index] != "":
                found = self._cleaner.tags(row[index])
                kept.update(dict.fromkeys(found.kept))
                person.residence = person.residence or found.residence
                if found.dropped:
                    self._find("tag_dropped", person, index)
        for index, tag in self._ticks:
            if row[index] != "" and is_ticked(row[index]):
                ticked = sort_tags((tag,))
                kept.update(dict.fromkeys(ticked.kept))
                if ticked.blocked:
                    self._find("tag_dropped", person, index)
        person.tags = tuple(kept)

    def _read_notes(self, person: Resident, row: Sequence[Cell]) -> None:
        notes = [note for index in self._notes if row[index] != "" and (note := self._cleaner.note(row[index]))]
        if notes:
            note = "；".join(dict.fromkeys(notes))
            person.note = note[:MAX_NOTE]
            if len(note) > MAX_NOTE:
                self._find("text_cut", person, self._notes[0])
            if self._on_homes and person.household is not None:
                person.household.remark = person.note
            self._read_remark(person, note)

    def _read_remark(self, person: Resident, note: str) -> None:
        """Where a remark says no more than a phone, it is theirs if no other is known; one that they went is asked."""
        told = _OWN_PHONE.fullmatch(note)
        if told and not person.phones:
            person.phones = self._cleaner.phones(told["phone"]).phones
        if person.status == "in_place" and is_word_of_going(note):
            self._find("remark_gone", person, self._notes[0], note)

    def _read_words(self, person: Resident, row: Sequence[Cell]) -> None:
        self._read_notes(person, row)
        for index in self._residence:
            word = self._cleaner.text(row[index])
            if word not in {"", "是", "否"}:
                person.residence = person.residence or word
                person.status = status_of(word) if person.status == "in_place" else person.status
        self._read_going(person, row)
        person.contact = self._contact.read(row, self._cleaner)
        if person.contact is None and self._contact.says_anything(row):
            self._find("contact_incomplete", person, self._contact.name)
        if person.status != "in_place":
            person.gone_on = self._day_gone(person.status, row)

    def _read_going(self, person: Resident, row: Sequence[Cell]) -> None:
        """Whether they died or moved out, as a column says it, or else the name of the whole list."""
        for index in self._changes:
            self._read_change(person, self._cleaner.text(row[index]), index)
        for index, status in self._gone:
            if is_ticked(row[index]):
                person.status = status
        if person.status == "in_place" and not person.change:
            person.status = self._of_all

    def _read_change(self, person: Resident, change: str, index: int) -> None:
        person.change = person.change or change or None
        if index in self._alive and is_not_alive(change):
            person.status = "deceased"
        if person.status == "in_place":
            person.status = status_of(change, is_head=is_head(person.relation) or person.relation is None)
        if person.status == "in_place" and (may_be_gone(change) or (change and index in self._ends)):
            self._find("remark_gone", person, index, change)

    def _day_gone(self, gone: str, row: Sequence[Cell]) -> str | None:
        """The day somebody went, as the column of what became of them says it; none in the future."""
        own = [index for index, status in self._gone if status == gone]
        days = (self._cleaner.day(row[index]).text for index in (*own, *self._change_days) if row[index] != "")
        today = self._cleaner.today.isoformat()
        return next((day for day in days if day and len(day) == len(today) and day <= today), None)


def _gives_tag(column: Column) -> bool:
    return column.field is Field.TAG and not column.member


class _Stated(dict[str, str]):
    """The days that ID numbers state, each of them once."""

    def __missing__(self, digits: str) -> str:
        found = self[digits] = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
        return found


def _fitting(words: Sequence[str]) -> tuple[str, ...]:
    """The first of some words, that fit into one field with a space between."""
    kept: list[str] = []
    for word in words:
        if len(" ".join((*kept, word))) <= _MOST:
            kept.append(word)
    return tuple(kept)


def _last_four(text: str) -> str | None:
    """The end of an ID number; None for what is no such end."""
    found = _LAST_FOUR.search(text.upper())
    return found[0] if found else None


def _picked(columns: Sequence[int]) -> Callable[[Sequence[Cell]], Sequence[Cell]]:
    """What gives the cells of some columns of a row."""
    return itemgetter(*columns, columns[0]) if columns else _nothing


def _nothing(_row: Sequence[Cell]) -> tuple[Cell, ...]:
    return ()


def _joined(cells: Sequence[Cell]) -> Cell:
    """A date in columns of its own for year, month and day; else the first column that says anything."""
    texts = [_PART_OF_DATE.sub("", text) for cell in cells if (text := text_of(cell))]
    if len(cells) == 3 and texts and len(texts[0]) == 4:
        return "-".join(texts)
    return next((cell for cell in cells if cell != ""), "")
