"""What an import has to say about rows: refused, taken in with a warning, or only worth knowing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from gridworker.text import Label, gettext


class Action(StrEnum):
    """What a finding means for its row."""

    REJECT = "reject"
    """The row is not imported."""
    WARN = "warn"
    """The row is imported; somebody should look at it."""
    ADVISE = "advise"
    """The row is imported; good to know."""
    INFO = "info"
    """Something of the file was left out on purpose."""


_REJECT = {
    "name_missing": Label("There is no name in this row."),
    "names_several": Label("Several names stand in one cell; give each person a row and import again."),
    "id_checksum": Label("The last character does not fit this ID number; check it against the card."),
    "id_length": Label("An ID number has 18 characters (old ones 15); count them again."),
    "id_format": Label("An ID number is 17 digits and a digit or X; check it against the card."),
    "id_date": Label("The birth date inside this ID number does not exist; check it against the card."),
    "id_precision_lost": Label("The spreadsheet has rounded this ID number; type it again from the card."),
    "id_duplicate": Label("Row {other} has the same ID number; one of the two is wrong or stands twice."),
    "other_grid": Label("This row is of the grid {grid}: choose that one and import the ledger again for its people."),
    "row_again": Label(
        "Row {other} says the very same: it was taken in once. If these are two people, write what tells them apart."
    ),
}
_WARN = {
    "birth_mismatch": Label("The birth date differs from the ID number, which was used."),
    "sex_mismatch": Label("The sex differs from the ID number, which was used."),
    "birth_unparsed": Label("This birth date cannot be read; it was left out."),
    "birth_future": Label("This birth date is in the future; it was left out."),
    "phone_invalid": Label("This is no phone number; it was left out."),
    "relation_unknown": Label("This relation to the head is not known; it was left out."),
    "address_too_long": Label("This address is too long for a door; it was left out."),
    "cell_error": Label("Cell {cell} shows {code} instead of a value; it was left out."),
}
_ADVISE = {
    "id_missing": Label("No ID number."),
    "id_15_digit": Label("An old ID number of 15 digits."),
    "birth_partial": Label("Only part of the birth date is known."),
    "address_unparsed": Label("No building and room were found in this address; it was kept as it is."),
    "head_unlisted": Label(
        "The head named for this household has no row, and is not taken in as somebody living here."
    ),
    "head_duplicate": Label("This door has a second head of household."),
}
_TO_CHECK = {
    "name_remark": Label("More than a name stands where the name should, or does not fit the rest; look at it."),
    "remark_gone": Label(
        "By the remark this person died or moved out; they are taken in as living here. Is that right?"
    ),
    "owner_numbers": Label(
        "Not as many numbers as owners stand in this row: nobody can tell whose they are, and they were left out."
    ),
    "owner_lets": Label("A tenant is named for this door: its owner was not taken in as somebody living here."),
    "name_again": Label("Row {other} has this name behind the same door. Is it one person? Then take one of them out."),
    "name_elsewhere": Label(
        "Row {other} has this name and birth date behind another door. Is it one person? Then take one of them out."
    ),
    "head_of_two": Label(
        "Two households of the list have a head of this name, and nothing says which of them it is: the door was left "
        "out. Write it in."
    ),
    "door_phone": Label(
        "A phone number stands beside this door: the household is reached by it, if nothing else is said of it."
    ),
    "door_dated": Label("The spreadsheet has made a date of this door; type it again as text. It was left out."),
    "formula_blank": Label(
        "Cell {cell} holds a formula that was never worked out; it was left out. Open and save the ledger in a "
        "spreadsheet, then read it again."
    ),
    "door_shared": Label(
        "A room of this number is on another sheet too, and neither says in which building: they are taken for one "
        "household."
    ),
}
"""Like warnings for who looks at a preview; the neutral form has no word for them."""
_INFO = {
    "sheet_ignored": Label("The sheet {detail} holds no list of residents; it was left out."),
    "column_ignored": Label("The column {detail} is not used."),
    "others_ignored": Label(
        "The column {detail} names other people: they are not taken in. Who lives here needs a row of their own."
    ),
    "column_nameless": Label("Column {detail} has no header and is not used; what it holds can be said by hand."),
    "sensitive_dropped": Label("The column {detail} is not kept: details of this kind are left out."),
    "tag_dropped": Label("A tag of a kind that is not kept was left out."),
    "head_only": Label(
        "Rows that name only the head of a household bring in nobody: the head needs a row like others."
    ),
    "row_skipped": Label("Nobody is named in this row; it brings in nobody."),
    "row_above": Label(
        "This row stands above the header and was not read. Correct or confirm it here, and it is read as those below."
    ),
    "contact_incomplete": Label("An emergency contact needs a name and a phone; this one was left out."),
    "table_apart": Label(
        "Rows {first} to {last} are a table of its own that says too little of people: nobody of it is taken in."
    ),
    "text_cut": Label("A very long text was cut."),
    "cell_corrected": Label("Cell {cell} was corrected in the preview."),
    "child_covered": Label("The name of a child under 14 was left out of this ledger; the row was passed over."),
    "form_columns": Label(
        "This ledger has a column for each person: it was read so. Row 2 here is column B there, row 3 column C, and "
        "so on."
    ),
    "form_cards": Label(
        "This ledger has a label beside each value, as on a card: each card was read as one person, in the row of the "
        "name."
    ),
    "form_grid": Label(
        "This ledger is a grid of doors: the name in each was taken for the head of the household behind it."
    ),
    "form_owners": Label(
        "This ledger lists owners: those of doors that are not let were taken to live there. Look whether they do."
    ),
    "other_document": Label("The number is not that of an ID card; it was left out."),
}
ACTIONS: Mapping[str, Action] = MappingProxyType(
    dict.fromkeys(_REJECT, Action.REJECT)
    | dict.fromkeys(_WARN, Action.WARN)
    | dict.fromkeys(_ADVISE | _TO_CHECK, Action.ADVISE)
    | dict.fromkeys(_INFO, Action.INFO)
)
_SENTENCES: Mapping[str, Label] = MappingProxyType(_REJECT | _WARN | _ADVISE | _TO_CHECK | _INFO)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``row`` is the number the user sees, None for a whole file; ``column`` counts from 0.

    ``values`` fills the places in the sentence; ``shown`` is the cell's own text, for the person at the screen only.
    """

    kind: str
    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    shown: str = field(default="", repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    member: int = 0
    """About whom of several people in the row."""

    @property
    def action(self) -> Action:
        """What it means for the row."""
        return ACTIONS[self.kind]

    @property
    def rejects(self) -> bool:
        """Whether the row is not taken in."""
        return self.action is Action.REJECT

    @property
    def is_to_check(self) -> bool:
        """Whether the row is taken in, and somebody should look at it."""
        return self.action is Action.WARN or self.kind in _TO_CHECK

    def __str__(self) -> str:
        """The sentence in the current language."""
        return gettext(_SENTENCES[self.kind].message).format(**self.values)

    def to_neutral(self) -> dict[str, object]:
        """The neutral form: rejects and warnings by their kind; the rest as ``info`` with the kind as its detail."""
        place: dict[str, object] = {"row": self.row, "sheet": self.sheet}
        if self.kind == "names_several":
            return place | {"kind": "name_missing", "action": str(self.action), "detail": str(self)}
        known = self.action in {Action.REJECT, Action.WARN} and self.kind not in {"row_again", "other_grid"}
        neutral = _NEUTRAL.get(self.kind, self.kind if known else "info")
        return place | {
            "kind": neutral,
            "action": str(self.action),
            "detail": self.kind if neutral == "info" else str(self),
        }


_NEUTRAL: Mapping[str, str] = MappingProxyType({
    **{kind: kind for kind in ("sheet_ignored", "column_ignored", "sensitive_dropped", "row_skipped")},
    "others_ignored": "column_ignored",
})  # fmt: skip
