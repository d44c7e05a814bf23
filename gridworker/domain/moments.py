"""Moments are stored in UTC and shown in China's one time zone; days are those of that zone."""

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def moment(text: str) -> datetime:
    """A stored moment, aware, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def written(at: datetime) -> str:
    """A moment as it is stored."""
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def local(at: datetime | str) -> datetime:
    """A moment in China's time."""
    return (moment(at) if isinstance(at, str) else at).astimezone(CHINA)


def local_day(at: datetime | str) -> date:
    """The day on the calendar at a moment."""
    return local(at).date()
