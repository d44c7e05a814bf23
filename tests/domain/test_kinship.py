"""What everybody is to a new head of the household."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.codes import HEAD, RELATION
from gridworker.domain.kinship import NO_KIN, Kin, related_anew

GRANDMOTHER, GRANDFATHER, SON, WIFE, CHILD, CARER = range(1, 7)

FAMILY = (
    Kin(GRANDMOTHER, "02", "2"), Kin(GRANDFATHER, "10", "1"), Kin(SON, "20", "1"), Kin(WIFE, "38", "2"),
    Kin(CHILD, "40", "2"), Kin(CARER, "L1", "2"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (GRANDFATHER, {GRANDMOTHER: "10", GRANDFATHER: "02", SON: "20", WIFE: "38", CHILD: "40", CARER: "L1"}),
        (SON, {GRANDMOTHER: "50", GRANDFATHER: "50", SON: "02", WIFE: "10", CHILD: "30", CARER: "L1"}),
        (WIFE, {GRANDMOTHER: "54", GRANDFATHER: "53", SON: "10", WIFE: "02", CHILD: "30", CARER: "L1"}),
        (CHILD, {GRANDMOTHER: "60", GRANDFATHER: "60", SON: "50", WIFE: "50", CHILD: "02", CARER: "L1"}),
    ],
)
def test_a_family_of_three_generations(head: int, told: dict[int, str]) -> None:
    assert related_anew(FAMILY, head) == told


def test_parents_take_over_from_a_daughter() -> None:
    family = (
        Kin(1, "02", "2"),
        Kin(2, "11", "1"),
        Kin(3, "51", "1"),
        Kin(4, "52", "2"),
        Kin(5, "32"),
        Kin(6, "76", "1"),
    )
    assert related_anew(family, 3) == {1: "30", 2: "28", 3: "02", 4: "10", 5: "40", 6: "80"}


def test_parents_in_law_are_nobody_elses_parents() -> None:
    """Husband, wife and her mother: whoever of the three takes over, and the husband again."""
    husband, wife, mother = 1, 2, 3
    home = (Kin(husband, "02", "1"), Kin(wife, "10", "2"), Kin(mother, "56", "2"))
    assert related_anew(home, mother) == {husband: "28", wife: "30", mother: "02"}
    by_wife = related_anew(home, wife)
    assert by_wife == {husband: "10", wife: "02", mother: "50"}
    led = [Kin(one.member, by_wife[one.member], one.sex) for one in home]
    assert related_anew(led, husband) == {husband: "02", wife: "10", mother: "56"}


def test_with_two_sons_it_is_not_certain_whose_the_grandchild_is() -> None:
    family = (Kin(1, "02", "1"), Kin(2, "22", "1"), Kin(3, "23", "1"), Kin(4, "38", "2"), Kin(5, "41", "1"))
    assert related_anew(family, 2) == {1: "50", 2: "02", 3: "70", 4: "80", 5: "80"}


def test_who_is_head_already_changes_nothing() -> None:
    assert related_anew(FAMILY, GRANDMOTHER) == {one.member: one.relation for one in FAMILY}


@given(
    st.lists(st.tuples(st.sampled_from([None, *RELATION.labels]), st.sampled_from([None, "1", "2", "9"])), min_size=1),
    st.data(),
)
def test_one_head_and_only_known_relations(people: list[tuple[str | None, str | None]], data: st.DataObject) -> None:
    """Whatever the books say: the new head is head, nobody else becomes one, and strangers stay strangers."""
    rest = [
        Kin(2 + at, None if relation in {HEAD, "01"} else relation, sex) for at, (relation, sex) in enumerate(people)
    ]
    members = [Kin(1, HEAD, "1"), *rest]
    head = data.draw(st.sampled_from([one.member for one in members]))
    told = related_anew(members, head)
    assert [member for member, relation in told.items() if relation == HEAD] == [head]
    assert all(relation is None or relation in RELATION for relation in told.values())
    for one in rest:
        if one.member != head and (one.relation is None or one.relation in NO_KIN):
            assert told[one.member] == one.relation


@dataclass
class Kinsfolk:
    """A family as it is, by who was born to whom and who is wed to whom."""

    sex: dict[int, str] = field(default_factory=dict)
    parents: dict[int, frozenset[int]] = field(default_factory=dict)
    wed: dict[int, int] = field(default_factory=dict)

    def born(self, sex: str, *parents: int) -> int:
        one = len(self.sex) + 1
        self.sex[one], self.parents[one] = sex, frozenset(parents)
        return one

    def marry(self, one: int, sex: str) -> int:
        other = self.born(sex)
        self.wed[one], self.wed[other] = other, one
        return other

    def relation(self, one: int, head: int) -> str:
        """What somebody is to a head, by GB/T 4761."""
        wed = self.wed.get(head, 0)
        if one in {head, wed}:
            return HEAD if one == head else "10"
        for whose, codes in ((head, "51 52"), (wed, "53 54" if self.sex[head] == "2" else "55 56")):
            if one in self.parents.get(whose, ()):
                return codes.split()[int(self.sex[one]) - 1]
        return self._elder(one, head, wed) or self._younger(one, {head, wed}) or self._beside(one, head)

    def _elder(self, one: int, head: int, wed: int) -> str:
        for parent in self.parents[head]:
            if one in self.parents[parent]:
                return str(58 + int(self.sex[one]) + 2 * int(self.sex[parent]))
        if any(one in self.parents[parent] for parent in self.parents.get(wed, ())):
            return "65"
        return "69" if any(one in self._above(of) for of in (head, wed)) else ""

    def _younger(self, one: int, couple: set[int]) -> str:
        if self.parents[one] & couple:
            return "20" if self.sex[one] == "1" else "30"
        if self.parents.get(self.wed.get(one, 0), frozenset()) & couple:
            return "28" if self.sex[one] == "1" else "38"
        if any(self.parents[parent] & couple for parent in self.parents[one]):
            return "40"
        return "49" if any(self._above(of) & couple for of in (one, self.wed.get(one, 0))) else ""

    def _beside(self, one: int, head: int) -> str:
        return "70" if self.parents[one] and self.parents[one] == self.parents[head] else "80"

    def _above(self, one: int) -> set[int]:
        """All from whom somebody descends."""
        parents = self.parents.get(one, frozenset())
        return {*parents, *(elder for parent in parents for elder in self._above(parent))}


@st.composite
def families(draw: st.DrawFn) -> Kinsfolk:
    """Up to five generations: a couple, its parents and grandparents, brothers, sisters, children, their children."""
    sexes = st.sampled_from("12")
    family = Kinsfolk()
    elder: tuple[int, ...] = ()
    for _ in range(draw(st.integers(0, 2))):
        one = family.born("1", *elder)
        elder = (one, family.marry(one, "2"))
    head = family.born(draw(sexes), *elder)
    for _ in range(draw(st.integers(0, 2)) if elder else 0):
        family.born(draw(sexes), *elder)
    couple = (head, family.marry(head, "2" if family.sex[head] == "1" else "1"))
    for _ in range(draw(st.integers(0, 2))):
        child = family.born(draw(sexes), *couple)
        if draw(st.booleans()):
            theirs = (child, family.marry(child, "2" if family.sex[child] == "1" else "1"))
            for _ in range(draw(st.integers(0, 2))):
                family.born(draw(sexes), *theirs)
    return family


@given(families(), st.data())
def test_what_is_told_is_so_or_is_not_certain(family: Kinsfolk, data: st.DataObject) -> None:
    """Nobody is told to be what they are not to the new head: where it cannot be known, they are other."""
    people = sorted(family.sex)
    before = data.draw(st.sampled_from(people))
    members = [Kin(one, family.relation(one, before), family.sex[one]) for one in people]
    head = data.draw(st.sampled_from([one for one in members if one.relation != "80"])).member
    for one, told in related_anew(members, head).items():
        true = family.relation(one, head)
        assert told in {true, f"{true[0]}0", "80"}, (one, told, true)
