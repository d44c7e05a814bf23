"""Relations to the head as ledgers write them, and their code in GB/T 4761.

The word of the ledger is kept; the code is what a record holds. A word that is no relation is reported, not guessed.
"""

import re
from types import MappingProxyType
from typing import NamedTuple

from gridworker.domain.codes import HEAD, RELATION
from gridworker.sheets.cells import squeezed

_WORDS = {
    "02": "户主 本人 户主本人 本人或户主 户主或本人 自己 家主 本户户主 主",
    "10": "配偶 爱人 老伴 伴侣 夫妻 对象",
    "11": "夫 丈夫 老公 夫君",
    "12": "妻 妻子 老婆 太太 媳妇(妻)",
    "20": "子 儿 儿子 男孩",
    "21": "独生子 独子",
    "22": "长子 大儿子 大儿 大子",
    "23": "次子 二儿子 二子 二儿",
    "24": "三子 三儿子 三儿",
    "25": "四子 四儿子",
    "26": "五子 五儿子",
    "27": "养子 继子 养子或继子 义子 继养子",
    "28": "女婿 婿 大女婿 二女婿 长女婿 次女婿 上门女婿",
    "29": "其他儿子 小儿子 幺儿 幺子 幼子 六子 私生子",
    "30": "女 女儿 闺女 姑娘 女孩",
    "31": "独生女 独女",
    "32": "长女 大女儿 大女",
    "33": "次女 二女儿 二女",
    "34": "三女 三女儿",
    "35": "四女 四女儿",
    "36": "五女 五女儿",
    "37": "养女 继女 养女或继女 义女 继养女",
    "38": "儿媳 媳 媳妇 儿媳妇 大儿媳 二儿媳 长媳 次媳 长儿媳 次儿媳",
    "39": "其他女儿 小女儿 幺女 幼女 六女",
    "40": "孙辈 孙子女 孙子或孙女 孙子、孙女或外孙子、外孙女 孙儿",
    "41": "孙子 孙 长孙 次孙 大孙子 二孙子 小孙子 嫡孙 三孙子",
    "42": "孙女 长孙女 次孙女 大孙女 二孙女 小孙女 孙女儿",
    "43": "外孙 外孙子 大外孙 二外孙 外孙儿",
    "44": "外孙女 大外孙女 二外孙女",
    "45": "孙媳 孙媳妇 外孙媳妇 外孙媳 孙媳妇或外孙媳妇",
    "46": "孙女婿 外孙女婿 孙女婿或外孙女婿",
    "47": "曾孙 曾孙子 重孙 重孙子 曾外孙 曾外孙子 外曾孙 重外孙 曾孙子或外曾孙子",
    "48": "曾孙女 重孙女 曾外孙女 外曾孙女 重外孙女 曾孙女或外曾孙女",
    "49": "玄孙 玄孙女 其他孙子女",
    "50": "父母 双亲",
    "51": "父 父亲 爸爸 爸",
    "52": "母 母亲 妈妈 妈",
    "53": "公公 夫之父 丈夫的父亲",
    "54": "婆婆 夫之母 丈夫的母亲 婆母",
    "55": "岳父 丈人 妻之父",
    "56": "岳母 丈母娘 妻之母 丈母",
    "57": "继父 养父 继父或养父 后父",
    "58": "继母 养母 继母或养母 后母",
    "59": "其他父母 义父 义母 干爸 干妈",
    "60": "祖父母 外祖父母 祖父母或外祖父母",
    "61": "祖父 爷爷",
    "62": "祖母 奶奶",
    "63": "外祖父 外公 姥爷",
    "64": "外祖母 外婆 姥姥",
    "65": "配偶的祖父母 配偶的祖父母或外祖父母 夫祖父 夫祖母 妻祖父 妻祖母",
    "66": "曾祖父 太爷爷 太公",
    "67": "曾祖母 太奶奶 太婆",
    "68": "配偶的曾祖父母",
    "69": "其他祖父母 外曾祖父 外曾祖母",
    "70": "兄弟姐妹 兄弟 姐妹 姊妹 兄妹 姐弟 兄弟姊妹 弟兄 胞兄弟",
    "71": "兄 哥哥 哥 大哥 二哥 胞兄",
    "72": "嫂 嫂子 嫂嫂",
    "73": "弟 弟弟 大弟 二弟 小弟 胞弟",
    "74": "弟媳 弟妹 弟媳妇 弟妇",
    "75": "姐 姐姐 大姐 二姐 姊 姊姊 胞姐",
    "76": "姐夫",
    "77": "妹 妹妹 大妹 二妹 小妹 胞妹",
    "78": "妹夫",
    "79": (
        "其他兄弟姐妹 堂兄 堂弟 堂姐 堂妹 表兄 表弟 表姐 表妹 表哥 堂哥 小叔子 大伯子 小姑子 大姑子 小舅子 大舅子 "
        "大姨子 小姨子 妻弟 妻妹 妻兄 妻姐 夫兄 夫弟 夫妹 夫姐 连襟 妯娌"
    ),
    "80": "其他 其它 其他关系 其他亲属关系",
    "81": "伯父 大伯 伯伯 二伯",
    "82": "伯母 大妈 大娘",
    "83": "叔父 叔叔 叔 小叔 二叔 三叔",
    "84": "婶母 婶婶 婶子 婶",
    "85": "舅父 舅舅 舅 大舅 二舅 小舅",
    "86": "舅母 舅妈",
    "87": "姨父 姨夫 姨丈",
    "88": "姨母 姨妈 姨 阿姨 大姨 二姨 小姨",
    "89": "姑父 姑夫 姑丈",
    "90": "姑母 姑妈 姑姑 姑 大姑 二姑 小姑",
    "97": (
        "亲属 其他亲属 亲戚 侄子 侄 侄儿 侄女 内侄 内侄女 侄媳 侄女婿 侄孙 侄孙女 外甥 外甥女 甥女 甥 亲家 亲家公 "
        "亲家母 远亲 旁系亲属 表亲 堂亲 表侄 表侄女 干女儿 干儿子"
    ),
    "99": (
        "非亲属 朋友 同事 同学 老乡 其他非亲属 寄住 寄居 同住人 雇主 雇员 员工 工友 男朋友 女朋友 男友 女友 "
        "未婚夫 未婚妻 同居人 前夫 前妻"
    ),
    "L1": "保姆 护工 保姆/护工 家政 家政人员 住家保姆 育儿嫂 陪护 照护人",
    "L2": "合租 合租人 室友 租户 租客 承租人 房客 租赁 租住 同租",
}  # fmt: skip
_CODES = MappingProxyType({word: code for code, words in _WORDS.items() for word in words.split()})
_ENGLISH = MappingProxyType(
    {squeezed(label.message): code for code, label in RELATION.labels.items() if code in _WORDS}
    | dict.fromkeys(("HEAD", "HOUSEHOLDER", "HEADOFFAMILY", "SELF"), HEAD)
)
"""What our own blank forms offer where the window speaks English, and what other ledgers in English call a head."""
_NUMBER_CODES = MappingProxyType({
    str(int(code)) if code.isdigit() else code: (words.split()[0], code) for code, words in _WORDS.items()
} | {"1": ("户主", HEAD), "3": ("户主", "03")})  # fmt: skip
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PREFIX = re.compile("^(?:(?:与|是)?户主(?:的|之|是|为)?|系|之|的)+(?=.)")
_TITLES = frozenset({"户主", "本人", "户主本人", "本人或户主", "户主或本人"})
_BLANK = frozenset({"", "无", "/", "-", "—", "--", "——", "0", "空", "成员", "家庭成员", "户成员", "家人"})


