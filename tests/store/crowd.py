"""Invented people behind invented doors, written straight into the record tables: for tests and timings of the search.

Surnames come as often as in the country (the published shares of the commonest two hundred), the characters of given
names with the long tail they have.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, count

from sqlalchemy import Connection

from gridworker.store.engine.database import raw_cursor
from gridworker.store.upgrade import tables

_SURNAMES = """
王717 李700 张674 刘510 陈461 杨322 黄245 赵200 吴200 周190 徐150 孙138 马130 朱120 胡116 郭113 何106 林103 高100
罗95 郑90 梁85 谢75 宋70 唐69 许66 邓62 韩61 冯60 曹60 彭57 曾56 肖56 田52 董51 潘50 袁50 蔡50 蒋48 余46 于45 杜44
叶43 程43 魏43 苏42 吕42 丁41 任40 卢39 姚38 沈38 钟37 姜37 崔36 谭36 陆36 范34 汪34 廖33 石32 金32 韦31 贾30 夏30
傅29 方28 邹28 熊27 白27 孟26 秦26 邱26 侯25 江25 尹24 薛24 闫23 段22 雷22 龙21 黎21 史20 陶20 贺19 毛19 郝19 顾19
龚19 邵18 万18 覃18 武18 钱17 戴17 严17 莫16 孔16 向16 常15 温15 康15 施15 文15 牛14 樊14 葛14 邢13 安12 齐12 易12
乔12 伍12 庞11 颜11 倪10 庄10 聂10 章10 鲁10 欧阳9 岳9 翟9 殷9 詹9 申9 耿8 关8 兰8 焦8 俞8 左8 柳8 甘7 祝7 包7 宁7
尚6 符6 舒6 阮6 柯6 纪6 梅6 童6 凌6 毕6 单5 裴5 霍5 涂5 成5 苗5 谷5 盛5 曲5 翁5 冉5 骆5 蓝5 路5 游5 辛5 靳5 管5 柴5
华5 蒙5 鲍5 喻5 仇4 祁4 蒲4 房4 滕4 屈4 饶4 牟4 艾4 尤4 阳4 穆4 卓4 古4 吉4 缪4 简4 车4 项4 连4 麦4 褚4 娄4 窦4 戚4
岑4 景4 费4 卜4 解4 查4 瞿4 臧4 闵4 上官2 乐2 区2 盖1 朴1 尉迟1 司马1
"""
_GIVEN = """
英华文明玉秀国春红丽建金兰志海桂晓小永军平云林龙梅生清芳德福珍伟凤荣祥峰燕辉霞杰敏艳勇新萍娟波成少学东洪斌慧强琴庆光
美世俊义江爱莲家忠涛超兴雪正立香飞宝莉健振洁胜翠良元根贵素月花娥菊淑惠珠彩琼群才喜发仁富顺孝长水旺银松柏山川泉连来有
大友道先祖传继开运昌全和安宁康财利亮升凯彬琳静婷颖莹倩瑶媛楠雯蕾薇璐岩刚毅磊鑫鹏浩宇博轩然子涵梓萱一诺欣怡雨泽思语嘉
佳琪晨阳宸奕皓铭睿熙妍悦彤可依瑞洋航帆晴露诗韵芸苗茜珊莎蓉芬芝蓓荷菲萌瑾瑜璇钰锦钢铁锋镇培坤均城堂墨增声复夏太如姣妮
姗娜娇婉宏宗定宜宪宾寒尚展岚峻崇帅常干广庭弘彦征微心必怀恒恩情意拥挺捷政敬旭昊映昭晋景晖智曦权材树楚榕民汉治洲润淳渊
源溪滨炎炜炳焕煜燃玲珂理琦琛瑛璟甜白益盛真石秋科秦程稳章端竹筠简紫红纯绍维绪绮翔翰耀聪育胤艺节若英茂茹草莫菁蓝蝶裕西
言训诚谦贝贤赞越路辰迪远逸邦郁采铃锐阔雄雅雷霖青韬飒馨骏高鸿鹤麟黎齐行乐朝重
"""
_NOTES = (
    "厨房水管漏水，约好周四上门修。", "燃气软管老化，已经换新。", "楼道堆着电动车，劝过一次。",
    "想要代买药，说好每周二。", "老人一个人在家，精神不错。", "WiFi 坏了，已报修。", "家里没人，留了条子。",
)  # fmt: skip
START = 180_000_000_000
"""Milliseconds since 2020: where the ids begin."""


def names(number: int, seed: int = 1) -> list[str]:
    """Names of people."""
    chance = random.Random(seed)
    surnames = [(word.rstrip("0123456789"), int("".join(filter(str.isdigit, word)))) for word in _SURNAMES.split()]
    given = "".join(_GIVEN.split())
    often = list(accumulate(1 / (place + 12) ** 0.9 for place in range(len(given))))
    shares = list(accumulate(share for _, share in surnames))
    first = chance.choices([surname for surname, _ in surnames], cum_weights=shares, k=number)
    middle, last = (chance.choices(given, cum_weights=often, k=number) for _ in range(2))
    return [
        surname + one + (other if chance.random() < 0.84 else "")
        for surname, one, other in zip(first, middle, last, strict=True)
    ]


@dataclass
class Crowd:
    """Rows by kind name, ready to be inserted, and who lives in which grid."""

    people: int
    seed: int = 1
    visits: int = 0
    households_in_grid: int = 400
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    grids: list[int] = field(default_factory=list)
    residents: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    """By grid: ids and names."""

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._ids = self._new_ids()
        queue = iter(names(self.people, self.seed))
        left, household = self.people, 0
        while left > 0:
            size = min(left, self._chance.choices((1, 2, 3, 4, 5), (15, 30, 30, 17, 8))[0])
            self._household(household, [next(queue) for _ in range(size)])
            left, household = left - size, household + 1

    def _new_ids(self) -> Iterator[int]:
        for moment in count(START):
            for step in range(40):
                yield moment << 22 | step << 16 | 64

    def _add(self, kind: str, **values: object) -> int:
        record = next(self._ids)
        self.rows.setdefault(kind, []).append({"id": record, **values})
        return record

    def _household(self, number: int, members: list[str]) -> None:
        if number % self.households_in_grid == 0:
            self.grids.append(self._add("grid", name=f"第{number // self.households_in_grid + 1}网格"))
        grid = self.grids[-1]
        block, door = divmod(number % self.households_in_grid, 60)
        if door == 0:
            self._building = self._add("building", grid_id=grid, estate_name="师院南苑", building_name=str(block + 1))
        unit, place = divmod(door, 20)
        dwelling = self._add(
            "dwelling", building_id=self._building, unit_no=str(unit + 1), room_no=f"{place // 2 + 1}0{place % 2 + 1}"
        )
        household = self._add("household", dwelling_id=dwelling, status="active")
        for place, name in enumerate(members):
            phone = f"1380000{self._chance.randrange(10_000):04}"
            resident = self._add(
                "resident", name=name, phones=phone, id_last4=f"{self._chance.randrange(10_000):04}", status="in_place"
            )
            self._add(
                "household_member", household_id=household, resident_id=resident, relation="80" if place else "02"
            )
            self.residents.setdefault(grid, []).append((resident, name))
            if place == 0:
                self.rows["household"][-1]["head_id"] = resident
        if number < self.visits:
            self._add("visit", household_id=household, situation_note=self._chance.choice(_NOTES))


def create(connection: Connection) -> None:
    """The record tables, the log, the exchange and the index, all empty."""
    tables.create(connection)


def insert(connection: Connection, kind: str, rows: list[dict[str, object]]) -> None:
    """Put rows of a kind in its table."""
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    marks = ", ".join("?" * len(columns))
    raw_cursor(connection).executemany(
        f"INSERT OR REPLACE INTO {kind} ({', '.join(columns)}) VALUES ({marks})",
        [[row.get(name) for name in columns] for row in rows],  # type: ignore[misc]  # values of any kind
    )


def settle(connection: Connection, crowd: Crowd) -> dict[str, set[int]]:
    """Put a crowd in the tables. Returns what that touched."""
    for kind, rows in crowd.rows.items():
        insert(connection, kind, rows)
    return {kind: {int(str(row["id"])) for row in rows} for kind, rows in crowd.rows.items()}
