"""A form for any kind of record, from its declarations: labels, one editor for each type, faults beside fields."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gridworker.gui.widgets import editors
from gridworker.gui.widgets.editors import Editor
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.phones import PhonesEditor
from gridworker.gui.widgets.reference import ReferenceEditor, References
from gridworker.gui.widgets.remarks import Remarks
from gridworker.gui.widgets.text import Text

if TYPE_CHECKING:
    from gridworker.errors import Invalid
    from gridworker.record import Spec, Value


def editor_for(spec: "Spec", references: References | None = None) -> Editor:
    """The editor of a field. A reference without a place to look it up is a number."""
    from gridworker.record import Type

    if spec.type is Type.REF and spec.ref and references is not None:
        return ReferenceEditor(spec.ref, references)
    if spec.codes is not None and spec.type is Type.CODE:
        return editors.CodeEditor(spec.codes)
    if spec.codes is not None and spec.type is Type.CODES:
        return editors.CodesEditor(spec.codes)
    makers: dict[Type, Callable[[], Editor]] = {
        Type.NOTE: editors.NoteEditor,
        Type.NUMBER: editors.NumberEditor,
        Type.REF: editors.NumberEditor,
        Type.FLAG: lambda: editors.FlagEditor(str(spec.label)),
        Type.DAY: editors.DayEditor,
        Type.MOMENT: editors.MomentEditor,
        Type.PHONES: PhonesEditor,
    }
    return makers.get(spec.type, lambda: editors.TextEditor(spec.max_length))()


class _Field(QWidget):
    """A label, an editor, and under it what is wrong."""

    def __init__(self, spec: "Spec", editor: Editor) -> None:
        super().__init__()
        from gridworker.record import Type

        self.editor = editor
        self._fault = Text("", "caption", "due", wrap=True)
        self._fault.hide()
        label = str(spec.label)
        editor.set_name(label)
        parts: list[QWidget] = []
        if spec.type is not Type.FLAG:
            title = row(Text(label, "small", "ink-2"), gap=4)
            if spec.required:
                title.addWidget(Text("*", "small", "due"))
            title.addStretch(1)
            parts.append(holder(title))
        under = [Remarks(editor)] if isinstance(editor, editors.NoteEditor) else []
        self.setLayout(column(*parts, editor, *under, self._fault, gap=4))

    def show_fault(self, fault: str) -> None:
        """Say what is wrong; '' for nothing."""
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        self.editor.set_wrong(bool(fault))
        self.editor.setAccessibleDescription(fault)

    def fault(self) -> str:
        """What is said to be wrong."""
        return self._fault.text() if not self._fault.isHidden() else ""


class RecordForm(QWidget):
    """The form. ``changed`` carries the name of the field a person changed."""

    changed = Signal(str)

    def __init__(self, specs: "Sequence[Spec]", *, references: References | None = None, columns: int = 1) -> None:
        super().__init__()
        self._fields: dict[str, _Field] = {}
        self._given: dict[str, Value] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(14)
        place = 0
        for spec in specs:
            field = _Field(spec, editor_for(spec, references))
            field.editor.changed.connect(lambda name=spec.name: self._on_changed(name))
            self._fields[spec.name] = field
            wide = _is_wide(spec)
            place += (-place) % columns if wide else 0
            grid.addWidget(
                field, place // columns, place % columns, 1, columns if wide else 1, Qt.AlignmentFlag.AlignTop
            )
            place += columns if wide else 1
        for column_number in range(columns):
            grid.setColumnStretch(column_number, 1)

    def set_values(self, values: "Mapping[str, Value]") -> None:
        """Show a record's values; fields it does not name are emptied."""
        self._given = {name: values.get(name) for name in self._fields}
        for name, field in self._fields.items():
            field.editor.set_value(self._given[name])
            field.show_fault("")

    def propose(self, values: "Mapping[str, Value]") -> None:
        """Put values into fields that are here, as if a person had: they count as changed."""
        for name, value in values.items():
            if name in self._fields:
                self._fields[name].editor.set_value(value)

    def values(self) -> "dict[str, Value]":
        """All values as they stand in the form."""
        return {name: field.editor.value() for name, field in self._fields.items()}

    def changes(self) -> "dict[str, Value]":
        """The values that differ from what was shown."""
        return {name: value for name, value in self.values().items() if value != self._given.get(name)}

    def show_faults(self, invalid: "Invalid") -> None:
        """Say beside each field what is wrong with it, and go to the first."""
        first: Editor | None = None
        for name, field in self._fields.items():
            fault = invalid.faults.get(name)
            field.show_fault(str(fault) if fault is not None else "")
            if fault is not None and first is None:
                first = field.editor
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def fault(self, name: str) -> str:
        """What is said to be wrong with a field."""
        return self._fields[name].fault()

    def show_field(self, name: str, *, shown: bool) -> None:
        """Whether a field is asked for; what stands in one that is not is left as it is."""
        self._fields[name].setVisible(shown)

    def narrow(self, name: str, codes: Collection[str]) -> None:
        """Let a field of one code offer only some of its list."""
        editor = self._fields[name].editor
        if isinstance(editor, editors.CodeEditor):
            editor.narrow(codes)

    def editor(self, name: str) -> Editor:
        """The editor of a field."""
        return self._fields[name].editor

    def focus_first(self) -> None:
        """Go to the first field."""
        for field in self._fields.values():
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    def _on_changed(self, name: str) -> None:
        self._fields[name].show_fault("")
        self.changed.emit(name)


def _is_wide(spec: "Spec") -> bool:
    """Whether a field takes a whole row: notes, and lists offered as chips."""
    from gridworker.record import Type

    if spec.type in {Type.NOTE, Type.CODES}:
        return True
    return spec.type is Type.CODE and spec.codes is not None and 3 < len(spec.codes.offered) <= editors.FEW
