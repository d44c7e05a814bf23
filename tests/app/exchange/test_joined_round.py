"""Two of anything are made one on one store, whatever names them: nothing names what went, and one undo is all back."""

import os
import random
from collections.abc import Collection, Iterator

import pytest

from gridworker import discover
from gridworker.app.inbox.duplicate_views import Copy, Pair
from gridworker.app.workspace import Workspace
from gridworker.record import Type, Value
from gridworker.store.tables.changes import Change
from tests.circle import Circle, made_visit

ROUNDS = int(os.environ.get("GRIDWORKER_JOINED", "4"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))
FOLLOWING = (144, 147)
"""Where a reference, and how somebody is related to the head, follow between two that are taken back."""
BESIDE = ("resident", "household", "household_member", "dwelling", "visit")
"""Kinds that are written as people do; of all others bare records are, for the names in them."""


class Street:
    """Households behind the doors of one building, at the office, with all that may name them and their people."""

    def __init__(self, circle: Circle, chance: random.Random) -> None:
        self.office, self.chance = circle.office, chance
        grid = self.office.devices.add_grid("第一网格")
        self.building = self.office.records.save("building", {"grid_id": grid, "building_name": "3"}).id
        for _ in range(3):
            self.move_in()

    def of(self, kind: str) -> list[int]:
        return [one.id for one in self.office.records.page(kind)]

    def move_in(self) -> None:
        """A household of up to three, some of them known here already, and a visit that met some of them."""
        save, chance = self.office.records.save, self.chance
        door = save(
            "dwelling", {"building_id": self.building, "unit_no": "1", "room_no": str(chance.randint(101, 103))}
        )
        people = [self._somebody() for _ in range(chance.randint(1, 3))]
        home = save("household", {"dwelling_id": door.id, "head_id": people[0], "status": "active"}).id
        for place, one in enumerate(dict.fromkeys(people)):
            member = {"household_id": home, "resident_id": one, "relation": "80" if place else "02"}
            save("household_member", member)
        made_visit(self.office, home, met=" ".join(map(str, dict.fromkeys(people[:2]))))

    def _somebody(self) -> int:
        known = self.of("resident")
        if known and not self.chance.randrange(3):
            return self.chance.choice(known)
        values: dict[str, Value] = {"name": self.chance.choice("甲乙丙"), "status": "in_place"}
        if self.chance.randrange(2):
            values["note"] = f"备注{self.chance.randrange(9)}"
        if self.chance.randrange(2):
            values["phones"] = f"1380000000{self.chance.randrange(3)}"
        return self.office.records.save("resident", values).id

    def name_in_everything(self) -> None:
        """A record of every kind that can name people or households, naming any of them."""
        session = self.office.session
        changes: list[Change] = []
        for kind, record in discover.kinds().items():
            specs = () if record.kind.office_only or kind in BESIDE else record.kind.specs.values()
            refs = [spec for spec in specs if spec.type is Type.REF and spec.ref in {"resident", "household"}]
            if refs:
                named = {spec.name: self.chance.choice(self.of(str(spec.ref))) for spec in refs}
                changes.append(Change(kind, session.store.new_id(), named, create=True))
        session.write(changes, "create")

    def two(self) -> Pair | None:
        """Any two of a kind; of households their first people too where they are two."""
        kind = self.chance.choice(("resident", "household"))
        kind = kind if len(self.of(kind)) > 1 else "household"  # one person may live in all of them
        if len(self.of(kind)) < 2:
            return None
        keep, gone = self.chance.sample(self.of(kind), 2)
        people = list[tuple[int, int]]()
        if kind == "household":
            heads = [int(str(self.office.records.show(kind, one).values["head_id"])) for one in (keep, gone)]
            people = [(heads[0], heads[1])] if heads[0] != heads[1] else []
        return Pair(kind, Copy(keep, "", "", ""), Copy(gone, "", "", ""), (), (), "", tuple(people))


def everything(at: Workspace) -> dict[tuple[str, int], dict[str, Value]]:
    kinds = [kind for kind, record in discover.kinds().items() if not record.kind.office_only and kind != "audit_event"]
    return {(kind, one.id): dict(one.values) for kind in kinds for one in at.records.page(kind, limit=1000)}


def gone(before: Collection[tuple[str, int]], at: Workspace) -> list[tuple[str, int]]:
    return sorted(set(before) - everything(at).keys())


def require_unnamed(at: Workspace, records: list[tuple[str, int]]) -> None:
    named = {
        (spec.ref, values[spec.name])
        for (kind, _), values in everything(at).items()
        for spec in discover.kinds()[kind].kind.specs.values()
        if spec.type is Type.REF
    }
    assert named.isdisjoint(records)
    met = {one for visit in at.records.page("visit") for one in str(visit.values["met"]).split()}
    assert met.isdisjoint(str(record) for _, record in records)


def undone_in_turn(street: Street, rounds: int) -> Iterator[tuple[object, object]]:
    """Joins on top of each other, then each taken back: what was there before it, and is after."""
    office = street.office
    done = []
    for _ in range(rounds):
        before, pair = everything(office), street.two()
        if pair is None:
            break
        done.append((before, office.merge.duplicates.same(pair, pair.one.record).batch))
        went = gone(before, office)
        assert (pair.kind, pair.other.record) in went
        assert {kind for kind, _ in went} <= {*BESIDE[:4], "care_membership"}
        require_unnamed(office, went)
    for before, batch in reversed(done):
        undone = office.records.undo_batch(batch)
        assert not undone.kept
        yield before, everything(office)


@pytest.mark.parametrize("seed", sorted({*range(SEED, SEED + ROUNDS), *FOLLOWING}))
def test_in_whatever_order_all_are_parted_again_they_come_back_whole(circle: Circle, seed: int) -> None:
    """What another act rests on waits for that one to be undone: with the last of them all is as it was.

    So it is where something came back between and followed once more, on top of an act that is taken back later.
    """
    chance = random.Random(f"order {seed}")
    street = Street(circle, random.Random(seed))
    street.name_in_everything()
    street.name_in_everything()
    office, before, done = street.office, everything(street.office), list[int]()
    for _ in range(chance.randint(2, 4)):
        pair = street.two()
        if pair is not None:
            done.append(office.merge.duplicates.same(pair, pair.one.record).batch)
    chance.shuffle(done)
    for batch in done:
        office.records.undo_batch(batch)
    assert everything(office) == before
    assert office.care_of_store.check() == []


@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
def test_whatever_is_made_one_is_named_no_more_and_comes_back_whole(circle: Circle, seed: int) -> None:
    street = Street(circle, random.Random(seed))
    street.name_in_everything()
    street.name_in_everything()
    rounds = 0
    for before, after in undone_in_turn(street, 3):
        assert after == before
        rounds += 1
    assert rounds
