"""One person's file, for that person: everything a store holds about them, in words (PIPL 44, 45).

What concerns them with others, of their household and of texts that name them, is read by person_wider.py.

It is theirs, so nothing of theirs in it is masked, and nothing of others stands in it: neither where somebody wrote
about them, nor in what a record they are part of is called, nor in what was changed. That it was printed or handed out
is put on record.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gridworker import discover
from gridworker.app.files.keeping_files import refuse_data_folder
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.rights.person_wider import Wide
from gridworker.app.session import Session
from gridworker.app.words.showing import show
from gridworker.domain.codes_office import AUDIT_ACTION
from gridworker.domain.codes_visit import CHECK_MARK, HOME_CHECK
from gridworker.domain.moments import local
from gridworker.errors import NotFound, StoreDamaged
from gridworker.record import Type, Value
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.attachment.attachments import Attachments
    from gridworker.record import Record, Spec
    from gridworker.store.concerned import Concerned

PURPOSE = "request"
"""What the journal says an export or a print was for."""

ATTACHMENT = "attachment"
_OF_HOME = frozenset({"household", ATTACHMENT})
"""Looking at these of a household is looking at those who live there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record: its kind and its fields in words, those without a value left out."""

    title: str
    fields: tuple[tuple[str, str], ...]
    attachment: int = 0
    """Whose file belongs below it, where it tells of a photo or a paper."""


@dataclass(frozen=True, slots=True)
class PersonFile:
    """The file. ``looks``: who looked at the person's numbers or handed them out, newest first."""

    resident: int
    name: str
    made_on: str
    entries: tuple[Entry, ...]
    looks: tuple[str, ...]
    data: tuple[Mapping[str, Value], ...]
    """The same records as they are stored, for a machine; then the looks and changes in words."""
    changes: tuple[str, ...] = ()
    """What was written and changed of what is about the person alone, by whom, record by record."""


