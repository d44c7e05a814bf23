"""Pinyin of names: syllables with the readings people go by, initials, and the syllables a keyboard can spell.

Readings are looked up in pypinyin's dictionary of single characters as it lies there: taken apart it costs 20 ms at the
first letter of a search, and 8 MB. Its dictionary of phrases is never loaded: it costs 100 ms and 20 MB, and knows no
names.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from gridworker.domain.names import HAN

_SPELLED = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng cha
chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu cuan cui
cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo e ei en eng er
fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha
hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing
jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang
lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve ma mai man mang mao me mei
men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning
niu nong nou nu nuan nun nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia
qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa
sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui
shun shuo si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun
tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao
ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen
zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_SPELLED.split())
"""Every toneless syllable a name is typed with; ``ü`` is ``v``."""
BEGINNINGS = frozenset(syllable[:end] for syllable in SYLLABLES for end in range(1, len(syllable) + 1))
"""Every beginning of a syllable, the whole ones among them."""


def _pairs(text: str) -> Mapping[str, str]:
    return MappingProxyType(dict(pair.split("=") for pair in text.split()))


_SURNAMES = _pairs("""
曾=zēng 单=shàn 仇=qiú 解=xiè 查=zhā 盖=gě 区=ōu 朴=piáo 任=rén 华=huà 乐=yuè 翟=zhái 覃=qín 缪=miào 牟=móu 尉=yù
召=shào 员=yùn 种=chóng 折=shé 冼=xiǎn 洗=xiǎn 那=nā 哈=hǎ 纪=jǐ 燕=yān 繁=pó 祭=zhài 瞿=qú 隗=wěi 郗=xī 郇=xún
沈=shěn 薄=bó 费=fèi 观=guàn 句=gōu 过=guō 干=gān 葛=gě 能=nài 殷=yīn 万=wàn 佴=nài 阚=kàn 柏=bǎi 贲=bēn 逄=páng
乜=niè 秘=bì 粘=nián 钭=tǒu 眭=suī 谌=chén 适=kuò 宁=nìng 应=yīng 盛=shèng 於=yū 相=xiàng 曲=qū 占=zhān 石=shí 车=chē
角=jué 么=yāo 卜=bǔ 俞=yú 晟=chéng 撒=sǎ 幺=yāo 令=líng 长=zhǎng 行=xíng 便=pián 亓=qí 璩=qú 佟=tóng 曹=cáo 重=chóng
""")
"""How a character is read as a surname, where its everyday reading is another one or is in doubt."""

_COMPOUND: Mapping[str, str] = MappingProxyType(
    {
        "万俟": "mò qí",
        "尉迟": "yù chí",
        "长孙": "zhǎng sūn",
        "澹台": "tán tái",
        "令狐": "líng hú",
        "单于": "chán yú",
        "乐正": "yuè zhèng",
    }
)

_SEVERAL = _pairs("""
乐=lè,yuè 行=xíng,háng 长=cháng,zhǎng 朝=cháo,zhāo 重=chóng,zhòng 传=chuán,zhuàn 调=tiáo,diào 都=dū,dōu 藏=cáng,zàng
降=jiàng,xiáng 觉=jué,jiào 角=jiǎo,jué 乾=qián,gān 茜=qiàn,xī 晟=shèng,chéng 盛=shèng,chéng 莘=xīn,shēn 省=shěng,xǐng
娜=nà,nuó 蔚=wèi,yù 车=chē,jū 柏=bǎi,bó 伯=bó,bǎi 泊=bó,pō 澄=chéng,dèng 阿=ā,ē 拓=tuò,tà 宛=wǎn,yuān 厦=xià,shà
校=xiào,jiào 召=zhào,shào 仔=zǐ,zǎi 隽=jùn,juàn 绿=lǜ,lù 模=mó,mú 参=cān,shēn 率=shuài,lǜ 员=yuán,yùn 峙=zhì,shì
秘=mì,bì 浒=hǔ,xǔ 珲=huī,hún 炅=jiǒng,guì 筠=yún,jūn 浚=jùn,xùn 屏=píng,bǐng 蹊=qī,xī 莎=shā,suō 杉=shān,shā
禅=chán,shàn 说=shuō,yuè 焘=tāo,dào 系=xì,jì 覃=qín,tán 翟=zhái,dí 谌=chén,shèn 牟=móu,mù 缪=miào,móu 尉=wèi,yù
曾=zēng,céng 单=dān,shàn 解=jiě,xiè 查=chá,zhā 仇=chóu,qiú 盖=gài,gě 区=qū,ōu 朴=pǔ,piáo 种=zhǒng,chóng 沈=shěn,chén
薄=báo,bó 嬛=huán,xuān 臧=zāng,cáng 句=jù,gōu 隗=kuí,wěi 郗=xī,chī 郇=xún,huán 繁=fán,pó 折=zhé,shé 洗=xǐ,xiǎn
祭=jì,zhài 能=néng,nài 适=shì,kuò 粘=nián,zhān 番=fān,pān 会=huì,kuài 尾=wěi,yǐ 钿=diàn,tián 焯=zhuō,chāo
骠=piào,biāo 倞=jìng,liàng 荥=xíng,yíng 枞=cōng,zōng 堡=bǎo,bǔ 便=biàn,pián 称=chēng,chèn 给=gěi,jǐ 六=liù,lù
绰=chuò,chāo 椹=zhēn,shèn 弹=dàn,tán 涡=wō,guō 逯=lù,dài 氏=shì,zhī 俟=sì,qí 吁=xū,yù 卜=bǔ,bo 予=yǔ
""")
"""Characters that people read in two ways in names, the commoner first; all others go by the dictionary's first."""

