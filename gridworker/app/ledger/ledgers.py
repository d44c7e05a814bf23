"""The ledgers that leave the house (domain.md 5.3): their columns, taken from what the kinds declare.

A column of a kind's field has that field's label, type, codes and privacy; only what is read out of several records has
a type of its own. A new ledger is one entry here and one statement in ``store/queries/ledgers.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from gridworker.errors import NotFound
from gridworker.record import CodeList, Type
from gridworker.store.records import kind_named
from gridworker.text import Label


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``usual`` columns are in every export, others where a preset asks for them.

    ``typed`` columns are in a blank form; the others are worked out, or are nothing an import takes from a ledger.
    """

    name: str
    label: Label
    type: Type = Type.TEXT
    codes: CodeList | None = None
    required: bool = False
    usual: bool = True
    typed: bool = True
    of: str = ""
    """The field it is declared by: ``kind.field``."""
    fills: str = ""
    """Where ``of`` does not say it: the fields of the ledger's kind that an import fills, the first that fits."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger: of which kind its rows are, and its columns in order.

    ``told_by`` are the columns that together tell one entry from another, ``number`` one that does so alone: without
    ``told_by`` a form of it is not taken in (app/ledger/forms.py), or is one of people (app/roster/rosters.py).
    """

    name: str
    kind: str
    columns: tuple[Column, ...]
    told_by: tuple[str, ...] = ()
    number: str = ""

    def column(self, name: str) -> Column:
        """A column by name. Raises NotFound."""
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound("The ledger has no column “{name}”.", name=name)

    @property
    def usual(self) -> tuple[Column, ...]:
        """The columns of every export."""
        return tuple(column for column in self.columns if column.usual)

    @property
    def form(self) -> tuple[Column, ...]:
        """The columns of a blank form."""
        return tuple(column for column in self.usual if column.typed)

    def fields_of(self, column: Column) -> tuple[str, ...]:
        """The fields of the kind that a column fills in an import; none of one that is worked out."""
        kind, _, field = column.of.partition(".")
        if column.fills or not kind:
            return tuple(column.fills.split())
        if kind == self.kind:
            return (field,)
        return tuple(name for name, spec in kind_named(self.kind).kind.specs.items() if spec.ref == kind)[:1]


@cache
def ledgers() -> Mapping[str, Ledger]:
    """All of them, by name, in order."""
    found = (
        Ledger("residents", "resident", (*_door(""), *_residents())),
        Ledger("households", "household", (*_door("grid estate building room"), *_households())),
        Ledger("visits", "visit", _visits()),
        Ledger("issues", "issue", _issues()),
        Ledger("disputes", "issue", _disputes()),
        Ledger("needs", "need", _needs()),
        Ledger("shops", "merchant", _shops(), ("name", "place"), "credit_code"),
        Ledger("requests", "service_request", (
            *_fields("service_request", "request_no requested_on"), _of("household", "household_no"),
            *_fields("service_request", "item materials promised_on finished_on charge fee_note received_by "
                     "returned_on satisfaction"),
        ), ("requested_on", "household_no", "item"), "request_no"),
        Ledger("volunteering", "volunteer_service", (
            *_fields("volunteer_service", "name team activity day hours content"),
            _called(_of("household", "household_no"), Label("For which household")),
            *_fields("volunteer_service", "review"),
        ), ("name", "day", "activity", "household_no")),
        Ledger("shifts", "duty_shift", _fields(
            "duty_shift", "day slot staff_id=on_duty swap_of=instead checked_in_at visitor_count matters handover"),
            ("day", "slot", "on_duty")),
        Ledger("trainings", "training_record", _fields(
            "training_record", "staff_id=person topic mode start_on end_on days organiser certificate"),
            ("person", "topic", "start_on")),
        Ledger("posts", "post_assignment", (
            *_fields("post_assignment", "post duty holder"),
            Column("area", Label("Of which area"), fills="building_id grid_id"),
            *_fields("post_assignment", "since until pledge review"),
        ), ("post", "holder", "since")),
        Ledger("disclosures", "disclosure", _fields(
            "disclosure", "item item_class period basis approved_by=approver posted_on removed_on channel feedback"),
            ("item", "item_class", "posted_on")),
    )  # fmt: skip
    return {ledger.name: ledger for ledger in found}


def form_kinds() -> frozenset[str]:
    """The kinds of which filled-in forms are taken in."""
    return frozenset(ledger.kind for ledger in ledgers().values() if ledger.told_by)


def ledger_named(name: str) -> Ledger:
    """A ledger by name. Raises NotFound."""
    if name not in ledgers():
        raise NotFound("There is no ledger “{name}”; there are: {names}.", name=name, names=", ".join(ledgers()))
    return ledgers()[name]


def _of(kind: str, field: str, name: str = "", *, required: bool = False, usual: bool = True) -> Column:
    """A column of a kind's field."""
    spec = kind_named(kind).kind.specs[field]
    return Column(name or field, spec.label, spec.type, spec.codes, required, usual, of=f"{kind}.{field}")


def _fields(kind: str, names: str) -> tuple[Column, ...]:
    """Fields of a kind, needed where the kind needs them; ``staff_id=on_duty`` is a name in place of a reference."""
    specs, parted = kind_named(kind).kind.specs, (word.partition("=") for word in names.split())
    return tuple(_of(kind, name, called, required=specs[name].required) for name, _, called in parted)


def _untyped(column: Column) -> Column:
    return replace(column, typed=False)


def _called(column: Column, message: Label) -> Column:
    return replace(column, label=message)


