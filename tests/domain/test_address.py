"""Doors out of ledger cells and address strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain import address
from gridworker.domain.address import Door, parse_door
from gridworker.domain.numerals import chinese_number
from gridworker.errors import Problem

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "building"),
    [
        ("3栋", "3"), ("3幢", "3"), ("3#", "3"), ("3号楼", "3"), ("三栋", "3"), ("3#楼", "3"), ("第3栋", "3"),
        ("03栋", "3"), ("3.0", "3"), ("3", "3"), ("十二栋", "12"), ("２１幢", "21"), ("3楼", "3"), ("3号", "3"),
        ("A座", "A"), ("a座", "A"), ("A1栋", "A1"), ("3A栋", "3A"), ("综合楼", "综合楼"), ("桂花楼", "桂花楼"),
        ("东栋", "东"), ("3棟", "3"), ("三號樓", "3"), ("綜合樓", "綜合樓"), ("无", ""), ("/", ""), ("—", ""), ("", ""),
    ],
)  # fmt: skip
def test_buildings(text: str, building: str) -> None:
    assert address.building_part(text) == building


@pytest.mark.parametrize(
    ("text", "unit"),
    [("2单元", "2"), ("2门", "2"), ("二单元", "2"), ("2", "2"), ("02", "2"), ("东单元", "东"), ("-", "")],
)
def test_units(text: str, unit: str) -> None:
    assert address.unit_part(text) == unit


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("501室", "501"), ("501房", "501"), ("501号", "501"), ("501", "501"), ("三〇二室", "302"), ("五〇一", "501"),
        ("一百零一", "101"), ("5楼501室", "501"), ("0501", "501"), ("-101", "-101"), ("501a", "501A"), ("501.0", "501"),
        ("负101室", "-101"), ("叁零壹", "301"), ("伍零壹室", "501"), ("肆楼左", "4楼左"),
        ("501號", "501"), ("5樓1號", "501"),
        ("", ""), ("5楼1号", "501"), ("4楼1号", "401"), ("5楼左", "5楼左"), ("五楼东户", "5楼东"), ("12楼1201", "1201"),
    ],
)  # fmt: skip
def test_rooms(text: str, room: str) -> None:
    assert address.room_part(text) == room


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("桂花湾社区3栋2单元501室", "3|2|501"),
        ("3-2-502", "3|2|502"),
        ("伍家岗路叁栋贰单元叁零壹室", "3|2|301"),
        ("3栋501（出租）", "3||501"),
        ("黄石大道123号3栋2单元501（自有）。", "3|2|501"),
        ("3栋(2单元)501", "3|2|501"),
        ("第3栋第2单元501", "3|2|501"),
        ("3栋·2单元·501", "3|2|501"),
        ("3/2/501", "3|2|501"),
        ("3.2.501", "3|2|501"),
        ("3B-501", "3B||501"),
        ("丙栋2单元501", "丙|2|501"),
        ("3栋2单元501、502", "3|2|501、502"),
        ("3栋2单元5楼左", "3|2|5楼左"),
        ("3栋2单元4楼1号", "3|2|401"),
        ("3栋2单元502室", "3|2|502"),
        ("3#2-601", "3|2|601"),
        ("3#-2-601", "3|2|601"),
        ("三栋二单元602", "3|2|602"),
        ("３栋２单元７０１", "3|2|701"),
        ("3幢2单元702号", "3|2|702"),
        ("桂花湾路18号5栋1单元301室", "5|1|301"),
        ("5号楼1单元302", "5|1|302"),
        ("十二栋一单元三〇二室", "12|1|302"),
        ("A座1203", "A||1203"),
        ("6栋501", "6||501"),
        ("3—2—801", "3|2|801"),
        ("3–2–801", "3|2|801"),
        ("湖北省黄石市黄石港区桂花湾社区居委会7栋3单元402室", "7|3|402"),
        ("3栋 2单元 802 室", "3|2|802"),
        ("3栋1单元-101", "3|1|101"),
        ("3栋-1单元-101室", "3|1|101"),
        ("3#1单元-101", "3|1|101"),
        ("3栋1单元/101", "3|1|101"),
        ("3栋.1单元.101", "3|1|101"),
        ("3栋、1单元、101", "3|1|101"),
        ("3栋[1单元]101", "3|1|101"),
        ("第3栋-第1单元-第101室", "3|1|101"),
        ("3楼1单元101", "3|1|101"),
        ("3栋1单元-101 租户", "3|1|101"),
        ("3-2-501 13800000001", "3|2|501"),
        ("3栋1单元101室（3楼）", "3|1|101"),
        ("3栋1单元101室-2", "3|1|101-2"),
        ("3 1 101", "3|1|101"),
        ("3*1*101", "3|1|101"),
        ("3×1×101", "3|1|101"),
        ("3\\1\\101", "3|1|101"),
        ("综合楼1单元-101", "综合楼|1|101"),
        ("3号1单元-101", "3|1|101"),
        ("3栋1单元--101", "3|1|-101"),
        ("甲栋乙单元-101", "甲|乙|101"),
        ("3栋1单元第3层-301", "3|1|301"),
        ("桂花湾3-1单元-101", "3|1|101"),
        ("8栋3门202", "8|3|202"),
        ("3栋2单元5楼503室", "3|2|503"),
        ("综合楼501", "综合楼||501"),
        ("桂花湾社区综合楼2单元301", "综合楼|2|301"),
        ("3栋2单元", "3|2|"),
        ("3-501", "3||501"),
        ("A-1203", "A||1203"),
        ("3栋1单元负101", "3|1|-101"),
        ("3-1-负101", "3|1|-101"),
        ("18号2单元501", "18|2|501"),
    ],
)
def test_doors_in_one_string(text: str, key: str) -> None:
    door = parse_door(text)
    assert door is not None
    assert door.key == key


@pytest.mark.parametrize("text", ["老街巷12号", "湖北路12-3", "3栋", "同上", "", "桂花湾社区"])
def test_strings_without_a_door(text: str) -> None:
    assert parse_door(text) is None


def test_what_stands_before_a_door_and_its_floor_are_kept() -> None:
    assert parse_door("师院南苑3栋1单元1202") == Door("3", "1", "1202", floor="12", before="师院南苑")
    assert address.floor_of("501") == "5"
    assert address.floor_of("A1") == ""


numbers = st.integers(1, 999)


@given(
    numbers,
    st.integers(1, 20),
    st.integers(1, 30),
    st.integers(1, 40),
    st.sampled_from(
        [
            "{0}栋{1}单元{2}室",
            "{0}-{1}-{2}",
            "{0}幢{1}门{2}",
            "{0}#{1}-{2}",
            "桂花湾社区{0}号楼{1}单元{2}",
            "{0} 栋 {1} 单元 {2} 室",
        ]
    ),
)
def test_every_spelling_is_one_door(building: int, unit: int, floor: int, flat: int, form: str) -> None:
    room = f"{floor}{flat:02d}"
    door = parse_door(form.format(building, unit, room))
    assert door is not None
    assert door.key == f"{building}|{unit}|{room}"
    again = parse_door(address.door_label(door.building, door.unit, door.room))
    assert again is not None
    assert again.key == door.key


@given(st.integers(1, 99))
def test_chinese_numerals_count(number: int) -> None:
    tens, ones = divmod(number, 10)
    words = (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (DIGITS[ones] if ones or not tens else "")
    assert chinese_number(words) == str(number)
    assert address.building_part(f"{words}栋") == str(number)


@given(st.integers(100, 9999))
def test_chinese_digits_one_by_one(number: int) -> None:
    assert chinese_number("".join(DIGITS[int(digit)] for digit in str(number))) == str(number)


@given(st.text(max_size=20))
def test_parts_are_stable_and_any_text_is_taken(text: str) -> None:
    parse_door(text)
    for part in (address.building_part, address.unit_part, address.room_part):
        assert part(part(text)) == part(part(part(text)))


def test_checks_refuse_nothing_at_all() -> None:
    assert (address.clean_building("三栋"), address.clean_unit("2门"), address.clean_room("501室")) == ("3", "2", "501")
    for check in (address.clean_building, address.clean_unit, address.clean_room):
        with pytest.raises(Problem):
            check("无")


def test_labels_and_order() -> None:
    assert address.door_label("3", "2", "501") == "3栋2单元501"
    assert address.door_label("A", None, "1203") == "A座1203"
    assert address.building_label("综合楼") == "综合楼"
    rooms = ["1001", "201", None, "A1", "101"]
    assert sorted(rooms, key=address.natural_key) == [None, "101", "201", "1001", "A1"]
    assert chinese_number("") is None
    assert chinese_number("三栋") is None


@pytest.mark.parametrize("text", ["3棟2單元501", "3幢2單元501室", "三號樓二單元五〇一", "湖北路12號3棟2單元501"])
def test_doors_in_traditional_characters(text: str) -> None:
    found = parse_door(text)
    assert found is not None
    assert found.key == "3|2|501"


@pytest.mark.parametrize("text", ["综合楼1单元101-1室", "综合楼1单元101-1房", "综合楼101-1室"])
def test_a_part_of_a_room_of_a_block_with_a_name_is_no_building(text: str) -> None:
    door = parse_door(text)
    assert door is not None
    assert (door.building, door.room) == ("综合楼", "101-1")


def test_behind_a_unit_stands_no_building() -> None:
    assert parse_door("桂花苑1单元101-1室") is None


def test_a_text_longer_than_any_address_is_none() -> None:
    """To take one apart that somebody made long on purpose would take minutes."""
    street = "湖北路" * 60
    assert parse_door(f"{street}3栋2单元501") is not None
    assert parse_door(f"{street * 2}3栋2单元501") is None
    assert parse_door(")(" * 500_000) is None
