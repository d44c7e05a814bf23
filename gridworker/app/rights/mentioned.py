"""Texts of other records that name a person who is to be erased, as a clerk decides about them place by place.

A place is a field of a record: what stands there, and what stood there before. Taking the name out by an ordinary edit
would leave the old text in the log, so whatever is done to a place erases what it held (``Wish``): the present text is
written anew without the name, or stays where only an earlier one had it, or goes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.domain import masking
from gridworker.domain.moments import local
from gridworker.errors import NotFound, Problem
from gridworker.record import Kind, Spec, Type
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.mentions import Mention
    from gridworker.store.wish import Wish

_STATES = {
    "earlier": Label("Replaced"),
    "deleted": Label("Deleted with its record"),
    "aside": Label("Set aside"),
    "ruled": Label("Said with a ruling"),
}

AROUND = 12
"""Characters shown on either side of a name."""


class Way(StrEnum):
    """What becomes of a place.

    ``leave``: nothing. ``blank``: all that ever stood there goes. ``earlier``: all but what is shown. ``rewrite``: all
    but what is shown, and that without the name, or in the words a clerk found.
    """

    LEAVE = "leave"
    BLANK = "blank"
    EARLIER = "earlier"
    REWRITE = "rewrite"


_REGISTERS = frozenset({"duty_shift", "training_record", "disclosure"})
"""Of what every device has, these hold words of people too; the others are rules and staff."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text that is not shown any more: when and by whom it was written, and how it stands (``mentions.Stands``)."""

    excerpt: str
    at: str
    who: str
    stands: str

    @property
    def told(self) -> str:
        """The same in one line."""
        when = " ".join(filter(None, (f"{local(self.at):%Y-%m-%d %H:%M}", self.who)))
        state = str(_STATES.get(self.stands, _STATES["earlier"]))
        return gettext("{state} ({when}): {excerpt}").format(state=state, when=when, excerpt=self.excerpt)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A place where the person is named; ``excerpt`` is empty where only an earlier text does, or where it refers.

    ``ways`` are what can be done, the usual one first; none where a person has to see to it otherwise. ``suggestion``
    is what is shown there without the name and ``mark`` what that text is known again by, both empty where it is not
    for showing in clear.
    """

    kind: str
    record: int
    title: str
    field: str
    label: str
    excerpt: str
    caption: str = ""
    earlier: tuple[Earlier, ...] = ()
    ways: tuple[Way, ...] = ()
    suggestion: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Rewording:
    """What is to be done about a place. ``text``: the words a clerk found in place of those with the mark ``was``."""

    kind: str
    record: int
    field: str
    way: Way
    text: str | None = None
    was: str = ""


def usual(found: Iterable[Mentioned]) -> list[Rewording]:
    """What is done where nobody decides otherwise: the name goes from every place that is not somebody else's own."""
    return [
        Rewording(one.kind, one.record, one.field, one.ways[0])
        for one in found
        if one.ways and one.ways[0] is not Way.LEAVE
    ]


def without(text: str, words: Collection[str]) -> str:
    """A text in which something else stands for the words, the longest first."""
    for word, other in stand_ins(words).items():
        text = text.replace(word, other)
    return text


def stand_ins(words: Collection[str]) -> dict[str, str]:
    """What stands for each of the words."""
    return {word: gettext("***") for word in sorted(words, key=len, reverse=True)}


def wish_of(rewording: Rewording, words: Collection[str]) -> "Wish":
    """The erasure that does it. Raises Invalid for a text that may not stand there, NotFound, Problem."""
    from gridworker.store.wish import Wish

    kind = _rewritable(rewording.kind, rewording.field)
    name = rewording.field
    if name not in kind.specs:
        return Wish(kind.name, rewording.record, (), gone=False, numbers=frozenset({int(name)}))
    wish = Wish(kind.name, rewording.record, (name,), gone=False)
    match rewording.way:
        case Way.BLANK:
            return wish
        case Way.REWRITE if rewording.text is not None:
            texts = discover.kinds()[kind.name].checked({name: rewording.text}, partial=True)
            return wish._replace(instead=texts, was={name: rewording.was} if rewording.was else {})
        case _:
            return wish._replace(keep=stand_ins(words) if rewording.way is Way.REWRITE else {})


def places(session: "Session", of: str, found: "Sequence[Mention]", words: Collection[str]) -> list[Mentioned]:
    """The places of some mentions, in their order. ``of``: the kind of what goes by these words."""
    reading = _Reading(session, of, found, sorted(words, key=len, reverse=True))
    groups = groupby(found, key=lambda one: (one.kind, one.record, one.field, not one.text))
    return [reading.place(list(mentions)) for _, mentions in groups]


