"""A desk to play on: a Workspace that only tells of commits, and pages that write down what they were asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QVBoxLayout, QWidget

from gridworker.gui.page import DialogPage, Page, PageEntry, Shell
from gridworker.text import Label


@dataclass
class Told:
    """A commit, as the store tells of it."""

    touched: Mapping[str, frozenset[int]]
    batch: int = 1


@dataclass
class Stage:
    """Stands for a Workspace where a page needs none of it."""

    listeners: list[Callable[[Any], None]] = field(default_factory=list)

    def subscribe(self, listener: Callable[[Any], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def commit(self, **touched: set[int]) -> None:
        for listener in self.listeners:
            listener(Told({kind: frozenset(ids) for kind, ids in touched.items()}))


class Recorded(Page):
    """A page with a list and a field, that writes down what it was asked."""

    kinds = frozenset({"visit", "household"})

    def __init__(self, ws: Any, shell: Shell) -> None:
        super().__init__(ws, shell)
        self.asked: list[Any] = []
        self.open_parts: list[bool] = []
        self.undoable: list[str] = []
        self.rows, self.line = QListWidget(), QLineEdit()
        layout = QVBoxLayout(self)
        layout.addWidget(self.rows)
        layout.addWidget(self.line)

    def title(self) -> str:
        return type(self).__name__

    def show_target(self, target: object) -> None:
        self.asked.append(("target", target))

    def refresh(self, touched: Mapping[str, frozenset[int]]) -> None:
        self.asked.append(("refresh", dict(touched)))

    def leave(self) -> None:
        self.asked.append("leave")

    def focus_first(self) -> None:
        self.rows.setFocus()

    def escape(self) -> bool:
        self.asked.append("escape")
        return self.open_parts.pop() if self.open_parts else False

    def undo(self) -> bool:
        return bool(self.undoable) and bool(self.undoable.pop())

    def regions(self) -> list[QWidget]:
        return [self.rows, self.line]


class Issues(Recorded):
    kinds = frozenset({"issue"})


class Palette(DialogPage):
    """A dialog over the page."""

    opened: list["Palette"] = []  # noqa: RUF012 - what the tests look at, emptied by each

    def __init__(self, ws: Any, shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        self.target: object = None
        Palette.opened.append(self)

    def show_target(self, target: object) -> None:
        self.target = target


@dataclass(frozen=True)
class Cast(PageEntry):
    """An entry that has its class at hand."""

    made: type[QDialog | QWidget] = Recorded

    def load(self) -> Callable[..., Any]:
        return self.made


def cast() -> tuple[PageEntry, ...]:
    """The pages of the play."""
    return (
        Cast("today", Label("Today"), "sun-horizon", "", group=0),
        Cast("households", Label("Households"), "identification-card", "", group=0),
        Cast("issues", Label("Issues"), "flag-banner", "", group=1, made=Issues),
        Cast("household", Label("Household file"), "door", "", under="households"),
        Cast("visit", Label("Visit"), "person-simple-walk", "", place="window"),
        Cast("sync", Label("Sync"), "arrows-down-up", ""),
        Cast("search", Label("Search"), "magnifying-glass", "", place="dialog", made=Palette),
    )
