"""Putting a backup back: looking first, then doing it. No store is open meanwhile."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.domain.moments import local
from gridworker.errors import Problem, StoreDamaged, StoreMissing, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.text import Label, gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gridworker.app.backup.plan import BackupPlan
    from gridworker.app.backup.self_check import Finding
    from gridworker.app.session import Session
    from gridworker.store.backup.backup import Report
    from gridworker.store.backup.restore import Preview, Restored, Written
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.keys.vault import Keys


__all__ = ["Preview", "Restored", "Restoring"]


class Restoring:
    """One backup and the data folder it is for. ``passphrase`` is the backup's, or the one the folder has now."""

    def __init__(
        self, backup: Path, folder: Path, passphrase: "str | Keys", *, profile: "KdfProfile | None" = None
    ) -> None:
        from gridworker.app.openers import finish_cut_off
        from gridworker.store.backup.manifest import peek
        from gridworker.store.keys.kdf import PRODUCTION

        peek(backup)
        finish_cut_off(Folder(folder))
        self._backup = backup.resolve()
        self._folder = Folder(folder)
        self._profile = profile or PRODUCTION
        self._keys = self._open(passphrase) if isinstance(passphrase, str) else passphrase
        self._refuse_another_store()
        self._present = self._other_keys(passphrase) if isinstance(passphrase, str) else None
        """Those of the store in the folder, where its data key was made anew since the backup."""
        self.salvaged = 0
        """Entries of the log that ``restore`` took out of a damaged store."""
        self.damaged_pages = 0
        """Pages of that one which could not be read."""
        self.few_left: int | None = None
        """How often a backup can still be put back after ``restore``, where that is not often."""
        self._verified = self._looked = self._damaged = False

    @classmethod
    def by_passphrase(
        cls, backup: Path, folder: Path, passphrase: str, *, profile: "KdfProfile | None" = None
    ) -> "Restoring":
        """The same for who types one: what opens nothing counts like a try at the unlock page. Raises TooSoon."""
        from gridworker.app.session import utc_now
        from gridworker.app.staff.attempts import guessed, of_all

        with guessed(Folder(folder), utc_now(), of_all(Folder(folder), profile)):
            return cls(backup, folder, passphrase, profile=profile)

    @classmethod
    def while_open(cls, session: "Session", backup: Path) -> "Restoring":
        """The same from within a store that is open, with its keys; it is closed before ``restore``."""
        return cls(backup, session.folder.root, session.keys, profile=session.profile)

    def preview(self) -> "Preview":
        """What is newer in the present store than in the backup. Changes nothing."""
        from gridworker.store.backup.restore import preview

        return preview(self._backup, self._folder, self._keys)

    def back_up(self, plan: "BackupPlan", last: "Sequence[Finding]", report: "Report | None" = None) -> None:
        """First a backup of the store that is here. A damaged one gives none: what is whole is taken out of it then.

        ``last`` is what its last self-check found. Raises DiskFull, StoreBusy, and what ``report`` raises.
        """
        self._looked, self._damaged = True, any(one.of_store for one in last)
        try:
            plan.before(report, spare=self._backup)
        except StoreDamaged:
            self._damaged = True

    def verify(self) -> None:
        """Read the backup through. Raises StoreDamaged, StoreMissing, StoreNewer."""
        from gridworker.store.backup.backup import verify

        verify(self._backup, self._keys)
        self._verified = True

    def restore(self) -> "Restored":
        """Put the backup back; a store that is in the folder is kept aside, and what is whole in a damaged one taken.

        Of a sound one a backup is made first. Its drafts go over, and what is on record there; what the archive of an
        office has is taken in too. Raises Denied, StoreBusy, StoreDamaged, StoreNewer, DiskFull, StoreProblem; nothing
        was changed then.
        """
        from gridworker.app.access.after_restore import go_on
        from gridworker.app.access.new_store import left_as_it_was
        from gridworker.app.access.opening import open_with_keys
        from gridworker.app.forgetting import but_not_opened
        from gridworker.store.backup.carried import Follows, carry, left_behind
        from gridworker.store.backup.moving_in import aside_name
        from gridworker.store.backup.restore import restore
        from gridworker.store.health.lives_used import few_left

        self._require_right()
        found = self.preview()
        if found.newer is not None and not self._looked:
            if not self._verified:
                self.verify()  # before anything is touched
            self._back_up_present()
        damaged = found.newer is not None and (self._damaged or not found.newer.known)
        present = self._present or self._keys
        left = left_behind(self._folder, present, found.backup.chain)
        left = replace(left, rows=()) if damaged else left
        follows = Follows(aside_name(self._folder.root).name, present.dek) if damaged else Follows()
        self._carry_beside()
        with left_as_it_was(self._folder.root):
            done = restore(
                self._backup, self._folder, self._keys, self._profile,
                lambda made: carry(made, self._keys, left, str(found.backup), follows),
            )  # fmt: skip
        with but_not_opened(Label("The backup was put back.")):
            session, close = open_with_keys(self._folder, self._keys, self._profile)
            try:
                go_on(session)  # where opening could not
                self.salvaged, self.damaged_pages = session.salvaged, session.damaged_pages
                with session.store.cursor() as cursor:
                    self.few_left = few_left(cursor, session.store.identity)
            finally:
                close()
        return done

    def put_back(self) -> str:
        """``restore``, and what a person has to know and do afterwards, in words."""
        return "\n".join(self.words(self.restore()))

    def words(self, done: "Restored", *, whole: bool = False) -> list[str]:
        """What a person has to know and do after ``restore``, in sentences; ``whole``: with the whole path."""
        words = [gettext("The backup was put back. Hand bundles over now: what it lacks comes back with them.")]
        if done.aside is not None:
            words.append(
                gettext("The store that was here lies in {folder}.").format(
                    folder=done.aside if whole else done.aside.name
                )
            )
        words += lost_lines(done.lost)
        if self.salvaged:
            words.append(
                ngettext(
                    "{count} entry was taken over from the store that was here.",
                    "{count} entries were taken over from the store that was here.",
                    self.salvaged,
                ).format(count=self.salvaged)
            )
        if self.damaged_pages:
            words.append(
                ngettext(
                    "{count} page of it is damaged: what stood there alone and was never handed over is lost.",
                    "{count} pages of it are damaged: what stood there alone and was never handed over is lost.",
                    self.damaged_pages,
                ).format(count=self.damaged_pages)
            )
        if self.few_left is not None and not done.identity.is_office:
            words.append(
                ngettext(
                    "A backup can be put back here {count} more time: after that the office gives out a new device "
                    "bundle.",
                    "A backup can be put back here {count} more times: after that the office gives out a new device "
                    "bundle.",
                    self.few_left,
                ).format(count=self.few_left)
            )
        return words

    def _back_up_present(self) -> None:
        """The same for a store that nobody has open. One that does not open is damaged, or of another data key."""
        from gridworker.app.access.opening import open_with_keys
        from gridworker.app.backup.backups import Backups
        from gridworker.app.backup.plan import BackupPlan
        from gridworker.app.backup.self_check import SelfCheck
        from gridworker.store.keys.vault import Vault

        if not Vault(self._folder, self._profile).exists:  # the keys of the backup open it, and no backup of it
            self._damaged = True
            return
        try:
            session, close = open_with_keys(self._folder, self._present or self._keys, self._profile)
        except (StoreDamaged, StoreMissing):
            self._damaged = True
            return
        try:
            if not session.read_only:
                self.back_up(BackupPlan(session, Backups(session)), SelfCheck(session).last())
        finally:
            close()

    def _require_right(self) -> None:
        """Raise Denied for whoever may not: no session is open, so the store there says who they are, or the backup.

        Where neither knows them nobody is held up, for a store may be damaged.
        """
        from gridworker.domain.rights import Action, Matter, may, refusal
        from gridworker.store.role import role_in

        for folder, keys in ((self._folder, self._present or self._keys), (Folder(self._backup), self._keys)):
            role = role_in(folder, keys)
            if role is not None:
                if not may(role, Action.CHANGE, Matter.STORE):
                    raise refusal(role, Action.CHANGE, Matter.STORE)
                return

    def _refuse_another_store(self) -> None:
        """A laptop's backup in the office's place would be put back without a word. Damaged key files say nothing."""
        from gridworker.store.backup.manifest import Manifest
        from gridworker.store.keys.vault import Vault

        with suppress(StoreProblem):
            if Vault(self._folder, self._profile).seen().store != Manifest.read(self._backup, self._keys).store:
                raise Problem(
                    "The backup is of other data than those in {folder}. Put it back into an empty folder, or move "
                    "what lies there away first.",
                    folder=self._folder.root.name,
                )

    def _other_keys(self, passphrase: str) -> "Keys | None":
        from gridworker.store.backup.manifest import Manifest
        from gridworker.store.keys.vault import Vault

        vault = Vault(self._folder, self._profile)
        with suppress(StoreProblem):
            keys = vault.open(passphrase)
            if keys.dek != self._keys.dek and vault.store(keys) == Manifest.read(self._backup, self._keys).store:
                return keys
        return None

    def _carry_beside(self) -> None:
        """What must outlive the store is under its new key; the backup brings the old one back."""
        from gridworker.store.health import sidecar

        if self._present is not None:
            known = sidecar.read(self._folder.sidecar, self._present)
            sidecar.remember(self._folder, self._keys, replace(known, place=""))

    def _open(self, passphrase: str) -> "Keys":
        """The keys by the backup's own slots, or by those of the store in the folder if it is the same store."""
        from gridworker.store.backup.manifest import Manifest
        from gridworker.store.keys.vault import Vault

        try:
            return Vault(Folder(self._backup), self._profile).open(passphrase)
        except WrongPassphrase:
            present = Vault(self._folder, self._profile)
            if not present.exists:
                raise
            keys = present.open(passphrase)
            Manifest.read(self._backup, keys)
            return keys


