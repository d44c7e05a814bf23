"""How everybody is related to a new head of the household, told from how all were related to the one before.

Relations are told to the head (GB/T 4761), so a new head changes all of them. Only the groups of the standard are
worked out (10 spouse, 20 son, 30 daughter, 40 grandchildren, 50 parents, 60 grandparents, 70 brothers and sisters)
and, among the elders, whose they are: the wife's mother is no mother of her husband (53 to 56, 65). Whether a grandson
is the elder son's or the younger's is not on the books, so where the answer is not certain it is 80, other. A person
looks at the answers before they are saved.
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
_CHILD, _IN_LAW, _WED_PARENT, _WED_GRANDPARENT = "child", "in-law", "parent-in-law", "65"
_FURTHER = "further"
"""Those behind the grandchildren, and whom these are wed to."""
_FAR, _WED_FAR = "further up", "further up, of the spouse"
_FATHERS, _MOTHERS = "father's", "mother's"
"""Grandparents of one side."""
_WED_SIBLINGS = frozenset({"72", "74", "76", "78"})
_PARTED: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(("53", "54", "55", "56"), _WED_PARENT), "65": _WED_GRANDPARENT, "68": _WED_FAR,
    **dict.fromkeys(("61", "62"), _FATHERS), **dict.fromkeys(("63", "64"), _MOTHERS),
    **dict.fromkeys(("45", "46", "47", "48", "49"), _FURTHER), **dict.fromkeys(("66", "67", "69"), _FAR),
})  # fmt: skip
"""Codes that say more than their group: whose parents and grandparents, and how far from the grandchildren."""
_BY_WEDLOCK = MappingProxyType({(_FEMALE, _MALE): "53", (_FEMALE, _FEMALE): "54", (_MALE, _MALE): "55",
                                (_MALE, _FEMALE): "56"})  # fmt: skip
"""What a parent of somebody's spouse is, by the sex of the one and of the parent."""
_GRANDPARENTS = (GRANDPARENT, _FATHERS, _MOTHERS)
_COUPLE = (HEAD, SPOUSE)
_RULES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    SPOUSE: {HEAD: SPOUSE, SPOUSE: SPOUSE, _CHILD: _CHILD, _IN_LAW: _IN_LAW, GRANDCHILD: GRANDCHILD,
             PARENT: _WED_PARENT, _WED_PARENT: PARENT, **dict.fromkeys(_GRANDPARENTS, _WED_GRANDPARENT),
             **dict.fromkeys((_WED_GRANDPARENT, _FAR, _WED_FAR), GRANDPARENT)},
    _CHILD: {**dict.fromkeys(_COUPLE, PARENT), _CHILD: SIBLING,
             **dict.fromkeys((PARENT, _WED_PARENT, *_GRANDPARENTS, _WED_GRANDPARENT, _FAR, _WED_FAR), GRANDPARENT)},
    _IN_LAW: {**dict.fromkeys(_COUPLE, _WED_PARENT), **dict.fromkeys((PARENT, _WED_PARENT), _WED_GRANDPARENT)},
    PARENT: {HEAD: _CHILD, SPOUSE: _IN_LAW, _CHILD: GRANDCHILD, _IN_LAW: GRANDCHILD, PARENT: SPOUSE, SIBLING: _CHILD,
             **dict.fromkeys((GRANDCHILD, _FURTHER), GRANDCHILD), **dict.fromkeys(_GRANDPARENTS, PARENT),
             _FAR: GRANDPARENT},
    _WED_PARENT: {HEAD: _IN_LAW, SPOUSE: _CHILD, _CHILD: GRANDCHILD, _IN_LAW: GRANDCHILD, _WED_PARENT: SPOUSE,
                  **dict.fromkeys((GRANDCHILD, _FURTHER), GRANDCHILD), _WED_GRANDPARENT: PARENT},
    GRANDCHILD: dict.fromkeys((*_COUPLE, PARENT, _WED_PARENT), GRANDPARENT),
    GRANDPARENT: {**dict.fromkeys((*_COUPLE, SIBLING), GRANDCHILD), GRANDPARENT: SPOUSE},
    _FATHERS: {**dict.fromkeys((*_COUPLE, SIBLING), GRANDCHILD), _FATHERS: SPOUSE},
    _MOTHERS: {**dict.fromkeys((*_COUPLE, SIBLING), GRANDCHILD), _MOTHERS: SPOUSE},
    **dict.fromkeys((_WED_GRANDPARENT, _FAR, _WED_FAR), dict.fromkeys(_COUPLE, GRANDCHILD)),
    SIBLING: {HEAD: SIBLING, SIBLING: SIBLING, PARENT: PARENT, **dict.fromkeys((*_GRANDPARENTS, _FAR), GRANDPARENT)},
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
        group = _group(one.relation)
        found = self._certain(group) or self._elder(one, group) or _RULES.get(self.group, {}).get(group, OTHER)
        if found == _WED_PARENT:
            return _BY_WEDLOCK.get((self._sex(self.head) or "", self._sex(one) or ""), PARENT)
        return _sexed(found, self._sex(one))

    def _elder(self, one: Kin, group: str) -> str:
        """Where a parent takes over, or a grandparent of a known side: that side's elders, and the other one's."""
        if self.group == PARENT and group in {_FATHERS, _MOTHERS}:
            side = {_MALE: _FATHERS, _FEMALE: _MOTHERS}.get(self._sex(self.head) or "")
            return PARENT if side in {group, None} else _WED_PARENT
        if self.group in {_FATHERS, _MOTHERS} and group == PARENT:
            side = {_MALE: _FATHERS, _FEMALE: _MOTHERS}.get(self._sex(one) or "")
            return "" if side is None else _CHILD if side == self.group else _IN_LAW
        return ""

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
        return _SEX.get(one.relation or "")


_SEX: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(("11", SON, IN_LAW_SON, "51", "53", "55", "57", "61", "63"), _MALE),
    **dict.fromkeys(("12", DAUGHTER, IN_LAW_DAUGHTER, "52", "54", "56", "58", "62", "64"), _FEMALE),
})  # fmt: skip
"""The sex that a relation says by itself."""


def _group(relation: str | None) -> str:
    """The group of a relation; sons and daughters are one, their spouses another, elders parted by whose they are."""
    code = relation or ""
    if code in _PARTED:
        return _PARTED[code]
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
