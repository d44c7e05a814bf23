"""What a header means: by the aliases, else by the words in it, else by the headers above it.

What is said of somebody else (guardian, contact, landlord) is not said of the resident.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from types import MappingProxyType

from gridworker.domain.names import HAN
from gridworker.domain.numerals import NUMERAL
from gridworker.domain.tags import SYNONYM, is_blocked
from gridworker.sheets.cells import Cell
from gridworker.sheets.words import ALIASES, Field, Meaning

_PHONE = re.compile(
    r"(?:本人|个人|居民|家庭|住户|常用|备用|其他|其它|第[一二12])?(?:联系|移动|住宅|固定)?"
    r"(?:电话|手机|固话|座机|宅电|方式|号码)(?:号码|号|方式|电话)?[1-3一二三]?"
)
_PHONE_WORD = re.compile("电话|手机|固话|座机|宅电|(?:联[系络]|通[讯信])(?:方式|号码)")
_PEOPLE = re.compile(
    "监护|紧急|应急|联系人|配偶|父亲|母亲|父母|子女|亲属|家属|家长|赡养|照料|护理|代办|代理|申请人|网格|楼栋长|楼长|楼组长|单元长|栋长|组长|片长|填报|填表|"
    "核查|经办|走访|被访|负责人|责任|包保|帮扶人|帮扶责任|结对|联系党员|代领|领款|领取|签收|收款|开户|经手|介绍人|担保|邻居|书记|主任|护士|老师|中介|房东|房主|屋主|业主|缴费人|产权|出租[人方者]|物业|民警|医生|志愿"
)
_OTHERS = re.compile(
    _PEOPLE.pattern
    + "|登记|采集|单位|工作|学校|就读|公司|企业|曾用|别名|户籍|户口|籍贯|出生地|出生证|原住|原址|迁入|迁往|"
    "身份证(?:件)?(?:上|登记)?的?(?:地址|住址|有效|期限|到期|签发|发证|复印|正面|反面)|电表|水表|气表|燃气|用电(?!话)|用水|宽带|车位|临时|外出|流入|流出|来源地|去向|推荐|主要成员联系|邮箱|邮件|E-?MAIL|网址|微信|唯一标识|经度|纬度|面积|身份类型"
)
_HEAD = re.compile("^户主(?:的)?")
_HEAD_OF = re.compile("(?:本|该|所在|所属|家庭)户?的?户主|(?P<before>[^与和及或/、]*)户主(?:姓名|名字|名称)")
"""What the head is called, whatever stands before it: ``家庭户主姓名``, but for ``原户主姓名``."""
_HEADS_GROUP = re.compile("户主(?:信息|情况|基本情况|基本信息|资料)?")
_SENSITIVE = re.compile(
    "宗教|信仰|民族|血型|身高|体重|兵役|籍贯|政治面貌|党派|文化程度|学历|教育程度|婚姻|婚育|收入|银行|卡号|账号|养老金|社保|医保|公积金|残疾证|残疾人证|"
    "健康|疾病|病史|病种|诊断|医疗|危险|关注程度|关注等级|维稳|风险|画像|怀孕|避孕|生育|计生|车牌|车辆|门禁|照片|人脸|指纹|轨迹|参保(?!人)|低保金|补贴金额"
)
_TOLD_OF = re.compile("^.{0,6}(?:情况|事项|问题)(?:的?说明|备注)$|^.{0,4}说明的(?:情况|事项|问题)$")
_ID_WORD = re.compile("身[份分]证|公民身份|有效证件号|二代证")
_ADDRESS_WORD = re.compile("住址|地址|详址|居住地|现住地|现居地|住所|住地|房屋坐落|居所|家庭地|地点")
_BUILDING_WORD, _UNIT_WORD, _ROOM_WORD = (
    re.compile("楼栋|楼号|栋|幢|座|楼"),
    re.compile("单元"),
    re.compile("室|房|门牌|户号"),
)
_LIKE_A_PLACE = re.compile("[楼栋幢座房室户][^栋幢座楼号宇房层道单元门牌屋间室名编数码户/、,.0-9A-Z-]")
"""``楼小明`` is somebody's name."""
_TAGS_WORD = re.compile(
    "(?:人群|人员|群体|对象|困难|关爱|救助|帮扶|特殊)(?:类别|类型|分类|种类|标签|情况)|(?:特殊|重点|关爱|困难|帮扶)(?:人群|群体|对象|人员)"
)
_TAG_HEAD = re.compile("^(?:是否(?:属于|享受|为|有|是)?|是不是|有无|享受)")
_TAG_TAIL = re.compile("(?:(?:及|和|与|[、/])?(?:类别|类型|等级|级别|情况|程度|与否|标识|标志|种类|状况))+$")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|〔[^〕]*〕|<[^<>]*>|\"[^\"]*\"|“[^”]*”")
_BRACKET = re.compile(r"[()\[\]【】〔〕<>\"“”]")
_DECORATION = re.compile(r"[*★✱✲※▲●☆#:;,。、.]+$|^[*★✱✲※▲●☆]+|[\s\u200b-\u200d\ufeff_]+")
_PERIOD = re.compile(
    "(?:19|20)[0-9]{2}(?:年(?:度|[上下]半年|第?[1-4一二三四]季度|[0-9]{1,2}月.{0,3})?|[-./][0-9]{1,2}(?:[-./][0-9]{1,2})?)?"
    "|[0-9]{1,2}月(?:份|[0-9]{1,2}日)?|第?[1-4一二三四]季度?|[上下]半年|[本今去上]年|[本上]月"
)
_LAST_FOUR = re.compile("[后末尾](?:四|4)位")
_HAN, _LATIN = re.compile(f"[{HAN}]+"), re.compile("[A-Z]+")
_LONGEST = 24
"""A header is a short text; a longer one is a title or an instruction."""


