"""The contract between the window and its pages.

A page is a ``Page`` in its own file of ``gridworker.gui.pages``. It gets the Workspace and the ``Shell`` and talks to
the rest of the window only through the Shell's signals; no page knows another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from gridworker.gui.look.taborder import walk
from gridworker.gui.look.theme import Tone
from gridworker.gui.shortcuts import Key
from gridworker.text import Label

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from gridworker.errors import Problem
    from gridworker.gui.preferences import Preferences

Touched: TypeAlias = Mapping[str, frozenset[int]]
"""What a write touched: record ids by kind."""

FIELD, OFFICE = "field", "office"


@dataclass(frozen=True, slots=True)
class Undo:
    """What the toast's button does."""

    run: Callable[[], object]
    label: str = ""
    """Its words; empty is 'Undo'."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What needs the store closed. ``run`` returns words to show; ``meanwhile`` and ``done`` say what it is."""

    run: Callable[[], str]
    meanwhile: str
    done: str


class Shell(QObject):
    """What a page may ask of the window. Every request is a signal; the window answers it."""

    page_wanted = Signal(str, object)
    back_wanted = Signal()
    toast_wanted = Signal(str, object)
    problem_met = Signal(object)
    lock_wanted = Signal()
    share_wanted = Signal()
    """Share mode on, or off again."""
    badge_changed = Signal(str, int, str)
    status_changed = Signal(object)
    sharing_changed = Signal(bool)
    preferred = Signal(object)
    """How the window is to look and be used from now on (Preferences)."""
    away_wanted = Signal(object)
    """Close the store, do this Errand, then ask for the passphrase again: a backup is put back."""
    closing = Signal()
    """The desk goes, and the store is about to be closed."""
    folder_looked = Signal()
    """The shared folder was looked into."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sharing = False
        self.preferences: Preferences | None = None
        """Those in use, where a program has set them: a full disk may not have taken all of them."""

    def go(self, page: str, target: object = None) -> None:
        """Open a page by its name, at a target it understands (a household's id, a filter, ...)."""
        self.page_wanted.emit(page, target)

    def back(self) -> None:
        """Return to where the person came from."""
        self.back_wanted.emit()

    def search(self) -> None:
        """Open the search palette."""
        self.go("search")

    def report_issue(self, target: object = None) -> None:
        """Open the form for an issue; ``target`` is a household's id, ``("dwelling", id)`` or None."""
        self.go("report", target)

    def toast(self, text: str, undo: Undo | None = None) -> None:
        """Say what was done, with undo for eight seconds."""
        self.toast_wanted.emit(text, undo)

    def problem(self, problem: "Problem") -> None:
        """Show what went wrong and what to do, without stopping anybody."""
        self.problem_met.emit(problem)

    def badge(self, page: str, count: int, tone: Tone = "neu") -> None:
        """Put a number beside a page in the sidebar; 0 removes it."""
        self.badge_changed.emit(page, count, tone)

    def status(self, status: "Status") -> None:
        """Show the footer card of the sidebar."""
        self.status_changed.emit(status)

    def lock(self) -> None:
        """Lock the window now."""
        self.lock_wanted.emit()

    def share(self) -> None:
        """Switch share mode, where the role at the keyboard may."""
        self.share_wanted.emit()

    @property
    def sharing(self) -> bool:
        """Whether names, phones and tags are to be hidden from people looking on."""
        return self._sharing

    def set_sharing(self, sharing: bool) -> None:
        """Switch share mode; every page shows itself again."""
        if sharing != self._sharing:
            self._sharing = sharing
            self.sharing_changed.emit(sharing)


@dataclass(frozen=True, slots=True)
class Status:
    """The footer card: a bold line, a line below, and whether it is amber. ``done`` ticks it."""

    title: str
    text: str
    amber: bool = False
    icon: str = "arrows-down-up"
    done: bool = False
    count: int = 0
    """Drawn as a badge on the narrow rail."""
    rail: str = ""
    """Its words there, where it leads elsewhere than to Sync; then no key opens it."""


class Page(QWidget):
    """Base of all pages.

    ``kinds`` names the kinds of record it shows; ``refresh`` is called when a write touched one of them while the page
    is on screen, and once when it comes back on screen after it was. A page is made when it is first opened and lives
    until the window is locked.
    """

    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__()
        self.ws = ws
        self.shell = shell
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def title(self) -> str:
        """What the page is called where it came from ('back to ...'); no personal data."""
        return ""

    def show_target(self, target: object) -> None:
        """Called each time the page is opened, before it is shown. None is 'as it was'."""

    def refresh(self, touched: Touched) -> None:
        """Read again; ``touched`` is empty when everything may have changed."""

    def focus_first(self) -> None:
        """Put the focus where the work starts."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> list[QWidget]:
        """What F6 walks through, in order."""
        return [self]

    def escape(self) -> bool:
        """Esc: close what is open on the page and say True; False goes back to where one came from."""
        return False

    def undo(self) -> bool:
        """Ctrl Z outside of text fields: undo and say True; False leaves it to the toast."""
        return False

    def leave(self) -> None:
        """Called before the page is hidden, locked or closed: what is half typed is to be kept now."""

    def unfinished(self) -> int | None:
        """The household whose visit is being written on it; None for none. Asked after ``leave``, before locking."""
        return None

    def own_keys(self) -> list[Key]:
        """For F1: keys that the list of the page answers itself, and that are therefore bound nowhere."""
        return []


class DialogPage(QDialog):
    """Base of what opens over a page (search, the issue form): never blocks, closes with Esc."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        self.ws = ws
        self.shell = shell
        self.setModal(True)

    def show_target(self, target: object) -> None:
        """Called before it opens."""

    def leave(self) -> None:
        """Called before the window is locked or closed while it is open: what is half typed is to be kept now."""

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """Tab walks as one reads."""
        return walk(self, forward=next_one) or super().focusNextPrevChild(next_one)


Place: TypeAlias = Literal["page", "window", "dialog"]
"""Beside the sidebar, instead of it, or over the page."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page in the list: where its class is, and where it appears.

    ``factory`` is ``module:Class`` and is imported when the page is first opened; a page whose module is not there is
    absent. ``group`` sets gaps between sidebar items; -1 keeps it out of the sidebar.
    """

    name: str
    label: Label
    icon: str
    factory: str
    roles: frozenset[str] = field(default=frozenset({FIELD, OFFICE}))
    group: int = -1
    place: Place = "page"
    short: Label | None = None
    """Its words on the narrow rail of a low window, where those of ``label`` have no room."""
    under: str = ""
    """The sidebar item that is lit while it is open, where it has none of its own."""

    def load(self) -> Callable[..., Any]:
        """Its class."""
        from importlib import import_module

        module, _, name = self.factory.partition(":")
        loaded: Callable[..., Any] = getattr(import_module(module), name)
        return loaded
