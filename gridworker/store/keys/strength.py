"""How good a passphrase is, in one word. It advises; nothing here forbids.

A small estimate in bits with the habits of our users in mind: birthdays, phone numbers, runs of keys, repeated
characters, well-known words. Chinese text counts two characters to a word.
"""

import math
import re
import unicodedata
from enum import Enum

from gridworker.text import Label

ENOUGH_CHARACTERS = 10
ENOUGH_WORDS = 4
"""Ten characters or four words, as the unlock pages ask for (ui/ux.md, 4i)."""

FAIR_BITS = 32
GOOD_BITS = 50
"""At 0.8 s a guess (kdf.PRODUCTION) 32 bits are a century of one computer, 50 bits are out of reach of a farm."""


class Strength(Enum):
    """The word to show."""

    TOO_SHORT = "too_short"
    WEAK = "weak"
    FAIR = "fair"
    GOOD = "good"

    @property
    def label(self) -> Label:
        """In the user's language."""
        return _LABELS[self]


_LABELS = {
    Strength.TOO_SHORT: Label("Too short"),
    Strength.WEAK: Label("Easy to guess"),
    Strength.FAIR: Label("Good enough"),
    Strength.GOOD: Label("Strong"),
}

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb",
    "一二三四五六七八九十", "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥", "春夏秋冬", "东南西北",
)  # fmt: skip
_KNOWN = (
    "password", "passw0rd", "p@ssw0rd", "admin", "letmein", "welcome", "iloveyou", "woaini", "wodemima", "mima",
    "shequ", "wangge", "gridworker", "computer", "520", "1314", "888", "666",
    "我爱你", "密码", "口令", "社区", "网格", "网格员",
)  # fmt: skip
_KNOWN_BITS = 3.0
_RUN_BITS = 4.0
_NUMBERS = (
    (re.compile(r"1[3-9]\d{9}"), 14.0),  # a phone number of somebody near
    (re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"), 10.0),  # a birthday
    (re.compile(r"(?:19|20)\d{2}"), 6.0),  # a year
)
_CHINESE = "\u3400-\u9fff"
_WORD_BITS_PER_LETTER = 2.5
_BITS = (
    (re.compile(r"\d"), math.log2(10)),
    (re.compile(r"[a-z]"), math.log2(26)),
    (re.compile(r"[A-Z]"), math.log2(52)),
    (re.compile(f"[{_CHINESE}]"), 6.0),
    (re.compile(r"\s"), 1.0),
)
_OTHER_BITS = 5.0


def passphrase_strength(text: str) -> Strength:
    """How long ``text`` would stand against guessing: in the form the key is made of, without blanks around it."""
    text = unicodedata.normalize("NFKC", text).strip()
    if len(text) < ENOUGH_CHARACTERS and word_count(text) < ENOUGH_WORDS:
        return Strength.TOO_SHORT
    bits = _bits(text)
    if bits < FAIR_BITS:
        return Strength.WEAK
    return Strength.FAIR if bits < GOOD_BITS else Strength.GOOD


def word_count(text: str) -> int:
    """Words: runs of letters or digits, and every two Chinese characters."""
    chinese = sum(len(run) // 2 for run in re.findall(f"[{_CHINESE}]+", text))
    return chinese + len(re.findall(rf"[^\W{_CHINESE}]{{2,}}", text))


def _bits(text: str) -> float:
    rest, bits = _known_parts(text)
    seen: set[str] = set()
    for token in re.findall(rf"[a-z]{{3,}}|[A-Za-z]{{3,}}|[{_CHINESE}]{{2}}|.", rest, re.DOTALL):
        once = token.casefold()
        bits += 1.0 if once in seen and len(once) > 1 else _token_bits(token)
        seen.add(once)
    distinct = len(set(text.casefold()))
    return min(bits, distinct * 6.0)


def _token_bits(token: str) -> float:
    if len(token) >= 3:
        return len(token) * _WORD_BITS_PER_LETTER + (2.0 if token.lower() != token else 0.0)
    return sum(next((bits for kind, bits in _BITS if kind.match(letter)), _OTHER_BITS) for letter in token)


def _known_parts(text: str) -> tuple[str, float]:
    """What is left of ``text`` without what everybody tries first, and the few bits that was worth."""
    bits = 0.0
    for kind, worth in _NUMBERS:
        text, count = kind.subn("", text)
        bits += worth * count
    for run in _runs(text):
        text = text.replace(run, "", 1)
        bits += _RUN_BITS
    for word in _KNOWN:
        text, count = re.subn(re.escape(word), "", text, flags=re.IGNORECASE)
        bits += _KNOWN_BITS if count else 0.0
    return text, bits


def _runs(text: str) -> list[str]:
    """Three or more of one character, or neighbours on the keyboard or in the alphabet, either way."""
    same = [match.group() for match in re.finditer(r"(.)\1{2,}", text)]
    lower = text.lower()
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    found: list[str] = []
    start = 0
    while start < len(lower):
        length = max((_shared(lower[start:], row) for row in rows), default=0)
        if length >= 4:
            found.append(text[start : start + length])
            start += length
        else:
            start += 1
    return [*same, *found]


def _shared(text: str, row: str) -> int:
    """How many characters of ``text`` follow each other in ``row``, from the first one."""
    place = row.find(text[0])
    length = 0
    while place >= 0 and length < len(text) and place + length < len(row) and text[length] == row[place + length]:
        length += 1
    return length