_ATTACHED = "attachments/"
"""What the names of photos and papers begin with in the listing of a backup; the others are bundles."""
NAMES = 5
"""Names told in a preview before it only counts."""


def newer_lines(session: "Session | None", found: "Preview") -> list[str]:
    """What would be gone until the next exchange: a line for each kind with its count; names of people masked.

    Without a session, where the present store does not open, nobody is named.
    """
    from gridworker import discover

    lost = _not_there_lines(found.lost)
    if found.newer is None:
        return [gettext("There is no store in the folder; the backup would be put there."), *lost]
    if not found.newer.known:
        return [
            gettext("The store in the folder cannot be compared with the backup: it is damaged, or went another way."),
            *lost,
        ]
    kinds = discover.kinds()
    lines = [
        gettext("{kind}: {count}").format(kind=kinds[name].kind.plural, count=len(records))
        for name, records in found.newer.records.items()
    ]
    names = _names(session, found.newer.records.get("resident", ())[:NAMES]) if session else []
    lines += [gettext(", ").join(names)] if names else []
    if found.newer.written is not None:
        lines.append(_written_line(found.newer.written))
    if found.newer.unsent:
        lines.append(
            ngettext(
                "{count} change was never handed over, so no exchange brings it back: hand over first.",
                "{count} changes were never handed over, so no exchange brings them back: hand over first.",
                found.newer.unsent,
            ).format(count=found.newer.unsent)
        )
    return [*(lines or [gettext("Nothing is newer than the backup.")]), *lost]


