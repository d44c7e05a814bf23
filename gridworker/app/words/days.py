"""Days and spans as people say them: 3月18日 星期三, 昨天 17:42, 8 天前, 超 35 分."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from gridworker.domain.moments import local, local_day
from gridworker.text import Label, gettext

_WEEKDAYS = (Label("Mon"), Label("Tue"), Label("Wed"), Label("Thu"), Label("Fri"), Label("Sat"), Label("Sun"))
_MONTHS = (
    Label("January"), Label("February"), Label("March"), Label("April"), Label("May"), Label("June"), Label("July"),
    Label("August"), Label("September"), Label("October"), Label("November"), Label("December"),
)  # fmt: skip
_SHORT_MONTHS = (
    Label("Jan"), Label("Feb"), Label("Mar"), Label("Apr"), Label("May"), Label("Jun"), Label("Jul"), Label("Aug"),
    Label("Sep"), Label("Oct"), Label("Nov"), Label("Dec"),
)  # fmt: skip

_HOUR, _DAY = 3600, 86400
_TOLD = 3
"""Of several moments so many are told."""


def weekday(day: date) -> str:
    """``Wed``, ``三``: for a strip of days and inside the sentences below."""
    return str(_WEEKDAYS[day.weekday()])


def long_day(day: date) -> str:
    """``Wed 18 March``, ``3月18日 星期三``."""
    return gettext("{weekday} {day} {month}").format(weekday=weekday(day), day=day.day, month=_MONTHS[day.month - 1])


def full_day(day: date) -> str:
    """``Wed, 25 Mar``, ``3月25日 周三``."""
    return gettext("{weekday}, {day} {month}").format(
        weekday=weekday(day), day=day.day, month=_SHORT_MONTHS[day.month - 1]
    )


def short_day(day: date, today: date | None = None) -> str:
    """``9 Mar``, ``3月9日``; with its year where that is another than today's."""
    if today is not None and day.year != today.year:
        return gettext("{day} {month} {year}").format(day=day.day, month=_SHORT_MONTHS[day.month - 1], year=day.year)
    return gettext("{day} {month}").format(day=day.day, month=_SHORT_MONTHS[day.month - 1])


def told_day(text: str, today: date) -> str:
    """``9 Mar``, ``9 Mar 2025`` for a day as it is stored, ``YYYY-MM-DD``; what is no such day as it stands."""
    try:
        return short_day(date.fromisoformat(text), today)
    except ValueError:
        return text


def ago(day: date | None, today: date) -> str:
    """``8 d ago``, ``8 天前``; never for None."""
    if day is None:
        return gettext("Never")
    days = (today - day).days
    if days <= 0:
        return gettext("today")
    return gettext("yesterday") if days == 1 else gettext("{count} d ago").format(count=days)


def clock(at: datetime | str) -> str:
    """``09:42``: the time of day here."""
    return f"{local(at):%H:%M}"


def near_moment(at: datetime, today: date) -> str:
    """``today 13:48``, ``yesterday 17:42``, ``15 Mar 17:42``."""
    day = local_day(at)
    known = {
        today: gettext("today {time}"),
        today - timedelta(days=1): gettext("yesterday {time}"),
        today + timedelta(days=1): gettext("tomorrow {time}"),
    }
    sentence = known.get(day)
    if sentence is not None:
        return sentence.format(time=clock(at))
    return gettext("{day} {time}").format(day=short_day(day, today), time=clock(at))


def near_moments(moments: Sequence[datetime], today: date) -> str:
    """``today 13:48, 15 Mar 17:42``: the first few of them, and that there are more."""
    told = [near_moment(at, today) for at in moments[:_TOLD]]
    return gettext(", ").join([*told, *(["…"] if len(moments) > _TOLD else [])])


def time_left(seconds: int) -> str:
    """A countdown: ``1:12 left``, ``35 min late``, ``3 h late``, ``2 d late``."""
    if seconds > 0:
        minutes = -(-seconds // 60)
        return gettext("{time} left").format(time=f"{minutes // 60}:{minutes % 60:02d}")
    late = -seconds
    if late < _HOUR:
        return gettext("{count} min late").format(count=late // 60)
    if late < 2 * _DAY:
        return gettext("{count} h late").format(count=late // _HOUR)
    return gettext("{count} d late").format(count=late // _DAY)


def limit(seconds: int) -> str:
    """What is asked for: ``Target 2 h``, ``Target 30 min``."""
    if seconds % _HOUR:
        return gettext("Target {count} min").format(count=seconds // 60)
    return gettext("Target {count} h").format(count=seconds // _HOUR)
