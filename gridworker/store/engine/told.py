"""Errors of the driver that leave a block, told as problems."""

from collections.abc import Callable
from types import TracebackType

import sqlcipher3.dbapi2 as driver
from sqlalchemy.exc import DBAPIError


class Told:
    """Around statements, in a ``with``. ``tell`` raises the problem an error is; else it leaves as it came."""

    __slots__ = ("_tell",)

    def __init__(self, tell: Callable[[BaseException], object]) -> None:
        self._tell = tell

    def __enter__(self) -> None:
        """Nothing is met yet."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Tell what was met, if it is the driver's."""
        if isinstance(error, DBAPIError | driver.Error):
            self._tell(error)
