"""Syllables that many speakers do not tell apart: whoever hears a name from them writes another one down.

In the south and southwest of China the tongue is not curled (zh as z, ch as c, sh as s), n and l fall together, and f
and hu; -n and -ng do nearly everywhere. Those are the pairs that input methods offer under the name of fuzzy sounds
(模糊音), and the features by which the dialects of Hubei are told from the standard (Southwestern Mandarin, 西南官话).
"""

from functools import lru_cache
from types import MappingProxyType

_CURLED = ("zh", "ch", "sh")
_BLOWN = MappingProxyType({
    "fa": "hua", "fan": "huan", "fang": "huang", "fei": "hui", "fen": "hun", "feng": "hong", "fo": "huo", "fu": "hu",
})  # fmt: skip
"""Syllables with f as those say them who say hu."""
_THROUGH_THE_NOSE = ("ang", "eng", "ing")


@lru_cache(maxsize=1024)
def near(syllable: str) -> str:
    """A toneless syllable as it is for who tells least apart: the same for all that are near to each other."""
    if syllable.startswith(_CURLED):
        syllable = syllable[0] + syllable[2:]
    elif syllable.startswith("n") and len(syllable) > 1:
        syllable = "l" + syllable[1:]
    else:
        syllable = _BLOWN.get(syllable, syllable)
    return syllable[:-1] if syllable.endswith(_THROUGH_THE_NOSE) else syllable
