"""The one gate: what a method of a service needs is declared on it, and asked before anything of it runs.

Every public method of a service carries ``needs`` or ``free``; a guard test finds the one that does not. The check is
on the method and not on the way to it, so window, command line and other services all pass it.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from gridworker.domain.rights import Action, Matter, matter_of, refusal

if TYPE_CHECKING:
    from gridworker.app.session import Session

__all__ = ["Action", "Declared", "Matter", "Service", "declared", "free", "needs"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_S = TypeVar("_S", bound="Service")
_F = TypeVar("_F", bound=Callable[..., Any])
_MARK = "__needs__"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a method needs. ``matter`` None: the class of the kind in the argument ``of``; ``why``: it needs nothing."""

    action: Action | None = None
    matter: Matter | None = None
    of: str = ""
    why: str = ""


class Service:
    """Base of what a Workspace offers."""

    _session: "Session"

    def may(self, action: Action, matter: Matter) -> bool:
        """Whether the person at the keyboard may do that."""
        return self._session.may(action, matter)

    def matter(self, kind: str) -> Matter:
        """The class of a kind of record here: the audit on a laptop is that of its own people."""
        found = matter_of(kind)
        return Matter.OWN_LOG if found is Matter.AUDIT and not self._session.is_office else found

    def require(self, action: Action, matter: Matter) -> None:
        """Raise Denied, with the sentence that says who may, where the person at the keyboard may not."""
        if not self.may(action, matter):
            raise refusal(self._session.role, action, matter)


def needs(
    action: Action, matter: Matter | None = None, *, of: str = ""
) -> Callable[[Callable[Concatenate[_S, _P], _R]], Callable[Concatenate[_S, _P], _R]]:
    """Declare what a method needs: an action on a class of records, or on the kind named by its argument ``of``.

    Who may read a class only masked gets what share mode shows, where the method knows share mode; else nothing.
    """
    said = Declared(action, matter, of)

    def gate(method: Callable[Concatenate[_S, _P], _R]) -> Callable[Concatenate[_S, _P], _R]:
        signature = inspect.signature(method)
        masks = action is Action.READ and "sharing" in signature.parameters

        @wraps(method)
        def gated(service: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
            about = matter
            if about is None:
                about = service.matter(str(signature.bind(service, *args, **kwargs).arguments.get(of)))
            if masks and not service.may(action, about) and service.may(Action.MASKED, about):
                kwargs["sharing"] = True
            else:
                service.require(action, about)
            return method(service, *args, **kwargs)

        setattr(gated, _MARK, said)
        return gated

    return gate


def free(why: str) -> Callable[[_F], _F]:
    """Declare that a method needs no right, and why."""

    def gate(method: _F) -> _F:
        setattr(method, _MARK, Declared(why=why))
        return method

    return gate


def declared(method: object) -> Declared | None:
    """What was declared on a method, a static method or a property; None where nothing was."""
    ways = ("fget", "func", "__func__")
    inner = next((getattr(method, way) for way in ways if hasattr(method, way)), method)
    found = getattr(inner, _MARK, None)
    return found if isinstance(found, Declared) else None
