"""Values as people read them: labels for codes, local time for moments, masks for what is kept close."""

from gridworker.domain import masking
from gridworker.domain.moments import local
from gridworker.record import Spec, Type, Value
from gridworker.text import gettext


def show(spec: Spec | None, value: Value, *, masked: bool = True) -> str:
    """A value in the current language; ``spec`` None is a record's existence. References show their number."""
    if spec is None:
        return gettext("Keep the record") if value else gettext("Delete the record")
    if value is None:
        return gettext("(empty)")
    if masked and masking.is_masked(spec):
        return masking.masked(spec, value)
    return _words(spec, value)


def erased_word() -> str:
    """What stands where a value was that was erased."""
    return gettext("(erased)")


def _words(spec: Spec, value: Value) -> str:
    text = str(value)
    match spec.type:
        case Type.FLAG:
            return gettext("Yes") if value else gettext("No")
        case Type.CODE if spec.codes:
            return spec.codes.label(text)
        case Type.CODES if spec.codes:
            return gettext(", ").join(map(spec.codes.label, text.split()))
        case Type.MOMENT:
            return f"{local(text):%Y-%m-%d %H:%M}"
        case _:
            return text