_LACKING = _pairs("𠮷=jí")
"""Characters of names that the dictionary does not know: another form of 吉."""


_HAN = re.compile(f"[{HAN}]")
_UNIT = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")


class Unit(NamedTuple):
    """One typed unit of a name: a Han character with its readings, or a word in Latin letters that spells itself."""

    text: str
    start: int
    """Where in the name it stands."""
    readings: tuple[str, ...]
    """Toneless, the most likely first; empty where no reading is known."""


@cache
def _dictionary() -> bytes:
    """Readings by decimal code point as pypinyin ships them: a line for each, in the order of their numbers."""
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypinyin")
    return Path(spec.origin).with_name("pinyin_dict.json").read_bytes().removeprefix(b"{\n")


def _code_at(place: int) -> int:
    """The code point of the line in which an octet of the dictionary stands."""
    start = _dictionary().rfind(b"\n", 0, place) + 1
    key = _dictionary()[start : _dictionary().find(b":", start)]
    return int(key.strip(b'" '))


def _listed(character: str) -> str | None:
    """The readings of a character in the dictionary."""
    whole = range(_dictionary().rfind(b'"'))
    start = bisect_left(whole, ord(character), key=_code_at)
    if start == len(whole) or _code_at(start) != ord(character):
        return None
    return _dictionary()[start : _dictionary().find(b"\n", start)].decode().split('"')[3]


@cache
def toneless(reading: str) -> str:
    """``lǚ`` is ``lv``."""
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(character for character in plain if character.isascii() and character.isalpha())


@cache
def _toned(character: str) -> tuple[str, ...]:
    several = _SEVERAL.get(character)
    if several is None:
        listed = _listed(character)
        several = (_LACKING.get(character, "") if listed is None else listed).split(",")[0]
    return tuple(filter(None, several.split(",")))


@cache
def _readings(character: str, surname: str = "") -> tuple[str, ...]:
    """Toneless readings; the one as a surname goes first."""
    return tuple(dict.fromkeys(filter(None, map(toneless, filter(None, (surname, *_toned(character)))))))


def readings_of(character: str, *, surname: bool = False) -> tuple[str, ...]:
    """The toneless readings of a Han character, the most likely first; ``surname``: where it stands as one."""
    return _readings(character, _SURNAMES.get(character, "") if surname else "")


def is_compound(name: str) -> bool:
    """Whether a name begins with a surname of two characters that is read in a way of its own."""
    return name[:2] in _COMPOUND


def _surname(name: str) -> tuple[str, ...]:
    if not name:
        return ()
    compound = _COMPOUND.get(name[:2])
    return tuple(compound.split()) if compound else (_SURNAMES.get(name[0], ""),)


@lru_cache(maxsize=4096)
def units(name: str) -> tuple[Unit, ...]:
    """The units of a name in order. Dots and spaces are none; other letters and digits side by side are one."""
    surnames = _surname(name)
    return tuple(
        _unit(found[0], found.start(), surnames[found.start()] if found.start() < len(surnames) else "")
        for found in _UNIT.finditer(name)
    )


@lru_cache(maxsize=20_000)
def _unit(text: str, start: int, surname: str) -> Unit:
    return (
        Unit(text, start, _readings(text, surname)) if is_han(text[0]) else Unit(spelled(text), start, (spelled(text),))
    )


@lru_cache(maxsize=4096)
def spelled(word: str) -> str:
    """A word that spells itself, as it is compared: no case, no accents, half width."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in plain if character.isalnum())


def is_han(character: str) -> bool:
    """Whether a character stands for itself: Han, with the private-use ones old systems put rare ones in."""
    return _HAN.match(character) is not None


def readings(name: str) -> tuple[tuple[str, ...], ...]:
    """The toneless readings of each unit of a name, the most likely first."""
    return tuple(unit.readings for unit in units(name))


def initials(name: str) -> str:
    """The first letters of a name by its most likely readings: ``cgf`` of 陈桂芳."""
    return "".join(unit.readings[0][0] for unit in units(name) if unit.readings)


@lru_cache(maxsize=4096)
def toned(name: str) -> tuple[str, ...]:
    """What to show under a name, a text for each unit: ``chén guì fāng``. A character without reading shows itself."""
    surnames = _surname(name)
    shown = []
    for unit in units(name):
        surname = surnames[unit.start] if unit.start < len(surnames) else ""
        known = _toned(unit.text) if is_han(unit.text[0]) else ()
        shown.append(surname or (known[0] if known else unit.text))
    return tuple(shown)
