"""Issues as plain values: what the pages show, in the current language, masked where somebody looks on."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A word on a chip. ``kind`` says what it means: a severity, ``late soon clock planned ready office hold ...``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Which issues are listed. ``state``: open, waiting, handling, return, closed. ``text``: words, or pinyin."""

    state: str = "open"
    track: str | None = None
    building: int | None = None
    text: str = ""
    newest: bool = False
    """By when they were reported, instead of what to do first."""

    @property
    def is_narrow(self) -> bool:
        """Whether something other than the state leaves issues out."""
        return bool(self.track or self.building or self.text)


@dataclass(frozen=True, slots=True)
class TileView:
    """One of the four firsts: how many are open, how many late or soon due."""

    track: str
    title: str
    text: str
    count: int = 0
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class IssueRowView:
    """One row. ``done`` of five steps are done; ``pace`` is late, soon or fine."""

    id: int
    title: str
    severity: Mark | None
    category: str
    about: str
    done: int
    step: str
    pace: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class GroupView:
    """One part of the list."""

    code: str
    title: str
    aside: str
    rows: tuple[IssueRowView, ...] = ()


@dataclass(frozen=True, slots=True)
class IssuesView:
    """The whole page. ``state``: some, empty (nothing open; the last closed ones are shown), filtered (to nothing)."""

    state: str
    tiles: tuple[TileView, ...]
    counts: Mapping[str, int]
    groups: tuple[GroupView, ...]
    waiting: int = 0
    late: int = 0
    more: bool = False
    """Whether the list goes on below the rows that are here."""
    where: str = ""
    """The grids listed."""
    looked: int = 0
    of: int = 0
    """How many issues were looked through for what was typed, the newest first, of how many: 0 where all were."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing else can fit: all issues were looked through."""
        return self.looked >= self.of


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the timeline. ``icon`` is the action's code; ``pace`` good, late, soon or plain."""

    id: int
    icon: str
    title: str
    right: str = ""
    body: str = ""
    pace: str = "plain"
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionView:
    """What may be done next, in words for a button."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class IssueView:
    """One issue in full. ``actions`` has the main one first; ``why_open`` says why it cannot be closed yet."""

    id: int
    number: str
    title: str
    category: str
    marks: tuple[Mark, ...]
    place: str
    household: int | None
    care: tuple[str, ...]
    done: int
    pace: str
    spoken: str
    breach: tuple[str, str] | None
    steps: tuple[StepView, ...]
    actions: tuple[ActionView, ...]
    can_close: bool
    why_open: str
    is_open: bool = True
    early_sign: bool = False


@dataclass(frozen=True, slots=True)
class StepDraft:
    """What a person says of the next step."""

    action: str
    note: str = ""
    due_on: str | None = None
    to_org: str = ""
    result: str | None = None
    satisfaction: str | None = None
    method: str | None = None
    to_person: str = ""
    solve_method: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: the issue, the sentence to show, and what to undo."""

    issue: int
    text: str
    batch: int


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place an issue can be at: a household, a building, or neither where only its words are kept."""

    title: str
    aside: str = ""
    household: int | None = None
    building: int | None = None
    words: str = ""
    """Where exactly, to begin with."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a code list: the code and its words."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ReportChoices:
    """The code lists of the form for an issue."""

    categories: tuple[Choice, ...]
    severities: tuple[Choice, ...]
    sources: tuple[Choice, ...]
