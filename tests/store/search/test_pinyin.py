import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.store.search import pinyin


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("曾国藩", "zeng"),
        ("单雄信", "shan"),
        ("仇英", "qiu"),
        ("解缙", "xie"),
        ("查良镛", "zha"),
        ("盖叫天", "ge"),
        ("区寄", "ou"),
        ("朴树", "piao"),
        ("任伯年", "ren"),
        ("华罗庚", "hua"),
        ("乐毅", "yue"),
        ("翟志刚", "zhai"),
        ("覃建国", "qin"),
        ("尉迟恭", "yu"),
        ("万俟卨", "mo"),
        ("沈括", "shen"),
        ("吕布", "lv"),
        ("𠮷田", "ji"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, first: str) -> None:
    assert pinyin.readings(name)[0][0] == first


def test_the_everyday_reading_of_a_surname_is_known_too() -> None:
    assert pinyin.readings("曾敏")[0] == ("zeng", "ceng")
    assert pinyin.readings("仇英")[0] == ("qiu", "chou")


def test_polyphones_in_given_names_have_their_readings() -> None:
    assert pinyin.readings("谭乐")[1] == ("le", "yue")
    assert set(pinyin.readings("王长行")[1]) == {"chang", "zhang"}
    assert pinyin.readings("王长行")[2] == ("xing", "hang")


def test_a_common_character_has_no_rare_reading() -> None:
    """红 is also gōng, 大 also tài: indexed under these they would only be in the way."""
    assert pinyin.readings("李红大") == (("li",), ("hong",), ("da",))


def test_initials_and_tones() -> None:
    assert pinyin.initials("陈桂芳") == "cgf"
    assert pinyin.toned("陈桂芳") == ("chén", "guì", "fāng")
    assert pinyin.toned("曾乐") == ("zēng", "lè")
    assert pinyin.toned("单于") == ("chán", "yú")


def test_dots_are_no_unit_and_latin_words_spell_themselves() -> None:
    assert pinyin.readings("阿卜杜·热合曼") == (("a", "e"), ("bu", "bo"), ("du",), ("re",), ("he",), ("man",))
    assert pinyin.readings("José 李") == (("jose",), ("li",))


def test_a_character_without_reading_stays_itself() -> None:
    assert pinyin.readings("王\ue123") == (("wang",), ())
    assert pinyin.toned("王\ue123") == ("wáng", "\ue123")
    assert pinyin.initials("王\ue123") == "w"


def test_every_first_reading_can_be_typed() -> None:
    names = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余"
    assert {reading for readings in pinyin.readings(names) for reading in readings} <= pinyin.SYLLABLES


def test_the_phrases_of_pypinyin_are_never_loaded() -> None:
    code = "import sys, gridworker.store.search.pinyin as names; names.readings('陈'); print('pypinyin' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@given(st.text(max_size=20))
def test_any_text_has_units_in_order(text: str) -> None:
    units = pinyin.units(text)
    assert [unit.start for unit in units] == sorted({unit.start for unit in units})
    assert len(pinyin.toned(text)) == len(pinyin.readings(text)) == len(units)
    for unit in units:
        if pinyin.is_han(unit.text[:1] or " "):
            assert text[unit.start] == unit.text


def test_every_character_is_found_in_the_dictionary_as_it_lies_there_and_none_beside_them() -> None:
    whole = {int(code): said for code, said in json.loads(b"{" + pinyin._dictionary()).items()}
    some = [*sorted(whole)[::29], min(whole), max(whole)]
    assert {code: pinyin._listed(chr(code)) for code in some} == {code: whole[code] for code in some}
    beside = {0, sys.maxunicode, *(code + step for code in some for step in (-1, 1))} - whole.keys()
    assert {pinyin._listed(chr(code)) for code in beside} == {None}
