"""What stands in brackets beside a name: ``张三（已故）``, ``李四(户主)``, ``王五 （女，低保）``.

What is understood is taken out of the name and said of the person; a mark that tells namesakes apart belongs to the
name; anything else stays with it, for somebody to look at.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gridworker.domain.identity import id_fault, normal_id
from gridworker.domain.names import HAN, dotted, may_be_name, surname
from gridworker.domain.phones import read_phones
from gridworker.domain.tags import SYNONYM, is_blocked
from gridworker.sheets.cells import squeezed
from gridworker.sheets.relations import Relation, read_relation

_BRACKETS = re.compile(r"[(（\[［【〔]([^()（）\[\]［］【】〔〕]*)[)）\]］】〕]")
_OPEN = re.compile(r"^[^(（\[【]*[)）\]】]|[(（\[【][^)）\]】]*$")
"""A bracket of which only one half is there."""
_PARTS = re.compile("[、,，;；/。.]+|(?<=[男女])(?=.)")
_MARK = re.compile("[大小老中甲乙丙丁一二三四上下东西南北0-9A-Z]")
"""``张伟（大）`` and ``张伟（小）`` are two people."""
_DEAD = re.compile(
    r"(?:已)?(?:故|亡|殁|死|逝|死亡|去世|过世|病故|亡故|病逝|身故|离世)(?:世|了|者)?|[0-9年月.]*(?:病故|去世|死亡|亡故)"
)
_MOVED = re.compile("(?:已|户口)*(?:迁出|迁走|搬走|搬离|搬出|搬|迁|外迁|注销|销户)(?:了|户)?")
_PHONE = "(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})"
_WITH_PHONE = re.compile(
    rf"(?P<name>[{HAN}·]{{2,}}|[A-Za-z][A-Za-z .'-]{{1,60}})[\s:：—/、，,-]*"
    rf"(?:电话|手机)?[:：]?(?P<word>{_PHONE}(?:[/、,，;；\s]+{_PHONE})*)"
)
_WITH_NUMBER = re.compile(
    rf"(?P<name>[{HAN}·]{{2,}}?)[\s:：—/、，,-]*(?:身份证号?码?)?[:：]?\s*(?P<word>[0-9]{{17}}[0-9Xx]|[0-9]{{15}})"
)
_BESIDE = (
    re.compile(rf"(?P<name>[{HAN}·]{{2,}})[\s—-]+(?P<word>[{HAN}]{{2,5}})"),
    re.compile(rf"(?P<name>[{HAN}·]{{2,}})(?P<word>已故|去世|死亡|已迁出|户主)"),
    re.compile(rf"(?P<word>户主)[\s—-]*(?P<name>[{HAN}·]{{2,}})"),
    _WITH_PHONE,
    _WITH_NUMBER,
)
"""``张三 已故``, ``张三户主``, ``户主张三``, ``张三13800000001``, ``张三：0714-6350001``, and with an ID number."""
_KIN_BEFORE = re.compile(
    "(?P<word>妻子|丈夫|配偶|爱人|老伴|儿子|女儿|[长次大小二三][子女]|儿媳|女婿|父亲|母亲|公公|婆婆|岳父|岳母|爷爷|奶奶|外?孙[子女])"
    rf"(?P<name>[{HAN}]{{2,4}})"
)
"""``妻子王芳``: two characters at least are left for a name, for 孙子涵 is one herself."""
_WHEN = re.compile("^(?:于)?[0-9年月日./-]+")
_ONE_WORD = re.compile(rf"(?P<name>[{HAN}]{{2,3}})\s+(?P<word>[妻夫子女父母孙男])")
"""``张强 子``: it may be a name of three characters all the same, so somebody is to look."""
_OF_A_NUMBER = re.compile("[0-9]{7}")
_STAR = re.compile(rf"^[{HAN}]{{2,}}[*＊]$")
"""``江三*``: a note elsewhere, or a covered character; ours cover two."""
_SHARED = re.compile("(?:夫妇|夫妻|两口子|一家|全家|父子|父女|母子|母女|等人)$|[→?？]")
"""``张三夫妇``, ``张三→李四``, ``张三？``: several, or somebody the writer was not sure of."""
_ODD = re.compile(
    "^(?:租[户客]|房[主东]|业主|出租|网格员|[五低]保户|[0-9])"
    "|(?:之[妻夫子女]|母亲|父亲|爱人|妻子|丈夫|老婆|老公|儿媳|女婿|保姆|低保|网格员|核实|岁)$|[，,。；;《》]"
)
"""``租户张三``, ``张三母亲``, ``张三60岁``, ``张三，女``: more than a name, or somebody else's."""
_NUMBERED = re.compile(rf"(?:[(（]?[0-9]{{1,3}}[)）.、．]|[①-⑳⑴-⒇])\s*(?=[{HAN}])")
_LABELLED = re.compile(rf"(?P<word>[{HAN}]{{1,5}})\s*[:：]\s*(?P<name>[{HAN}·]{{2,}})")
"""``1.张三``, ``妻：李四``."""
_SEXES: Mapping[str, str] = MappingProxyType({"男": "男", "女": "女", "男性": "男", "女性": "女"})