class Relation(NamedTuple):
    """A relation: the word to keep, its code, and whether it is one at all."""

    word: str | None
    code: str | None
    known: bool = True


_TRADITIONAL = str.maketrans("戶兒長孫婦親養繼獨媽爺嶽與關係僱員鄰", "户儿长孙妇亲养继独妈爷岳与关系雇员邻")


def read_relation(text: str) -> Relation:
    """The relation a cell names, also as ``户主之妻``, ``之长子``, ``妻子(再婚)`` or by its code, ``02`` or ``10``."""
    plain = _REMARK.sub("", squeezed(text)).strip("、,.;:·*").translate(_TRADITIONAL)
    if plain in _BLANK:
        return Relation(None, None)
    if plain.lstrip("0") in _NUMBER_CODES and plain[:1].isdigit() and len(plain) <= 2:
        return Relation(*_NUMBER_CODES[plain.lstrip("0")])
    if plain in _ENGLISH:
        return Relation(word_of(_ENGLISH[plain]), _ENGLISH[plain])
    for word in (plain, _PREFIX.sub("", plain)):
        if word in _CODES:
            return Relation(word, _CODES[word])
    if plain[2:] and plain[:2].isdigit() and plain[2:].lstrip("-.") in _CODES:  # 02-户主
        word = plain[2:].lstrip("-.")
        return Relation(word, _CODES[word])
    return Relation(None, None, known=False)


def is_head(relation: str | None) -> bool:
    """Whether a relation says that this is the head."""
    return relation in _TITLES


def word_of(code: str) -> str | None:
    """The word ledgers use for a code."""
    words = _WORDS.get(code)
    return words.split()[0] if words else None
