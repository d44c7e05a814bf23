"""Whether the files of photos and papers are here and whole: none is missed before somebody wants to see it, otherwise.

Whether each is there, and as long as it was: every day. What is in it is held against its hash a share a day, all of
them in a month, and all at once where a person asks. What is gone or damaged is taken for lost (files_back.py): it is
taken up where it lies again, brought out of a backup within reach, or asked for, and named here until it is back.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from gridworker.app.files_back import FilesBack
from gridworker.app.session import LOCAL
from gridworker.errors import DiskFull, StoreDamaged, StoreProblem
from gridworker.store.log.clock import moment_of
from gridworker.text import gettext, ngettext, sentences

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.attached import Attached, Wanted
    from gridworker.store.attachment_files import Cabinet
    from gridworker.store.health.check import Fault

PART = "files"
"""Where such a fault is."""

DAYS = 30
"""In which each file is read once."""
_NAMED = 8
"""Attachments that are named at most: by number, and the day they were added."""

Still = Callable[[], object]


def look_at_files(session: "Session", still: Still, *, every: bool = False) -> "list[Fault]":
    """Look at them, ask again for those that are lost, and say which are still missed. Raises what ``still`` raises.

    ``every`` file is read, else those whose turn it is today.
    """
    bad = _bad(session, still, every=every)
    if not session.read_only:
        back = FilesBack(session)
        with suppress(DiskFull):  # they are met again tomorrow
            if bad:
                back.lose(bad)
            back.bring()
    missed = _missed(session, bad)
    return [_fault(session, missed)] if missed else []


def files_todo(*, is_office: bool) -> str:
    """What becomes of them, and what a person can do."""
    asked = (
        gettext("The next replies ask the laptops for them.")
        if is_office
        else gettext("The next bundle asks the office for them.")
    )
    return sentences(
        asked,
        gettext("If a backup lies on a stick or another disk, plug it in: the files are taken out of it."),
        gettext("If a virus scanner or somebody else took them away, have them put back: they are taken up again."),
    )


def _missed(session: "Session", bad: Collection[bytes]) -> "list[Wanted]":
    """The attachments whose files were here and are not, oldest first."""
    from gridworker.store.attached import Files

    with session.store.cursor() as cursor:
        files = Files(cursor)
        lost = {file.hash for file in files.mislaid()}
        gone = lost & {wanted.hash for wanted in files.lacking()}
        if session.read_only:
            gone |= set(bad)
        return sorted(files.wanted(gone)) if gone else []


def _fault(session: "Session", missed: "list[Wanted]") -> "Fault":
    from gridworker.store.health.check import Fault

    said = ngettext(
        "The file of {count} photo or paper was here and is gone or damaged: {named}.",
        "The files of {count} photos and papers were here and are gone or damaged: {named}.",
        len(missed),
    )
    named = [
        gettext("no. {number} of {day}").format(
            number=one.record, day=f"{moment_of(one.record).astimezone(LOCAL):%Y-%m-%d}"
        )
        for one in missed[:_NAMED]
    ]
    listed = gettext(", ").join([*named, *(["…"] if len(missed) > _NAMED else [])])
    sentence = said.format(count=len(missed), named=listed)
    unsent = _unsent(session, {one.hash for one in missed})
    if unsent:
        text = ngettext(
            "{count} of them never reached the office: take the photo again where you can.",
            "{count} of them never reached the office: take the photos again where you can.",
            unsent,
        )
        sentence = f"{sentence} {text.format(count=unsent)}"
    return Fault(PART, sentence, serious=False)


def _unsent(session: "Session", missed: set[bytes]) -> int:
    """On a laptop: how many files the office never said that it has whole."""
    from gridworker.store.parcels import OFFICE_PEER, Parcels

    if session.is_office:
        return 0
    with session.store.cursor() as cursor:
        return len(missed & {parcel.hash for parcel in Parcels(cursor, OFFICE_PEER).unconfirmed()})


def _bad(session: "Session", still: Still, *, every: bool) -> set[bytes]:
    """The files that ought to be here whole and are not. One that was let go or erased meanwhile is none of them."""
    from gridworker.store.attachment_files import Cabinet

    turn, cabinet = session.today().toordinal(), Cabinet(session.folder)
    found = set()
    for file in _here(session):
        still()
        is_turn = every or int.from_bytes(file.hash[:2]) % DAYS == turn % DAYS
        if not cabinet.has_its_length(file) or (is_turn and not _is_whole(cabinet, file)):
            found.add((file.hash, file.path))
    here = {(file.hash, file.path) for file in _here(session)} if found else set()
    return {hash_ for hash_, _ in found & here}


def _here(session: "Session") -> "list[Attached]":
    from gridworker.store.attached import Files

    with session.store.cursor() as cursor:
        return [file for file in Files(cursor).all() if file.path is not None]


def _is_whole(cabinet: "Cabinet", file: "Attached") -> bool:
    try:
        cabinet.read(file)
    except StoreDamaged:
        return False
    except StoreProblem:  # the disk gave no answer, and may give one tomorrow
        return True
    return True