def _door(required: str) -> tuple[Column, ...]:
    columns = (
        Column("grid", Label("Grid"), usual=bool(required), typed=False),
        Column("estate", Label("Estate")),
        _called(_of("building", "building_name", "building"), Label("Building")),
        _of("dwelling", "unit_no", "unit"),
        _of("dwelling", "room_no", "room"),
        _of("household", "household_no"),
    )
    needed = (required or "household_no").split()
    return tuple(replace(column, required=column.name in needed) for column in columns)


def _residents() -> Sequence[Column]:
    return (
        _of("resident", "name", required=True),
        _of("household_member", "relation", required=True),
        _of("resident", "sex"),
        _of("resident", "birth_date", "born"),
        _called(_of("resident", "phones"), Label("Contact phone")),
        _untyped(_of("household_member", "lives_here")),
        _of("resident", "status"),
        Column("tags", Label("Care groups")),
        _of("resident", "note"),
        _of("resident", "id_number", usual=False),
    )


def _households() -> Sequence[Column]:
    return (
        Column("head", Label("Name of the head"), required=True),
        _of("household", "contact_phone", "phone"),
        _of("household", "residence_status", "residence"),
        _untyped(_of("household", "living_arrangement", "arrangement")),
        Column("people", Label("Number of people"), Type.NUMBER, typed=False),
        Column("cadence", Label("How often visited"), typed=False),
        _of("household", "remark"),
        _of("household", "status", usual=False),
    )


def _visits() -> tuple[Column, ...]:
    return (
        _of("visit", "visit_no"),
        Column("day", Label("Day"), Type.DAY, required=True),
        Column("start", Label("Beginning")),
        Column("end", Label("Until when")),
        _of("visit", "visitor_id", "visitor", required=True),
        _of("household", "household_no", required=True),
        Column("head", Label("Head of household")),
        Column("door", Label("Door"), usual=False),
        _of("visit", "channel", required=True),
        _of("visit", "visit_kind", required=True),
        _of("visit", "outcome", required=True),
        _of("visit", "topics"),
        Column("words", Label("What they told"), Type.NOTE),
        _of("visit", "measures"),
        Column("issues", Label("Became issues")),
        Column("needs", Label("Became needs")),
        _of("visit", "follow_up_on"),
        _of("visit", "satisfaction"),
    )


def _issues() -> tuple[Column, ...]:
    return (
        _of("issue", "issue_no"),
        _of("issue", "reported_at", required=True),
        _of("issue", "source_channel", required=True),
        _of("issue", "category", required=True),
        _of("issue", "subcategory", required=True),
        _of("issue", "track"),
        _of("issue", "scale"),
        _of("issue", "severity"),
        Column("place", Label("Place where it happened"), required=True),
        Column("in_grid", Label("Grid"), required=True),
        Column("told", Label("In brief"), Type.NOTE, required=True),
        _of("issue", "people_count"),
        Column("first_at", Label("First response at"), Type.MOMENT),
        Column("first_what", Label("What was done first"), Type.NOTE),
        _of("issue", "owner_id", "owner", required=True),
        Column("accepted_at", Label("Accepted at"), Type.MOMENT),
        Column("due_at", Label("First response due"), Type.MOMENT),
        _of("issue", "due_at", "solve_by"),
        _of("issue", "extended_days"),
        _of("issue_step", "result"),
        _of("issue_step", "solve_method"),
        Column("closed_at", Label("Closed at"), Type.MOMENT),
        Column("late", Label("Was it late"), Type.FLAG),
        Column("returned_on", Label("Return visit on"), Type.DAY),
        _of("issue_step", "satisfaction"),
        Column("state", Label("State")),
        Column("remark", Label("Remark"), Type.NOTE),
    )


def _disputes() -> tuple[Column, ...]:
    back = (Label("Return visit 1"), Label("Return visit 2"), Label("Return visit 3"))
    return (
        _of("issue", "issue_no"),
        Column("day", Label("Day"), Type.DAY),
        _of("issue", "subcategory"),
        Column("place", Label("Place")),
        Column("parties", Label("Parties, by other names")),
        Column("told", Label("The point at issue"), Type.NOTE),
        Column("mediators", Label("Mediated by")),
        Column("steps", Label("How it was mediated"), Type.NOTE),
        _of("issue_step", "result"),
        Column("agreed", Label("What was agreed"), Type.NOTE),
        *(Column(f"back_{number}", label) for number, label in enumerate(back, start=1)),
    )


def _needs() -> tuple[Column, ...]:
    return (
        _of("need", "need_no"),
        _called(_of("need", "raised_on"), Label("Day")),
        _called(_of("need", "source_channel"), Label("Source")),
        _called(_of("need", "need_kind"), Label("What sort of need")),
        _called(_of("need", "title"), Label("Content")),
        Column("homes", Label("Households that raised it"), Type.NUMBER),
        _of("need", "people_affected"),
        Column("score", Label("Score")),
        _of("need", "rank"),
        _of("need", "status"),
        _of("need", "owner_id", "owner"),
        _of("need", "answer"),
        _of("need", "published_on"),
    )


def _shops() -> tuple[Column, ...]:
    return (
        _of("merchant", "name", required=True),
        _of("merchant", "shop_kind", required=True),
        replace(_of("merchant", "credit_code"), fills="credit_code licence_no"),
        Column("place", Label("Address"), required=True, fills="dwelling_id building_id address"),
        Column("grid", Label("Grid"), required=True, fills="grid_id"),
        _of("merchant", "contact_name", "head"),
        _of("merchant", "phone"),
        _of("merchant", "staff_count"),
        _of("merchant", "development"),
        _of("merchant", "demands"),
        _of("merchant", "contact_id", "contact"),
        _of("merchant", "verified_on"),
        _of("merchant", "trade", usual=False),
    )
