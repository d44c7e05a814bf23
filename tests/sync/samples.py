"""Keys, headers and ops for the tests of the bundle file, and strategies for ops. All people are invented."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from itertools import count
from random import Random
from typing import Any

import msgpack
from hypothesis import strategies as st

from gridworker.record import MAX_INTEGER
from gridworker.store.log.op import MAX_FIELD, Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.sync.format.bundle import Bundle, Contents, read_bundle, read_inner
from gridworker.sync.format.header import Header, Purpose
from gridworker.sync.format.keys import DeviceKeys, new_recovery

COMMUNITY = "420203001001"
LAPTOP = 7 << 6
OFFICE = 0
CHEAP = 10
"""Work factor of scrypt where a test does not care."""


@cache
def office() -> DeviceKeys:
    return DeviceKeys.generate()


@cache
def laptop() -> DeviceKeys:
    return DeviceKeys.generate()


@cache
def recovery() -> DeviceKeys:
    return new_recovery()


def header(**changes: Any) -> Header:
    basis = Header(
        purpose=Purpose.BUNDLE,
        community=COMMUNITY,
        sender=LAPTOP,
        recipient=OFFICE,
        n=1,
        time="2026-03-15T09:42:00Z",
    )
    return replace(basis, **changes)


def read(data: bytes) -> Bundle:
    """As the office reads a bundle of the laptop."""
    return read_bundle(data, [office().identity], known=lambda _: laptop().public)


def open_inner(inner: bytes) -> Bundle:
    return read_inner(inner, known=lambda _: laptop().public)


def clk(ms: int, counter: int = 0, device: int = LAPTOP) -> int:
    return ms << 22 | counter << 16 | device


AUTHORS = [Author(clk(1), 3), Author(clk(2), 4)]

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂香文华玉萍红建国春梅志海燕玲丹莉云飞鹏辉宇浩然子轩梓涵欣怡佳琪"
)
_STREETS = ("湖滨路", "磁湖路", "黄石大道", "天津路", "杭州西路", "颐阳路", "桂林北路")
_NOTES = (
    "独居，每周上门一次",
    "家里装修，周末再来",
    "敲门没人，邻居说上班去了",
    "煤气管老化，已提醒更换",
    "楼道堆了杂物，约了周三清理",
)


def _name(random: Random) -> str:
    return random.choice(_SURNAMES) + "".join(random.choices(_GIVEN, k=random.choice((1, 2, 2))))


def _day(random: Random) -> str:
    return f"{random.randrange(1935, 2024)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"


def value(random: Random, field: int) -> str:
    """A value for one of the twelve fields of an invented resident."""
    makers: dict[int, Callable[[], str]] = {
        1: lambda: _name(random),
        2: lambda: random.choice("mf"),
        3: lambda: _day(random),
        4: lambda: f"000000{_day(random).replace('-', '')}{random.randrange(10_000):04d}",
        5: lambda: f"1380000{random.randrange(10_000):04d}",
        6: lambda: random.choice(("han", "han", "han", "han", "tujia", "hui")),
        7: lambda: random.choice(("primary", "junior", "senior", "college", "bachelor")),
        8: lambda: random.choice(("married", "single", "widowed")),
        9: lambda: f"{random.choice(_STREETS)}{random.randrange(1, 120)}号",
        10: lambda: random.choice(("active", "active", "away")),
        11: lambda: random.choice(("local", "migrant", "separated")),
        12: lambda: random.choice(_NOTES) + random.choice(("", f"，{_name(random)}在家")),
    }
    return makers[field]()


def creations(number: int, seed: int = 1) -> list[OpRow]:
    """New residents, as an import mints them: 64 ids in a millisecond."""
    random = Random(seed)
    rows = []
    for at in range(number):
        new = clk(200_000_000_000 + at // 64, at % 64)
        fields = {field: value(random, field) for field in range(1, 13)}
        rows.append(OpRow(new, 3, new, What.CREATE, at % 2, pack_create(fields)))
    return rows


def edits(records: list[int], changes: int, seed: int = 1) -> list[OpRow]:
    """``changes`` field edits over all of ``records``, in the order a worker comes by."""
    random = Random(seed)
    counts = [1] * len(records)
    for _ in range(changes - len(records)):
        counts[random.randrange(len(counts))] += 1
    ms, rows = 203_000_000_000, []
    for record, many in zip(random.sample(records, len(records)), counts, strict=True):
        ms += int(random.expovariate(1 / 40_000)) + 500
        before = clk(202_000_000_000 + random.randrange(10**9), device=9 << 6)
        over = (record,) if random.random() < 0.9 else (before,)
        made = [Edit(field, value(random, field), over) for field in random.sample(range(1, 13), min(many, 12))]
        rows.append(OpRow(clk(ms), 3, record, What.EDIT, 0, pack_edits(record, made)))
    return rows


def mixed() -> list[OpRow]:
    """One op of each sort, with every shape that ``over`` and ``seen`` can have."""
    house = clk(1000)
    new = count(2000)
    edit = [Edit(1, "湖滨路3号", (house,)), Edit(2, None, (clk(1500),)), Edit(7, -12, (house, clk(1600)))]
    return [
        OpRow(house, 5, house, What.CREATE, 0, pack_create({1: "湖滨路1号", 2: 42, 9: "两行\n文字"})),
        OpRow(clk(next(new)), 5, house, What.EDIT, 1, pack_edits(house, edit)),
        OpRow(clk(next(new)), 5, house, What.DELETE, 1, pack_edits(house, [Edit(0, 0, (house,))], seen=[clk(2000)])),
        OpRow(clk(next(new)), 5, house, What.RESTORE, 0, pack_edits(house, [Edit(0, 1, (clk(2001),))])),
        OpRow(clk(next(new)), 5, house, What.RESOLVE, 0, pack_edits(house, [Edit(1, "甲", (house, clk(7)))])),
        OpRow(clk(next(new)), 5, house, What.ERASE, 0, pack_edits(house, [Edit(1, None, (clk(2004),))])),
        OpRow(clk(next(new)), 900, house, 200, 0, pack_edits(house, [Edit(4000, "later", ())])),
        OpRow(clk(3000), 5, clk(3000), What.CREATE, 1, pack_create({})),
    ]


def contents(rows: list[OpRow] | None = None, **changes: Any) -> Contents:
    return Contents(header(), mixed() if rows is None else rows, AUTHORS, **changes)


_SIGNS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Mn", "Mc"])
TEXT = st.text(_SIGNS, max_size=20).map(partial(unicodedata.normalize, "NFC"))
VALUES = st.none() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT
CLKS = st.integers(1, MAX_INTEGER)
_OVERS = st.just(0) | CLKS | st.lists(CLKS, max_size=3)


@st.composite
def op(draw: st.DrawFn) -> OpRow:
    """A good op of any sort."""
    what = draw(st.sampled_from([*What, 99]))
    new, record = draw(CLKS), draw(CLKS)
    flat: list[object] = []
    for field in sorted(draw(st.sets(st.integers(0, MAX_FIELD), min_size=int(what != What.CREATE), max_size=4))):
        flat += [field, draw(VALUES)]
        flat += [] if what == What.CREATE else [draw(_OVERS)]
    if what == What.DELETE and draw(st.booleans()):
        flat.append(draw(st.lists(CLKS, max_size=3)))
    if what == What.CREATE:
        record = new
    elif record == new:
        record = new % MAX_INTEGER + 1
    return OpRow(new, draw(st.integers(0, 65_535)), record, int(what), draw(st.integers(0, 1)), msgpack.packb(flat))


OPS = st.lists(op(), max_size=12, unique_by=lambda row: row.clk)