def _rewritable(name: str, field: str) -> Kind:
    """The kind. Raises NotFound, Problem for what is not written in an office's own words."""
    known = discover.kinds().get(name)
    if known is None or not (field in known.kind.specs or field.isdecimal()):
        raise NotFound("There is no field called {field}.", field=field)
    if not _may_be_rewritten(known.kind):
        raise Problem("Only what is about residents can be erased. Delete the record instead.")
    return known.kind


def _may_be_rewritten(kind: Kind) -> bool:
    return not kind.office_only and (not kind.everywhere or kind.name in _REGISTERS)


class _Reading:
    """Turns mentions into places."""

    def __init__(self, session: "Session", of: str, found: "Iterable[Mention]", words: Sequence[str]) -> None:
        from gridworker.store.records import get_many

        self._session, self._of, self._words = session, of, words
        people = {one.who for one in found if one.who}
        with session.store.db.read() as connection:
            staff = get_many(connection, "staff", people)
        self._names: Mapping[int, str] = {who: str(values.get("name") or "") for who, values in staff.items()}

    def place(self, mentions: "list[Mention]") -> Mentioned:
        """One place: what stands there now comes first."""
        first = mentions[0]
        if not first.kind:
            title, label = gettext("something a newer version knows"), str(first.field)
            return Mentioned("", first.record, title, label, label, "", earlier=self._earlier(mentions, None))
        kind = discover.kinds()[first.kind].kind
        ruled = first.stands == "ruled"
        spec = None if ruled else kind.numbered.get(first.field)
        label = gettext("the office's word") if ruled else gettext("something a newer version knows")
        now = next((one for one in mentions if one.stands == "now" and one.text), None)
        values = self._session.store.get(first.kind, first.record)
        suggestion, mark = self._to_edit(now, spec, values.get(spec.name) if values and spec else None)
        return Mentioned(
            first.kind,
            first.record,
            str(kind.title),
            spec.name if spec else str(first.field),
            str(spec.label) if spec else label,
            self._excerpt(now.text, spec) if now else "",
            discover.kinds()[first.kind].caption(values) if values else "",
            self._earlier([one for one in mentions if one.text and one.stands != "now"], spec),
            () if ruled or not first.text else self._ways(kind, spec, mentions, now),
            suggestion,
            mark,
        )

    def _ways(self, kind: Kind, spec: Spec | None, mentions: "list[Mention]", now: "Mention | None") -> tuple[Way, ...]:
        if not _may_be_rewritten(kind) or not any(one.here for one in mentions):
            return ()
        if spec is None:
            return (Way.BLANK, Way.LEAVE)
        if now is None:
            return (Way.EARLIER, Way.LEAVE)
        blank = () if spec.required else (Way.BLANK,)
        if kind.name == self._of and self._is_own(spec, now.text):
            return (Way.LEAVE, *blank)
        if spec.type in {Type.PHONES, Type.ID_NUMBER}:
            return (*blank, Way.LEAVE)
        return (Way.REWRITE, *blank, Way.LEAVE)

    def _is_own(self, spec: Spec, text: str) -> bool:
        """Whether it is what somebody else goes by: another of the same name, or a number they share."""
        return spec.search and spec.type is not Type.NOTE and any(word in (text, *text.split()) for word in self._words)

    def _to_edit(self, now: "Mention | None", spec: Spec | None, shown: object) -> tuple[str, str]:
        """What to write instead of what is shown, and its mark; nothing where it is masked, or in conflict."""
        from gridworker.store.erasure.staying import mark_of

        if now is None or spec is None or now.sides != 1 or masking.is_masked(spec) or not isinstance(shown, str):
            return "", ""
        suggestion = without(shown, self._words)
        return (suggestion, mark_of(shown)) if masking.mask_in_text(suggestion) == suggestion else ("", "")

    def _earlier(self, mentions: "Iterable[Mention]", spec: Spec | None) -> tuple[Earlier, ...]:
        from gridworker.store.log.clock import moment_of

        return tuple(
            Earlier(
                self._excerpt(one.text, spec),
                f"{moment_of(one.clk):%Y-%m-%dT%H:%M:%SZ}",
                self._names.get(one.who, ""),
                str(one.stands),
            )
            for one in mentions
        )

    def _excerpt(self, text: str, spec: Spec | None) -> str:
        """The name and what stands around it, masked as the field is elsewhere."""
        if spec is not None and masking.is_masked(spec):
            return masking.masked(spec, text)
        at, word = next((text.index(word), word) for word in self._words if word in text)
        low, high = max(at - AROUND, 0), at + len(word) + AROUND
        kept = masking.mask_in_text(text)[low:high]  # the mask is as long as the number
        return f"{'…' if low else ''}{kept}{'…' if high < len(text) else ''}"
