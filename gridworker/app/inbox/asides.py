"""Changes that were set aside: what each is, from whom, why, and the office's word on it."""

from collections.abc import Collection, Iterable, Iterator
from string import hexdigits
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.app.exchange.views import AsideLot, SetAside
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.session import Session
from gridworker.errors import NotFound
from gridworker.record import ALIVE, NOTE_MAX_LENGTH
from gridworker.store import records
from gridworker.store.log.clock import laptop_of, moment_of
from gridworker.store.log.op import BadOp, OpRow, What, require_canonical, unpack_create, unpack_edits
from gridworker.store.log.verdicts import Ruling
from gridworker.store.queries.audit import AuditRow
from gridworker.store.streams import Aside, Exchange
from gridworker.store.tables.changes import AUDIT, Act
from gridworker.store.waiting import START, Waiting, Which

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.sync.judging.accepting import Together

PORTION = 10_000
"""Changes ruled on in one act, where all are meant."""

_CLK_DIGITS = 16


class AsideFilter(NamedTuple):
    """Which changes are meant: of these bundles, written by this laptop, for this reason; all where nothing is said."""

    bundles: Collection[str] | None = None
    laptop: int | None = None
    reason: str = ""


class Asides(Service):
    """Listing what was set aside, and ruling on it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.CONFLICTS)
    def waiting(self, each: int | None = None, bundles: Collection[str] | None = None) -> list[SetAside]:
        """What waits for the office's word, in the order it was written; at most ``each`` of every bundle.

        ``bundles``: of these alone.
        """
        with self._session.store.cursor() as cursor:
            if each is None:
                return self._told(Exchange(cursor).aside())
            waiting = Waiting(cursor)
            named = None if bundles is None else set(map(bytes.fromhex, bundles))
            sources = {one.source for one in waiting.counts() if named is None or one.source in named}
            return self._told(sorted(op for source in sources for op in waiting.first(source, each)))

    @needs(Action.READ, Matter.CONFLICTS)
    def lots(self) -> list[AsideLot]:
        """How much waits, by bundle and reason, however much it is."""
        from gridworker.sync.judging.accepting import acceptable

        with self._session.store.cursor() as cursor:
            counts = Waiting(cursor).counts()
        lots: dict[tuple[str, str], list[int]] = {}
        for one in counts:
            lot = lots.setdefault((one.source.hex(), one.reason), [0, 0])
            lot[0] += one.many
            lot[1] += one.many * acceptable(Aside(0, 0, 0, one.what, 0, 0, b"", one.reason, one.source))
        return [AsideLot(*which, *counted) for which, counted in lots.items()]

    @needs(Action.READ, Matter.CONFLICTS)
    def ruled(self) -> list[SetAside]:
        """What the office has ruled on."""
        with self._session.store.cursor() as cursor:
            ops = Exchange(cursor).ruled()
        return self._told(ops)

    @needs(Action.DECIDE, Matter.CONFLICTS)
    def accept(self, ids: Collection[str], note: str = "", *, places: bool = False) -> "Commit":
        """Take changes in after all, with what they need and a household's people.

        ``places``: also what they lie in and was not accepted before. Raises PlaceRefused where there is such and it is
        not to be; NotFound, Denied on a laptop, Problem for what cannot be accepted.
        """
        return self._rule(ids, note, accept=True, places=places)

    @needs(Action.DECIDE, Matter.CONFLICTS)
    def refuse(self, ids: Collection[str], note: str = "") -> "Commit":
        """Leave changes out; they stay in the history, and their author is told. Raises NotFound, Denied."""
        return self._rule(ids, note, accept=False)

    @needs(Action.DECIDE, Matter.CONFLICTS)
    def accept_all(self, which: AsideFilter, note: str = "") -> int:
        """Take in all that is meant and can be. Returns how many. Raises Denied on a laptop."""
        return self._rule_all(which, note, accept=True)

    @needs(Action.DECIDE, Matter.CONFLICTS)
    def refuse_all(self, which: AsideFilter, note: str = "") -> int:
        """Leave out all that is meant. Returns how many. Raises Denied on a laptop."""
        return self._rule_all(which, note, accept=False)

    def _rule_all(self, which: AsideFilter, note: str, *, accept: bool) -> int:
        """In lots, each an act of its own: what takes minutes may be stopped, and goes on from there."""
        from gridworker.sync.judging.accepting import Together

        self._session.require_writer()
        with self._session.store.cursor() as cursor:
            together = Together.read(cursor) if accept else None
        done = 0
        for ops in self._portions(which):
            chosen = ops if together is None else _can_be_accepted(together, ops)
            if chosen:
                self._rule_ops(chosen, note, accept=accept)
            if together is not None:
                together.settled(chosen)
            done += len(chosen)
        return done

    def _portions(self, which: AsideFilter) -> Iterator[list[Aside]]:
        sources = None if which.bundles is None else [bytes.fromhex(bundle) for bundle in which.bundles]
        after = START
        while True:
            with self._session.store.cursor() as cursor:
                ops = Waiting(cursor).portion(Which(sources, which.laptop, which.reason), after, PORTION)
            if not ops:
                return
            after = ops[-1].clk, ops[-1].source
            yield ops

    def _rule(self, ids: Collection[str], note: str, *, accept: bool, places: bool = False) -> "Commit":
        from gridworker.sync.judging.accepting import acceptable

        self._session.require_writer()
        with self._session.store.cursor() as cursor:
            known = {_id(op): op for op in Waiting(cursor).among(set(filter(None, map(_clk_of, ids))))}
        unknown = [id_ for id_ in ids if id_ not in known]
        if unknown or not ids:
            raise NotFound("There is no change set aside with the number {id}.", id=", ".join(unknown) or "-")
        chosen = [known[id_] for id_ in dict.fromkeys(ids)]
        if accept and all(map(acceptable, chosen)):
            chosen = self._with_what_goes_along(chosen, places=places)
        return self._rule_ops(chosen, note, accept=accept)

    def _with_what_goes_along(self, ops: list[Aside], *, places: bool) -> list[Aside]:
        from gridworker.sync.judging.accepting import Together

        with self._session.store.cursor() as cursor:
            together = Together.read(cursor)
        found = sorted(together.of(ops, places=places))
        together.require_places(found)
        return found

    def _rule_ops(self, ops: list[Aside], note: str, *, accept: bool) -> "Commit":
        from gridworker.sync.judging.rulings import rule_on

        act = Act("verdict", self._session.who, count=len(ops), detail="accepted" if accept else "refused")
        commit = rule_on(self._session.store, ops, act, accept=accept, note=note.strip()[:NOTE_MAX_LENGTH])
        self._session.announce(commit)
        return commit

    def _told(self, ops: Iterable[Aside]) -> list[SetAside]:
        from gridworker.sync.judging.accepting import Together, acceptable

        listed = list(ops)
        with self._session.store.cursor() as cursor:
            together = Together.read(cursor)
        with self._session.store.db.read() as connection:
            staff = records.get_many(connection, "staff", {op.who for op in listed})
            acts = _acts(connection, listed)
            return [
                SetAside(
                    _id(op), _kind(op), op.record, self._caption(connection, op), _what(op),
                    acts.get(op) or _fields(op),
                    str(staff.get(op.who, {}).get("name") or ""), laptop_of(op.clk), moment_of(op.clk), op.reason,
                    op.source.hex(), acceptable(op),
                    None if op.ruling is None else Ruling(op.ruling).name.lower(),
                    len(together.of([op], places=True)) - 1 if op.ruling is None and acceptable(op) else 0,
                )
                for op in listed
            ]  # fmt: skip

    def _caption(self, connection: "Connection", op: Aside) -> str:
        """What the record is called, after its door; one that is not here, as its creation would call it."""
        from gridworker.app.inbox.conflict_place import titled

        known = discover.by_number().get(op.kind)
        if known is None:
            return ""
        values = records.get(connection, known.kind.name, op.record)
        if values is not None:
            door, own = titled(connection, known.kind.name, op.record, people=self.may(Action.READ, Matter.PEOPLE))
            return " ".join(filter(None, (door, own)))
        named = _values(op)
        values = {spec.name: named.get(number) for number, spec in known.kind.numbered.items()}
        return known.caption(values) or str(known.kind.title)


def _can_be_accepted(together: "Together", ops: list[Aside]) -> list[Aside]:
    """Those that can be, with what goes along; what lies in something that was not accepted waits on."""
    from gridworker.sync.judging.accepting import acceptable

    return sorted(together.of([op for op in ops if acceptable(op) and not together.lacking([op])]))


def _id(op: Aside) -> str:
    return f"{op.clk:x}-{op.source.hex()[:8]}"


def _clk_of(id_: str) -> int:
    """The clk in the number of a change; 0 where it is none."""
    clk = id_.partition("-")[0]
    return int(clk, 16) if clk and len(clk) <= _CLK_DIGITS and set(clk) <= set(hexdigits) else 0


def _what(op: Aside) -> str:
    return What(op.what).name.lower() if op.what in set(What) else ""


def _kind(op: Aside) -> str:
    known = discover.by_number().get(op.kind)
    return known.kind.name if known else ""


def _acts(connection: "Connection", ops: list[Aside]) -> dict[Aside, dict[str, str]]:
    """Those that put an act on record, as the log tells them."""
    from gridworker.app.access.audit import told_rows

    found = {op: row for op in ops if (row := _act(op)) is not None}
    return dict(zip(found, told_rows(connection, list(found.values())), strict=True)) if found else {}


def _act(op: Aside) -> AuditRow | None:
    """The act that an op puts on record; None of any other, and where it does not say when it was."""
    if _kind(op) != AUDIT or op.what != What.CREATE:
        return None
    said, specs = _values(op), discover.kinds()[AUDIT].kind.specs

    def value(name: str) -> "Value":
        found = said.get(specs[name].number)
        return found if specs[name].understands(found) else None

    def text(name: str) -> str | None:
        found = value(name)
        return found if isinstance(found, str) else None

    def number(name: str) -> int | None:
        found = value(name)
        return found if isinstance(found, int) else None

    at = text("at")
    if at is None:
        return None
    return AuditRow(
        op.record, at, number("staff_id"), number("device"), text("action"), text("record_kind"), number("record"),
        number("count"), text("purpose"), text("detail"),
    )  # fmt: skip


def _fields(op: Aside) -> dict[str, str]:
    """What the op would set, by label, masked as pages mask it; nothing where it cannot be read."""
    from gridworker.app.words.showing import show

    known = discover.by_number().get(op.kind)
    if known is None:
        return {}
    specs = known.kind.numbered
    return {
        str(specs[number].label): show(specs[number], value)
        for number, value in _values(op).items()
        if number in specs and specs[number].understands(value)
    }


def _values(op: Aside) -> "dict[int, Value]":
    if op.what in {What.ERASE, What.VERDICT}:
        return {}
    try:
        require_canonical(op.what, op.vals)
    except BadOp:
        return {}
    row = OpRow(*op[:4], 0, op.vals)
    if op.what == What.CREATE:
        return unpack_create(row.vals)
    return {edit.field: edit.value for edit in unpack_edits(row.record, row.vals) if edit.field != ALIVE}
