"""Tags of people as ledgers carry them: one word per meaning, the blocked classes left out, care groups proposed.

Blocked are the classes of domain.md 7.2 and decision 4: police and justice classes, belief and ethnicity, diagnoses,
maternity, membership. They are dropped on import, with a notice, and refused on entry.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from gridworker.domain.codes import ALONE, EMPTY_NEST
from gridworker.errors import Problem

_SYNONYMS = {
    "低保": "低保户 低保对象 低保人员 低保家庭 最低生活保障 最低生活保障对象 享受低保",
    "低保边缘": "低保边缘户 低保边缘家庭 边缘户 低收入家庭 低收入户",
    "特困": "特困人员 特困供养 特困供养人员 特困户 分散供养特困 五保 五保户 五保人员",
    "残疾": "残疾人 残疾人员 残障 残障人士 持证残疾人",
    "独居老人": "独居 独居老年人 独居老人家庭 孤老 孤寡老人",
    "空巢老人": "空巢 空巢老年人 空巢家庭 空巢老人家庭",
    "高龄老人": "高龄 高龄老年人 80岁以上老人 80岁以上 高龄津贴",
    "留守儿童": "留守 农村留守儿童",
    "留守老人": "留守老年人",
    "困境儿童": "困难儿童 孤儿 事实无人抚养儿童",
    "退役军人": "退伍军人 复退军人 复员军人 转业军人 退役士兵",
    "下岗失业": "下岗失业人员 失业 失业人员 下岗 下岗人员 下岗职工 登记失业",
    "困难家庭": "困难户 困难 生活困难 贫困户 困难职工 困难群众",
}
SYNONYM = MappingProxyType({word: tag for tag, words in _SYNONYMS.items() for word in (tag, *words.split())})

NO_TAG = frozenset({
    "无", "否", "/", "-", "—", "–", "正常", "普通居民", "一般居民", "普通", "一般", "无标签", "没有", "暂无", "不详",
    "未知", "不涉及", "N/A", "NA", "NONE", "NULL",
})  # fmt: skip

_BLOCKED = re.compile(
    "吸毒|戒毒|涉毒|禁毒|艾滋|HIV|社区矫正|矫正人员|社矫|刑满|刑释|安置帮教|帮教|服刑|前科|违法|犯罪|嫌疑|"
    "精神(?!慰藉)|肇事|肇祸|传销|邪教|上访|信访|涉稳|维稳|缠访|重点人员|重点人口|重点管控|闲散|重点青少年|不良行为|境外|外籍|"
    "失独|计生|计划生育|孕|产妇|育龄|哺乳|党员|团员|民主党派|政治面貌|宗教|信教|信徒|民族|"
    "癌|肿瘤|高血压|糖尿病|心脏病|慢性病|慢病|大病|重病|重疾|传染病|结核|乙肝|尿毒|透析|患者|痴呆|失智|智障|病人"
)

_GROUP = MappingProxyType({
    "下岗失业": "C1", "留守儿童": "C2", "独居老人": "C3", "空巢老人": "C3", "留守老人": "C3", "残疾": "C4",
    "低保": "C5", "低保边缘": "C5", "特困": "C5", "困难家庭": "C5", "困境儿童": "L1",
})  # fmt: skip
_ARRANGEMENT = MappingProxyType({"独居老人": ALONE, "空巢老人": EMPTY_NEST, "留守老人": EMPTY_NEST})

_CALLED = MappingProxyType({
    "下岗失业": ("C1", None), "留守儿童": ("C2", None), "独居老人": ("C3", ALONE), "空巢老人": ("C3", EMPTY_NEST),
    "残疾": ("C4", None), "困难家庭": ("C5", None), "困境儿童": ("L1", None),
})  # fmt: skip
"""Tags that say no more than a care membership is called (codes_care.care_label): 低保 says more than its group."""

GREAT_AGE = 80


class CareProposal(NamedTuple):
    """A care membership the tags speak for; codes of ``care_membership``."""

    group: str
    living_arrangement: str | None
    cadence: str


class Tags(NamedTuple):
    """Tags kept, in the order met and without doubles, and how many words were dropped as blocked."""

    kept: tuple[str, ...]
    blocked: int


@lru_cache(maxsize=1024)
def canonical_tag(word: str) -> str:
    """One tag in its usual word, without a bracketed detail; empty where it says nothing."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", word))
    plain = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", plain).strip("、,;.·")
    return "" if plain in NO_TAG else SYNONYM.get(plain, plain)


@lru_cache(maxsize=1024)
def is_blocked(word: str) -> bool:
    """Whether a tag is of a class that is never kept."""
    return _BLOCKED.search(word.upper()) is not None


def sort_tags(words: Iterable[str]) -> Tags:
    """The tags of one person, from words already split apart."""
    kept: dict[str, None] = {}
    blocked = 0
    for word in words:
        tag = canonical_tag(word)
        if is_blocked(tag):
            blocked += 1
        elif tag:
            kept[tag] = None
    return Tags(tuple(kept), blocked)


def clean_tags(text: str) -> str:
    """The check of a field of tags: canonical words with one space between."""
    found = sort_tags(re.split(r"[\s、,，;；/+]+", text))
    if found.blocked:
        raise Problem("Tags of this kind are not kept; pass the matter on to the body that deals with it.")
    return " ".join(found.kept)


def says_only(tag: str, group: str, arrangement: str | None) -> bool:
    """Whether a tag says nothing that care of this group and living arrangement does not say beside it."""
    called = _CALLED.get(canonical_tag(tag))
    return called is not None and called[0] == group and called[1] in (None, arrangement)


def says_more(said: str, known: str, groups: Collection[str]) -> bool:
    """Whether tags of a ledger say anything but those that are known and what care of some groups is called."""
    told, here = set(said.split()), set(known.split())
    names = (_CALLED.get(canonical_tag(tag), ("", None))[0] for tag in told - here)
    return not here <= told or any(group not in groups for group in names)


def care_groups_of(tags: Iterable[str], age: int | None = None) -> tuple[CareProposal, ...]:
    """The care memberships the tags of one person speak for, one per group.

    All are monthly but one: who lives alone at 80 or more, by ``age`` or by tag, is weekly (domain.md 4.1, 4.2 V1).
    """
    return _care_groups(tuple(tags), old=(age or 0) >= GREAT_AGE)


@lru_cache(maxsize=1024)
def _care_groups(tags: tuple[str, ...], *, old: bool) -> tuple[CareProposal, ...]:
    found = dict.fromkeys(canonical_tag(tag) for tag in tags)
    arrangement = next((_ARRANGEMENT[tag] for tag in ("独居老人", "空巢老人", "留守老人") if tag in found), None)
    weekly = arrangement == ALONE and ("高龄老人" in found or old)
    groups = sorted({_GROUP[tag] for tag in found if tag in _GROUP})
    return tuple(
        CareProposal(group, arrangement if group == "C3" else None, "V1" if weekly and group == "C3" else "V2")
        for group in groups
    )
