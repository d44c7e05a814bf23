"""Names of people: 1 to 50 characters, rare ones and dots kept, no spaces inside Han names (domain.md 2.6).

Source: the notice of twelve ministries on names in information systems (民委发〔2016〕33号): every character of GB
18030 and GB 13000, room for 50 characters, and between the parts of a name one dot, U+00B7.
"""

import re

from gridworker.errors import Problem

HAN = "\u2e80-\u2fdf\u3007\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U000323af"
"""Han characters for a regular-expression class, with the private-use ones old systems put rare characters in."""

_PLAIN = re.compile("[\u4e00-\u9fa5]+")
"""Nothing to clean: nearly all names, and a roster brings tens of thousands."""

_DOTS = re.compile("[\u2022\u30fb\uff0e\u2027\u2219\u22c5\u0387\uff65\u2e31\u00b7\ufe52\u02d9]")
_HAN_DOT = re.compile(f"(?<=[{HAN}])\\s?\\.\\s?(?=[{HAN}])")
_HAN_SPACE = re.compile(f"(?<=[{HAN}·])\\s+(?=[{HAN}·])")
_FULL_WIDTH = {
    code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)
} | {0x3000: 0x20}
"""Letters, digits and the space; brackets stay as they were written: 张伟（大）."""
_COMPOUND = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|"
    "濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|巫马|"
    "公西|颛孙|壤驷|公良|漆雕|乐正|宰父|谷梁|拓跋|夹谷|轩辕|令狐|段干|百里|呼延|东郭|南门|羊舌|"
    "微生|梁丘|左丘|东门|西门|第五"
)

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费"
    "廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵"
    "席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房丁邓洪包左石崔吉龚程邢裴陆翁焦侯段富巫乌巴谷车侯全班秋仲伊宫宁"
    "仇甘武符刘景詹龙叶白蒲卓池乔闻党翟谭申冉牛尚温庄晏柴阎连艾容向古易廖耿匡文寇欧利师巩聂晁冷辛简饶曾关查游权肖涂闫付代覃"
)


def clean_name(text: str) -> str:
    """The check of a name: one kind of dot, half-width letters, no spaces inside Han names; Latin names keep theirs.

    Characters are never replaced by look-alikes: no NFKC.
    """
    if _PLAIN.fullmatch(text):
        return text
    name = dotted(re.sub(r"\s+", " ", text.translate(_FULL_WIDTH))).strip(" ·")
    name = _HAN_SPACE.sub("", name)
    if not any(character.isalpha() or "\ue000" <= character <= "\uf8ff" for character in name):
        raise Problem("A name needs letters or characters.")
    return name


def dotted(text: str) -> str:
    """A text with one kind of dot between the parts of names: ``古丽.阿依`` is ``古丽·阿依``."""
    return _HAN_DOT.sub("·", _DOTS.sub("·", text))


def surname(name: str) -> str:
    """The surname of a name: one of the compound ones, else the first character; of a dotted name the first part."""
    if "·" in name:
        return name.partition("·")[0]
    if re.match(r"[A-Za-zÀ-ɏ]", name):
        return name.split(" ", 1)[0]
    return name[:2] if len(name) > 2 and _COMPOUND.match(name) else name[:1]


def may_be_name(text: str) -> bool:
    """Whether a text begins with a usual surname, as most names do and most other words do not."""
    return text[:1] in _SURNAMES