class PersonFiles(Service):
    """Reading one person's file, and putting on record what became of it."""

    def __init__(self, session: Session, attachments: "Attachments") -> None:
        self._session, self._attachments = session, attachments

    @needs(Action.PRINT, Matter.PEOPLE)
    def of_member(self, membership: int) -> PersonFile:
        """The file of whoever a membership is of. Raises NotFound."""
        values = self._session.store.get("household_member", membership)
        return self.read(int(str(values["resident_id"])) if values and values["resident_id"] else 0)

    @needs(Action.PRINT, Matter.PEOPLE)
    def read(self, resident: int) -> PersonFile:
        """Everything about one resident. Raises NotFound."""
        from gridworker.store.concerned import Concerned, about
        from gridworker.store.queries import person

        values = self._session.store.get("resident", resident)
        if values is None:
            raise NotFound("This record is not here.")
        with self._session.store.db.read() as connection:
            own = about(connection, "resident", resident)
            beside = [Concerned("issue_party", id_) for id_ in person.parties(connection, resident)]
            beside += [Concerned(*named) for named in person.named_in_registers(connection, resident)]
            theirs = [*own, *beside]
            wide = Wide(self._session, connection, resident, own)
            more = wide.all({one.record for one in theirs})
            homes = [one.record for one in more if one.kind in _OF_HOME and one.whole]
            looks = person.looks(connection, [*(one.record for one in own), *homes])
        kinds = discover.kinds()
        found = [*self._values(theirs, wide), *((kinds[one.kind], one.record, one.values) for one in more)]
        pictures = {one.record for one in more if one.kind == ATTACHMENT and one.whole}
        seen = tuple(self._look(*look) for look in looks)
        changes = tuple(self._changes(own, wide))
        return PersonFile(
            resident,
            str(values["name"] or ""),
            self._session.today().isoformat(),  # with its year: it is read long afterwards
            tuple(self._entry(kind, known, wide, record if record in pictures else 0) for kind, record, known in found),
            seen,
            (
                *({"kind": kind.kind.name, "id": record, **known} for kind, record, known in found),
                *({"kind": "look", "words": line} for line in seen),
                *({"kind": "change", "words": line} for line in changes),
            ),
            changes,
        )

    @needs(Action.EXPORT, Matter.PEOPLE)
    def write(self, file: PersonFile, path: Path, report: Callable[[float], object] = lambda _share: None) -> None:
        """Hand it out as JSON, for another program to read, with the photos and papers in base64.

        ``report`` is told the share done. Raises what it raises, DiskFull, StoreProblem; no part is left then.
        """
        pictures = {entry.attachment for entry in file.entries}

        def told(target: BinaryIO) -> None:
            """Record by record: a hundred photos at once would take more memory than all else."""
            for done, record in enumerate(file.data, start=1):
                known = self._with_content(record, pictures)
                target.write(b"[\n" if done == 1 else b",\n")
                target.write(json.dumps(known, ensure_ascii=False, indent=1).encode())
                report(done / len(file.data))
            target.write(b"\n]")

        self.hand_out(file, path, told)

    @needs(Action.PRINT, Matter.PEOPLE)
    def attached(self, attachment: int) -> bytes:
        """The photo or paper that an entry tells of. Raises NotFound where it is not here, StoreDamaged."""
        return self._attachments.show(attachment)

    def _with_content(self, record: Mapping[str, Value], pictures: Collection[int]) -> Mapping[str, Value]:
        """A photo or paper with what is in it; one that is not on this computer, or is damaged, stays without."""
        picture = record.get("id")
        if record["kind"] != ATTACHMENT or not isinstance(picture, int) or picture not in pictures:
            return record
        try:
            data = self.attached(picture)
        except (NotFound, StoreDamaged):
            return record
        return {**record, "content": b64encode(data).decode()}

    @needs(Action.EXPORT, Matter.PEOPLE)
    def hand_out(self, file: PersonFile, path: Path, write: Callable[[BinaryIO], object]) -> None:
        """Hand it out in a form that ``write`` makes of it, like a PDF; on record first, and where it was not written.

        Raises what ``write`` raises, DiskFull, StoreProblem; no part is left then.
        """
        from gridworker.store.engine.filesafe import stream_durably

        refuse_data_folder(path, self._session.folder.root)
        self.note("export", file)
        try:
            stream_durably(path, write)
        except BaseException:  # also where it was cancelled
            self._session.note("export", kind="resident", record=file.resident, count=0, detail="unwritten")
            raise

    @needs(Action.PRINT, Matter.PEOPLE)
    def note(self, action: str, file: PersonFile) -> None:
        """Put on record that it is printed or handed out; before it is, so that nothing goes out unseen."""
        self._session.require_writer()
        self._session.note(action, kind="resident", record=file.resident, count=len(file.entries), purpose=PURPOSE)

    def _values(
        self, concerned: "Iterable[Concerned]", wide: Wide
    ) -> "Iterable[tuple[type[Record], int, Mapping[str, Value]]]":
        for one in concerned:
            values = self._session.store.get(one.kind, one.record)
            if values is not None:
                yield discover.kinds()[one.kind], one.record, wide.told(one.kind, values)

    def _changes(self, own: "Iterable[Concerned]", wide: Wide) -> Iterator[str]:
        from gridworker.app.register.history_words import history_lines
        from gridworker.store.history import history

        def words(spec: "Spec", value: Value) -> str:
            if value is None:
                return show(spec, value)
            return wide.covered(self._words(spec, value, wide)) or "?"  # what it refers to is gone

        for one in own:
            title = str(discover.kinds()[one.kind].kind.title)
            with self._session.store.cursor() as cursor:
                events = history(cursor, one.record, one.kind)
            yield from (f"{title}  {line}" for line in history_lines(self._session, one.kind, events, words))

    def _entry(self, kind: "type[Record]", values: Mapping[str, Value], wide: Wide, attachment: int) -> Entry:
        fields = [
            (str(spec.label), self._words(spec, values[name], wide))
            for name, spec in kind.kind.specs.items()
            if values.get(name) is not None
        ]
        return Entry(str(kind.kind.title), tuple(told for told in fields if told[1]), attachment)

    def _words(self, spec: "Spec", value: Value, wide: Wide) -> str:
        if spec.type is Type.REF and spec.ref is not None and isinstance(value, int):
            caption = self._caption(spec.ref, value)
            return caption if spec.ref == "staff" else wide.covered(caption)
        if spec.type is Type.MARKS:
            marks = (mark.partition("=") for mark in str(value).split())
            return gettext(", ").join(f"{HOME_CHECK.label(key)} {CHECK_MARK.label(mark)}" for key, _, mark in marks)
        return show(spec, value, masked=False)

    def _caption(self, kind: str, record: int) -> str:
        values = self._session.store.get(kind, record)
        return discover.kinds()[kind].caption(values) if values else ""

    def _look(self, at: str, action: str, staff: int | None) -> str:
        who = self._caption("staff", staff) if staff is not None else ""
        return gettext("{when}: {action} ({who})").format(
            when=f"{local(at):%Y-%m-%d %H:%M}", action=AUDIT_ACTION.label(action), who=who
        )
