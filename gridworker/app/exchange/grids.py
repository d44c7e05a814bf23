"""Cutting the community anew: which laptop holds which grids; grids renamed, split and merged.

Each is one act and one undo. What it means for a laptop goes to it with the next reply.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.session import Session
from gridworker.errors import Denied, NotFound, Problem
from gridworker.record import Value
from gridworker.store import records
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.store.intake.transaction import Commit

_BY_GRID = ("building", "dwelling", "issue")
"""Kinds that name their grid."""


class Grids(Service):
    """What only the office does. All of it raises Denied on a laptop and StoreBusy in a window that only reads."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.DEVICES)
    def of(self, laptop: int) -> list[tuple[int, str]]:
        """(id, name) of the grids a laptop was given. Raises NotFound."""
        device = self._device(laptop)
        names = dict(self._names())
        given = {grid for own, grid in self._given().values() if own == device}
        return sorted((grid, names.get(grid, "")) for grid in given)

    @needs(Action.CHANGE, Matter.DEVICES)
    def give(self, laptop: int, grids: Sequence[int]) -> "Commit":
        """Give a laptop these grids and no others. Raises Problem where none is named, NotFound.

        A grid may be given twice: by an office that was put back, which was told so again before it heard of the first.
        """
        self._require_office()
        device, names = self._device(laptop), dict(self._names())
        if not grids:
            raise Problem("Choose at least one grid for the laptop.")
        for grid in grids:
            if grid not in names:
                raise NotFound("There is no grid called {name}. Add it first.", name=grid)
        given = {row: grid for row, (own, grid) in self._given().items() if own == device}
        kept = {grid: row for row, grid in given.items() if grid in set(grids)}
        changes = [Change("device_grid", row, alive=False) for row in given.keys() - kept.values()]
        changes += [self._new_given(device, grid) for grid in sorted(set(grids) - kept.keys())]
        return self._session.write(changes, "scope", kind="device", record=device)

    @needs(Action.CHANGE, Matter.AREAS)
    def rename(self, grid: int, name: str) -> "Commit":
        """Call a grid something else. Raises Invalid, Problem where there is one of that name, NotFound."""
        self._require_office()
        self._require(grid)
        checked = self._checked_name(name, grid)
        return self._session.write([Change("grid", grid, checked)], "edit")

    @needs(Action.CHANGE, Matter.AREAS)
    def split(self, grid: int, name: str, buildings: Collection[int]) -> int:
        """Make a grid of some buildings of another, with what is in them. Returns its id.

        The laptops of the old grid hold the new one too, until ``give`` says otherwise: nobody is lost from sight by a
        line on a map. Raises Invalid, Problem where no building is named or one is not in that grid.
        """
        self._require_office()
        self._require(grid)
        checked = self._checked_name(name)
        inside = {id_: values for id_, values in self._all("building") if values["grid_id"] == grid}
        if not buildings or not set(buildings) <= inside.keys():
            raise Problem("Choose buildings of the grid that is split.")
        new = self._session.new_id()
        community = next((values["community_id"] for id_, values in self._all("grid") if id_ == grid), None)
        changes = [Change("grid", new, {**checked, "community_id": community}, create=True)]
        changes += [Change("building", building, {"grid_id": new}) for building in sorted(buildings)]
        for kind in ("dwelling", "issue"):
            changes += [
                Change(kind, id_, {"grid_id": new})
                for id_, values in self._all(kind)
                if values["grid_id"] == grid and values["building_id"] in set(buildings)
            ]
        devices = {device for device, own in self._given().values() if own == grid}
        changes += [self._new_given(device, new) for device in sorted(devices)]
        self._session.write(changes, "scope", kind="grid", record=grid)
        return new

    @needs(Action.CHANGE, Matter.AREAS)
    def merge(self, grid: int, into: int) -> "Commit":
        """Put all of a grid into another. Its laptops hold that one from then on.

        The old grid stays as a name for the other: what a laptop puts into it before it hears of this is not lost.
        Raises Problem where the two are one, NotFound.
        """
        self._require_office()
        self._require(grid, into)
        if grid == into:
            raise Problem("Choose two different grids.")
        changes = [Change("grid", grid, {"merged_into": into})]
        for kind in _BY_GRID:
            changes += [
                Change(kind, id_, {"grid_id": into}) for id_, values in self._all(kind) if values["grid_id"] == grid
            ]
        given = self._given()
        have = {device for device, own in given.values() if own == into}
        for row, (device, own) in given.items():
            if own == grid:
                changes.append(Change("device_grid", row, alive=False))
                if device not in have:
                    changes.append(self._new_given(device, into))
                    have.add(device)
        return self._session.write(changes, "scope", kind="grid", record=grid)

    def _checked_name(self, name: str, own: int | None = None) -> dict[str, Value]:
        checked = records.kind_named("grid").checked({"name": name}, partial=True)
        if any(other == checked["name"] and id_ != own for id_, other in self._names()):
            raise Problem("There is a grid called {name} already.", name=name)
        return checked

    def _new_given(self, device: int, grid: int) -> Change:
        checked = records.kind_named("device_grid").checked({"device_id": device, "grid_id": grid})
        return Change("device_grid", self._session.new_id(), checked, create=True)

    def _device(self, laptop: int) -> int:
        found = next((id_ for id_, values in self._all("device") if values["number"] == laptop), None)
        if found is None or not laptop:
            raise NotFound("There is no laptop {name}.", name=laptop)
        return found

    def _given(self) -> dict[int, tuple[int, int]]:
        """By row: (device, grid)."""
        return {
            id_: (int(str(values["device_id"])), int(str(values["grid_id"])))
            for id_, values in self._all("device_grid")
        }

    def _names(self) -> list[tuple[int, str]]:
        from gridworker.store.scope.scope import grids_apart

        with self._session.store.db.read() as connection:
            return grids_apart(connection)

    def _require(self, *grids: int) -> None:
        names = dict(self._names())
        for grid in grids:
            if grid not in names:
                raise NotFound("There is no grid called {name}. Add it first.", name=grid)

    def _all(self, kind: str) -> list[tuple[int, dict[str, Value]]]:
        with self._session.store.db.read() as connection:
            return records.page(connection, kind, limit=1_000_000)

    def _require_office(self) -> None:
        if not self._session.is_office:
            raise Denied("Only the office does this.")
        self._session.require_writer()
