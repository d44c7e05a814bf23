"""One household's file: who lives there, what is open, what happened, and what can be done."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.errors import NotFound
from gridworker.gui import background
from gridworker.gui.draftform import DraftForm
from gridworker.gui.household import handing
from gridworker.gui.household.caring import Caring
from gridworker.gui.household.fileacts import FileActs
from gridworker.gui.household.fileform import FileForms, Way
from gridworker.gui.household.filepaper import FilePaper
from gridworker.gui.household.filestrips import FileStrips
from gridworker.gui.household.lifemenu import LifeMenu
from gridworker.gui.household.needing import Needing
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.person.consenting import Consenting
from gridworker.gui.person.eraser import Eraser
from gridworker.gui.person.file import PersonFileMaker
from gridworker.gui.person.wishes import Wishes
from gridworker.gui.shortcuts import bind, offer
from gridworker.gui.undoing import undo_of
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.filecards import CareCard, OpenIssues, SafetyCard, TimelineCard, side_by_side
from gridworker.gui.widgets.filehead import FileHead
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column, holder, row, scrolling
from gridworker.gui.widgets.memberstable import MembersTable
from gridworker.gui.widgets.needscard import NeedsCard
from gridworker.gui.widgets.sheet import Sheet, sheet_button
from gridworker.gui.widgets.state import LoadingPanel, error_in, gone_in
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.view import FileView
    from gridworker.app.workspace import Workspace


class HouseholdPage(Page):
    """The page; its target is a household's id."""

    kinds: ClassVar[frozenset[str]] = frozenset({
        "household", "household_member", "resident", "visit", "issue", "issue_step", "care_membership", "care_contact",
        "consent", "dwelling", "building", "handover_request", "need",
    })  # fmt: skip

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._household: int | None = None
        self._view: FileView | None = None
        self._may = FileActs(ws.session)
        self._asked = 0
        self._point: tuple[str, int, str] | None = None
        self._eraser = Eraser(self, ws.erasing)
        self._eraser.erased.connect(self._on_erased)
        self._wishes = Wishes(self, ws.session, ws.erasing, self._eraser)
        self._wishes.told.connect(self._on_told)
        self._file_maker = PersonFileMaker(self, ws.person_files)
        self._consenting = Consenting(self, ws, shell, self._on_done)
        self._life = LifeMenu(self, ws, shell, self._on_done, self._on_hand_over)
        self._life.consents_wanted.connect(self._consenting.open)
        self._needing = Needing(self, ws, shell, self._on_done)
        self._caring = Caring(self, ws, shell, self._on_done)
        self._forms = FileForms(self, ws, shell, self._on_done, self._on_consent)
        self._paper = FilePaper(self, ws, shell)
        self._handing = handing.Desk(self, ws, shell, self._on_done)
        self._make_parts()
        self._bind_keys()
        shell.sharing_changed.connect(self._on_sharing)

    def _make_parts(self) -> None:
        self._issue = Button(gettext("Report issue"), "plus", key="E")
        self._visit = Button(gettext("Start visit"), "person-simple-walk", key="N", kind="primary")
        up = IconButton("caret-up", gettext("Household before"), "[")
        down = IconButton("caret-down", gettext("Next household"), "]")
        self._hand = IconButton("sign-out", gettext("Hand over to another grid"), "H")
        self._hand.clicked.connect(self._on_hand_over)
        fold = sheet_button(gettext("Show or hide what happened"))
        self._print = Button(gettext("Print a page"), "printer", key="P", kind="quiet")
        self._print.clicked.connect(self._on_print)
        actions = (fold, self._print, self._hand, self._issue, self._visit)
        self._header = PageHeader("", "", *actions, back=gettext("Back"), beside=(up, down))
        self._head = FileHead(self._reveal_contact)
        self._members = MembersTable(self._reveal)
        self._issues, self._needs, self._safety = OpenIssues(), NeedsCard(), SafetyCard()
        self._care = CareCard(self.ws.care.contacts.reveal)
        self._timeline = TimelineCard(gettext("Visits and changes"))
        self._strips = FileStrips(self.ws.session)
        for wanted, answer in (
            (self._strips.consent_wanted, self._on_consent),
            (self._strips.consents_wanted, self._on_consents),
            (self._strips.close_wanted, self._on_emptied),
            (self._strips.decision_wanted, self._on_decide),
            (self._strips.erase_wanted, self._wishes.erase),
            (self._strips.keep_wanted, self._wishes.keep),
            (self._strips.take_back_wanted, self._wishes.take_back),
            (self._strips.household_wanted, partial(self.shell.go, "household")),
        ):
            wanted.connect(answer)
        left = column(self._members, self._issues, self._needs, gap=16)
        left.addWidget(side_by_side(self._care, self._safety), 1)  # down to where the timeline ends
        self._left = scrolling(holder(left))
        self._members.fit_into(self._left)
        body = row(gap=20)
        body.addWidget(self._left, 29)
        body.addWidget(self._timeline, 20)
        layout = column(self._strips, self._head, 16)
        layout.addLayout(body, 1)
        lower = holder(layout)
        self._stack = QStackedWidget()
        for shown in (LoadingPanel(gettext("Reading the file")), lower):
            self._stack.addWidget(shown)
        self._sheet = Sheet(self, body, fold, width=440)
        self.setLayout(column(self._header, 16, self._stack, margins=(28, 16, 28, 24)))
        self._header.went_back.connect(self.shell.back)
        up.clicked.connect(partial(self._on_step, -1))
        down.clicked.connect(partial(self._on_step, 1))
        self._issue.clicked.connect(self._on_issue)
        self._visit.clicked.connect(self._on_visit)
        self._members.add_pressed.connect(self._on_add)
        self._members.happened.clicked.connect(self._on_happened)
        self._members.edit_pressed.connect(self._on_edit)
        self._issues.report_pressed.connect(self._on_issue)
        self._issues.opened.connect(partial(self.shell.go, "issues"))
        self._care.add_pressed.connect(self._on_add_care)
        self._care.opened.connect(self._on_care)
        self._care.contact_wanted.connect(self._on_contact)
        self._care.contact_opened.connect(self._on_contact)
        self._needs.add_pressed.connect(self._on_add_need)
        self._needs.opened.connect(self._on_need)
        self._needs.moved.connect(self._on_rank)
        self._timeline.opened.connect(self._on_moment)
        self._head.change_pressed.connect(self._on_change)

    def _bind_keys(self) -> None:
        self._keys = [
            (bind(self, "N", self._on_visit, gettext("Start visit")), "visit"),
            (bind(self, "E", self._on_issue, gettext("Report issue")), "report"),
            (bind(self, "A", self._members.press_add, gettext("Add person")), "edit"),
            (bind(self, "C", self._head.press_change, gettext("About the household")), "edit"),
            (bind(self, "M", self._on_happened, gettext("Life events")), "tell"),
            (bind(self, "R", self._on_add_need, gettext("Add need")), "need"),
            (bind(self, "G", self._on_add_care, gettext("Open a care file")), "new_care"),
            (bind(self, "P", self._on_print, gettext("Print a page")), "printing"),
            (bind(self, "H", self._on_hand_over, gettext("Hand over to another grid")), "hand_over"),
        ]
        bind(self, "[", partial(self._on_step, -1), gettext("Household before"))
        bind(self, "]", partial(self._on_step, 1), gettext("Next household"))

    def _offer_keys(self) -> None:
        for key, act in self._keys:
            offer(key, there=getattr(self._may, act))

    # ------------------------------------------------------------------------------------------------------ reading

    def title(self) -> str:
        """What it is called."""
        return gettext("Household file")

    def show_target(self, target: object) -> None:
        """Open the file of a household; ``("visit", household, id)`` points at one visit of it."""
        self._point = ("visit", target[2], "") if isinstance(target, tuple) else None
        household = target[1] if isinstance(target, tuple) else target
        if isinstance(household, int):
            self._household = household
            background.run(partial(self.ws.households.opened, household))
            self.refresh({})

    def refresh(self, touched: Touched) -> None:
        """Read the file again."""
        del touched
        if self._household is None:
            return
        self._asked += 1
        asked, household, sharing = self._asked, self._household, self.shell.sharing
        background.look(
            lambda: (asked, self.ws.households.file(household, sharing=sharing)),
            done=self._on_read,
            failed=partial(self._on_failed, asked),
        )

    def _on_failed(self, asked: int, fault: Exception) -> None:
        """Nothing of the household that was shown before is left, and no key does anything to either."""
        if asked == self._asked:
            self._view, self._may = None, FileActs(self.ws.session)
            self._offer_keys()
            self._header.show_title(gettext("Household file"))
            for one in (self._visit, self._issue, self._hand, self._print):
                one.hide()
            if isinstance(fault, NotFound):
                gone_in(self._stack, fault, self.shell.back)
                return
            error_in(self._stack, gettext("This file cannot be read just now."), fault, partial(self.refresh, {}))

    def _on_read(self, found: "tuple[int, FileView]") -> None:
        asked, view = found
        if asked == self._asked:
            self._view, self._may = view, FileActs(self.ws.session, view)
            self._show(view)

    def _show(self, view: "FileView") -> None:
        home, foreign = view.home, "foreign" in view.strips
        self._stack.setCurrentIndex(1)
        self._offer_keys()
        self._header.show_title(home.door or home.name, home.place)
        self._strips.show_file(view)
        for part in (self._head, self._left):
            part.setVisible(not foreign)
        self._sheet.offer(there=not foreign)
        first = self.window().focusWidget() is self._visit
        self._visit.setVisible(self._may.visit)
        self._issue.setVisible(self._may.report)
        self._hand.setVisible(self._may.hand_over)
        self._print.setVisible(self._may.printing)
        self._members.happened.setVisible(self._may.tell)
        if first:
            self.focus_first()
        self._head.show_file(view)
        self._members.show_people(home.members, view.former, may_edit=self._may.edit, sharing=home.sharing)
        self._issues.show_issues(home.issues, may_report=self._may.report)
        self._needs.show_needs(view.needs, may_edit=self._may.need)
        for card in (self._needs, self._care, self._safety):  # not "none": hidden while others look on
            card.setVisible(not home.sharing)
        self._care.show_cares(view.cares, may_edit=self._may.care, may_open=self._may.new_care)
        self._safety.show_checks(view.checks, view.checked_on)
        self._timeline.show_moments(view.moments)
        if self._point is not None:
            self._sheet.open_sheet()
            self._timeline.point_at(self._point)
            self._point = None

    # ----------------------------------------------------------------------------------------------------- answers

    def _on_sharing(self, _sharing: bool) -> None:
        self.refresh({})

    def _on_visit(self) -> None:
        if self._may.visit:
            self.shell.go("visit", self._household)

    def _on_print(self) -> None:
        if self._may.printing:
            self._paper.ask(self._household or 0)

    def _on_issue(self) -> None:
        if self._may.report:
            self.shell.report_issue(self._household)

    def _on_happened(self) -> None:
        if self._may.tell:
            self._life.offer(self._household or 0, self._members.happened)

    def _on_hand_over(self) -> None:
        if self._may.hand_over:
            handing.ask(self._handing, self._household or 0)

    def _on_decide(self) -> None:
        handing.decide(self._handing, self._household or 0)

    def _on_step(self, by: int) -> None:
        near = (self._view.before if by < 0 else self._view.after) if self._view else None
        if near is not None:
            self.show_target(near)

    def _on_moment(self, key: object) -> None:
        if isinstance(key, tuple) and key[0] == "issue":
            self.shell.go("issues", key[1])

    def _on_add(self) -> None:
        household = self._household or 0
        draft = f"person:{household}"
        self._forms.ask(
            household,
            lambda: self.ws.people.form(household),
            FormText(gettext("Add person"), gettext("Add")),
            lambda values: self.ws.people.add(household, values, finishes=draft).batch,
            Way(gettext("Added."), draft, alike=True),
        )

    def _on_edit(self, membership: int) -> None:
        household = self._household or 0
        draft = f"member:{membership}:{household}"
        kept = self._forms.ask(
            household,
            lambda: self.ws.people.form(household, membership),
            FormText(
                gettext("Change what is known"),
                gettext("Save"),
                also=gettext("No longer lives here"),
                erase=self._wishes.verb(),
                file=gettext("Their own file"),
            ),
            lambda values: self.ws.people.save(household, membership, values, finishes=draft).batch,
            Way(gettext("Saved."), draft),
        )
        kept.dialog.also_pressed.connect(partial(self._on_let_go, kept, membership))
        kept.dialog.erase_pressed.connect(partial(self._on_erase, kept.dialog, membership))
        kept.dialog.file_pressed.connect(partial(self._on_file, kept.dialog, membership))

    def _on_add_care(self) -> None:
        if self._may.new_care:
            self._caring.add(self._household or 0)

    def _on_care(self, care: object) -> None:
        if isinstance(care, int) and self._may.care:
            self._caring.open(self._household or 0, care)

    def _on_contact(self, care: int, contact: int | None = None) -> None:
        if self._may.care:
            self._caring.ask_contact(self._household or 0, care, contact)

    def _on_add_need(self) -> None:
        if self._may.need:
            self._needing.add(self._household or 0)

    def _on_need(self, need: object) -> None:
        if isinstance(need, int) and self._may.need:
            self._needing.open(self._household or 0, need)

    def _on_rank(self, need: object, by: int) -> None:
        if isinstance(need, int) and self._may.need:
            self._needing.move(self._household or 0, need, by)

    def _on_let_go(self, kept: DraftForm, membership: int) -> None:
        kept.finish()
        kept.dialog.reject()
        found = (one for one in (self._view.home.members if self._view else ()) if one.membership == membership)
        self._life.let_go(self._household or 0, next(found), kept.name)

    def _on_erase(self, dialog: FormDialog, membership: int) -> None:
        dialog.reject()
        self._wishes.begin(membership, self._view)

    def _on_erased(self) -> None:
        """Takes the place of an undo that was offered before: what is erased stays so."""
        self._on_told(gettext("Erased for good. Nobody can undo it."))

    def _on_told(self, words: str) -> None:
        self.shell.toast(words)
        self.refresh({})

    def _on_file(self, dialog: FormDialog, membership: int) -> None:
        dialog.reject()
        self._file_maker.begin(membership)

    def _on_consent(self) -> None:
        self._consenting.ask(self._household or 0)

    def _on_emptied(self) -> None:
        household, words = self._household or 0, gettext("Moved out.")
        background.run(lambda: self.ws.life.close(household).batch, done=partial(self._on_done, words), owner=self)

    def _on_consents(self) -> None:
        self._consenting.open(self._household or 0)

    def _on_change(self) -> None:
        household = self._household or 0
        draft = f"household:{household}"
        self._forms.ask(
            household,
            lambda: self.ws.people.house_form(household),
            FormText(gettext("About the household"), gettext("Save")),
            lambda values: self.ws.people.save_house(household, values, finishes=draft).batch,
            Way(gettext("Saved."), draft),
        )

    def _on_done(self, words: str, batch: int) -> None:
        if batch:
            self.shell.toast(words, undo_of(self.ws, self.shell, batch))
        self.refresh({})

    def _reveal(self, resident: int, field: str) -> str:
        return self.ws.people.reveal(resident, field)

    def _reveal_contact(self) -> str:
        return self.ws.people.reveal_contact(self._household or 0)

    # ---------------------------------------------------------------------------------------------------- contract

    def focus_first(self) -> None:
        """Where the work starts: the visit; of who moved out, what happens to them."""
        first = self._members.happened if self._visit.isHidden() else self._visit
        first.setFocus()

    def escape(self) -> bool:
        """Close the sheet."""
        return self._sheet.close_sheet()

    def regions(self) -> list[QWidget]:
        """Header, people, timeline."""
        return [self._header, self._left, self._timeline]
