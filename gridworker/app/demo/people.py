"""Invented people for the sample community: names, numbers, homes. Any match with a real person is chance.

ID numbers have the impossible region 000000 and a right check digit; phones have 0000 as their middle four digits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gridworker.domain.identity import check_digit

SURNAMES = (
    "陈李王张刘周吴徐黄赵孙朱马胡林郭何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘蔡余叶程汪鲁夏石谭方段童章尹喻龚熊江杜席"
)
MALE = "国强 建军 志明 德生 文彬 海涛 建平 卫东 斌 伟 军 志远 德才 超 勇 国富 建国 明 少波 家豪 子轩 浩然 宇航 俊杰"
FEMALE = "桂芳 秀英 丽华 秀兰 春花 玉珍 素芬 红霞 海燕 爱珍 小芳 芳 敏 丽 静 娟 金凤 翠英 雅琴 慧 诗涵 欣怡 思雨 梓萱"
OLD, GROWN, CHILD = (62, 90), (24, 61), (2, 17)
AREAS = range(130, 200)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person. ``relation`` is the code to the head, ``tags`` ledger words."""

    name: str
    sex: str
    birth_date: date
    phone: str | None
    id_number: str
    relation: str
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Who lives behind one door, the head first."""

    people: tuple[Person, ...]
    rented: bool = False


class Invented:
    """Makes families one after the other; the same seed makes the same ones."""

    def __init__(self, seed: int, today: date) -> None:
        self._random = Random(seed)
        self._today = today
        self._made = 0

    def families(self) -> Iterator[Family]:
        """Families without end."""
        while True:
            yield self._family()

    def _family(self) -> Family:
        kind = self._random.random()
        if kind < 0.08:
            return Family((self._person("02", OLD, tags="独居老人"),))
        if kind < 0.16:
            return Family(self._couple(OLD, "空巢老人"))
        if kind < 0.2:
            old = self._person("02", OLD)
            return Family((old, self._person("40", CHILD, tags="留守儿童")))
        if kind < 0.3:
            return Family((self._person("02", GROWN),), rented=True)
        tags = self._random.choices(("", "残疾", "困难家庭", "失业"), (90, 4, 4, 2))[0]
        parents = self._couple(GROWN, tags)
        children = [self._child(parents[0]) for _ in range(self._random.choice((0, 1, 1, 1, 2)))]
        grand = [self._person("50", OLD)] if self._random.random() < 0.2 else []
        return Family((*parents, *children, *grand))

    def _couple(self, ages: tuple[int, int], tags: str) -> tuple[Person, ...]:
        head = self._person("02", ages, sex="1", tags=tags)
        years = head.birth_date.year
        age = self._today.year - years
        return head, self._person("10", (max(ages[0], age - 3), min(ages[1], age + 2)), sex="2")

    def _child(self, head: Person) -> Person:
        return self._person(self._random.choice(("20", "30")), CHILD, surname=head.name[0])

    def _person(
        self, relation: str, ages: tuple[int, int], *, sex: str = "", tags: str = "", surname: str = ""
    ) -> Person:
        random = self._random
        sex = sex or {"20": "1", "30": "2"}.get(relation, random.choice("12"))
        age = random.randint(min(ages), max(ages))
        born = date(self._today.year - age, 1, 1) + timedelta(days=random.randrange(365))
        given = random.choice((MALE if sex == "1" else FEMALE).split())
        self._made += 1
        phone = f"{random.choice(AREAS)}0000{self._made % 10_000:04d}" if age > 15 and random.random() < 0.9 else None
        name = (surname or random.choice(SURNAMES)) + given
        return Person(name, sex, born, phone, self._id(born, sex), relation, tags)

    def _id(self, born: date, sex: str) -> str:
        order = self._random.randrange(500) * 2 + (1 if sex == "1" else 0)
        first = f"000000{born:%Y%m%d}{order:03d}"
        return first + check_digit(first)
