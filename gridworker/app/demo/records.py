"""The records of the sample community: buildings with their doors, families, visits, matters, as changes to write."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from gridworker.app.demo.people import Family, Invented, Person
from gridworker.app.session import LOCAL
from gridworker.domain.identity import age_on
from gridworker.domain.links import join_ids
from gridworker.domain.moments import written
from gridworker.domain.names import surname
from gridworker.domain.tags import care_groups_of
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.record import Value

FLOORS, UNITS, PER_FLOOR = 7, 3, 2
DOORS = FLOORS * UNITS * PER_FLOOR
ESTATE = "师院南苑"
NOTES = (
    "本人在家，精神好。说楼道灯坏了一盏。",
    "家里干净，煤气阀门关好了。答应下次带政策单子。",
    "女儿周末回来，平时一个人做饭。",
    "聊了一会儿，问老年食堂怎么办卡。",
    "说最近睡得晚，早上不用太早来。",
    "问了医保怎么交，已经讲清楚。",
    "水管有点滴水，物业说这周来修。",
    "邻居相处好，没有别的事。",
    "想学用手机跟外孙女视频。",
    "家里换了新插座，走线整齐。",
)
MATTERS = (
    ("C", "S2", "楼道电动车飞线充电", "从二楼窗户拉线下来充电。"),
    ("C", "S3", "燃气软管老化", "软管发硬有裂纹，过期约两年。"),
    ("B", "S2", "楼上漏水，两家各说各的", "卫生间顶上渗水，楼上说不是他家。"),
    ("A", "S3", "单元门禁关不上", "闭门器坏了，晚上门一直开着。"),
    ("D", "S3", "独自带孙子，想申请救助", "老人自己提出来，愿意登记。"),
    ("F", "S4", "井盖松动", "车压过去响声大。"),
    ("C", "S3", "厨房烟感不响", "按测试键没有声音。"),
    ("B", "S3", "广场舞音响声大", "晚上九点还没停。"),
    ("E", "S3", "想办老年食堂就餐卡", "不知道带什么材料。"),
    ("A", "S3", "后门围栏有缺口", "有人从缺口进出。"),
)
SHOPS = (
    ("便民副食店", "副食"),
    ("老街理发店", "理发"),
    ("顺达五金店", "五金"),
    ("晨光早点铺", "早点"),
    ("康乐水果店", "水果"),
)
ASKED = (("卫生间装扶手", "housing"), ("代买药", "living"), ("找份零工", "work"), ("楼道换灯", "facility"))
SHOPS_A_BUILDING, ONE_ASKS_IN = 2, 6
AGREED, MATTERS_PER_HOUSEHOLD = 0.8, 0.08
ONE_AGREES_IN = 16
"""Of so many visits one agrees on the day of the next."""
STAGES = (1, 1, 1, 2, 2, 3, 4, 5, 5, 5)


@dataclass
class Sample:
    """Makes changes for one community. ``new_id`` mints ids; ``worker`` is who visited."""

    new_id: Callable[[], int]
    now: datetime
    seed: int
    worker: int = 0
    _visits: int = 0
    _issues: int = 0
    _homes: int = 0
    _shops: int = 0
    random: Random = field(init=False)
    invented: Invented = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.invented = Invented(self.seed, self.today)

    @property
    def today(self) -> date:
        """The day it is here."""
        return self.now.astimezone(LOCAL).date()

    def building(self, grid: int, number: int, families: int) -> list[Change]:
        """A building with that many families, and all that is known of them."""
        id_ = self.new_id()
        changes = [
            self._new("building", id_, {
                "grid_id": grid, "estate_name": ESTATE, "building_name": str(number), "floor_count": FLOORS,
                "unit_count": UNITS, "building_type": "residential",
            })
        ]  # fmt: skip
        waiting = self.invented.families()
        for at, (unit, floor, door) in enumerate(_doors()):
            dwelling = self.new_id()
            taken = at < families
            changes.append(
                self._new("dwelling", dwelling, {
                    "building_id": id_, "unit_no": str(unit), "floor": floor, "room_no": f"{floor}{door:02d}",
                    "vacancy": "occupied" if taken else "vacant",
                })
            )  # fmt: skip
            if taken:
                changes += self._household(dwelling, next(waiting))
        return [*changes, *(self._shop(id_) for _ in range(SHOPS_A_BUILDING))]

    def _shop(self, building: int) -> Change:
        """A shop at street level. The lot is not drawn: what else is invented stays what it was."""
        name, trade = SHOPS[self._shops % len(SHOPS)]
        self._shops += 1
        verified = self.today - timedelta(days=7 * self._shops % 120)
        return self._new("merchant", self.new_id(), {
            "name": name, "trade": trade, "shop_kind": "individual", "building_id": building, "development": "normal",
            "staff_count": 1 + self._shops % 3, "contact_id": self.worker, "verified_on": verified.isoformat(),
        })  # fmt: skip

    def _need(self, household: int) -> Iterator[Change]:
        """What every sixth household asked for."""
        self._homes += 1
        if self._homes % ONE_ASKS_IN == 1:
            title, kind = ASKED[self._homes // ONE_ASKS_IN % len(ASKED)]
            day = self.today - timedelta(days=3 * self._homes % 60)
            yield self._new("need", self.new_id(), {
                "need_no": f"N00-{day:%y%m%d}-{self._homes % 100:02d}", "title": title, "need_kind": kind, "rank": 1,
                "urgency": "S3", "status": "queued", "raised_on": day.isoformat(), "source_channel": "visit",
                "household_id": household, "owner_id": self.worker,
            })  # fmt: skip

    def _household(self, dwelling: int, family: Family) -> Iterator[Change]:
        household = self.new_id()
        people = [(self.new_id(), person) for person in family.people]
        yield self._new("household", household, {
            "dwelling_id": dwelling, "head_id": people[0][0], "residence_status": "1", "status": "active",
            "contact_phone": family.people[0].phone,
        })  # fmt: skip
        for id_, person in people:
            yield from self._resident(household, id_, person)
        if self.random.random() < AGREED:
            yield self._new("consent", self.new_id(), {
                "household_id": household, "purpose": "file visits", "scope": "basic birth_date phone id_number care",
                "method": "oral", "given_on": (self.today - timedelta(days=self.random.randint(30, 300))).isoformat(),
            })  # fmt: skip
        yield from self._need(household)
        yield from self._round(household, people[0][0], self._cadence(family))
        if self.random.random() < MATTERS_PER_HOUSEHOLD:
            yield from self._matter(household)

    def _resident(self, household: int, id_: int, person: Person) -> Iterator[Change]:
        yield self._new("resident", id_, {
            "name": person.name, "sex": person.sex, "birth_date": person.birth_date.isoformat(), "phones": person.phone,
            "id_number": person.id_number, "status": "in_place", "basis": "official_ledger",
            "tags": person.tags or None,
        })  # fmt: skip
        yield self._new("household_member", self.new_id(), {
            "household_id": household, "resident_id": id_, "relation": person.relation, "lives_here": 1,
        })  # fmt: skip
        age = age_on(self.today, person.birth_date.isoformat())
        for care in care_groups_of(person.tags.split(), age):
            start = self.today - timedelta(days=self.random.randint(20, 170))
            care_id = self.new_id()
            yield self._new("care_membership", care_id, {
                "resident_id": id_, "care_group": care.group, "living_arrangement": care.living_arrangement,
                "basis": "official_list", "start_on": start.isoformat(), "cadence": care.cadence,
                "review_on": (start + timedelta(days=180)).isoformat(), "owner_id": self.worker,
            })  # fmt: skip
            if care.cadence == "V1":
                yield self._new("care_contact", self.new_id(), {
                    "care_id": care_id, "name": f"{surname(person.name)}红梅", "relation": "侄女",
                    "phone": f"1380000{id_ % 10_000:04d}",
                })  # fmt: skip

    def _cadence(self, family: Family) -> int:
        """Days between visits, as the care of the people asks for."""
        cares = [
            care.cadence
            for person in family.people
            for care in care_groups_of(person.tags.split(), age_on(self.today, person.birth_date.isoformat()))
        ]
        return 7 if "V1" in cares else 30 if cares else 150

    def _round(self, household: int, head: int, every: int) -> Iterator[Change]:
        """The visits of the last months, the newest recent enough that only some are late."""
        days_ago = self.random.randint(1, every) + (every // 4 if self.random.random() < 0.12 else 0)
        while days_ago < min(10 * every, 240):
            day = self.today - timedelta(days=days_ago)
            start = datetime(
                day.year, day.month, day.day, self.random.randint(9, 18), self.random.randrange(60), tzinfo=LOCAL
            )
            self._visits += 1
            home = self.random.random() < 0.85
            agreed = home and self._visits % ONE_AGREES_IN == 0
            yield self._new("visit", self.new_id(), {
                "visit_no": f"V00-{day:%y%m%d}-{self._visits:02d}", "household_id": household,
                "started_at": written(start), "ended_at": written(start + timedelta(minutes=12)),
                "visitor_id": self.worker, "channel": "door", "visit_kind": "routine",
                "outcome": "met_person" if home else "nobody_home", "met": join_ids([head]) if home else None,
                "home_checks": "fire=ok gas=ok passage=ok power=ok" if home else None,
                "situation_note": self.random.choice(NOTES) if home else None,
                "follow_up_on": (day + timedelta(days=every)).isoformat() if agreed else None,
            })  # fmt: skip
            days_ago += self.random.randint(every * 3 // 4, every)

    def _matter(self, household: int) -> Iterator[Change]:
        category, severity, title, summary = MATTERS[self._issues % len(MATTERS)]
        stage = STAGES[self._issues % len(STAGES)]
        self._issues += 1
        hours = self.random.choice((0.2, 0.6, 1.1, 3)) if stage == 1 else self.random.randint(30, 600)
        at = self.now - timedelta(hours=hours)
        issue = self.new_id()
        yield self._new("issue", issue, {
            "issue_no": f"S00-{at.astimezone(LOCAL):%y%m%d}-{self._issues:02d}", "title": title, "category": category,
            "track": {"A": "F1", "B": "F2", "C": "F3", "D": "F4"}.get(category), "severity": severity,
            "source_channel": "visit", "reported_at": written(at), "household_id": household, "summary": summary,
            "owner_id": self.worker,
        })  # fmt: skip
        yield from self._steps(issue, at, stage)

    def _steps(self, issue: int, at: datetime, stage: int) -> Iterator[Change]:
        course: tuple[dict[str, object], ...] = (
            {"action": "report"},
            {"action": "first_response", "note": "当场看过，先做了处理。"},
            {"action": "resolve", "note": "已经修好，住户看过。", "result": "substantial"},
            {"action": "return_visit", "satisfaction": "3", "method": "door", "note": "住户说没有再出现。"},
            {"action": "close"},
        )
        before: int | None = None
        for number, values in enumerate(course[:stage]):
            step = self.new_id()
            yield self._new("issue_step", step, {
                "issue_id": issue, "actor_id": self.worker, "at": written(at + timedelta(hours=number * 0.4)),
                "follows": join_ids([before]) if before else None, **values,
            })  # fmt: skip
            before = step

    @staticmethod
    def _new(kind: str, id_: int, values: Mapping[str, object]) -> Change:
        checked: dict[str, Value] = kind_named(kind).checked(values)
        return Change(kind, id_, checked, create=True)


def _doors() -> Iterator[tuple[int, int, int]]:
    """(unit, floor, door) from the ground up, as a building fills."""
    for floor in range(1, FLOORS + 1):
        for unit in range(1, UNITS + 1):
            for door in range(1, PER_FLOOR + 1):
                yield unit, floor, door
