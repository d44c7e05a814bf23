"""Ledgers invented at random, each with what must be read from it: the styles of offices mixed in every way."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.sheets.ledgers import TODAY, Looks, Made, id_number, ods, text, xls, xlsx

HEADERS = {
    "serial": ["序号", "编号", "No."],
    "building": ["楼栋", "楼号", "幢", "栋号", "楼栋*", "栋"],
    "unit": ["单元", "单元号", "所属单元"],
    "room": ["室", "室号", "房号", "门牌号", "房间号*"],
    "address": ["家庭住址", "现住址", "现居地址", "居住地址", "现住门（楼）详址"],
    "head": ["户主姓名", "户主", "户主姓名*"],
    "name": ["姓名", "姓 名", "居民姓名", "姓名*", "家庭成员姓名"],
    "relation": ["与户主关系", "家庭关系", "与户主的关系*", "称谓"],
    "sex": ["性别", "性别*", "性 别"],
    "birth": ["出生日期", "出生年月", "出生日期（年-月-日）"],
    "id": ["身份证号", "公民身份号码", "身份证号码*", "证件号码", "身份证"],
    "phone": ["联系电话", "手机号码", "电话", "联系方式", "联系手机"],
    "tags": ["人员类别", "特殊人群", "重点人群", "关爱类别"],
    "note": ["备注", "备 注", "情况说明"],
    "other": ["民族", "年龄", "监护人电话", "所属网格*", "户籍地址", "紧急联系人电话"],
}
OTHER = {
    "民族": "汉族",
    "年龄": "45",
    "监护人电话": "13900009999",
    "所属网格*": "第三网格",
    "户籍地址": "9栋9单元909",
    "紧急联系人电话": "13900008888",
}
RELATIONS = {
    "配偶": ["配偶", "妻", "夫", "之妻", "爱人", "户主之夫"],
    "子": ["子", "儿子", "长子", "次子", "之子"],
    "女": ["女", "女儿", "长女", "之女"],
    "母亲": ["母亲", "母", "之母"],
    "孙子": ["孙子", "孙"],
    "儿媳": ["儿媳", "儿媳妇"],
}
TAGS = {
    "低保": ["低保", "低保户"],
    "残疾": ["残疾", "残疾人", "残疾（肢体二级）"],
    "独居老人": ["独居老人", "独居"],
    "高龄老人": ["高龄老人"],
}
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂"
TICKS, NO_TICKS = ["√", "是", "✓", "1", "Y"], ["", "", "×", "否", "/", "0"]


@dataclass
class Ledger:
    """A ledger file and its expectation in the form of the corpus."""

    path: Path
    expected: dict[str, Any]


@dataclass
class _Making:
    chance: random.Random
    rows: list[list[Made]] = field(default_factory=list)
    residents: list[dict[str, Any]] = field(default_factory=list)
    households: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    numbers: int = 0

    def name(self) -> str:
        return self.chance.choice(SURNAMES) + "".join(self.chance.choices(GIVEN, k=self.chance.choice([1, 2, 2])))

    def number(self, born: date, sex: str) -> str:
        """A number nobody else of this ledger has: they are counted through in the region, which is none."""
        self.numbers += 1
        order = self.chance.randrange(1, 499) * 2 + (sex == "男")
        return id_number(f"{born:%Y%m%d}", order, f"99{self.numbers:04}")


def invent(folder: Path, seed: int, families: int = 12) -> Ledger:
    """A ledger of some families in a style that the seed decides."""
    chance = random.Random(seed)
    making = _Making(chance)
    kind = chance.choice(["xlsx", "xlsx", "ods", "xls", "csv", "txt"])
    by_string = chance.random() < 0.4
    by_sheet = not by_string and kind in {"xlsx", "xls"} and chance.random() < 0.2
    places = ["address"] if by_string else ["unit", "room"] if by_sheet else ["building", "unit", "room"]
    columns = ["serial", *places, *(["head"] if chance.random() < 0.4 else []), "name"]
    rest = ["relation", "sex", "birth", "id", "phone", "tags", "note", "other"]
    chance.shuffle(rest)
    columns += rest
    grouped = chance.random() < 0.35
    if grouped:
        at = columns.index("tags")
        columns[at : at + 1] = [f"tick:{tag}" for tag in TAGS]
    header = [
        chance.choice(HEADERS[column]) if column in HEADERS else _tick_header(chance, column) for column in columns
    ]
    width = len(columns)
    for _ in range(chance.randrange(3)):
        making.rows.append(
            [chance.choice(["桂花湾社区居民台账", "填报单位：桂花湾社区居委会   填报日期：2025年9月30日", ""])]
        )
    heads: list[list[Made]] = _grouped(columns, header, places) if grouped else [[*header]]
    making.rows += heads
    if chance.random() < 0.2:
        making.rows.append(["必填" if column in {"name", "id"} else "选填" for column in columns])
    merged: list[tuple[int, int, int, int]] = []
    sheet = f"{chance.randrange(1, 30)}栋" if by_sheet else "台账" if kind not in {"csv", "txt"} else None
    carry = chance.random() < 0.5
    for number in range(families):
        door = (
            sheet[:-1] if sheet and by_sheet else str(number // 4 + 1),
            str(number % 2 + 1),
            f"{number % 9 + 1}0{number // 9 + 1}",
        )
        first = len(making.rows)
        _family(making, columns, door, _Style(sheet, by_string, carry, kind, header))
        if kind == "xlsx" and carry and not by_string and len(making.rows) - first > 1 and chance.random() < 0.5:
            merged += [(first, column, len(making.rows) - 1, column) for column in range(1, 1 + len(places))]
        elif chance.random() < 0.15:
            making.rows.append([])
        if chance.random() < 0.05:
            making.rows += [list(row) for row in heads]
    _end(making, width)
    return Ledger(_write(folder / f"{seed}.{kind}", making.rows, sheet, merged, chance), _expectation(making))


def _end(making: _Making, width: int) -> None:
    """Sums and signatures, as often as not."""
    if making.chance.random() < 0.5:
        making.rows.append(["合计", *[""] * (width - 2), f"{len(making.residents)}人"])
        making.rows += [
            [],
            ["备注：1.本台账每季度更新；2.电话以本人为准。"],
            ["网格员签字：          社区负责人签字："],
        ]


def _tick_header(chance: random.Random, column: str) -> str:
    tag = column.removeprefix("tick:")
    return chance.choice([tag, tag, f"是否{tag}", f"{tag}（√）"])


def _grouped(columns: list[str], header: list[str], places: list[str]) -> list[list[Made]]:
    """A header in two rows: the door under one group, the ticks under another, the rest beside them."""
    upper: list[Made] = list(header)
    lower: list[Made] = [""] * len(header)
    groups = {place: "现住址" for place in places if place != "address"}
    groups |= {column: "重点人群（打√）" for column in columns if column.startswith("tick:")}
    told: set[str] = set()
    for index, column in enumerate(columns):
        if column in groups:
            lower[index] = header[index]
            upper[index] = "" if groups[column] in told else groups[column]
            told.add(groups[column])
    return [upper, lower]


@dataclass(frozen=True)
class _Style:
    sheet: str | None
    by_string: bool
    carry: bool
    kind: str
    header: list[str]


def _family(making: _Making, columns: list[str], door: tuple[str, str, str], style: _Style) -> None:
    chance = making.chance
    head = making.name()
    key = "|".join(door)
    written = _address(chance, door)
    relations = ["户主", *chance.sample(sorted(RELATIONS), chance.randrange(4))]
    imported = 0
    for place, relation in enumerate(relations):
        name = head if place == 0 else making.name()
        sex = (
            "女"
            if relation in {"女", "母亲", "儿媳"}
            else "男"
            if relation in {"子", "孙子"}
            else chance.choice("男女")
        )
        born = date(1935, 1, 1) + timedelta(chance.randrange(30_000))
        number = making.number(born, sex)
        phones = [f"13{chance.randrange(10)}0000{chance.randrange(10_000):04}"] if chance.random() < 0.7 else []
        tags = chance.sample(sorted(TAGS), chance.choice([0, 0, 0, 1, 2]))
        note = chance.choice([None, None, None, "每周入户一次", "=1+1", "轮椅出行"])
        cells: dict[str, Made] = {
            "serial": len(making.rows),
            "name": _spaced(chance, name),
            "relation": "户主" if place == 0 else chance.choice(RELATIONS[relation]),
            "sex": chance.choice({"男": ["男", "男", "1", "M", "男性"], "女": ["女", "女", "2", "F", "女性"]}[sex]),
            "birth": _day(chance, born, style.kind),
            "id": _number(chance, number),
            "phone": _phones(chance, phones, style.kind),
            "tags": chance.choice(["、", "，", ";", "/", " "]).join(chance.choice(TAGS[tag]) for tag in tags)
            or chance.choice(["", "无", "/"]),
            "note": note or "",
            "head": head if place == 0 or not style.carry else "",
        }
        cells |= {f"tick:{tag}": chance.choice(TICKS if tag in tags else NO_TICKS) for tag in TAGS}
        cells |= _place(style, door, written, first=place == 0)
        fault = _spoil(chance, cells, number, relation) if chance.random() < 0.12 else None
        row: list[Made] = [cells.get(column, "") for column in columns]
        for index, column in enumerate(columns):
            if column == "other":
                row[index] = OTHER[style.header[index]]
        making.rows.append(row)
        at = {"sheet": style.sheet, "row": len(making.rows)}
        if fault and fault[1]:
            making.problems.append(
                at
                | {"kind": fault[0], "action": "reject", "required": True, "row_name": name, "row_household_key": key}
            )
            continue
        if fault:
            making.problems.append(at | {"kind": fault[0], "action": "warn", "required": True})
        imported += 1
        making.residents.append(at | {
            "name": name, "sex": sex, "birth_date": born.isoformat(), "id_number": number, "tags": tags, "note": note,
            "phones": [] if fault and fault[0] == "phone_invalid" else phones, "relation": relation,
            "household_key": key,
            "accept": {"relation": "*"} if fault and fault[0] == "relation_unknown" else {},
        })  # fmt: skip
    if imported:
        named = "head" in columns or any(
            r["name"] == head and r["relation"] == "户主" and r["household_key"] == key for r in making.residents
        )
        making.households.append(
            dict(zip(("building", "unit", "room"), door, strict=True)) | {"head": head if named else None}
        )


def _place(style: _Style, door: tuple[str, str, str], written: str, *, first: bool) -> dict[str, Made]:
    if not first and style.carry:
        return {"address": "", "building": "", "unit": "", "room": ""}
    return {"address": written, "building": door[0], "unit": door[1], "room": door[2]}


def _address(chance: random.Random, door: tuple[str, str, str]) -> str:
    building, unit, room = door
    return chance.choice([
        f"{building}栋{unit}单元{room}室", f"{building}-{unit}-{room}", f"{building}#{unit}-{room}",
        f"{building}幢{unit}单元{room}",
        f"桂花湾社区{building}号楼{unit}单元{room}室", f"桂花湾路18号{building}栋{unit}单元{room}",
        f"{building}—{unit}—{room}",
    ])  # fmt: skip


def _spaced(chance: random.Random, name: str) -> str:
    return chance.choice(
        [name, name, name, f" {name}", f"{name}　", "　".join(name) if len(name) == 2 else name, f"{name}\u200b"]
    )


def _number(chance: random.Random, number: str) -> str:
    wide = number.translate({code: code + 0xFEE0 for code in range(48, 58)})
    return chance.choice(
        [number, number, number, number.lower(), f"'{number}", f"{number} ", wide, f"{number[:6]} {number[6:]}"]
    )


def _day(chance: random.Random, born: date, kind: str) -> Made:
    texts: list[Made] = [
        born.isoformat(), f"{born.year}.{born.month}.{born.day}", f"{born.year}年{born.month}月{born.day}日",
        f"{born:%Y%m%d}",
        f"{born.year}/{born.month}/{born.day}", f"{born.year}年{born.month}月",
        f"{born:%Y.%m}" if born.month != 1 else "", "", "不详",
        f"{born:%Y-%m-%d} 00:00:00",
    ]  # fmt: skip
    if kind in {"xlsx", "ods"}:
        texts += [born, int(f"{born:%Y%m%d}")]
    return chance.choice(texts)


def _phones(chance: random.Random, phones: list[str], kind: str) -> Made:
    if not phones:
        return chance.choice(["", "无", "/"])
    one = phones[0]
    styles: list[Made] = [
        one,
        one,
        f"+86 {one}",
        f"{one[:3]} {one[3:7]} {one[7:]}",
        f"{one[:3]}-{one[3:7]}-{one[7:]}",
        f"{one}（本人）",
    ]
    if kind in {"xlsx", "xls", "ods"}:
        styles.append(int(one))
    return chance.choice(styles)


def _spoil(chance: random.Random, cells: dict[str, Made], number: str, relation: str) -> tuple[str, bool] | None:
    """Make one thing of a row wrong. Returns the kind to be reported and whether the row is rejected."""
    wrong = str((int(number[16]) + 2) % 10 or 5)
    match chance.randrange(8):
        case 0:
            cells["id"] = number[:16] + wrong + number[17]
            return "id_checksum", True
        case 1:
            cells["id"] = number[:17]
            return "id_length", True
        case 2:
            cells["id"] = f"{number[:6]}********{number[14:]}"
            return "id_format", True
        case 3:
            cells["id"] = float(number[:17] + "0") if chance.random() < 0.5 else "4.20202E+17"
            return "id_precision_lost", True
        case 4:
            cells["phone"] = "1380000001"
            return "phone_invalid", False
        case 5 if relation != "户主":
            cells["relation"] = "？"
            return "relation_unknown", False
        case 6:
            cells["birth"] = "1965-13-40"
            return "birth_unparsed", False
        case _:
            cells["birth"] = "2001-02-03"
            return "birth_mismatch", False


def _write(
    path: Path,
    rows: list[list[Made]],
    sheet: str | None,
    merged: list[tuple[int, int, int, int]],
    chance: random.Random,
) -> Path:
    sheets = {sheet or "": rows}
    match path.suffix:
        case ".xlsx":
            return xlsx(path, sheets, Looks(merged={sheet or "": merged}))
        case ".ods":
            return ods(path, sheets)
        case ".xls":
            return xls(path, sheets)
        case _:
            encoding = chance.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"])
            return text(path, rows, encoding=encoding, separator=chance.choice([",", ";", "\t"]))


def _expectation(making: _Making) -> dict[str, Any]:
    return {
        "case": "invented", "title": "", "result": "ok", "today": TODAY.isoformat(), "households": making.households,
        "residents": making.residents, "problems": making.problems, "skipped_rows": [],
    }  # fmt: skip
