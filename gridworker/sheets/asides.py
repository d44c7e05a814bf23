"""Rows that are no people: sums, signatures, guidance under the header, headers printed again, examples."""

import re
from collections.abc import Sequence

from gridworker.domain.names import may_be_name
from gridworker.sheets.cells import Cell, squeezed, text_of, word_set
from gridworker.sheets.mapping import Layout
from gridworker.sheets.meanings import header_key, known_words
from gridworker.sheets.no_names import is_sum
from gridworker.sheets.words import ALIASES, Field

_TOTAL = re.compile(
    "(?:本[页栋幢楼单元户村组表]*|全[社区村组部]*|第?.{0,8}(?:[栋幢座号楼组层]|单元|网格|小区))?"
    "(?:合计|总计|小计|共计|累计|总人数|总户数|户数合计|人数合计|总数|共)(?:[:：0-9户人()（）,，.、—-].*)?$"
)
_FOOTER = re.compile(
    "备注|说明|注[:：]|填表|制表|审核|填报|签字|签名|盖章|负责人|经办|日期|年月日|以下空白|以下无正文|以上|"
    "单位[:：]|联系电话[:：]|核查人|统计人|录入|[:：].*[:：]|。$|;$|；$"
)
_TITLE = re.compile("台账|花名册|登记表|名册|名单|统计表|明细表|信息表|一览表|社区|居委会|网格")
_SHEET = re.compile(".{2,}(?:[表册簿卡]|档案|名单)")
"""A line alone that is what such a sheet is called: ``家庭情况登记卡``."""
_PART = re.compile(
    "第.{1,3}部分|续表.*|附[件表]?[0-9一二三四五六七八九十]*[:：]?"
    "|.*(?:人口|人员|居民|家庭|老人|儿童|学生|户|名单|名册|花名册|台账|[户员口记计览细息况主]表|信息|情况|明细|住宅|大院|小区)"
)
"""A line alone that says whom or what the rows below it are: ``二、流动人口``, ``出租户``, ``商户名单``, ``续表``."""
_LABELLED = re.compile(
    "(?:填表|制表|审核|填报|负责|经办|核查|统计|录入|网格员|社区|单位|日期|备注|说明|注|签字|签名|盖章|联系电话)"
    "[^:：]{0,8}[:：(（]"
)
_GUIDANCE = re.compile(
    "必填|选填|可不填|填写|请填|如[:：]|例如|例[:：]|格式|请选|选择|示例|下拉|位数字|18位|11位|不得|不能为空|"
    "可选|多个用|分隔|文本|YYYY|XXXX|年-月-日|与身份证一致|自动生成|同身份证|阿拉伯数字|没有.{0,4}填",
    re.IGNORECASE,
)
_SIGNED = word_set(
    "填表人 填报人 制表人 审核人 审批人 经办人 核查人 统计人 录入人 采集人 登记人 调查人 负责人 单位负责人 社区负责人",
    "网格员 网格长 填表单位 填报单位 制表单位 填表日期 填报日期 填表时间 填报时间 制表日期 日期 盖章 签字 签名",
    "联系电话 电话 审核 制表 填表 填报 联系人 联络员 监督电话 咨询电话 举报电话 服务电话 值班电话 社区电话",
)
"""What stands alone in a cell before a signature: then nobody of the row lives here."""
_SIGNED_AS_WRITTEN = _SIGNED | {f"{word}{colon}" for word in _SIGNED for colon in ":："}
_NOTE = re.compile(
    "[(（【]?(?:填表|填写|填报|编制|附)?(?:注|备注|说明|注意事项|须知)[)）】]?[:：].*|(?:填表|填写|填报)(?:说明|须知)"
)
"""A line that notes begin with."""
_LONGEST_NAME = 4
"""A name of more characters has a dot in it, as a rule."""
_EXAMPLE = word_set("示例 例 样例 范例 填写示例 示范 例如 如 举例 填写范例 示例行 样本")
_EXAMPLE_BESIDE = re.compile(r"[(\[【](?:示例|样例|范例|例|举例|示范|样本)[)\]】]|^(?:示例|样例|范例|例)[:：]")
"""``张三（示例）``."""
_NUMBERED = re.compile("[0-9]{3}|[0-9][#栋幢楼单室号]")
"""A door, a phone, a number."""
_USUAL_NAME = re.compile("[\u4e00-\u9fff·]{2,12}")
_TOTAL_HINT = re.compile("[合总小共累]\\s*[计数]|总.数|共[\\s0-9]")
_HEADER_NAMES = frozenset(ALIASES)
"""Whoever is called so may be the header of another table: that is looked at more closely."""
_HEADED = 2
"""So many words of headers in a row, and it may be one: ``户主`` alone is said of people too."""
_VALUE = re.compile("[0-9][0-9A-Za-z.年月日/-]*")
"""A door, a day, a number: headers are none of these, however many of their words stand beside them."""
_NAMED = re.compile("(?:户主|居民|人员|成员|住户|租户)?(?:姓名|名字)|户主|NAME|FULLNAME")
"""Where few words are known for headers, one must be for names: ``姓名 | 房号`` over a short list."""
NOTE = "note"
_ALL = range(1 << 20)
_MANY = 4
"""So many numbers in order are those of the columns wherever they stand, as below a header printed again."""
_FIRST = 3
"""In so many cells from the left stands what a sum is of, or else where names do."""
_LONGEST_HEADER = 60
_FEW = 2
_SUM = re.compile("[0-9]+[人户]?")
_COUNT = re.compile(".{0,6}(?:户数|人数|数量|总数|合计|小计|占比|比例)")
_NEAR = 3
"""Guidance and the numbers of columns stand this near below the header."""


