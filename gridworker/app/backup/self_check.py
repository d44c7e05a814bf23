"""The self-check, at the start and once a day: what was found, in words, and what to do about it.

At the start: the cipher and the engine are asserted on every connection (store/engine/connection.py), and the store is
held against its mark outside (store/health/freshness.py). Once a day, while nobody saves: the write-ahead log brought
in, every page against its code, the engine's own check, the journal from its first link, the tables against the log,
the search index against the tables, what a restored office keeps of places against the log; then the files of photos
and papers (app/attachment/file_check.py). It stops where the store is locked, and is done another time. Of references
that lead nowhere it tells how many there are, without an alarm, for no backup mends them; ``gridworker check`` names
them. Who only uses the command line has it with ``gridworker backup``, and is told where it was not done. Nothing
here ever offers to delete anything.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gridworker.app.attachment.file_check import PART, files_todo, look_at_files
from gridworker.app.exchange.log_intact import put_on_record
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.errors import StoreBusy, StoreDamaged, StoreProblem
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.store.health.check import Fault

CHECKED = "checked"
"""Name of the setting: {"day": ..., "faults": [[sentence, what to do], ...]} of the last daily check."""

_REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, and what a person does about it."""

    sentence: str
    todo: str
    of_store: bool = True
    """Whether the store is wrong, and what is whole in it is to be taken out of it; else only what lies beside it."""
    calm: bool = False
    """Whether it is only shown to who looks, and nobody is stopped for it."""


class SelfCheck(Service):
    """Looks whether the store is sound."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.STORE)
    def at_start(self) -> Finding | None:
        """What was noticed when the store was opened; None where it is the one that was closed here last."""
        from gridworker.store.health.freshness import Reason

        reason = self._session.started
        if reason is None:
            return None
        if reason is Reason.IDS_SPENT:
            return Finding(
                gettext("The clock of this computer was wrong by decades, until no new numbers were left."),
                gettext("Set the clock right and go on working: new numbers begin at the time it is."),
            )
        sentences = {
            Reason.LOG_MISSING: gettext(
                "The write-ahead log of the store is missing: what was saved last may be gone."
            ),
            Reason.BEHIND: gettext("The store is older than it was when it was closed here."),
            Reason.FORKED: gettext("The store is not the one that was closed here."),
            Reason.ALTERED: gettext("The store is not the one that was closed here."),
            Reason.OTHER_NONCE: gettext("The store is of another time than the files beside it."),
        }
        sentence = sentences.get(reason, gettext("The store was copied or moved since it was closed."))
        return Finding(sentence, gettext("Go on working. Hand bundles over now: what is missing comes back with them."))

    @free("safekeeping is owed to all, whoever is at the keyboard; what was found is for who may read it")
    def daily(self, report: Callable[[float], object] | None = None) -> tuple[Finding, ...]:
        """Check everything, once a day, and remember what was found. Raises what ``report`` raises."""
        today = self._session.today().isoformat()
        day, before = self._remembered()
        if self._session.read_only or day == today:
            return before
        still = report or (lambda _share: None)
        try:
            faults = self._serious(lambda: still(0.0))
            put_on_record(self._session, faults)
            faults += look_at_files(self._session, lambda: still(0.0))
        except StoreBusy:
            return before
        return self._remember(faults)

    @needs(Action.READ, Matter.STORE)
    def whole(self) -> "list[Fault]":
        """Everything that can be checked, asked for by a person, who need not wait for the daily check then."""
        from gridworker.store.health.check import check

        found = check(self._session.store)
        put_on_record(self._session, found)
        found += look_at_files(self._session, lambda: None, every=True)
        if not self._session.read_only:
            self._remember(_told(found))
        return found

    @free("safekeeping is owed to all: it says no more than a day")
    def overdue(self) -> str:
        """What to say to who only uses the command line, which goes through nothing by itself; empty where it was done.

        Who has the window open is checked by it in the course of the day, so yesterday's check will do.
        """
        today, day = self._session.today(), self._remembered()[0]
        if self._session.read_only or (day and abs(today - date.fromisoformat(day)) <= timedelta(days=1)):
            return ""
        if not day:
            return gettext("The store was never gone through to the last entry. Do it with: gridworker check")
        return gettext("The store was last gone through on {day}. Do it again with: gridworker check").format(day=day)

    @needs(Action.READ, Matter.STORE)
    def last(self) -> tuple[Finding, ...]:
        """What the last daily check found."""
        return self._remembered()[1]

    def _serious(self, still: Callable[[], object]) -> "list[Fault]":
        from gridworker.store.health.check import check, file_faults

        try:
            return _told(check(self._session.store, still))
        except StoreDamaged as damage:
            return file_faults([str(damage)])

    def _remember(self, faults: "Sequence[Fault]") -> tuple[Finding, ...]:
        found = tuple(finding_of(fault, is_office=self._session.is_office) for fault in faults)
        body = {"day": self._session.today().isoformat(), "faults": [list(asdict(one).values()) for one in found]}
        with self._session.store.settings() as settings:
            settings.set(CHECKED, json.dumps(body, ensure_ascii=False))
        return found

    def _remembered(self) -> tuple[str, tuple[Finding, ...]]:
        from gridworker.store.meta import Meta

        try:
            with self._session.store.cursor() as cursor:
                body = json.loads(Meta(cursor).text(CHECKED, "{}"))
        except StoreProblem:
            return "", ()
        return str(body.get("day", "")), tuple(Finding(*one) for one in body.get("faults", ()))


def _told(found: "Sequence[Fault]") -> "list[Fault]":
    """What a daily check tells: what is serious, files, and how many references lead nowhere."""
    from gridworker.store.health.check import Fault

    told = [fault for fault in found if fault.serious or fault.where == PART]
    if count := sum(fault.where == _REFERENCES for fault in found):
        said = ngettext(
            "{count} reference leads to a record that is not here. It is named by: gridworker check",
            "{count} references lead to records that are not here. They are named by: gridworker check",
            count,
        ).format(count=count)
        told.append(Fault(_REFERENCES, said, serious=False))
    return told


def finding_of(fault: "Fault", *, is_office: bool) -> Finding:
    """A fault, and what to do about it; about what else is not serious the sentence itself says it."""
    if fault.where == _REFERENCES:
        todo = gettext("Nothing is lost by it. Open the record that names it and choose anew, or ask the office to.")
        return Finding(fault.sentence, todo, of_store=False, calm=True)
    if fault.where == PART:
        return Finding(fault.sentence, files_todo(is_office=is_office), of_store=False)
    if not fault.serious:
        return Finding(fault.sentence, "")
    if fault.where == "index":
        return Finding(fault.sentence, gettext("Close the program first. Until then people are found by their door."))
    if fault.where == "past":
        return Finding(fault.sentence, gettext("Close the program first."))
    return Finding(
        fault.sentence,
        gettext(
            "Keep the data folder as it is. Put back the newest backup on the page Backups: the store that is here is "
            "kept aside. What it holds beyond the backup is taken out of it with: gridworker rescue."
        ),
    )