def preview_lines(found: "Preview", *, is_office: bool) -> list[str]:
    """``newer_lines`` for who has nothing else before them: of when the backup is, what comes back and what stays."""
    from gridworker.app.backup.backups import moment_of

    lines = [gettext("The backup is of {moment}.").format(moment=_minute(moment_of(found.backup.at)))]
    goes = found.newer is not None and found.newer.goes
    if goes:
        lines.append(gettext("It lacks what is newer here:"))
    lines += newer_lines(None, found)
    if goes and is_office:
        lines.append(
            gettext(
                "Laptops bring back what they wrote and what they were sent. What the office wrote and sent to nobody "
                "does not come back."
            )
        )
    elif goes and found.newer is not None and not found.newer.unsent:
        lines.append(gettext("The office has all of it: it comes back with the next exchange."))
    kept = gettext("The store that is here would be kept aside.")
    nothing = gettext("So far nothing was changed.")
    return [*lines, *([kept] if found.newer is not None else []), nothing]


def _written_line(written: "Written") -> str:
    """From when it is, and by whom."""
    names = gettext(", ").join([*written.names[:NAMES], *(["…"] if len(written.names) > NAMES else [])])
    first, last = _minute(written.first), _minute(written.last)
    if not names:
        return gettext("Written from {first} to {last}").format(first=first, last=last)
    return gettext("Written from {first} to {last} by: {names}").format(first=first, last=last, names=names)


def _minute(moment: "datetime") -> str:
    return f"{local(moment.isoformat()):%Y-%m-%d %H:%M}"


def lost_lines(lost: "Sequence[str]") -> list[str]:
    """What did not come back with a backup, by what it is, and how it comes back."""
    files = sum(name.startswith(_ATTACHED) for name in lost)
    bundles, lines = len(lost) - files, []
    if files:
        lines.append(
            ngettext(
                "{count} photo or paper did not come back, for beside the backup it is missing or damaged. It is "
                "listed as missing, and asked for again with the next bundles from whoever has it. If the folder "
                "“files” of the backup turns up, put it back beside the backup: it is taken from there.",
                "{count} photos and papers did not come back, for beside the backup they are missing or damaged. They "
                "are listed as missing, and asked for again with the next bundles from whoever has them. If the folder "
                "“files” of the backup turns up, put it back beside the backup: they are taken from there.",
                files,
            ).format(count=files)
        )
    if bundles:
        lines.append(
            ngettext(
                "{count} bundle of the archive did not come back. What was in it is in the store.",
                "{count} bundles of the archive did not come back. What was in them is in the store.",
                bundles,
            ).format(count=bundles)
        )
    return lines


def _not_there_lines(lost: "Sequence[str]") -> list[str]:
    """What is missing beside a backup that could be put back without it."""
    if not lost:
        return []
    files = sum(name.startswith(_ATTACHED) for name in lost)
    return [
        gettext(
            "Missing in the folder “files” beside the backup: {files} of the photos and papers, {bundles} of the "
            "bundles. The backup can be put back without them; where that folder lies elsewhere, put it beside the "
            "backup first."
        ).format(files=files, bundles=len(lost) - files)
    ]


def _names(session: "Session", people: "Sequence[int]") -> list[str]:
    from gridworker.domain.masking import mask_name

    return [mask_name(str(values["name"])) for one in people if (values := session.store.get("resident", one))]