_TRADITIONAL = str.maketrans(
    "棟號碼樓單層門戶電話聯繫關係與證註備籍現類別員數區縣鄉鎮歲齡學歷務業職機處稱謂間詳細編標籤動難殘孤獨離況",
    "栋号码楼单层门户电话联系关系与证注备籍现类别员数区县乡镇岁龄学历务业职机处称谓间详细编标签动难残孤独离况",
)
"""Headers in traditional characters are those in simplified ones."""


def header_key(text: str) -> str:
    """What headers are compared by: half-width, capitals, no spaces, no stars."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_TRADITIONAL)


@lru_cache(maxsize=4096)
def meaning_of(header: str) -> Meaning | None:
    """What a header means alone, or None where it is none we know. ``header`` is a ``header_key``."""
    if not header or len(header) > _LONGEST * 2:
        return None
    plain = header_key(_BRACKETS.sub("", header)) or _BRACKET.sub("", header)  # 【楼栋】 is all there is
    for key in (header, plain, _said_twice(plain)):
        if key in ALIASES:
            field = ALIASES[key]
            return Meaning(Field.ID_LAST4 if field is Field.ID_NUMBER and _LAST_FOUR.search(header) else field)
    if not plain or len(plain) > _LONGEST:
        return None
    return _judged(plain)


def _said_twice(header: str) -> str:
    """The Chinese word of a header in two languages that say the same: ``BUILDING楼栋``; empty for any other header."""
    own, other = ("".join(form.findall(header)) for form in (_HAN, _LATIN))
    return own if own and other and ALIASES.get(own) is ALIASES.get(other) else ""


def is_listed(header: str) -> bool:
    """Whether a header is an alias or, but for what is remarked in brackets, a known one: ``联系电话(必填,11位)``."""
    plain = header_key(_BRACKETS.sub("", header)) or header_key(_BRACKETS.sub("", header[1:-1]))  # 【生日(公历)】
    return plain in ALIASES or (plain != header and meaning_of(plain) is not None)


def is_period(header: str) -> bool:
    """Whether a header is a year, a month or a quarter: a tick under it says when, and nothing of the person."""
    return _PERIOD.fullmatch(header) is not None


def is_plain_phone(header: str) -> bool:
    """Whether a header says a phone, and of nobody else whose: ``联系电话``, ``手机2``."""
    return _PHONE.fullmatch(header) is not None


def names_head(header: str) -> bool:
    """Whether what stands under a header, or under a group of them, is about heads of households."""
    return ALIASES.get(header) is Field.HEAD or _HEADS_GROUP.fullmatch(header) is not None


def is_about_others(group: str) -> bool:
    """Whether what stands under a header is about guardians, contacts and the like."""
    return len(group) <= _LONGEST and meaning_of(group) != Meaning(Field.NAME) and _PEOPLE.search(group) is not None


def _judged(plain: str) -> Meaning | None:
    """A header that no alias knows, by the words in it."""
    for judge in (_of_head, _of_tag, _of_others, _of_person, _of_place):
        found = judge(plain)
        if found is not None:
            return found
    return None


def _of_head(plain: str) -> Meaning | None:
    named = _HEAD_OF.fullmatch(plain)
    if named:
        return Meaning(Field.IGNORED if re.search("[原前曾]", named["before"] or "") else Field.HEAD)
    rest = _HEAD.sub("", plain)
    if rest == plain or "关系" in plain:
        return None
    if "身份" in rest or "证件" in rest:
        return Meaning(Field.HEAD_ID)
    if _is_door_with_phone(rest):
        return Meaning(Field.ADDRESS)
    return Meaning(Field.HEAD_PHONE if _PHONE_WORD.search(rest) else Field.IGNORED)


def _is_door_with_phone(plain: str) -> bool:
    """``住址及电话``: a phone behind a door in one cell is told from it there (doors.py)."""
    return bool(_PHONE_WORD.search(plain) and _DOOR_AND.search(plain)) and not _OTHER_DOOR.search(plain)


def _of_tag(plain: str) -> Meaning | None:
    """A class of people as a header: ``低保``, ``是否残疾``, ``残疾等级``. What domain.md 7.2 lists is dropped."""
    if _SENSITIVE.search(plain) or is_blocked(plain):
        return Meaning(Field.SENSITIVE)
    word = _TAG_HEAD.sub("", plain)
    for candidate in (word, _TAG_TAIL.sub("", word)):
        if candidate in SYNONYM:
            return Meaning(Field.TAG, SYNONYM[candidate])
    return None


def _of_others(plain: str) -> Meaning | None:
    return Meaning(Field.IGNORED) if _OTHERS.search(plain) else None


def _of_person(plain: str) -> Meaning | None:
    if _TOLD_OF.search(plain):
        return Meaning(Field.NOTE)
    if _ID_WORD.search(plain):
        return Meaning(Field.ID_LAST4 if _LAST_FOUR.search(plain) else Field.ID_NUMBER)
    if _is_door_with_phone(plain):
        return Meaning(Field.ADDRESS)
    if _PHONE.fullmatch(plain) or (_PHONE_WORD.search(plain) and len(plain) <= 12):
        return Meaning(Field.PHONE)
    if "关系" in plain and "户主" in plain:
        return Meaning(Field.IGNORED if "备注" in plain else Field.RELATION)
    for words, field in (
        ("姓名", Field.NAME),
        ("主要成员", Field.NAME),
        ("出生", Field.BIRTH),
        ("性别", Field.SEX),
        ("备注", Field.NOTE),
    ):
        if words in plain and len(plain) <= 10:
            return Meaning(field)
    return None


def _of_place(plain: str) -> Meaning | None:
    if _VALUE.search(plain):  # 3栋 is one, and no word for them
        return None
    parts = [bool(word.search(plain)) for word in (_BUILDING_WORD, _UNIT_WORD, _ROOM_WORD)]
    if parts[2] and "小区" in plain:
        return Meaning(Field.ADDRESS)
    if parts == [False, True, True]:
        return Meaning(Field.ROOM)
    if sum(parts) >= 2 or _ADDRESS_WORD.search(plain):
        return Meaning(Field.ADDRESS)
    for found, field in zip(parts, (Field.BUILDING, Field.UNIT, Field.ROOM), strict=True):
        if (
            found
            and len(plain) <= 6
            and not _LIKE_A_PLACE.match(plain)
            and not re.search("数|长|性质|类型|用途|结构|层|型|租|主|产|状态|情况", plain)
        ):
            return Meaning(field)
    return Meaning(Field.TAGS) if _TAGS_WORD.search(plain) else None


_DOOR_AND = re.compile("住址|地址|门牌|房号")
_OTHER_DOOR = re.compile("户籍|户口|单位|工作")

# -------------------------------------------------------------------------------------------- headers of several rows

_GROUP_TAGS = re.compile("人群|群体|关爱|重点|困难|特殊|人员类|类别|救助|标签|对象|帮扶|属性")
_TITLE = re.compile("台账|登记表|花名册|名册|名单|统计|明细|一览|社区|填报|日期|单位|表$")
_GROUP_PLACE = re.compile("住址|地址|居住|房屋|住房|现住|楼栋|门牌|位置|住所")
_VALUE = re.compile(f"(?:[0-9A-Z]|[{NUMERAL}]+)(?:单元|号?楼|栋|幢|座|层)")
"""``1单元`` above other headers is a place, and none of what stands under it."""
_GROUP_CONTACT = re.compile("电话|联系方式|手机|通讯")
_PLACE_PARTS = MappingProxyType({
    "号": Field.BUILDING, "楼": Field.BUILDING, "号楼": Field.BUILDING, "门": Field.UNIT, "户": Field.ROOM,
    "层": Field.FLOOR,
})  # fmt: skip
_GROUP_ID = re.compile("(?:有效|身份)?证件(?:信息|情况)?|(?:居民)?身份证(?:信息|情况)?|身份")
_ID_PARTS = MappingProxyType({
    "号码": Field.ID_NUMBER, "号": Field.ID_NUMBER, "编号": Field.ID_NUMBER,
    "类型": Field.ID_TYPE, "种类": Field.ID_TYPE, "名称": Field.ID_TYPE,
})  # fmt: skip
_OF_HEAD = MappingProxyType({
    Field.NAME: Field.HEAD, Field.ID_NUMBER: Field.HEAD_ID, Field.PHONE: Field.HEAD_PHONE, Field.SEX: Field.IGNORED,
    Field.BIRTH: Field.IGNORED,
})  # fmt: skip
_CONTACTS_GROUP = re.compile("(?:紧急|应急)联[系络]人(?:信息|情况)?")
_OF_CONTACT = MappingProxyType({
    Field.NAME: Field.CONTACT, Field.PHONE: Field.CONTACT_PHONE, Field.RELATION: Field.CONTACT_RELATION,
})  # fmt: skip
_PLACES = frozenset({Field.ESTATE, Field.BUILDING, Field.UNIT, Field.FLOOR, Field.ROOM, Field.ADDRESS})


def meaning_below(groups: Sequence[str], header: str) -> Meaning | None:
    """What ``header`` means under the headers above it (outermost first), all of them ``header_key``."""
    group = "".join(groups)
    alone = meaning_of(header)
    if not group:
        return alone
    if _HEADS_GROUP.fullmatch(group):
        return Meaning(_OF_HEAD.get(alone.field, alone.field)) if alone else None
    if _CONTACTS_GROUP.fullmatch(group) and alone and alone.field in _OF_CONTACT:
        return Meaning(_OF_CONTACT[alone.field])
    if _PEOPLE.search(group):
        return Meaning(Field.IGNORED)
    if _GROUP_ID.fullmatch(groups[-1]) and header in _ID_PARTS:
        return Meaning(_ID_PARTS[header])
    return _grouped(group, header, alone)


def _grouped(group: str, header: str, alone: Meaning | None) -> Meaning | None:
    whole = None if _VALUE.search(group) else meaning_of(group)
    if whole and whole.field is Field.IGNORED and (alone is None or alone.field in _PLACES | {Field.PHONE}):
        return whole
    if whole and whole.field is Field.BIRTH and header in {"年", "月", "日"}:
        return whole
    if _GROUP_PLACE.search(group) and header in _PLACE_PARTS:
        return Meaning(_PLACE_PARTS[header])
    if alone:
        return alone
    if _GROUP_TAGS.search(group) and not _TITLE.search(group) and not is_period(header):
        return Meaning(Field.TAG, header)
    return Meaning(Field.PHONE) if _GROUP_CONTACT.search(group) and len(header) <= 4 else whole


def known_words(cells: Iterable[Cell]) -> int:
    """How many different fields the headers in a row name: the measure of whether it is a header at all."""
    found = {meaning_of(header_key(cell)) for cell in cells if isinstance(cell, str) and len(cell) <= _LONGEST * 2}
    return len({meaning.field for meaning in found if meaning} - {Field.IGNORED, Field.SENSITIVE, Field.TAG})
