"""What is wrong with how a command was called, in the language of the product: the parser's own words are English."""

from typing import Any

from gridworker.text import gettext


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
        return gettext("What was given for {name} does not fit.").format(name=_name(parameter))
    if hasattr(error, "possibilities") and hasattr(error, "option_name"):
        return gettext("There is no option {name}.").format(name=error.option_name)
    if hasattr(error, "option_name"):
        return gettext("Something is missing: {name}.").format(name=error.option_name)
    return gettext("This command is not understood.")


def _name(parameter: Any) -> str:
    """``--out`` for an option, ``FILE`` for what stands without one."""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.name).strip("_").upper()
