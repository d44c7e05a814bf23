"""What is wrong with how a command was called, in the language of the product: the parser's own words are English."""

from enum import Enum
from typing import Any

from gridworker.text import gettext

_COUNTABLE = 1_000_000_000
"""A bound above it is one of storage: telling it helps nobody."""


def sentence(error: Any) -> str:
    """One plain sentence for a fault of the parser."""
    context = error.ctx
    command = context.command_path if context is not None else "gridworker"
    return gettext("{fault} See {command} --help.").format(fault=_fault(error), command=command)


def _fault(error: Any) -> str:
    parameter = getattr(error, "param", None)
    if parameter is not None and hasattr(error, "param_type"):
        return gettext("Something is missing: {name}.").format(name=_name(parameter))
    if parameter is not None:
        return _misfit(parameter)
    if hasattr(error, "possibilities") and hasattr(error, "option_name"):
        return gettext("There is no option {name}.").format(name=error.option_name)
    if hasattr(error, "option_name"):
        return gettext("Something is missing: {name}.").format(name=error.option_name)
    return gettext("This command is not understood.")


def _misfit(parameter: Any) -> str:
    """A value of the wrong kind, and what may be given: the choices, or a number."""
    name, kind = _name(parameter), parameter.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        allowed = ", ".join(str(one.value) for one in kind)
        return gettext("What was given for {name} does not fit. It can be: {allowed}.").format(
            name=name, allowed=allowed
        )
    if kind in {int, float}:
        return _misfit_number(parameter, name)
    return gettext("What was given for {name} does not fit.").format(name=name)


def _misfit_number(parameter: Any, name: str) -> str:
    """A number is wanted; where it has bounds that a person would count to, they are told."""
    least, most = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if least is None or (most is not None and most > _COUNTABLE):
        return gettext("What was given for {name} does not fit: it has to be a number.").format(name=name)
    if most is None:
        words = gettext("What was given for {name} does not fit: it has to be a number, {least} or more.")
        return words.format(name=name, least=least)
    words = gettext("What was given for {name} does not fit: it has to be a number from {least} to {most}.")
    return words.format(name=name, least=least, most=most)


def _name(parameter: Any) -> str:
    """``--out`` for an option, ``FILE`` for what stands without one."""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.metavar or parameter.name).strip("_").upper()
