"""Devices and people: who works here, which grids there are, which laptops were given out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from gridworker.app.words.days import near_moment, short_day
from gridworker.errors import Invalid, Problem
from gridworker.gui import background
from gridworker.gui.filedialogs import Purpose, choose_folder
from gridworker.gui.otheroffice import OtherOffice
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.pages.devices.approving import ApproveDialog
from gridworker.gui.pages.devices.clock import ClockPart
from gridworker.gui.pages.devices.kit import CodeDialog, KitDialog
from gridworker.gui.pages.devices.scope import ScopeDialog
from gridworker.gui.recovery.reminder import RecoveryReminder
from gridworker.gui.shortcuts import bind, offer
from gridworker.gui.undoing import undo_of
from gridworker.gui.watching.sharedfolder import SharedFolder
from gridworker.gui.widgets.avatar import AvatarSpec, first_character
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.keypicture import KeyPicture
from gridworker.gui.widgets.layout import clear, column, flow, holder, row, rule, scrolling
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.turning import Turning
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.app.exchange.clocks import Off
    from gridworker.app.exchange.devices import Laptop, NewKit
    from gridworker.app.workspace import Workspace

_BESIDE = 372
"""The width of the laptop in detail; where it has to scroll, the bar takes some of it, and nothing else moves."""
_LIST = 104
"""The least height of a list: two rows, and it scrolls."""
_STAFF = ("name", "role", "phone", "employment")
_OF_A_LAPTOP = (
    ("C", Label("Change grids")), ("T", Label("Correct its times")), ("R", Label("Give it out again")),
    ("U", Label("Take out of use or into it again")), ("L", Label("Lost or stolen")),
)  # fmt: skip
"""The keys of the laptop that is shown, each on its button, and what F1 says of them."""


@dataclass(frozen=True, slots=True)
class _Read:
    laptops: "list[Laptop]"
    grids: list[tuple[int, str]]
    staff: list[tuple[int, str, str]]
    agreement: str = ""
    off: "Mapping[int, Off]" = field(default_factory=dict)


class DevicesPage(Page):
    """The page of the office."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"grid", "staff", "device", "device_grid", "audit_event", "clock_correction"}
    )

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._found = _Read([], [], [])
        self.laptops = RowList(name=gettext("Laptops"))
        self.grids, self.staff = RowList(name=gettext("Grids")), RowList(name=gettext("Staff"))
        self.laptops.row_chosen.connect(self._show_laptop)
        self.kit = Button(gettext("New device bundle"), "package", key="K", kind="primary")
        self.kit.clicked.connect(self.give_kit)
        grid = Button(gettext("Add a grid"), "plus-bold", key="G", size="compact")
        grid.clicked.connect(self.add_grid)
        person = Button(gettext("Add a person"), "plus-bold", key="P", size="compact")
        person.clicked.connect(self.add_person)
        self._detail = Card()
        left = column(gap=16)
        left.addWidget(_card(gettext("Laptops"), self.laptops), 1)
        below = row(gap=16)
        below.addWidget(_card(gettext("Grids"), self.grids, grid), 1)
        below.addWidget(_card(gettext("Staff"), self.staff, person), 1)
        left.addLayout(below, 1)
        self.shared = SharedFolder(ws, shell, self)
        left.addWidget(self.shared.card)
        # In a low window with large text neither has room for all of it.
        area, beside = scrolling(holder(left)), scrolling(holder(column(self._detail, None)))
        beside.setFixedWidth(_BESIDE)
        for line in (below, self.shared.card.line):
            Turning(area, line)
        body = row(area, beside, gap=20)
        body.setStretch(0, 1)
        self.approve = Button(gettext("Approve an export"), "check", key="A")
        self.approve.clicked.connect(self.approve_export)
        forgotten = Button(gettext("A forgotten passphrase"), "key", key="F")
        forgotten.clicked.connect(self.answer_forgotten)
        offered = (
            (self.approve, "APPROVE PEOPLE", "A"), (forgotten, "ENROL DEVICES", "F"), (self.kit, "ENROL DEVICES", "K"),
            (grid, "CREATE AREAS", "G"), (person, "CREATE STAFF", "P"),
        )  # fmt: skip
        for button, deed, key in offered:
            if ws.session.can(deed):
                bind(self, key, button.click, button.accessibleName())
            else:
                button.hide()
        self._of_laptop: list[Button] = []
        self._keys = {key: bind(self, key, partial(self._press, key), str(label)) for key, label in _OF_A_LAPTOP}
        self.header = PageHeader(gettext("Devices and people"), "", self.approve, forgotten, self.kit)
        self.other, self.reminder = OtherOffice(ws), RecoveryReminder(ws, shell)
        layout = column(self.header, 12, self.other, self.reminder, 12, margins=(28, 16, 28, 24))
        layout.addLayout(body, 1)
        self.setLayout(layout)
        self.refresh({})

    def answer_forgotten(self) -> None:
        """Answer a laptop whose passphrase was forgotten."""
        self.shell.go("reset")

    def title(self) -> str:
        """What it is called."""
        return gettext("Devices and people")

    def focus_first(self) -> None:
        """On the laptops."""
        self.laptops.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> list[QWidget]:
        """The three lists and the laptop in detail."""
        return [self.laptops, self.grids, self.staff, self.shared.card, self._detail]

    def refresh(self, touched: Touched) -> None:
        """Read everything again."""
        del touched
        self.reminder.refresh()
        self.other.refresh()
        background.run(self._read, done=self._show)

    def _read(self) -> _Read:
        devices = self.ws.devices
        words = self.ws.exchange.agreement_words()
        return _Read(devices.laptops(), devices.grids(), devices.staff(), words, self.ws.clocks.off())

    def _show(self, found: _Read) -> None:
        self._found = found
        today = self.ws.session.today()
        self.header.show_title(gettext("Devices and people"), found.agreement)
        rows = []
        for one in found.laptops:
            seen = near_moment(one.seen, today) if one.seen else ""
            chip = _chip(one)
            about = gettext("{grids} · last seen {moment}") if seen else "{grids}"
            rows.append(
                Row(one.number, one.worker, gettext("laptop {number}").format(number=one.number),
                    about.format(grids=gettext(", ").join(one.grids), moment=seen), AvatarSpec(str(one.number)),
                    right_chip=chip)
            )  # fmt: skip
        self.laptops.show_rows(rows, self.laptops.current_key())
        self.grids.show_rows([Row(id_, name, avatar=AvatarSpec(icon="squares-four")) for id_, name in found.grids])
        roles = self.ws.records.kind("staff").kind.specs["role"].codes
        self.staff.show_rows([
            Row(id_, name, "", roles.label(role) if roles else role, AvatarSpec(first_character(name)))
            for id_, name, role in found.staff
        ])  # fmt: skip
        self._show_laptop(self.laptops.current_key())

    def _show_laptop(self, number: object) -> None:
        clear(self._detail.body)
        self._of_laptop = []
        laptop = next((one for one in self._found.laptops if one.number == number), None)
        if laptop is None:
            words = gettext("No laptop yet. A device bundle sets one up, with the grids you choose.")
            self._detail.body.addWidget(Text(words, "small", "ink-2", wrap=True))
        else:
            self._detail.body.addLayout(self._parts_of(laptop))
        offered = {one.key() for one in self._of_laptop}
        for key, shortcut in self._keys.items():
            offer(shortcut, there=key in offered)

    def _press(self, key: str) -> None:
        """A key of the laptop that is shown."""
        for button in self._of_laptop:
            if button.key() == key:
                button.click()
                return

    def _parts_of(self, laptop: "Laptop") -> QBoxLayout:
        name = gettext("Laptop {number}, {name}").format(number=laptop.number, name=laptop.worker)
        parts = column(Text(name, "large", bold=True, wrap=True), gap=8)
        if laptop.issued_on is not None:
            day = short_day(laptop.issued_on, self.ws.session.today())
            parts.addWidget(Text(gettext("Given out on {day}").format(day=day), "small", "ink-2"))
        parts.addWidget(Text(gettext(", ").join(laptop.grids), "small", wrap=True))
        if self.ws.session.can("CHANGE DEVICES"):
            change = Button(gettext("Change grids"), "squares-four", key="C", size="compact")
            change.clicked.connect(lambda: self.change_grids(laptop.number))
            self._of_laptop.append(change)
            parts.addLayout(row(change, None))
        if laptop.number in self._found.off:
            self.clock = ClockPart(self._found.off[laptop.number], self, self.ws, self.shell)
            parts.addLayout(self.clock)
            self._of_laptop += [self.clock.button] if self.ws.session.can("CHANGE DEVICES") else []
        if laptop.lives_left is not None:
            parts.addWidget(Text(self.ws.devices.lives_words(laptop.lives_left), "small", "due", wrap=True))
        if laptop.introduced:
            parts.addWidget(KeyPicture(laptop.digest, gettext("Picture of this laptop's key")))
            parts.addWidget(Text(gettext("Key words"), "caption", "ink-2"))
            parts.addWidget(Text("  ".join(laptop.words), wrap=True))
            fingerprint = gettext("Fingerprint {fingerprint}").format(fingerprint=laptop.fingerprint)
            parts.addWidget(Text(fingerprint, "small", "ink-2", wrap=True))
        else:
            words = gettext("It has not handed anything in yet. If its device bundle was lost, give it out again.")
            parts.addWidget(Text(words, "small", "ink-2", wrap=True))
            if self.ws.session.can("ENROL DEVICES"):
                again = Button(gettext("Give it out again"), "package", key="R")
                again.clicked.connect(
                    lambda: choose_folder(self, Purpose.BUNDLES, partial(self.give_again, laptop.number))
                )
                self._of_laptop.append(again)
                parts.addLayout(row(again, None))
        use = self._use(laptop)
        self._of_laptop += use
        parts.addWidget(flow(*use))
        return parts

    def _use(self, laptop: "Laptop") -> list[Button]:
        """The buttons that take a laptop out of use or into it again, for who may do that."""
        devices = self.ws.devices
        out_of_use = laptop.state != "active"
        if not self.ws.session.can("ENROL DEVICES" if out_of_use else "CHANGE DEVICES"):
            return []
        if out_of_use:
            offered = [(gettext("Take into use again"), "U", devices.readmit)]
        else:
            offered = [
                (gettext("Take out of use"), "U", devices.retire), (gettext("Lost or stolen"), "L", devices.revoke)
            ]  # fmt: skip
        buttons = []
        for label, key, act in offered:
            button = Button(label, key=key, size="compact")
            button.clicked.connect(lambda _=False, act=act: self._set_use(partial(act, laptop.number)))
            buttons.append(button)
        return buttons

    def _set_use(self, act: "Callable[[], None]") -> None:
        background.run(act, done=lambda _: self.refresh({}), failed=self._on_not_set, owner=self)

    def _on_not_set(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.shell.problem(fault)

    # ------------------------------------------------------------------------------------------------------- adding

    def add_grid(self) -> None:
        """A form for a grid."""
        self._form(
            gettext("Add a grid"), "grid", ("name",), lambda values: self.ws.devices.add_grid(str(values["name"] or ""))
        )

    def add_person(self) -> None:
        """A form for somebody who works here."""
        self._form(gettext("Add a person"), "staff", _STAFF, self.ws.devices.add_staff)

    def _form(
        self, title: str, kind: str, names: tuple[str, ...], save: "Callable[[dict[str, object]], object]"
    ) -> None:
        specs = self.ws.records.kind(kind).kind.specs
        dialog = FormDialog(self, FormText(title, gettext("Save")), [specs[name] for name in names], {})

        def done(_id: object) -> None:
            dialog.accept()
            self.shell.toast(gettext("Added."))
            self.refresh({})

        def failed(fault: Exception) -> None:
            if isinstance(fault, Invalid):
                dialog.show_faults(fault)
            elif isinstance(fault, Problem):
                dialog.show_faults(Invalid({names[0]: fault}))  # under the form nobody sees a line of the page
            else:
                raise fault

        def submit(_changes: object) -> None:
            values: dict[str, object] = dict(dialog.form.values())
            background.run(lambda: save(values), done=done, failed=failed, owner=dialog)

        dialog.submitted.connect(submit)
        dialog.open()

    def approve_export(self) -> None:
        """Answer a laptop that asks for more than it exports on its own."""
        if self.ws.session.can("APPROVE PEOPLE"):
            ApproveDialog(self, self.ws.approvals).open()

    # --------------------------------------------------------------------------------------------------------- kits

    def give_kit(self) -> None:
        """The form for a kit."""
        names = [name for _, name, _ in self._found.staff]
        dialog = KitDialog(self, self._found.grids, names)

        def issue(worker: str, grids: list[int], folder: Path) -> None:
            background.run(
                lambda: self.ws.devices.issue_kit(worker, grids, folder), done=shown, failed=failed, owner=dialog
            )

        def shown(kit: "NewKit") -> None:
            dialog.show_kit(kit)
            self.refresh({})

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Problem):
                raise fault
            dialog.show_fault(str(fault))
            self.refresh({})

        dialog.wanted.connect(issue)
        dialog.open()

    def give_again(self, laptop: int, folder: Path) -> None:
        """A new kit for a laptop that never showed itself."""
        background.run(
            lambda: self.ws.devices.reissue_kit(laptop, folder),
            done=self._on_given,
            failed=self._on_problem,
            owner=self,
        )

    def change_grids(self, number: int) -> None:
        """The form for the grids of a laptop."""
        laptop = next(one for one in self._found.laptops if one.number == number)
        own = {id_ for id_, name in self._found.grids if name in laptop.grids}
        title = gettext("Grids of laptop {number}, {name}").format(number=number, name=laptop.worker)
        dialog = ScopeDialog(self, title, self._found.grids, own)

        def give(grids: list[int]) -> None:
            background.run(lambda: self.ws.grids.give(number, grids).batch, done=given, failed=failed, owner=dialog)

        def given(batch: int) -> None:
            dialog.accept()
            if batch:
                undo = undo_of(self.ws, self.shell, batch)
                self.shell.toast(gettext("The laptop hears of it with the next reply."), undo)
            self.refresh({})

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Problem):
                raise fault
            dialog.show_fault(str(fault))

        dialog.wanted.connect(give)
        dialog.open()

    def _on_given(self, kit: "NewKit") -> None:
        CodeDialog(self, kit).open()
        self.refresh({})

    def _on_problem(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.shell.problem(fault)


def _card(title: str, listed: RowList, *more: QWidget) -> Card:
    card = Card(margins=(0, 0, 0, 6))
    listed.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # as high as there is room
    listed.setMinimumHeight(_LIST)
    card.body.addLayout(row(Text(title, bold=True), None, *more, margins=(16, 10, 12, 10)))
    card.body.addWidget(rule())
    card.body.addLayout(row(listed, margins=(4, 4, 4, 0)), 1)
    return card


def _chip(laptop: "Laptop") -> ChipSpec:
    """Whether a laptop is in use."""
    if laptop.state == "revoked":
        return ChipSpec(gettext("Lost or stolen"), "over", "warning")
    if laptop.state == "retired":
        return ChipSpec(gettext("Out of use"))
    return (
        ChipSpec(gettext("In use"), "ok", "check")
        if laptop.introduced
        else ChipSpec(gettext("Device bundle given out"))
    )
