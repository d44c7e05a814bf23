"""Chinese numerals in addresses and dates: 十二, 三〇二, 一百零一, 两; in addresses 叁零壹 too."""

import re
from types import MappingProxyType

_DIGITS = MappingProxyType(
    {word: digit for digit, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "俩": 2}
)
_TENS = MappingProxyType({"十": 10, "百": 100, "千": 1000})
NUMERAL = "".join((*_DIGITS, *_TENS))
"""Every character a Chinese numeral may have; safe inside a regular-expression class."""


def chinese_number(text: str) -> str | None:
    """The digits of a Chinese numeral: ``十二`` is 12, ``三〇二`` is 302 (read digit by digit); None if it is none."""
    if not text or any(character not in NUMERAL for character in text):
        return None
    if all(character in _DIGITS for character in text):
        return "".join(str(_DIGITS[character]) for character in text)
    total = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * _TENS[character]
            digit = 0
    return str(total + digit)


_FORMAL = str.maketrans("壹弌贰貳弍叁參叄弎肆伍陆陸柒捌玖拾佰仟", "一一二二二三三三三四五六六七八九十百千")
_FORMAL_RUN = re.compile(
    "(?:[壹弌贰貳弍叁參叄弎肆伍陆陸柒捌玖拾佰仟零〇]{2,}|[壹弌贰貳弍叁參叄弎肆柒捌玖拾]|^[伍陆陸](?=$|[号#栋幢座单室]))"
    "(?=[号#]?(?:[楼栋幢座门层室房号户-]|单元)|$)"
)
"""伍 and 陆 are names as well (伍家岗, 陆楼村): alone they are numbers only where nothing stands before them."""


def usual_numerals(text: str) -> str:
    """``叁零壹室`` is ``三零一室``: the numerals of cheques, in the usual ones where they can be numbers of a door."""
    return _FORMAL_RUN.sub(lambda found: found[0].translate(_FORMAL), text)
