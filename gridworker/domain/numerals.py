"""Chinese numerals in addresses and dates: 十二, 三〇二, 一百零一, 两."""

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
