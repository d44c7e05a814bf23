"""A forgotten passphrase at the unlock page: ask the office, take its answer; or open with the office's recovery sheet.

No store is open before it succeeds, and nothing in it is lost: only the slot of the key is written anew.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.openers import vault_in
from gridworker.app.session import utc_now
from gridworker.app.staff import attempts
from gridworker.app.staff.people_here import require_enough
from gridworker.paths import Folder
from gridworker.text import Label

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from gridworker.app.workspace import Workspace
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.keys.reset import Question, Reset
    from gridworker.store.keys.vault import Keys
    from gridworker.sync.enrolment.reset_code import QuestionCode


@dataclass(frozen=True, slots=True)
class Asked:
    """The question for the office: as a code to read out, and as a file. ``mark`` is in the name of the answer too."""

    code: str
    file: bytes
    mark: str
    laptop: int

    @property
    def file_name(self) -> str:
        """What the file is called; it names nobody."""
        from gridworker.sync.enrolment.reset_code import QUESTION_SUFFIX

        return f"{self.laptop:02d}-{self.mark}{QUESTION_SUFFIX}"


class Forgotten:
    """One data folder. Every step but the last leaves the store as it was."""

    def __init__(self, folder: Path, *, profile: "KdfProfile | None" = None) -> None:
        self._root = folder
        self._profile = profile

    def office_can_help(self) -> bool:
        """Whether the office's answer would open these data; a laptop that never had its key cannot be helped so."""
        return self._reset().is_possible()

    def pending(self) -> str:
        """The slot for which the office was asked and has not answered; empty where none is."""
        return self._reset().pending()

    def ask(self, passphrase: str, slot: str) -> Asked:
        """Begin with the new passphrase. Raises Problem where it is too short or the office cannot help, DiskFull.

        TooSoon after too many tries: a passphrase that somebody has here is refused, which tells that they have it.
        """
        require_enough(passphrase)
        self._refuse_backup()
        folder = Folder(self._root)
        with attempts.tried_as_new(folder, attempts.of_all(folder, self._profile)):
            return _asked(self._reset().ask(passphrase, slot))

    def again(self, passphrase: str) -> Asked:
        """The question that was asked, shown once more. Raises WrongPassphrase, TooSoon after too many tries."""
        return _asked(self._again(passphrase))

    def finish(self, answer: str, passphrase: str) -> "Workspace":
        """Take the office's answer: the new passphrase opens the data from now on. Returns them, open.

        Raises Problem for a slip, WrongPassphrase where the answer is to another question or the passphrase is not
        the one it was begun with; TooSoon, StoreBusy, DiskFull, StoreProblem.
        """
        from gridworker.sync.enrolment.reset_code import AnswerCode

        reset = self._reset()
        question = _code(self._again(passphrase))
        point = AnswerCode.read(answer, question).point
        with self._writing():
            keys = reset.finish(passphrase, point)
        return self._open(keys, f"reset {question.mark}")

    def recover(self, sealed: Path, code: str, passphrase: str, slot: str) -> "Workspace":
        """Open with the recovery sheet: the key file and the code on it. Raises what ``finish`` raises, NotForUs.

        At an office where nobody of the community office has a passphrase - an older backup may not know who has - it
        becomes that of one of them: the sheet is the office's, and else nobody could ever decide or enrol there again.
        """
        from gridworker.app.access.recovery import opened_sheet

        require_enough(passphrase)
        self._refuse_backup()
        identity = opened_sheet(sealed, code)
        with self._writing():
            keys = self._reset().recover(identity, passphrase, slot)
        given = self._given_to_office(keys)
        return self._open(given or keys, "recovered office" if given else "recovered")

    def _again(self, passphrase: str) -> "Question":
        """What was asked. The passphrase it was begun with opens the data tomorrow: guessing it counts today."""
        with attempts.about_question(Folder(self._root), utc_now()):
            return self._reset().again(passphrase)

    def _given_to_office(self, keys: "Keys") -> "Keys | None":
        from gridworker.store.keys.slot_changes import SlotChanges
        from gridworker.store.keys.vault import Keys
        from gridworker.store.role import office_in

        founder, office = office_in(Folder(self._root), keys)
        changes = SlotChanges(vault_in(self._root, self._profile), keys)
        owners = changes.owners()
        if not office or any((one.person or founder) in office for one in owners):
            return None
        changes.give_to(keys.slot, office[0])
        return Keys(keys.dek, keys.slot, office[0], changed=True)

    def _open(self, keys: "Keys", detail: str) -> "Workspace":
        from gridworker.app.access.opening import open_with_keys
        from gridworker.app.forgetting import but_not_opened
        from gridworker.app.workspace import Workspace

        with but_not_opened(Label("The new passphrase counts from now on.")):
            session, close = open_with_keys(Folder(self._root), keys, self._profile)
            opened = Workspace(session, close)
            try:
                attempts.end_row(session.folder, keys.slot, attempts.QUESTION)
                session.note("key", detail=detail)
            except Exception:
                opened.close()
                raise
        return opened

    def _writing(self) -> "AbstractContextManager[None]":
        """Be the writer while the slot is changed: where another window is, it could not be put on record."""
        from gridworker.store.engine.lock import writing

        return writing(Folder(self._root))

    def _refuse_backup(self) -> None:
        from gridworker.store.engine.lock import refuse_backup

        refuse_backup(Folder(self._root))

    def _reset(self) -> "Reset":
        from gridworker.store.keys.reset import Reset

        return Reset(Folder(self._root), vault_in(self._root, self._profile))


def _code(question: "Question") -> "QuestionCode":
    from gridworker.sync.enrolment.reset_code import QuestionCode, whose

    return QuestionCode(question.laptop, question.asked, question.serial, whose(question.person))


def _asked(question: "Question") -> Asked:
    code = _code(question)
    return Asked(code.text, code.file, code.mark, code.laptop)
