"""References of a form looked up in the register, for every page whose form names other records."""

from gridworker.app.register.register import Register
from gridworker.gui.widgets.reference import Referred


class RegisterReferences:
    """Where the form's references are looked up."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def find(self, kind: str, text: str, limit: int) -> list[Referred]:
        """The records of a kind that match what is typed."""
        return [Referred(found.id, found.caption) for found in self._register.find(kind, text, limit)]

    def caption(self, kind: str, id_: int) -> str:
        """What a record is called."""
        return self._register.caption(kind, id_)
