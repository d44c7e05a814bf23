"""What a ledger says, checked like anything that is saved; a text that comes again is not cleaned again."""

from collections.abc import Collection, Mapping

from gridworker.record import Spec, Value
from gridworker.store.records import kind_named


class Checker:
    """Checks the records of one import. It remembers what people wrote, so it lives no longer than the import."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[str, _Cleaned]] = {}

    def know(self, kind: str, field: str, values: Collection[str]) -> None:
        """Take values of a field as they are: who read them has checked them by the field's own rule."""
        self._of(kind)[field].update(zip(values, values, strict=True))

    def checked(self, kind: str, values: Mapping[str, object], *, partial: bool = False) -> dict[str, Value]:
        """``Record.checked`` of a kind. Raises Invalid, NotFound."""
        return kind_named(kind).checked(values, partial=partial, cleaned=self._of(kind))

    def _of(self, kind: str) -> "dict[str, _Cleaned]":
        found = self._kinds.get(kind)
        if found is None:
            specs = kind_named(kind).kind.specs
            found = self._kinds[kind] = {name: _Cleaned(spec) for name, spec in specs.items()}
        return found


class _Cleaned(dict[object, Value]):
    """What was made of the texts of one field. Of nothing else: 1, True and 1.0 would be one key."""

    def __init__(self, spec: Spec) -> None:
        super().__init__()
        self._clean = spec.clean

    def __missing__(self, value: object) -> Value:
        found = self._clean(value)
        if type(value) is str:
            self[value] = found
        return found
