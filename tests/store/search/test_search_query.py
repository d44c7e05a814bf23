import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.store.search.query import LONGEST, MOST_PARTS, DoorQuery, read


def spellings(typed: str) -> list[str]:
    return [" ".join(part.text for part in pattern) for pattern in read(typed).patterns]


@pytest.mark.parametrize(
    ("typed", "likeliest"),
    [
        ("cgf", "c g f"),
        ("chenguifang", "chen gui fang"),
        ("chen'gui'fang", "chen gui fang"),
        ("chen gui fang", "chen gui fang"),
        ("Chen  Gui", "chen gui"),
        ("ｚｈａｎｇ　ｗ", "zhang w"),
        ("zhang w", "zhang w"),
        ("zhangw", "zhang w"),
        ("z wei", "z wei"),
        ("zhgf", "zh g f"),
        ("陈桂芳", "陈 桂 芳"),
        ("陈gf", "陈 g f"),
        ("lü", "lv"),
        ("zho", "zho"),
    ],
)
def test_letters_are_cut_into_syllables(typed: str, likeliest: str) -> None:
    assert spellings(typed)[0] == likeliest


def test_letters_that_can_be_cut_in_several_ways_are() -> None:
    assert {"xian", "xi an"} <= set(spellings("xian"))
    assert {"sho", "s ho"} <= set(spellings("sho"))
    assert {"zhangw", "zhang w", "zhan g w"} <= set(spellings("zhangw"))
    assert {"wan", "wa n", "w an", "w a n"} <= set(spellings("wan"))
    assert {"l yu", "lv"} <= set(spellings("lyu"))
    assert {"fang an", "fan gan"} <= set(spellings("fangan"))
    assert {"j o se", "jose"} <= set(spellings("jose"))


@pytest.mark.parametrize("typed", ["lubu", "lvbu", "lübu", "lyubu", "LUBU"])
def test_u_with_dots_is_found_however_a_keyboard_gives_it(typed: str) -> None:
    assert "lv bu" in spellings(typed)


def test_letters_without_dots_still_mean_themselves_first() -> None:
    assert spellings("lubu")[0] == "lu bu"
    assert not [way for way in spellings("luan") if "v" in way]


def test_a_complete_syllable_in_the_middle_means_no_longer_one() -> None:
    assert [part.whole for part in read("lifang").patterns[0]] == [True, False]
    assert [part.whole for part in read("li f").patterns[0]] == [True, False]


def test_an_input_methods_own_cut_is_not_binding() -> None:
    assert "xian" in spellings("xi'an")


@pytest.mark.parametrize(
    ("typed", "door"),
    [
        ("3-2-501", DoorQuery("3", "2", "501")),
        ("３－２－５０１", DoorQuery("3", "2", "501")),
        ("3 2 501", DoorQuery("3", "2", "501")),
        ("五零一", DoorQuery("", "", "501")),
        ("一二〇二", DoorQuery("", "", "1202")),
        ("3栋501", DoorQuery("3", "", "501")),
        ("3#2-501", DoorQuery("3", "2", "501")),
        ("3#-2-501", DoorQuery("3", "2", "501")),
        ("3栋2单元501室", DoorQuery("3", "2", "501")),
        ("三栋二单元501", DoorQuery("3", "2", "501")),
        ("3号楼2单元5", DoorQuery("3", "2", "5")),
        ("3幢", DoorQuery("3")),
        ("3#", DoorQuery("3")),
        ("3-", DoorQuery("3")),
        ("A座1203", DoorQuery("A", "", "1203")),
        ("师院南苑3栋2单", DoorQuery("3", "2", "", "师院南苑")),
        ("2单元501", DoorQuery("", "2", "501")),
        ("501室", DoorQuery("", "", "501")),
        ("501", DoorQuery("", "", "501")),
        ("3/2/501", DoorQuery("3", "2", "501")),
        ("3.2.501", DoorQuery("3", "2", "501")),
        ("b01", DoorQuery("", "", "B01")),
        ("综合楼", DoorQuery("综合楼")),
    ],
)
def test_doors_are_read_as_far_as_they_are_typed(typed: str, door: DoorQuery) -> None:
    assert read(typed).doors[0] == door


def test_two_numbers_may_be_building_and_room_or_unit_and_room() -> None:
    assert set(read("3-2").doors) == {DoorQuery("3", "", "2"), DoorQuery("3", "2"), DoorQuery("", "3", "2")}
    assert DoorQuery("3", "2") in read("3栋2").doors
    assert DoorQuery("A", "", "1203") in read("a1203").doors
    assert DoorQuery("综合楼", estate="师院花园") in read("师院花园综合楼").doors


@pytest.mark.parametrize(
    ("typed", "tail"),
    [
        ("0142", "0142"),
        ("13800000142", "13800000142"),
        ("138 0000 0142", "13800000142"),
        ("012X", "012x"),
        ("014", ""),
        ("+86 138 0000 0142", "13800000142"),
        ("8613800000142", "13800000142"),
    ],
)
def test_the_end_of_a_number_has_four_digits_or_more(typed: str, tail: str) -> None:
    assert read(typed).tail == tail


def test_a_door_with_dashes_is_no_number() -> None:
    assert read("3-2-501").tail == ""


def test_words_have_two_characters_or_more() -> None:
    assert read("漏水").words == ("漏水",)
    assert read("漏").words == ()
    assert read("燃气软管 wifi").pieces == ("燃气软管", "wifi")


@pytest.mark.parametrize("typed", ["", " ", "'", '"', "*", "。", "\x00", "\ud800", "\u200b", "🙂"])
def test_nothing_typed_means_nothing(typed: str) -> None:
    query = read(typed)
    assert (query.patterns, query.doors, query.tail, query.words) == ((), (), "", ())


@given(st.text(max_size=200))
def test_any_text_is_read_in_few_ways(typed: str) -> None:
    query = read(typed)
    assert len(query.patterns) <= 12
    assert all(0 < len(pattern) <= MOST_PARTS for pattern in query.patterns)
    assert sum(map(len, query.pieces)) <= LONGEST * 18  # one character may stand for many: ﷺ


@given(st.text(alphabet="abcdefghinouvwz' ", max_size=80))
def test_letters_without_end_are_read_in_no_time(typed: str) -> None:
    assert len(read(typed).patterns) <= 12


@pytest.mark.parametrize(
    "typed",
    ["3，2，501", "3,2,501", "3、 2、 501", "03-02-0501", "03 02 0501", "３．２．５０１", "3-02-501", "3棟2單元501"],
)
def test_doors_are_read_with_any_mark_between_and_with_zeros_before(typed: str) -> None:
    assert read(typed).doors[0] == DoorQuery("3", "2", "501")
