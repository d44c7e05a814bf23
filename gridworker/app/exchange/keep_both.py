"""The value that keeps all sides of a note or a list."""

from gridworker.errors import Problem
from gridworker.record import NOTE_MAX_LENGTH, Type, Value
from gridworker.store import records


def keep_both(kind: str, field: str, values: tuple[Value, ...]) -> Value:
    """The words of lists once each, notes below each other. Raises Problem where that cannot be."""
    spec = records.kind_named(kind).kind.specs[field]
    words = [str(value) for value in dict.fromkeys(values) if value is not None]
    if spec.type in {Type.CODES, Type.PHONES}:
        return " ".join(dict.fromkeys(word for value in words for word in value.split()))
    joined = "\n".join(words)
    if spec.type is not Type.NOTE or len(joined) > NOTE_MAX_LENGTH:
        raise Problem("“{field}” cannot keep both; choose one side.", field=spec.label)
    return joined
