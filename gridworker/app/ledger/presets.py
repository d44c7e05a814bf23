"""Presets of exports: laid down by the office, travelling to every laptop like its other rules, used by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.ledger.layout import Layout, column_lines, preset_layout
from gridworker.domain.codes_export import LEDGER
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.store.records import kind_named, page
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Spec, Value

_MOST = 500


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset: its number, its name, and all that was laid down."""

    id: int
    name: str
    ledger: str
    values: "Mapping[str, Value]"


class Presets(Service):
    """Reading them anywhere; making, changing and removing them at the office."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @needs(Action.READ, Matter.RULES)
    def all(self) -> list[Preset]:
        """All of them, by name."""
        with self._session.store.db.read() as connection:
            found = page(connection, "export_preset", limit=_MOST)
        made = [Preset(id_, str(values["name"]), str(values["ledger"]), values) for id_, values in found]
        return sorted(made, key=lambda preset: (preset.name, preset.id))

    @needs(Action.READ, Matter.RULES)
    def named(self, name: str) -> Preset:
        """One by its name. Raises NotFound."""
        found = self.all()
        for preset in found:
            if preset.name == name.strip():
                return preset
        raise NotFound("There is no preset “{name}”; there are: {names}.", name=name,
                       names=", ".join(preset.name for preset in found) or "–")  # fmt: skip

    @needs(Action.READ, Matter.RULES)
    def layout(self, name: str) -> Layout:
        """What a preset makes of its ledger. Raises NotFound, Problem."""
        return preset_layout(self.named(name).values)

    @needs(Action.CHANGE, Matter.RULES)
    def save(self, values: Mapping[str, object], id_: int | None = None, *, finishes: str = "") -> Preset:
        """Make one, or change the named fields of one. Raises Invalid, NotFound, Problem.

        ``finishes`` is the draft it came from.
        """
        self._require_office()
        record = kind_named("export_preset")
        before = self._of(id_).values if id_ is not None else {}
        checked = record.checked(values, partial=id_ is not None)
        whole = dict.fromkeys(record.kind.specs) | dict(before) | checked
        if any(preset.name == whole["name"] and preset.id != id_ for preset in self.all()):
            raise self._fault("name", Problem("There is a preset of this name already."))
        try:
            preset_layout(whole)
        except Problem as fault:
            raise self._fault("columns", fault) from None
        made = id_ if id_ is not None else self._session.new_id()
        change = Change("export_preset", made, checked, create=id_ is None)
        self._session.write(
            [change],
            "settings",
            dropping(finishes, self._session.who),
            kind="export_preset",
            record=made,
            detail="export_preset",
        )
        return self._of(made)

    @needs(Action.CHANGE, Matter.RULES)
    def bring_back(self, id_: int) -> Preset:
        """Take a removal back. Raises NotFound, Problem."""
        self._require_office()
        change = Change("export_preset", id_, alive=True)
        self._session.write([change], "settings", kind="export_preset", record=id_, detail="export_preset")
        return self._of(id_)

    @needs(Action.CHANGE, Matter.RULES)
    def remove(self, id_: int) -> None:
        """Remove one; ``bring_back`` takes it back. Raises NotFound, Problem."""
        self._require_office()
        self._of(id_)
        change = Change("export_preset", id_, alive=False)
        self._session.write([change], "settings", kind="export_preset", record=id_, detail="export_preset")

    @needs(Action.READ, Matter.RULES)
    def form(self, id_: int | None, ledger: str = "residents") -> "tuple[list[Spec], dict[str, Value]]":
        """The fields of a form, and what stands in them; of a new one the usual columns of a ledger."""
        specs = list(kind_named("export_preset").kind.specs.values())
        if id_ is not None:
            return specs, dict(self._of(id_).values)
        return specs, dict.fromkeys((spec.name for spec in specs), None) | {
            "ledger": ledger, "columns": column_lines(ledger), "day_form": "dash", "number_form": "masked",
        }  # fmt: skip

    @free("words")
    def words(self) -> dict[str, str]:
        """What ledgers are called."""
        return {code: LEDGER.label(code) for code in LEDGER.labels}

    @free("words")
    def columns(self, ledger: str) -> str:
        """The usual columns of a ledger, as a form begins with them."""
        return column_lines(ledger)

    @free("it says whether")
    def may_change(self) -> bool:
        """Whether this person lays them down here."""
        return self._session.is_office and self._session.can("CHANGE RULES")

    def _of(self, id_: int) -> Preset:
        for preset in self.all():
            if preset.id == id_:
                return preset
        raise NotFound("This record is not here.")

    def _require_office(self) -> None:
        if not self._session.is_office:
            raise Problem("The office sets this for everybody.")

    @staticmethod
    def _fault(field: str, problem: Problem) -> Invalid:
        specs = kind_named("export_preset").kind.specs
        return Invalid({field: problem}, {name: spec.label for name, spec in specs.items()})
