"""What can happen to a household, in words: the acts, the forms they are filled in by, the choices in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.words.apart import told_apart
from gridworker.errors import Invalid, Problem
from gridworker.record import CodeList, Privacy, Spec, Type
from gridworker.store.records import kind_named
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.queries.life import BelongsRow, FormerRow

BORN, MOVE, MOVED_OUT, DIED, SPLIT, JOIN, LEAD, SHARE, BACK = (
    "born", "move", "moved_out", "died", "split", "join", "lead", "share", "back",
)  # fmt: skip

PEOPLE = "people"
"""What a choice among the people of a household is called."""

RELATION = "relation_"
"""Begins the fields that ask what somebody is to the head; the resident's id follows."""


@dataclass(frozen=True, slots=True)
class LifeAct:
    """One thing that can happen: its words in the list, on the button and when it is done, and what it asks."""

    name: str
    title: Label
    save: Label
    done: Label
    fields: tuple[str, ...]
    people: int = 1
    """How many there have to be for it."""
    relations: bool = False
    """Whether it asks what everybody is to the head."""


ACTS: tuple[LifeAct, ...] = (
    LifeAct(BORN, Label("A child was born"), Label("Add"), Label("Added."), (), people=0),
    LifeAct(
        MOVE, Label("They moved to another door"), Label("Move"), Label("Moved."), ("dwelling_id", "day"), people=0
    ),
    LifeAct(MOVED_OUT, Label("Somebody moved out"), Label("Save"), Label("Moved out."), ("who", "day", "head")),
    LifeAct(DIED, Label("Somebody died"), Label("Save"), Label("Saved."), ("one", "day", "head")),
    LifeAct(
        SPLIT,
        Label("Some make a household of their own"),
        Label("Split off"),
        Label("Split off."),
        ("who", "dwelling_id", "day", "new_head", "head"),
        people=2,
    ),
    LifeAct(
        JOIN,
        Label("Somebody went to another household"),
        Label("Save"),
        Label("Saved."),
        ("who", "household_id", "day", "head"),
        relations=True,
    ),
    LifeAct(
        LEAD, Label("Another head of household"), Label("Save"), Label("Saved."), ("head",), people=2, relations=True
    ),
    LifeAct(
        SHARE,
        Label("Tenants share the dwelling"),
        Label("Open a file"),
        Label("File opened."),
        ("name", "day", "rented"),
        people=0,
    ),
    LifeAct(
        BACK, Label("Somebody moved back in"), Label("Save"), Label("Moved back in."), ("who", "day", "head"), people=0
    ),
)


class Leaders(NamedTuple):
    """Who of a household could lead it, by resident, and who does; None where nobody of them is head."""

    people: tuple[int, ...]
    head: int | None = None

    def asks(self, act: LifeAct, going: Collection[int]) -> Mapping[str, tuple[int, ...]]:
        """By the field of a head: who may be chosen where these die or go, nobody where there is nothing to choose."""
        staying = tuple(one for one in self.people if one not in going)
        needed = bool(going) and self.head not in staying and len(staying) > 1
        asked = {"head": staying if needed else (), "new_head": tuple(going) if len(going) > 1 else ()}
        return {name: who for name, who in asked.items() if name in act.fields and act.name in _TAKE_PEOPLE}


_TAKE_PEOPLE = frozenset({MOVED_OUT, DIED, SPLIT, JOIN})
"""Acts that people leave their household by."""


def act_named(name: str) -> LifeAct:
    """An act by its name."""
    return next(act for act in ACTS if act.name == name)


def digit_of(act: LifeAct) -> int:
    """The key of an act in the list: the same whichever others are there, so that the hand knows it."""
    return ACTS.index(act) + 1


def specs_of(act: LifeAct, people: "Sequence[BelongsRow | FormerRow]", *, led: bool = False) -> tuple[Spec, ...]:
    """The fields of an act's form. Nobody is asked who leads where at most one is left to lead.

    ``people`` are those it may be about; ``led``: who comes back finds a head there.
    """
    choice = CodeList(PEOPLE, {str(one.resident): Label(told_apart(one, people)) for one in people})
    few = len(people) < 2 or (act.name == BACK and led)
    found = [_made(name, choice) for name in act.fields if not (few and name in {"head", "new_head"})]
    if act.name == SPLIT:
        stay = Label("Head of those who stay")
        found = [replace(spec, label=stay) if spec.name == "head" else spec for spec in found]
    if act.relations:
        found += [_relation(one, told_apart(one, people)) for one in people]
    return tuple(found)


def read_form(specs: Sequence[Spec], values: Mapping[str, object]) -> "dict[str, Value]":
    """What was filled in, cleaned. Raises Invalid naming every field at fault."""
    clean: dict[str, Value] = {}
    faults: dict[str, Problem] = {}
    for spec in specs:
        try:
            clean[spec.name] = spec.clean(values.get(spec.name))
        except Problem as fault:
            faults[spec.name] = fault
    if faults:
        raise Invalid(faults, {spec.name: spec.label for spec in specs})
    return clean


def _made(name: str, people: CodeList) -> Spec:
    if name == "name":
        return kind_named("resident").kind.specs["name"]
    labels = {
        "who": Label("Who"), "one": Label("Who"), "day": Label("On which day"), "head": Label("Head of household now"),
        "new_head": Label("Head of the new household"), "dwelling_id": Label("To which door"),
        "household_id": Label("To which household"), "rented": Label("The dwelling is rented out"),
    }  # fmt: skip
    plain = _plain(name, labels[name])
    match name:
        case "who":
            return replace(plain, type=Type.CODES, codes=people, required=True)
        case "one":
            return replace(plain, type=Type.CODE, codes=people, required=True)
        case "head" | "new_head":
            return replace(plain, type=Type.CODE, codes=people)
        case "day":
            return replace(plain, type=Type.DAY, required=True)
        case "rented":
            return replace(plain, type=Type.FLAG)
        case _:
            return replace(plain, type=Type.REF, ref=name.removesuffix("_id"), required=True)


def _relation(one: "BelongsRow | FormerRow", called: str) -> Spec:
    spec = kind_named("household_member").kind.specs["relation"]
    return replace(spec, name=f"{RELATION}{one.resident}", label=_what_to_the_head(called))


def _what_to_the_head(name: str) -> Label:
    return Label(gettext("What {name} is to the head").format(name=name))


def _plain(name: str, label: Label) -> Spec:
    return Spec(name, 1, label, Type.TEXT, Privacy.INTERNAL, False, 50, None, None, False, None)
