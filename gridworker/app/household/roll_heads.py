"""The beginning of an order by itself: a first page of all households without all of them.

At a million people an order is a megabyte, and so are the ids it counts by: to read them takes longer than the rows of
a page. What came since is brought in here as in a whole order, among the few that are at hand.
"""

from array import array
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from gridworker.app.household.order import Order
from gridworker.app.household.roll_homes import PLACE, Homes
from gridworker.app.household.roll_seats import Seats, reseated
from gridworker.app.long_sort import ID
from gridworker.store.queries import households

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection


def brought_up(
    connection: "Connection", order: Order, head: "array[int]", asked: Collection[int], today: date
) -> "array[int]":
    """The ids an order begins with now, as far as its ``head`` of before tells. ``asked``: who may stand elsewhere.

    What comes behind the last of the head that stayed is left out: others that are not here may come before it.
    """
    stayed = {*head}.difference(asked)
    if not asked or not stayed:
        return head if stayed else array(ID)
    here = {place.household for place in households.places(connection, asked)}
    among = Homes(array(ID, sorted({*head, *asked})))
    seats = Seats(connection, among, order, today)
    whole = array(PLACE, [place for home in head if (place := among.place(home)) is not None])
    found = [among.ids[place] for place in reseated(whole, among.places(asked), among.places(here), seats)]
    while found[-1] not in stayed:
        found.pop()
    return array(ID, found)
