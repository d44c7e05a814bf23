"""How the window looks and is used on this computer. Each choice holds at once; there is nothing to save."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal

from gridworker.gui.pages.settings.choices import Setting
from gridworker.gui.preferences import Preferences
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.layout import rule
from gridworker.text import gettext

MINUTES = (1, 2, 5, 10, 15)


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the preferences as a setting: what it is called, what it does, its values in words."""

    field: str
    name: str
    values: Sequence[tuple[Any, str]]
    about: str = ""


class HabitsCard(Card):
    """Some settings of this computer. ``changed`` carries the preferences with the new choice."""

    changed = Signal(object)

    def __init__(self, title: str, choices: Sequence[Choice], in_use: Callable[[], Preferences]) -> None:
        """``in_use`` gives the preferences as they are now."""
        super().__init__()
        self._in_use = in_use
        self.settings: dict[str, Setting] = {}
        self._values = {choice.field: [value for value, _ in choice.values] for choice in choices}
        self.body.addWidget(card_head(title, gettext("On this computer"), None, ruled=True))
        for choice in choices:
            words = [(str(number), label) for number, (_, label) in enumerate(choice.values)]
            setting = self.settings[choice.field] = Setting(choice.name, choice.about, words)
            setting.chosen.connect(partial(self._on_chosen, choice.field))
            self.body.addWidget(rule())
            self.body.addWidget(setting)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what is chosen now; a value that is none of those offered stands on the nearest below."""
        for field, values in self._values.items():
            now = getattr(preferences, field)
            below = [number for number, value in enumerate(values) if value == now or _less(value, now)]
            self.settings[field].show_value(str(below[-1] if below else 0))

    def _on_chosen(self, field: str, place: str) -> None:
        self.changed.emit(replace(self._in_use(), **{field: self._values[field][int(place)]}))


def _less(value: object, now: object) -> bool:
    return type(value) is int and type(now) is int and value < now


def look_choices() -> list[Choice]:
    """Language, text size, light or dark."""
    return [
        Choice("language", gettext("Language"), [("zh_CN", "中文"), ("en", "English")]),
        Choice(
            "scale",
            gettext("Text size"),
            [(1.0, "100%"), (1.25, "125%"), (1.5, "150%")],
            gettext("Ctrl + and Ctrl - change it on every page."),
        ),
        Choice(
            "mode",
            gettext("Light or dark"),
            [("automatic", gettext("As the computer")), ("light", gettext("Light")), ("dark", gettext("Dark"))],
        ),
    ]


def guard_choices() -> list[Choice]:
    """When the window locks, how a masked number is shown, whether letters are keys."""
    return [
        Choice(
            "lock_minutes",
            gettext("Lock when nobody is there"),
            [(minutes, gettext("{count} min").format(count=minutes)) for minutes in MINUTES],
            gettext("It also locks when the screen is locked and when the computer sleeps. Ctrl L locks at once."),
        ),
        Choice(
            "reveal_once",
            gettext("Showing a masked number"),
            [(False, gettext("While held")), (True, gettext("10 seconds at a press"))],
            gettext("Each look is written down either way."),
        ),
        Choice(
            "letters",
            gettext("Single letters as keys"),
            [(True, gettext("On")), (False, gettext("Off"))],
            gettext("N, D, V and their like. Off, only keys with Ctrl or Alt work; F1 lists them."),
        ),
    ]
