"""The key words can be told apart when they are spoken."""

from itertools import combinations

import pytest
from pypinyin import Style, lazy_pinyin

from gridworker.sync.format.words import WORDS, key_words

_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("r", "n"), ("hu", "f"))


def _spoken(word: str) -> str:
    """Toneless pinyin with what is spoken alike around Huangshi made one."""
    syllables = []
    for syllable in lazy_pinyin(word, style=Style.NORMAL):
        for sound, like in _ALIKE:
            if syllable.startswith(sound):
                syllable = like + (syllable[len(sound) :] or "u")
                break
        syllables.append(syllable.removesuffix("g") if syllable.endswith("ng") else syllable)
    return "-".join(syllables)


def _differences(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for at, sound in enumerate(one, 1):
        before, row[0] = row[0], at
        for to, sign in enumerate(other, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (sound != sign))
    return row[-1]


def test_there_is_one_word_for_every_byte() -> None:
    assert len(WORDS) == len(set(WORDS)) == 256
    assert {len(word) for word in WORDS} == {2}


def test_words_sound_different() -> None:
    spoken = {word: _spoken(word) for word in WORDS}
    assert len({"".join(lazy_pinyin(word, style=Style.NORMAL)) for word in WORDS}) == 256
    close = [pair for pair in combinations(WORDS, 2) if _differences(spoken[pair[0]], spoken[pair[1]]) < 2]
    assert not close


@pytest.mark.parametrize(("digest", "words"), [(bytes(32), ("太阳",) * 6), (bytes([0, 1, 2, 253, 254, 255] * 2), None)])
def test_a_key_has_the_words_of_its_first_bytes(digest: bytes, words: tuple[str, ...] | None) -> None:
    assert key_words(digest) == (words or ("太阳", "月亮", "星空", "春季", "左手", "头发"))
