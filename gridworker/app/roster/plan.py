"""What an import would do, row by row, before anything is saved: new, changed with old and new value, same, suspect."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from gridworker.app.id_keeping import OF_NUMBER, number_shown
from gridworker.app.ledger.preview_rows import FieldChange, PlannedRows, RowPlan, RowState
from gridworker.app.roster.cares import Cares
from gridworker.app.roster.doors import NewDoors
from gridworker.app.roster.doubts import Doubts
from gridworker.app.roster.emptied import Emptied
from gridworker.app.roster.going import Goings
from gridworker.app.roster.grid import OtherGrids
from gridworker.app.roster.heads import Heads
from gridworker.app.roster.masks import uncover, without_covered
from gridworker.app.roster.match import Matcher, key_of
from gridworker.app.roster.newcomers import MEMBER, Newcomers
from gridworker.app.roster.register import GONE, DoorKey, Home, Register, is_behind
from gridworker.app.roster.values import Checker, knows_less, remark_of, values_of
from gridworker.app.words.showing import show
from gridworker.domain.address import door_label
from gridworker.domain.codes import HEAD
from gridworker.domain.codes_care import CARE_GROUP
from gridworker.domain.masking import mask_in_text
from gridworker.domain.tags import says_more
from gridworker.record import Value, clean_text
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.store.tables.creations import NewRecords

if TYPE_CHECKING:
    from gridworker.sheets.findings import Finding
    from gridworker.sheets.people import Household, Resident, Roster

_T = TypeVar("_T")

_UNSAID = frozenset({"id_last4", "id_hash", "status_date"})
"""Fields that go with another one."""
AT_ONCE = 5_000
"""New residents that are checked together: enough for a column, few enough that memory does not grow with a ledger."""


@dataclass
class Plan:
    """What a whole import makes and changes, and its preview."""

    new: NewRecords = field(default_factory=NewRecords)
    changes: list[Change] = field(default_factory=list)
    """Of records that are here."""
    rows: PlannedRows = field(default_factory=PlannedRows)
    of_grid: str = ""
    """The other grid that the whole ledger seems to be of."""
    emptied: int = 0
    """Households that nobody is left of."""
    contacts_left: int = 0
    """Emergency contacts of people who are not in care."""


class Planner:
    """Compares a ledger with the register. Writes nothing; ids for new records are minted."""

    def __init__(self, register: Register, new_ids: Iterator[int], today: date) -> None:
        self._register = register
        self._new_id = new_ids.__next__
        self._doubts = Doubts(register, None)
        self._today = today
        self._day = today.isoformat()
        self._goings = Goings(register, self._day)
        self._others = OtherGrids(register)
        self._checker = Checker()
        self._checker.trust("resident", "id_number", "phones", "birth_date")  # sheets made them by these very checks
        self._check = self._checker.checked
        self._plan = Plan()
        self._doors = NewDoors(register, (self._plan.new, self._plan.changes), self._new_id, self._checker)
        self._cares = Cares(register, (self._plan.new, self._plan.changes), self._new_id, self._checker, today)
        self.care = self._cares.open
        self._add_member = self._plan.new.adder("household_member", *MEMBER)
        self._add_home = self._plan.new.adder("household", "status", "dwelling_id", "head_id")
        self._homes: dict[int, Home] = {}
        self._last: tuple[Household | None, _DoorOf] = None, _DoorOf(None, "")
        """The household of the row before: most rows are of the same one."""
        self._made: dict[int, Household] = {}
        """New households, to be created when their heads are known: last of all."""
        self._heads: dict[int, int] = {}
        self._head_names: dict[int, Mapping[str, Value]] = {}
        """Of new households whose head is nobody here."""
        self._changing = Heads(register, ())
        self._mistaken: frozenset[int] = frozenset()
        """Residents with a number that is somebody else's."""
        self._new: dict[int, dict[str, Value]] = {}
        """What new residents are created with; very many are checked together."""
        made = self._plan.new, self._plan.rows
        self._newcomers = Newcomers(new_ids, made, self._checker, self._heads)

    def plan(self, roster: "Roster") -> Plan:
        """The plan for a ledger. Its people and doors are taken out of it: two forms of 200,000 are too many."""
        uncover(self._register, roster)
        matcher = Matcher(self._register, roster)
        self._changing = Heads(self._register, roster.residents)
        self._mistaken = matcher.mistaken
        self._doubts = Doubts(self._register, matcher.moves)
        said: dict[tuple[str | None, int | None, int], list[Finding]] = {}
        for finding in roster.findings:
            said.setdefault((finding.sheet, finding.row, finding.member), []).append(finding)
        nobody = not (self._register.people or self._register.keeping.key) and self._changing.are_all_there
        for person in _taken_out(roster.residents):
            findings = said.get((person.sheet, person.row, person.member), ()) if said else ()
            if not nobody or findings or person.member or person.contact or not self._newcomers.add(self, person):
                self._newcomers.settle(self)
                self._person(person, matcher.find(person), findings)
        self._newcomers.settle(self)
        for person in (*_taken_out(roster.rejected), *_taken_out(roster.passed_over)):
            self._rejected(person, said.get((person.sheet, person.row, person.member), ()))
        self._check_new()
        for household in _taken_out(roster.households):
            self._head(household)
        self._plan.changes += self._changing.settle(self._heads, self._plan.rows)
        for id_, household in self._made.items():
            self._make_home(id_, household)
        self._plan.of_grid = self._others.settle(self._plan.rows)
        closing = Emptied(self._register, self._today)
        self._plan.changes += closing.settle(self._changing, None if self._plan.of_grid else self._plan.rows)
        self._plan.emptied = closing.count
        self._plan.rows = self._plan.rows.in_order(roster.sheets)
        return self._plan

    def _person(self, person: "Resident", known: int | None, findings: "Sequence[Finding]") -> None:
        values = values_of(person, numberless=known in self._mistaken)
        doubts = self._doubts.about(person, known)
        if self._others.note(len(self._plan.rows), person, known, doubts):
            doubts = ()
        findings = without_covered(self._register, known, findings)
        suspect = bool(doubts) or any(finding.is_to_check for finding in findings)
        changed: tuple[FieldChange, ...] = ()
        if known is None:
            id_, state = self._create(person, values), RowState.NEW
        else:
            id_, changed = known, tuple(self._update(person, known, values))
        if person.tags:
            self.care(person, id_)
        contacts = list(self._cares.contact(person, id_))
        self._plan.contacts_left += contacts.count(None)
        if known is not None:
            changed += tuple(filter(None, contacts))
            state = RowState.CHANGED if changed else RowState.SAME
        told = person.sheet, person.row, person.name, self.label(person.household), state
        presumed = self._doubts.presumed(person, known)
        if changed or findings or doubts or person.member or presumed is not None:
            reasons = (*map(str, findings), *doubts)
            row = RowPlan(*told, changed, reasons, suspect, person.birth_date, person.member, presumed=presumed)
            self._plan.rows.add(row)
        else:
            self._plan.rows.add_usual(*told, person.birth_date)

    def _rejected(self, person: "Resident", findings: "Sequence[Finding]") -> None:
        told = person.sheet, person.row, person.name, self.label(person.household), RowState.REJECTED
        reasons = tuple(map(str, sorted(findings, key=lambda one: not one.rejects)))
        self._plan.rows.add(RowPlan(*told, reasons=reasons, birth_date=person.birth_date, member=person.member))

    def _create(self, person: "Resident", values: dict[str, Value]) -> int:
        id_ = self._new_id()
        values["basis"], values["status"] = "official_ledger", person.status
        if person.status in GONE:
            values["status_date"] = self._goings.day(person)
        if self._register.keeping.key:
            kept = self._register.keeping.kept(values)
            values = {name: value for name, value in kept.items() if value is not None}
        self._new[id_] = values
        if len(self._new) >= AT_ONCE:
            self._check_new()
        if person.household is not None:
            self._join(id_, self.home(person.household), person)
        return id_

    def _check_new(self) -> None:
        ids = list(self._new)
        for one in self._checker.all_checked("resident", list(self._new.values())):
            self._plan.new.extend("resident", [ids[at] for at in one.places], one.columns)
        self._new.clear()

    def _update(self, person: "Resident", known: int, values: Mapping[str, Value]) -> Iterator[FieldChange]:
        """Fields the ledger gives and that differ; what it leaves blank stays as it is."""
        before = self._register.people[known]
        kind = kind_named("resident")
        checked = self._check("resident", self._register.keeping.kept(values), partial=True)
        key = self._door(person.household).key if person.household else None
        stands = self._goings.stands(person, known, key)
        if before["status"] not in {None, person.status} and not stands:  # None: said in a newer version's words
            checked |= {"status": person.status, "status_date": self._goings.day(person)}
        different = {
            name: value
            for name, value in checked.items()
            if before[name] != value
            and (value is not None or name in OF_NUMBER or known in self._mistaken)
            and not knows_less(name, value, before)
            and not (name == "phones" and not before[name] and self._is_of_home(known, value))
            and not (name == "note" and mask_in_text(str(before[name] or "")) == value)  # of a ledger of our own
            and not (name == "tags" and not says_more(str(value), str(before[name] or ""), self._groups_of(known)))
        }
        if different:
            self._plan.changes.append(Change("resident", known, different))
        for name, value in different.items():
            spec = kind.kind.specs[name]
            if name == "id_hash" and value and not self._register.keeping.same(before, person.id_number or ""):
                yield FieldChange(str(kind.kind.specs["id_number"].label), number_shown(before), number_shown(checked))
            elif value is not None and (name not in _UNSAID or value == person.gone_on):
                yield FieldChange(str(spec.label), show(spec, before[name]), show(spec, value))
        if person.status in GONE and "status" in different:
            self._plan.changes += self._goings.leave(person, known)
            self._leave(self._register.homes.get(self._register.home_of.get(known, 0)), known)
        elif not stands and person.status not in GONE:
            yield from self._moves(person, known)
            yield from self._remarks(person, known)

    def _groups_of(self, known: int) -> set[str]:
        """The care groups somebody is in: a ledger of our own names them beside the tags."""
        return {group for group in CARE_GROUP.labels if self._register.cares.get((known, group))}

    def _is_of_home(self, known: int, phone: Value) -> bool:
        """Whether a phone is the one to reach their household by: a list of households has it beside the head."""
        home = self._register.homes.get(self._register.home_of.get(known, 0))
        return home is not None and home.head == known and home.phone == phone

    def _moves(self, person: "Resident", known: int) -> Iterator[FieldChange]:
        if person.household is None:
            return
        here = self._register.home_of.get(known)
        before = self._register.homes.get(here or 0)
        key = self._door(person.household).key
        spec = kind_named("household_member").kind.specs["relation"]
        estate = bool(person.household.estate)
        if before is not None and (key is None or is_behind(before.key, key, of_estate=estate)):
            membership, relation = before.members[known]
            self._note_head(person, before.id, known)
            follows = self._changing.follows(person.household, before, known, relation)
            if person.relation_code and person.relation_code != relation and not follows:
                self._plan.changes.append(Change("household_member", membership, {"relation": person.relation_code}))
                yield FieldChange(str(spec.label), show(spec, relation), show(spec, person.relation_code))
            return
        if before is not None:
            ended = {"valid_to": self._day}
            self._plan.changes.append(Change("household_member", before.members[known][0], ended))
            self._leave(before, known)
        self._join(known, self.home(person.household), person)
        label = kind_named("household").kind.specs["dwelling_id"].label
        yield FieldChange(str(label), self._register.label_of(before) if before else "", self.label(person.household))

    def _remarks(self, person: "Resident", known: int) -> Iterator[FieldChange]:
        """What a list of households remarks of one that is here; for a new one it is made with it."""
        said = remark_of(person)
        here = self._register.homes.get(self._register.home_of.get(known, 0))
        home = self._homes.get(id(person.household), here)
        if not said or home is None or home.id in self._made or mask_in_text(home.remark or "") == mask_in_text(said):
            return
        spec = kind_named("household").kind.specs["remark"]
        self._plan.changes.append(Change("household", home.id, {"remark": said}))
        yield FieldChange(str(spec.label), show(spec, home.remark), show(spec, said))

    def _leave(self, home: Home | None, resident: int) -> None:
        if home is not None:
            self._changing.left(home, resident, len(self._plan.rows))

    def _join(self, resident: int, home: Home, person: "Resident") -> None:
        if person.relation_code and person.status not in GONE:
            self._add_member(self._new_id(), home.id, resident, 1, person.relation_code)
        else:
            values: dict[str, Value] = {"household_id": home.id, "resident_id": resident, "lives_here": 1}
            if person.relation_code:
                values["relation"] = person.relation_code
            if person.status in GONE:
                values |= self._goings.ended(person)
            self._plan.new.add("household_member", self._new_id(), values)
        self._changing.came(home, person, resident, len(self._plan.rows))
        self._note_head(person, home.id, resident)

    def _note_head(self, person: "Resident", home: int, resident: int) -> None:
        named = person.household.head if person.household else None
        if person.status not in GONE and (person.name == named or (not named and person.relation_code == HEAD)):
            self._heads.setdefault(home, resident)

    def home(self, household: "Household") -> Home:
        """The household behind a door, made with its door and building where it is not here yet."""
        made = self._homes.get(id(household))
        if made is not None:
            return made
        key = self._door(household).key
        known = self._register.by_door.get(key) if key else None
        home = self._register.homes[known] if known else self._new_home(key, household)
        self._homes[id(household)] = home
        return home

    def _new_home(self, key: DoorKey | None, household: "Household") -> Home:
        id_ = self._new_id()
        dwelling = self._doors.dwelling(key, household.estate) if key is not None else None
        self._made[id_] = household
        home = Home(id_, key, None, None, None, dwelling=dwelling)
        self._register.homes[id_] = home
        if key is not None:
            self._register.by_door[key] = id_
        return home

    def _make_home(self, id_: int, household: "Household") -> None:
        """Plan a new household. What is no id was cleaned when it was read, or is here."""
        dwelling, head = self._register.homes[id_].dwelling, self._heads.get(id_)
        if dwelling is not None and head is not None and not (household.remark or household.number or household.phone):
            self._add_home(id_, "active", dwelling, head)
            return
        values: dict[str, Value] = {"status": "active"}
        if dwelling is not None:
            values["dwelling_id"] = dwelling
            values |= {"remark": household.remark} if household.remark else {}
        elif household.address:
            values["remark"] = clean_text(household.address)
        if household.number:
            values["household_no"] = clean_text(household.number)
        if household.phone:
            values["contact_phone"] = household.phone
        values.update(self._head_names.get(id_, {}) if head is None else {"head_id": head})
        self._plan.new.add("household", id_, values)

    def _head(self, household: "Household") -> None:
        home = self._homes.get(id(household)) or self._known_home(household)
        if home is None:
            return
        head = self._heads.get(home.id)
        if head is not None and head != home.head:
            if home.id not in self._made:  # a new one is made with it
                self._plan.changes.append(Change("household", home.id, {"head_id": head}))
        elif not (head or home.head) and household.head not in {None, home.head_name}:
            if self._changing.names_the_gone(household, home):
                return
            named = self._check("household", {"head_name": household.head}, partial=True)
            if home.id in self._made:
                self._head_names[home.id] = named
            else:
                self._plan.changes.append(Change("household", home.id, named))

    def _known_home(self, household: "Household") -> Home | None:
        key = self._door(household).key
        known = self._register.by_door.get(key) if key else None
        return self._register.homes.get(known or 0)

    def _door(self, household: "Household") -> "_DoorOf":
        if household is not self._last[0]:
            key = key_of(household, self._register.estates)
            self._last = household, _DoorOf(key, _label(key))
        return self._last[1]

    def label(self, household: "Household | None") -> str:
        """The door of a household as it is called; empty for none."""
        return self._door(household).label if household else ""


def _taken_out(listed: "list[_T]") -> "Iterator[_T]":
    listed.reverse()
    while listed:
        yield listed.pop()


class _DoorOf(NamedTuple):
    """The door of a household as it is looked for and as it is called."""

    key: DoorKey | None
    label: str


def _label(key: DoorKey | None) -> str:
    return door_label(*key[:3]) if key else ""
