"""The number a new record gets for people to quote, where its kind has one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gridworker.domain.numbering import NUMBERED, next_number

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.tables.changes import Change


def number_for(session: "Session", kind: str, beside: "Sequence[Change]" = ()) -> str:
    """The next one of this laptop today. ``beside``: changes of the same act, which may have taken some."""
    from gridworker.store.queries.numbers import given

    field, day = NUMBERED[kind][0], session.today()
    taken = [str(change.values.get(field) or "") for change in beside if change.kind == kind]
    with session.store.db.read() as connection:
        return next_number(kind, session.store.identity.laptop, day, [*taken, *given(connection, kind, day)])


def numbered(session: "Session", kind: str, values: Mapping[str, object]) -> Mapping[str, object]:
    """The values of a new record, with its number where none was given."""
    field, _ = NUMBERED.get(kind, ("", ""))
    return {**values, field: number_for(session, kind)} if field and not values.get(field) else values
