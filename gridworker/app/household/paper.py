"""A page of one household's file to be printed: who lives there, what is open, what happened; masked, on record."""

import html
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.household.export import purpose_spec
from gridworker.app.words.purposes import checked_purpose
from gridworker.errors import Problem
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.view import FileView, MomentView
    from gridworker.app.session import Session
    from gridworker.record import Spec

MOMENTS = 20
"""As many of what happened last as have room on a page."""


class HouseholdPaper(Service):
    """What the window shows of a file, on paper."""

    def __init__(self, session: "Session", file: "Callable[[int], FileView]") -> None:
        self._session, self._file = session, file

    @free("fields of a form")
    def fields(self) -> "list[Spec]":
        """What is asked first: what it is for."""
        return [purpose_spec()]

    @needs(Action.PRINT, Matter.PEOPLE)
    def page(self, household: int, *, purpose: str) -> str:
        """The page in HTML; it goes on record as printed before anything leaves. Raises NotFound, Problem."""
        said = checked_purpose(purpose)
        view = self._file(household)
        if "no" in view.strips:
            raise Problem("They said no to being kept: nothing of them is printed. Their own file is for them alone.")
        self._session.note("print", kind="household", record=household, count=1, purpose=said)
        return "".join(_parts(view))


def _parts(view: "FileView") -> Iterable[str]:
    home = view.home
    yield f"<h2>{_text(home.door, home.name)}</h2><p>{_text(home.place, home.house, view.people, view.contact)}</p>"
    yield f"<p>{_text(*(sign.text for sign in home.signs))}</p>"
    visits = ((gettext("Last visit"), home.last), (gettext("Next visit"), home.next_on))
    yield f"<p>{_text(*(f'{label} {day}' for label, day in visits if day))}</p>"
    heads = (gettext("Full name"), gettext("Relation"), gettext("Age"), gettext("ID number"), gettext("Phone"))
    people = [(one.name, one.relation, one.age, one.id_number, one.phone) for one in home.members]
    yield _table(gettext("People here"), people, heads)
    yield _table(gettext("Open issues"), [(one.title, one.about, one.state) for one in home.issues])
    yield _table(gettext("Open needs"), [(one.title, one.about, one.state) for one in view.needs])
    yield _table(gettext("Care"), [(one.sign.text, one.about) for one in view.cares])
    named = dict.fromkeys((who.name, who.phone) for one in view.cares for who in one.contacts)
    yield _table(gettext("Emergency contacts"), list(named))
    marks = {"ok": gettext("Fine"), "problem": gettext("Problem")}
    yield _table(gettext("Home safety"), [(one.label, marks.get(one.mark, "")) for one in view.checks])
    title = gettext("Visits and changes")
    if len(view.moments) > MOMENTS:
        title = gettext("Visits and changes, the newest {shown} of {all}").format(shown=MOMENTS, all=len(view.moments))
    yield _table(title, [_told(one) for one in view.moments[:MOMENTS]])


def _told(one: "MomentView") -> tuple[str, str, str]:
    change = f"{one.change[0]} → {one.change[1]}" if one.change else ""
    return one.right, one.title, " ".join(filter(None, (one.body, change)))


def _table(title: str, rows: Sequence[Sequence[str]], heads: Sequence[str] = ()) -> str:
    """A heading and a table below; nothing where there are no rows."""
    if not rows:
        return ""
    head = "".join(f"<th align='left'>{html.escape(one)}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table border='1' cellspacing='0' cellpadding='3' width='100%'><tr>{head}</tr>{body}</table>"
    return f"<h3>{html.escape(title)}</h3>{table}"


def _text(*parts: str) -> str:
    return html.escape(gettext(" · ").join(filter(None, parts)))
