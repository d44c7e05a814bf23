"""One issue in full: how far it is, what was done, and the next step as the one main button."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from gridworker.app.issue.views import ActionView, IssueView
from gridworker.gui.look import theme as themes
from gridworker.gui.pages.issues.looks import ACTION_ICONS, chip, moment, step_tone
from gridworker.gui.pages.issues.stepbuttons import StepButtons
from gridworker.gui.pages.issues.stepform import StepForm
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.iconline import Hint, IconLink
from gridworker.gui.widgets.layout import clear, column, flow, holder, row, rule, scrolling
from gridworker.gui.widgets.photos import PhotoList
from gridworker.gui.widgets.progress import Stepper
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.timeline import Timeline
from gridworker.gui.widgets.toast import keep_free
from gridworker.text import gettext

KEYS = {"schedule_return": "F", "ask_office": "H"}
"""Keys of the steps beside the main one."""

_SIDE = 18
_EDGES, _FOOT, _STORY = 4, 12, 72
"""Hairlines and borders; the margin above and below the next step; what a timeline needs to be of use."""


class IssuePanel(Card):
    """The panel. ``wanted`` carries the code of a step a person chose, ``household_wanted`` the household's id.

    ``early_marked``: whether the matter is an early sign.
    """

    wanted = Signal(str)
    household_wanted = Signal(int)
    early_marked = Signal(bool)
    form_closed = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self.issue: IssueView | None = None
        self._form: StepForm | None = None
        self._close: Button | None = None
        labels = [gettext("Reported"), gettext("First response"), gettext("Handling"), gettext("Return visit")]
        self._stepper = Stepper([*labels, gettext("Closed")])
        self.photos = PhotoList()
        self.photos.grown.connect(self._fit_soon)
        self._head, self._foot = QVBoxLayout(), QVBoxLayout()
        for kept in (self._stepper, self.photos):  # what stands nowhere would outlive the page
            self._head.addWidget(kept)
        self._foot_buttons = StepButtons([])
        self._foot.addWidget(self._foot_buttons)
        self._timeline = Timeline(gettext("What was done"))
        self._content = self._make_content()
        self._content.hide()
        self.body.addWidget(self._content)
        self.setAccessibleName(gettext("The issue"))

    def _make_content(self) -> QWidget:
        self._head_holder = holder(column(self._head, 14, margins=(_SIDE, 11, _SIDE, 0)))
        self._head_area = scrolling(self._head_holder)
        self._story = holder(row(self._timeline, margins=(_SIDE, 14, _SIDE - 4, 8)))
        self._below_story = rule()
        self._foot_holder = holder(column(self._foot, margins=(_SIDE, _FOOT, _SIDE, _FOOT)))
        keep_free(self._foot_holder)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head_area)
        layout.addWidget(rule())
        layout.addWidget(self._story, 1)
        layout.addWidget(self._below_story)
        layout.addWidget(self._foot_holder)
        return content

    # ----------------------------------------------------------------------------------------------------- showing

    def show_issue(self, issue: IssueView | None) -> None:
        """Show an issue, or nothing. A form that is open for it stays."""
        if issue is None or self.issue is None or issue.id != self.issue.id:
            self.close_form()
        self.issue = issue
        self._content.setVisible(issue is not None)
        if issue is None:
            return
        self._show_head(issue)
        self._timeline.show_moments([moment(step) for step in issue.steps])
        if self._form is None:
            self._show_actions(issue)
        self._fit()
        self._fit_soon()

    def _show_head(self, issue: IssueView) -> None:
        for kept in (self._stepper, self.photos):
            kept.setParent(None)
        clear(self._head)
        chips = flow(*(Chip(chip(mark, issue.category)) for mark in issue.marks), gap=6)
        top = row(gap=8)
        top.addWidget(chips, 1, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(Text(issue.number, "caption", "ink-3"))
        self._more = IconButton("dots-three", gettext("More steps"))
        self._more.clicked.connect(self._on_more)
        top.addWidget(self._more)
        self._head.addLayout(top)
        self._head.addWidget(Text(issue.title, "title", wrap=True))
        if issue.place or issue.care:
            self._head.addSpacing(2)
            self._head.addWidget(self._place(issue))
        self._head.addSpacing(14)
        self._head.addWidget(self._stepper)
        self._stepper.show_step(issue.done, step_tone(issue.pace) if issue.is_open else "ok", issue.spoken)
        if issue.breach:
            self._head.addSpacing(12)
            self._head.addWidget(Strip(*issue.breach, tone="over", icon="warning-fill"))
        self._head.addSpacing(10)
        self._head.addWidget(self.photos)
        self.photos.show()

    def _place(self, issue: IssueView) -> QWidget:
        parts: list[QWidget] = []
        if issue.household is not None:
            household = issue.household
            words = issue.place or gettext("Household file")
            link = IconLink(words, "house-simple", gettext("Open the household file  O"))
            link.pressed.connect(lambda: self.household_wanted.emit(household))
            parts.append(link)
        else:
            parts.append(Hint(issue.place, "house-simple"))
        parts += [Chip(ChipSpec(word, "care", "heart-fill")) for word in issue.care]
        layout = row(*parts, None, gap=8)
        return holder(layout)

    # ------------------------------------------------------------------------------------------------------ the steps

    def _show_actions(self, issue: IssueView) -> None:
        clear(self._foot)
        self._close = None
        buttons: list[Button] = []
        main = next(iter(issue.actions), None)
        if main is not None:
            icon = ACTION_ICONS.get(main.code, "")
            buttons.append(self._button(main, Button(main.label, icon, key="Enter", kind="primary")))
        beside = self._beside(issue.actions[1:])
        if beside is not None:
            buttons.append(self._button(beside, Button(beside.label, key=KEYS[beside.code])))
        if issue.is_open and (main is None or main.code != "close"):
            self._close = close = Button(gettext("Close it"), key="C")
            close.setEnabled(issue.can_close)
            close.setToolTip(issue.why_open)
            close.clicked.connect(lambda: self.wanted.emit("close"))
            buttons.append(close)
        self._foot_buttons = StepButtons(buttons)
        self._foot.addWidget(self._foot_buttons)
        if issue.why_open:
            self._foot.addSpacing(8)
            self._foot.addWidget(Hint(issue.why_open))

    def press_close(self) -> None:
        """As if the button was pressed, where it is there to be pressed."""
        if self._close is not None and self._close.isVisible():
            self._close.click()

    def _button(self, action: ActionView, button: Button) -> Button:
        button.clicked.connect(lambda: self.wanted.emit(action.code))
        return button

    @staticmethod
    def _beside(actions: Sequence[ActionView]) -> ActionView | None:
        """The one other step with a button of its own."""
        by_code = {action.code: action for action in actions}
        return by_code.get("schedule_return") or by_code.get("ask_office")

    def offers(self, code: str) -> bool:
        """Whether a step may be taken now."""
        return self.issue is not None and any(action.code == code for action in self.issue.actions)

    def label_of(self, code: str) -> str:
        """A step in words."""
        actions = self.issue.actions if self.issue is not None else ()
        return next((action.label for action in actions if action.code == code), code)

    def menu(self) -> QMenu:
        """All steps that may be taken now."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, action in enumerate(self.issue.actions if self.issue is not None else ()):
            key = "Enter" if number == 0 else KEYS.get(action.code, "")
            entry = QAction(f"{action.label}\t{key}" if key else action.label, menu)
            entry.triggered.connect(lambda _checked=False, code=action.code: self.wanted.emit(code))
            menu.addAction(entry)
        if self.issue is not None:
            menu.addSeparator()
            early = QAction(gettext("It is an early sign"), menu)
            early.setCheckable(True)
            early.setChecked(self.issue.early_sign)
            early.triggered.connect(self.early_marked)
            menu.addAction(early)
        return menu

    def _on_more(self) -> None:
        self.menu().popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    # -------------------------------------------------------------------------------------------------------- the form

    def form(self) -> StepForm | None:
        """The form that is open."""
        return self._form

    def open_form(self, form: StepForm) -> None:
        """Put a form in the place of the buttons."""
        self._form, self._close = form, None
        clear(self._foot)
        self._foot.addWidget(form)
        form.grown.connect(self._fit)
        self._fit()

    def close_form(self) -> None:
        """Take the form away and show the buttons again."""
        if self._form is None:
            return
        self._form = None
        clear(self._foot)
        if self.issue is not None:
            self._show_actions(self.issue)
        self._fit()
        self.form_closed.emit()

    def _fit_soon(self) -> None:
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """Share the height; the next step is always in sight.

        Below a form the timeline makes way first. Else the head scrolls, or many photos would leave no way to what was
        done.
        """
        width, height = self.width() - 2, self.height() - _EDGES
        if height <= 0:
            return
        head = _height(self._head_holder, width)
        least = max(themes.current().px(_STORY), self._story.minimumSizeHint().height())
        foot = self._form.needed(width - 2 * _SIDE) + 2 * _FOOT if self._form else self._foot_needs(width)
        has_story = head + foot + least <= height
        if not has_story and self._form is None:
            has_story = foot + least + height // 3 <= height
            head = min(head, height - foot - least) if has_story else head
        self._story.setVisible(has_story)
        self._below_story.setVisible(has_story)
        head = min(head, max(height - foot, height // 3)) if not has_story else head
        self._head_area.setFixedHeight(head)
        if self._form is not None:
            self._form.set_room(width - 2 * _SIDE, height - head - 2 * _FOOT - (least if has_story else 0))

    def _foot_needs(self, width: int) -> int:
        """The height of the buttons and the line below them, with as much on the buttons as fits."""
        self._foot_buttons.make_room(width - 2 * _SIDE)
        self._foot.invalidate()  # else it tells what it needed before
        return _height(self._foot_holder, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit again: what changed while it was not on screen was measured as it had been."""
        super().showEvent(event)
        self._fit_soon()

    def sizeHint(self) -> QSize:
        """As wide as in the mock-ups."""
        return QSize(themes.current().px(440), super().sizeHint().height())


def _height(widget: QWidget, width: int) -> int:
    """The height a widget needs at a width."""
    layout = widget.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.totalHeightForWidth(width)
    return widget.sizeHint().height()
