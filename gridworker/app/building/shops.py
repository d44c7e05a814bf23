"""Shops as a building shows them: in the row at street level, or at their own door further up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gridworker.app.words import days
from gridworker.domain.address import natural_key
from gridworker.domain.codes_shop import DEVELOPMENT, SHOP_KIND
from gridworker.domain.masking import mask_phones
from gridworker.store.queries.shops import ShopRow
from gridworker.text import gettext


@dataclass(frozen=True, slots=True)
class ShopView:
    """One shop. ``vacant`` is a shop's door behind which nobody does business now; ``facts`` are lines about it."""

    id: int
    name: str
    dwelling: int | None = None
    vacant: bool = False
    facts: tuple[str, ...] = ()
    words: str = ""


def shop_views(rows: Iterable[ShopRow], today: date, *, sharing: bool) -> tuple[ShopView, ...]:
    """The shops there are, and the doors that are empty since one closed, by door and name."""
    found = sorted(rows, key=lambda row: (natural_key(row.unit), natural_key(row.room), row.name, row.id))
    taken = {row.dwelling for row in found if row.closed_on is None}
    views: dict[int, ShopView] = {}
    for row in found:
        if row.closed_on is None:
            views[row.id] = _open(row, today, sharing=sharing)
        elif row.dwelling is not None and row.dwelling not in taken:
            taken.add(row.dwelling)
            views[row.id] = _vacant(row)
    return tuple(views.values())


def _open(row: ShopRow, today: date, *, sharing: bool) -> ShopView:
    trade = gettext(" · ").join(filter(None, (SHOP_KIND.label(row.kind or ""), row.trade)))
    contact = "" if sharing else gettext(" · ").join(filter(None, (row.contact, mask_phones(row.phone or ""))))
    verified = days.short_day(date.fromisoformat(row.verified_on), today) if row.verified_on else ""
    facts = (
        trade, contact, DEVELOPMENT.label(row.development) if row.development else "",
        gettext("Last verified on {day}").format(day=verified) if verified else gettext("Never verified"),
    )  # fmt: skip
    words = gettext(", ").join(filter(None, (row.room, row.name, gettext("Shop"), trade)))
    return ShopView(row.id, row.name, row.dwelling, facts=tuple(filter(None, facts)), words=words)


def _vacant(row: ShopRow) -> ShopView:
    word = gettext("Vacant")
    facts = (gettext("Before: {name}").format(name=row.name),)
    words = gettext(", ").join(filter(None, (row.room, gettext("Shop"), word)))
    return ShopView(row.id, word, row.dwelling, vacant=True, facts=facts, words=words)
