"""What a column of changes, or the name of a list, says of people: they died, they moved out, or neither.

``老伴去世`` and ``原户主死亡`` are about somebody else of the household, and who is registered elsewhere now
(``户口迁出，人还住``) lives here all the same: to take either for the person of the row would end a living one.
"""

import re
from functools import lru_cache

from gridworker.sheets.cells import squeezed

_MOVED_WORDS = "注销|销户|迁出|迁走|搬走|搬离|搬出|外迁|已迁|转出|迁往|移居"
_DEAD_WORDS = "死亡|去世|已故|病故|病逝|亡故|过世|身故|离世|逝世|殁"
_MOVED = re.compile(f"{_MOVED_WORDS}|Moved out")
_DEAD = re.compile(f"{_DEAD_WORDS}|Deceased|^(?:已)?[死亡故](?:了)?$")
_NOT_SO = re.compile("(?:未|拟|没有|没|无|不|非)[^,，;；。、]{0,3}?(?:迁|搬|转出|移居|死|去世|故|世|注销)")
_KIN = (
    "老伴|配偶|爱人|丈夫|妻子|老公|老婆|父亲|母亲|父母|双亲|儿子|女儿|[长次大小二三独][子女]|子女|孩子|儿媳|女婿|公公|婆婆|岳父|岳母"
    "|爷爷|奶奶|外公|外婆|祖父|祖母|孙子|孙女|哥哥|弟弟|姐姐|妹妹|其[父母妻夫子女]|夫|妻|父|母|[原前]户主|家人|家属"
    "|[0-9一二两三四五]{1,3}口?人"
)
_OF_OTHERS = re.compile(
    rf"(?P<along>[随跟同与和及靠依][^,，;；。、)）]{{0,3}}?)?(?:{_KIN})(?![家处那])"
    rf"[^,，;；。、)）]{{0,14}}?(?:{_DEAD_WORDS}|{_MOVED_WORDS})"
    rf"|(?:{_DEAD_WORDS}|{_MOVED_WORDS})了?[0-9一二两三四五]{{1,3}}口?人"
)
"""Whoever moved ``along`` with others is gone too."""
_OF_HEAD = re.compile(rf"户主[^,，;；。、)）]{{0,4}}?(?:{_DEAD_WORDS}|{_MOVED_WORDS})")
_STILL_HERE = re.compile("人(?:还|仍|也)?(?:在(?!外)|住)|[还仍](?:居)?住|[还仍]在(?:本|此|这)|搬回|迁回|回迁")
_LONGEST = 400
"""Characters of a title."""
_MAY_BE_GONE = re.compile(
    "搬家|退租|退房|离开|调出|调走|[外出]嫁|嫁出|房[子屋]?已?[卖售]|[卖售]房|失踪|失联|走了|^减(?:少|员)?$"
)

_THESE = "人员|人口|居民|老人|户|对象"
_AS_LIST = "(?:基本|情况|信息|明细|统计|登记|汇总)*(?:名单|花名册|名册|台账|清单|[表册])"
_LIST_OF = re.compile(
    rf"[0-9年月日.、第一二三四季度上下半本-]*(?:已|户籍|户口|人口)?(?P<gone>{_DEAD_WORDS}|{_MOVED_WORDS})(?:的)?(?:{_THESE})?(?:{_AS_LIST})?"
)
"""``已迁出``, ``2026年死亡人员``: the name of a sheet."""
_TITLE_OF = re.compile(
    rf"(?<![入生和及与、/拟未])(?P<gone>{_DEAD_WORDS}|{_MOVED_WORDS})(?:的)?(?:{_THESE})(?:{_AS_LIST})"
)
"""``桂花湾社区死亡人员名单``, not ``迁入迁出人员登记表``."""
_NO = frozenset({"否", "不", "不在", "×", "N", "无"})


def status_of_all(sheet: str | None, title: str) -> str:
    """What is said of everybody on a list by its name or its title: a code of ``resident_status``."""
    found = _LIST_OF.fullmatch(squeezed(sheet or "")) or _TITLE_OF.search(squeezed(title)[:_LONGEST])
    return status_of(found["gone"]) if found else "in_place"


def is_not_alive(text: str) -> bool:
    """Whether a cell under ``是否健在`` says no."""
    return squeezed(text) in _NO


@lru_cache(maxsize=1024)
def status_of(text: str, *, is_head: bool = True) -> str:
    """What is said of a person: a code of ``resident_status``. ``户主死亡`` is about the one who ``is_head`` alone."""
    own = _of_their_own(_NOT_SO.sub("", text))
    if not is_head:
        own = _OF_HEAD.sub("", own)
    if _DEAD.search(own):
        return "deceased"
    return "moved_out" if _MOVED.search(own) and not _STILL_HERE.search(own) else "in_place"


def _of_their_own(text: str) -> str:
    return _OF_OTHERS.sub(lambda found: found[0] if found["along"] else "", text)


@lru_cache(maxsize=1024)
def may_be_gone(text: str) -> bool:
    """Whether somebody who is taken in as living here may have gone by this: a person has to look."""
    plain = _NOT_SO.sub("", text)
    return _MAY_BE_GONE.search(plain) is not None or (
        _MOVED.search(_of_their_own(plain)) is not None and _STILL_HERE.search(plain) is not None
    )
