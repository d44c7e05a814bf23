"""At the office: the answer to a laptop whose passphrase was forgotten. No secret of the laptop is learned by it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.app.files.code_files import code_in
from gridworker.app.files.keeping_files import keep_all_but
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.errors import Denied, NotFound, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from gridworker.app.session import Session
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.sync.enrolment.reset_code import QuestionCode


@dataclass(frozen=True, slots=True)
class Asking:
    """Which laptop asks, and whose passphrase it is about: for the clerk to make sure that it is they who ask."""

    laptop: int
    device: int
    worker: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer: as a code to read out, and as a file."""

    asking: Asking
    code: str
    file: bytes
    mark: str

    @property
    def file_name(self) -> str:
        """What the file is called; it tells which question it is for, and names nobody."""
        from gridworker.sync.enrolment.reset_code import ANSWER_SUFFIX

        return f"{self.asking.laptop:02d}-{self.mark}{ANSWER_SUFFIX}"


class Resets(Service):
    """Reading the question first, then answering it."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @needs(Action.ENROL, Matter.DEVICES)
    def read(self, typed: str) -> Asking:
        """Who asks. Raises Denied on a laptop, for one that is out of use and for who left; NotFound, Problem."""
        return self._asking(self._question(typed))

    @needs(Action.ENROL, Matter.DEVICES)
    def answer(self, typed: str) -> Answered:
        """Answer a question; on record before it is given out. Raises what ``read`` raises, StoreBusy."""
        from gridworker.store.keys.escrow import answer, number_for
        from gridworker.store.meta import Meta
        from gridworker.sync.enrolment.escrowed import earlier_seed
        from gridworker.sync.enrolment.reset_code import AnswerCode

        question = self._question(typed)
        asking = self._asking(question)
        self._session.require_writer()
        with self._session.store.cursor() as cursor:
            seed = earlier_seed(Meta(cursor), question.serial)
        community = self._session.store.identity.community
        try:
            point = answer(number_for(seed, community, question.laptop), question.point)
        except ValueError as fault:
            raise Problem("This is no code about a forgotten passphrase.") from fault
        self._session.note("key", kind="device", record=asking.device, detail=f"reset {question.mark}")
        code = AnswerCode(question.tag, point)
        return Answered(asking, code.text, code.file, question.mark)

    @needs(Action.EXPORT, Matter.KEYS)
    def renew(self) -> int:
        """Make the key by which the office helps out a forgotten passphrase anew; on record. Returns its number.

        Laptops hear of it with their next reply, and seal to it at the next unlocking; until then they ask by the
        earlier one, which is kept for that. Raises Denied on a laptop, Problem, StoreBusy.
        """
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.meta import Meta
        from gridworker.store.tables.changes import Act
        from gridworker.sync.enrolment.escrowed import renew

        if not self._session.is_office:
            raise Denied("Only the office does this.")
        self._session.require_writer()
        made: list[int] = []

        def beside(connection: "Connection", _commit: "Commit") -> None:
            made.append(renew(Meta(raw_cursor(connection))))

        self._session.store.write([], Act.note("key", self._session.who, detail="escrow renewed"), beside)
        return made[0]

    def _question(self, typed: str) -> "QuestionCode":
        from gridworker.sync.enrolment.reset_code import QuestionCode

        if not self._session.is_office:
            raise Denied("Only the office does this.")
        return QuestionCode.read(typed)

    def _asking(self, question: "QuestionCode") -> Asking:
        from gridworker.app.exchange.devices import Devices

        found = next((one for one in Devices(self._session).laptops() if one.number == question.laptop), None)
        if found is None:
            raise NotFound("There is no laptop {name}.", name=question.laptop)
        if found.state == "revoked":
            raise Denied("Laptop {number} was reported lost or stolen. It gets no answer.", number=found.number)
        worker = self._named(question) if question.whose else self._worker(found.id)
        return Asking(found.number, found.id, worker)

    def _worker(self, device: int) -> str:
        """Whose laptop it is, where nobody shares it."""
        laptop = self._session.store.get("device", device) or {}
        return _at_work(self._session.store.get("staff", int(str(laptop.get("staff_id") or 0))))

    def _named(self, question: "QuestionCode") -> str:
        """Whose passphrase was forgotten on a laptop that several people share."""
        from gridworker.store.records import page
        from gridworker.sync.enrolment.reset_code import whose

        with self._session.store.db.read() as connection:
            staff = page(connection, "staff", limit=10_000)
        return _at_work(next((values for id_, values in staff if whose(id_) == question.whose), None))


def _at_work(found: "dict[str, Value] | None") -> str:
    """What somebody of the staff is called. Raises NotFound, and Denied for who left."""
    if found is None:
        raise NotFound("Whose passphrase it is about is not on the books here. Take the laptop's bundles in first.")
    if found["active"] == 0:
        raise Denied("{name} is not at work here any more, and gets no answer.", name=found["name"])
    return str(found["name"])


def read_code_file(path: "Path") -> str:
    """The text of a file with a question or an answer. Raises Problem where it is none."""
    from gridworker.sync.enrolment.reset_code import MAX_FILE

    text = code_in(path, MAX_FILE)
    if text is None:
        raise Problem("This is no code about a forgotten passphrase.")
    return text


def write_code_file(out: "Path", name: str, data: bytes) -> "Path":
    """Write a question or an answer to a file, or under its own name into a folder. Raises DiskFull, StoreProblem."""
    from gridworker.store.engine.filesafe import write_durably

    path = out / name if out.is_dir() else out
    keep_all_but(path, data.partition(b"\n")[0])
    write_durably(path, data)
    return path
