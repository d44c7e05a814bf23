"""How everybody is related to a new head of the household, told from how all were related to the one before.

Relations are told to the head (GB/T 4761), so a new head changes all of them. Only the groups of the standard are
worked out (10 spouse, 20 son, 30 daughter, 40 grandchildren, 50 parents, 60 grandparents, 70 brothers and sisters);
whether a grandson is the elder son's or the younger's is not on the books, so where the answer is not certain it is 80,
other. A person looks at the answers before they are saved.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from gridworker.domain.codes import HEAD

SPOUSE, SON, DAUGHTER, IN_LAW_SON, IN_LAW_DAUGHTER = "10", "20", "30", "28", "38"
GRANDCHILD, PARENT, GRANDPARENT, SIBLING, OTHER = "40", "50", "60", "70", "80"
NO_KIN = frozenset({"99", "L1", "L2"})
"""Carers, flatmates and strangers are that to any head."""

_MALE, _FEMALE = "1", "2"
_CHILD, _IN_LAW = "child", "in-law"
_WED_SIBLINGS = frozenset({"72", "74", "76", "78"})
_FROM_SPOUSE = {HEAD: SPOUSE, SPOUSE: SPOUSE, _CHILD: _CHILD, _IN_LAW: _IN_LAW, GRANDCHILD: GRANDCHILD, PARENT: PARENT,
                GRANDPARENT: GRANDPARENT}  # fmt: skip
_RULES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    SPOUSE: _FROM_SPOUSE,
    _CHILD: {HEAD: PARENT, SPOUSE: PARENT, _CHILD: SIBLING, PARENT: GRANDPARENT, GRANDPARENT: GRANDPARENT},
    _IN_LAW: {HEAD: PARENT, SPOUSE: PARENT, PARENT: GRANDPARENT},
    PARENT: {HEAD: _CHILD, SPOUSE: _IN_LAW, _CHILD: GRANDCHILD, _IN_LAW: GRANDCHILD, PARENT: SPOUSE, SIBLING: _CHILD,
             GRANDCHILD: GRANDCHILD, GRANDPARENT: PARENT},
    GRANDCHILD: {HEAD: GRANDPARENT, SPOUSE: GRANDPARENT, PARENT: GRANDPARENT},
    GRANDPARENT: {HEAD: GRANDCHILD, SPOUSE: GRANDCHILD, PARENT: _CHILD, GRANDPARENT: SPOUSE, SIBLING: GRANDCHILD},
    SIBLING: {HEAD: SIBLING, SIBLING: SIBLING, PARENT: PARENT, GRANDPARENT: GRANDPARENT},
})  # fmt: skip
"""By what the new head was to the old one: what others were to the old one, and what they are to the new."""


class Kin(NamedTuple):
    """One member: what they are to the head, and their sex (GB/T 2261.1) as far as it is known."""

    member: int
    relation: str | None
    sex: str | None = None


def related_anew(members: Sequence[Kin], head: int) -> dict[int, str | None]:
    """What everybody is to the new head, by member.

    ``members``: as they are to the head before, the new one among them. Who had no relation on the books keeps none.
    """
    chosen = next(one for one in members if one.member == head)
    group = _group(chosen.relation)
    if group == HEAD:
        return {one.member: HEAD if one.member == head else one.relation for one in members}
    around = _Around(members, chosen, group)
    return {one.member: HEAD if one.member == head else around.anew(one) for one in members}


class _Around(NamedTuple):
    """A household about to have another head."""

    members: Sequence[Kin]
    head: Kin
    group: str

    def anew(self, one: Kin) -> str | None:
        """What somebody is to the new head."""
        if one.relation is None or one.relation in NO_KIN:
            return one.relation
        if self.group == SPOUSE and one.relation[:1] in {"2", "3", "4"}:
            return one.relation
        found = self._certain(_group(one.relation)) or _RULES.get(self.group, {}).get(_group(one.relation), OTHER)
        return _sexed(found, self._sex(one))

    def _certain(self, group: str) -> str:
        """Where the only child of the house takes over, or its spouse, the other of the two and their children too."""
        children = sum(_group(one.relation) == _CHILD for one in self.members)
        wed = sum(_group(one.relation) == _IN_LAW for one in self.members)
        if children != 1 or wed > 1:
            return ""
        couple = {_CHILD: {_IN_LAW: SPOUSE, GRANDCHILD: _CHILD}, _IN_LAW: {_CHILD: SPOUSE, GRANDCHILD: _CHILD}}
        if self.group == GRANDCHILD:
            return {_CHILD: PARENT, _IN_LAW: PARENT, GRANDCHILD: SIBLING}.get(group, "")
        return couple.get(self.group, {}).get(group, "")

    @staticmethod
    def _sex(one: Kin) -> str | None:
        if one.sex in {_MALE, _FEMALE}:
            return one.sex
        return {SON: _MALE, IN_LAW_SON: _MALE, DAUGHTER: _FEMALE, IN_LAW_DAUGHTER: _FEMALE}.get(one.relation or "")


def _group(relation: str | None) -> str:
    """The group of a relation; sons and daughters are one, their spouses another."""
    code = relation or ""
    if code in {HEAD, "01"}:
        return HEAD
    if code in {IN_LAW_SON, IN_LAW_DAUGHTER}:
        return _IN_LAW
    if code[:1] in {"2", "3"}:
        return _CHILD
    if code in _WED_SIBLINGS:
        return OTHER
    return f"{code[:1]}0" if code[:1] in {"1", "4", "5", "6", "7"} and code.isdigit() else OTHER


def _sexed(found: str, sex: str | None) -> str:
    """A child or its spouse by sex; where that is not known it is not certain."""
    if found == _CHILD:
        return {_MALE: SON, _FEMALE: DAUGHTER}.get(sex or "", OTHER)
    if found == _IN_LAW:
        return {_MALE: IN_LAW_SON, _FEMALE: IN_LAW_DAUGHTER}.get(sex or "", OTHER)
    return found
