"""Photos and papers: adding them to what they belong to, showing them, writing them out, letting go of old ones."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.attachment.picture import prepared
from gridworker.app.files.keeping_files import keep_all_but, refuse_data_folder
from gridworker.app.files_back import FilesBack
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.app.words.purposes import UNSAID, checked_purpose
from gridworker.errors import NotFound, Problem
from gridworker.plainfile import open_plain
from gridworker.store.log.clock import OFFICE, laptop_of, moment_of
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.attached import Attached
    from gridworker.store.attachment_files import Cabinet
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.queries.attachments import AttachmentRow

PLACES = {
    "visit": "visit_id", "issue": "issue_id", "issue_step": "issue_step_id", "household": "household_id"
}  # fmt: skip
"""The field that names what an attachment belongs to, by the kind of that."""

LARGEST_READ = 64 * 1024 * 1024
"""Bytes of a file that is looked at at all."""


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """An attachment as it is listed. ``laptop``: where the file still is, if not ``here``; 0 is the office.

    ``left``: it is where the file was taken, and does not say that it has it any more.
    """

    id: int
    caption: str
    media_type: str
    size: int
    taken_at: str
    here: bool
    laptop: int
    left: bool = False


@dataclass(frozen=True, slots=True)
class LetGo:
    """What letting go did: files removed, their bytes, and how many stay that are not in the office's backup yet."""

    files: int = 0
    size: int = 0
    kept: int = 0


