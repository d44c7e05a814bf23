"""Grids, staff and laptops: dividing the community, naming people, giving out device kits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.files.keeping_files import keep_all, keep_all_but
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.app.staff.namesakes import meant
from gridworker.errors import Denied, NotFound, Problem
from gridworker.record import Value
from gridworker.store import records
from gridworker.store.tables.changes import Change
from gridworker.sync.format.states import REVOKED
from gridworker.text import ngettext

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from gridworker.sync.enrolment.enrol import Issued
    from gridworker.sync.format.keys import PublicKeys


@dataclass(frozen=True, slots=True)
class Laptop:
    """An enrolled laptop. ``seen`` is when its last bundle came; None where it has not shown itself yet."""

    id: int
    number: int
    worker: str
    grids: tuple[str, ...]
    state: str
    issued_on: "date | None"
    seen: "datetime | None"
    fingerprint: str
    words: tuple[str, ...] = ()
    digest: bytes = b""
    lives_left: int | None = None
    """How often a backup can still be put back there, where that is told because it is not often."""

    @property
    def introduced(self) -> bool:
        """Whether it has shown itself; before that its kit can be issued again."""
        return bool(self.fingerprint)


def _day(value: Value) -> "date | None":
    from datetime import date

    return date.fromisoformat(value) if isinstance(value, str) and value else None


@dataclass(frozen=True, slots=True)
class NewKit:
    """A kit that was written: the laptop's number, and the code to give apart from the file."""

    laptop: int
    device: int
    code: str
    path: Path