@dataclass(slots=True)
class NameRemark:
    """What is said of somebody beside their name. ``rest``: something that was not understood and stays there."""

    sex: str | None = None
    relation: Relation | None = None
    status: str | None = None
    phones: tuple[str, ...] = ()
    id_number: str = field(default="", repr=False)
    tags: list[str] = field(default_factory=list)
    dropped: bool = False
    rest: bool = False

    def take(self, word: str) -> bool:
        """Take one word; whether it is understood."""
        if _DEAD.fullmatch(word) or _MOVED.fullmatch(word):
            self.status = "deceased" if _DEAD.fullmatch(word) else "moved_out"
        elif word[:-1].isdecimal() and id_fault(normal_id(word)) is None:
            self.id_number = normal_id(word)
        elif word in _SEXES:
            self.sex = _SEXES[word]
        elif word in SYNONYM:
            self.tags.append(SYNONYM[word])
        elif is_blocked(word):
            self.dropped = True
        elif not word.isdecimal() and read_relation(word).word:
            self.relation = read_relation(word)
        elif (found := read_phones(word)).valid and not found.invalid:
            self.phones += found.valid
        else:
            return False
        return True


def is_word_of_going(text: str) -> bool:
    """Whether a remark says that somebody died or moved away, and no more: ``已故``, ``2024年搬走``."""
    plain = _WHEN.sub("", squeezed(text)).strip("。.,，;；")
    return _DEAD.fullmatch(plain) is not None or (len(plain) > 1 and _MOVED.fullmatch(plain) is not None)


def has_number(text: str) -> bool:
    """Whether a name stands there with a phone or an ID number behind it, and no more: ``张三：13800000001``."""
    return any(form.fullmatch(dotted(text)) for form in (_WITH_PHONE, _WITH_NUMBER))


def begins_with_kin(text: str) -> bool:
    """Whether a name stands there behind a relation, with nothing between: ``妻子王芳``."""
    found = _KIN_BEFORE.fullmatch(text)
    return found is not None and may_be_name(found["name"])


def unlabelled(text: str) -> tuple[str, str]:
    """A name without a number before it and without a relation, ``妻：李四``; and that relation, if it is one."""
    name = (
        _NUMBERED.sub("", text, count=1) if text[:1] in "(（" or text[:1].isdigit() or "⑴" <= text[:1] <= "⒇" else text
    )
    found = _LABELLED.fullmatch(name)
    return (found["name"], found["word"]) if found and read_relation(found["word"]).word else (name, "")


def parted(text: str) -> tuple[str, NameRemark | None]:
    """A name without what is understood beside it, and that; None where there is nothing but a name."""
    remark = NameRemark()
    name = dotted(_BRACKETS.sub(lambda found: _left(found, remark), text).strip())
    for beside in filter(None, (form.fullmatch(name) for form in _BESIDE)):
        if remark.take(beside["word"]):
            name = beside["name"]
            break
    kin = _KIN_BEFORE.fullmatch(name)
    if kin and remark.relation is None and may_be_name(kin["name"]) and remark.take(kin["word"]):
        name = kin["name"]
    alone = _ONE_WORD.fullmatch(name)
    if (
        alone
        and may_be_name(alone["name"])
        and surname("".join(alone.groups())) != alone["name"]
        and remark.relation is None
    ):
        name, remark.rest = alone["name"], True
        if alone["word"] == "男":
            remark.sex = remark.sex or "男"
        else:
            remark.relation = read_relation(alone["word"])
    odd = (_OPEN, _OF_A_NUMBER, _STAR, _SHARED, _ODD)
    remark.rest = remark.rest or _may_be_two(name) or any(form.search(name) for form in odd)
    return name, remark if remark != NameRemark() else None


def _left(found: re.Match[str], remark: NameRemark) -> str:
    """What of a bracket is not understood, in that bracket."""
    words = [word for word in _PARTS.split(squeezed(found[1])) if word]
    if len(words) == 1 and _MARK.fullmatch(words[0]):
        return found[0]
    rest = [word for word in words if not remark.take(word)]
    remark.rest = remark.rest or bool(rest)
    kept = found[1] if len(rest) == len(words) else "，".join(rest)
    return f"{found[0][0]}{kept}{found[0][-1]}" if rest else ""


def without_brackets(text: str) -> str:
    """A cell of names without all that stands in brackets."""
    return _BRACKETS.sub("", text)


def _may_be_two(text: str) -> bool:
    """``张三 李四``: two names, or one in two words."""
    words = text.split()
    return (
        len(words) > 1
        and surname("".join(words)) != words[0]
        and all(1 < len(word) < 4 and may_be_name(word) for word in words)
    )