class Asides:
    """Tells people from other rows, for one layout; of tables side by side only by the columns of its own."""

    def __init__(self, layout: Layout, columns: range = _ALL) -> None:
        self.layout, self._columns = layout, columns
        self._noted = -1
        """The last row that was one of notes, or began them."""
        self.far = layout.below + _NEAR
        """The first row in which neither guidance nor an example is looked for."""
        self._headers = [frozenset(map(header_key, column.header.split("›"))) for column in layout.columns]
        self._serial = layout.of(Field.SERIAL)
        self._name = layout.of(Field.NAME)
        headers = (word for column in self._name for word in self._headers[column])
        self._called = "\n".join(word for word in headers if len(word) <= _LONGEST_HEADER)
        """What may be left of a header where it is read for a name: ``及家庭成员姓名`` of one that begins with 户主."""

    def is_example(self, row: Sequence[Cell]) -> bool:
        """Whether a row that is not far from the header only shows how to fill the table in."""
        told = any(squeezed(text_of(row[column])) in _EXAMPLE for column in self._serial)
        return told or any(_EXAMPLE_BESIDE.search(squeezed(text_of(row[column]))) for column in self._name)

    def is_part(self, row: Sequence[Cell]) -> bool:
        """Whether a row has nothing but a line where names stand, and that is the title of a part of the table."""
        texts = self._texts(row)
        return len(texts) == 1 and texts[0][0] in self._name and _PART.fullmatch(squeezed(texts[0][1])) is not None

    def is_plainly_person(self, index: int, row: Sequence[Cell], name: str) -> bool:
        """The quick way out for most rows of a table without ID numbers: a usual name and more beside it."""
        return (
            _USUAL_NAME.fullmatch(name) is not None
            and index >= self.far
            and name not in _HEADER_NAMES
            and name not in self._called
            and len(_HEADER_NAMES.intersection(row)) < _HEADED
            and sum(cell != "" for cell in row) > 2
            and _SIGNED_AS_WRITTEN.isdisjoint(row)
            and not any(isinstance(cell, str) and _TOTAL_HINT.search(cell) for cell in row[:6])
        )

    def kind(self, index: int, row: Sequence[Cell], *, named: bool) -> str:
        """What a row is if it is no person: ``total``, ``header``, ``guidance``, ``footer``, ``note``; else empty.

        ``named`` tells whether the row has a name that could be one.
        """
        texts = self._texts(row)
        if not texts:
            return "blank"
        if self._is_total(texts):
            return "total"
        if self._is_header(texts):
            return "header"
        if self._is_guidance(index, texts):
            return "guidance"
        if self._is_note(index, texts):
            return NOTE
        return "footer" if self._is_footer(texts, named=named) else ""

    def _is_note(self, index: int, texts: Sequence[tuple[int, str]]) -> bool:
        """Whether a row has nothing but what may be a note, next below a line that says that notes follow: ``注：``."""
        said = [squeezed(text) for column, text in texts if column not in self._serial]
        goes_on = self._noted >= 0 and index == self._noted + 1 and len(said) < _HEADED
        if goes_on or (len(texts) == 1 and _NOTE.fullmatch(squeezed(texts[0][1]))):
            self._noted = index
        if not goes_on or len(said) != 1 or not any(column in self._name for column, _text in texts):
            return False
        return "·" not in said[0] and not (len(said[0]) <= _LONGEST_NAME and may_be_name(said[0]))

    def _texts(self, row: Sequence[Cell]) -> list[tuple[int, str]]:
        """What stands in the columns of this table, and where."""
        filled = ((column, cell) for column, cell in enumerate(row) if cell != "" and column in self._columns)
        return [(column, text) for column, cell in filled if (text := text_of(cell))]

    def _is_total(self, texts: Sequence[tuple[int, str]]) -> bool:
        first = (text for at, (column, text) in enumerate(texts) if at < _FIRST or column in self._name)
        return any(_TOTAL.fullmatch(plain) or is_sum(plain) for plain in map(squeezed, first))

    def _is_header(self, texts: Sequence[tuple[int, str]]) -> bool:
        same = sum(
            header_key(text) in self._headers[column]
            for column, text in texts
            if column < len(self._headers) and len(text) < 30
        )
        return same == len(texts) or (same >= 2 and same * 2 >= len(texts))

    def begins_another(self, row: Sequence[Cell]) -> bool:
        """Whether a row names the columns of another table, and is no row of the header over it printed again."""
        own = row if self._columns == _ALL else [cell if at in self._columns else "" for at, cell in enumerate(row)]
        told = sum(cell != "" and _VALUE.fullmatch(text_of(cell)) is not None for cell in own)
        return told < _HEADED and is_other_header(own) and not self._repeats(own)

    def _repeats(self, row: Sequence[Cell]) -> bool:
        """Whether all that stands in a row stands in the header over it."""
        texts = self._texts(row)
        return all(column < len(self._headers) and header_key(text) in self._headers[column] for column, text in texts)

    def _is_guidance(self, index: int, texts: Sequence[tuple[int, str]]) -> bool:
        if len(texts) > (2 if index < self.far else _MANY) and all(
            text == str(number) for number, (_column, text) in enumerate(texts, start=1)
        ):
            return True
        return index < self.far and sum(_GUIDANCE.search(text) is not None for _column, text in texts) >= 2

    def _is_footer(self, texts: Sequence[tuple[int, str]], *, named: bool) -> bool:
        first = texts[0][1]
        if squeezed(first).rstrip(":：") in _SIGNED:
            return True
        if not named:
            return any(_LABELLED.match(squeezed(text)) for _column, text in texts)
        if len(texts) > 2:
            return False
        lone = len(texts) == 1 and (
            (len(first) > 6 and _TITLE.search(first) is not None)
            or (len(first) > 4 and _SHEET.fullmatch(first) is not None)
        )
        return lone or any(_FOOTER.search(squeezed(text)) for column, text in texts if column in self._name)


def is_other_header(row: Sequence[Cell]) -> bool:
    """Whether a row names the columns of another table below it: ``2单元``, ``13800001234`` are no such names."""
    words = {cell for cell in row if isinstance(cell, str) and cell and not _NUMBERED.search(cell)}
    known = known_words(words) if len(words) >= _HEADED else 0
    if known > _HEADED or known < _HEADED:
        return known > _HEADED
    return len(words) == sum(cell != "" for cell in row) and names_column(row) >= 0


def names_column(row: Sequence[Cell]) -> int:
    """Where a word for names stands that is nobody's name itself; -1 for a row without one."""
    keys = (header_key(cell) if isinstance(cell, str) else "" for cell in row)
    return next((at for at, key in enumerate(keys) if key and _NAMED.fullmatch(key)), -1)


def counts(row: Sequence[Cell]) -> bool:
    """Whether a row is the header of sums: ``类别 | 户数 | 人数``."""
    texts = [text_of(cell) for cell in row if cell != ""]
    return sum(_COUNT.fullmatch(text) is not None for text in texts) >= _FEW and not any(map(_SUM.fullmatch, texts))
