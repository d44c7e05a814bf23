"""What speaks for two entries being one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.likeness import WORDS, Fact, Known, facts, is_likely, may_be_one, sounds_alike
from gridworker.domain.near_sounds import near

GUIFANG = (("chen",), ("gui",), ("fang",))
CHEN = Known("陈桂芳", GUIFANG, "1948-02-01", phones=frozenset({"13800000142"}), dwelling=1, building=2)

PEOPLE = st.builds(
    Known,
    name=st.sampled_from(["", "陈桂芳", "陈贵芳", "王芳", "曾单"]),
    sounds=st.sampled_from([(), GUIFANG, (("wang",), ("fang",)), (("zeng", "ceng"), ("dan", "shan"))]),
    birth_date=st.sampled_from(["", "1948-02-01", "1948-01-02", "1948-02-11", "1950-02-01"]),
    birth_year=st.sampled_from([None, 1948, 1950]),
    phones=st.frozensets(st.sampled_from(["13800000142", "13800000143"])),
    id_number=st.sampled_from(["", "11010519491231002X", "110105491231002"]),
    id_end=st.sampled_from(["", "002X", "1002"]),
    household=st.sampled_from([None, 1, 2]),
    dwelling=st.sampled_from([None, 1, 2]),
    building=st.sampled_from([None, 1, 2]),
)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (Known("陈贵芳", GUIFANG, "1948-02-01"), (Fact.SOUND, Fact.BIRTH)),
        (Known("陈桂芳", GUIFANG, "1948-01-02"), (Fact.NAME, Fact.BIRTH_NEAR)),
        (Known("陈桂芳", GUIFANG, "1948-02-07"), (Fact.NAME, Fact.BIRTH_NEAR)),
        (Known("陈桂芳", GUIFANG, "1948-01-30"), (Fact.NAME, Fact.BIRTH_NEAR)),
        (Known("陈桂芳", GUIFANG, "1947-02-01"), (Fact.NAME, Fact.BIRTH_NEAR)),
        (Known("陈桂芳", GUIFANG, birth_year=1948), (Fact.NAME, Fact.BIRTH_YEAR)),
        (Known("陈贵芳", GUIFANG, phones=frozenset({"13800000142"})), (Fact.SOUND, Fact.PHONE)),
        (Known("陈贵芳", GUIFANG, dwelling=1, building=2), (Fact.SOUND, Fact.DOOR)),
        (Known("陈贵芳", GUIFANG, dwelling=9, building=2), (Fact.SOUND, Fact.BUILDING)),
    ],
)
def test_the_name_and_one_thing_more(other: Known, found: tuple[Fact, ...]) -> None:
    assert facts(CHEN, other) == found
    assert may_be_one(found)


@pytest.mark.parametrize(
    "alike",
    [
        "chen cheng cen ceng", "lin ling nin ning", "zhang zhan zang zan", "shi si", "lv nv", "fang fan huang huan",
        "fei hui", "fen hun", "feng hong", "fu hu", "wang wan",
    ],
)  # fmt: skip
def test_syllables_that_are_near(alike: str) -> None:
    assert len(set(map(near, alike.split()))) == 1


def test_syllables_that_are_not() -> None:
    apart = [
        "chen",
        "lin",
        "zhang",
        "shi",
        "fang",
        "fei",
        "fen",
        "feng",
        "fu",
        "wang",
        "en",
        "n",
        "dong",
        "he",
        "ji",
        "qi",
    ]
    assert len(set(map(near, apart))) == len(apart)


NEAR = (("cheng",), ("gui",), ("huang",))


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        (Known("程贵黄", NEAR, "1948-02-01"), False),
        (Known("程贵黄", NEAR, "1948-02-01", building=2), True),
        (Known("程贵黄", NEAR, "1948-02-11", phones=frozenset({"13800000142"})), True),
        (Known("程贵黄", NEAR, birth_year=1948, dwelling=1, building=2), True),
        (Known("程贵黄", NEAR, birth_year=1948, building=2), False),
        (Known("程贵黄", NEAR, "1976-05-06", phones=frozenset({"13800000142"}), dwelling=1), False),
        (Known("程贵黄", NEAR, phones=frozenset({"13800000142"})), False),
    ],
)
def test_a_name_that_sounds_nearly_the_same_and_two_things_more(other: Known, shown: bool) -> None:
    found = facts(CHEN, other)
    assert found[0] is Fact.NEAR
    assert may_be_one(found) is shown
    assert not is_likely(found, CHEN, other)


def test_a_name_alone_is_nothing_to_show() -> None:
    assert not may_be_one(facts(CHEN, Known("陈桂芳", GUIFANG, "1990-11-23")))


def test_a_family_shares_phone_and_door() -> None:
    assert not may_be_one(facts(CHEN, Known("李红", (("li",), ("hong",)), phones=CHEN.phones, dwelling=1)))


def test_the_old_form_of_an_id_number_is_the_same_number() -> None:
    assert facts(Known(id_number="11010519491231002X"), Known(id_number="110105491231002")) == (Fact.ID_NUMBER,)


@given(PEOPLE, PEOPLE)
def test_it_is_the_same_whichever_is_asked_about(one: Known, other: Known) -> None:
    assert facts(one, other) == facts(other, one)


@given(PEOPLE)
def test_everybody_is_like_themselves(one: Known) -> None:
    found = facts(one, one)
    assert (Fact.NAME in found) == bool(one.name)
    assert may_be_one(found) == bool(one.id_number or (one.name and len(found) > 1))


@given(st.text(max_size=4), st.text(max_size=4))
def test_two_characters_that_sound_otherwise_are_other_names(one: str, other: str) -> None:
    """Edit distance would call any two of them near."""
    ways = tuple((letter,) for letter in one), tuple((letter,) for letter in other)
    assert sounds_alike(*ways) == (one == other != "")


def test_every_fact_has_words(chinese: str) -> None:
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in str(WORDS[fact])) for fact in Fact)


def test_what_fits_many_of_a_common_name_says_nothing_alone() -> None:
    assert may_be_one([Fact.NAME, Fact.BIRTH_NEAR], namesakes=50)
    assert not may_be_one([Fact.NAME, Fact.BIRTH_NEAR], namesakes=51)
    assert may_be_one([Fact.NAME, Fact.BIRTH_NEAR, Fact.BUILDING], namesakes=5000)
    assert may_be_one([Fact.NAME, Fact.BIRTH], namesakes=5000)
    assert not may_be_one([Fact.SOUND, Fact.BIRTH_YEAR], namesakes=6)
