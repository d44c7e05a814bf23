"""What everybody is to a new head of the household."""

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
        (WIFE, {GRANDMOTHER: "50", GRANDFATHER: "50", SON: "10", WIFE: "02", CHILD: "30", CARER: "L1"}),
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