class Attachments(Service):
    """The attachments of this store."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def _cabinet(self) -> "Cabinet":
        from gridworker.store.attachment_files import Cabinet

        return Cabinet(self._session.folder)

    @needs(Action.CREATE, Matter.FILES)
    def add(
        self, kind: str, record: int, data: bytes, caption: str = "", taken_at: datetime | None = None
    ) -> AttachmentView:
        """Attach a file to a visit, an issue, a step or a household. Raises Problem, NotFound, StoreBusy, DiskFull.

        What cameras write into a picture is taken out first. The file is on the disk before the record is.
        """
        from gridworker.store.attached import Files
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.parcels import OFFICE_PEER, Parcels
        from gridworker.store.records import kind_named
        from gridworker.store.tables.changes import Change

        self._session.require_writer()
        if kind not in PLACES:
            raise Problem(
                "Nothing can be attached to “{kind}”, only to one of these: {kinds}.",
                kind=kind,
                kinds=gettext(", ").join(PLACES),
            )
        if self._session.store.get(kind, record) is None:
            raise NotFound("This record is not here.")
        ready = prepared(data)
        file = self._kept(ready.data)
        values = kind_named("attachment").checked({
            "sha256": file.hash.hex(), "size": file.size, "media_type": ready.media_type, "caption_text": caption,
            PLACES[kind]: record, "taken_at": taken_at,
        })  # fmt: skip
        id_ = self._session.new_id()

        def beside(connection: "Connection", _commit: "Commit") -> None:
            cursor = raw_cursor(connection)
            Files(cursor).save(file)
            if not self._session.is_office:
                Parcels(cursor, OFFICE_PEER).add(file.hash)

        self._session.write([Change("attachment", id_, values, create=True)], "create", beside)
        return self._view(id_)

    @needs(Action.CHANGE, Matter.FILES)
    def describe(self, attachment: int, words: str) -> AttachmentView:
        """Say what a photo or paper shows. Raises NotFound, Invalid, StoreBusy."""
        from gridworker.store.records import kind_named
        from gridworker.store.tables.changes import Change

        if self._session.store.get("attachment", attachment) is None:
            raise NotFound("This record is not here.")
        checked = kind_named("attachment").checked({"caption_text": words}, partial=True)
        self._session.write([Change("attachment", attachment, checked)], "edit")
        return self._view(attachment)

    @needs(Action.READ, Matter.FILES)
    def of(self, kind: str, record: int, since: str = "") -> list[AttachmentView]:
        """The attachments of one record, oldest first; with ``since``, those this computer added from a moment on."""
        from gridworker.store.queries.attachments import attached_to

        with self._session.store.db.read() as connection:
            views = [self._shown(row) for row in attached_to(connection, PLACES[kind], record)]
        own = self._session.store.identity.laptop
        return [view for view in views if not since or (laptop_of(view.id) == own and _made_at(view.id) >= since)]

    @needs(Action.READ, Matter.FILES)
    def all(self) -> list[AttachmentView]:
        """All attachments, newest first."""
        from gridworker.store.queries.attachments import attached_to

        with self._session.store.db.read() as connection:
            return [self._shown(row) for row in reversed(attached_to(connection))]

    @needs(Action.READ, Matter.FILES)
    def kept(self) -> tuple[int, int]:
        """How many files are on this computer, and their bytes."""
        from gridworker.store.attached import Files

        with self._session.store.cursor() as cursor:
            here = [file.size for file in Files(cursor).all() if file.path is not None]
        return len(here), sum(here)

    @needs(Action.READ, Matter.FILES)
    def show(self, attachment: int) -> bytes:
        """The file, to be shown on this screen. Raises NotFound where it is not here, StoreDamaged."""
        return self._cabinet.read(self._file(attachment))

    @needs(Action.EXPORT, Matter.FILES)
    def save(self, attachment: int, path: Path, purpose: str = UNSAID) -> Path:
        """Write the file out, readable by everybody, and put that on record. Raises what ``show`` raises, DiskFull."""
        from gridworker.store.engine.filesafe import write_durably

        why = checked_purpose(purpose)
        data = self.show(attachment)
        view = self._view(attachment)
        self._session.require_writer()
        target = path / f"{view.id}{SUFFIXES.get(view.media_type, '')}" if path.is_dir() else path
        refuse_data_folder(target, self._session.folder.root)
        keep_all_but(target, data)
        self._session.note("export", kind="attachment", record=attachment, count=1, purpose=why)
        try:
            write_durably(target, data)
        except Problem:  # nothing left: the row stays, with one that says so
            self._session.note("export", kind="attachment", record=attachment, count=0, detail="unwritten")
            raise
        return target

    @needs(Action.CHANGE, Matter.STORE)
    def let_go(self, keep: int) -> LetGo:
        """On a laptop: remove the oldest files beyond ``keep`` bytes that the office has, and its backup too.

        The records stay, and so does what is not safe at the office yet. What only records refer to that were deleted
        long ago goes as well, see ``sync.letting_go``. Raises StoreBusy, Problem at the office.
        """
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.tables.changes import Act
        from gridworker.sync.files.letting_go import let_go

        self._session.require_writer()
        if self._session.is_office:
            raise Problem("The office keeps all files.")
        gone: list[Attached] = []
        kept = 0

        def beside(connection: "Connection", _commit: "Commit") -> None:
            nonlocal gone, kept
            found = let_go(raw_cursor(connection), self._session.store.identity.laptop, keep)
            gone, kept = found.gone, found.kept

        self._session.store.write([], Act.note("let_go", self._session.who), beside)
        for file in gone:
            self._cabinet.remove(str(file.path))
        return LetGo(len(gone), sum(file.size for file in gone), kept)

    @free("the program's own housekeeping")
    def tidy(self) -> None:
        """After opening: remove files without a key, finish what was cut off, and see to files that are gone.

        One that lies there again is taken up, one that a backup has is brought out of it, others are asked for.
        """
        from gridworker.store.attached import Files
        from gridworker.sync.files.attaching import finish

        names = self._cabinet.names()
        with self._session.store.cursor() as cursor:
            known = [file for file in Files(cursor).all() if file.path is not None]
            mislaid = Files(cursor).mislaid()
        lost = [file.hash for file in known if file.path not in names]
        back = FilesBack(self._session)
        if lost:
            back.lose(lost)
        self._cabinet.sweep({str(file.path) for file in (*known, *mislaid)})
        finish(self._session.store, self._cabinet)
        back.bring()

    def _kept(self, data: bytes) -> "Attached":
        """The file in the cabinet: the one that is there already, or a new one."""
        import hashlib

        from gridworker.store.attached import Files

        with self._session.store.cursor() as cursor:
            there = Files(cursor).get(hashlib.sha256(data).digest())
        if there is not None and there.path is not None:
            return there
        return self._cabinet.put(data)

    def _file(self, attachment: int) -> "Attached":
        from gridworker.store.attached import Files

        values = self._session.store.get("attachment", attachment)
        if values is None:
            raise NotFound("This record is not here.")
        with self._session.store.cursor() as cursor:
            file = Files(cursor).get(bytes.fromhex(str(values["sha256"])))
        if file is None or file.path is None:
            raise NotFound("The file is not here: {where}.", where=where(self._view(attachment)))
        return file

    def _view(self, attachment: int) -> AttachmentView:
        from gridworker.store.queries.attachments import attached_to

        with self._session.store.db.read() as connection:
            (row,) = attached_to(connection, "id", attachment)
        return self._shown(row)

    def _shown(self, row: "AttachmentRow") -> AttachmentView:
        from gridworker.domain.attachment import MEDIA_TYPE
        from gridworker.store.queries.attachments import AWAY, GONE, HERE

        media, laptop = row.media_type or "", row.holder or laptop_of(row.id)
        return AttachmentView(
            row.id, row.caption or MEDIA_TYPE.label(media), media, row.size or 0, row.taken_at or "",
            here=row.state == HERE, laptop=OFFICE if row.state == GONE else laptop,
            left=row.state == AWAY and not row.holder and (self._session.is_office or laptop == self._session.laptop),
        )  # fmt: skip


SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def where(view: AttachmentView) -> str:
    """Where a file is that is not here: “still on laptop 07”."""
    if view.here:
        return ""
    if view.laptop == OFFICE:
        return gettext("it was at the office") if view.left else gettext("still at the office")
    if view.left:
        return gettext("it was on laptop {number}").format(number=view.laptop)
    return gettext("still on laptop {number}").format(number=view.laptop)


def _made_at(record: int) -> str:
    """When a record was made, as moments are stored."""
    return moment_of(record).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_file(path: Path) -> bytes:
    """The bytes of a file somebody chose. Raises NotFound for no file, Problem for one that cannot be read."""
    try:
        with open_plain(path) as file:
            data = file.read(LARGEST_READ + 1)
    except FileNotFoundError as fault:
        raise NotFound("There is no file {name}.", name=path.name) from fault
    except IsADirectoryError as fault:
        raise Problem("Only photos (JPEG, PNG) and PDF can be attached.") from fault
    except OSError as fault:
        raise Problem("“{name}” cannot be read, so nothing was changed: copy it once more.", name=path.name) from fault
    if len(data) > LARGEST_READ:
        raise Problem("Only photos (JPEG, PNG) and PDF can be attached.")
    return data


def let_go_words(done: LetGo) -> str:
    """What letting go did, in words; of files that stay only where some do."""
    from gridworker.text import ngettext, sentences

    gone = ngettext("{count} file was removed.", "{count} files were removed.", done.files).format(count=done.files)
    if not done.kept:
        return gone
    kept = ngettext(
        "{kept} is not in the office's backup yet and stays.",
        "{kept} are not in the office's backup yet and stay.",
        done.kept,
    )
    return sentences(gone, kept.format(kept=done.kept))
