"""Whose a column is, by the word before what it holds: ``儿子电话`` and ``楼门长姓名`` say nothing of the resident.

Where a list names nobody else, whoever it names so are its people: ``孩子姓名 | 孩子身份证号``.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from gridworker.sheets.mapping import Column
from gridworker.sheets.meanings import header_key, is_plain_phone
from gridworker.sheets.words import ALIASES, Field

_NAMES = frozenset({Field.NAME, Field.HEAD})
_OF_ONE = frozenset({Field.NAME, Field.ID_NUMBER, Field.ID_LAST4, Field.SEX, Field.BIRTH, Field.PHONE})
"""What a person has, or a ledger says of one."""
_HELD = re.compile(
    "(?P<who>.+?)的?(?:姓名|名字|公民身份|(?:居民)?身[份分]证|证件号|性别|出生|生日|(?:联系|移动|固定)?(?:电话|手机)|联系方式|联络方式).*"
)
_GROUP_TAIL = re.compile("(?:基本)?(?:信息|情况|资料|栏)?$")
_KIN = (
    "儿子|女儿|儿女|孩子|爱人|[夫妻]|妻子|丈夫|老公|老婆|老伴|家人|家里人|儿媳|媳妇|女婿|外?孙[子女]|爷爷|奶奶|外公|外婆|姥爷|姥姥|祖[父母]"
    "|公公|婆婆|岳[父母]|[哥弟姐妹]{2}|兄弟|[长次][子女]|双亲|亲戚|亲友|直系|近亲|朋友|同事|邻里|街坊"
)
_ROLES = (
    "保姆|护工|陪护|看护人?|委托人|受托人|继承人|收件人|社工|门长|[村队寨]长|校长|干部|联络员|保安|送餐员|配送员|管家|物管|教师"
    "|信息员|协管员|专干|民政员|村医|屋主"
)
_OTHER = re.compile(f"(?:.*?)(?:{_KIN}|{_ROLES})(?:本人)?[(]?[0-9一二三四五]?[)]?")
_TENANT = re.compile("租[户客]|承租人|租房人|租住人")
"""Beside a phone of their own, that of who rents from them."""


def without_others(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns without what is said of somebody beside those the table is about."""
    who = {column.index: _who(column) for column in columns if not column.member and column.field in _OF_ONE | _NAMES}
    named = [column for column in columns if not column.member and column.field in _NAMES]
    others = _named_beside(named, who) | {word for word in who.values() if word and _OTHER.fullmatch(word)}
    if all(who[column.index] in others for column in named):
        return tuple(columns)
    phones = (who[column.index] for column in columns if column.index in who and column.field is Field.PHONE)
    if any(word not in others and not _TENANT.fullmatch(word) for word in phones):
        names = {who[column.index] for column in columns if column.field is Field.NAME and column.index in who}
        others |= {word for word in who.values() if word not in names and _TENANT.fullmatch(word)}
    return tuple(
        replace(column, field=Field.IGNORED) if column.field in _OF_ONE and who.get(column.index) in others else column
        for column in columns
    )


def _named_beside(named: Sequence[Column], who: dict[int, str]) -> set[str]:
    """Who has a column of names besides the one that is headed ``姓名`` and no more."""
    if not any(column.field is Field.NAME and not who[column.index] for column in named):
        return set()
    return {who[one.index] for one in named if one.field is Field.NAME and _last(one) not in ALIASES} - {""}


def _who(column: Column) -> str:
    """Whom the header of a column names before what it holds; empty where it names nobody."""
    groups, last = column.key.rpartition("›")[0], _last(column)
    found = _HELD.fullmatch(last)
    if found and last not in ALIASES and not is_plain_phone(last):
        return found["who"]
    group = _GROUP_TAIL.sub("", header_key(groups.rpartition("›")[2]))
    return group if _OTHER.fullmatch(group) else ""


def _last(column: Column) -> str:
    return column.key.rpartition("›")[2]
