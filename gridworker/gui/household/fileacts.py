"""What the file of a household offers to who has it open: by their role, whose household it is, what became of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridworker.app.household.view import FileView
    from gridworker.app.session import Session


@dataclass(frozen=True, slots=True)
class FileActs:
    """What may be done here; nothing while no file is read (``view`` is None)."""

    session: "Session"
    view: "FileView | None" = None

    @property
    def visit(self) -> bool:
        """Begin a visit."""
        return self.view is not None and self.view.may_visit and self.view.may_edit

    @property
    def report(self) -> bool:
        """Report an issue at this household; of who moved out nothing is left there to report."""
        return self._is_none_of("foreign", "left", "moved") and self.session.knows("CREATE ISSUES")

    @property
    def printing(self) -> bool:
        """Print a page of it: not while others look on."""
        return self._is_none_of("foreign") and self._is_alone() and self.session.can("PRINT PEOPLE")

    @property
    def tell(self) -> bool:
        """Tell of births, deaths and moves of a household that is ours; of one that moved out, that it is back."""
        view = self.view
        return (
            view is not None
            and view.may_edit
            and self._is_alone()
            and self._is_none_of("foreign")
            and ("moved" not in view.strips or bool(view.former))
        )

    @property
    def edit(self) -> bool:
        """Add people, and change what is known of the household."""
        view = self.view
        here = view is not None and (bool(view.home.members) or "moved" not in view.strips)
        return view is not None and here and view.may_edit and self._is_alone() and self._is_none_of("foreign")

    @property
    def hand_over(self) -> bool:
        """A laptop asks, once; the office moves a household itself."""
        mine = self.view is not None and self.view.may_edit and not self.session.is_office
        return mine and self._is_none_of("foreign", "handover")

    @property
    def care(self) -> bool:
        """Change and end care files."""
        return self.tell and self.session.can("CREATE CARE")

    @property
    def new_care(self) -> bool:
        """Open one: of who lives here (domain.md 2.3, care is agreed with somebody at home)."""
        return self.care and self._is_none_of("moved")

    @property
    def need(self) -> bool:
        """Write down needs, of a household that is ours."""
        ours = self._is_none_of("foreign", "left", "moved") and self._is_alone()
        return ours and self.session.can("CREATE ISSUES")

    def _is_none_of(self, *strips: str) -> bool:
        return self.view is not None and self.view.strips.keys().isdisjoint(strips)

    def _is_alone(self) -> bool:
        return self.view is not None and not self.view.home.sharing