class Devices(Service):
    """What the office decides about grids, people and laptops."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.AREAS)
    def grids(self) -> list[tuple[int, str]]:
        """(id, name) of all grids but those that were merged into others."""
        from gridworker.store.scope.scope import grids_apart

        with self._session.store.db.read() as connection:
            return grids_apart(connection)

    @needs(Action.READ, Matter.AREAS)
    def grids_here(self) -> list[tuple[int, str]]:
        """The same of those that this computer holds. Of a large kit that comes in parts it may know of none yet."""
        held = set(self._session.grids())
        return [one for one in self.grids() if one[0] in held]

    @needs(Action.READ, Matter.AREAS)
    def grid(self, name: str) -> int:
        """The id of a grid by its name or number. Raises NotFound."""
        found = [id_ for id_, own in self.grids() if name in (own, str(id_))]
        if not found:
            raise NotFound("There is no grid called {name}. Add it first.", name=name)
        return found[0]

    @needs(Action.CREATE, Matter.AREAS)
    def add_grid(self, name: str) -> int:
        """Add a grid. Raises Invalid, Problem where there is one of that name, Denied on a laptop."""
        self._require_office()
        checked = records.kind_named("grid").checked({"name": name, "community_id": self._community()})
        if any(own == checked["name"] for _, own in self.grids()):
            raise Problem("There is a grid called {name} already.", name=name)
        id_ = self._session.new_id()
        self._session.write([Change("grid", id_, checked, create=True)], "create")
        return id_

    @needs(Action.READ, Matter.STAFF)
    def staff(self) -> list[tuple[int, str, str]]:
        """(id, name, role code) of the staff at work."""
        return [
            (id_, str(values["name"]), str(values["role"]))
            for id_, values in self._all("staff")
            if values["active"] != 0
        ]

    @needs(Action.READ, Matter.DEVICES)
    def laptops(self) -> list[Laptop]:
        """All laptops ever enrolled, by number."""
        from gridworker.app.exchange.exchange import Exchange

        staff = dict(self._all("staff"))  # those who left too: their laptops are listed
        grids = dict(self.grids())
        given = [values for _, values in self._all("device_grid")]
        seen: dict[int, datetime] = {}
        for trip in Exchange(self._session).trips(1000):
            if not trip.outgoing:
                seen[trip.peer] = max(trip.at, seen.get(trip.peer, trip.at))
        keys, left = self._keys(), self._lives_left()
        found = []
        for id_, values in self._all("device"):
            number = int(str(values["number"]))
            worker = staff.get(int(str(values["staff_id"] or 0)), {})
            its = dict.fromkeys(int(str(row["grid_id"])) for row in given if row["device_id"] == id_)  # each once
            own = tuple(grids[grid] for grid in its if grid in grids)
            key = keys.get(number)
            found.append(
                Laptop(
                    id_, number, str(worker.get("name") or ""), own, str(values["state"]),
                    _day(values["issued_on"]), seen.get(number), key.fingerprint if key else "",
                    key.words if key else (), key.digest if key else b"", left.get(number),
                )
            )  # fmt: skip
        return sorted((laptop for laptop in found if laptop.number), key=lambda laptop: laptop.number)

    def _lives_left(self) -> dict[int, int | None]:
        """By laptop, what its newest bundle says."""
        from gridworker.store.streams import Exchange as Tables
        from gridworker.sync.format.header import kept_header

        with self._session.store.cursor() as cursor:
            rows = Tables(cursor).bundles(outgoing=False, limit=1000)
        newest = {row.peer: row for row in reversed(rows)}
        return {peer: kept_header(row.header).lives_left for peer, row in newest.items() if row.header}

    @staticmethod
    @free("words")
    def state_words(state: str) -> str:
        """A laptop's state in words."""
        from gridworker.domain.codes_office import DEVICE_STATE

        return DEVICE_STATE.label(state)

    @staticmethod
    @free("words")
    def lives_words(left: int) -> str:
        """What to do about a laptop that was put back so often that its lives run out."""
        return ngettext(
            "A backup can be put back there {count} more time. Let it hand in, then give it a device bundle with a new "
            "number.",
            "A backup can be put back there {count} more times. Let it hand in, then give it a device bundle with a "
            "new number.",
            left,
        ).format(count=left)

    @needs(Action.ENROL, Matter.DEVICES)
    def issue_kit(self, worker: str, grids: Sequence[int], out: Path, code_file: Path | None = None) -> NewKit:
        """Enrol a laptop for a worker: write its kit to ``out``, and its one-time code to ``code_file`` if named.

        A worker of that name is used if there is one, else made, in the same act. Where kit or code cannot be written
        nothing was changed: no worker, no laptop, no number given out. Raises Denied on a laptop, Invalid, Problem,
        DiskFull.
        """
        from gridworker.store.health import sidecar
        from gridworker.sync.enrolment.enrol import Receiver, issue

        self._require_office()
        self._session.require_writer()
        if not grids:
            raise Problem("Choose at least one grid for the laptop.")
        store, now = self._session.store, self._session.now()
        at_work, new = self._worker(worker)
        receiver = Receiver(at_work, grids, new)
        kit = self._written(lambda: issue(store, self._session.who, receiver, now), out, code_file)
        sidecar.remember(self._session.folder, self._session.keys, sidecar.Sidecar(laptop=kit.laptop))
        return kit

    @needs(Action.ENROL, Matter.DEVICES)
    def reissue_kit(self, laptop: int, out: Path, code_file: Path | None = None) -> NewKit:
        """A new kit for a laptop that has not shown itself yet; its earlier kit counts no more once this is written.

        Raises Denied, BundleProblem where it has shown itself, NotFound, DiskFull.
        """
        from gridworker.sync.enrolment.enrol import reissue

        self._require_office()
        self._session.require_writer()
        store, who, now = self._session.store, self._session.who, self._session.now()
        return self._written(lambda: reissue(store, who, laptop, now), out, code_file)

    @needs(Action.CHANGE, Matter.DEVICES)
    def retire(self, laptop: int) -> None:
        """Take a laptop out of use: it gets no replies. What comes from it later is taken in all the same.

        Raises Denied on a laptop, NotFound.
        """
        self._set_state(laptop, "retired")

    @needs(Action.CHANGE, Matter.DEVICES)
    def revoke(self, laptop: int) -> None:
        """A laptop was stolen or lost: it gets no replies, and whatever comes from it waits for the office's word."""
        self._set_state(laptop, REVOKED)

    @needs(Action.ENROL, Matter.DEVICES)
    def readmit(self, laptop: int) -> None:
        """Take a laptop into use again; the next reply brings it all it missed."""
        self._set_state(laptop, "active")

    def _set_state(self, laptop: int, state: str) -> None:
        self._require_office()
        found = next((one for one in self.laptops() if one.number == laptop), None)
        if found is None:
            raise NotFound("There is no laptop {name}.", name=laptop)
        act = "revoke" if state == REVOKED else "edit"
        settles = self._is_settled_by(found.id, state)
        self._session.write([Change("device", found.id, {"state": state})], act, detail=state, resolve=settles)

    def _is_settled_by(self, device: int, state: str) -> bool:
        """Whether saying what is to be decides what two lives of the office said of a laptop without each other.

        Not where one said that it was stolen and this would have it otherwise: who says so may not have seen that.
        """
        from gridworker.store.conflicts import contested

        with self._session.store.cursor() as cursor:
            said = {side.value for one in contested(cursor, device) if one.field == "state" for side in one.sides}
        return bool(said) and (state == REVOKED or REVOKED not in said)

    def _written(self, issue: "Callable[[], Issued]", out: Path, code_file: Path | None) -> NewKit:
        """Issue a kit and write its files, in one transaction: where a file cannot be written, nothing was issued.

        A kit may take the place of an older one for the same laptop in a folder, and of no other file.
        """
        from gridworker.store.engine.filesafe import written_together
        from gridworker.sync.files.files import save_bundle
        from gridworker.sync.format.seal import LOCKED

        with written_together() as write, self._session.store.together():
            issued = issue()
            path = out / f"laptop-{issued.laptop:02d}.gwk" if out.is_dir() else out
            if code_file is not None and realpath(code_file) == realpath(path):
                raise Problem("The device bundle and its code cannot be one file. Name another one for the code.")
            if path == out:
                keep_all(path)
            else:
                keep_all_but(path, LOCKED)
            write(path, lambda: save_bundle(path, issued.data))
            if code_file is not None:
                keep_all(code_file)
                write(code_file, f"{issued.code.text}\n".encode())
        self._session.announce(issued.commit)
        return NewKit(issued.laptop, issued.device, issued.code.text, path)

    @needs(Action.CREATE, Matter.STAFF)
    def add_staff(self, values: Mapping[str, object]) -> int:
        """Add somebody who works here. Raises Invalid, Denied on a laptop."""
        self._require_office()
        checked = records.kind_named("staff").checked({"active": 1, **values})
        id_ = self._session.new_id()
        self._session.write([Change("staff", id_, checked, create=True)], "role")
        return id_

    def _worker(self, name: str) -> tuple[int, Change | None]:
        """Somebody at work by name; where there is nobody, an id and what writes them down."""
        checked = records.kind_named("staff").checked({"name": name, "role": "grid_worker", "active": 1})
        found = meant(str(checked["name"]), {id_: own for id_, own, _ in self.staff()})
        if len(found) > 1:
            raise NotFound("Nobody called {name} is among the staff, or several are: give the number.", name=name)
        if found:
            return found[0], None
        id_ = self._session.new_id()
        return id_, Change("staff", id_, checked, create=True)

    def _all(self, kind: str) -> list[tuple[int, dict[str, Value]]]:
        with self._session.store.db.read() as connection:
            return records.page(connection, kind, limit=100_000)

    def _community(self) -> int | None:
        return next((id_ for id_, _ in self._all("community")), None)

    def _keys(self) -> "dict[int, PublicKeys]":
        from gridworker.store.streams import Exchange as Tables
        from gridworker.sync.format.keys import PublicKeys

        with self._session.store.cursor() as cursor:
            pinned = Tables(cursor).pinned()
        return {key.laptop: PublicKeys.parse(key.keys) for key in pinned}

    def _require_office(self) -> None:
        if not self._session.is_office:
            raise Denied("Only the office does this.")
