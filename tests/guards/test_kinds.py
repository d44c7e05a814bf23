"""Every kind keeps the promises that forms, bundles, tables and exports rest on. A new kind is picked up by itself."""

import ast
import inspect
import re
from collections import Counter

import pytest
from sqlalchemy.dialects.sqlite.base import SQLiteIdentifierPreparer

from gridworker import discover
from gridworker.record import Privacy, Record, Type
from gridworker.text import Label

KINDS = list(discover.kinds().values())
OF_A_PERSON = re.compile("phone|birth|^id_|witness|words|^met_other$")
"""Names of fields that hold something of a person wherever they stand."""

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind.name)


def _is_chinese(label: Label) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in str(label))


def test_kinds_are_found() -> None:
    assert {"household", "resident", "visit", "issue"} <= discover.kinds().keys()


def test_numbers_of_kinds_are_unique() -> None:
    assert [number for number, times in Counter(kind.kind.number for kind in KINDS).items() if times > 1] == []
    assert all(kind.kind.number > 0 for kind in KINDS)


@every_kind
def test_kind_stands_alone_in_the_file_of_its_name(kind: type[Record]) -> None:
    others = {other.__module__ for other in KINDS if other is not kind}
    assert kind.__module__ == f"gridworker.domain.{kind.kind.name}"
    assert kind.__module__ not in others
    imported = set()
    for node in ast.walk(ast.parse(inspect.getsource(inspect.getmodule(kind) or kind))):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {str(node.module), *(f"{node.module}.{name.name}" for name in node.names)}
    assert not imported & others, "a kind imports no other kind: name it with ref="


@every_kind
def test_kind_is_declared_in_full(kind: type[Record]) -> None:
    assert kind.__doc__
    assert kind.kind.caption
    assert set(kind.kind.caption) <= kind.kind.specs.keys()


@every_kind
def test_titles_are_translated(kind: type[Record], chinese: str) -> None:
    assert _is_chinese(kind.kind.title)
    assert _is_chinese(kind.kind.plural)


@every_kind
def test_fields_are_translated(kind: type[Record], chinese: str) -> None:
    assert [spec.name for spec in kind.kind.specs.values() if not _is_chinese(spec.label)] == []
    codes = [
        (spec.name, label) for spec in kind.kind.specs.values() if spec.codes for label in spec.codes.labels.values()
    ]
    assert [(name, label) for name, label in codes if not (_is_chinese(label) or label.message.isdigit())] == []


@every_kind
def test_fields_fit_their_types(kind: type[Record]) -> None:
    for spec in kind.kind.specs.values():
        assert (spec.codes is not None) == (spec.type in {Type.CODE, Type.CODES, Type.MARKS}), spec.name
        assert (spec.ref is not None) == (spec.type is Type.REF), spec.name
        assert spec.ref is None or spec.ref in discover.kinds(), spec.name
        if spec.codes:
            assert all(re.fullmatch(r"[^\s=]+", code) for code in spec.codes.labels), spec.name
            assert spec.codes.retired | set(spec.codes.first) <= spec.codes.labels.keys(), spec.name


@every_kind
def test_what_is_personal_is_kept_as_personal(kind: type[Record]) -> None:
    about_people = bool({kind.kind.name, *(spec.ref for spec in kind.kind.specs.values())} & {"resident", "household"})
    for spec in kind.kind.specs.values():
        words = spec.type is Type.NOTE and about_people
        if spec.type is not Type.REF and (words or spec.type is Type.PHONES or OF_A_PERSON.search(spec.name)):
            assert spec.privacy >= Privacy.PERSONAL, spec.name
        if spec.type is Type.ID_NUMBER:
            assert spec.privacy is Privacy.SENSITIVE, spec.name


@every_kind
def test_names_can_stand_in_sql_as_they_are(kind: type[Record]) -> None:
    assert not {kind.kind.name, *kind.kind.specs} & SQLiteIdentifierPreparer.reserved_words
