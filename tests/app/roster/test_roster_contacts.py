"""Whom to ring in an emergency, by a ledger: kept with the care file of who is in care, else told of."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gridworker.app.roster.preview import Preview
from gridworker.app.workspace import Workspace
from gridworker.record import Value
from tests.sheets.ledgers import id_number, xlsx

HEADER = ("姓名", "身份证号", "住址", "电话", "人员类别", "紧急联系人", "紧急联系人关系", "紧急联系人电话")
CHEN = ("陈桂芳", id_number("19471231", 2), "3-1-202", "13800000141", "独居老人", "陈强", "儿子", "13800000142")
LI = ("李红", id_number("19800526", 4), "3-1-203", "", "", "李强", "哥哥", "13800000143")
Importing = Callable[..., Preview]


@pytest.fixture
def importing(office: Workspace, tmp_path: Path) -> Importing:
    """Import a ledger of these rows; the preview is given back."""
    grid = office.devices.add_grid("第三网格")

    def run(*rows: Sequence[str], header: Sequence[str] = HEADER) -> Preview:
        preview = office.rosters.preview(xlsx(tmp_path / "ledger.xlsx", {"台账": [header, *rows]}), grid)
        if preview.writes:
            office.rosters.save(preview)
        return preview

    return run


def contacts(office: Workspace) -> list[tuple[Value, ...]]:
    """Name, relation and phone of all that are kept."""
    found = [one.values for one in office.records.page("care_contact")]
    return sorted((one["name"], one["relation"], one["phone"]) for one in found)


def test_who_is_in_care_has_whom_to_ring(office: Workspace, importing: Importing) -> None:
    preview = importing(CHEN, LI)
    assert contacts(office) == [("陈强", "儿子", "13800000142")]
    (care,) = office.records.page("care_membership")
    assert [one.values["care_id"] for one in office.records.page("care_contact")] == [care.id]
    assert [said for said in preview.notices if "contact" in said] == [
        "1 emergency contact was not kept: it belongs to a care file, and this person has none."
    ]
    assert [one["phones"] for one in office.rosters.neutral()["residents"]] == [["13800000141"], []]


def test_the_same_again_is_the_same_and_another_number_a_change(office: Workspace, importing: Importing) -> None:
    importing(CHEN)
    assert importing(CHEN).counts == {"same": 1}
    again = importing((*CHEN[:-1], "13800000149"))
    assert again.counts == {"changed": 1}
    assert [(one.label, one.before, one.after) for one in again.rows[0].changes] == [
        ("Emergency contact", "陈强 (138****0142)", "陈强 (138****0149)")
    ]
    assert contacts(office) == [("陈强", "儿子", "13800000149")]
    importing((*CHEN[:5], "陈敏", "", "13800000150"))
    assert [one[0] for one in contacts(office)] == ["陈强", "陈敏"]
    importing((*CHEN[:5], "", "", ""))
    assert len(contacts(office)) == 2, "a blank erases nothing"


def test_an_import_that_is_taken_back_takes_whom_to_ring_along(office: Workspace, importing: Importing) -> None:
    importing((*CHEN[:5], "", "", ""))
    importing(CHEN)
    latest = office.rosters.latest()
    assert latest is not None
    office.rosters.undo(latest)
    assert contacts(office) == []
    assert len(office.records.page("resident")) == 1


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (("紧急联系人", "电话"), ("陈强", "13800000142")),
        (("紧急联系人及电话",), ("陈强 13800000142",)),
        (("紧急联系人", "紧急联系电话"), ("陈强", "138-0000-0142")),
    ],
)
def test_a_contact_is_read_however_it_is_written(
    office: Workspace, importing: Importing, header: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    importing((*CHEN[:5], *cells), header=(*HEADER[:5], *header))
    assert contacts(office) == [("陈强", None, "13800000142")]
    assert [one["phones"] for one in office.rosters.neutral()["residents"]] == [["13800000141"]]


@pytest.mark.parametrize("cells", [("陈强", "儿子", ""), ("", "儿子", "13800000142"), ("陈强", "", "1380")])
def test_a_contact_without_name_or_phone_is_left_out_with_a_word(
    office: Workspace, importing: Importing, cells: tuple[str, str, str]
) -> None:
    preview = importing((*CHEN[:5], *cells))
    assert contacts(office) == []
    assert any("needs a name and a phone" in reason for reason in preview.rows[0].reasons)


def test_a_number_without_a_column_of_names_is_not_used_and_that_is_said(importing: Importing) -> None:
    preview = importing((*CHEN[:5], "13800000142"), header=(*HEADER[:5], "紧急联系电话"))
    assert "The column 紧急联系电话 is not used." in preview.notices
