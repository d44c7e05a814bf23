"""A bundle that never came, or could not be read, in one sentence."""

from datetime import date

from gridworker.app.exchange.views import FORMER, LATER, Missing
from gridworker.app.words.days import near_moment
from gridworker.text import gettext


def missing_words(one: Missing, today: date) -> str:
    """Whose it is, its number, when it was written where that is known, and whether its content came otherwise.

    Of one that came and could not be read also when it came, and what to do.
    """
    came = near_moment(one.came, today) if one.came else ""
    if one.n is None:
        return gettext(
            "A file that came {moment} could not be read, and its name does not say whose it is: copy it once more, or "
            "have the next bundle of each sender handed in, which brings what is missing"
        ).format(moment=came)
    if one.laptop and one.written:
        words = gettext("Bundle {n} of laptop {laptop}, written {moment}")
    elif one.laptop:
        words = gettext("Bundle {n} of laptop {laptop}")
    elif one.written:
        words = gettext("Bundle {n} of the office, written {moment}")
    else:
        words = gettext("Bundle {n} of the office")
    moment = near_moment(one.written, today) if one.written else ""
    named = words.format(n=one.n, laptop=one.laptop, moment=moment)
    if one.office == LATER:
        return gettext("{bundle}: is for another computer that is at work as the office").format(bundle=named)
    if one.office == FORMER:
        named = gettext("{bundle}, from before the office was put back").format(bundle=named)
    if came:
        unread = gettext(
            "{bundle}: a file of that name came {moment} and could not be read; copy it once more, or the next one "
            "brings what is in it"
        )
        return unread.format(bundle=named, moment=came)
    told = gettext("{bundle}: never came; a later one brought what was in it")
    waits = gettext("{bundle}: never came; the next one brings what is in it")
    return (told if one.covered else waits).format(bundle=named)
